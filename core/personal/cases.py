"""A memory and what its user said of answers → questions of which the right answer is known.

Called for `cairn bench self`. The same memory gives the same questions: what is drawn by lot is
drawn by the ids of passages. Nothing is asked here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from cairn.core.answer.feedback import Judged
from cairn.core.answer.session import Words
from cairn.core.recall.certain.calibration import questions
from cairn.core.recall.certain.probes import Rarity, rare_sentence, rarity
from cairn.core.recall.question.analyze import analyze
from cairn.core.records import Chunk, digest
from cairn.core.sentences import Quote, quotes
from cairn.core.times.phrases import find

CaseKind = Literal["found", "value", "absent", "good", "bad"]
"""`found`: the words of a rare sentence should lead to it; `value`: a number that was left out is
to be told; `absent`: nothing says it; `good` and `bad`: what the user said of an answer."""
KINDS: tuple[CaseKind, ...] = get_args(CaseKind)
_SAID_AT_MOST = 2
"""One of so many questions, at most, is from what the user said; the latest."""
_FEWEST_WORDS, _MOST_WORDS = 3, 4
_NUMBER = re.compile(r"(?<![\w.,:/-])\d[\d.,]*\d(?![\w:/-])|(?<![\w.,:/-])\d(?![\w.,:/-])")
_LONGEST = 300


@dataclass(frozen=True, slots=True)
class Case:
    kind: CaseKind
    text: str
    uri: str = ""
    """Where the answer stands."""
    hashes: tuple[str, ...] = ()
    """Of the sentences that say it, or that were cited."""
    value: str = ""
    """What must be told."""
    beside: Words = ()

    @property
    def id(self) -> str:
        """The same for the same question, without a word of it."""
        return digest(
            self.kind, self.text, *(part for pair in self.beside for part in pair), size=8
        )


def cases(passages: Sequence[Chunk], said: Sequence[Judged], most: int) -> list[Case]:
    """So many at most; `said` with the latest last."""
    judged = [_judged(each) for each in said[::-1][: most // _SAID_AT_MOST]]
    room = most - len(judged)
    told = rarity(passage.search_text for passage in passages)
    absent = [
        Case("absent", made.text) for made in questions(passages, room) if not made.has_answer
    ]
    values = _some(_values(passages, told), room // 4)
    taken = {case.hashes for case in values}
    found = [case for case in _found(passages, told) if case.hashes not in taken]
    mixed = _mixed(found, room // 8)
    absent = absent[: room // 4 - len(mixed)]
    rest = room - len(values) - len(absent) - len(mixed)
    return [*judged, *_some(iter(found), rest), *values, *absent, *mixed]


def _judged(said: Judged) -> Case:
    hashes = tuple(cite.hash for cite in said.cites)
    uri = said.cites[0].address.rpartition("#")[0] if said.cites else ""
    return Case(said.verdict, said.question, uri, hashes, "", said.beside)


def _some(made: Iterator[Case], most: int) -> list[Case]:
    """As many, each of another text and, as far as there are enough, of another document."""
    known: dict[str, Case] = {}
    for case in made:
        known.setdefault(case.text, case)
        if len(known) >= 4 * most:
            break
    by_document: dict[str, list[Case]] = {}
    for case in known.values():
        by_document.setdefault(case.uri, []).append(case)
    chosen: list[Case] = []
    while len(chosen) < most and any(by_document.values()):
        chosen += [waiting.pop(0) for waiting in by_document.values() if waiting]
    return chosen[:most]


def _found(passages: Sequence[Chunk], told: Rarity) -> Iterator[Case]:
    for passage in passages:
        probe = rare_sentence([passage], told)
        if probe is None or probe.is_short or len(probe.quote.text) > _LONGEST:
            continue
        words = _telling(probe.text, told)
        if len(words) >= _FEWEST_WORDS:
            yield Case("found", " ".join(words), passage.uri, (probe.quote.hash,))


def _mixed(found: Sequence[Case], most: int) -> list[Case]:
    """Half of one question and half of another, of two documents: near to both, said by neither."""
    made: list[Case] = []
    chosen = _some(iter(found), 2 * most)
    for one, other in zip(chosen[::2], chosen[1::2], strict=False):
        if one.uri != other.uri:
            words, others = one.text.split(), other.text.split()
            half = [*words[: _MOST_WORDS // 2], *others[-(_MOST_WORDS // 2) :]]
            made.append(Case("absent", " ".join(half)))
    return made


def _values(passages: Sequence[Chunk], told: Rarity) -> Iterator[Case]:
    for passage in passages:
        for quote in quotes(passage):
            if value := _number_in(quote):
                start, end = value
                words = _telling(quote.text[:start] + " " + quote.text[end:], told)
                if len(words) >= _FEWEST_WORDS:
                    asked = f"how much: {' '.join(words)}"
                    number = quote.text[start:end]
                    yield Case("value", asked, passage.uri, (quote.hash,), number)
                    break


def _number_in(quote: Quote) -> tuple[int, int] | None:
    """The only one of a sentence, if it is no part of a day."""
    if quote.is_heading or len(quote.text) > _LONGEST or quote.text.endswith("?"):
        return None
    days = find(quote.text, None)
    numbers = [
        match
        for match in _NUMBER.finditer(quote.text)
        if not any(when.start <= match.start() < when.end for when in days)
    ]
    return numbers[0].span() if len(numbers) == 1 else None


def _telling(text: str, told: Rarity) -> list[str]:
    """Rare words of it, in their order, but not the rarest, which alone would lead there; numbers
    don't count."""
    asked = analyze(text)
    pairs = dict(zip(asked.stems, asked.words, strict=True))
    words = [stem for stem, word in pairs.items() if word.isalpha()]
    rarest = sorted(words, key=lambda stem: (-told.of(stem), stem))
    kept = rarest[1 : _MOST_WORDS + 1] if len(rarest) > _FEWEST_WORDS else rarest
    return [pairs[stem] for stem in words if stem in kept]
