"""A question such as "what changed in notes since Monday" → an answer from the journal.

Called by the engine's door to asking where a question is of that kind. What is named can be opened,
but for what is gone; a question about no place that the memory knows is left to the search.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from cairn.core.answer.compose import spell_date
from cairn.core.chats.addresses import is_chat, window_uri
from cairn.core.errors import NotFound
from cairn.core.index import Index
from cairn.core.recall.narrow.filters import Filters
from cairn.core.recall.question.analyze import Question
from cairn.core.recall.sets.changed import Changed, Changes
from cairn.core.recall.units import all_units
from cairn.core.records import Answer, Chunk, Citation, Sentence, document_id
from cairn.core.sentences import quotes
from cairn.core.uris import uri_path

USUAL_DAYS = 7
_NAMED = 5
"""Files, entries and conversations of a sentence that are named; the rest is counted."""
_PLACE = re.compile(
    r"\b(?:changed?|changes|new|edited|added|deleted|removed|modified|updated|geändert|neu|changé|"
    r"neuf|cambiado|nuevo) (?:in|to|on|at|with|im|in der|in den|in meinem|dans|en) "
    r"(?:the |my |our |mes |mis )?(?P<en>.+?)"
    r"|\b(?:hat|haben) sich (?:in|im|an) (?P<de>.+?)(?= (?:seit|geändert|heute|gestern)\b)",
    re.IGNORECASE,
)
_ENDS = re.compile(
    r"[\s?!.]*(?:\b(?:folder|directory|ordner)\b)?[\s?!.]*"
    r"(?:\b(?:since|from|after|during|over|in the (?:last|past)|today|yesterday|this|last|lately|"
    r"recently|seit|heute|gestern|depuis|desde|on|between)\b.*)?$",
    re.IGNORECASE,
)


def place_in(question: Question) -> str:
    """The folder or conversation that it names, if any."""
    named = (*question.hints.paths, *question.hints.folders, *question.hints.files)
    if named:
        return named[0]
    found = _PLACE.search(question.text)
    if not found:
        return ""
    if found["de"]:
        return found["de"].strip()
    rest = question.text[found.start("en") :]
    return rest[: _ENDS.search(rest).start()].strip()  # type: ignore[union-attr]


def stretch_of(question: Question, now: datetime) -> tuple[datetime, datetime]:
    """What is meant by "since Monday", or "yesterday"; the last week where nothing is said."""
    if not question.ranges:
        return now - timedelta(USUAL_DAYS), now
    first, last = question.ranges[0]
    begin = datetime.combine(first, time(), now.tzinfo)
    is_open = question.times[0].bound in ("since", "after")
    end = now if is_open else datetime.combine(last + timedelta(1), time(), now.tzinfo)
    return begin, min(end, now)


def tell_changes(
    question: Question,
    now: datetime,
    changed: Changed,
    index: Index,
    entry_uri: Callable[[str], str],
    filters: Filters,
) -> Answer | None:
    """None where the question itself names no place that is known; what is given beside it must
    be one."""
    place = filters.folder or place_in(question)
    since, until = stretch_of(question, now)
    if filters.since:
        since = midnight(filters.since, now)
    if filters.until:
        until = min(now, midnight(filters.until, now) + timedelta(1))
    try:
        changes = changed.between(since, until, place)
    except OverflowError:
        return None
    except NotFound:
        if filters.folder:
            raise
        return None
    telling = _Telling(index, entry_uri)
    lead = _lead(since, until, now)
    sentences = list(telling.sentences(changes))
    if not sentences:
        where = f" in {place}" if place else ""
        sentences = [Sentence(f"nothing has changed{where}", ())]
    sentences[0] = Sentence(f"{lead}: {sentences[0].text}", sentences[0].citations)
    return Answer(question.text, tuple(sentences), tuple(telling.citations), tier=2, confidence=1.0)


def midnight(day: str, now: datetime) -> datetime:
    """When a day began, by the clock of whoever asks."""
    return datetime.combine(date.fromisoformat(day), time(), now.tzinfo)


def _lead(since: datetime, until: datetime, now: datetime) -> str:
    first, last = since.date(), (until - timedelta(seconds=1)).date()
    if until >= now:
        return f"Since {spell_date(first.isoformat())}"
    if first == last:
        return f"On {spell_date(first.isoformat())}"
    return f"From {spell_date(first.isoformat())} to {spell_date(last.isoformat())}"


@dataclass(slots=True)
class _Telling:
    index: Index
    entry_uri: Callable[[str], str]
    citations: list[Citation] = field(default_factory=list)

    def sentences(self, changes: Changes) -> Iterator[Sentence]:
        for deed in ("changed", "added", "moved", "deleted"):
            files = [each for each in changes.files if each.deed == deed]
            named = [(uri_path(each.uri).name, each.uri, 0) for each in files]
            yield from self._group(named, "file", f"{{}} {deed}", is_gone=deed == "deleted")
        for done in ("added", "changed", "superseded", "moved", "archived", "deleted"):
            kept = [each for each in changes.entries if each.deed == done]
            titled = [(f"“{each.title}”", self.entry_uri(each.path), 0) for each in kept]
            is_gone = done == "deleted"
            yield from self._group(titled, "entry", f"{{}} {done}", "entries", is_gone=is_gone)
        for chat in changes.chats:
            turns = "1 turn is" if chat.turns == 1 else f"{chat.turns} turns are"
            numbers = self._cite([(chat.uri, chat.first)])
            yield Sentence(f"{turns} new in “{chat.title}”.", numbers)

    def _group(
        self,
        named: Sequence[tuple[str, str, int]],
        one: str,
        done: str,
        many: str = "",
        *,
        is_gone: bool,
    ) -> Iterator[Sentence]:
        if not named:
            return
        count = len(named)
        what = f"1 {one} was" if count == 1 else f"{count} {many or one + 's'} were"
        names = [name for name, _, _ in named[:_NAMED]]
        more = [f"{count - _NAMED} more"] if count > _NAMED else []
        told = _listed([*names, *more])
        places = [(uri, turn) for _, uri, turn in named[:_NAMED]]
        numbers = () if is_gone else self._cite(places)
        yield Sentence(f"{done.format(what)}: {told}.", numbers)

    def _cite(self, places: Sequence[tuple[str, int]]) -> tuple[int, ...]:
        """What can be opened of these: the beginning of a file, or a turn."""
        found = []
        for uri, turn in places:
            document = document_id(window_uri(uri, turn) if is_chat(uri) else uri)
            passages = self.index.passages([document]).get(document, [])
            chunk = _at(passages, turn)
            if chunk and (said := quotes(chunk)):
                quote, number = said[0], len(self.citations) + 1
                self.citations.append(
                    Citation(
                        number, chunk.uri, quote.span, chunk.title, quote.text, chunk.when,
                        quote.hash,
                    )
                )  # fmt: skip
                found.append(number)
        return tuple(found)


def _at(passages: Sequence[Chunk], turn: int) -> Chunk | None:
    if not turn:
        return passages[0] if passages else None
    return next((each for each in all_units(passages) if each.span.first == turn), None)


def _listed(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
