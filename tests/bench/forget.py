"""Things that are forgotten, each in its own way: is a byte left, does one come back?

`python -m tests.bench.forget`: one home with all scenarios of the tests. Of each: where it was,
what is left once it is forgotten, what is back once everything is swept and read again. Zero is the
only number that passes.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path

from cairn.core.config import Config
from cairn.core.engine import Engine
from cairn.core.home import open_home
from tests.bench.common import write_json
from tests.forget.scenarios import SCENARIOS, Scenario, World, holding, prepared


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--json")
    arguments = parser.parse_args()
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        engine = Engine(open_home(Path(folder) / "home"), Config())
        world = World(engine, Path(folder) / "life")
        prepared(world)
        print(f"{'scenario':22} {'places':>7} {'left':>5} {'back':>5} {'seconds':>8}")
        for scenario in SCENARIOS:
            row = tried(world, scenario)
            rows.append(row)
            print(f"{row['name']:22} {row['places']:7} {row['left']:5} {row['back']:5} "
                  f"{row['seconds']:8.1f}", flush=True)  # fmt: skip
        engine.close()
    bad = sum(bool(row["left"] or row["back"]) for row in rows)
    print(f"{len(rows)} scenarios, {bad} with a byte left or back")
    write_json({"scenarios": rows}, arguments.json)
    return int(bad > 0)


def tried(world: World, scenario: Scenario) -> dict[str, str | int | float]:
    engine, word = world.engine, scenario.word
    places = len(holding(engine, word))
    named = scenario.selector(world, word)
    selector, between = (named, None) if isinstance(named, str) else named
    started = time.monotonic()
    engine.apply(engine.plan_forget(selector, between))
    seconds = time.monotonic() - started
    left = len(holding(engine, word))
    scenario.again(world, word)
    world.settle()
    back = len(holding(engine, word))
    return {
        "name": scenario.name, "places": places, "left": left, "back": back,
        "seconds": round(seconds, 1),
    }  # fmt: skip


if __name__ == "__main__":
    raise SystemExit(main())
