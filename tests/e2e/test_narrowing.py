"""Filters, files as answers and changes, as a person types them: with and without the daemon."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.conftest import Cairn


@pytest.fixture
def filled(cairn: Cairn, life: Path) -> Cairn:
    (life / "letters").mkdir()
    (life / "letters" / "heating.csv").write_text("part,price\nboiler,900\n")
    ran = cairn("add", str(life))
    assert ran.code == 0, ran.err
    return cairn


def paths(out: str) -> list[str]:
    return [Path(line.partition("\t")[0]).name.partition(":")[0] for line in out.splitlines()]


def test_filters_narrow_what_is_found(filled: Cairn, life: Path) -> None:
    for more in ([], ["--limit", "10"]):  # the short way, and the full command line
        assert "heating.csv" in filled("search", "boiler", "--kind", "table", *more).out
        assert "boiler.txt" not in filled("search", "boiler", "--in", "letters", *more).out
    ran = filled("search", "boiler", "--in", str(life / "letters"), "--json", "--since", "2020")
    data = json.loads(ran.out)["data"]
    assert data["filters"] == {"in": str(life / "letters"), "since": "2020-01-01"}
    assert {Path(hit["path"]).name for hit in data["hits"]} == {"heating.csv"}
    asked = filled("ask", "--in", "letters", "what did the boiler service cost in 2025?")
    assert "189" not in asked.out


def test_what_nothing_can_match_is_said(filled: Cairn) -> None:
    for more in ([], ["--limit", "3"]):
        ran = filled("search", "--in", "/nowhere/at/all", *more, "boiler")
        assert (ran.code, ran.out) == (1, "")
        assert "there is no file or folder /nowhere/at/all in the memory" in ran.err
        assert "cairn status" in ran.err
    assert filled("search", "--kind", "smell", "boiler").code == 2
    assert filled("search", "--since", "never ever", "boiler").code == 2


def test_what_stands_around_a_hit_is_shown_when_asked_for(filled: Cairn, life: Path) -> None:
    (life / "tent.txt").write_text("The tent is wet. It hangs in the attic. The poles are bent.\n")
    assert filled("add", str(life)).code == 0
    for more in ([], ["--no-daemon"]):
        if more:
            filled("daemon", "stop")
        ran = filled("search", "attic", "-n", "1", "--around", "1", *more)
        first, before, hit, after = ran.out.splitlines()[:4]
        assert first.split("\t")[0].endswith("tent.txt:1")
        assert before.split() == ["L1", *"The tent is wet.".split()]
        assert hit.split() == [">", "L1", *"It hangs in the attic.".split()]
        assert after.split() == ["L1", *"The poles are bent.".split()]
        ran = filled("search", "attic", "--around", "1", "--json", *more)
        around = json.loads(ran.out)["data"]["hits"][0]["around"]
        assert [piece["cited"] for piece in around] == [False, True, False]
        assert around[1]["address"].endswith("tent.txt#L1")
    assert "around" not in json.loads(filled("search", "attic", "--json").out)["data"]["hits"][0]


def test_files_are_an_answer(filled: Cairn) -> None:
    ran = filled("search", "which files mention the boiler?")
    assert sorted(path.partition(" ")[0] for path in paths(ran.out)) == [
        "boiler.txt",
        "heating.csv",
    ]
    assert "[2]" in filled("ask", "which files mention the boiler?").out


def test_changes_are_told(filled: Cairn, life: Path) -> None:
    ran = filled("changes", str(life), "--since", "yesterday")
    assert ran.code == 0
    assert "3 files added" in ran.out.splitlines()[0]
    data = json.loads(filled("changes", "letters", "--json").out)["data"]
    assert [Path(each["path"]).name for each in data["files"]] == ["heating.csv"]
    assert data["counts"]["files_added"] == 1
    assert filled("changes", "--until", "2020-01-01", "--since", "2019-01-01").code == 1
    assert "heating.csv" in filled("ask", "what changed in letters since yesterday?").out


def test_without_the_daemon_it_is_the_same(filled: Cairn) -> None:
    with_daemon = filled("search", "--kind", "note", "boiler").out
    changes = filled("changes").out
    filled("daemon", "stop")
    assert filled("search", "--kind", "note", "--no-daemon", "boiler").out == with_daemon
    assert filled("changes", "--no-daemon").out.splitlines()[1:] == changes.splitlines()[1:]
