"""What a pull that did not end has left on disk, and where the files of addresses lie at all.

Shared by whoever pulls and whoever lists. Beside `NAME.part` stands `NAME.part.json` with the
address that it is of.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from urllib.parse import unquote, urlsplit

PART, NOTES = ".part", ".part.json"
Tell = Callable[[int, int], None]
"""How many bytes there are, and of how many; 0 where that is not known."""
_LONGEST = 80


def stem_of(url: str) -> str:
    plain = Path(unquote(urlsplit(url).path)).name
    safe = "".join(char if char.isalnum() or char in "._-" else "-" for char in plain)
    return safe.removesuffix(".gguf").lstrip(".")[:_LONGEST] or "model"


def target_of(folder: Path, url: str) -> Path:
    """Where a pulled file lies: under its own name, and a mark of its address."""
    mark = hashlib.sha256(url.encode()).hexdigest()[:8]
    return folder / f"{stem_of(url)}.{mark}.gguf"


def waiting(target: Path) -> int:
    """Bytes of an earlier try that need not come again."""
    try:
        return target.with_name(target.name + PART).stat().st_size
    except OSError:
        return 0


def unfinished(folder: Path) -> list[tuple[str, int]]:
    """Addresses of which only a part has come yet, and how many bytes."""
    found = []
    for notes in sorted(folder.glob("*" + NOTES)):
        with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
            url = str(json.loads(notes.read_text("utf-8"))["url"])
            found.append((url, waiting(notes.with_name(notes.name.removesuffix(NOTES)))))
    return found


def drop(target: Path) -> None:
    for ending in (PART, NOTES):
        target.with_name(target.name + ending).unlink(missing_ok=True)
