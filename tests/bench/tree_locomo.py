"""Curated entries against the gold facts of LoCoMo: coverage, density, and strict support.

    python -m tests.bench.tree_locomo --data /work/shared/data

Called by tests/bench/tree.py with entries from the real path, and alone with what the rules propose
for each sitting. The support check shares no code with the curators that it judges.
"""

from __future__ import annotations

import argparse
import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol

import Stemmer

from cairn.core.records import Source
from cairn.core.tree.curate.material import Proposal, Utterance
from tests.bench import dialogue_sets

_GOLD_SHARE = 0.5
_WORD = re.compile(r"[^\W_]+")
_TURN_ID = re.compile(r"D\d+:\d+")
_STOP = frozenset(
    "a about after again all also am an and any anything are as at be became been before being "
    "both but by can could d did do does doing done down each else ever every everything few for "
    "from further get gets getting go goes going gone gonna got gotten had has have having he her "
    "here hers herself him himself his how i if in into is isn it its itself just let ll lot "
    "lots m made make makes making many may me might mine more most much must my myself no nor not "
    "now of off on once one only or other others our ours ourselves out over own quite re really s "
    "same shall she should so some someone something still such t than that the their theirs them "
    "themselves then there these they thing things this those though through to together too under "
    "until up us ve very want wants was way we went were what when where which while who whom "
    "whose why will with would yet you your yours yourself because cause cuz im ive don didn doesn "
    "won wasn isn aren haven hasn hadn couldn wouldn shouldn cannot can't ain".split()
)
_NEGATION = re.compile(
    r"\b(?:not|no|never|nobody|nothing|none|neither|nor|without|cannot|cant|dont|didnt|wont|isnt|"
    r"wasnt|havent|doesnt)\b|n['’]t\b",
    re.IGNORECASE,
)  # fmt: skip
_MONTHS = (
    "january february march april may june july august september october november december".split()
)
_DAY = re.compile(
    rf"(?:\b\d{{1,2}} (?:to \d{{1,2}} )?)?\b(?:{'|'.join(_MONTHS)})\b(?: \d{{4}}\b)?"
    r"|\b(?:19|20)\d\d\b",
    re.IGNORECASE,
)
_WEEKDAYS = "monday tuesday wednesday thursday friday saturday sunday".split()
_TIME_WORDS = frozenset("week weekend around early late mid".split())


class Claim(Protocol):
    """What an Entry and a Proposal have in common here."""

    @property
    def body(self) -> str: ...
    @property
    def sources(self) -> tuple[Source, ...]: ...


@dataclass(frozen=True, slots=True)
class GoldFact:
    text: str
    turns: frozenset[str]
    """Addresses."""


@dataclass(frozen=True, slots=True)
class Said:
    text: str
    who: str
    when: str


@dataclass(frozen=True, slots=True)
class Gold:
    """The facts of one conversation, and what was said in it, by address."""

    name: str
    facts: tuple[GoldFact, ...]
    turns: dict[str, Said]

    @property
    def names(self) -> frozenset[str]:
        return frozenset(word for said in self.turns.values() for word in _words(said.who))


@dataclass(frozen=True, slots=True)
class Figures:
    turns: int
    entries: int
    facts: int
    reached: int
    """Facts of which an entry cites the turn."""
    covered: int
    in_bodies: int
    """Covered by what an entry says itself, without its quotes."""
    supported: int
    unsupported: tuple[str, ...]
    """Why, for each that is not."""

    def summary(self) -> dict[str, Any]:
        return {
            "turns": self.turns, "entries": self.entries, "facts": self.facts,
            "entries_per_100_turns": _share(self.entries * 100, self.turns),
            "reached": _share(self.reached, self.facts),
            "coverage": _share(self.covered, self.facts),
            "coverage_bodies": _share(self.in_bodies, self.facts),
            "supported": _share(self.supported, self.entries),
        }  # fmt: skip


def _share(part: int, whole: int) -> float:
    return round(part / whole, 4) if whole else 0.0


def load(data: Path) -> list[tuple[Gold, list[Utterance]]]:
    """Each conversation of the development half, as gold and as utterances."""
    files = sorted((data / "locomo").glob("locomo_dev.json"))
    pairs = []
    for file in files:
        items = json.loads(file.read_text("utf-8"))
        for item, dialogue in zip(items, dialogue_sets.load(file, "locomo"), strict=True):
            pairs.append(_pair(item, dialogue))
    return pairs


def _pair(item: dict[str, Any], dialogue: dialogue_sets.Dialogue) -> tuple[Gold, list[Utterance]]:
    uris = {turn.id: f"turns:{dialogue.name}#t{n}" for n, turn in enumerate(dialogue.turns, 1)}
    said = {
        uris[turn.id]: Said(turn.text, turn.author, turn.when.isoformat())
        for turn in dialogue.turns
    }
    facts = [
        GoldFact(text, frozenset(uris[i] for i in _TURN_ID.findall(str(ids)) if i in uris))
        for sitting in item["observation"].values()
        for stated in sitting.values()
        for text, ids in stated
    ]
    return Gold(dialogue.name, tuple(facts), said), utterances(dialogue)


def utterances(dialogue: dialogue_sets.Dialogue) -> list[Utterance]:
    names = sorted({turn.author for turn in dialogue.turns})
    return [
        Utterance(
            f"turns:{dialogue.name}#t{number}", turn.text, turn.author, "other",
            turn.when.isoformat(), turn.title,
            to=tuple(name for name in names if name != turn.author),
        )
        for number, turn in enumerate(dialogue.turns, 1)
    ]  # fmt: skip


def score(entries: Sequence[Claim], gold: Gold) -> Figures:
    names = gold.names
    held = [_held(entry, names) for entry in entries]
    reached = covered = in_bodies = 0
    for fact in gold.facts:
        wanted = stems(fact.text) - names
        citing = [each for each in held if each.turns & fact.turns]
        need = len(wanted) * _GOLD_SHARE
        reached += bool(citing)
        covered += any(len(wanted & (each.body | each.quotes)) >= need for each in citing)
        in_bodies += any(len(wanted & each.body) >= need for each in citing)
    faults = [fault for entry in entries if (fault := unsupported(entry, gold))]
    return Figures(
        len(gold.turns), len(entries), len(gold.facts), reached, covered, in_bodies,
        len(entries) - len(faults), tuple(faults),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Held:
    turns: frozenset[str]
    body: frozenset[str]
    quotes: frozenset[str]


def _held(entry: Claim, names: frozenset[str]) -> _Held:
    quotes = " ".join(source.quote for source in entry.sources)
    turns = frozenset(source.uri for source in entry.sources)
    return _Held(turns, stems(entry.body) - names, stems(quotes) - names)


@lru_cache(1)
def _stemmer() -> Stemmer.Stemmer:
    return Stemmer.Stemmer("english")


def _words(text: str) -> list[str]:
    return _WORD.findall(text.casefold().replace("’", "'"))


def stems(text: str) -> frozenset[str]:
    """Of the words that carry meaning."""
    return frozenset(_stemmer().stemWords([word for word in _words(text) if word not in _STOP]))


def unsupported(entry: Claim, gold: Gold) -> str:
    """Why an entry says more, or other, than its quotes; empty if it doesn't."""
    for source in entry.sources:
        said = gold.turns.get(source.uri)
        if said is None or not source.quote or source.quote not in said.text:
            return f"no such words at {source.uri}: {source.quote!r}"
    quotes = " ".join(source.quote for source in entry.sources)
    known = stems(quotes) | frozenset(_stemmer().stemWords(sorted(gold.names)))
    allowed = _dated(entry, gold)
    named = [word for span in _DAY.findall(entry.body) for word in _words(span)]
    rest = [*_words(_DAY.sub(" ", entry.body)), *(word for word in named if word not in allowed)]
    strange = [
        word for word in rest
        if word not in _STOP and _stemmer().stemWord(word) not in known
        and word not in (allowed & _TIME_WORDS)
    ]  # fmt: skip
    if strange:
        return f"not in the quotes: {strange} in {entry.body!r}"
    if len(_NEGATION.findall(entry.body)) != len(_NEGATION.findall(quotes)):
        return f"negation differs: {entry.body!r} from {quotes!r}"
    return ""


def _dated(entry: Claim, gold: Gold) -> frozenset[str]:
    """Words of the dates that follow from a phrase in a quote and the day it was said on."""
    allowed: set[str] = set()
    for source in entry.sources:
        said = date.fromisoformat(gold.turns[source.uri].when[:10])
        for low, high in _ranges(source.quote.casefold(), said):
            allowed |= _TIME_WORDS
            day = low
            while day <= high:
                allowed |= {str(day.year), _MONTHS[day.month - 1], str(day.day)}
                allowed.add(_WEEKDAYS[day.weekday()])
                day += timedelta(1)
    return frozenset(allowed)


_UNIT_DAYS = {
    "day": 1,
    "night": 1,
    "week": 7,
    "weekend": 7,
    "month": 31,
    "year": 366,
} | dict.fromkeys(("spring", "summer", "autumn", "fall", "winter"), 366)
_NUMBERS = {"a": 1, "an": 1, "one": 1, "two": 2, "couple": 2, "three": 3, "few": 5, "four": 4,
            "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10}  # fmt: skip
_UNITS = "|".join(_UNIT_DAYS)
_PHRASES: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"\b(?:today|tonight|now|this (?:morning|afternoon|evening))\b"), "here"),
    (re.compile(r"\b(?:yesterday|last night|the other day)\b"), "just before"),
    (re.compile(rf"\b(?:last|past) few ({_UNITS})s\b"), "lately"),
    (re.compile(r"\btomorrow\b"), "just after"),
    (re.compile(r"\bthe day (?:after tomorrow|before yesterday)\b|\b\d+(?:st|nd|rd|th)\b"), "near"),
    (re.compile(rf"\b(?:last|past|previous) ({_UNITS})\b"), "before"),
    (re.compile(rf"\b(?:next|coming|upcoming) ({_UNITS})\b"), "after"),
    (re.compile(rf"\b(?:this|that) ({_UNITS})\b"), "around"),
    (
        re.compile(
            rf"\b(?:an? )?({'|'.join(_NUMBERS)}|\d+)(?: of)? ({_UNITS})s? (?:ago|back|before)\b"
        ),
        "ago",
    ),
    (re.compile(rf"\bin ({'|'.join(_NUMBERS)}|\d+)(?: \w+)? ({_UNITS})s?\b"), "ahead"),
    (re.compile(rf"\b({'|'.join(d[:3] for d in _WEEKDAYS)})[a-z]*\b"), "week"),
    (re.compile(rf"\b({'|'.join(_MONTHS)})\b"), "month"),
)


def _ranges(quote: str, said: date) -> Iterable[tuple[date, date]]:
    """Days that a phrase may mean, generously."""
    for pattern, sense in _PHRASES:
        for match in pattern.finditer(quote):
            before, after = _reach(sense, match)
            yield said - timedelta(before), said + timedelta(after)


def _reach(sense: str, match: re.Match[str]) -> tuple[int, int]:
    if sense in ("ago", "ahead"):
        count = int(match[1]) if match[1].isdigit() else _NUMBERS[match[1]]
        days = min(count * _UNIT_DAYS[match[2]], 40_000)
        slack = _UNIT_DAYS[match[2]] + 2 if match[1] != "few" else days
        return (days + slack, slack - days) if sense == "ago" else (slack - days, days + slack)
    if sense in ("before", "after", "around"):
        unit = _UNIT_DAYS[match[1]]
        return {"before": (2 * unit, 0), "after": (0, 2 * unit), "around": (unit, unit)}[sense]
    if sense == "lately":
        return 5 * _UNIT_DAYS[match[1]], 0
    return {
        "near": (31, 31), "here": (0, 0), "just before": (7, 0), "just after": (0, 1),
        "week": (13, 13), "month": (366, 366),
    }[sense]  # fmt: skip


def propose(utterances: Sequence[Utterance]) -> list[Proposal]:
    """What the rules keep, sitting by sitting."""
    from cairn.core.tree.curate import rules

    sittings: dict[str, list[Utterance]] = {}
    for utterance in utterances:
        sittings.setdefault(utterance.title, []).append(utterance)
    return [proposal for said in sittings.values() for proposal in rules.propose(said)]


def run(data: Path) -> dict[str, Any]:
    each = {gold.name: score(propose(said), gold) for gold, said in load(data)}
    total = Figures(
        *(sum(getattr(one, name) for one in each.values()) for name in Figures.__slots__[:-1]),
        tuple(fault for one in each.values() for fault in one.unsupported),
    )
    return {
        "all": total.summary(),
        "each": {name: one.summary() for name, one in each.items()},
        "unsupported": list(total.unsupported[:40]),
    }


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    print(json.dumps(run(parser.parse_args().data), indent=1, ensure_ascii=False))
