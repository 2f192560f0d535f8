"""What a person asks to see of the graph: the nearest of it, in every form."""

from __future__ import annotations

from pathlib import Path

import pytest

from cairn.core.errors import ConfigError, NotFound
from cairn.core.tree.graph.asked import Asked, picture
from cairn.core.tree.graph.graph import Graph
from tests.tree.graph.life import Life


@pytest.fixture
def life(tmp_path: Path) -> Life:
    return Life(tmp_path)


def test_the_nearest_are_drawn_with_what_leads_to_them(life: Life):
    for number in range(60):
        life.entry(f"e_{number:02}", folder="inbox", at=f"2026-03-{number % 28 + 1:02}")
    life.entry("e_far", "Far away", relations=[("supports", "e_05")])
    graph = Graph.load(life.journal)
    shown = picture(graph, life.journal, Asked("inbox"))
    lines = shown.text.splitlines()
    assert 20 < len(lines) < 40
    assert lines[-1].startswith("└─ … and ")
    assert {"topic:inbox", "e_05", "e_far"} <= {point.id for point in shown.nodes}
    assert len(shown.nodes) <= 200


def test_one_step_shows_direct_neighbours_only(life: Life):
    life.entry("e_1", "Budget agreed", relations=[("supersedes", "e_2")])
    life.entry("e_2", "Old budget", sources=["file:~/b.md#L1"])
    graph = Graph.load(life.journal)
    shown = picture(graph, life.journal, Asked("e_1", depth=1))
    assert {point.id for point in shown.nodes} == {"e_1", "e_2"}
    assert [(line.source, line.target, line.type) for line in shown.edges] == [
        ("e_1", "e_2", "supersedes")
    ]


def test_every_form_shows_the_same_nodes(life: Life):
    life.entry("e_1", "Budget agreed", folder="garden", relations=[("supersedes", "e_2")])
    life.entry("e_2", "Old budget", folder="garden")
    graph = Graph.load(life.journal)
    forms = [
        picture(graph, life.journal, Asked("garden", format=form))
        for form in ("text", "mermaid", "graphml")
    ]
    assert forms[0].nodes == forms[1].nodes == forms[2].nodes
    assert all("Old budget" in form.text for form in forms)


def test_the_same_picture_whenever_it_is_asked_for(life: Life):
    for number in range(8):
        life.entry(f"e_{number}", folder="inbox", relations=[("supports", f"e_{(number + 3) % 8}")])
    first = picture(Graph.load(life.journal), life.journal, Asked("inbox"))
    assert picture(Graph.load(life.journal), life.journal, Asked("inbox")) == first


def test_what_has_no_such_name_and_what_is_no_form_is_said(life: Life):
    life.entry("e_1", folder="garden")
    graph = Graph.load(life.journal)
    with pytest.raises(NotFound, match="xyzzy"):
        picture(graph, life.journal, Asked("xyzzy"))
    with pytest.raises(ConfigError, match="depth"):
        picture(graph, life.journal, Asked("garden", depth=9))
