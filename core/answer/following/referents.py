"""An exchange → whom, what, where and which day a later question may mean by "she", "it", "there".

Called by `resolve`. What was asked comes before what was answered. Of several people in a question
the first is meant; of several in an answer nobody is, and "" is returned.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from cairn.core.answer.following.anatomy import Clause, Phrase, plain, take_apart
from cairn.core.answer.following.exchange import Exchange
from cairn.core.answer.following.words import HE, PERSONS, PLACED, SHE, TIMES
from cairn.core.recall.question.named import names_in
from cairn.core.times.phrases import find
from cairn.core.times.when import When

_MOST_READ = 600
_PLACE = re.compile(
    r"\b(?:in|at|to|near|behind|under|inside) ("
    r"(?:the |my |our )?[A-ZÀ-Þ][\w'-]+(?: [A-ZÀ-Þ][\w'-]+)*"
    r"|(?:the|my|our) [\w'-]+(?: (?:room|box|drawer|shelf|cupboard|garage|cellar))?)"
)
_WHO = ("who", "whom", "with who", "with whom", "by who", "by whom", "from whom", "to whom")


@dataclass(frozen=True, slots=True)
class Earlier:
    """An exchange with its question taken apart."""

    exchange: Exchange
    clause: Clause

    @property
    def answer(self) -> str:
        return self.exchange.answer[:_MOST_READ]


def read(exchange: Exchange) -> Earlier:
    return Earlier(exchange, take_apart(plain(exchange.question)))


def person(earlier: Earlier, pronoun: str, besides: frozenset[str] = frozenset()) -> str:
    """Whom `he`, `she` or `they` means; `besides` are names that it can't be."""
    clause = earlier.clause
    if pronoun == "they" and (pair := _pair(clause)):
        return pair
    asked = people(clause)
    is_who = clause.lead in _WHO or (clause.noun.casefold().split() or [""])[-1] in PERSONS
    told = answered_name(earlier) if is_who else ""
    nouns = [phrase.text for phrase in clause.phrases if phrase.is_person]
    for candidates in ([told] if told else [], [*asked, *nouns]):
        for each in candidates:
            if _fits(each, pronoun) and each not in besides:
                return each
    fitting = [each for each in _names_told(earlier) if _fits(each, pronoun)]
    fitting = [each for each in fitting if each not in besides]
    return fitting[0] if len(fitting) == 1 else ""


def people(clause: Clause) -> list[str]:
    """Names in it that are not of places."""
    found = []
    for name in clause.names:
        at = clause.text.find(name)
        former = clause.text[:at].split()
        if not former or former[-1].casefold() not in PLACED or _given(name):
            found.append(name)
    return found


def topic(clause: Clause) -> Phrase | None:
    """What it is about: an object before a subject, neither people nor days."""
    usable = [each for each in clause.phrases if not _is_named(each, clause) and not _is_time(each)]
    things = [each for each in usable if not each.is_person] or usable
    behind = [each for each in things if each.after_verb]
    objects = [each for each in behind if each.before not in (*PLACED, "with")] or behind
    return next(iter(objects or things), None)


def topic_text(clause: Clause) -> str:
    found = topic(clause)
    if found:
        return found.text
    noun = clause.noun
    return f"the {noun}" if noun and noun.split()[0] not in ("kind", "sort") else ""


def place(earlier: Earlier) -> tuple[str, str]:
    """The preposition that it was told with, and the place."""
    clause = earlier.clause
    if clause.lead.endswith("where"):
        text = earlier.exchange.short or _first_place(earlier.answer, clause)
        if text:
            return "in", text
    for name in clause.names:
        former = clause.text[: clause.text.find(name)].split()
        if former and former[-1].casefold() in PLACED and not _given(name):
            return former[-1].casefold(), name
    for phrase in clause.phrases:
        if phrase.before in PLACED and not phrase.is_person and not _is_time(phrase):
            return phrase.before, phrase.text
    found = topic(clause)
    return ("at", found.text) if found and not found.is_person else ("", "")


def _first_place(text: str, clause: Clause) -> str:
    for match in _PLACE.finditer(text):
        if match[1].casefold() not in clause.text.casefold() and not find(match[1], None):
            return match[1]
    return ""


def day(earlier: Earlier, now: date | None) -> When | None:
    """The time that the answer tells, else the one that was asked about, else when it was said."""
    short = find(earlier.exchange.short, _date(earlier.exchange.said))
    if short:
        return short[0]
    asked_at = _date(earlier.exchange.at) or now
    asked = find(earlier.clause.text, asked_at)
    if asked:
        return asked[0]
    told = [when for when in find(earlier.answer, _date(earlier.exchange.said)) if not when.repeats]
    if told:
        return told[0]
    said = _date(earlier.exchange.said)
    return When(0, 0, "", said, said, "day") if said and earlier.exchange.answer else None


def answered_name(earlier: Earlier) -> str:
    """Who or what a question for a name was answered with, where there is but one."""
    if names := names_in(f"x {earlier.exchange.short}", "en") or ():
        return names[0]
    asked = earlier.clause.text.casefold()
    # With words before it, so that a name which begins a sentence is seen as one.
    names = names_in(f"so it was {earlier.answer}", "en")
    names = tuple(name for name in names if name.casefold() not in asked)
    if len(names) == 2 and (pair := f"{names[0]} & {names[1]}") in earlier.answer:
        return pair
    return names[0] if len(names) == 1 else ""


def _names_told(earlier: Earlier) -> list[str]:
    asked = earlier.clause.text.casefold()
    found = names_in(earlier.answer, "en")
    return [name for name in found if name.casefold() not in asked and _given(name)]


def _pair(clause: Clause) -> str:
    names = people(clause)
    for one, other in pairwise(names):
        if f"{one} and {other}" in clause.text:
            return f"{one} and {other}"
    return ""


def _fits(who: str, pronoun: str) -> bool:
    first = who.casefold().split()[0]
    last = who.casefold().split()[-1]
    known = PERSONS.get(last, "") or ("he" if first in HE else "she" if first in SHE else "")
    return pronoun == "they" or not known or known == pronoun


def _given(name: str) -> bool:
    from cairn.core.tree.graph.name_words import GIVEN, fold

    return fold(name.split()[0].removesuffix("'s")) in GIVEN


def _is_named(phrase: Phrase, clause: Clause) -> bool:
    """Is it somebody's name and nothing else?"""
    return any(phrase.text.casefold() == name.casefold() for name in clause.names)


def _is_time(phrase: Phrase) -> bool:
    return phrase.head in TIMES


def _date(iso: str) -> date | None:
    try:
        return date.fromisoformat(iso[:10])
    except ValueError:
        return None
