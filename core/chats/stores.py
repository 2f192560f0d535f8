"""A store of conversations → its transcripts. Called by `chats.detect` and whoever follows one.

Only names are looked at. A store that a program keeps has a shape, so that nothing else of that
program's is taken for a conversation; of any other folder every file is given.
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
    elif shape := [(part, steps) for part in _SHAPES.get(kind, ()) if (steps := _from(path, part))]:
        for part, (root, rest) in shape:
            yield from _of_part(part, root, rest, walk)
    else:
        for folder, names in walk.files(path):
            yield from (folder / name for name in names)


def _from(path: Path, part: _Part) -> tuple[Path, tuple[str, ...]] | None:
    """Where the steps of a part begin and which are left, if they begin here at all."""
    if not part.steps:
        return path, ()
    first, *rest = part.steps
    if os.path.isdir(path / first):
        return path / first, tuple(rest)
    return (path, tuple(rest)) if path.name == first else None


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
