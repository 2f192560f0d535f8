"""Entries that the user said and that are borne out → `tree/profile.md`, a page about the user.

Called when the tree has settled. The page has one block that cairn writes; all text around it is
the user's and kept byte for byte. So are the user's changes in the block: a line that was added or
altered moves below it, and one that was deleted does not come back. An empty file is left empty.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path

from cairn.core.home import write_atomic
from cairn.core.records import digest
from cairn.core.tree.life.known import SECTIONS, Known, sections

NAME = "profile.md"
BEGIN = "<!-- cairn: what your own entries say, kept up to date; write your own below -->"
_END = "<!-- cairn: end of what is kept up to date"
_BLOCK = re.compile(
    rf"{re.escape(BEGIN)}[ \t]*\r?\n(.*?)^{_END}(?: \(([^\n()]*)\))? -->[ \t]*(?:\r?\n|\Z)",
    re.DOTALL | re.MULTILINE,
)
_HEADINGS = frozenset(["# Profile", *(f"## {title}" for title in SECTIONS)])
_CLAIM = 8
"""Letters of a mark that stand for the claim alone."""
_LONGEST = 1_000_000
_FORGETS = 400
"""Lines a user deleted that are remembered, the latest."""


def write_profile(
    tree: Path,
    known: Iterable[Known],
    now: str,
    paths: Mapping[str, str] | None = None,
    names: Collection[str] = (),
) -> bool:
    """Bring the page up to date; whether there was anything to write.

    `paths` has where entries lie in the tree, for links that other programs can follow, and
    `names` those of the user.
    """
    path = tree / NAME
    was = _read(path)
    if was is None:
        return False
    page = profile_page(was, known, now, paths or {}, names)
    if page is None or page == was or _read(path) != was:  # changed meanwhile: the next time
        return False
    write_atomic(path, page)
    return True


def profile_page(
    was: str,
    known: Iterable[Known],
    now: str,
    paths: Mapping[str, str],
    names: Collection[str] = (),
) -> str | None:
    """The page after `was`; None for a page of the user's own, and for one with nothing to say."""
    found = sections(known, now, paths, names)
    if not was:
        return _block(found, set(), "\n", "") if found else None
    blocks = list(_BLOCK.finditer(was))
    if len(blocks) != 1 or was.count(BEGIN) != 1 or was.count(_END) != 1:
        return None
    block = blocks[0]
    newline = "\r\n" if "\r\n" in block[0] else "\n"
    made, left_out = _remembered(block[2] or "")
    there = [line.rstrip() for line in block[1].splitlines()]
    left_out |= {mark[:_CLAIM] for mark in made} - {_mark(line)[:_CLAIM] for line in there}
    own = [line for line in there if _is_own(line, made)]
    rest = was[block.end() :]
    moved = "".join(line + newline for line in own)
    kept = _without(found, left_out)
    return was[: block.start()] + _block(kept, left_out, newline, moved) + rest


def _block(found: dict[str, list[str]], left_out: set[str], newline: str, moved: str) -> str:
    lines = [BEGIN, "# Profile", ""]
    for title, rows in found.items():
        lines += [f"## {title}", "", *rows, ""]
    made = [_mark(row) for rows in found.values() for row in rows]
    notes = " ".join([*made, *(f"-{mark}" for mark in sorted(left_out)[:_FORGETS])])
    lines.append(f"{_END} ({notes}) -->")
    return newline.join(lines) + newline + (newline + moved if moved else "")


def _without(found: dict[str, list[str]], left_out: set[str]) -> dict[str, list[str]]:
    kept = {
        title: [row for row in rows if _mark(row)[:_CLAIM] not in left_out]
        for title, rows in found.items()
    }
    return {title: rows for title, rows in kept.items() if rows}


def _remembered(notes: str) -> tuple[set[str], set[str]]:
    """Marks of the lines that cairn wrote, and of the claims that the user deleted."""
    marks = notes.split()
    made = {mark for mark in marks if not mark.startswith("-")}
    return made, {mark[1:] for mark in marks if mark.startswith("-")}


def _is_own(line: str, made: set[str]) -> bool:
    """Whether the user wrote it, so that it isn't cairn's to replace."""
    return bool(line) and line not in _HEADINGS and _mark(line) not in made


def _mark(line: str) -> str:
    """Tells a claim, and the line with its citation, which may change while the claim stays."""
    return digest(line.partition(" [[")[0].strip(), size=4) + digest(line.strip(), size=4)


def _read(path: Path) -> str | None:
    """Empty where there is none, None for what is not to be touched."""
    try:
        if path.is_symlink() or (path.exists() and not path.is_file()):
            return None
        data = path.read_bytes()
    except FileNotFoundError:
        return ""
    except OSError:
        return None
    if len(data) > _LONGEST or not data.strip():  # emptied by a user who wants no such page
        return None
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return None
