"""The address of a model → its file, or all its files where it was split, each checked.

Called by `Arrivals`. Parts come one after the other; what has come stays, so that a pull that was
stopped goes on with the part at which it was.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

from cairn.core.errors import CairnError
from cairn.core.models.files.pull import Halted, Pulled, Wanted, pull
from cairn.core.models.files.unfinished import PART, Tell, drop, note, parts_of, target_of

_PIECE = 1 << 20


def pull_parts(wanted: Wanted, folder: Path, tell: Tell, stop: Callable[[], bool]) -> Pulled:
    """Of several parts the checksums are one text, with spaces between them, and so is `wanted`'s.

    How many bytes they have together is not told: only the host knows, one by one.
    """
    urls = parts_of(wanted.url)
    if len(urls) == 1:
        return pull(wanted, target_of(folder, wanted.url), tell, stop)
    known = wanted.sha256.split()
    sums, came = [], 0
    for number, url in enumerate(urls):
        target = target_of(folder, url)
        expected = known[number] if len(known) == len(urls) else ""

        def tell_all(done: int, total: int, before: int = came) -> None:
            tell(before + done, 0)

        if (found := _is_here(target, expected, stop)) is None:
            found = _fetched(Wanted(url, 0, expected), target, tell_all, stop)
        sums.append(found.sha256)
        came += found.size
        tell(came, 0)
    return Pulled(target_of(folder, urls[0]), came, " ".join(sums))


def _fetched(wanted: Wanted, target: Path, tell: Tell, stop: Callable[[], bool]) -> Pulled:
    """Whatever happens meanwhile, the model is known to be unfinished."""
    note(target, wanted.url)
    try:
        return pull(wanted, target, tell, stop)
    except CairnError:
        if not target.with_name(target.name + PART).is_file():
            note(target, wanted.url)
        raise


def _is_here(target: Path, expected: str, stop: Callable[[], bool]) -> Pulled | None:
    """A part that an earlier try has brought whole."""
    if not target.is_file():
        return None
    total, size = hashlib.sha256(), 0
    with target.open("rb") as file:
        while piece := file.read(_PIECE):
            if stop():
                raise Halted("stopped", "run the same command again: it goes on where it stopped")
            total.update(piece)
            size += len(piece)
    if expected and total.hexdigest() != expected:
        target.unlink()
        return None
    drop(target)
    return Pulled(target, size, total.hexdigest())
