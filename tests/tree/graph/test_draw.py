from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cairn.core.tree.graph import draw as drawing
from cairn.core.tree.graph.draw import fit
from cairn.core.tree.graph.export import to_graphml, to_mermaid
from cairn.core.tree.graph.graph import Graph
from cairn.core.tree.graph.walk import spread
from tests.tree.graph.life import Life

HOSTILE = '"]\n  click n0 "javascript:alert(1)" %% <script>`#quot; end\x1b[31m\u202e'


@pytest.fixture
def life(tmp_path: Path) -> Life:
    return Life(tmp_path)


def draw(graph: Graph, root: str, width: int = 80) -> list[str]:
    return drawing.draw(graph, root, spread(graph, root, 2), width)


def test_a_topic_is_drawn_with_types_and_days(life: Life):
    life.entry("e_1", "Budget agreed", folder="home/garden", kind="decision",
               sources=["file:~/a.md#L1"])  # fmt: skip
    life.entry("e_2", "Other budget", folder="home/garden", at="2026-01-05")
    assert draw(Graph.load(life.journal), "topic:home/garden") == [
        "home/garden [folder]",
        "├─ holds (2026-03-02): Budget agreed [decision]",
        "│  └─ from (2026-03-02): ~/a.md",
        "├─ holds (2026-01-05): Other budget [fact]",
        "└─ in: home [folder]",
    ]


def test_everything_stands_below_what_it_has_most_to_do_with(life: Life):
    life.entry("e_1", "Beds", folder="garden", relations=[("supports", "e_2")])
    life.entry("e_2", "Budget agreed", relations=[("supersedes", "e_3")])
    life.entry("e_3", "Old budget", folder="garden", at="2026-01-05")
    assert draw(Graph.load(life.journal), "e_1") == [
        "Beds [fact]",
        "├─ supports: Budget agreed [fact]",
        "│  └─ replaces: Old budget [fact]",
        "└─ in (2026-03-02): garden [folder]",
    ]


def test_what_is_left_out_of_the_roots_own_is_counted(life: Life):
    for number in range(14):
        life.entry(f"e_{number:02}", folder="inbox")
    graph = Graph.load(life.journal)
    lines = drawing.draw(graph, "topic:inbox", spread(graph, "topic:inbox", 2)[:10])
    assert len(lines) == 12
    assert lines[-1] == "└─ … and 4 more"


def test_a_deleted_entry_is_said_to_be_gone(life: Life):
    life.entry("e_2", "New", relations=[("supersedes", "e_1")])
    assert draw(Graph.load(life.journal), "e_2")[1] == "└─ replaces: e_1, which is gone"


def test_wide_characters_fit_the_width(life: Life):
    life.entry("e_1", "庭の予算は四百に決まりました" * 5, folder="家")
    lines = draw(Graph.load(life.journal), "topic:家", width=40)
    assert lines[1].endswith("…")
    assert all(columns(line) <= 40 for line in lines)


def columns(text: str) -> int:
    return sum(2 if ord(char) > 0x2E80 else 1 for char in text)


@given(st.text(max_size=60), st.integers(2, 30))
def test_a_fitted_line_is_one_line_and_no_wider(text: str, width: int):
    line = fit(text, width)
    assert len(line.splitlines()) <= 1
    assert "\x1b" not in line and "\u202e" not in line
    assert fit(line, width) == line


def test_hostile_titles_cannot_break_out(life: Life):
    life.entry("e_1", HOSTILE, relations=[(HOSTILE, "e_2")])
    life.entry("e_2", "Plain")
    graph = Graph.load(life.journal)
    lines = to_mermaid(graph, ["e_1", "e_2"]).splitlines()
    assert lines[0] == "graph LR" and len(lines) == 4
    shape = re.compile(r'  n\d\["[\w .,:()/…#;-]*"\]|  n\d -->\|"[\w .,:()/…#;-]*"\| n\d')
    assert all(shape.fullmatch(line) for line in lines[1:])
    assert all("\x1b" not in line for line in draw(graph, "e_1"))
    root = ElementTree.fromstring(to_graphml(graph))
    assert sum(tag.tag.endswith("}node") for tag in root.iter()) == 2


def test_graphml_is_read_back_with_types_and_evidence(life: Life, tmp_path: Path):
    import networkx as nx

    life.entry("e_1", "Budget", folder="home", sources=["file:~/a.md#L1"])
    life.says("file:~/a.md", "Anna Berger")
    path = tmp_path / "graph.graphml"
    path.write_bytes(to_graphml(Graph.load(life.journal)))
    read = nx.read_graphml(path)
    assert read.nodes["e_1"]["title"] == "Budget"
    assert {kind for _, _, kind in read.edges(data="type")} == {"part_of", "source", "mentions"}
    assert "file:~/a.md#L1" in {where for _, _, where in read.edges(data="evidence")}


def test_equal_graphs_give_equal_files(life: Life):
    life.entry("e_1", "A", folder="home", relations=[("supports", "e_2")])
    life.entry("e_2", "B", folder="home")
    graph = Graph.load(life.journal)
    graph.note_entry("e_1")
    again = Graph.load(life.journal)
    assert to_graphml(graph) == to_graphml(again)
    assert to_mermaid(graph, graph.nx) == to_mermaid(again, again.nx)
