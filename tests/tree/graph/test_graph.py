from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cairn.core.tree.graph.graph import Graph
from cairn.core.tree.graph.rows import thing_node
from cairn.core.tree.graph.store import thing_of_entry
from tests.tree.graph.life import Life

NOTES = "file:~/notes/garden.md"


@pytest.fixture
def life(tmp_path: Path) -> Life:
    return Life(tmp_path)


def content(graph: Graph) -> tuple[Any, ...]:
    """All there is to know of a graph, but for the order it came in."""
    inner = (graph._folders, +graph._children, graph._named, graph._naming)
    edges = {(a, b): dict(links) for a, b, links in graph.nx.edges(data=True)}
    return dict(graph.nx.nodes(data="node")), edges, inner


def person(name: str) -> str:
    return thing_node(thing_of_entry("person", name))


def test_entries_are_in_folders_and_folders_in_folders(life: Life):
    life.entry("e_1", "Budget", folder="home/garden")
    graph = Graph.load(life.journal)
    assert list(graph.out("e_1")) == ["topic:home/garden"]
    assert list(graph.out("topic:home/garden")) == ["topic:home"]
    assert graph.out("e_1")["topic:home/garden"]["part_of"].at == "2026-03-02"


def test_sources_relations_and_mentions_are_edges_with_evidence(life: Life):
    life.entry("e_1", "Old budget")
    life.entry("e_2", "Budget", sources=[f"{NOTES}#L4", f"{NOTES}#L9"],
               relations=[("supersedes", "e_1"), ("supports", f"{NOTES}#L4")])  # fmt: skip
    life.says(NOTES, "Anna Berger", "Berger, Anna")
    graph = Graph.load(life.journal)
    assert graph.out("e_2")["e_1"]["supersedes"].evidence == "e_2"
    source = graph.out("e_2")[NOTES]["source"]
    assert (source.evidence, source.times) == (f"{NOTES}#L4", 2)
    assert graph.out("e_2")[NOTES]["supports"].evidence == f"{NOTES}#L4"
    mention = graph.out(NOTES)[person("Anna Berger")]["mentions"]
    assert (mention.times, mention.evidence) == (2, f"{NOTES}#t1")
    assert graph.node(person("Anna Berger")).title == "Anna Berger"


def test_an_entry_about_a_person_leads_to_that_person(life: Life):
    life.entry("e_anna", "Anna Berger", kind="person")
    life.says(NOTES, "Anna Berger")
    life.things.follow_entries()
    graph = Graph.load(life.journal)
    assert "about" in graph.out("e_anna")[person("Anna Berger")]


def test_links_by_name_lead_to_the_only_bearer(life: Life):
    life.entry("e_1", "Budget", links=["garden", "Old Budget", "nowhere"])
    life.entry("e_2", "Old budget", folder="home/garden")
    graph = Graph.load(life.journal)
    assert {node for node, kinds in graph.out("e_1").items() if "links" in kinds} == {
        "e_2", "topic:home/garden",
    }  # fmt: skip
    life.entry("e_3", "OLD BUDGET")
    graph.note_entry("e_3")
    assert "e_2" not in graph.out("e_1")  # two bear that name now
    life.drop("e_2")
    graph.drop_entry("e_2")
    assert list(graph.out("e_1")) == ["e_3"]


def test_a_relation_to_a_deleted_entry_stays_visible(life: Life):
    life.entry("e_1", "Old")
    life.entry("e_2", "New", relations=[("supersedes", "e_1")])
    graph = Graph.load(life.journal)
    life.drop("e_1")
    graph.drop_entry("e_1")
    assert graph.node("e_1").kind == "missing"
    life.drop("e_2")
    graph.drop_entry("e_2")
    assert len(graph) == 0


def test_a_renamed_thing_is_shown_by_its_new_name(life: Life):
    life.says(NOTES, "@sunny77")
    graph = Graph.load(life.journal)
    (thing,) = life.things.all()
    life.things.rename(thing.id, "Sunny")
    graph.note_thing(thing.id)
    assert graph.find("sunny") == [thing_node(thing.id)]
    assert content(graph) == content(Graph.load(life.journal))


def test_a_type_that_a_user_wrote_is_kept_whatever_it_is(life: Life):
    life.entry("e_1", relations=[("u_of_edge", "e_2"), ("", "e_2"), ("\x00<b>", "e_2")])
    life.entry("e_2", relations=[("supports", "e_2")])  # to itself: no edge
    graph = Graph.load(life.journal)
    assert set(graph.out("e_1")["e_2"]) == {"u_of_edge", "", "\x00<b>"}
    graph.note_entry("e_1")
    graph.note_entry("e_2")
    assert content(graph) == content(Graph.load(life.journal))


_IDS = ["e_1", "e_2", "e_3", "e_4"]
_TITLES = ["Budget", "Garden", "Anna Berger", "garden", "Tom"]
_NAMES = ["Anna Berger", "Anna", "@aberger", "Arthur Berger", "Tom", "Garden"]
_TARGETS = [*_IDS, *_TITLES, NOTES, "home/garden", "home", "nowhere"]
_BOXES = [NOTES, "chat:a/1", "e_1", "e_3"]


def _some(values: list[str], most: int) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(values), max_size=most, unique=True)


_ENTRY = st.fixed_dictionaries({
    "title": st.sampled_from(_TITLES),
    "folder": st.sampled_from(["", "home", "home/garden", "work"]),
    "kind": st.sampled_from(["fact", "person", "project"]),
    "links": _some(_TARGETS, 3),
    "aliases": _some(_NAMES, 1),
    "sources": _some([f"{NOTES}#L1", f"{NOTES}#L2", "chat:a/1#t1"], 2),
    "relations": st.lists(
        st.tuples(st.sampled_from(["supersedes", "part_of", "mentions", "about"]),
                  st.sampled_from(_TARGETS)), max_size=2),
    "archived": st.integers(0, 1),
})  # fmt: skip
_STEP = st.one_of(
    st.tuples(st.just("entry"), st.sampled_from(_IDS), _ENTRY),
    st.tuples(st.just("drop"), st.sampled_from(_IDS), st.none()),
    st.tuples(st.just("says"), st.sampled_from(_BOXES), _some(_NAMES, 3)),
    st.tuples(st.just("rename"), st.sampled_from(_NAMES), st.sampled_from(["", "Budget", "Zed"])),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(_STEP, max_size=10))
def test_a_graph_kept_up_to_date_equals_one_loaded_afresh(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, str, Any]]
):
    life = Life(tmp_path_factory.mktemp("life"))
    graph = Graph.load(life.journal)
    try:
        for step, name, detail in steps:
            _take(life, graph, step, name, detail)
            assert content(graph) == content(Graph.load(life.journal))
    finally:
        life.journal.close()


def _take(life: Life, graph: Graph, step: str, name: str, detail: Any) -> None:
    if step == "says":
        graph.note_containers(life.says(name, *detail))
    elif step == "rename":
        for thing in life.things.find(name)[:1]:
            life.things.rename(thing.id, detail)
            graph.note_thing(thing.id)
    else:
        if step == "drop":
            life.drop(name)
        else:
            life.entry(name, **detail)
        touched = life.things.follow_entries()
        graph.note_entry(name)
        graph.note_containers(touched)
