"""This machine → what conversations lie on it, and how many. Called to offer them to the user.

Names, sizes, times and counts only: no conversation is opened. Nothing here raises; what can't be
looked into is listed with the reason.
"""

from __future__ import annotations

import math
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from cairn.core.chats.downloads import exports
from cairn.core.chats.formats import format_of, kinds
from cairn.core.chats.places import Place, places
from cairn.core.chats.source import Transcript
from cairn.core.chats.stores import files_of
from cairn.core.chats.times import from_epoch, from_iso
from cairn.core.chats.walk import Walk
from cairn.core.errors import ExtractError

__all__ = ["Found", "detect", "files_of"]

_OPT_IN = frozenset(("irc", "shell"))
_LOOKED_AT = 300_000
_STEPS = 20_000_000
"""Of SQLite's machine for one count: about a second."""
_COUNTS = {
    "opencode": "SELECT count(*), min(time_created), max(time_created) FROM session",
    "llm": "SELECT (SELECT count(*) FROM conversations),"
    " (SELECT datetime_utc FROM responses ORDER BY rowid LIMIT 1),"
    " (SELECT datetime_utc FROM responses ORDER BY rowid DESC LIMIT 1)",
    "cursor": "SELECT count(*), NULL, NULL FROM cursorDiskKV"
    " WHERE key >= 'composerData:' AND key < 'composerData;'",
    "shell": "SELECT count(DISTINCT session), min(timestamp), max(timestamp) FROM history",
}
_DAY = re.compile(r"(?:rollout|session)-(\d{4}-\d\d-\d\d)")


@dataclass(frozen=True, slots=True)
class Found:
    kind: str
    """One of `FORMATS`."""
    words: str
    path: Path
    """The folder or file to follow."""
    conversations: int
    """0: how many can't be told without reading."""
    since: str
    """The day of the oldest, or ""."""
    latest: str
    size: int
    opt_in: bool
    """Never offered unless asked for."""
    live: bool
    """It still grows: to be followed. Otherwise it is an export, to be taken in once."""
    problem: str = ""
    """Why it could not be looked into, or not fully."""


@dataclass(frozen=True, slots=True)
class _Tally:
    conversations: int = 0
    since: str = ""
    latest: str = ""
    size: int = 0
    problem: str = ""


def detect(env: Mapping[str, str], home: Path) -> list[Found]:
    """What is followed first, then what is offered on request only, then exports."""
    found: list[Found] = []
    seen: set[tuple[str, str]] = set()
    for place in _all_places(env, home):
        key = (place.kind, os.path.realpath(place.path))
        if key not in seen:
            seen.add(key)
            tally = _look(place)
            if tally.size or tally.problem:
                found.append(_found(place, tally, live=True))
    for kind, path in exports(env, home):
        found.append(_found(Place(kind, path), _of_files(kind, [path], Walk()), live=False))
    order = kinds()
    return sorted(found, key=lambda one: (not one.live, one.opt_in, order.index(one.kind)))


def _all_places(env: Mapping[str, str], home: Path) -> Iterator[Place]:
    yield from places(env, home)
    for path in files_of("aider", home):
        yield Place("aider", path, path.parent.name)


def _found(place: Place, tally: _Tally, *, live: bool) -> Found:
    words = format_of(place.kind).words
    if place.detail:
        words = f"{words} ({place.detail})"
    return Found(
        place.kind, words, place.path, tally.conversations, tally.since, tally.latest, tally.size,
        live and place.kind in _OPT_IN, live, tally.problem,
    )  # fmt: skip


def _look(place: Place) -> _Tally:
    if problem := _obstacle(place.path):
        return _Tally(problem=problem)
    walk = Walk(_LOOKED_AT)
    tally = _of_files(place.kind, files_of(place.kind, place.path, walk), walk)
    if tally.size and (place.kind in ("cursor", "opencode", "llm") or _is_atuin(place.path)):
        return _of_database(place, tally)
    return tally


def _is_atuin(path: Path) -> bool:
    return path.name == "history.db"


def _obstacle(path: Path) -> str:
    """Why what is there can't be looked into; "" also where nothing is."""
    try:
        os.stat(path)
    except PermissionError:
        # Below a folder of others that is closed, there may be nothing at all.
        return "you have no permission to look into it" if os.path.lexists(path.parent) else ""
    except (OSError, ValueError):
        return ""
    if not os.access(path, os.R_OK):
        return "you have no permission to read it"
    return ""


def _of_files(kind: str, files: Iterable[Path], walk: Walk) -> _Tally:
    """Of a single file only the last change is known, unless its name says when it began."""
    conversations = size = count = 0
    since, latest = "9", ""
    for path in files:
        try:
            status = path.stat()
        except OSError:
            continue
        count += 1
        size += status.st_size
        conversations += _is_conversation(kind, path)
        changed = from_epoch(status.st_mtime)[:10]
        latest = max(latest, changed)
        since = min(since, _day_in(path.name) or changed or since)
    alone = count == 1 and kind not in ("claude-code", "codex", "gemini", "copilot")
    return _Tally(conversations, "" if alone or since == "9" else since, latest, size, walk.problem)


def _is_conversation(kind: str, path: Path) -> bool:
    """Not what an agent's helpers said to it, nor an export, whose conversations are inside."""
    if kind == "claude-code":
        return "subagents" not in path.parts and not path.name.startswith("agent-")
    if kind == "gemini":
        return path.parent.name == "chats"
    return kind not in ("chatgpt", "claude", "gemini-app", "telegram", "mail")


def _day_in(name: str) -> str:
    match = _DAY.match(name)
    return from_iso(match[1])[:10] if match else ""


def _of_database(place: Place, tally: _Tally) -> _Tally:
    size, latest = _beside(place.path, tally)
    try:
        with Transcript(place.path).database() as db:
            db.set_progress_handler(lambda: 1, _STEPS)
            count, first, last = db.execute(_COUNTS[place.kind]).fetchone()
    except ExtractError as error:
        slow = "interrupted" in str(error.__cause__)
        problem = "it takes too long to count" if slow else error.message
        return _Tally(0, "", latest, size, problem)
    return _Tally(int(count), _day(first), max(latest, _day(last)), size)


def _beside(path: Path, tally: _Tally) -> tuple[int, str]:
    """Size and last change with what its program has not yet written into the database itself."""
    try:
        log = path.with_name(f"{path.name}-wal").stat()
    except OSError:
        return tally.size, tally.latest
    return tally.size + log.st_size, max(tally.latest, from_epoch(log.st_mtime)[:10])


def _day(value: object) -> str:
    if isinstance(value, int | float):
        return from_epoch(value)[:10] if math.isfinite(value) else ""
    return from_iso(value)[:10]
