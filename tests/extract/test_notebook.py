"""Notebooks: cells with what they printed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from cairn.core.errors import ExtractError
from tests.extract.checks import check_chunks, read


def book(*cells: dict[str, Any], **more: Any) -> str:
    return json.dumps({"nbformat": 4, "cells": list(cells), **more})


def code(source: str, *outputs: dict[str, Any]) -> dict[str, Any]:
    return {"cell_type": "code", "source": [source], "outputs": list(outputs)}


def text(*rows: str) -> dict[str, Any]:
    return {"cell_type": "markdown", "source": [row + "\n" for row in rows]}


def test_cells(tmp_path: Path) -> None:
    source = book(
        text("# Harvest", "", "How much we picked.", "## Beans"),
        code(""),
        code(
            "weigh(beans)",
            {"output_type": "stream", "text": ["\x1b[31m4 kg\x1b[0m\n"]},
            {"output_type": "display_data", "data": {"image/png": "aaaa"}},
            {"output_type": "error", "ename": "ValueError", "evalue": "no peas"},
        ),
        metadata={"authors": [{"name": "Ana"}]},
    )
    document = read(tmp_path, "a.ipynb", source)
    assert (document.title, document.kind, document.who) == ("Harvest", "code", "Ana")
    assert document.text.split("\n\n") == [
        "Harvest",
        "How much we picked.",
        "Beans",
        "weigh(beans)",
        "4 kg\nValueError: no peas",
    ]
    assert document.blocks[-1].heading == ("Harvest", "Beans")
    assert {chunk.span.locator for chunk in check_chunks(document)} == {"c1", "c1-c3", "c3"}


def test_long_output_is_shortened(tmp_path: Path) -> None:
    output = {"output_type": "stream", "text": "row\n" * 100_000}
    document = read(tmp_path, "a.ipynb", book(code("run()", output)))
    assert len(document.text) < 1100 and document.text.endswith("…")


def test_a_listing_in_markdown_stays_whole(tmp_path: Path) -> None:
    document = read(tmp_path, "a.ipynb", book(text("```", "# not a heading", "", "x", "```")))
    assert len(document.blocks) == 1 and document.blocks[0].heading == ()


def test_an_old_notebook(tmp_path: Path) -> None:
    old = {"worksheets": [{"cells": [{"cell_type": "code", "input": "x = 1"}]}]}
    assert read(tmp_path, "a.ipynb", json.dumps(old)).text == "x = 1"


@pytest.mark.parametrize(
    ("source", "code"),
    [
        ("{", "broken"),
        ("[" * 100_000, "broken"),
        ("[]", "no-text"),
        (json.dumps({"cells": [1, None, {"source": {"a": 1}, "outputs": 3}]}), "no-text"),
        (json.dumps({"cells": {"a": 1}, "metadata": [], "worksheets": [[]]}), "no-text"),
    ],
)
def test_hostile_notebooks(tmp_path: Path, source: str, code: str) -> None:
    with pytest.raises(ExtractError) as caught:
        read(tmp_path, "a.ipynb", source)
    assert caught.value.code == code
