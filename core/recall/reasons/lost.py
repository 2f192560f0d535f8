"""The trail of a search and the passages of one target → at which step the target was lost.

Called for `why-not … --for …` and for documents that a probe does not find. It asks each channel
again for far more than a search takes, so a rank is told even where it is beyond all that was
looked at; nothing is searched in another way than the search did.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

from cairn.core.recall.certain.probes import Rarity
from cairn.core.recall.question.analyze import STOP, Question
from cairn.core.recall.reasons.plainly import channel, listed, ordinal
from cairn.core.recall.search import Results, Trail
from cairn.core.recall.units import all_units, passage_id
from cairn.core.recall.words import each_word, stems
from cairn.core.records import Chunk, Evidence, Span, Unit
from cairn.core.tree.catalogue import Filed
from cairn.core.uris import container

_MOST = 20_000
"""How far down a channel is followed."""
Step = Literal[
    "found", "nothing", "same text", "filtered", "too far down", "not matched", "other time",
    "its source", "superseded", "name only", "its own", "too weak", "beyond the limit",
]  # fmt: skip
"""Where it is lost; `its own`: others of its conversation or document come before it."""
_HELPED: tuple[Step, ...] = ("too far down", "not matched", "its own", "beyond the limit")
_TELLING, _SHORTEST = 3, 4
"""Words of its own that are told, and their letters at least."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What should have been found: all of these passages, or a place in them, or an entry."""

    passages: Mapping[str, Chunk]
    """By their ids."""
    unit: Unit | None = None
    first: int = 0
    last: int = 0
    entry: str = ""

    def holds(self, span: Span) -> bool:
        if self.unit is None:
            return True
        return span.unit == self.unit and span.first <= self.last and span.last >= self.first

    def has(self, unit: Chunk) -> bool:
        return passage_id(unit.id) in self.passages and self.holds(unit.span)

    def is_at(self, item: Evidence) -> bool:
        if self.entry and self.entry in item.entries:
            return True
        span = item.at if item.chunk.kind == "chat" else item.chunk.span
        return item.chunk.id in self.passages and self.holds(span)


@dataclass(frozen=True, slots=True)
class Met:
    """Where a target is in what one channel finds."""

    channel: str
    rank: int
    """0: it is not among what it finds."""
    of: int
    """How many passages it finds, as far as it was followed."""
    score: float
    """The channel's own."""
    passage: str
    """The id of the one that it finds first."""


@dataclass(frozen=True, slots=True)
class Weighed:
    """A part of the score: of the target, and of the last result that is shown."""

    part: str
    score: float
    adds: float
    worth: float
    last_adds: float


@dataclass(frozen=True, slots=True)
class Trace:
    rank: int
    """Among the results, from 1; 0 when it is lost."""
    shown: int
    """How many results there are."""
    address: str
    """The place in the target that came nearest."""
    taken: int
    """How many passages of each channel are looked at."""
    met: tuple[Met, ...]
    place: int
    """Among all that were weighed, from 1; 0 when it was not."""
    weighed: int
    score: float
    last_score: float
    parts: tuple[Weighed, ...]
    lacking: tuple[str, ...]
    """Words of the question that are not in it, the rarest first."""
    telling: tuple[str, ...]
    """Words that it could be found by."""
    step: Step
    reason: str


def trace(wanted: Wanted, results: Results, rarity: Rarity) -> Trace:
    """Needs results that come with their trail."""
    trail = results.trail
    assert trail is not None, "a search always leaves a trail"
    met = tuple(_met(name, trail, wanted) for name in trail.reach)
    item = next((each for each in results.evidence if wanted.is_at(each)), None)
    unit = _nearest(wanted, results, trail, met, item)
    at = next((at for at, each in enumerate(trail.scored.units) if unit and each.id == unit.id), -1)
    last = results.evidence[-1] if results.evidence else None
    told = Trace(
        item.rank if item else 0,
        len(results.evidence),
        item.address if item else _address(unit) if unit else "",
        trail.size,
        met,
        _place(unit, trail) if at >= 0 and unit else 0,
        len(trail.scored.units),
        float(trail.scored.total[at]) if at >= 0 else 0.0,
        last.score if last else 0.0,
        _parts(at, trail, last),
        _lacking(results.question, unit, trail) if unit else (),
        (), "found", "",
    )  # fmt: skip
    step, reason = _reason(told, unit, results, trail)
    helps = step in _HELPED and unit and unit.kind != "file"
    telling = _telling(unit, results.question, rarity) if helps and unit else ()
    return replace(told, step=step, reason=reason, telling=telling)


def _met(name: str, trail: Trail, wanted: Wanted) -> Met:
    own = {id for id, each in wanted.passages.items() if wanted.holds(each.span)}
    pairs = trail.pool.channels.get(name, [])
    if not any(id in own for id, _ in pairs):
        pairs = trail.reach[name](_MOST)
    found = ((at, score, id) for at, (id, score) in enumerate(pairs, start=1) if id in own)
    rank, score, id = next(found, (0, 0.0, ""))
    return Met(name, rank, len(pairs), round(float(score), 4), id)


def _nearest(
    wanted: Wanted, results: Results, trail: Trail, met: tuple[Met, ...], item: Evidence | None
) -> Chunk | None:
    """The unit of the target that came furthest; of those that were not weighed, the passage that
    a channel finds first, or else that holds most of the question."""
    mine = {unit.id: unit for unit in trail.found.chunks.values() if wanted.has(unit)}
    if item:
        mine = {id: u for id, u in mine.items() if passage_id(id) == item.chunk.id} or mine
    for id in (*trail.stood, *trail.ranked):
        if id in mine:
            return mine[id]
    first = min((each for each in met if each.rank), key=lambda each: each.rank, default=None)
    passages = [wanted.passages[first.passage]] if first else wanted.passages.values()
    units = [unit for unit in all_units(passages) if wanted.holds(unit.span)]
    asked = frozenset(results.question.stems)
    return max(units, key=lambda unit: len(stems(unit.search_text) & asked), default=None)


def _place(unit: Chunk, trail: Trail) -> int:
    """In the order as it stands in the end, as far as the tree looked at it."""
    for order in (trail.stood, trail.ranked):
        if unit.id in order:
            return order.index(unit.id) + 1
    return 0


def _address(unit: Chunk) -> str:
    return unit.uri if unit.kind == "file" else unit.address


def _parts(at: int, trail: Trail, last: Evidence | None) -> tuple[Weighed, ...]:
    if at < 0:
        return ()
    scored = trail.scored
    theirs = {hit.channel: hit.adds for hit in last.hits if not hit.rank} if last else {}
    return tuple(
        Weighed(
            name, round(float(column[at]), 4), round(float(scored.adds[name][at]), 4),
            round(scored.worth[name], 4), theirs.get(name, 0.0),
        )
        for name, column in scored.parts.items()
    )  # fmt: skip


def _lacking(question: Question, unit: Chunk, trail: Trail) -> tuple[str, ...]:
    there = stems(unit.search_text)
    pairs = zip(question.words, question.stems, strict=True)
    known = {
        word: trail.weights[stem] for word, stem in pairs if stem in trail.weights.keys() - there
    }
    return tuple(sorted(known, key=lambda word: (-known[word], word)))


def _telling(unit: Chunk, question: Question, rarity: Rarity) -> tuple[str, ...]:
    """The rarest words of its own, of those the longest."""
    words: dict[str, str] = {}
    for word, stem in each_word(unit.text):
        is_telling = len(word) >= _SHORTEST and word.isalpha() and word.casefold() not in STOP
        if is_telling and stem not in question.stems:
            words.setdefault(stem, word)
    rarest = sorted(words, key=lambda stem: (-rarity.of(stem), -len(stem)))[:_TELLING]
    return tuple(words[stem] for stem in rarest)


# -- in words


def _reason(told: Trace, unit: Chunk | None, results: Results, trail: Trail) -> tuple[Step, str]:
    if told.rank:
        return "found", f"it is result {told.rank} of {told.shown}"
    if unit is None:
        return "nothing", "nothing of it is in the index"
    if trail.standing and not trail.standing.admits(unit):
        return "filtered", "it is left out by what was asked for beside the question"
    if twin := _twin(unit, results):
        return "same text", f"the same stands in {twin.address}, which is result {twin.rank}"
    if not told.place:
        return _not_taken(told, unit, results)
    if unit.id not in trail.stood:
        return _not_stood(told, unit, trail)
    if newer := _newer(unit, trail):
        title = f"“{newer.entry.title}” ({newer.entry.id})"
        return "superseded", f"it is superseded: {title} stands before it"
    if unit.kind == "file":
        return "name only", "only its name is known, and what was read comes before such files"
    if before := _of_its_own(unit, results):
        same = "turns of its conversation" if unit.kind == "chat" else "passages of its document"
        return "its own", f"{before} of the {told.shown} that are shown are other {same}"
    if told.place <= told.shown:
        return "too weak", "it has too little to do with the question to be a file that answers it"
    return "beyond the limit", f"it is {ordinal(told.place)} of all, and {told.shown} are shown"


def _not_taken(told: Trace, unit: Chunk, results: Results) -> tuple[Step, str]:
    places = [
        f"{ordinal(each.rank)} by its {channel(each.channel)}" for each in told.met if each.rank
    ]
    if places:
        looked = f"the first {told.taken} of each are looked at"
        return "too far down", f"it is too far down: {listed(places)}, and {looked}"
    what = "its name, which is all that is known of it," if unit.kind == "file" else "it"
    said = f"none of the question's words is in {what}"
    if len(told.lacking) < len(set(results.question.words)):
        said = "the question's words are found in too many others"
    if any(each.channel == "vector" for each in told.met):
        said += " and its meaning is too far from the question's"
    return "not matched", said


def _not_stood(told: Trace, unit: Chunk, trail: Trail) -> tuple[Step, str]:
    standing = trail.standing
    if standing and not standing.is_of_now:
        return "other time", "it is of another time than the one that was asked for"
    place = trail.ranked.index(unit.id)
    filed = standing.pointers.curated(unit) if standing else None
    if filed and place < len(trail.stood):
        source = filed.entry.sources[0].uri
        return "its source", f"{source}, which it rests on, is shown in its place"
    return "beyond the limit", f"it is {ordinal(place + 1)} of all, and {told.shown} are shown"


def _newer(unit: Chunk, trail: Trail) -> Filed | None:
    """What superseded all that the unit says, if that stands before it."""
    mine = trail.found.resting.get(unit.id, [])
    if not mine or not trail.standing:
        return None
    newer = trail.standing.pointers.successors(mine, trail.standing.when)
    is_behind = unit.id not in trail.ranked or (
        trail.stood.index(unit.id) > trail.ranked.index(unit.id)
    )
    if not is_behind or not all(filed.entry.id in newer for filed in mine):
        return None
    return newer[mine[0].entry.id]


def _twin(unit: Chunk, results: Results) -> Evidence | None:
    """A result that says word for word the same somewhere else."""
    text = " ".join(unit.text.split())
    for item in results.evidence:
        is_elsewhere = item.chunk.doc_id != unit.doc_id
        if is_elsewhere and text and text in " ".join(item.chunk.text.split()):
            return item
    return None


def _of_its_own(unit: Chunk, results: Results) -> int:
    own = container(unit.uri)
    return sum(container(item.chunk.uri) == own for item in results.evidence)
