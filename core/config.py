"""Settings: defaults < config.toml < environment < flags, as frozen dataclasses.

Read by every process of cairn at start. An unknown key or a wrong type is an error that names the
file, the key and the remedy, so a typo never silently changes nothing.
Environment: CAIRN_<SECTION>_<KEY>, such as CAIRN_WATCH_QUIET_S=5.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from cairn.core.errors import ConfigError


@dataclass(frozen=True, slots=True)
class Index:
    uri: str = ""
    """LanceDB address; empty means the folder `index` of the home."""


@dataclass(frozen=True, slots=True)
class Watch:
    quiet_s: float = 2.0
    """A changed file is read after this many seconds without another change."""
    max_wait_s: float = 30.0
    """It is read after this long even if it keeps changing."""
    sweep_s: float = 900.0
    """How often all folders are compared with the index, to catch what went unreported."""
    hidden: bool = False
    """Read files and folders whose names begin with a dot, too."""
    pause_on_battery: bool = True
    """On battery only what changes now is read; the rest waits for mains power."""
    daily_minutes: float = 0.0
    """Processor time for indexing in a day; after it only what changes now is read. 0: no end."""
    traces: bool = True
    """Remember when which file changed, for `cairn day` and `cairn habits`."""


@dataclass(frozen=True, slots=True)
class Limits:
    max_file_mb: float = 20.0
    """Larger files are listed but not read."""
    extract_s: float = 60.0
    """Reading one file may take this long."""


@dataclass(frozen=True, slots=True)
class Models:
    embedder: str = ""
    """A GGUF file; empty means the embedder that ships with cairn."""
    generator: str = ""
    """A GGUF file of a chat model, which writes; empty means none, and cairn does without."""
    answers: bool = True
    """Have it put answers into words; without it, and with `ask --quick`, they are quoted."""
    think: bool = False
    """Let a model that can do so think before it answers, which takes much longer."""
    kernels: bool = True
    """Have cairn's own native code multiply weights where it is faster than llama.cpp's."""
    offload: bool = True
    """Have a model that is larger than free memory read from the disk what it needs."""
    memory_gb: float = 0.0
    """The most memory that a model may take; 0 for what is free."""
    threads: int = 0
    """0 lets the worker choose from the load of the machine."""
    idle_unload_s: float = 300.0
    request_s: float = 120.0
    """A request to the model worker may take this long."""


@dataclass(frozen=True, slots=True)
class Recall:
    min_relevance: float = 0.5
    """Below this the answer is "not in your memory"."""


@dataclass(frozen=True, slots=True)
class Daemon:
    idle_exit_s: float = 900.0
    """A daemon that a command started leaves after this long without a request."""


@dataclass(frozen=True, slots=True)
class Chats:
    me: str = ""
    """Your names in chats, with commas between; what they wrote counts as your words."""
    own: bool = True
    """Keep what you ask cairn, and its answers."""


@dataclass(frozen=True, slots=True)
class Curate:
    enabled: bool = True
    """Keep decisions, facts, promises and the like from what you write as entries of the tree."""
    model: bool = True
    """Have the model of `models.generator`, if there is one, look for more of them."""
    daily_minutes: float = 30.0
    """For how long the model may do so in a day, when the machine has nothing else to do."""


@dataclass(frozen=True, slots=True)
class Open:
    command: str = ""
    """Opens a text at a line, such as `code -g {path}:{line}`; empty means $VISUAL or $EDITOR."""
    page_command: str = ""
    """Opens a PDF at a page, such as `zathura -P {page} {path}`; empty means a viewer it finds."""


@dataclass(frozen=True, slots=True)
class Tui:
    theme: str = ""
    """`dark`, `light`, `contrast`, `terminal` or another; empty means the last one chosen."""
    keys: str = ""
    """Other keys than the usual, by the ids that F1 shows: `app.help=f8 answer.copy=c`."""
    plain: bool = False
    """For screen readers: one column, no frames, nothing that changes while it is read."""


@dataclass(frozen=True, slots=True)
class Mcp:
    allow_write: bool = False
    """Let assistants that are connected by `cairn mcp` put thoughts into memory."""


@dataclass(frozen=True, slots=True)
class Config:
    index: Index = field(default_factory=Index)
    watch: Watch = field(default_factory=Watch)
    limits: Limits = field(default_factory=Limits)
    models: Models = field(default_factory=Models)
    recall: Recall = field(default_factory=Recall)
    daemon: Daemon = field(default_factory=Daemon)
    open: Open = field(default_factory=Open)
    chats: Chats = field(default_factory=Chats)
    curate: Curate = field(default_factory=Curate)
    tui: Tui = field(default_factory=Tui)
    mcp: Mcp = field(default_factory=Mcp)


SECTIONS: dict[str, type[Any]] = {
    "index": Index,
    "watch": Watch,
    "limits": Limits,
    "models": Models,
    "recall": Recall,
    "daemon": Daemon,
    "open": Open,
    "chats": Chats,
    "curate": Curate,
    "tui": Tui,
    "mcp": Mcp,
}
# Variables that are not settings: where things are, and switches of single parts.
_PLAIN_VARIABLES = {"CAIRN_HOME", "CAIRN_CONFIG", "CAIRN_NATIVE_LEVEL", "CAIRN_NO_PROGRESS"}
_BOUNDS = {
    "recall.min_relevance": (0, 1),
    "limits.max_file_mb": (0.001, 2000),
    "watch.daily_minutes": (0, 1440),
    "limits.extract_s": (0.1, 3600),
    "models.threads": (0, 1024),
    "models.memory_gb": (0, 100_000),
    "models.request_s": (1, 86400),
    "curate.daily_minutes": (0, 1440),
}
_TO_CONFIRM = ("open.command", "open.page_command", "index.uri", "mcp.allow_write")
_TYPE_WORDS = {bool: "true or false", int: "a whole number", float: "a number", str: "a text"}


def config_path(env: Mapping[str, str] = os.environ) -> Path:
    if explicit := env.get("CAIRN_CONFIG"):
        return Path(explicit).expanduser()
    base = env.get("XDG_CONFIG_HOME") or "~/.config"
    return Path(base).expanduser() / "cairn" / "config.toml"


def setting_names() -> tuple[str, ...]:
    """Every setting as `section.key`, in the order they are documented."""
    return tuple(f"{name}.{key.name}" for name, cls in SECTIONS.items() for key in fields(cls))


def load_config(env: Mapping[str, str] = os.environ) -> Config:
    values, _ = read_settings(env)
    return build_config(values)


def read_settings(
    env: Mapping[str, str] = os.environ,
) -> tuple[dict[str, Any], dict[str, str]]:
    """All settings that differ from the defaults, and where each of them was set."""
    path = config_path(env)
    values = dict(_flatten(_read_toml(path), path))
    origins = dict.fromkeys(values, str(path))
    for name, value in _read_environment(env):
        values[name] = value
        origins[name] = _variable(name)
    return values, origins


def build_config(values: Mapping[str, Any]) -> Config:
    sections: dict[str, dict[str, Any]] = {name: {} for name in SECTIONS}
    for name, value in values.items():
        section, key = name.split(".")
        sections[section][key] = value
    return Config(**{name: cls(**sections[name]) for name, cls in SECTIONS.items()})


def to_confirm(path: Path) -> tuple[str, ...]:
    """Settings of a file that came from elsewhere which start a program or open a way out: its
    user is to look at these first."""
    values = dict(_flatten(_read_toml(path), path))
    return tuple(name for name in _TO_CONFIRM if values.get(name))


def parse_setting(name: str, text: str, where: str) -> Any:
    """A value typed as text (a variable, `cairn config set`) as the type the setting has."""
    kind = _kind(name, where)
    if kind is bool:
        if text.lower() in ("true", "1", "yes", "on"):
            return True
        if text.lower() in ("false", "0", "no", "off"):
            return False
    elif kind is str:
        return text
    else:
        try:
            return _checked(name, kind(text), where)
        except ValueError:
            pass
    raise _wrong_type(name, text, where)


def _read_toml(path: Path) -> dict[str, Any]:
    try:
        with path.open("rb") as file:
            return tomllib.load(file)
    except FileNotFoundError:
        return {}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(
            f"{path} is not valid TOML: {error}", "edit it with `cairn config edit`"
        ) from error
    except RecursionError as error:
        raise ConfigError(
            f"{path} is nested too deeply", "edit it with `cairn config edit`"
        ) from error
    except OSError as error:
        raise ConfigError(
            f"{path} can't be read: {error.strerror}",
            "make it readable, or name another file in CAIRN_CONFIG",
        ) from error


def _flatten(table: Mapping[str, Any], path: Path) -> list[tuple[str, Any]]:
    result = []
    for section, keys in table.items():
        if section not in SECTIONS:
            raise _unknown(section, [*SECTIONS], f"{path}", "section")
        if not isinstance(keys, dict):
            raise ConfigError(
                f"{path}: `{section}` must be a section", f"write `[{section}]` above its settings"
            )
        for key, value in keys.items():
            name = f"{section}.{key}"
            result.append((name, _checked(name, value, str(path))))
    return result


def _read_environment(env: Mapping[str, str]) -> list[tuple[str, Any]]:
    known = {_variable(name): name for name in setting_names()}
    result = []
    for variable, text in env.items():
        if not variable.startswith("CAIRN_") or variable in _PLAIN_VARIABLES:
            continue
        if variable not in known:
            raise _unknown(variable, [*known, *_PLAIN_VARIABLES], "the environment", "variable")
        result.append((known[variable], parse_setting(known[variable], text, variable)))
    return result


def _variable(name: str) -> str:
    return "CAIRN_" + name.replace(".", "_").upper()


def _kind(name: str, where: str) -> type[Any]:
    if name not in setting_names():
        raise _unknown(name, setting_names(), where, "key")
    section, key = name.split(".")
    return type(getattr(SECTIONS[section](), key))


def _checked(name: str, value: Any, where: str) -> Any:
    kind = _kind(name, where)
    if kind is float and type(value) is int:
        value = float(value)
    if type(value) is not kind:
        raise _wrong_type(name, value, where)
    least, most = _BOUNDS.get(name, (0, 1e9))
    if kind in (int, float) and not least <= value <= most:
        raise ConfigError(
            f"{where}: `{name}` is {value}, outside {least:g} to {most:g}",
            f"correct `{name}` there",
        )
    return value


def _unknown(name: str, known: list[str] | tuple[str, ...], where: str, what: str) -> ConfigError:
    close = get_close_matches(name, known, n=1)
    hint = f"did you mean `{close[0]}`?" if close else "`cairn config` lists every setting"
    return ConfigError(f"{where}: unknown {what} `{name}`", hint)


def _wrong_type(name: str, value: Any, where: str) -> ConfigError:
    wanted = _TYPE_WORDS[_kind(name, where)]
    return ConfigError(
        f"{where}: `{name}` must be {wanted}, not {value!r}",
        f"correct `{name}` there; `cairn config` shows the default",
    )
