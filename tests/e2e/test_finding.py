"""`--explain`, `why-not` and `findability` as a person types them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.conftest import Cairn


@pytest.fixture
def filled(cairn: Cairn, life: Path) -> Cairn:
    ran = cairn("add", str(life))
    assert ran.code == 0, ran.err
    return cairn


def test_how_it_was_found_is_explained_in_columns_and_in_json(filled: Cairn) -> None:
    ran = filled("search", "garden", "budget", "--explain", "-n", "1")
    assert ran.code == 0, ran.err
    rows = [row.split() for row in ran.out.splitlines()]
    assert ["found", "by", "place", "own", "score"] in rows
    # The entry that is made of it may stand there by now, and has the better words.
    assert any(row[:2] in (["words", "1st"], ["words", "2nd"]) for row in rows)
    assert any(row[:2] == ["own", "words"] for row in rows)
    assert any(row[:2] == ["all", "together"] for row in rows)
    assert max(map(len, ran.out.splitlines())) <= 100
    (hit,) = json.loads(filled("search", "garden", "budget", "-n", "1", "--json").out)["data"][
        "hits"
    ]
    parts = [each for each in hit["channels"] if not each["rank"]]
    assert sum(each["adds"] for each in parts) == pytest.approx(hit["score"], abs=1e-3)
    ran = filled("ask", "--explain", "what is the garden budget?")
    assert "found for it:" in ran.out
    assert "cited as [1]" in ran.out


def test_why_not_says_where_a_question_loses_it(filled: Cairn, life: Path) -> None:
    assert filled("why-not", str(life / "garden.md")).code == 0
    assert filled("why-not", str(life / "none.md")).code == 1
    assert filled("why-not", "chat:nonsense").code == 2
    ran = filled("why-not", str(life / "garden.md"), "--for", "garden budget")
    assert ran.code == 0
    assert "it is result 1" in ran.out
    ran = filled("why-not", f"{life / 'boiler.txt'}:1", "--for", "runner beans", "--json")
    assert ran.code == 1
    data = json.loads(ran.out)["data"]
    assert data["search"]["rank"] == 0
    assert data["search"]["lacking"] == ["beans", "runner"]
    assert data["search"]["reason"]


def test_findability_sums_up_what_can_be_found(filled: Cairn, life: Path) -> None:
    ran = filled("findability")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out == "2 of 2 documents can be found by a sentence of their own\n"
    (life / "broken.pdf").write_text("%PDF-1.4 and nothing more")
    filled("add", str(life))
    ran = filled("findability", str(life), "--json")
    assert ran.code == 1
    data = json.loads(ran.out)["data"]
    assert (data["documents"], data["tried"], data["found"]) == (3, 3, 2)
    assert [Path(one["path"]).name for one in data["lost"]] == ["broken.pdf"]
    ran = filled("findability", "--limit", "1")
    assert "the newest 1 of 3" in ran.out
