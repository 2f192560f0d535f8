"""Results on a terminal of a width, and what is said when there are none."""

from __future__ import annotations

import fcntl
import os
import struct
import termios
from collections.abc import Callable, Iterator
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

import pytest

from cairn.app import explaining, render

Json = dict[str, Any]
Show = Callable[[Json], list[str]]
_END = "end of what is shown"


def hit(**more: Any) -> Json:
    return {
        "kind": "note", "path": "/notes/2026-06-11-kitchen.md", "line": 3, "locator": "L3",
        "uri": "file:/notes/2026-06-11-kitchen.md", "address": "file:/notes/2026-06-11-kitchen.md",
        "when": "2026-06-11", "modified": "", "title": "Kitchen", "heading": [], "context": "",
        "snippet": "The wall needs a beam.", "used_with": [], "wrong": [], **more,
    }  # fmt: skip


def found(*hits: Json, **more: Any) -> Json:
    return {"hits": [*hits], "missing_words": [], "degraded": "", "private": "", "kind": "other",
            "filters": {}, **more}  # fmt: skip


@pytest.fixture
def show(monkeypatch: pytest.MonkeyPatch) -> Iterator[Show]:
    """On a terminal of 60 columns."""
    ours, theirs = os.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 60, 0, 0))
    with os.fdopen(theirs, "w") as terminal:
        monkeypatch.setenv("TERM", "dumb")

        def shown(data: Json) -> list[str]:
            with redirect_stdout(terminal):
                render.results(data)
                print(_END, flush=True)
            text = ""
            while _END not in text:
                text += os.read(ours, 10_000).decode()
            return text.partition(_END)[0].splitlines()

        yield shown
    os.close(ours)


def test_a_title_that_fits_stands_beside_its_place(show: Show) -> None:
    assert show(found(hit())) == [
        "/notes/2026-06-11-kitchen.md:3  2026-06-11  Kitchen",
        "    The wall needs a beam.",
    ]


def test_what_was_called_wrong_is_marked(show: Show) -> None:
    said = "The wall needs a beam."
    assert show(found(hit(wrong=[said])))[1].endswith("beam. (you called this wrong)")
    assert show(found(hit(wrong=["Another one."])))[1].endswith("beam.")


def test_a_longer_one_is_broken_between_words_below_it(show: Show) -> None:
    title = "Kitchen renovation, second meeting with everybody who pays for it"
    assert show(found(hit(title=title, heading=["Beam"]))) == [
        "/notes/2026-06-11-kitchen.md:3  2026-06-11",
        "    Kitchen renovation, second meeting with everybody who",
        "    pays for it › Beam",
        "    The wall needs a beam.",
    ]


def test_a_reply_does_not_name_its_thread_again(show: Show) -> None:
    rows = show(found(hit(title="Re: Beam", heading=["Beam"])))
    assert rows[0] == "/notes/2026-06-11-kitchen.md:3  2026-06-11  Re: Beam"


@pytest.mark.parametrize(
    ("filters", "said"),
    [
        ({}, "nothing found"),
        ({"kind": "mail"}, "nothing found; `--kind` leaves the rest out"),
        ({"in": "/a", "since": "2026-01-01", "until": "2026-02-01"},
         "nothing found; `--in`, `--since` and `--until` leave the rest out"),
    ],
)  # fmt: skip
def test_where_nothing_is_found_the_filters_are_named(
    filters: Json, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    render.results(found(filters=filters))
    assert capsys.readouterr().err == f"{said}\n"


def test_a_search_for_changes_names_what_tells_them(capsys: pytest.CaptureFixture[str]) -> None:
    render.results(found(hit(), kind="changes"))
    assert "`cairn changes`" in capsys.readouterr().err


def test_why_not_shows_paths_as_people_write_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/sam")
    ignored = "/home/sam/notes/.cairnignore:1"
    rows = explaining.why_not({
        "path": str(Path("/home/sam/notes/poem.md")), "state": "passed over", "question": "",
        "reason": f"{ignored} says so", "hint": f"edit {ignored}, not /mnt/home/sam/x",
    })  # fmt: skip
    assert rows == [
        "~/notes/poem.md: passed over",
        "  ~/notes/.cairnignore:1 says so",
        "  hint: edit ~/notes/.cairnignore:1, not /mnt/home/sam/x",
    ]
