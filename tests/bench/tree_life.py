"""Entries of the tree against what is planted in the invented life: precision, recall, merging.

Called by `tests.bench.tree`. An entry is right if one of its quotes is a planted sentence at its
place and the kind is that one or a named neighbour; all others are wrong, except for pages about
people and projects that do occur. What cairn made of a thing is looked for by its sentences only.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from cairn.core.records import Entry, Source
from tests.bench.common import say
from tests.bench.life.dates import long_day
from tests.bench.life.gold import Life, Planted
from tests.bench.tree_match import document_of, matches, words

Figures = dict[str, Any]
NEIGHBOURS: dict[str, frozenset[str]] = {
    "fact": frozenset({"person", "project", "decision"}),
    "person": frozenset({"fact"}),
    "decision": frozenset({"fact", "project", "event"}),
    "preference": frozenset({"fact"}),
    "event": frozenset({"fact", "decision"}),
    "procedure": frozenset({"fact"}),
    "promise": frozenset(),
    "question": frozenset(),
}
"""Kinds that a person might as well have filed a thing under: "Tideline sits at Am Speicher 3
now" is a fact or a decision, "we moved the holiday to August" a decision or an event, "the cellar
door only opens if lifted" a procedure or a fact."""
_PAGES = frozenset({"person", "project", "summary"})


@dataclass(frozen=True, slots=True)
class Suggested:
    """What waits for a person: `merge`, `supersede` or `contradiction` of these entries."""

    kind: str
    entries: tuple[str, ...]


@dataclass(slots=True)
class Judged:
    """What is known of each entry by its sources."""

    things: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    """By entry: what it is right about, of whatever kind."""
    right: set[str] = field(default_factory=set)
    pages: set[str] = field(default_factory=set)
    """Neither right nor wrong: about people and projects that occur, and what is harmless."""
    wrong_kind: Counter[str] = field(default_factory=Counter)
    wrong: list[tuple[Entry, str]] = field(default_factory=list)
    """With where it comes from: a noise document, a trap, the filler."""
    said: dict[str, dict[str, set[int]]] = field(default_factory=dict)
    """By entry and thing: which of its sentences it rests on."""


def score(
    life: Life,
    entries: Sequence[Entry],
    suggested: Iterable[Suggested] = (),
    names: Iterable[Iterable[str]] = (),
    show: int = 0,
    asked: Iterable[tuple[str, str]] = (),
) -> Figures:
    """All figures; the wrong ones are listed with `show`. `names` are spellings held for one,
    `asked` such as a person is asked about."""
    entries = [entry for entry in entries if entry.kind != "summary"]
    judged = _judge(life, entries)
    figures: Figures = {"n": len(entries), "documents": len(life.documents), **_kinds(
        life, entries, judged)}  # fmt: skip
    figures |= _updates(life, entries, judged, list(suggested))
    figures |= _doubles(life, entries, judged, list(suggested))
    figures |= _names(life, entries, names, list(asked))
    figures |= _dates(life, entries, judged)
    figures |= _noise(life, entries, judged)
    figures["wrong_kind"] = dict(judged.wrong_kind.most_common())
    _print(figures)
    for entry, place in judged.wrong[:show]:
        say(f"  wrong {entry.kind:10} {place:24} {entry.body[:90]!r} <- {_quote(entry)[:90]!r}")
    if show:
        _print_missed(life, judged, show)
    return figures


def _judge(life: Life, entries: Sequence[Entry]) -> Judged:
    judged = Judged()
    planted = _by_document(life.planted)
    traps = _by_document(life.traps)
    harmless = _by_document(life.harmless)
    occurring = {" ".join(words(name)) for pair in life.names for name in pair}
    occurring |= {" ".join(words(each.line.subject)) for each in life.planted}
    occurring |= {" ".join(words(each.who)) for each in life.planted}
    for entry in entries:
        fits, others = False, ""
        for source in entry.sources:
            document = document_of(life, source.uri)
            for number, each in planted.get(document, ()):
                if not matches(source.quote, each):
                    continue
                thing, kind = each.line.thing, str(each.line.kind)
                judged.things[entry.id].add(thing)
                judged.said.setdefault(entry.id, {}).setdefault(thing, set()).add(number)
                if entry.kind == kind or entry.kind in NEIGHBOURS[kind]:
                    fits = True
                else:
                    others = f"{kind} as {entry.kind}"
        if fits:
            judged.right.add(entry.id)
        elif (entry.kind in _PAGES and " ".join(words(entry.title)) in occurring) or _is_among(
            life, entry, harmless
        ):
            judged.pages.add(entry.id)
        elif others:
            judged.wrong_kind[others] += 1
            judged.wrong.append((entry, others))
        else:
            judged.wrong.append((entry, _place(life, entry, traps)))
    return judged


def _by_document(planted: Iterable[Planted]) -> dict[str, list[tuple[int, Planted]]]:
    found: dict[str, list[tuple[int, Planted]]] = defaultdict(list)
    for number, each in enumerate(planted):
        found[each.document].append((number, each))
    return found


def _is_among(life: Life, entry: Entry, lines: dict[str, list[tuple[int, Planted]]]) -> bool:
    return any(
        matches(source.quote, each)
        for source in entry.sources
        for _, each in lines.get(document_of(life, source.uri), ())
    )


def _place(life: Life, entry: Entry, traps: dict[str, list[tuple[int, Planted]]]) -> str:
    for source in entry.sources:
        document = document_of(life, source.uri)
        if document in life.noise:
            return f"in {life.noise[document]}"
        for _, trap in traps.get(document, ()):
            if matches(source.quote, trap):
                return f"trap: {trap.line.trap}"
    return "filler" if entry.sources else "without a source"


def _kinds(life: Life, entries: Sequence[Entry], judged: Judged) -> Figures:
    things = life.things()
    found = {
        thing
        for entry in entries if entry.id in judged.right
        for thing in judged.things[entry.id]
    }  # fmt: skip
    by_kind: dict[str, Figures] = {}
    for kind in NEIGHBOURS:
        gold = [thing for thing, said in things.items() if said[0].line.kind == kind]
        made = [e for e in entries if e.kind == kind and e.id not in judged.pages]
        right = [entry for entry in made if entry.id in judged.right]
        by_kind[kind] = {
            "precision": _share(len(right), len(made)), "recall": _share(
                sum(thing in found for thing in gold), len(gold)),
            "entries": len(made), "planted": len(gold),
        }  # fmt: skip
    counted = len(entries) - len(judged.pages)
    return {
        "precision": _share(len(judged.right), counted),
        "recall": _share(len(found & set(things)), len(things)),
        "recall_sentences": _share(
            len({n for by in judged.said.values() for said in by.values() for n in said}),
            len(life.planted),
        ),
        "by_kind": by_kind,
    }


def _of_thing(entries: Sequence[Entry], judged: Judged) -> dict[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for entry in entries:
        for thing in judged.things.get(entry.id, ()):
            found[thing].add(entry.id)
    return found


def _updates(
    life: Life, entries: Sequence[Entry], judged: Judged, suggested: list[Suggested]
) -> Figures:
    made = _of_thing(entries, judged)
    known = {entry.id for entry in entries}
    done = {(entry.id, relation.to) for entry in entries for relation in entry.relations
            if relation.type == "supersedes" and relation.to in known}  # fmt: skip
    asked = [set(each.entries) for each in suggested if each.kind in ("supersede", "contradiction")]
    pairs = [(made[old], made[new]) for old, new in life.updates]
    hits = sum(
        any((b, a) in done for a in olds for b in news)
        or any(ids & olds and ids & news for ids in asked)
        for olds, news in pairs
    )
    both = sum(bool(olds and news) for olds, news in pairs)
    chained = [(made[old], made[new]) for old, new in _chained(life.updates)]
    good = [
        pair for pair in [*({a, b} for b, a in done), *asked]
        if any(pair & olds and pair & news for olds, news in chained)
    ]  # fmt: skip
    return {
        "supersede_recall": _share(hits, len(pairs)),
        "supersede_recall_where_both_found": _share(hits, both),
        "supersede_precision": _share(len(good), len(done) + len(asked)),
    }


def _chained(updates: Iterable[tuple[str, str]]) -> set[tuple[str, str]]:
    """With what a thing replaces in several steps."""
    pairs = set(updates)
    while more := {(a, d) for a, b in pairs for c, d in pairs if b == c} - pairs:
        pairs |= more
    return pairs


def _doubles(
    life: Life, entries: Sequence[Entry], judged: Judged, suggested: list[Suggested]
) -> Figures:
    """Is what was said in several documents one entry with several sources, or to become it?"""
    made = _of_thing(entries, judged)
    offered = [set(each.entries) for each in suggested if each.kind == "merge"]
    offered += [
        {entry.id, relation.to} for entry in entries for relation in entry.relations
        if relation.type == "supports"
    ]  # fmt: skip
    merged: Counter[str] = Counter()
    reachable: Counter[str] = Counter()
    told = life.things()
    said_twice = [thing for thing, said in told.items() if len(said) > 1]
    for thing in said_twice:
        found = [judged.said[id][thing] for id in made[thing]]
        if len(set().union(*found)) < 2:
            continue
        kind = str(told[thing][0].line.kind)
        reachable[kind] += 1
        merged[kind] += any(len(said) > 1 for said in found) or any(
            len(ids & made[thing]) > 1 for ids in offered
        )
    mixed = [
        id for id, things in judged.things.items()
        if len(things) > 1 and len([e for e in entries if e.id == id and len(e.sources) > 1])
    ]  # fmt: skip
    return {
        "duplicates": len(said_twice), "duplicates_found_twice": reachable.total(),
        "duplicates_merged": _share(merged.total(), reachable.total()),
        "duplicates_merged_by_kind": {
            kind: f"{merged[kind]} of {count}" for kind, count in sorted(reachable.items())
        },
        "wrong_merges": len(mixed),
        "said_once_kept_twice": sum(
            len(made[thing]) > 1 for thing, said in life.things().items() if len(said) == 1
        ),
    }  # fmt: skip


def _names(
    life: Life,
    entries: Sequence[Entry],
    names: Iterable[Iterable[str]],
    asked: Iterable[tuple[str, str]],
) -> Figures:
    groups = [{" ".join(words(name)) for name in group} for group in names]
    groups += [
        {" ".join(words(name)) for name in (entry.title, *entry.aliases)}
        for entry in entries if entry.aliases
    ]  # fmt: skip

    def pair_of(a: str, b: str) -> set[str]:
        return {" ".join(words(a)), " ".join(words(b))}

    def are_one(a: str, b: str) -> bool:
        pair = pair_of(a, b)
        return any(pair <= group for group in groups)

    questions = [pair_of(*each) for each in asked]
    return {
        "names_merged": _share(sum(are_one(pair[0], pair[1]) for pair in life.names),
                               len(life.names)),
        "names_asked_about": _share(
            sum(pair_of(pair[0], pair[1]) in questions for pair in life.names), len(life.names)),
        "names_asked_in_vain": sum(
            each not in [pair_of(pair[0], pair[1]) for pair in life.names] for each in questions),
        "names_wrongly_merged": sum(are_one(a, b) for a, b in life.apart),
    }  # fmt: skip


def _dates(life: Life, entries: Sequence[Entry], judged: Judged) -> Figures:
    things = life.things()
    right: Counter[str] = Counter()
    asked: Counter[str] = Counter()
    for entry in entries:
        for thing in judged.things.get(entry.id, ()):
            line = things[thing][0].line
            if entry.id not in judged.right or entry.kind != line.kind:
                continue
            if line.date and line.kind in ("promise", "event"):
                asked[line.kind] += 1
                right[line.kind] += _tells(entry, line.date)
            if line.value and line.kind in ("fact", "decision", "preference"):
                asked["value"] += 1
                text = " ".join(words(f"{entry.body} {entry.value}"))
                right["value"] += " ".join(words(line.value)) in text
    return {
        "promises_due_right": _share(right["promise"], asked["promise"]),
        "events_day_right": _share(right["event"], asked["event"]),
        "values_kept": _share(right["value"], asked["value"]),
    }


def _tells(entry: Entry, day: str) -> bool:
    if any(text.startswith(day) for text in (entry.valid_until, entry.valid_from, entry.value)):
        return True
    on = date.fromisoformat(day)
    return day in entry.body or f"{long_day(on)} {on.year}" in entry.body


def _noise(life: Life, entries: Sequence[Entry], judged: Judged) -> Figures:
    yielded: dict[str, set[str]] = defaultdict(set)
    for entry in entries:
        for source in entry.sources:
            document = document_of(life, source.uri)
            if document in life.noise:
                yielded[life.noise[document]].add(document)
    wrong = Counter(place for _, place in judged.wrong)
    return {
        "noise_documents": len(life.noise),
        "noise_documents_that_yield": sum(map(len, yielded.values())),
        "noise_by_sort": {sort: len(found) for sort, found in sorted(yielded.items())},
        "wrong_by_place": dict(wrong.most_common()),
    }


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None


def _quote(entry: Entry) -> str:
    return next((source.quote for source in entry.sources), "")


def _print(figures: Figures) -> None:
    say(f"{'kind':12} {'precision':>9} {'recall':>7} {'entries':>8} {'planted':>8}")
    for kind, row in figures["by_kind"].items():
        say(f"{kind:12} {_told(row['precision']):>9} {_told(row['recall']):>7} "
            f"{row['entries']:8} {row['planted']:8}")  # fmt: skip
    for name, value in figures.items():
        if name != "by_kind":
            say(f"{name:34} {_told(value) if not isinstance(value, dict) else value}")


def _told(value: float | int | None) -> str:
    return "-" if value is None else f"{value:.3f}" if isinstance(value, float) else str(value)


def _print_missed(life: Life, judged: Judged, show: int) -> None:
    found = {thing for id in judged.right for thing in judged.things[id]}
    missed = [said[0] for thing, said in life.things().items() if thing not in found]
    for each in missed[:: max(1, len(missed) // show)]:
        say(f"  missed {each.line.kind!s:10} {each.document:44} {each.line.text[:90]!r}")


def perfect(life: Life) -> list[Entry]:
    """What would score full marks: for trying out the scoring."""
    entries = []
    for thing, said in life.things().items():
        line = said[0].line
        sources = tuple(
            Source(f"file:~/life/{each.document}#L1", each.line.text, each.who, each.said)
            for each in said
        )
        entries.append(
            Entry(thing, line.subject, str(line.kind), f"{line.text} {line.value}", said[0].said,
                  valid_until=line.date, sources=sources)
        )  # fmt: skip
    return entries
