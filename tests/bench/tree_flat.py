"""Do operations on the tree take as long at 50,000 entries as at 1,000?

Called by `tests.bench.tree`. Medians of a number of operations each, in milliseconds, with the
files and the journal on a disk that is told to keep what was written, as always.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from statistics import median
from typing import Any

from cairn.core.tree.markdown import render
from cairn.core.tree.noticing import notice
from cairn.core.tree.tree import Tree
from tests.bench.common import say
from tests.bench.tree_child import Command, Reply, obey, open_tree
from tests.bench.tree_model import Author

Figures = dict[str, Any]
SIZES = (1_000, 10_000, 50_000)
_TIMES = 40
_A_FOLDER = 200


def run_flat(home: Path, sizes: tuple[int, ...] = SIZES, times: int = _TIMES) -> Figures:
    author = Author(1, secrets=False)
    ids: list[str] = []
    table: dict[str, dict[str, float]] = {}
    for size in sizes:
        tree = open_tree(home)
        began = time.perf_counter()
        _grow(tree, author, ids, size)
        grown = time.perf_counter() - began
        tree.journal.close()
        began = time.perf_counter()
        tree = open_tree(home)
        tree.recover()
        opened = _ms(began)
        table[str(size)] = {**_measure(tree, author, ids, times), "open": opened}
        began = time.perf_counter()
        notice(tree)
        table[str(size)] |= {"whole sweep": _ms(began), "grown_s": round(grown, 1)}
        tree.journal.close()
    _print(table)
    first, last = table[str(sizes[0])], table[str(sizes[-1])]
    ratios = {name: round(last[name] / max(first[name], 0.01), 2) for name in first}
    return {"ms": table, f"ratio_{sizes[-1]}_to_{sizes[0]}": ratios}


def _grow(tree: Tree, author: Author, ids: list[str], size: int) -> None:
    """As when a tree is brought along: files first, then noticed together."""
    while len(ids) < size:
        entry = author.entry()
        path = tree.files.path(f"topic{len(ids) // _A_FOLDER:03}/{entry.id}.md")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(render(entry), "utf-8")
        ids.append(entry.id)
    notice(tree)


def _measure(tree: Tree, author: Author, ids: list[str], times: int) -> dict[str, float]:
    chance = author.chance
    made: list[Reply] = []

    def one(command: Callable[[], Command]) -> float:
        began_with = command()
        began = time.perf_counter()
        reply = obey(tree, began_with)
        took = _ms(began)
        if not reply.operation:
            raise SystemExit(f"{began_with.do} was refused: {reply.refused}")
        made.append(reply)
        return took

    def add() -> Command:
        entry = author.entry()
        ids.append(entry.id)
        return Command("add", (entry.id,), entry, f"topic000/{entry.id}.md")

    def update() -> Command:
        filed = tree.catalogue.get(some())
        assert filed
        return Command("update", (filed.entry.id,), replace(filed.entry, body=author.body()))

    def some() -> str:
        return chance.choice(ids)

    def two() -> tuple[str, str]:
        one, other = chance.sample(ids, 2)
        return one, other

    def archive() -> Command:
        return Command("archive", (ids.pop(),))

    found = {
        "add": median(one(add) for _ in range(times)),
        "update": median(one(update) for _ in range(times)),
        "undo": median(
            one(lambda: Command("undo", operation=made.pop().operation)) for _ in range(times)
        ),
        "relate": median(one(lambda: Command("relate", two())) for _ in range(times)),
        "supersede": median(one(lambda: Command("supersede", two())) for _ in range(times)),
        "move": median(
            one(lambda: Command("move", (some(),), path=f"moved{chance.randrange(10**9)}"))
            for _ in range(times)
        ),
        "archive": median(one(archive) for _ in range(times)),
        "user's edit noticed": median(_notice_one(tree, some(), author) for _ in range(times)),
        "log": median(_timed(lambda: tree.ledger.log(limit=20)) for _ in range(times)),
        "log of one": median(_timed(lambda: tree.ledger.log(some())) for _ in range(times)),
    }
    return {name: round(took, 2) for name, took in found.items()}


def _notice_one(tree: Tree, id: str, author: Author) -> float:
    filed = tree.catalogue.get(id)
    assert filed
    path = tree.files.path(filed.path)
    path.write_text(path.read_text("utf-8") + f"\n{author.sentence()}\n", "utf-8")
    return _timed(lambda: notice(tree, [path]))


def _timed(act: Callable[[], object]) -> float:
    began = time.perf_counter()
    act()
    return _ms(began)


def _ms(began: float) -> float:
    return round((time.perf_counter() - began) * 1000, 2)


def _print(table: dict[str, dict[str, float]]) -> None:
    say(f"{'ms':22}" + "".join(f"{size:>12}" for size in table))
    for name in next(iter(table.values())):
        say(f"{name:22}" + "".join(f"{row[name]:12.2f}" for row in table.values()))
