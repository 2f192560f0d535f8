"""What `show` prints, and the numbers of the last answer."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path
from typing import Any

import pytest

from cairn.app import render
from cairn.app.last import last_file, recall_last, remember_last, resolve
from cairn.app.showing import data, lines, usual_context
from cairn.core.chunk import chunk_document
from cairn.core.errors import NotFound
from cairn.core.extract import extract
from cairn.core.locate import parse_citation
from cairn.core.passage import passage
from cairn.core.uris import file_uri


def read(path: Path, place: str, context: int = 0) -> dict[str, Any]:
    chunks = chunk_document(extract(path, file_uri(path)))
    return data(passage(chunks, parse_citation(f"{path}{place}"), context))


@pytest.fixture
def garden() -> Path:
    path = Path("~/garden.md").expanduser()
    path.write_text(
        "# Garden\n\n## Budget\n\nWe agreed on 400.\n\n\tBeans \x1b[31mred\n" + "x\n" * 9
    )
    return path


def test_lines_are_numbered_and_the_cited_ones_marked(garden: Path) -> None:
    assert lines(read(garden, ":5", context=1)) == [
        "~/garden.md  L5",
        "Garden › Budget",
        "  4",
        "> 5  We agreed on 400.",
        "  6",
    ]


def test_numbers_stand_in_one_column(garden: Path) -> None:
    rows = lines(read(garden, ":9-10"))[2:]
    assert rows == [">  9  x", "> 10  x"]


def test_nothing_in_a_text_or_name_reaches_the_terminal_unescaped(garden: Path) -> None:
    (row,) = lines(read(garden, ":7"))[2:]
    assert "\x1b" not in row and "\t" not in row
    assert row.endswith("[31mred")
    evil = garden.with_name("a\x1b]0;x\x07\n.md")
    evil.write_text("hello\n")
    assert all(char.isprintable() for line in lines(read(evil, "")) for char in line)


def test_the_json_form_holds_the_exact_text(garden: Path) -> None:
    found = read(garden, ":5-6")
    assert found["address"] == "file:~/garden.md#L5-L6"
    assert found["units"][0] == {
        "locator": "L5", "number": 5, "text": "We agreed on 400.", "cited": True,
    }  # fmt: skip
    assert json.loads(json.dumps(found)) == found


def test_a_name_that_is_not_text_can_still_be_sent(tmp_path: Path) -> None:
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff.md"))
    path.write_text("hello\n")
    chunks = chunk_document(extract(path, file_uri(path)))
    found = data(passage(chunks, parse_citation(file_uri(path) + "#L1")))
    json.dumps(found).encode()
    assert parse_citation(found["address"]).path == path


def test_longer_units_bear_their_locator_on_the_first_line() -> None:
    unit = {"locator": "p12", "number": 12, "text": "one\ntwo", "cited": True}
    empty = {"locator": "p13", "number": 13, "text": "", "cited": False}
    page = {
        "path": "/a.pdf", "part": "", "locator": "p12", "title": "A", "heading": [], "context": "",
        "when": "2026-01-02", "who": "Anna", "units": [unit, empty],
    }  # fmt: skip
    assert lines(page) == [
        "/a.pdf  p12", "A  2026-01-02  Anna", "> p12  one", ">      two", "  p13  (no text)",
    ]  # fmt: skip


def test_what_lies_inside_a_file_is_named_with_it() -> None:
    page = {
        "path": "/trip.eml", "part": "plan.docx", "locator": "n1", "title": "", "heading": [],
        "context": "", "when": "", "who": "", "units": [],
    }  # fmt: skip
    assert lines(page) == ["/trip.eml!/plan.docx  n1"]


def test_cited_lines_are_bold_on_a_terminal(garden: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(render.sys.stdout, "isatty", lambda: True, raising=False)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)
    rows = lines(read(garden, ":10", context=1))
    assert [row.startswith("\x1b[1m") for row in rows[2:]] == [False, True, False]


def test_only_short_units_bring_neighbours_by_themselves() -> None:
    assert usual_context(parse_citation("a.md:3")) > 0
    assert usual_context(parse_citation("a.pdf#p3")) == 0
    assert usual_context(parse_citation("a.md")) == 0


# -- the numbers of the last answer


@pytest.fixture
def home(tmp_path: Path) -> str:
    (tmp_path / "home" / "run").mkdir(parents=True)
    return str(tmp_path / "home")


def test_a_number_is_a_citation_of_the_last_answer(home: str) -> None:
    remember_last(home, ["file:~/a.md#L1"])
    remember_last(home, ["file:~/b.md#L1", "file:~/c ü.md#L2"])
    assert recall_last(home, 2) == "file:~/c ü.md#L2"
    assert resolve("2") == resolve("[2]") == resolve(" 2 ") == "file:~/c ü.md#L2"
    assert resolve("./2") == "./2"
    assert resolve("b.md:2") == "b.md:2"


def test_the_file_is_for_its_owner_alone_and_nothing_is_left_beside_it(home: str) -> None:
    before = os.umask(0)
    try:
        remember_last(home, ["file:~/a.md#L1"])
    finally:
        os.umask(before)
    assert stat.S_IMODE(os.stat(last_file(home)).st_mode) == 0o600
    assert os.listdir(os.path.join(home, "run")) == ["last.json"]


@pytest.mark.parametrize("number", [0, 3, 999999])
def test_a_number_that_is_not_there_says_which_are(home: str, number: int) -> None:
    remember_last(home, ["a", "b"])
    with pytest.raises(NotFound, match=f"no citation {number}") as caught:
        recall_last(home, number)
    assert "1 to 2" in caught.value.hint


def test_without_a_last_answer_it_says_to_ask(home: str) -> None:
    with pytest.raises(NotFound, match="nothing has been asked yet"):
        recall_last(home, 1)
    remember_last(home, [])
    with pytest.raises(NotFound, match="no citation 1"):
        recall_last(home, 1)


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"addresses": 3}', '{"addresses": [{}]}', "\xff"]
)
def test_a_damaged_file_is_an_error_and_not_a_crash(home: str, text: str) -> None:
    Path(last_file(home)).write_bytes(text.encode("latin-1"))
    with pytest.raises(NotFound, match="lost"):
        recall_last(home, 1)


def test_a_home_that_can_not_be_written_to_fails_no_answer(tmp_path: Path) -> None:
    remember_last(str(tmp_path / "none"), ["a"])
