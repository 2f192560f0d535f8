"""Times the graph of the tree: loading it, updating it in place, walking it, noting names.

Run from the repository root: python -m tests.bench.graph [--entries 29500] [--json PATH|-]. The
life is invented: entries in folders with sources and relations, documents and conversations that
name people and things, some of them everywhere.
"""

from __future__ import annotations

import argparse
import multiprocessing
import random
import statistics
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

from cairn.core.journal import Journal
from cairn.core.tree.graph.found import Found
from cairn.core.tree.graph.graph import Graph
from cairn.core.tree.graph.paths import connect
from cairn.core.tree.graph.store import Things
from cairn.core.tree.graph.walk import spread
from tests.bench.common import say, write_json

_SYLLABLES = "ka lo mi ren ta vas bel dor fin gar hul jas kem lun mor nev pol ruk sim tor".split()
_DAY = "2026-03-02"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--entries", type=int, default=29_500)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--json", metavar="PATH", help="also write JSON there; - for stdout only")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        journal = Journal(Path(folder) / "journal.db")
        _live(journal, options.entries)
        figures = _measure(journal, Path(folder) / "journal.db", options.rounds)
        journal.close()
    write_json(figures, options.json)


def _live(journal: Journal, entries: int) -> None:
    """Rows as the catalogue and the store of things would have written them."""
    chance = random.Random(7)
    folders = [f"d{n % 12}/topic{n % 400}/sub{n}" for n in range(max(1, entries // 12))]
    boxes = [f"file:~/notes/n{n}.md" for n in range(entries // 2)]
    things = entries // 3
    rows, sources, relations, mentions = [], [], [], set()
    for n in range(entries):
        name, path = f"e_{n:07}", f"{chance.choice(folders)}/n{n}.md"
        rows.append({"id": name, "path": path, "spot": path, "kind": "fact", "archived": 0,
                     "title": f"Title of {n}", "created": _DAY, "links": "[]"})  # fmt: skip
        for ordinal in range(1 + n % 2):
            box = chance.choice(boxes)
            sources.append((name, ordinal, box, f"{box}#L{n}", "", "", _DAY, ""))
        if n % 2:
            target = f"e_{chance.randrange(entries):07}"
            relations.append((name, 0, "supports", target))
        mentions |= {(name, _often(chance, things)) for _ in range(2)}
    mentions |= {(box, _often(chance, things)) for box in boxes for _ in range(3)}
    with journal.write() as db:
        columns = [name for _, name, *_ in db.execute("PRAGMA table_info(entries)")]
        values = ", ".join("coalesce(:" + name + ", '')" for name in columns)
        db.executemany(
            f"INSERT INTO entries VALUES ({values})",
            [{**dict.fromkeys(columns), **row} for row in rows],
        )
        db.executemany(f"INSERT INTO entry_sources VALUES ({', '.join('?' * 8)})", sources)
        db.executemany("INSERT INTO entry_relations VALUES (?, ?, ?, ?)", relations)
        names = [(n + 1, f"Person {n}", "person") for n in range(things)]
        db.executemany("INSERT INTO things(id, name, kind) VALUES (?, ?, ?)", names)
        db.executemany(
            "INSERT INTO mentions VALUES (?, ?, 'person', ?, ?, ?, ?, 1)",
            [(box, f"Person {n}", f"person {n}", n + 1, f"{box}#1", _DAY) for box, n in mentions],
        )


def _often(chance: random.Random, things: int) -> int:
    """Few are named everywhere, most hardly ever."""
    return min(things - 1, int(chance.paretovariate(0.6)) - 1)


def _measure(journal: Journal, path: Path, rounds: int) -> dict[str, Any]:
    chance = random.Random(1)
    graph = Graph.load(journal)
    pairs = [(_load_ms(path), _ms(lambda: _plain(graph))) for _ in range(rounds)]
    loads = [mine for mine, _ in pairs]
    ratio = statistics.median(mine / plain for mine, plain in pairs)
    edges = graph.nx.number_of_edges()
    say(f"{len(graph)} nodes, {edges} edges: loaded in {statistics.median(loads):.0f} ms "
        f"({min(loads):.0f} to {max(loads):.0f}), {ratio:.2f} of what networkx takes "
        "for the same edges from memory")  # fmt: skip
    names = [name for name in graph.nx if name.startswith("e_")]
    hub = max(graph.nx, key=graph.degree)
    updates = [_ms(lambda: graph.note_entry(chance.choice(names))) for _ in range(1_000)]
    nodes = sorted(graph.nx)

    def walk() -> None:
        spread(graph, chance.choice(nodes), 2)

    walks = [_ms(walk) for _ in range(300)]
    spread(graph, hub, 2)  # what is worked out of a hub is remembered until a change
    from_hub = [_ms(lambda: spread(graph, hub, 2)) for _ in range(20)]
    ways = [_ms(lambda: connect(graph, *chance.sample(nodes, 2))) for _ in range(50)]
    notes = _note_times(Things(journal), chance)
    figures = {
        "nodes": len(graph), "edges": edges,
        "load_ms": statistics.median(loads), "load_ratio_to_networkx": ratio,
        "update_ms": _quantiles(updates), "spread_ms": _quantiles(walks),
        "hub_edges": graph.degree(hub), "spread_from_hub_ms": _quantiles(from_hub),
        "connect_ms": _quantiles(ways), "note_ms": _quantiles(notes),
    }  # fmt: skip
    for name in ("update_ms", "spread_ms", "spread_from_hub_ms", "connect_ms", "note_ms"):
        say(f"{name:>20}  median {figures[name]['p50']:8.2f}  p95 {figures[name]['p95']:8.2f}")
    return figures


def _load_ms(path: Path) -> float:
    """In a process of its own, as a daemon loads its graph once; networkx is there already."""
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:
        return pool.submit(_load, path).result()


def _load(path: Path) -> float:
    import networkx  # noqa: F401

    journal = Journal(path)
    return _ms(lambda: Graph.load(journal))


def _plain(graph: Graph) -> object:
    """The same nodes and edges by networkx alone, so that a busy machine slows both."""
    import networkx as nx

    copy = nx.DiGraph()
    copy.add_nodes_from(graph.nx.nodes(data=True))
    copy.add_edges_from(graph.nx.edges(data=True))
    return copy


def _note_times(things: Things, chance: random.Random) -> list[float]:
    """Conversations of twelve names each, from a few hundred people."""
    people = [f"{_word(chance)} {_word(chance)}" for _ in range(400)]
    spent = []
    for number in range(400):
        chosen = chance.sample(people, 6)
        spellings = [*chosen, *(name.split()[0] for name in chosen)]
        found = [Found(text, "person", f"chat:x/{number}#t1", _DAY) for text in spellings]
        container = f"chat:x/{number}"
        spent.append(_ms(lambda c=container, f=found: things.note(c, f)))  # type: ignore[misc]
    return spent


def _word(chance: random.Random) -> str:
    return "".join(chance.choices(_SYLLABLES, k=3)).capitalize()


def _ms(work: Callable[[], object]) -> float:
    """Without what it takes to throw the result away, which is no part of the work."""
    start = time.perf_counter()
    made = work()
    spent = (time.perf_counter() - start) * 1e3
    del made
    return spent


def _quantiles(times: list[float]) -> dict[str, float]:
    cuts = statistics.quantiles(times, n=20)
    return {"p50": statistics.median(times), "p95": cuts[-1]}


if __name__ == "__main__":
    main()
