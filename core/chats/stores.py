"""A store of conversations → its transcripts. Called by `chats.detect` and whoever follows one.

Only names are looked at. A store that a program keeps has a shape, so that nothing else of that
program's is taken for a conversation, or watched; of any other folder every file is given.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from cairn.core.chats.walk import Walk

AIDER = ".aider.chat.history.md"
_PROJECTS = 50_000
"""So many names are looked at for projects that aider worked in."""


@dataclass(frozen=True, slots=True)
class _Part:
    steps: tuple[str, ...]
    """From the store down to the folder of transcripts; "*" is any folder."""
    names: re.Pattern[str]
    deeper: re.Pattern[str] | None = None
    """Names in the folders below that one; None: they hold no transcripts."""


def _part(steps: str, names: str, deeper: str = "") -> _Part:
    below = re.compile(deeper) if deeper else None
    return _Part(tuple(steps.split("/")) if steps else (), re.compile(names), below)


_ROLLOUT = r"rollout-.*\.jsonl(\.zst)?"
_SHAPES = {
    "claude-code": (_part("projects", r".*\.jsonl", r".*\.jsonl"),),
    "codex": (
        _part("sessions", _ROLLOUT, _ROLLOUT),
        _part("archived_sessions", _ROLLOUT, _ROLLOUT),
    ),
    "gemini": (_part("tmp/*/chats", r"session-.*\.jsonl?", r".*\.jsonl?"),),
    "copilot": (
        _part("workspaceStorage/*/chatSessions", r".*\.jsonl?"),
        _part("globalStorage/emptyWindowChatSessions", r".*\.jsonl?"),
    ),
    "copilot-cli": (_part("session-state/*", r"events\.jsonl"),),
    "cursor": (_part("globalStorage", r"state\.vscdb"),),
    # The windows of WeeChat itself are no conversations.
    "irc": (_part("", r"(?!\.|core\.).*", r"(?!\.|core\.).*"),),
}
_FILES = {"opencode": "opencode.db", "llm": "logs.db"}


def files_of(kind: str, path: Path, walk: Walk | None = None) -> Iterator[Path]:
    """The transcripts of a store; of what has no shape known here, every file below it."""
    walk = walk or Walk()
    if not os.path.isdir(path):
        if os.path.isfile(path):
            yield path
    elif kind == "aider":
        yield from _aider(path, walk)
    elif (name := _FILES.get(kind)) and os.path.isfile(path / name):
        yield path / name
    elif shape := _begun(kind, path):
        for part, (root, rest) in shape:
            yield from _of_part(part, root, rest, walk)
    else:
        for folder, names in walk.files(path):
            yield from (folder / name for name in names)


def leads_to(kind: str, store: Path, path: Path, is_folder: bool) -> bool:
    """Is a path in a store one of its transcripts, or a folder on the way to some?"""
    if path == store:
        return True
    if not path.is_relative_to(store):
        # A database's log lies beside it.
        return not is_folder and path.parent == store.parent and _plain(path) == store.name
    inside = path.relative_to(store).parts
    if is_folder:
        return _is_on_the_way(kind, store, inside)
    name = _plain(path)
    if not may_be(kind, name):
        return False
    if kind == "aider":
        return name == AIDER and len(inside) <= 3
    if kind in _FILES and os.path.isfile(store / _FILES[kind]):
        return inside == (path.name,) and name == _FILES[kind]
    return any(
        _is_in(part, steps, inside[:-1]) and _names(part, steps, inside[:-1]).fullmatch(name)
        for part, steps in _ways(kind, store)
    )


def is_superseded(path: Path) -> bool:
    """Does a newer form of a transcript lie beside it?"""
    newer = {".json": f"{path.name}l", ".zst": path.stem}.get(path.suffix)
    return newer is not None and os.path.lexists(path.with_name(newer))


def holds(kind: str, path: Path) -> bool:
    """Are there, from this folder on, the folders in which a program keeps its transcripts?"""
    if kind in _FILES:
        return os.path.isfile(path / _FILES[kind])
    return any(part.steps for part, _ in _begun(kind, path))


def _plain(path: Path) -> str:
    return path.name.removesuffix("-wal").removesuffix("-journal")


def may_be(kind: str, name: str) -> bool:
    """Has it a name that a program gives its transcripts, where there is such a rule?"""
    patterns = [each for part in _SHAPES.get(kind, ()) for each in (part.names, part.deeper)]
    return not patterns or any(each.fullmatch(name) for each in patterns if each)


_ANYWHERE = _part("", r".*", r".*")


def _ways(kind: str, store: Path) -> list[tuple[_Part, tuple[str, ...]]]:
    """The parts of a store, each with the steps that are left from its folder on."""
    return [(part, _left(part, store, place)) for part, place in _begun(kind, store)] or [
        (_ANYWHERE, ())
    ]


def _left(part: _Part, store: Path, place: tuple[Path, tuple[str, ...]]) -> tuple[str, ...]:
    root, rest = place
    return rest if root == store else (root.name, *rest)


def _is_on_the_way(kind: str, store: Path, inside: tuple[str, ...]) -> bool:
    if kind == "aider":
        return len(inside) <= 2 and not any(map(_is_passed_over, inside))
    if kind in _FILES and os.path.isfile(store / _FILES[kind]):
        return False
    return any(
        _is_in(part, steps, inside) or _fit(steps[: len(inside)], inside)
        for part, steps in _ways(kind, store)
    )


def _is_in(part: _Part, steps: tuple[str, ...], inside: tuple[str, ...]) -> bool:
    """Is a folder that of the transcripts, or one below it that may hold some too?"""
    depth = len(inside) - len(steps)
    return (depth == 0 or (depth > 0 and part.deeper is not None)) and _fit(
        steps, inside[: len(steps)]
    )


def _names(part: _Part, steps: tuple[str, ...], inside: tuple[str, ...]) -> re.Pattern[str]:
    return part.names if len(inside) == len(steps) else part.deeper or part.names


def _fit(steps: tuple[str, ...], inside: tuple[str, ...]) -> bool:
    return len(steps) == len(inside) and all(
        step in ("*", name) for step, name in zip(steps, inside, strict=True)
    )


def _begun(kind: str, path: Path) -> list[tuple[_Part, tuple[Path, tuple[str, ...]]]]:
    """Of the parts of a kind's stores those that begin at a folder."""
    return [
        (part, place) for part in _SHAPES.get(kind, ()) if (place := _from(path, part)) is not None
    ]


def _from(path: Path, part: _Part) -> tuple[Path, tuple[str, ...]] | None:
    """Where the steps of a part begin and which are left, if they begin here at all."""
    if not part.steps:
        return path, ()
    first, *rest = part.steps
    if os.path.isdir(path / first):
        return path / first, tuple(rest)
    for done in range(len(part.steps), 0, -1):
        if _fit(part.steps[:done], path.parts[-done:]):
            return path, part.steps[done:]
    below = part.deeper is not None and any(
        _fit(part.steps, path.parts[start : start + len(part.steps)])
        for start in range(len(path.parts) - len(part.steps))
    )
    return (path, ()) if below else None


def _of_part(part: _Part, root: Path, steps: tuple[str, ...], walk: Walk) -> Iterator[Path]:
    roots = [root]
    for step in steps:
        if step == "*":
            roots = [folder for above in roots for folder in walk.folders(above)]
        else:
            roots = [path for above in roots if not os.path.islink(path := above / step)]
    for top in roots:
        for folder, names in walk.files(top) if part.deeper else walk.files(top, 0):
            wanted = part.names if folder == top else part.deeper or part.names
            yield from (folder / name for name in _newest(names) if wanted.fullmatch(name))


def _newest(names: list[str]) -> Iterator[str]:
    """Without the compressed or older form of a transcript that lies beside it in a newer one."""
    there = frozenset(names)
    for name in names:
        older = name.endswith(".json") and f"{name}l" in there
        packed = name.endswith(".zst") and name.removesuffix(".zst") in there
        if not (older or packed):
            yield name


def _aider(path: Path, walk: Walk) -> Iterator[Path]:
    """It writes into each project's folder: in the folder, and two folders down."""
    walk.left = min(walk.left, _PROJECTS)
    folders = [path]
    for level in range(3):
        for file in (folder / AIDER for folder in folders):
            if os.path.isfile(file) and not os.path.islink(file):
                yield file
        if level < 2:
            below = (child for folder in folders for child in walk.folders(folder))
            folders = [child for child in below if not _is_passed_over(child.name)]


def _is_passed_over(name: str) -> bool:
    return name.startswith(".") or name == "Library"  # macOS asks its user before a look into it
