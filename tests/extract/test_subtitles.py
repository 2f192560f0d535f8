"""Subtitles: what is said, when, by whom, and on which line of the file."""

from __future__ import annotations

from pathlib import Path

import pytest

from cairn.core.errors import ExtractError
from tests.extract.checks import check_chunks, read

SRT = """1
00:01:14,440 --> 00:01:15,760
We planted <i>beans</i>

2
00:01:15,880 --> 00:01:19,520
and peas.
{\\an8}They grew &amp; grew.

3
01:02:03,000 --> 01:02:04,000
The end
"""

VTT = """WEBVTT

NOTE not said

id-1
00:04.963 --> 00:08.571 align:start
<v Ana Pérez>Is it recording?</v>

id-2
00:08.571 --> 00:09.403
<v Ben>Yes.</v>
"""

SBV = "0:00:01.000,0:00:03.000\nHello there.\n\n0:00:04.000,0:00:05.000\nBye.\n"

ASS = """[Script Info]
Title: x
[Events]
Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text
Dialogue: 0,0:00:01.00,0:00:03.00,Default,Ana,0,0,0,,{\\i1}Hello,\\Nthere.
Comment: 0,0:00:01.00,0:00:03.00,Default,,0,0,0,,not said
"""


def test_srt(tmp_path: Path) -> None:
    document = read(tmp_path, "film.srt", SRT)
    assert document.text == "We planted beans\nand peas.\nThey grew & grew.\nThe end"
    assert [place.number for place in document.places] == [3, 7, 8, 12]
    assert [block.context for block in document.blocks] == ["0:01:14", "1:02:03"]
    assert document.kind == "media"
    assert [chunk.span.locator for chunk in check_chunks(document)] == ["L3-L8", "L12"]


def test_webvtt_names_its_speakers(tmp_path: Path) -> None:
    document = read(tmp_path, "call.vtt", VTT)
    assert document.text == "Is it recording?\nYes."
    assert [(block.who, block.context) for block in document.blocks] == [
        ("Ana Pérez", "0:00:04"),
        ("Ben", "0:00:08"),
    ]
    assert [chunk.who for chunk in check_chunks(document)] == ["Ana Pérez", "Ben"]


def test_other_forms(tmp_path: Path) -> None:
    assert read(tmp_path, "a.sbv", SBV).text == "Hello there.\nBye."
    document = read(tmp_path, "a.ass", ASS)
    assert (document.text, document.blocks[0].who) == ("Hello, there.", "Ana")
    assert document.places[0].number == 5


def test_rolling_captions_are_said_once(tmp_path: Path) -> None:
    rolling = "WEBVTT\n\n00:01.000 --> 00:02.000\none\n\n00:02.000 --> 00:03.000\none\ntwo\n"
    assert read(tmp_path, "a.vtt", rolling).text == "one\ntwo"


def test_hostile_subtitles(tmp_path: Path) -> None:
    for text in ("hello", "WEBVTT\n", "00:01.000 --> 00:02.000\n\n"):
        with pytest.raises(ExtractError) as caught:
            read(tmp_path, "a.vtt", text)
        assert caught.value.code == "no-text"
    many = "00:01.000 --> 00:02.000\n" + "<" * 1_000_000 + "word\n" + "00:01.000 --> " * 10_000
    assert "word" in read(tmp_path, "a.vtt", many).text
    silent = "00:01.000 --> 00:02.000\nx\n\n" + "00:01.000 --> 00:02.000\n" * 50_000
    assert read(tmp_path, "a.vtt", silent).text == "x"
