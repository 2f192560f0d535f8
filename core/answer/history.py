"""An answer's citations → the entries that rest on them, and what was true before, told in a line.

Called after an answer is composed. "550 euros until 8 March 2026, then 400 euros until 19 April
2026, since then 380 euros": every value keeps its own source, so that each can be opened.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from cairn.core.answer.compose import spell_date
from cairn.core.recall.entries.pointers import When
from cairn.core.recall.question.analyze import Question
from cairn.core.recall.words import stems
from cairn.core.records import Answer, Chunk, Citation, Entry, Sentence, normalize
from cairn.core.sentences import quotes
from cairn.core.tree.catalogue import Filed
from cairn.core.tree.curate.likeness import same_value

_MOST_VALUES = 5
_NAMED_BY_SUBJECT = frozenset(("amount", "value", "number"))
_YOU = frozenset(("you", "me", "user"))


def with_entries(
    answer: Answer, entries: Sequence[Filed], uri_of: Callable[[Filed], str]
) -> Answer:
    """Each citation with the ids of the entries that rest on the same words, or that it is."""
    own = {uri_of(filed): filed.entry.id for filed in entries}
    return replace(
        answer,
        citations=tuple(
            replace(
                citation,
                entries=(own[citation.uri],)
                if citation.uri in own
                else tuple(_resting(citation, entries)),
            )
            for citation in answer.citations
        ),
    )


def _resting(citation: Citation, entries: Sequence[Filed]) -> list[str]:
    said = normalize(citation.quote)
    found = [
        filed.entry.id
        for filed in entries
        for source in filed.entry.sources
        if source.uri.partition("#")[0] == citation.uri
        and (normalize(source.quote) in said or said in normalize(source.quote))
    ]
    return list(dict.fromkeys(found))[:5]


def is_asked(question: Question, entry: Entry) -> bool:
    """Is it what the question is about? A cited sentence may tell of several things."""
    if stems(f"{entry.subject} {entry.attribute}") & set(question.stems):
        return True
    return question.kind == "amount" and any(letter.isdigit() for letter in entry.value)


def values_of(chain: Sequence[Filed]) -> list[Filed]:
    """The entries that tell of a new value, the oldest first; what repeats one tells nothing."""
    told: list[Filed] = []
    for filed in chain:
        is_placed = filed.entry.valid_from or filed.entry.valid_until
        value = filed.entry.value if is_placed else ""  # nobody knows since when
        if value and (not told or not same_value(told[-1].entry.value, value)):
            told.append(filed)
    return told[-_MOST_VALUES:] if len(told) > 1 else []


def tell(
    answer: Answer, told: Sequence[Filed], passages: Mapping[str, list[Chunk]], when: When
) -> Answer:
    """The answer with one sentence more, that says which value held until when."""
    citations = list(answer.citations)
    numbers = []
    for filed in told:
        citation = cite(filed, passages.get(filed.entry.id, ()), len(citations) + 1)
        if citation is None:
            return answer  # what can't be opened is not claimed
        known = next(
            (c for c in citations if (c.uri, c.hash) == (citation.uri, citation.hash)), None
        )
        if known is None:
            citations.append(citation)
        numbers.append((known or citation).number)
    sentence = Sentence(_line(told, when), tuple(dict.fromkeys(numbers)))
    return replace(answer, sentences=(*answer.sentences, sentence), citations=tuple(citations))


def _line(told: Sequence[Filed], when: When) -> str:
    parts: list[str] = []
    ended = ""
    for at, filed in enumerate(told):
        follows = _since(told[at + 1]) if at + 1 < len(told) else ""
        until = _until(filed, follows, when)
        begins = "" if not at else "then " if ended == _since(filed) else f"from {_day(filed)} on "
        if not follows and not until:
            begins = "since then " if ended == _since(filed) else f"since {_day(filed)} "
        said = f"{begins}{_value(filed)}"
        parts.append(f"{said} until {_spell(until)}" if until else said)
        ended = until
    return f"In short, {_name(told[-1].entry)}: {', '.join(parts)}."


def _until(filed: Filed, follows: str, when: When) -> str:
    """When it ceased to hold; what was still ahead at the moment asked for is not told."""
    until = filed.entry.valid_until[:10]
    if until and when.knows(until) and (not follows or until < follows):
        return until
    return follows


def _name(entry: Entry) -> str:
    subject, attribute = entry.subject.strip(), entry.attribute.strip()
    if subject.casefold() in _YOU:
        return f"your {attribute}"
    if attribute in _NAMED_BY_SUBJECT or attribute in subject.casefold().split():
        return subject
    return f"{subject}'s {attribute}" if subject[:1].isupper() else f"{subject} {attribute}".strip()


def _value(filed: Filed) -> str:
    return spell_date(filed.entry.value) or filed.entry.value


def _since(filed: Filed) -> str:
    return (filed.entry.valid_from or filed.entry.created)[:10]


def _day(filed: Filed) -> str:
    return _spell(_since(filed))


def _spell(when: str) -> str:
    """Also a month or year alone."""
    if len(when) == len("2026-03"):
        return spell_date(f"{when}-01").partition(" ")[2] or when
    return spell_date(when) or when[:10]


def cite(filed: Filed, passages: Sequence[Chunk], number: int) -> Citation | None:
    """The whole sentence that an entry's quote stands in, or the entry's own."""
    wanted = [normalize(source.quote) for source in filed.entry.sources if source.quote]
    wanted.append(normalize(filed.entry.body))
    for chunk in passages:
        for quote in quotes(chunk):
            text = normalize(chunk.text[quote.start : quote.end])
            if any(said in text or text in said for said in wanted):
                return Citation(
                    number, chunk.uri, quote.span, chunk.title, quote.text, chunk.when, quote.hash,
                    entries=(filed.entry.id,),
                )  # fmt: skip
    return None
