"""A question that was answered at length in other words → that answer again, without the work.

Called by the engine's door to asking, for answers that took a model or several searches; anything
cheaper is made anew. Vectors alone can't tell June from July or what was kept from what was shared,
so nearness only confirms: all that carries meaning must be equal, and the sources unchanged.
"""

from __future__ import annotations

import re
import threading
from collections import deque
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from cairn.core.recall.question.analyze import Question
from cairn.core.recall.question.kinds import QuestionKind
from cairn.core.records import Answer, Citation

AT_LENGTH = 4
"""The first tier that is worth keeping."""
_MOST = 64
_NEAR: dict[QuestionKind, float] = {"when": 0.92, "amount": 0.92, "who": 0.92, "where": 0.92}
_NEAR_OTHERS = 0.88
"""How near the vectors must be; where one word makes another answer, nearer."""
_LIFETIMES: dict[QuestionKind, timedelta] = {
    "changes": timedelta(0), "files": timedelta(0), "absence": timedelta(minutes=15),
}  # fmt: skip
_LIFETIME, _OF_NOW = timedelta(days=1), timedelta(minutes=15)
_NOW = re.compile(
    r"\b(?:now|today|tonight|current(?:ly)?|still|yet|latest|last|next|recent(?:ly)?|ago"
    r"|heute|jetzt|noch|aktuell\w*|maintenant|aujourd['’]hui|hoy|ahora)\b",
    re.IGNORECASE,
)
_TURNS = re.compile(
    r"\b(?:before|after|first|last|next|since|until|without|only|least|most|more|less|fewer|ever|"
    r"still|again|other|else|all|both|each|or|by|from|to|in|out|up|down|on|off|over|under|"
    r"did|does|do|will|would|should|could|can|must|is|are|was|were|has|have|had|"
    r"why|how|what|which|whose|whom|who|where|when)\b",
    re.IGNORECASE,
)
"""Small words that turn a question into another one, tense among them."""
_SELF = re.compile(r"\b(?:i|me|my|mine|we|us|our|ours)\b")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_PAST = {"did": "past", "was": "past", "were": "past", "had": "past",
         "do": "now", "does": "now", "is": "now", "are": "now"}  # fmt: skip

Vector = NDArray[np.float32]
Embed = Callable[[list[str]], Vector]


@dataclass(frozen=True, slots=True)
class _Meant:
    """What must be equal for two questions to be one."""

    kind: QuestionKind
    stems: frozenset[str]
    names: tuple[str, ...]
    """In their order: who sent something to whom."""
    self: tuple[str, ...]
    """`I` or `me`."""
    numbers: tuple[str, ...]
    days: tuple[tuple[object, object], ...]
    phrases: tuple[str, ...]
    turns: frozenset[str]
    negated: bool
    hints: Hashable


@dataclass(frozen=True, slots=True)
class _Kept:
    meant: _Meant
    narrowed: Hashable
    text: str
    at: datetime
    answer: Answer


class Remembered:
    def __init__(self, embed: Embed) -> None:
        self._embed = embed
        self._lock = threading.Lock()
        self._state: Hashable = None
        self._ring: deque[_Kept] = deque(maxlen=_MOST)
        """Those of the session, the latest last."""

    def find(
        self,
        question: Question,
        narrowed: Hashable,
        state: Hashable,
        now: datetime,
        check: Callable[[Citation], Citation],
    ) -> Answer | None:
        """`narrowed` is all that limits the search; `check` says how a source is by now."""
        meant = _meant(question)
        with self._lock:
            self._turn_to(state)
            alike = [
                kept
                for kept in reversed(self._ring)
                if (kept.meant, kept.narrowed) == (meant, narrowed)
                and timedelta(0) <= now - kept.at < _lifetime(question)
            ]
        for kept in alike:
            if self._is_near(question, kept.text) and _holds(kept.answer, check):
                return kept.answer
        return None

    def keep(
        self, question: Question, narrowed: Hashable, state: Hashable, now: datetime, answer: Answer
    ) -> None:
        """`state` as it was before the answer was made."""
        if answer.tier < AT_LENGTH or answer.abstained or answer.degraded:
            return
        with self._lock:
            self._turn_to(state)
            self._ring.append(_Kept(_meant(question), narrowed, question.text, now, answer))

    def _is_near(self, question: Question, text: str) -> bool:
        if question.text == text:
            return True
        one, other = self._embed([question.text, text])
        return float(one @ other) >= _NEAR.get(question.kind, _NEAR_OTHERS)

    def _turn_to(self, state: Hashable) -> None:
        if state != self._state:
            self._ring.clear()
            self._state = state


def _holds(answer: Answer, check: Callable[[Citation], Citation]) -> bool:
    return all(check(citation).state == "ok" for citation in answer.citations)


def _lifetime(question: Question) -> timedelta:
    if question.kind in _LIFETIMES:
        return _LIFETIMES[question.kind]
    return _OF_NOW if question.times or _NOW.search(question.text) else _LIFETIME


def _meant(question: Question) -> _Meant:
    text = question.text.casefold()
    return _Meant(
        question.kind,
        frozenset(question.stems),
        tuple(name.casefold() for name in question.names),
        tuple(sorted(_SELF.findall(text))),
        tuple(_NUMBER.findall(text)),
        question.ranges,
        question.phrases,
        frozenset(_PAST.get(word, word) for word in _TURNS.findall(text)),
        question.negated,
        question.hints,
    )
