"""Is the tree the same after its index is made anew, and on another, empty machine?

Called by `tests.bench.tree`. Compared are every entry with its id, text and place, the people and
things, the open questions, and what is found for a set of questions, in its order.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cairn.core.engine import Engine
from cairn.core.uris import file_uri
from tests.bench.common import say
from tests.bench.life.build import build
from tests.bench.life.gold import Life

Figures = dict[str, Any]
_QUESTIONS = 60
_CARRIED = ("tree", "journal.db")


@dataclass(frozen=True, slots=True)
class _Shown:
    """What a person could see of a home."""

    entries: dict[str, tuple[str, str]]
    names: frozenset[tuple[int, str, tuple[str, ...]]]
    open: tuple[tuple[str, tuple[str, ...]], ...]
    found: tuple[tuple[str, ...], ...]


def run_export(folder: Path, seed: int = 1) -> Figures:
    from tests.bench.tree import lived

    life = build(folder / "life", seed)
    home = folder / "home"
    with lived(home, folder / "life") as engine:
        before = _settled(engine, life)
        engine.rebuild()
        rebuilt = _show(engine, life)
        held = _clear_catalogue(engine)
        renewed = _show(engine, life)
    elsewhere = folder / "elsewhere"
    elsewhere.mkdir()
    for name in _CARRIED:
        if (home / name).is_dir():
            shutil.copytree(home / name, elsewhere / name)
        else:
            shutil.copy2(home / name, elsewhere / name)
    with lived(elsewhere) as engine:
        engine.rebuild()
        moved = _settled(engine, life)
    figures: Figures = {"entries": len(before.entries), "questions": len(before.found),
                        "catalogue_rows_made_anew": held}  # fmt: skip
    for name, after in (("rebuilt", rebuilt), ("catalogue_anew", renewed), ("elsewhere", moved)):
        figures |= {f"{name}_{what}": value for what, value in _compare(before, after).items()}
    for name, value in figures.items():
        say(f"{name:34} {value}")
    return figures


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
    engine.compact()
    return _show(engine, life)


def _show(engine: Engine, life: Life) -> _Shown:
    entries = {
        filed.entry.id: (filed.path, engine.tree.files.read(filed.path) or "")
        for filed in engine.tree.catalogue.all()
    }
    asked = [each.line.text for each in life.planted[:: max(1, len(life.planted) // _QUESTIONS)]]
    own = file_uri(engine.home.tree)  # a tree that was carried elsewhere has other addresses
    found = tuple(
        tuple(each.address.replace(own, "tree:") for each in engine.search(text, 10).evidence)
        for text in asked
    )
    return _Shown(
        entries,
        frozenset((each.id, each.name, each.spellings) for each in engine.curation.things.all()),
        tuple((each.kind, each.entries) for each in engine.curation.reviews.open()),
        found,
    )


def _compare(before: _Shown, after: _Shown) -> Figures:
    """Everything zero when nothing is different."""
    ids = before.entries.keys() | after.entries.keys()
    return {
        "entries_differ": sum(before.entries.get(id) != after.entries.get(id) for id in ids),
        "names_differ": len(before.names ^ after.names),
        "questions_differ": len(set(before.open) ^ set(after.open)),
        "answers_differ": sum(a != b for a, b in zip(before.found, after.found, strict=True)),
    }
