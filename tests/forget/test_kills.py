"""A forgetting that is killed at any of its steps is completed by whoever opens the home next."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from cairn.core.config import Config
from cairn.core.engine import Engine
from cairn.core.home import open_home
from tests.forget.killed import STEPS
from tests.forget.scenarios import World, holding

pytestmark = pytest.mark.timeout(900)
WORD = "zqkilled"
_LONGEST_S = 300


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    root = tmp_path_factory.mktemp("kills")
    engine = Engine(open_home(root / "home"), Config())
    world = World(engine, root / "life")
    world.write(
        "plan.md", f"# Garden\n\nWe decided to plant three {WORD} trees behind the house.\n"
    )
    world.write("other.md", "# Else\n\nThe boiler was serviced in May by the Petersen company.\n")
    engine.add(world.life)
    world.settle()
    engine.ask(f"Where are the {WORD} trees?")
    engine.close()
    yield root


@pytest.mark.parametrize("step", STEPS)
def test_a_killed_forgetting_goes_on(lived: Path, tmp_path: Path, step: str) -> None:
    home = tmp_path / "home"
    shutil.copytree(lived / "home", home)
    command = [sys.executable, "-m", "tests.forget.killed", str(home)]
    done = subprocess.run(
        [*command, str(lived / "life" / "plan.md"), step],
        capture_output=True, check=False, timeout=_LONGEST_S,
    )  # fmt: skip
    assert done.returncode == -signal.SIGKILL, done.stderr
    engine = Engine(open_home(home), Config())
    try:
        engine.work()
        (receipt,) = engine.keeping.forgetting.receipts()
        assert receipt.is_done and receipt.proof and receipt.proof.hits == ()
        engine.sweep()
        engine.work()
        assert holding(engine, WORD) == []
        assert list((home / "run").glob("forgetting-*")) == []
        assert engine.search("boiler").evidence
    finally:
        engine.close()
