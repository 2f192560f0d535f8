"""A question about a stretch of time, or about somebody's words, and nothing else → what there is
of it, day by day.

Called by the engine's door to asking before anything is searched: "what happened on 6 February?"
and "what did Tomas write?" name no topic that passages could be ranked by.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import islice

from cairn.core.answer.compose import spell_date, without_day
from cairn.core.errors import NotFound
from cairn.core.index import Index
from cairn.core.recall.entries.thrown_out import without
from cairn.core.recall.narrow.allowed import Allowed, Narrowing
from cairn.core.recall.narrow.filters import ME, Filters
from cairn.core.recall.question.analyze import Question
from cairn.core.recall.units import all_units
from cairn.core.records import Answer, Chunk, Citation, Sentence
from cairn.core.sentences import Quote, quotes

_SHOWN, _OF_EACH = 8, 2
"""Documents, and sentences of each."""
_NAME = (
    r"(?!(?:we|you|he|she|it|they|wir|er|sie|es|man)\b)"
    r"[^\W\d_][\w.'’-]*(?: [^\W\d_][\w.'’-]*){0,2}?"
)
_HAPPENED = re.compile(
    r"what (?:all |else )?(?:(?:has )?happened|occurred|took place|went on|was going on|was there"
    r"|(?:did|have) (?:i|we) (?:do|done)|was i doing|were we doing|was (?:noted|written|said))"
    r"|was (?:ist|war)(?: alles)?(?: passiert| geschehen| los)?"
    r"|was (?:habe ich|haben wir)(?: alles)? (?:gemacht|getan)"
    r"|(?:que s['’]est-il|qu['’]est-ce qui s['’]est) passé|qu['’](?:ai-je|avons-nous) fait"
    r"|qué (?:pasó|hice|hicimos)",
    re.IGNORECASE,
)
_WROTE = re.compile(
    rf"what (?:did|has) (?P<en>{_NAME}) (?:write|written|say|said|send|sent|tell|told)"
    r"(?: to)?(?: me| us)?"
    rf"|was hat (?P<de>{_NAME})(?: mir| uns)? (?:geschrieben|gesagt|geschickt)",
    re.IGNORECASE,
)  # fmt: skip
_ENVELOPE = re.compile(
    r"(?:From|To|Cc|Bcc|Reply-To|Date): "
    r"|(?i:hi|hello|hey|dear|hallo|liebe[rs]?|sehr geehrte[rs]?|bonjour|ch[eè]re?s?|hola)\b"
    r"[^.!?]{0,40}[,!]\Z"
)
"""Of a mail; its subject and what it says tell more."""


@dataclass(frozen=True, slots=True)
class _Sought:
    person: str = ""
    first: date | None = None
    last: date | None = None

    def among(self, filters: Filters) -> Filters:
        if not self.person or filters.person:
            return filters
        if self.person.casefold() in ME:
            return replace(filters, origins=filters.origins or ("user",))
        return replace(filters, person=self.person)

    @property
    def condition(self) -> str:
        """For the index, on the day that a passage itself bears."""
        parts = ["`when` != ''"]
        if self.first:
            parts.append(f"`when` >= '{self.first.isoformat()}'")
        if self.last and self.last < date.max:
            parts.append(f"`when` < '{(self.last + timedelta(1)).isoformat()}'")
        return " AND ".join(parts)

    @property
    def words(self) -> str:
        """The time, for people."""
        first = spell_date(self.first.isoformat()) if self.first and self.first > date.min else ""
        last = spell_date(self.last.isoformat()) if self.last and self.last < date.max else ""
        if first and last:
            return first if first == last else f"{first} to {last}"
        return f"{first} or later" if first else f"{last} or earlier"


def tell_dated(
    question: Question,
    filters: Filters,
    index: Index,
    narrowing: Narrowing,
    wrong: Callable[[Sequence[Chunk]], Mapping[str, Sequence[str]]],
    tree: str,
) -> Answer | None:
    """None where it is about something else, or somebody has written nothing; `wrong` tells which
    sentences are not to be said, and what lies in `tree` is no source."""
    wanted = _sought(question)
    if wanted is None:
        return None
    try:
        allowed = narrowing.allowed(wanted.among(filters), index)
    except NotFound:
        return None
    where = f"({wanted.condition})" + (f" AND ({allowed.where})" if allowed else "")
    days = {
        (when[:10], document)
        for document, uri, when in index.table.places(where)
        if not uri.startswith(tree)
    }
    chosen = sorted(days, reverse=True)[:_SHOWN]
    passages = index.passages([document for _, document in chosen])
    told: list[Quote] = []
    for day, document in chosen if wanted.person else reversed(chosen):
        of_day = [each for each in passages.get(document, ()) if each.when[:10] == day]
        left_out = wrong(of_day)
        kept = [without(each, left_out.get(each.id, ())) for each in of_day]
        told += _said(sorted(kept, key=lambda each: each.ordinal), allowed)
    if not told and wanted.person:
        return None
    if not told:
        reason = f"nothing in your memory bears a date of {wanted.words}"
        return Answer(question.text, (), (), tier=2, confidence=0.0, abstained=True, reason=reason)
    is_cut = len(days) > len(chosen)
    cut = f"the latest {len(chosen)} of {len(days)}; ask about less to see others" if is_cut else ""
    return Answer(
        question.text, tuple(_sentences(told)),
        tuple(_cite(quote, number) for number, quote in enumerate(told, start=1)),
        tier=2, confidence=1.0, degraded=cut,
    )  # fmt: skip


def untimed(question: Question) -> str:
    """What it says besides its times, without its marks."""
    rest = question.text
    for when in reversed(question.times):
        rest = rest[: when.start] + rest[when.end :]
    return " ".join(rest.split()).strip(" ,.?!¿¡")


def _sought(question: Question) -> _Sought | None:
    if len(question.times) > 1:
        return None
    rest = untimed(question)
    days = question.ranges[0] if question.ranges else (None, None)
    if question.times and _HAPPENED.fullmatch(rest):
        return _Sought("", *days)
    wrote = _WROTE.fullmatch(rest)
    return _Sought(wrote["en"] or wrote["de"], *days) if wrote else None


def _said(passages: list[Chunk], allowed: Allowed | None) -> list[Quote]:
    """The first sentences of a document, on one day, that may be shown."""
    units = (unit for unit in all_units(passages) if not allowed or allowed.admits(unit))
    found = (quote for unit in units for quote in quotes(unit) if not quote.is_heading)
    return list(islice((each for each in found if not _ENVELOPE.match(each.text)), _OF_EACH))


def _sentences(told: list[Quote]) -> Iterator[Sentence]:
    """Each day is told once, in front of what is of it."""
    before = ""
    for number, quote in enumerate(told, start=1):
        day, text = quote.chunk.when[:10], without_day(quote.text)
        yield Sentence(text if day == before else f"{spell_date(day)}: {text}", (number,))
        before = day


def _cite(quote: Quote, number: int) -> Citation:
    chunk = quote.chunk
    return Citation(
        number, chunk.uri, quote.span, chunk.title, quote.text, chunk.when, quote.hash
    )  # fmt: skip
