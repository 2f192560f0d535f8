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
    reached = {one.edge.node: one for one in spread(small(life), "e_1", 3)}
    assert reached["e_2"].activation > reached["file:~/b.md"].activation
    assert "e_3" not in reached and "e_1" not in reached
    source, entry = reached["file:~/b.md"], reached["e_2"]
    assert [(one.parent, one.edge.type) for one in (entry, source)] == [
        ("e_1", "supersedes"), ("e_2", "source"),
    ]  # fmt: skip


def test_the_strongest_and_of_these_the_latest_come_first(life: Life):
    life.entry("e_1", folder="home", relations=[("supports", "e_2")])
    life.entry("e_2", folder="garden")
    life.entry("e_3", folder="home", at="2026-01-05")
    life.entry("e_4", folder="home", at="2026-02-05")
    graph = Graph.load(life.journal)
    assert [one.edge.node for one in spread(graph, "e_1", 1)] == ["e_2", "topic:home"]
    assert [one.edge.node for one in spread(graph, "topic:home", 1)] == ["e_1", "e_4", "e_3"]


def test_no_more_steps_are_made_than_asked_for(life: Life):
    for number in range(5):
        life.entry(f"e_{number}", relations=[("supports", f"e_{number + 1}")])
    graph = Graph.load(life.journal)
    assert {one.edge.node for one in spread(graph, "e_0", 2)} == {"e_1", "e_2"}
    assert {one.edge.node for one in spread(graph, "e_0", 4)} == {"e_1", "e_2", "e_3", "e_4"}
    assert spread(graph, "e_0", 0) == spread(graph, "e_0", 2, budget=0) == []


def test_every_way_back_ends_at_the_start(life: Life):
    chance = random.Random(5)
    for number in range(60):
        relations = [("supports", f"e_{chance.randrange(60):03}") for _ in range(3)]
        life.entry(f"e_{number:03}", relations=relations)
    graph = Graph.load(life.journal)
    parents = {one.edge.node: one.parent for one in spread(graph, "e_000", 4)}
    assert len(parents) > 40
    for node in parents:
        steps = 0
        while node != "e_000":
            node, steps = parents[node], steps + 1
        assert 0 < steps <= 4


def test_the_order_of_building_makes_no_difference(life: Life, tmp_path: Path):
    first = small(life)
    life.entry("e_1", "Changed")
    first.note_entry("e_1")
    life.entry(
        "e_1", "Budget agreed", sources=["file:~/a.md#L1"], relations=[("supersedes", "e_2")]
    )
    first.note_entry("e_1")
    again = Graph.load(life.journal)
    assert spread(first, TOM, 4) == spread(again, TOM, 4)
    assert neighbours(first, TOM) == neighbours(again, TOM)
    assert connect(first, ANNA, EVE) == connect(again, ANNA, EVE)


def test_a_hub_is_no_way_to_everything(life: Life):
    for number in range(450):
        life.entry(f"e_{number:03}", folder="inbox")
    life.entry("e_friend", folder="inbox", relations=[("supports", "e_000")])
    graph = Graph.load(life.journal)
    reached = {one.edge.node for one in spread(graph, "e_000", 4)}
    assert reached == {"e_friend", "topic:inbox"}


def test_a_hub_that_was_asked_for_leads_on(life: Life):
    for number in range(450):
        life.entry(f"e_{number:03}", folder="inbox")
    graph = Graph.load(life.journal)
    reached = spread(graph, "topic:inbox", 4)
    assert 0 < len(reached) <= 48
    life.entry("e_999", "Newest", folder="inbox", at="2026-09-09")
    graph.note_entry("e_999")
    assert "e_999" in {one.edge.node for one in spread(graph, "topic:inbox", 4)}


def test_work_is_bounded_by_the_budget(life: Life):
    chance = random.Random(3)
    for number in range(120):
        relations = [("supports", f"e_{chance.randrange(120):03}") for _ in range(8)]
        life.entry(f"e_{number:03}", relations=relations)
    graph = Graph.load(life.journal)
    assert len(spread(graph, "e_000", 4, budget=10)) <= 10
    assert len(spread(graph, "e_000", 4, budget=2_000)) > 20


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
