"""Is the memory the same after its index is made anew, and on another, empty machine?

Called by `tests.bench.tree`. Compared are every entry with its id, text and place, the people and
things, the graph, the open questions, the user's page, what happened to files, and what is found
and answered for a set of questions, in its order and with its scores.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cairn.core.engine import Engine
from cairn.core.journal import Journal
from cairn.core.tree.graph.graph import Graph
from cairn.core.uris import tree_uri
from tests.bench.common import say
from tests.bench.life.build import build
from tests.bench.life.gold import Life

Figures = dict[str, Any]
_QUESTIONS = 60
_EVER = datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class _Shown:
    """What a person could see of a home, wherever it lies."""

    entries: dict[str, tuple[str, str]]
    names: frozenset[tuple[int, str, tuple[str, ...]]]
    graph: frozenset[tuple[object, ...]]
    open: tuple[tuple[str, tuple[str, ...]], ...]
    page: str
    events: tuple[tuple[object, ...], ...]
    found: tuple[tuple[object, ...], ...]
    answers: tuple[tuple[object, ...], ...]


def run_export(folder: Path, seed: int = 1) -> Figures:
    from tests.bench.tree import lived

    life = build(folder / "life", seed)
    with lived(folder / "home", folder / "life") as engine:
        _use(engine)
        before = _settled(engine, life)
        engine.rebuild()
        rebuilt = _show(engine, life)
        held = _clear_catalogue(engine)
        renewed = _show(engine, life)
        engine.keeping.export.write(folder / "out")
    with lived(folder / "another machine" / "memory") as engine:
        engine.keeping.export.read(folder / "out")
        moved = _settled(engine, life)
    figures: Figures = {
        "entries": len(before.entries), "links": len(before.graph), "events": len(before.events),
        "page": len(before.page), "questions": len(before.found), "catalogue_rows_made_anew": held,
    }  # fmt: skip
    for name, after in (("rebuilt", rebuilt), ("catalogue_anew", renewed), ("elsewhere", moved)):
        figures |= {f"{name}_{what}": value for what, value in _compare(before, after).items()}
    for name, value in figures.items():
        say(f"{name:34} {value}")
    return figures


def _use(engine: Engine) -> None:
    """What a person does with a memory."""
    paths = [filed.path for filed in engine.tree.catalogue.all(archived=False)]
    for path in paths[::20]:
        engine.memory.edit(path, (engine.tree.files.read(path) or "").rstrip() + "\n\nYes.\n")
    engine.memory.archive(paths[5:100:10])
    engine.memory.undo(engine.memory.archive(paths[3:4]).id)
    engine.remember("The spare key of the cellar is with Jonas.")
    mine = "---\nid: e_mine\nkind: fact\nsubject: me\norigin: user\n---\nMy blood group is A.\n"
    (engine.home.tree / "blood-group.md").write_text(mine)
    engine.memory.notice()
    engine.journal.set_meta("life.seen", "2026-08-31T09:00:00+00:00")


def _clear_catalogue(engine: Engine) -> int:
    """What is derived of the files goes, and comes back by looking at them."""
    with engine.journal.write() as db:
        count = int(db.execute("DELETE FROM entries").rowcount)
        db.execute("DELETE FROM entry_sources")
        db.execute("DELETE FROM entry_relations")
    engine.memory.notice()
    return count


def _settled(engine: Engine, life: Life) -> _Shown:
    """With nothing left to do, and no rows of the past that words are still weighed by."""
    engine.sweep()
    engine.work()
    engine.upkeep.round()
    engine.work()
    engine.compact()
    return _show(engine, life)


def _show(engine: Engine, life: Life) -> _Shown:
    asked = [each.line.text for each in life.planted[:: max(1, len(life.planted) // _QUESTIONS)]]
    files, root = engine.tree.files, engine.home.tree
    events = engine.journal.events(*_EVER)
    return _Shown(
        {
            filed.entry.id: (filed.path, files.read(filed.path) or "")
            for filed in engine.tree.catalogue.all()
        },
        frozenset((each.id, each.name, each.spellings) for each in engine.curation.things.all()),
        _links(engine.journal),
        tuple((each.kind, each.entries) for each in engine.curation.reviews.open()),
        engine.tree.files.read("profile.md") or "",
        tuple(
            (each.at, each.kind, tree_uri(each.uri, root), tree_uri(each.was, root), each.size)
            for each in events
        ),
        tuple(_found(engine, text) for text in asked),
        tuple(_answer(engine, text) for text in asked),
    )


def _links(journal: Journal) -> frozenset[tuple[object, ...]]:
    graph = Graph.load(journal)
    nodes = {(name, graph.node(name)) for name in graph.nx}
    edges = {
        (name, target, kind, link)
        for name in graph.nx
        for target, links in graph.out(name).items()
        for kind, link in links.items()
    }
    return frozenset(nodes | edges)


def _found(engine: Engine, text: str) -> tuple[object, ...]:
    """A tree that was carried elsewhere has other addresses, and nothing else."""
    return tuple(
        (
            tree_uri(each.address, engine.home.tree), each.chunk.id, each.score, each.relevance,
            each.hits, each.entries, each.modified,
        )
        for each in engine.search(text, 10).evidence
    )  # fmt: skip


def _answer(engine: Engine, text: str) -> tuple[object, ...]:
    answer = engine.ask(text)
    cited = [(tree_uri(each.uri, engine.home.tree), each.span, each.entries, each.state)
             for each in answer.citations]  # fmt: skip
    return answer.sentences, tuple(cited), answer.confidence, answer.abstained, answer.reason


def _compare(before: _Shown, after: _Shown) -> Figures:
    """Everything zero when nothing is different."""
    ids = before.entries.keys() | after.entries.keys()
    return {
        "entries_differ": sum(before.entries.get(id) != after.entries.get(id) for id in ids),
        "names_differ": len(before.names ^ after.names),
        "links_differ": len(before.graph ^ after.graph),
        "questions_differ": len(set(before.open) ^ set(after.open)),
        "page_differs": int(before.page != after.page),
        "events_differ": len(set(before.events) ^ set(after.events)),
        "evidence_differs": sum(a != b for a, b in zip(before.found, after.found, strict=True)),
        "answers_differ": sum(a != b for a, b in zip(before.answers, after.answers, strict=True)),
    }
