"""A transcript → batches of its turns, cleaned and counted, ready to be kept.

Runs in the extractor process. One transcript is open at a time and read on from batch to batch.
Each batch says with which state a later process goes on after it: that of the reader's last
checkpoint, and how much was given since, which is read again and passed over.
"""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cairn.core.chats.cleaning import Cleaning, label, remembered
from cairn.core.chats.source import Transcript
from cairn.core.chats.turn import Checkpoint, Passed, State, Turn, Version
from cairn.core.chats.within import Event, Within

_TURNS, _CHARS, _SECONDS = 500, 1_000_000, 2.0
"""A batch ends at the first checkpoint after one of these."""
_AT_MOST = 2
"""And without any checkpoint at so many times as much."""


@dataclass(slots=True)
class _Filling:
    """A batch that is not full yet."""

    started: float = field(default_factory=time.monotonic)
    kind: str = ""
    items: list[dict[str, Any]] = field(default_factory=list)
    chars: int = 0
    passed: Counter[str] = field(default_factory=Counter)
    unknown: Counter[str] = field(default_factory=Counter)
    redacted: Counter[str] = field(default_factory=Counter)
    version: str = ""

    def put(self, event: Event, cleaning: Cleaning, name: str) -> None:
        format, item = event
        if isinstance(item, Passed):
            (self.passed if item.is_known else self.unknown)[label(item.kind)] += item.count
        elif isinstance(item, Version):
            self.version = label(item.text)
        elif format is not None and item is not None and not isinstance(item, Checkpoint):
            kept = cleaning.item(item, format, name, self.redacted)
            self.kind = format.kind
            self.items.append(_plain(kept))
            self.chars += len(kept.text) if isinstance(kept, Turn) else 0

    def is_of_other_kind(self, event: Event) -> bool:
        """Items of one format only are kept together."""
        return bool(self.items and event[0] is not None and event[0].kind != self.kind)

    def is_full(self, event: Event) -> bool:
        """Is it time to send it, after this?"""
        share = max(
            len(self.items) / _TURNS,
            self.chars / _CHARS,
            (time.monotonic() - self.started) / _SECONDS,
        )
        is_good_moment = event[1] is None or isinstance(event[1], Checkpoint)
        return share >= (1 if is_good_moment else _AT_MOST)


class Batches:
    """The batches of one transcript, from where `state` says."""

    def __init__(self, path: Path, kind: str, state: State, me: Sequence[str]) -> None:
        self.path = path
        self._cleaning = Cleaning(me)
        self._within = Within(Transcript(path), kind, state)
        self._events = self._within.events()
        self._held: Event | None = None
        self._asked = (kind, tuple(me))
        self._stamp = _stamp(path)
        self._sent = ""

    def stands_at(self, path: Path, kind: str, state: State, me: Sequence[str]) -> bool:
        """Would these ones anew give what these give next?"""
        return (
            path == self.path
            and (kind, tuple(me)) == self._asked
            and json.dumps(state) == self._sent
            and _stamp(path) == self._stamp
        )

    def next(self) -> dict[str, Any]:
        """The next batch as plain JSON: items of one format in order, and what was counted."""
        batch, is_last = _Filling(), True
        while event := self._held or next(self._events, None):
            self._held = event if batch.is_of_other_kind(event) else None
            if not self._held:
                batch.put(event, self._cleaning, self._within.name)
                self._within.note_given(event)
            if self._held or batch.is_full(event):
                is_last = False
                break
        state = remembered(self._within.state())
        self._sent = json.dumps(state)
        begins_anew, self._within.began_anew = self._within.began_anew, False
        return {
            "kind": batch.kind, "items": batch.items, "passed": batch.passed,
            "unknown": batch.unknown, "redacted": batch.redacted, "version": batch.version,
            "is_last": is_last, "state": state, "begins_anew": begins_anew,
            "problems": [[label(name, 100), label(why, 200)]
                         for name, why in self._within.problems],
        }  # fmt: skip


def _plain(item: Any) -> dict[str, Any]:
    """`asdict` would copy every text, which takes as long as reading them."""
    return {"is": type(item).__name__, **{name: getattr(item, name) for name in item.__slots__}}


def _stamp(path: Path) -> str:
    """A folder is looked through while it is read; that takes too long to do twice."""
    return "" if path.is_dir() else Transcript(path).stamp()
