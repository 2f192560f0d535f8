"""Where people keep what they write → the folders of these that are there, the likeliest first.

Looked for by the first run; only names are looked at, and nothing below cairn's home is offered.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator
from pathlib import Path

_NAMES = (
    "Documents", "Dokumente", "notes", "Notes", "Notizen", "obsidian", "Obsidian", "vault", "org",
    "zettelkasten", "Zettelkasten", "journal", "Journal", "wiki", "writing", "papers", "Papers",
    "Desktop", "Downloads",
)  # fmt: skip
_VAULTS = (
    ".config/obsidian/obsidian.json",
    ".var/app/md.obsidian.Obsidian/config/obsidian/obsidian.json",
    "Library/Application Support/obsidian/obsidian.json",
)
_MOST = 12
_RARELY = ("Desktop", "Downloads")
"""Full of what nobody wrote: offered last, and not taken unless somebody says so."""


def folders(home: Path | None = None) -> list[Path]:
    home = home or Path.home()
    found: dict[str, Path] = {}
    for path in (*_vaults(home), *_documents(home), *(home / name for name in _NAMES)):
        real = os.path.realpath(path)
        if os.path.isdir(real) and real != str(home) and _is_used(Path(real)):
            found.setdefault(os.path.normcase(real), Path(real))
    kept = [path for path in found.values() if not _is_inside(path, found.values())]
    return sorted(kept, key=lambda path: path.name in _RARELY)[:_MOST]


def is_taken(path: Path) -> bool:
    """Whether it is chosen unless somebody says otherwise."""
    return path.name not in _RARELY


def _is_inside(path: Path, others: Iterable[Path]) -> bool:
    return any(path != one and path.is_relative_to(one) for one in others)


def _is_used(path: Path) -> bool:
    """Is there anything in it?"""
    try:
        with os.scandir(path) as entries:
            return any(not entry.name.startswith(".") for entry in entries)
    except OSError:
        return False


def _documents(home: Path) -> Iterator[Path]:
    """What the desktop calls it, in the user's language."""
    try:
        lines = (home / ".config/user-dirs.dirs").read_text("utf-8").splitlines()
    except (OSError, ValueError):
        return
    for line in lines:
        name, _, value = line.partition("=")
        if name.strip() == "XDG_DOCUMENTS_DIR":
            yield Path(value.strip().strip('"').replace("$HOME", str(home)))


def _vaults(home: Path) -> Iterator[Path]:
    for place in _VAULTS:
        try:
            known = json.loads((home / place).read_text("utf-8"))["vaults"]
            yield from (Path(str(vault["path"])) for vault in known.values())
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            continue
