"""A question in a conversation → an answer; and what is said of the last answers.

The engine's door for front ends that people talk to. What a question leans on is looked up before
it is asked; every answer is noted, so that the next question can lean on it.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from cairn.core.answer.deliberate import deliberate
from cairn.core.answer.feedback import Judged, Verdict
from cairn.core.answer.generate import Sign
from cairn.core.answer.session import Given, Meant, Words
from cairn.core.answering import USUAL, Manner
from cairn.core.asking import Asking
from cairn.core.errors import NotFound
from cairn.core.private import PrivateMode
from cairn.core.recall.entries.pointers import When
from cairn.core.recall.narrow.filters import Filters, read_filters
from cairn.core.records import Answer

Follows = Literal["", "lately", "always"]
"""Whether a question may lean on those before it: no, on those of the last half hour, or on the
last ones however long ago they were asked."""
_MOMENTS = ("as_of", "known_at")
_NAMES = {"in": "folder", "kind": "kind", "origin": "origin", "from": "person",
          "since": "since", "until": "until"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Request:
    question: str
    beside: Words = ()
    """Filters as they were typed, with `as_of` and `known_at`; empty ones are left out."""
    follows: Follows = ""
    thinks: bool = False
    """May it be taken apart, and asked in several steps?"""


@dataclass(frozen=True, slots=True)
class Reply:
    answer: Answer
    beside: Words
    """Those that held, with what a follow-up has taken over."""
    would_mean: str = ""
    """As a follow-up, where it was none and nothing was found."""


def request(
    question: str, beside: Mapping[str, str], follows: Follows = "", *, thinks: bool = False
) -> Request:
    given = tuple((name, text) for name, text in beside.items() if text)
    return Request(question, given, follows, thinks)


def converse(
    asking: Asking, asked: Request, manner: Manner = USUAL, now: datetime | None = None
) -> Reply:
    is_part = not manner.trial and not manner.aside
    is_private = asking.session.is_private
    if is_private:  # and if it ends before there is an answer
        manner = replace(manner, aside=True)
    meant = Meant(asked.question, asked.beside, False)
    if asked.follows:
        is_continued = asked.follows == "always"
        meant = asking.session.meant(asked.question, asked.beside, is_continued=is_continued)
        if meant.changed:
            manner = replace(manner, earlier=tuple(asking.session.earlier()))
    when, filters = when_of(meant.beside), filters_of(meant.beside)
    answer = _known_or_made(asking, asked, meant.question, when, filters, manner, now)
    before = _as_follow_up(asking, asked) if answer.abstained else ""
    if is_part:
        asking.session.note(answer, meant.beside, is_private=is_private)
    if meant.changed:
        answer = replace(answer, question=asked.question, understood=meant.question)
    would_mean = "" if asked.follows or not answer.abstained else before
    return Reply(answer, meant.beside, would_mean)


def _known_or_made(
    asking: Asking,
    asked: Request,
    text: str,
    when: When,
    filters: Filters,
    manner: Manner,
    now: datetime | None,
) -> Answer:
    """What took a model or several searches is not done twice."""
    narrowed = (when, filters, asked.thinks, manner.quick)
    known = None if manner.trial else asking.known(text, narrowed, now)
    if known:
        return asking.kept(known, manner)
    state = asking.state
    answer = _made(asking, asked, text, when, filters, manner, now)
    asking.keep(answer, narrowed, state, now)
    return answer


def _made(
    asking: Asking,
    asked: Request,
    text: str,
    when: When,
    filters: Filters,
    manner: Manner,
    now: datetime | None,
) -> Answer:
    if not asked.thinks:
        return asking.ask(text, now, when, filters, manner)
    parts = replace(manner, trial=True)
    answer = deliberate(
        text, lambda part: asking.ask(part, now, when, filters, parts),
        lambda step: manner.tell(Sign(draft=f"looking for: {step.text}")), manner.stop,
        time.monotonic,
    )  # fmt: skip
    return answer if manner.trial else asking.kept(answer, manner)


def _as_follow_up(asking: Asking, asked: Request) -> str:
    meant = asking.session.meant(asked.question, asked.beside, is_continued=False)
    return meant.question if meant.changed else ""


def when_of(beside: Words) -> When:
    given = dict(beside)
    return When(*(given.get(name, "") for name in _MOMENTS))


def filters_of(beside: Words) -> Filters:
    return read_filters(**{_NAMES[name]: text for name, text in beside if name in _NAMES})


def judge(
    asking: Asking, private: PrivateMode, verdict: Verdict, ago: int = 1
) -> tuple[Judged, bool]:
    """What is said of one of the last answers, 1 being the last; and whether it is anything new."""
    private.refuse("nothing is noted now")
    return asking.feedback.say(verdict, _given(asking, ago), asking.session.now())


def take_back(asking: Asking, ago: int = 1) -> tuple[Given, bool]:
    given = _given(asking, ago)
    return given, asking.feedback.take_back(given)


def _given(asking: Asking, ago: int) -> Given:
    found = asking.session.latest()
    if not found:
        raise NotFound("no answer is known that this could be about", "ask first")
    if not 1 <= ago <= len(found):
        there = "only the last one is" if len(found) == 1 else f"the last {len(found)} are"
        raise NotFound(f"answer {ago} is not known any more; {there}", "1 is the last one")
    given = found[-ago]
    if not given.is_known:
        raise NotFound("the sources of that answer are not known any more", "ask it again")
    return given
