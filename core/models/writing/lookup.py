"""A prompt → guesses at what is written next: answers copy from evidence, word by word.

Called by the generator, which checks all guesses in one go. Whether that is faster is measured
while it writes: guessing goes on only as long as it is. The text is the same with and without.
"""

from __future__ import annotations

from collections.abc import Sequence

_SHORTEST, _LONGEST = 2, 16
"""Tokens that have to agree before the next ones are guessed, and that are compared at most."""
_PLACES = 24
MOST = 7
_TRIALS = 4
_PAUSE = 12
_GAIN = 1.05
_WEIGHT = 0.15


class Lookup:
    def __init__(self, prompt: Sequence[int]) -> None:
        self._tokens = list(prompt)
        self._places: dict[tuple[int, ...], list[int]] = {}
        """Where what follows each pair of tokens is."""
        for end in range(_SHORTEST, len(self._tokens)):
            self._note(end)

    def _note(self, end: int) -> None:
        if end >= _SHORTEST:
            self._places.setdefault(tuple(self._tokens[end - _SHORTEST : end]), []).append(end)

    def add(self, token: int) -> None:
        """What was written; what follows it is not known yet."""
        self._tokens.append(token)
        self._note(len(self._tokens) - 1)

    def guess(self, most: int = MOST) -> list[int]:
        """What followed where most of the last tokens stood before; of several, the latest."""
        places = self._places.get(tuple(self._tokens[-_SHORTEST:]), ())[-_PLACES:]
        if not places:
            return []
        at = max(places, key=lambda place: (self._agreeing(place), place))
        return self._tokens[at : at + most]

    def _agreeing(self, place: int) -> int:
        size = _SHORTEST
        while (
            size < min(_LONGEST, place)
            and self._tokens[place - size - 1] == self._tokens[-size - 1]
        ):
            size += 1
        return size


class Pace:
    """How long a token takes alone, and how many a batch of guesses brings in its time."""

    def __init__(self) -> None:
        self._alone_s = self._batch_s = self._brought = 0.0
        self._batches = self._rest = 0

    def note_alone(self, seconds: float) -> None:
        self._alone_s = _quickest(self._alone_s, seconds)
        self._rest = max(0, self._rest - 1)

    def note_batch(self, seconds: float, tokens: int) -> None:
        self._batches += 1
        self._batch_s = _quickest(self._batch_s, seconds)
        self._brought = _mean(self._brought, tokens)
        # After a pause it is tried once more: texts differ.
        self._rest = 0 if self._batches < _TRIALS or self.pays else _PAUSE

    @property
    def may_guess(self) -> bool:
        return self._alone_s > 0 and not self._rest

    @property
    def pays(self) -> bool:
        return self._brought * self._alone_s > self._batch_s * _GAIN


def _quickest(before: float, now: float) -> float:
    """Of late: whatever else the machine had to do in between says nothing."""
    return min(now, before * 1.1) if before else now


def _mean(before: float, now: float) -> float:
    return before + _WEIGHT * (now - before) if before else now
