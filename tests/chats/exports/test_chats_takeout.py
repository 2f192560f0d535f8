"""Gemini in Google Takeout. Last verified: 2026-11-21 against public notes on exports of 2026."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from cairn.core.chats import times
from cairn.core.chats.exports.takeout import fits
from cairn.core.chats.source import Transcript
from cairn.core.chats.turn import Turn
from tests.chats.reading import about, items, passed, said, turns, turns_of


def record(title: str, time: str, *answers: str, **more: Any) -> dict[str, Any]:
    return {
        "header": "Gemini Apps", "title": title, "time": time, "products": ["Gemini Apps"],
        "safeHtmlItem": [{"html": answer} for answer in answers], **more,
    }  # fmt: skip


RECORDS = [
    record("Prompted And for two?", "2026-07-26T06:09:57.773Z", "<p>Then <b>20</b>.</p>"),
    record("Used an extension", "2026-07-26T06:08:57.773Z"),
    record("Prompted How many eggs?", "2026-07-26T06:07:57.773Z",
           "<p>Take:</p><ul><li>ten</li></ul>", attachedFiles=["cake.jpg"]),
    record("Searched for Gemini", "2026-07-26T06:07:00.000Z", header="Search", products=["Search"]),
    record("Prompted Good night", "2026-07-25T23:59:59.100Z"),
]  # fmt: skip


def write(path: Path, records: list[Any]) -> Path:
    path.write_text(json.dumps(records))
    return path


def test_the_prompts_of_a_day_are_a_conversation(tmp_path: Path) -> None:
    path = write(tmp_path / "MyActivity.json", RECORDS)
    assert fits(Transcript(path))
    found = items("gemini-app", path)
    assert [(turn.conversation, turn.origin, turn.text) for turn in turns_of(found)] == [
        ("2026-07-26", "user", "How many eggs?"),
        ("2026-07-26", "assistant", "Take:\nten"),
        ("2026-07-26", "user", "And for two?"),
        ("2026-07-26", "assistant", "Then 20."),
        ("2026-07-25", "user", "Good night"),
    ]
    asked, answered = turns_of(found)[:2]
    assert asked.attachments == ("cake.jpg",)
    assert asked.when == answered.when == times.from_iso("2026-07-26T06:07:57Z")
    assert (answered.reply_to, asked.line) == (asked.key, 3)
    assert about(found)["2026-07-26"].title == "Gemini on 2026-07-26"
    assert passed(found) == {"activity": 1, "activity elsewhere": 1}


def test_a_newer_export_gives_the_same_keys(tmp_path: Path) -> None:
    old = turns("gemini-app", write(tmp_path / "a.json", RECORDS[2:]))
    new = turns("gemini-app", write(tmp_path / "b.json", RECORDS))
    assert {turn.key for turn in old} < {turn.key for turn in new}
    twice = [record("Prompted Hi", "2026-07-26T06:09:57Z", "<p>Hello</p>")] * 2
    assert len({turn.key for turn in turns("gemini-app", write(tmp_path / "c.json", twice))}) == 4


@pytest.mark.parametrize(
    ("title", "answer", "expected"),
    [
        ("Asked Bard: why?", "", "why?"),
        ("Prompted\xa0why? Attached 2 files.", "", "why?"),
        ("Said hello", "", "hello"),
        ("Hat gefragt: warum?", "<p>Darum</p>", "Hat gefragt: warum?"),
        ("Hat etwas getan", "", None),
        ("Created a document", "<p>It</p>", None),
    ],
)
def test_what_counts_as_said(tmp_path: Path, title: str, answer: str, expected: str | None) -> None:
    answers = (answer,) if answer else ()
    found = items("gemini-app", write(tmp_path / "a.json", [record(title, "2026-01-01", *answers)]))
    assert [turn.text for turn in turns_of(found) if turn.origin == "user"] == (
        [expected] if expected else []
    )
    assert len(turns_of(found)) + sum(passed(found).values()) >= 1


def page(*cells: str, style: int = 0) -> str:
    outer = (
        '<div class="outer-cell mdl-cell mdl-cell--12-col mdl-shadow--2dp"><div class="mdl-grid">'
    )
    shown = (
        f'{outer}<div class="header-cell mdl-cell"><p class="mdl-typography--title">Gemini Apps'
        f'<br></p></div><div class="content-cell mdl-cell mdl-cell--6-col mdl-typography--body-1">'
        f'{cell}</div><div class="content-cell mdl-typography--caption"><b>Products:</b><br>'
        "&emsp;Gemini Apps<br></div></div></div>"
        for cell in cells
    )
    styles = ".mdl-cell{}" + " " * style
    return f"<html><head><style>{styles}</style></head><body>{''.join(shown)}</body></html>"


def test_a_page_of_activity(tmp_path: Path) -> None:
    path = tmp_path / "MyActivity.html"
    path.write_text(
        page(
            "Prompted&nbsp;Tom &amp; Ana<br>on Jul 1, 2026, 1:00:00 PM UTC we met<br>"
            "Jul 26, 2026, 8:07:57\u202fAM CEST<br><p>Nice</p><p>to know</p>",
            "Used an app<br>Jul 26, 2026, 8:06:00 AM CEST<br>",
            "Prompted When?<br>26 Jul 2026, 18:05:00 GMT+05:30<br>",
            "nothing of the kind",
            style=200_000,
        )
    )
    assert fits(Transcript(path))
    found = items("gemini-app", path)
    assert [(turn.origin, turn.text) for turn in turns_of(found)] == [
        ("user", "Tom & Ana\non Jul 1, 2026, 1:00:00 PM UTC we met"),
        ("assistant", "Nice\n\nto know"),
        ("user", "When?"),
    ]
    assert turns_of(found)[0].when == times.from_iso("2026-07-26T06:07:57Z")
    assert turns_of(found)[2].when == times.from_iso("2026-07-26T12:35:00Z")
    assert sum(passed(found).values()) == 2


def test_page_and_json_of_the_same_prompt_are_the_same_turn(tmp_path: Path) -> None:
    path = tmp_path / "MyActivity.html"
    path.write_text(page("Prompted&nbsp;How many eggs?<br>Jul 26, 2026, 6:07:57 AM UTC<br>"))
    found: list[Turn] = turns("gemini-app", path)
    assert found[0].key == turns("gemini-app", write(tmp_path / "a.json", RECORDS[2:3]))[0].key


def test_other_activity_is_not_for_this_reader(tmp_path: Path) -> None:
    search = record(
        "Searched for Gemini", "2026-07-26T06:07:00Z", header="Search", products=["Search"]
    )
    assert not fits(Transcript(write(tmp_path / "MyActivity.json", [search])))
    path = tmp_path / "MyActivity.html"
    path.write_text(page("x").replace("Gemini Apps", "YouTube"))
    assert not fits(Transcript(path))


def test_foreign_values_stop_nothing(tmp_path: Path) -> None:
    odd = [
        None, 7, [], {}, {"header": 5, "title": []}, record("Prompted a", "soon"),
        {**record("Prompted b", "0001-01-01T00:00:00+14:00"), "safeHtmlItem": {"html": 1}},
        {**record("Prompted c", "2026-01-01T00:00:00Z"), "safeHtmlItem": [None, {"html": 5}]},
    ]  # fmt: skip
    found = items("gemini-app", write(tmp_path / "a.json", odd))
    assert said(found) == [("user", "c")]
    assert len(turns_of(found)) + sum(passed(found).values()) == len(odd)


def test_a_page_without_ends_takes_linear_time(tmp_path: Path) -> None:
    path = tmp_path / "MyActivity.html"
    path.write_text(page("<br>" * 200_000, "<" * 300_000 + "<br>Jul 26, 2026, 6:07:57 AM UTC"))
    assert len(items("gemini-app", path)) <= 6
