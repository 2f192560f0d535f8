from __future__ import annotations

import random
from pathlib import Path

import pytest

from cairn.core.tree.graph.graph import Graph
from cairn.core.tree.graph.paths import connect
from cairn.core.tree.graph.rows import thing_node
from cairn.core.tree.graph.store import thing_of_entry
from cairn.core.tree.graph.together import named_together
from cairn.core.tree.graph.walk import neighbours, spread
from tests.tree.graph.life import Life

ANNA, TOM, EVE = (
    thing_node(thing_of_entry("person", name)) for name in ("Anna Berger", "Tom Reed", "Eve Stone")
)


@pytest.fixture
def life(tmp_path: Path) -> Life:
    return Life(tmp_path)


def small(life: Life) -> Graph:
    life.entry(
        "e_1", "Budget agreed", sources=["file:~/a.md#L1"], relations=[("supersedes", "e_2")]
    )
    life.entry("e_2", "Old budget", sources=["file:~/b.md#L1"])
    life.entry("e_3", "Unrelated")
    life.says("file:~/a.md", "Anna Berger", "Tom Reed", at="2026-03-02")
    life.says("file:~/b.md", "Tom Reed", "Eve Stone", at="2026-01-05")
    return Graph.load(life.journal)


def test_what_is_near_is_activated_most_and_what_is_apart_not_at_all(life: Life):
    reached = {one.node: one for one in spread(small(life), {"e_1": 1.0})}
    assert reached["e_2"].activation > reached["file:~/b.md"].activation
    assert "e_3" not in reached and "e_1" not in reached
    steps = reached["file:~/b.md"].path
    assert [step.source for step in steps] == ["e_1", "e_2"]
    assert [step.type for step in steps] == ["supersedes", "source"]


def test_two_seeds_meet_in_what_both_lead_to(life: Life):
    graph = small(life)
    one = {found.node: found.activation for found in spread(graph, {ANNA: 1.0})}
    both = {found.node: found.activation for found in spread(graph, {ANNA: 1.0, "e_2": 1.0})}
    assert both["e_1"] > one["e_1"]


def test_unknown_seeds_and_no_seeds_lead_nowhere(life: Life):
    graph = small(life)
    assert spread(graph, {}) == spread(graph, {"e_none": 1.0}) == spread(graph, {"e_1": 0.0}) == []
    assert spread(graph, {"e_1": 1.0}, budget=0) == []


def test_the_order_of_building_makes_no_difference(life: Life, tmp_path: Path):
    first = small(life)
    life.entry("e_1", "Changed")
    first.note_entry("e_1")
    life.entry(
        "e_1", "Budget agreed", sources=["file:~/a.md#L1"], relations=[("supersedes", "e_2")]
    )
    first.note_entry("e_1")
    again = Graph.load(life.journal)
    assert spread(first, {TOM: 1.0}) == spread(again, {TOM: 1.0})
    assert neighbours(first, TOM) == neighbours(again, TOM)
    assert connect(first, ANNA, EVE) == connect(again, ANNA, EVE)


def test_a_hub_is_no_way_to_everything(life: Life):
    for number in range(450):
        life.entry(f"e_{number:03}", folder="inbox")
    life.entry("e_friend", folder="inbox", relations=[("supports", "e_000")])
    graph = Graph.load(life.journal)
    reached = {one.node for one in spread(graph, {"e_000": 1.0})}
    assert reached == {"e_friend", "topic:inbox"}


def test_a_hub_that_was_asked_for_leads_on(life: Life):
    for number in range(450):
        life.entry(f"e_{number:03}", folder="inbox")
    graph = Graph.load(life.journal)
    reached = spread(graph, {"topic:inbox": 1.0})
    assert 0 < len(reached) <= 48
    life.entry("e_999", "Newest", folder="inbox", at="2026-09-09")
    graph.note_entry("e_999")
    assert "e_999" in {one.node for one in spread(graph, {"topic:inbox": 1.0})}


def test_work_is_bounded_by_the_budget(life: Life):
    chance = random.Random(3)
    for number in range(120):
        relations = [("supports", f"e_{chance.randrange(120):03}") for _ in range(8)]
        life.entry(f"e_{number:03}", relations=relations)
    graph = Graph.load(life.journal)
    assert len(spread(graph, {"e_000": 1.0}, budget=10)) <= 10
    assert len(spread(graph, {"e_000": 1.0}, budget=2_000)) > 20


def test_things_are_named_together_the_more_tellingly_the_rarer(life: Life):
    for number in range(6):
        life.says(f"file:~/{number}.md", "Tom Reed", *(["Anna Berger"] if number < 2 else []),
                  *(["Eve Stone"] if number < 2 else []))  # fmt: skip
    for number in range(6, 20):
        life.says(f"file:~/{number}.md", "Eve Stone")
    graph = Graph.load(life.journal)
    anna, eve = named_together(graph, TOM)
    assert (anna.node, anna.count, eve.node, eve.count) == (ANNA, 2, EVE, 2)
    assert anna.weight > eve.weight
    assert anna.evidence in ("file:~/0.md#t1", "file:~/1.md#t1")


def test_a_place_is_looked_at_with_a_few_of_its_names_only(life: Life):
    life.says("file:~/list.md", *(f"Person Numbered{n:03}x" for n in range(200)), "Tom Reed")
    graph = Graph.load(life.journal)
    assert len(named_together(graph, TOM, most=500)) <= 32


def test_how_two_are_connected_is_told_step_by_step(life: Life):
    graph = small(life)
    steps = connect(graph, ANNA, EVE)
    assert steps is not None
    walked = [node for node, _ in steps]
    assert walked == [ANNA, "file:~/a.md", TOM, "file:~/b.md"]
    assert [edge.node for _, edge in steps] == [*walked[1:], EVE]
    assert [edge.outward for _, edge in steps] == [False, True, False, True]


def test_what_is_not_connected_has_no_way(life: Life):
    graph = small(life)
    assert connect(graph, "e_1", "e_3") is None
    assert connect(graph, "e_1", "e_none") is None
    assert connect(graph, "e_1", "e_1") == []
