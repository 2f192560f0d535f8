"""A file that is not there → an error that names the known files which may have been meant.

Called for `show` and `open` with the addresses in the journal. Time is linear in their number.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from heapq import nsmallest

from cairn.core.errors import NotFound
from cairn.core.locate import Target
from cairn.core.uris import INSIDE, pasted

_MOST = 3
_ALIKE = 0.5
_SHORTEST_PART = 3


def no_such_file(target: Target, known: Iterable[str]) -> NotFound:
    """`known` are addresses of files, as the journal has them."""
    close = near_misses(target, known)
    names = [uri if "%" in uri else uri.removeprefix("file:") for uri in close]
    place = f"#{target.locator}" if target.unit else ""
    inside = INSIDE + target.part if target.part else ""
    shown = [f"`{pasted(f'{name}{inside}{place}')}`" for name in names]
    hint = f"did you mean {' or '.join(filter(None, (', '.join(shown[:-1]), *shown[-1:])))}?"
    return NotFound(
        f"there is no file {target.path}",
        hint if shown else "`cairn search` finds passages by their words",
    )


def near_misses(target: Target, known: Iterable[str]) -> list[str]:
    """The best candidates first: the same name, a part of it, a name that is written alike."""
    wanted = target.container.removeprefix("file:").casefold().split("/")
    stem = os.path.splitext(wanted[-1])[0]
    pairs = _pairs(stem)
    ranked = ((_distance(uri, wanted, stem, pairs), uri) for uri in known)
    return [uri for distance, uri in nsmallest(_MOST, ranked) if distance < 1]


def _distance(uri: str, wanted: list[str], stem: str, pairs: frozenset[str]) -> float:
    """Below 0 where names are the same, 1 for files that have nothing in common."""
    parts = uri.removeprefix("file:").casefold().split("/")
    if parts[-1] == wanted[-1]:
        return -float(_shared_end(parts, wanted))
    other = os.path.splitext(parts[-1])[0]
    if stem == other:
        return 0.0
    if len(stem) >= _SHORTEST_PART and stem in other:
        return 0.1
    others = _pairs(other)
    alike = 2 * len(pairs & others) / (len(pairs) + len(others)) if pairs and others else 0.0
    if alike >= _ALIKE:
        return 1.1 - alike if alike < 1 else 0.1
    in_path = len(stem) >= _SHORTEST_PART and stem in parts[:-1]
    return 0.9 if in_path else 1.0


def _shared_end(one: list[str], other: list[str]) -> int:
    """How many names are the same, counted from the end."""
    count = 0
    for left, right in zip(reversed(one), reversed(other), strict=False):
        if left != right:
            break
        count += 1
    return count


def _pairs(text: str) -> frozenset[str]:
    return frozenset(text[at : at + 2] for at in range(len(text) - 1))
