"""What a pull that did not end has left on disk, and where the files of addresses lie at all.

Shared by whoever pulls and whoever lists. Beside `NAME.part` stands `NAME.part.json` with the
address that it is of. A model that was split has an address for each part, and is known by its
first; its parts lie side by side under the names by which they are loaded together.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import unquote, urlsplit

from cairn.core.home import write_atomic

PART, NOTES = ".part", ".part.json"
Tell = Callable[[int, int], None]
"""How many bytes there are, and of how many; 0 where that is not known."""
_LONGEST = 80
"""Bytes: a file's name has room for 255, and more is added to this."""
_MOST_PARTS = 999
_NUMBERED = re.compile(r"-(\d{5})-of-(\d{5})(\.gguf)(?=$|[?#])", re.IGNORECASE)
"""Which part of how many an address is of."""


def parts_of(url: str) -> tuple[str, ...]:
    """The addresses of all parts of the model that this one is a part of; itself if it is whole."""
    found = _NUMBERED.search(url)
    count = int(found[2]) if found else 1
    if not found or not 1 < count <= _MOST_PARTS or not 1 <= int(found[1]) <= count:
        return (url,)
    begin, end = url[: found.start()], url[found.end() :]
    numbers = range(1, count + 1)
    return tuple(f"{begin}-{n:05}-of-{count:05}{found[3]}{end}" for n in numbers)


def stem_of(url: str) -> str:
    plain = Path(unquote(urlsplit(url).path)).name
    safe = "".join(char if char.isalnum() or char in "._-" else "-" for char in plain)
    stem = safe.removesuffix(".gguf").lstrip(".").encode("utf-8", "replace")
    return stem[:_LONGEST].decode("utf-8", "ignore") or "model"


def target_of(folder: Path, url: str) -> Path:
    """Where a pulled file lies: under its own name, and a mark of its address."""
    parts = parts_of(url)
    mark = hashlib.sha256(parts[0].encode()).hexdigest()[:8]
    if len(parts) == 1:
        return folder / f"{stem_of(url)}.{mark}.gguf"
    stem = stem_of(_NUMBERED.sub(r"\3", url))
    return folder / f"{stem}.{mark}-{parts.index(url) + 1:05}-of-{len(parts):05}.gguf"


def left_of(folder: Path, url: str) -> tuple[Path, ...]:
    """What an earlier try has left: a part of the file, and of a split model all that came."""
    parts = parts_of(url)
    targets = [target_of(folder, part) for part in parts]
    whole = [target for target in targets if len(parts) > 1 and target.is_file()]
    begun = [target.with_name(target.name + PART) for target in targets]
    return (*whole, *(path for path in begun if path.is_file()))


def waiting(folder: Path, url: str) -> int:
    """Bytes of an earlier try that need not come again."""
    size = 0
    for path in left_of(folder, url):
        with contextlib.suppress(OSError):
            size += path.stat().st_size
    return size


def unfinished(folder: Path) -> list[tuple[str, int]]:
    """Addresses of which only a part has come yet, and how many bytes."""
    found: dict[str, int] = {}
    for notes in sorted(folder.glob("*" + NOTES)):
        with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
            url = parts_of(str(json.loads(notes.read_text("utf-8"))["url"]))[0]
            found[url] = waiting(folder, url)
    return list(found.items())


def note(target: Path, url: str, mark: str = "", total: int = 0) -> None:
    """What comes there now, or next: its address, what the host calls it, its bytes."""
    fields = {"url": url, "mark": mark, "total": total}
    write_atomic(target.with_name(target.name + NOTES), json.dumps(fields) + "\n")


def drop(target: Path) -> None:
    for ending in (PART, NOTES):
        target.with_name(target.name + ending).unlink(missing_ok=True)
