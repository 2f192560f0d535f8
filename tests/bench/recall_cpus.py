"""Does a question bring the same top ten on another processor, bar those that are as good as equal?

Called by `recall --only cpus`. A processor is another one by what it can run: each level of the
kernels, and none of them, opens the memory that the best one has made, and one that it has made
itself, in a process of its own. Two hits may change places, or one drop out for the other, where
their scores lie within a thousandth.
"""

from __future__ import annotations

import itertools
import multiprocessing
import os
import tempfile
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from cairn import native
from tests.bench.common import say
from tests.bench.recall_memories import Memory, opened
from tests.bench.recall_score import Figures

_TOP, _SEEN, _TIE = 10, 20, 1e-3
_QUESTIONS = 200
Top = list[tuple[str, float]]
"""Addresses and scores, the best first."""


def measure(memory: Memory, homes: Path | None = None) -> Figures:
    best, *others = reversed(native.levels())
    figures: Figures = {}
    with tempfile.TemporaryDirectory() as scratch:
        kept = homes or Path(scratch)
        wanted = _at(best, memory, kept / best)
        for level, made_by in itertools.product(others, ("best", "own")):
            found = _at(level, memory, kept / (best if made_by == "best" else level))
            same = sum(map(_is_same, wanted, found))
            alike = sum(map(_is_alike, wanted, found))
            say(f"{best}, and {level} with a memory that {best if made_by == 'best' else level} "
                f"made: of {len(wanted)} questions {same} have the very same top {_TOP}, {alike} "
                "the same bar ties")  # fmt: skip
            figures[f"{level}_{made_by}"] = {
                "questions": len(wanted), "same": same, "same_bar_ties": alike,
            }  # fmt: skip
    return figures


def _at(level: str, memory: Memory, homes: Path) -> list[Top]:
    """What is found at this level by a process that has never known another one."""
    os.environ["CAIRN_NATIVE_LEVEL"] = level
    try:
        with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:
            return pool.submit(_tops, memory, homes).result()
    finally:
        del os.environ["CAIRN_NATIVE_LEVEL"]


def _tops(memory: Memory, homes: Path) -> list[Top]:
    with opened(memory, homes) as (engine, _, _):
        found = [engine.asking.look(each.text, _SEEN) for each in memory.questions[:_QUESTIONS]]
    return [[(hit.address, hit.score) for hit in each.evidence] for each in found]


def _is_same(one: Top, other: Top) -> bool:
    return [address for address, _ in one[:_TOP]] == [address for address, _ in other[:_TOP]]


def _is_alike(one: Top, other: Top) -> bool:
    return _holds(one, other) and _holds(other, one)


def _holds(one: Top, other: Top) -> bool:
    """Is nothing of one's top behind what was worse by more than a tie in the other?"""
    places = {address: place for place, (address, _) in enumerate(other)}
    for (first, high), (second, low) in itertools.combinations(one[: _TOP + 1], 2):
        if places.get(first, _SEEN) > places.get(second, _SEEN) and high - low > _TIE:
            return False
    return all(address in places for address, _ in one[:_TOP])
