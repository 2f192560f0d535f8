"""A memory's own sentences → how many of the questions made from them would be answered, and how
many of the same form about nothing in it.

Driven by the engine while nothing is queued, a few questions at a time; shown by `doctor`. It moves
no threshold: none that was fitted to such questions did better on real ones than the same for all.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Container, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from random import Random

from cairn.core.errors import CairnError
from cairn.core.index import Index
from cairn.core.journal import Journal
from cairn.core.recall.certain.probes import rare_sentence, rarity
from cairn.core.recall.question.analyze import analyze
from cairn.core.recall.search import Results
from cairn.core.recall.words import each_word, stems
from cairn.core.records import Chunk

_META = "recall.tried"
_QUESTIONS = 200
"""Of each sort."""
_FEWEST = 20
"""Passages; of fewer nothing can be said."""
_AT_ONCE = 10
_SAMPLE = 1000
"""Passages that questions are made from, and that say how rare a word is."""
_FEWEST_WORDS, _MOST_WORDS, _SHORTEST = 3, 5, 3
_GROWN = 1.2
_TOGETHER = 200
_LIKE = 100
"""Words about as rare are those of so many places before and after."""
_OF_OTHERS = "kind NOT IN ('file', 'entry', 'episode')"
"""What people wrote or said; the rest is cairn's."""


@dataclass(frozen=True, slots=True)
class Tried:
    """What came of it, and of which state of the memory."""

    table: str
    passages: int
    asked: int = 0
    """Questions made from the memory's own sentences."""
    answered: int = 0
    absent: int = 0
    """Questions about nothing in it."""
    mistaken: int = 0
    """Those of them that would be answered all the same."""

    def fits(self, table: str, passages: int) -> bool:
        """Is it of about this state?"""
        more, fewer = max(passages, self.passages), min(passages, self.passages)
        return self.table == table and more <= fewer * _GROWN


@dataclass(frozen=True, slots=True)
class Made:
    """A question that was made up."""

    text: str
    has_answer: bool


class Trial:
    def __init__(
        self,
        journal: Journal,
        index: Callable[[], Index],
        look: Callable[[str], Results],
        threshold: float,
    ) -> None:
        self._journal = journal
        self._index = index
        self._look = look
        self._threshold = threshold
        self._seen: object = None
        """The state of the index that is tried, or that needs no trial."""
        self._left: list[Made] = []
        self._so_far = Tried("", 0)

    @property
    def tried(self) -> Tried | None:
        """What came of the last one; None before the first."""
        kept = self._journal.get_meta(_META)
        return Tried(**json.loads(kept)) if kept else None

    def round(self, stop: Callable[[], bool]) -> bool:
        """Ask a few if the memory has grown; whether more are left."""
        if stop() or not (self._left or self._begin()):
            return False
        for _ in range(min(_AT_ONCE, len(self._left))):
            if stop():
                return True
            if not self._ask(self._left.pop()):
                self._left.clear()  # until something changes
                return False
        if not self._left:
            self._journal.set_meta(_META, json.dumps(asdict(self._so_far)))
        return bool(self._left)

    def _begin(self) -> bool:
        index = self._index()
        if self._seen == index.state:
            return False
        self._seen = index.state
        table, passages = index.table.name, index.table.count()
        tried = self.tried
        if passages < _FEWEST or (tried and tried.fits(table, passages)):
            return False
        self._so_far = Tried(table, passages)
        self._left = questions(sample(index), _QUESTIONS)
        return bool(self._left)

    def _ask(self, made: Made) -> bool:
        """Whether it could be asked as a person would ask it, by words and meaning."""
        try:
            results = self._look(made.text)
        except CairnError:
            return False
        best = max((item.relevance for item in results.evidence), default=0.0)
        yes, so_far = best >= self._threshold, self._so_far
        if made.has_answer:
            so_far = replace(so_far, asked=so_far.asked + 1, answered=so_far.answered + yes)
        else:
            so_far = replace(so_far, absent=so_far.absent + 1, mistaken=so_far.mistaken + yes)
        self._so_far = so_far
        return not results.degraded


def sample(index: Index) -> list[Chunk]:
    """As good as drawn by lot, and the same every time: ids are digests."""
    return index.table.fetch(sorted(index.table.matching(_OF_OTHERS))[:_SAMPLE])


def questions(passages: Sequence[Chunk], most: int) -> list[Made]:
    """So many of each sort: a few words of a rare sentence, and as many, about as rare, that never
    stand together."""
    lot = Random(0)
    words = _Words(passages)
    made = []
    for passage in lot.sample(passages, min(most, len(passages))):
        asked = words.telling(passage, lot)
        if len(asked) < _FEWEST_WORDS:
            continue
        made.append(Made(" ".join(words.spelled(stem) for stem in asked), True))
        others = words.strangers(asked, lot)
        if len(others) >= _FEWEST_WORDS:
            made.append(Made(" ".join(words.spelled(stem) for stem in others), False))
    return made


class _Words:
    """Of a sample: how they are spelled, how rare they are, and which stand together."""

    def __init__(self, passages: Sequence[Chunk]) -> None:
        self._rarity = rarity(passage.search_text for passage in passages)
        spelled: dict[str, str] = {}
        self._holders: dict[str, set[int]] = {}
        for at, passage in enumerate(passages):
            for word, stem in each_word(passage.text):
                if word.isalpha() and len(word) >= _SHORTEST:
                    spelled.setdefault(stem, word)
            for stem in stems(passage.search_text):
                self._holders.setdefault(stem, set()).add(at)
        self._spelled = {stem: spelled[stem] for stem in _telling(list(spelled.values()), spelled)}
        self._by_rarity = sorted(self._spelled, key=lambda stem: (self._held(stem), stem))
        self._places = {stem: at for at, stem in enumerate(self._by_rarity)}

    def spelled(self, stem: str) -> str:
        return self._spelled[stem]

    def telling(self, passage: Chunk, lot: Random) -> list[str]:
        """Those that carry the meaning of its rarest sentence, in their order, some left out."""
        probe = rare_sentence([passage], self._rarity)
        if probe is None or probe.is_short:
            return []
        found = list(dict.fromkeys(analyze(probe.text).stems))
        found = [stem for stem in found if stem in self._spelled]
        kept = sorted(lot.sample(range(len(found)), min(_MOST_WORDS, len(found))))
        return [found[at] for at in kept]

    def strangers(self, asked: Sequence[str], lot: Random) -> list[str]:
        """For each another one, so that no two stand in one passage; those that stand nearly
        everywhere have none."""
        found: list[str] = []
        for stem in asked:
            at = self._places[stem]
            like = self._by_rarity[max(0, at - _LIKE) : at + _LIKE + 1]
            drawn = lot.sample(like, len(like))
            other = next((each for each in drawn if self._is_strange(each, found, asked)), None)
            found += [other] if other else []
        return found

    def _is_strange(self, stem: str, found: Sequence[str], asked: Sequence[str]) -> bool:
        held = self._holders.get(stem, set())
        return stem not in asked and not any(
            held & self._holders.get(each, set()) for each in found
        )

    def _held(self, stem: str) -> int:
        return len(self._holders.get(stem, ()))


def _telling(words: Sequence[str], among: Container[str]) -> Iterator[str]:
    """The stems of those that are not passed over in a question."""
    for start in range(0, len(words), _TOGETHER):
        found = analyze("; ".join(words[start : start + _TOGETHER])).stems
        yield from (stem for stem in found if stem in among)
