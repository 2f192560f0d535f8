"""Passages and units → the stems that stand in them, found once for all who want to know.

Called by scoring and relevance. What turns of one conversation have in common, such as its title,
is looked through once for all of them, and a passage holds what its turns do.
"""

from __future__ import annotations

from functools import lru_cache

from cairn.core.recall.units import units_of
from cairn.core.recall.words import listed
from cairn.core.records import Chunk


def words_in(unit: Chunk) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The stems before its text, and those of the text, as often as they stand there."""
    return _listed(_head(unit)), _listed(unit.text)


def stems_in(passage: Chunk) -> frozenset[str]:
    """All that stand in its `search_text`."""
    said = (_listed(unit.text) for unit in units_of(passage))
    return frozenset(_listed(_head(passage))).union(*said)


def _head(unit: Chunk) -> str:
    whole = unit.search_text
    return whole[: len(whole) - len(unit.text)]


@lru_cache(maxsize=16384)
def _listed(text: str) -> tuple[str, ...]:
    return tuple(listed(text))
