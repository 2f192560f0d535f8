"""`cairn config` and `cairn paths`: what is set, where, and where things are kept."""

from __future__ import annotations

from typing import Any

from cairn.app import protocol
from cairn.core.config import (
    Config,
    config_path,
    load_config,
    parse_setting,
    read_settings,
    setting_names,
)
from cairn.core.errors import Unavailable
from cairn.core.home import home_path, write_atomic

_HEADER = "# Settings of cairn; `cairn config` lists all of them with their defaults.\n"


def listing() -> list[dict[str, Any]]:
    config = load_config()
    _, origins = read_settings()
    return [
        {"name": name, "value": _value(config, name), "origin": origins.get(name, "default")}
        for name in setting_names()
    ]


def _value(config: Config, name: str) -> Any:
    section, key = name.split(".")
    return getattr(getattr(config, section), key)


def store(name: str, text: str) -> str:
    """Write one setting, keeping the file's comments and order."""
    import tomlkit

    path = config_path()
    value = parse_setting(name, text, "the command line")
    load_config()  # a file that is already broken is not made worse
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        document = tomlkit.parse(path.read_text("utf-8") if path.exists() else _HEADER)
        section, key = name.split(".")
        document.setdefault(section, tomlkit.table())[key] = value
        write_atomic(path, tomlkit.dumps(document))
    except OSError as error:
        raise Unavailable(
            f"{path} can't be written: {error.strerror}", "make it writable for you"
        ) from error
    return str(path)


def edit() -> None:
    from cairn.app.editing import run_editor

    path = config_path()
    if not path.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_atomic(path, _HEADER)
    run_editor(path)
    load_config()  # says at once what is wrong with what was written


def locations() -> list[tuple[str, str]]:
    home = home_path()
    config = load_config()
    socket = protocol.read_address(str(home)) or "(no daemon is running)"
    return [
        ("home", str(home)),
        ("tree", str(home / "tree")),
        ("journal", str(home / "journal.db")),
        ("index", config.index.uri or str(home / "index")),
        ("models", str(home / "models")),
        ("logs", str(home / "logs")),
        ("socket", socket),
        ("config", str(config_path())),
    ]
