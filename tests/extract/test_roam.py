"""Graphs exported from Roam Research: pages, nested blocks, boxes, references, tables, days."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.extract.checks import check_chunks, read

DAY = 1_600_000_000_000  # 2020-09-13


def block(text: str, *children: dict[str, Any], **more: Any) -> dict[str, Any]:
    made: dict[str, Any] = {"string": text, "uid": f"u-{abs(hash(text))}", **more}
    return {**made, "children": list(children)} if children else made


def page(title: str, *children: dict[str, Any]) -> dict[str, Any]:
    return {"title": title, "uid": title, "create-time": DAY, "children": list(children)}


def graph(*pages: dict[str, Any]) -> str:
    return json.dumps(pages, indent="\t")


def test_pages_are_headings_and_blocks_are_nested_items(tmp_path: Path) -> None:
    sails = page("Sails", block("Jib", block("small", block("red"))), block("Main"))
    document = read(tmp_path, "graph.json", graph(sails, page("Crew", block("Ida"))))
    assert document.text == "Sails\n\n- Jib\n  - small\n    - red\n- Main\n\nCrew\n\n- Ida"
    assert [b.heading for b in document.blocks] == [("Sails",)] * 4 + [("Crew",)]
    assert (document.title, document.kind) == ("graph", "note")
    check_chunks(document)


def test_a_block_has_its_own_day_unless_the_page_is_one(tmp_path: Path) -> None:
    later = {"create-time": DAY + 86_400_000}
    plain = page("Sails", block("a"), block("b", **later))
    daily = page("January 1st, 2021", block("c", **later))
    document = read(tmp_path, "graph.json", graph(plain, daily))
    assert [b.when for b in document.blocks] == ["2020-09-13", "2020-09-14", "2021-01-01"]


def test_a_heading_ends_where_its_block_does(tmp_path: Path) -> None:
    inner = block("Rigging", block("ropes"), heading=2)
    document = read(tmp_path, "graph.json", graph(page("Sails", inner, block("beside"))))
    assert [b.heading for b in document.blocks] == [("Sails", "Rigging"), ("Sails",)]
    assert "Rigging\n\n- ropes\n- beside" in document.text


def test_boxes_and_references_are_shown_as_roam_shows_them(tmp_path: Path) -> None:
    shown = page(
        "Tasks",
        block("{{[[TODO]]}} paint", uid="paint-001"),
        block("{{DONE}} call Ben"),
        block("see ((paint-001)) and ((and so on))"),
        block("see [that](((paint-001)))"),
        block("{{embed: ((paint-001))}} ((missing-1))"),
    )
    document = read(tmp_path, "graph.json", graph(shown))
    assert document.text == (
        "Tasks\n\n☐ paint\n☑ call Ben\n- see paint and ((and so on))\n- see that\n"
        "- paint ((missing-1))"
    )


def test_a_table_is_read_row_by_row(tmp_path: Path) -> None:
    cells = block("Kind", block("Name")), block("Fruit", block("Apple"), block("Pear"))
    document = read(tmp_path, "g.json", graph(page("Tables", block("{{[[table]]}}", *cells))))
    assert document.text == "Tables\n\nKind | Name\nFruit | Apple\nFruit | Pear"


def test_a_page_without_blocks_is_kept(tmp_path: Path) -> None:
    document = read(tmp_path, "g.json", graph(page("Empty"), page("Full", block("x"))))
    assert [b.heading for b in document.blocks] == [("Empty",), ("Full",)]
    assert document.blocks[0].when == "2020-09-13"


def test_other_json_is_read_as_data(tmp_path: Path) -> None:
    others: list[Any] = [
        [{"title": "a", "children": [{"string": "x"}]}],  # no trace of Roam's
        [{"title": "a", "string": "b", "uid": "c"}],
        [{"title": 1, "children": [{"string": "x", "uid": "y"}]}],
        {"title": "a", "string": [{"uid": "x"}]},
        [{"title": "a", "children": "string"}],
    ]
    for other in others:
        assert read(tmp_path, "o.json", json.dumps(other)).kind == "data"
    torn = graph(page("Sails", block("x")))[:-5]
    assert read(tmp_path, "o.json", torn).kind == "data"


def test_wrong_shapes_below_a_graph_do_no_harm(tmp_path: Path) -> None:
    odd = {"title": "Odd", "children": [None, 3, {"string": 5, "uid": 7}, {"uid": "x"}]}
    times = {"title": "T", "create-time": "soon", "children": [block("x", **{"edit-time": 1e99})]}
    document = read(tmp_path, "g.json", graph(page("Sails", block("a")), odd, times))
    assert document.text == "Sails\n\n- a\n\nOdd\n\nT\n\n- x"


def test_deep_nesting_and_circles_of_references_end(tmp_path: Path) -> None:
    deep = block("0")
    for n in range(1, 300):
        deep = block(str(n), deep, heading=n % 2)
    circle = block("((two))", uid="one"), block("((one))", uid="two")
    document = read(tmp_path, "g.json", json.dumps([page("Deep", deep, *circle)]))
    assert document.text.endswith("- ((one))\n- ((two))")
