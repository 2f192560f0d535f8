"""What is forgotten is gone from every byte of the home, and nothing that is read again brings it
back."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from cairn.core.config import Config
from cairn.core.engine import Engine
from cairn.core.home import open_home
from tests.forget.scenarios import SCENARIOS, Scenario, World, holding, prepared

pytestmark = pytest.mark.timeout(900)  # the first one waits for a whole life to be read


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    root = tmp_path_factory.mktemp("forget")
    engine = Engine(open_home(root / "home"), Config())
    world = World(engine, root / "life")
    prepared(world)
    yield world
    engine.close()


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda each: each.name)
def test_no_byte_is_left_and_none_comes_back(world: World, scenario: Scenario) -> None:
    engine, word = world.engine, scenario.word
    assert holding(engine, word) or scenario.name == "benchmark"
    named = scenario.selector(world, word)
    selector, between = (named, None) if isinstance(named, str) else named
    receipt = engine.apply(engine.plan_forget(selector, between))
    assert holding(engine, word) == []
    assert receipt.proof is not None and receipt.proof.hits == ()
    scenario.again(world, word)
    world.settle()
    assert holding(engine, word) == []
