"""The tree: what is curated, whether it survives a kill -9, and whether it stays quick.

`python -m tests.bench.tree [--dataset locomo|life] [--only PART] [--data DIR] [--json PATH|-]`

Parts: `locomo` (its data is below DIR), `life` and `demo` (entries against what is planted),
`flat`, `kills`, `index-kills` (80 at most, and not below /dev), `export`. Without `--only` or
`--dataset`, all of them for which there is data.
`--show N` lists so many of what was wrongly kept or missed.
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cairn.core.config import Config
from cairn.core.engine import Engine
from cairn.core.home import open_home
from cairn.core.records import Entry
from tests.bench.common import say, write_json
from tests.bench.life.build import build
from tests.bench.life.demo import demo_life
from tests.bench.life.gold import Life
from tests.bench.tree_life import Suggested, score

Figures = dict[str, Any]
_DEMO = Path(__file__).parents[2] / "assets" / "demo"
_NOW = datetime(2026, 9, 1, 9, tzinfo=UTC)
"""When the invented life and the demo's have been lived."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--dataset", choices=("locomo", "life"))
    parser.add_argument("--only", choices=[*_PARTS])
    parser.add_argument("--data", type=Path)
    parser.add_argument("--kills", type=int, default=300)
    parser.add_argument("--operations", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--show", type=int, default=0)
    parser.add_argument("--json")
    options = parser.parse_args()
    chosen = [options.only or options.dataset] if options.only or options.dataset else [*_PARTS]
    figures: Figures = {}
    for part in chosen:
        if part == "locomo" and options.data is None:
            if options.only or options.dataset:
                raise SystemExit("say where LoCoMo is, with `--data`")
            continue
        say(f"-- {part}")
        with tempfile.TemporaryDirectory() as folder:
            figures[part] = _PARTS[part](Path(folder), options)
    write_json(figures if len(chosen) > 1 else figures[chosen[0]], options.json)


# -- curation


def _locomo(folder: Path, options: argparse.Namespace) -> Figures:
    from tests.bench import tree_locomo

    found = tree_locomo.run(options.data)
    for name, value in found["all"].items():
        say(f"{name:34} {value}")
    return found


def _life(folder: Path, options: argparse.Namespace) -> Figures:
    return _curated(build(folder / "life", options.seed), folder / "life", folder, options)


def _demo(folder: Path, options: argparse.Namespace) -> Figures:
    shutil.copytree(_DEMO, folder / "demo")
    return _curated(demo_life(), folder / "demo", folder, options)


def _curated(life: Life, documents: Path, folder: Path, options: argparse.Namespace) -> Figures:
    with lived(folder / "home", documents) as engine:
        entries, suggested, names = gather(engine)
        asked = asked_names(engine, entries)
        queued = engine.waiting
        dead = engine.journal.counts().dead
    figures = score(life, entries, suggested, names, options.show, asked)
    return figures | {"jobs_left": queued, "jobs_given_up": dead}


@contextmanager
def lived(home: Path, documents: Path | None = None) -> Iterator[Engine]:
    """An engine that has taken in these documents and curated them."""
    engine = Engine(open_home(home), Config(), lambda: _NOW)
    try:
        if documents:
            for export in sorted(documents.rglob("*.turns.jsonl")):
                engine.conversations.take_in(export)
            engine.add(documents)
            engine.work()
            engine.upkeep.round()
            engine.work()  # what the upkeep wrote is indexed too
        yield engine
    finally:
        engine.close()


def gather(engine: Engine) -> tuple[list[Entry], list[Suggested], list[tuple[str, ...]]]:
    entries = [filed.entry for filed in engine.tree.catalogue.all()]
    suggested = [
        Suggested(review.kind, tuple(dict.fromkeys(
            (*review.entries, *(id for step in review.plan for id in step.entries)))))
        for review in engine.curation.reviews.open()
    ]  # fmt: skip
    names = [(thing.name, *thing.spellings) for thing in engine.curation.things.all()]
    return entries, suggested, names


def asked_names(engine: Engine, entries: list[Entry]) -> list[tuple[str, str]]:
    """Names of which a person is asked whether they are one's."""
    titles = {entry.id: entry.title for entry in entries}
    return [
        (titles[step.entries[0]], str(step.payload["name"]))
        for review in engine.curation.reviews.open()
        for step in review.plan
        if step.do == "alias" and step.entries[0] in titles
    ]


# -- the tree itself


def _flat(folder: Path, options: argparse.Namespace) -> Figures:
    from tests.bench.tree_flat import run_flat

    return run_flat(folder / "home")


def _kills(folder: Path, options: argparse.Namespace) -> Figures:
    from tests.bench.tree_kills import run_kills

    found = run_kills(folder / "home", options.kills, options.operations, options.seed)
    for name, value in found.items():
        say(f"{name:24} {value}")
    return found


def _index_kills(folder: Path, options: argparse.Namespace) -> Figures:
    from tests.bench.tree_index_kills import IndexTrial

    found = IndexTrial(folder, options.seed).run(min(options.kills, 80))
    for name, value in found.items():
        say(f"{name:24} {value}")
    return found


def _export(folder: Path, options: argparse.Namespace) -> Figures:
    from tests.bench.tree_export import run_export

    return run_export(folder, options.seed)


_PARTS: dict[str, Callable[[Path, argparse.Namespace], Figures]] = {
    "locomo": _locomo, "life": _life, "demo": _demo, "flat": _flat, "kills": _kills,
    "index-kills": _index_kills, "export": _export,
}  # fmt: skip

if __name__ == "__main__":
    main()
