"""Which programs delete their own conversations, and when, by their settings on this machine.

Called to warn the user before text is lost. Of a setting that is broken or makes no sense the
program's own default holds. Settings of single projects are not looked for.
"""

from __future__ import annotations

import json
import math
import os
import re
import stat
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cairn.core.chats.places import claude_folders, codex_folders, gemini_folders, path_of

_MOST_BYTES = 1 << 18
_MOST_DAYS = 1_000_000
_DAYS = 30
"""The default of Claude Code, and of Gemini CLI since February 2026."""
_HOURS = {"h": 1, "d": 24, "w": 7 * 24, "m": 30 * 24}
_COMMENT = re.compile(r'("(?:\\.|[^"\\])*(?:"|\Z))|//[^\n]*|/\*.*?(?:\*/|\Z)', re.DOTALL)
_MANAGED = ("etc/claude-code", "Library/Application Support/ClaudeCode")
_GEMINI = ("etc/gemini-cli", "Library/Application Support/GeminiCli")


@dataclass(frozen=True, slots=True)
class Retention:
    words: str
    days: int | None
    """None: not by age."""
    setting: str
    """The name of the setting to change."""


def retention(
    kind: str, env: Mapping[str, str], home: Path, root: Path = Path("/")
) -> Retention | None:
    """None: its program deletes none. Settings for the whole machine are below `root`."""
    if kind == "claude-code":
        return _claude_code(env, home, root)
    if kind == "gemini":
        return _gemini(env, home, root)
    if kind == "codex":
        return _codex(env, home)
    return None


def _claude_code(env: Mapping[str, str], home: Path, root: Path) -> Retention:
    setting = "cleanupPeriodDays"
    own = claude_folders(env, home)[0]
    days, where = _DAYS, own / "settings.json"
    for path in (where, own / "settings.local.json", *_managed(root)):
        value = _whole(_settings(path).get(setting))
        if value is not None and value >= 0:
            days, where = value, path
    place = f"{setting} in {_short(where, home)}"
    if days:
        words = f"Claude Code deletes conversations after {_plural(days)} ({place})"
    else:
        words = f"some versions of Claude Code keep no conversations at all ({place} is 0)"
    return Retention(words, days, setting)


def _managed(root: Path) -> Iterator[Path]:
    """What an administrator set: the later file wins."""
    for name in _MANAGED:
        folder = root / name
        yield folder / "managed-settings.json"
        try:
            names = sorted(os.listdir(folder / "managed-settings.d"))[:100]
        except OSError:
            continue
        yield from (folder / "managed-settings.d" / n for n in names if n.endswith(".json"))


def _gemini(env: Mapping[str, str], home: Path, root: Path) -> Retention | None:
    setting = "general.sessionRetention"
    own = where = gemini_folders(env, home)[0] / "settings.json"
    values: dict[str, Any] = {"enabled": True, "maxAge": f"{_DAYS}d", "minRetention": "1d"}
    for path in _gemini_files(env, home, root, own):
        general = _settings(path).get("general")
        given = general.get("sessionRetention") if isinstance(general, dict) else None
        if isinstance(given, dict) and given:
            values |= {key: value for key, value in given.items() if value is not None}
            where = path
    hours = _hours(values["maxAge"])
    least = _hours(values["minRetention"]) or 24
    most = values.get("maxCount")
    counted = most is not None and _whole(most) is not None
    # It deletes nothing where one of its settings makes no sense.
    if values["enabled"] is not True or (values["maxAge"] and (not hours or hours < least)):
        return None
    if (most is not None and (_whole(most) or 0) < 1) or not (hours or counted):
        return None
    place = f"({setting} in {_short(where, home)})"
    rules = [f"after {_span(hours)}"] if hours else []
    rules += [f"beyond the newest {_whole(most)} of a project"] if counted else []
    words = f"Gemini CLI deletes conversations {' and '.join(rules)} {place}"
    return Retention(words, hours // 24 if hours else None, setting)


def _gemini_files(env: Mapping[str, str], home: Path, root: Path, own: Path) -> Iterator[Path]:
    """From the weakest to the strongest."""
    system = [root / name for name in _GEMINI]
    for variable, name, before in (
        ("GEMINI_CLI_SYSTEM_DEFAULTS_PATH", "system-defaults.json", True),
        ("GEMINI_CLI_SYSTEM_SETTINGS_PATH", "settings.json", False),
    ):
        if not before:
            yield own
        given = path_of(env.get(variable, ""), home)
        yield from (given,) if given else (folder / name for folder in system)


def _codex(env: Mapping[str, str], home: Path) -> Retention | None:
    """It only ever shortens its list of prompts, which is beside its conversations."""
    path = codex_folders(env, home)[0] / "config.toml"
    try:
        history = tomllib.loads(_text(path)).get("history")
    except (ValueError, RecursionError):
        return None
    most = _whole(history.get("max_bytes")) if isinstance(history, dict) else None
    if not most or most < 0:
        return None
    setting = "history.max_bytes"
    place = f"{setting} in {_short(path, home)}"
    words = f"Codex CLI keeps all conversations, but shortens its list of prompts ({place})"
    return Retention(words, None, setting)


def _settings(path: Path) -> dict[str, Any]:
    """A file of settings, comments allowed; nothing of one that is broken."""
    text = _COMMENT.sub(lambda match: match[1] or " ", _text(path))
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}


def _text(path: Path) -> str:
    """Of a plain file of a sensible size. A pipe in its place would never end."""
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode) or status.st_size > _MOST_BYTES:
            return ""
        with path.open("rb") as file:
            return file.read(_MOST_BYTES).decode("utf-8-sig", "replace")
    except (OSError, ValueError):
        return ""


def _whole(value: object) -> int | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return int(max(-1, min(value, _MOST_DAYS)))


def _hours(value: object) -> int:
    """`30d`, `2w`; 0 for what is no span."""
    match = re.fullmatch(r"([0-9]{1,6})([dhwm])", value) if isinstance(value, str) else None
    return int(match[1]) * _HOURS[match[2]] if match else 0


def _span(hours: int) -> str:
    return _plural(hours // 24) if hours >= 24 else f"{hours} hour{'s' * (hours != 1)}"


def _plural(days: int) -> str:
    return "1 day" if days == 1 else f"{days} days"


def _short(path: Path, home: Path) -> str:
    return f"~/{path.relative_to(home)}" if path.is_relative_to(home) else str(path)
