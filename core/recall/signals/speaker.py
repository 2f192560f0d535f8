"""Who says it: turns of whom a question asks about, and people's words before an assistant's.

Put into `Beside` by asking. Where two are named, the first is the one who did or said something:
"What did Anna tell Ben?" is answered by Anna. A question about the user is theirs to answer.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from collections.abc import Set as AbstractSet
from functools import lru_cache

import numpy as np

from cairn.core.chats.formats import FORMATS
from cairn.core.recall.beside import Signal, Subject
from cairn.core.recall.question.analyze import Question
from cairn.core.recall.scoring import Column
from cairn.core.recall.units import Units
from cairn.core.records import Chunk
from cairn.core.tree.graph.name_words import fold
from cairn.core.tree.graph.store import Things

Spellings = Callable[[str], Sequence[str]]
"""Under what other names somebody goes."""
Names = Callable[[], Iterable[str]]
_WORD = re.compile(r"[^\W\d_]+")
NO_NAMES = frozenset(("me", "user"))
"""What the user is called where no name is known."""
_ASSISTANTS = frozenset(format.speaker.casefold() for format in FORMATS)
_PROGRAMS = frozenset(("assistant", "tool"))
_TO_THE_ASSISTANT = re.compile(
    r"\byou(?:'ve| have| had)? (?:\w+ly )?(?:recommend|suggest|advise|propos|explain|mention|tell"
    r"|told|say|said|give|gave|wr[io]te|answer|describe|help|show)"
    r"|\byour (?:recommendation|suggestion|advice|answer|explanation|proposal|idea)",
    re.IGNORECASE,
)
_REQUEST = re.compile(r"\b(?:can|could|would|will) you\b(?: please)?(?: \w+)?", re.IGNORECASE)


def known_by(things: Things) -> Spellings:
    """The other names of a person, as far as the user's own writings tell them."""

    def spellings(name: str) -> Sequence[str]:
        found = (thing for thing in things.find(name) if thing.kind == "person")
        return next((thing.spellings for thing in found), ())

    return spellings


def make(me: Names = tuple, spellings: Spellings = lambda name: ()) -> Signal:
    """1 for turns of the person that a question names first, else of the user if it is theirs."""

    def speaker(question: Question, units: Sequence[Chunk]) -> Column | None:
        whos = _speakers(units)
        wanted = _named(question, frozenset(whos) - {""}, spellings)
        if not wanted and question.is_own:
            wanted = _own(frozenset(whos) - {""}, me)
        if not wanted:
            return None
        column = np.array([who in wanted for who in whos], np.float64)
        return column if column.any() else None

    return speaker


def make_subject(me: Names = tuple, spellings: Spellings = lambda name: ()) -> Subject:
    """The one among the speakers whom a question names, under whatever name; else, where it is the
    user's own, the user. Nobody where it names several."""

    def subject(question: Question, speakers: AbstractSet[str]) -> frozenset[str]:
        named = [_going_by(name, speakers, spellings) for name in question.names]
        found = frozenset[str]().union(*named)
        if not found and question.is_own and not _asks_assistant(question.text):
            return _own(speakers, me)
        return found if len(found) == 1 else frozenset()

    return subject


def make_own(spellings: Spellings = lambda name: ()) -> Signal:
    """0 for what an assistant or a tool said, where a question is about the user."""

    def own(question: Question, units: Sequence[Chunk]) -> Column | None:
        if not question.is_own or _asks_assistant(question.text):
            return None
        if _named(question, frozenset(_speakers(units)) - {""}, spellings):
            return None
        told = Units.of(units)
        pairs = zip(told.wholes, told.whos, strict=True)
        column = np.array([not is_by_program(whole, who) for whole, who in pairs], np.float64)
        return None if column.all() else column

    return own


def _own(speakers: AbstractSet[str], me: Names) -> frozenset[str]:
    own = NO_NAMES | {fold(name) for name in me()}
    return frozenset(who for who in speakers if fold(who) in own)


def _named(question: Question, speakers: AbstractSet[str], spellings: Spellings) -> frozenset[str]:
    """The speakers that go by the first name in a question which is anybody's among them."""
    found = (_going_by(name, speakers, spellings) for name in question.names)
    return next(filter(None, found), frozenset())


def _going_by(name: str, speakers: AbstractSet[str], spellings: Spellings) -> frozenset[str]:
    found = frozenset(who for who in speakers if _is_same(_words(name), _words(who)))
    if found:
        return found
    others = [_words(other) for other in spellings(name)]
    return frozenset(who for who in speakers for each in others if _is_same(each, _words(who)))


def _is_same(asked: tuple[str, ...], who: tuple[str, ...]) -> bool:
    """`Anna` is Anna Berger, and so is `Anna Berger`; `Anna Meier` is not. A first name that a
    turn is signed with may be that of a full name."""
    size = min(len(asked), len(who))
    return size > 0 and asked[:size] == who[:size]


@lru_cache(maxsize=4096)
def _words(name: str) -> tuple[str, ...]:
    return tuple(_WORD.findall(fold(name)))


def of_one(units: Units) -> list[bool]:
    """Which are turns of a known speaker, and of one only."""
    return [
        whole.kind == "chat" and bool(who) and ", " not in who
        for whole, who in zip(units.wholes, units.whos, strict=True)
    ]


def _speakers(units: Sequence[Chunk]) -> list[str]:
    """Of each turn its own; nobody of what is no turn."""
    told = Units.of(units)
    return [who if is_one else "" for who, is_one in zip(told.whos, of_one(told), strict=True)]


def is_by_program(whole: Chunk, who: str) -> bool:
    """Is it an assistant's or a tool's, this passage, or a turn in it of that speaker?"""
    if whole.kind != "chat":
        return False
    return whole.origin in _PROGRAMS or (whole.origin == "other" and who.casefold() in _ASSISTANTS)


def _asks_assistant(text: str) -> bool:
    return _TO_THE_ASSISTANT.search(_REQUEST.sub(" ", text.replace("’", "'"))) is not None
