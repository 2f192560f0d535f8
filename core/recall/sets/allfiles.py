"""A question for all files of a kind, or all mails of somebody → these files, the newest first.

Called by the engine's door to asking, before anything is searched: "list my PDFs" and "which mails
are from Tomas" name no topic that passages could be ranked by.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from cairn.core.index import Index
from cairn.core.recall.narrow.allowed import Allowed
from cairn.core.recall.narrow.filters import ME, Filters
from cairn.core.recall.question.analyze import Question
from cairn.core.recall.question.hints import KINDS
from cairn.core.recall.search import Results
from cairn.core.records import Chunk, Evidence, Kind
from cairn.core.sentences import quotes
from cairn.core.uris import container

_KINDS: tuple[tuple[str, Kind], ...] = (
    *KINDS,
    (r"(?:e-?)?mails?|letters", "mail"),
    (r"notes|notizen", "note"),
    (r"pictures|photos?|images|bilder|fotos", "image"),
)
_THINGS = "|".join(f"(?P<k{at}>{words})" for at, (words, _) in enumerate(_KINDS))
_NAME = r"[^\W\d_][\w.'’-]*(?: [^\W\d_][\w.'’-]*){0,2}?"
_EVERY = re.compile(
    r"\W*(?:please |can you |could you )?"
    r"(?:(?:(?:list|show|find|give|zeige?|liste)(?: me| mir| us)?|which|what|welche[nrs]?)\b ?)?"
    r"(?:(?:all|alle|of|the|my|our|die|meine[nr]?|unsere)\b ?)*"
    rf"(?:{_THINGS})(?: (?:files?|documents?|docs?|dateien|dokumente))?"
    r"(?: auf| (?:do|did) (?:i|we) (?:have|get)| have (?:i|we)(?: got)?| (?:i|we) have"
    r"| (?:are|were)(?: there)?| came(?: in)?| habe ich| gibt es| sind| kamen)?"
    rf"(?: (?:from|by|sent by|written by|von) (?P<by>{_NAME})"
    rf"| did (?P<who>{_NAME}) (?:send|write)(?: me| us)?)?\W*\Z",
    re.IGNORECASE,
)


def every(question: Question, filters: Filters) -> Filters | None:
    """What all of them have in common; None where the question is about something."""
    found = _EVERY.match(question.text)
    if not found:
        return None
    kind = next(kind for at, (_, kind) in enumerate(_KINDS) if found[f"k{at}"])
    person = found["by"] or found["who"] or ""
    if filters.kinds and kind not in filters.kinds:
        return None
    if person.casefold() in ME and not filters.person:
        return replace(filters, kinds=(kind,), origins=("user",))
    return replace(filters, kinds=(kind,), person=filters.person or person)


def all_files(
    question: Question, allowed: Allowed, index: Index, modified: Callable[[str], str], most: int
) -> Results:
    """The first passage of each, or of each mail of a mailbox."""
    days: dict[str, str] = {}
    for doc_id, uri, when in index.table.places(allowed.where):
        days[doc_id] = max(days.get(doc_id, ""), when or modified(uri))
    newest = sorted(days, key=lambda id: (days[id], id), reverse=True)[:most]
    passages = index.passages(newest)
    firsts = (chunk for id in newest for chunk in _firsts(passages.get(id, ()), allowed))
    evidence = tuple(_evidence(chunk, at) for at, chunk in enumerate(firsts, start=1))
    return Results(question, evidence[:most], (), "", (), of_files=True)


def _firsts(passages: Sequence[Chunk], allowed: Allowed) -> Iterator[Chunk]:
    seen: set[tuple[str, int]] = set()
    for chunk in sorted(passages, key=lambda each: each.ordinal):
        place = container(chunk.uri), chunk.span.first if chunk.span.unit == "m" else 0
        if place not in seen and allowed.admits(chunk):
            seen.add(place)
            yield chunk


def _evidence(chunk: Chunk, rank: int) -> Evidence:
    first = quotes(chunk)[0]
    return Evidence(chunk, rank, 0.0, 1.0, (), first.text, first.span)
