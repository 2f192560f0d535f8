"""Sessions → pairs of files that are worked on together more often than chance would have it.

Shown by `cairn habits`, and used as a hint for what else belongs to a file. Arrivals and files
that were deleted since take no part; a moved file counts under its present name.
"""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import exp, lgamma, log

from cairn.core.traces.sessions import Session, names_now

MIN_SESSIONS = 3
"""Two files that met less often have met by accident."""
MAX_PAIRS = 2000
_FILES_A_SESSION = 24
"""Of a larger session the files most worked on: pairs grow with the square."""
_RECENT = 5000
"""Sessions that are looked at, the latest."""
_FALSE_SHARE = 0.1
"""Of the pairs that are told, the share that may be there by chance alone."""


@dataclass(frozen=True, slots=True)
class Together:
    a: str
    b: str
    sessions: int
    """In how many both were touched."""
    strength: float
    """How much more often than chance: 0 is chance, 1 is never the one without the other."""


def together(sessions: Sequence[Session], limit: int = MAX_PAIRS) -> tuple[Together, ...]:
    """The strongest pairs first."""
    touched = _touched(sessions[-_RECENT:])
    alone = Counter(uri for files in touched for uri in files)
    pairs: Counter[tuple[str, str]] = Counter()
    for files in touched:
        regular = [uri for uri in files if alone[uri] >= MIN_SESSIONS]
        main = heapq.nsmallest(_FILES_A_SESSION, regular, key=lambda uri: (-files[uri], uri))
        pairs.update(combinations(sorted(main), 2))
    regular_files = sum(times >= MIN_SESSIONS for times in alone.values())
    possible = regular_files * (regular_files - 1) // 2
    met = {pair: both for pair, both in pairs.items() if both >= MIN_SESSIONS}
    luck = {(a, b): _luck(n, alone[a], alone[b], len(touched)) for (a, b), n in met.items()}
    limit_of_luck = _limit_of_luck(luck.values(), possible)
    found = (
        Together(a, b, both, _strength(both, alone[a], alone[b], len(touched)))
        for (a, b), both in met.items()
        if luck[a, b] <= limit_of_luck
    )
    return tuple(heapq.nsmallest(limit, found, key=_order))


def companions(uri: str, pairs: Iterable[Together], limit: int = 10) -> tuple[Together, ...]:
    """The pairs that a file is part of, the strongest first."""
    return tuple(heapq.nsmallest(limit, (p for p in pairs if uri in (p.a, p.b)), key=_order))


def _touched(sessions: Sequence[Session]) -> list[Counter[str]]:
    """For each session its files, by their present names, with how often each was touched."""
    names = iter(names_now([trace for session in sessions for trace in session.traces]))
    every = [Counter(next(names) for _ in session.traces) for session in sessions]
    return [Counter({uri: n for uri, n in files.items() if uri}) for files in every]


def _luck(both: int, a: int, b: int, sessions: int) -> float:
    """How probable it is that two files which know nothing of each other meet so often."""
    if both * sessions <= a * b:
        return 1.0  # no more than chance has it
    term = exp(_ways(a, both) + _ways(sessions - a, b - both) - _ways(sessions, b))
    total = 0.0
    for met in range(both, min(a, b) + 1):
        total += term
        if term < total / 1000:
            break
        term *= (a - met) * (b - met) / ((met + 1) * max(1, sessions - a - b + met + 1))
    return total


def _ways(n: int, k: int) -> float:
    """The logarithm of how many ways there are to choose k of n."""
    return lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1)


def _limit_of_luck(lucks: Iterable[float], possible: int) -> float:
    """Among so many possible pairs some meet by luck: how probable one may be to be believed."""
    believed = 0.0
    for rank, luck in enumerate(sorted(lucks), start=1):
        if luck <= _FALSE_SHARE * rank / possible:
            believed = luck
    return believed


def _strength(both: int, a: int, b: int, sessions: int) -> float:
    """Mutual information of the two, normalized to at most 1."""
    if both == sessions:
        return 0.0  # two files that are in every session can't be told from a coincidence
    return round(log(both * sessions / (a * b)) / -log(both / sessions), 3)


def _order(pair: Together) -> tuple[float, int, str, str]:
    return -pair.strength, -pair.sessions, pair.a, pair.b
