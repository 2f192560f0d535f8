"""The environment and the home → where each program keeps its conversations, there or not.

Called by `chats.detect` and `chats.retention`. The places of Linux and of macOS are all named on
either: what is not there is passed over later. Only names of folders are looked at.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from cairn.core.chats.stores import holds

_CODES = (("Code", "VS Code"), ("Code - Insiders", "VS Code Insiders"), ("VSCodium", "VSCodium"))
_FLATPAKS = (
    ("com.visualstudio.code/config/Code", "VS Code"),
    ("com.vscodium.codium/config/VSCodium", "VSCodium"),
)


@dataclass(frozen=True, slots=True)
class Place:
    kind: str
    path: Path
    detail: str = ""
    """What tells it from others of its kind, in words for the user."""


def places(env: Mapping[str, str], home: Path) -> Iterator[Place]:
    for folder in claude_folders(env, home):
        yield Place("claude-code", folder / "projects")
    for folder in codex_folders(env, home):
        yield Place("codex", folder)
    for folder in gemini_folders(env, home):
        yield Place("gemini", folder / "tmp")
    configs = (*_bases(env, home, "XDG_CONFIG_HOME", ".config"), _mac(home))
    datas = _bases(env, home, "XDG_DATA_HOME", ".local/share")
    for config in configs:
        for name, words in _CODES:
            yield Place("copilot", config / name / "User", words)
    for name, words in _FLATPAKS:
        yield Place("copilot", home / ".var/app" / name / "User", words)
    yield Place("copilot-cli", home / ".copilot")
    for config in configs:
        yield Place("cursor", config / "Cursor/User/globalStorage/state.vscdb")
    for data in datas:
        yield Place("opencode", data / "opencode/opencode.db")
    for folder in _set(env, home, "LLM_USER_PATH"):
        yield Place("llm", folder / "logs.db")
    for config in configs:
        yield Place("llm", config / "io.datasette.llm/logs.db")
    yield from _irc(env, home, configs, datas)
    yield from _shells(env, home, datas)


def claude_folders(env: Mapping[str, str], home: Path) -> tuple[Path, ...]:
    """The one in use first."""
    return *_set(env, home, "CLAUDE_CONFIG_DIR"), home / ".claude", home / ".config/claude"


def codex_folders(env: Mapping[str, str], home: Path) -> tuple[Path, ...]:
    return *_set(env, home, "CODEX_HOME"), home / ".codex"


def gemini_folders(env: Mapping[str, str], home: Path) -> tuple[Path, ...]:
    """The variable stands for the home, not for the folder in it."""
    return *(path / ".gemini" for path in _set(env, home, "GEMINI_CLI_HOME")), home / ".gemini"


def config_folder(env: Mapping[str, str], home: Path) -> Path:
    return _bases(env, home, "XDG_CONFIG_HOME", ".config")[0]


def path_of(value: str, home: Path) -> Path | None:
    """The path that a setting names. A relative one would depend on where cairn was started."""
    if "\0" in value:
        return None
    if value == "~" or value.startswith("~/"):
        return home / value[2:]
    return Path(value) if value.startswith("/") else None


def _irc(
    env: Mapping[str, str], home: Path, configs: tuple[Path, ...], datas: tuple[Path, ...]
) -> Iterator[Place]:
    weechats = (
        *_set(env, home, "WEECHAT_HOME"), *(data / "weechat" for data in datas), home / ".weechat",
    )  # fmt: skip
    for folder in weechats:
        yield Place("irc", folder / "logs", "WeeChat")
    yield Place("irc", home / "irclogs", "irssi")
    for config in configs:
        yield Place("irc", config / "hexchat/logs", "HexChat")


def _shells(env: Mapping[str, str], home: Path, datas: tuple[Path, ...]) -> Iterator[Place]:
    yield Place("shell", home / ".bash_history", "bash")
    for folder in (*_set(env, home, "ZDOTDIR"), home):
        yield Place("shell", folder / ".zsh_history", "zsh")
    for data in datas:
        yield Place("shell", data / "fish/fish_history", "fish")
        yield Place("shell", data / "atuin/history.db", "atuin")
    for path in _set(env, home, "HISTFILE"):
        yield Place("shell", path, path.name)


def _bases(env: Mapping[str, str], home: Path, name: str, usual: str) -> tuple[Path, ...]:
    """The usual place counts even where another is set: older conversations lie there."""
    return *_set(env, home, name), home / usual


def _set(env: Mapping[str, str], home: Path, name: str) -> tuple[Path, ...]:
    path = path_of(env.get(name, ""), home)
    return (path,) if path else ()


def _mac(home: Path) -> Path:
    return home / "Library/Application Support"


def kind_at(path: Path, env: Mapping[str, str], home: Path) -> str:
    """The kind of the one store that a path is, holds, or lies in; "" when there is none such."""
    found = set()
    for place in places(env, home):
        store = Path(os.path.realpath(place.path))
        is_above = store.is_relative_to(path) and os.path.lexists(store)
        is_below = path.is_relative_to(store)
        if path == store or ((is_above or is_below) and holds(place.kind, path)):
            found.add(place.kind)
    return found.pop() if len(found) == 1 else ""
