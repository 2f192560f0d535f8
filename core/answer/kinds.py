"""A question for all decisions, promises or open questions, and nothing else → the sentences that
entries of that kind rest on, the latest first.

Called by the engine's door to asking before anything is searched: "what did we decide, when, and
where is it written?" names no topic that passages could be ranked by.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice

from cairn.core.answer.compose import spell_date, without_day
from cairn.core.answer.dated import untimed
from cairn.core.answer.history import cite
from cairn.core.errors import NotFound
from cairn.core.index import Index
from cairn.core.recall.entries.pointers import NOW, Pointers
from cairn.core.recall.narrow.allowed import Narrowing
from cairn.core.recall.narrow.filters import ME, Filters
from cairn.core.recall.question.analyze import Question
from cairn.core.records import Answer, Chunk, Citation, Sentence
from cairn.core.tree.catalogue import Filed
from cairn.core.tree.graph.name_words import fold

_SHOWN, _AT_ONCE = 8, 24
_DAY = len("2026-03-08")
_LIST = (
    r"(?:(?:(?:what|which)(?: are| were)?|list|show(?: me)?|tell me|give me|name"
    r"|welche|was sind|zeige?(?: mir)?|liste|nenne(?: mir)?|quelles sont|cuáles son|qué)\s+)?"
    r"(?:(?:all|every|the|our|my|of|past|latest|last|recent|open|alle|die|unsere|meine|offenen?"
    r"|letzten|toutes|les|nos|mes|todas|las|nuestras|mis)\s+)*"
)
_MADE = (
    r"(?:\s+(?:(?:are|were) (?:there|open|still open|left)|(?:did|have) (?P<{0}>we|i|{1})"
    r" (?:make|made|take|taken|reach|reached|give|given)|(?:(?:we|i)(?:['’]ve| have)? )?"
    r"(?:made|taken|reached|given)|(?:were|have been) (?:made|taken|reached)"
    r"|gibt es|sind (?:noch )?offen|haben wir getroffen|habe ich (?:gemacht|gegeben)"
    r"|wurden getroffen|ont été prises|avons-nous prises|hay|tomamos))?"
)
_NAME = r"[^\W\d_][\w.'’-]*(?: [^\W\d_][\w.'’-]*)?"
_ASKS = {
    "decision": re.compile(
        r"what (?:all |else )?(?:did|have|had) (?:we|i|they|you) (?:all )?"
        r"(?:decided?|agreed?|settled?|resolved?)(?: on| upon| to do)?"
        r"|what (?:was|has been|got|is|were) (?:decided|agreed|settled)(?: on)?"
        r"|was (?:haben wir|habe ich|haben sie|wurde)(?: alles)? "
        r"(?:beschlossen|entschieden|vereinbart|abgemacht)"
        r"|qu['’](?:avons-nous|ai-je) décidé|qu['’]est-ce qu['’](?:on a|nous avons) décidé"
        r"|qué (?:decidimos|hemos decidido|se decidió|acordamos)"
        rf"|{_LIST}(?:decisions?|agreements|entscheidungen|beschlüsse|vereinbarungen|décisions"
        rf"|decisiones|acuerdos){_MADE.format('maker', 'they')}",
        re.IGNORECASE,
    ),
    "promise": re.compile(
        rf"what (?:all |else )?(?:did|have|has|had) (?P<who>{_NAME}) "
        r"(?:promised?|committed|commit)(?: to)?(?: do)?(?: me| us)?"
        rf"|was (?:habe|haben|hat) (?P<wer>{_NAME})(?: mir| uns)?(?: alles)? versprochen"
        rf"|{_LIST}(?:promises|commitments|versprechen|zusagen|promesses|promesas)"
        rf"{_MADE.format('giver', _NAME)}",
        re.IGNORECASE,
    ),
    "question": re.compile(
        r"what (?:is|are|remains?)(?: still)? (?:open|undecided|unresolved|to be decided)"
        r"|was ist(?: noch)? (?:offen|ungeklärt|unentschieden)"
        rf"|{_LIST}(?:open|unresolved|offenen?) (?:questions|points|fragen|punkte)"
        r"(?: (?:are|were) (?:there|left)| remain| gibt es)?",
        re.IGNORECASE,
    ),
}
_TAIL = re.compile(
    r"(?:[\s,;]+(?:so far|until now|up to now|recently|lately|in total|and|when|by whom|bisher"
    r"|und|wann|wo(?: steht (?:es|das))?|where(?: is (?:it|that) written(?: down)?)?))+$",
    re.IGNORECASE,
)
""" "… when, and where is it written?": each is told with both anyway."""
_EVERYBODY = frozenset(("we", "wir", "they", "you", "everyone", "everybody", "sie", "ihr"))
_YOU = frozenset(("you", "me", "user"))


@dataclass(frozen=True, slots=True)
class _Sought:
    kind: str
    who: str = ""
    """Of promises: who gave them; empty for anybody."""
    first: date | None = None
    last: date | None = None

    def is_of(self, filed: Filed, names: Sequence[str]) -> bool:
        """By whoever is meant, within the time?"""
        day = _day_of(filed)
        if self.first and day < self.first.isoformat()[: len(day)]:
            return False
        if self.last and day[:_DAY] > self.last.isoformat():
            return False
        subject = fold(filed.entry.subject)
        if self.who.casefold() in ME:
            own = [each.who for each in filed.entry.sources if filed.entry.origin == "user"]
            return subject in _YOU or subject in map(fold, (*names, *own))
        return not self.who or subject.split()[:1] == fold(self.who).split()[:1]


def tell_kind(
    question: Question,
    filters: Filters,
    pointers: Pointers,
    index: Index,
    narrowing: Narrowing,
    names: Sequence[str],
) -> Answer | None:
    """None where it is about something else, or nothing of the kind is kept. `names` are what the
    user is called."""
    wanted = _sought(question)
    if wanted is None:
        return None
    entries = [each for each in pointers.of_kind(wanted.kind) if wanted.is_of(each, names)]
    if wanted.first is None:  # what held then is told of a time, what holds now otherwise
        over = pointers.successors(entries, NOW)
        entries = [each for each in entries if each.entry.id not in over]
    entries.sort(key=lambda each: (_day_of(each), each.entry.id), reverse=True)
    try:
        told = list(islice(_told(entries, filters, pointers, index, narrowing), _SHOWN + 1))
    except NotFound:
        return None
    if not told:
        return None
    shown = told[:_SHOWN]
    cut = f"the latest {_SHOWN}; name a time or a topic to see others"
    sentences = [
        Sentence(_dated(filed, citation.quote, names), (citation.number,))
        for filed, citation in shown
    ]
    citations = tuple(citation for _, citation in shown)
    return Answer(
        question.text, tuple(sentences), citations, tier=2, confidence=1.0,
        degraded=cut if len(told) > _SHOWN else "",
    )  # fmt: skip


def _day_of(filed: Filed) -> str:
    """When it was decided or promised, as far as is known."""
    entry = filed.entry
    return (entry.valid_from or entry.created)[:_DAY]


def stands_alone(text: str) -> bool:
    """Is it for all of a kind, and "it" in it nothing that was spoken of before?"""
    bare = " ".join(text.split()).strip(" ,.?!¿¡")
    rest = _TAIL.sub("", bare)
    return rest != bare and any(asks.fullmatch(rest) for asks in _ASKS.values())


def _sought(question: Question) -> _Sought | None:
    if len(question.times) > 1:
        return None
    rest = _TAIL.sub("", untimed(question))
    days = question.ranges[0] if question.ranges else (None, None)
    for kind, asks in _ASKS.items():
        if found := asks.fullmatch(rest):
            groups = found.groupdict()
            who = next((groups[name] for name in ("who", "wer", "giver") if groups.get(name)), "")
            return _Sought(kind, "" if who.casefold() in _EVERYBODY else who, *days)
    return None


def _told(
    entries: Sequence[Filed],
    filters: Filters,
    pointers: Pointers,
    index: Index,
    narrowing: Narrowing,
) -> Iterator[tuple[Filed, Citation]]:
    """Each with the sentence that it rests on; what can't be opened is not told, and
    a sentence once."""
    allowed = narrowing.allowed(filters, index)
    passages: dict[str, list[Chunk]] = {}
    seen: set[tuple[str, str]] = set()
    for at, filed in enumerate(entries):
        if filed.entry.id not in passages:
            passages = pointers.told(entries[at : at + _AT_ONCE], index)
        there = passages[filed.entry.id]
        if allowed:
            there = [chunk for chunk in there if allowed.admits(chunk)]
        citation = cite(filed, there, len(seen) + 1)
        if citation and (citation.uri, citation.hash) not in seen:
            seen.add((citation.uri, citation.hash))
            yield filed, citation


def _dated(filed: Filed, quote: str, names: Sequence[str]) -> str:
    """With whose words they are, unless they are the user's, and when it was."""
    text, spelled = without_day(quote), spell_date(_day_of(filed))
    who = next((source.who for source in filed.entry.sources if source.who), "")
    is_own = filed.entry.origin == "user" or who in names
    if who and not is_own and not text.startswith(who):
        text = f"{who}: {text}"
    return f"{spelled}: {text}" if spelled and spelled not in text else text
