"""Memory gets short, or is free again → how much of it a model's weights may take from now on.

Asked each second by the generator's process while it writes. Giving back is done at once and as far
as needed, taking back little by little and late, so that two programs never push one another.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from cairn.core.models.fit.machine import PLENTY, look, stalled

LOOK_S = 1.0
_WAITING, _AT_EASE = 20.0, 5.0
"""Per cent of the last ten seconds in which something waited for memory: much, and little."""
_LEAST_STEP = 1 / 8
"""Of what is held, goes at least when anything has to."""
_RETURN = 1 / 16
"""Of what was planned, comes back at a time."""
_PATIENCE = 15
"""Looks for which all was at ease, before anything comes back."""


@dataclass(frozen=True, slots=True)
class Sight:
    """Of the machine's memory, now."""

    free: int
    reserve: int
    waiting: float
    """Per cent of the time in which something waited for memory."""


@dataclass(frozen=True, slots=True)
class Grip:
    """On memory: what a model's weights hold of what was planned for them."""

    planned: int
    least: int
    budget: int
    calm: int = 0
    """For how many looks memory was not short."""


def adjust(grip: Grip, sight: Sight) -> Grip:
    waiting = sight.waiting if sight.free < PLENTY * sight.reserve else 0.0
    if sight.free < sight.reserve // 2 or waiting > _WAITING:
        lacking = max(sight.reserve - sight.free, round(grip.budget * _LEAST_STEP))
        return replace(grip, budget=max(grip.least, grip.budget - lacking), calm=0)
    # As far from short as it would be again after the step, so that it goes on only with room.
    step = min(round(grip.planned * _RETURN), grip.planned - grip.budget)
    at_ease = sight.free - step > sight.reserve and waiting < _AT_EASE
    calm = grip.calm + 1 if at_ease else 0
    if step <= 0 or calm < _PATIENCE:
        return replace(grip, calm=min(calm, _PATIENCE))
    return replace(grip, budget=grip.budget + step, calm=calm)


def see() -> Sight:
    machine = look()
    return Sight(machine.free, machine.reserve, stalled())


class Yielding:
    """Holds a model's weights to what the machine can spare, as long as the model is at work."""

    def __init__(
        self, planned: int, least: int, resize: Callable[[int], None],
        see: Callable[[], Sight] = see, every_s: float = LOOK_S,
    ) -> None:  # fmt: skip
        """`resize` is told the bytes that all weights which are read as needed may take."""
        self.grip = Grip(planned, min(least, planned), planned)
        self._resize, self._see, self._every_s = resize, see, every_s

    @contextmanager
    def at_work(self) -> Iterator[None]:
        done = threading.Event()
        watch = threading.Thread(target=self._watch, args=(done,), daemon=True)
        watch.start()
        try:
            yield
        finally:
            done.set()
            watch.join()

    def look(self) -> None:
        """Once, and act on it."""
        held, self.grip = self.grip.budget, adjust(self.grip, self._see())
        if self.grip.budget != held:
            self._resize(self.grip.budget)

    def _watch(self, done: threading.Event) -> None:
        self.look()  # much may have happened since the last text
        while not done.wait(self._every_s):
            self.look()
