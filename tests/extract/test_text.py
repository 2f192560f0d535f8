"""Notes, logs and their encodings: exact lines, headings, days, and no text lost."""

from __future__ import annotations

from pathlib import Path

import pytest

from cairn.core.records import Document
from tests.extract.checks import check_lines, read

GARDEN = """\
---
title: "Garden diary"
date: 2026-01-05
tags: [garden]
---

# Garden

Intro text here.

## 2026-03-02

- Bought soil, 12 bags
  from Miller's
- Planned beds
  - north: tomatoes

  - south: beans
1. numbered

| Item | Price |
|------|------:|
| Soil | 48 |
| Seeds | 12.50 |
Text right below.

## March 9, 2026

```python
# not a heading

x = 1
```

---

## Empty

## Outer
### Deeper
text below
"""


def blocks(document: Document) -> list[tuple[str, tuple[str, ...], str]]:
    return [
        (document.text[block.start : block.end], block.heading, block.when)
        for block in document.blocks
    ]


def test_markdown(tmp_path: Path) -> None:
    document = read(tmp_path, "garden.md", GARDEN)
    check_lines(document, GARDEN)
    assert (document.title, document.when, document.kind) == ("Garden diary", "2026-01-05", "note")
    assert document.places[0].number == 6
    day, next_day = ("Garden", "2026-03-02"), ("Garden", "March 9, 2026")
    assert blocks(document) == [
        ("# Garden\n\nIntro text here.", ("Garden",), ""),
        ("## 2026-03-02\n\n- Bought soil, 12 bags\n  from Miller's", day, "2026-03-02"),
        ("- Planned beds\n  - north: tomatoes\n\n  - south: beans", day, "2026-03-02"),
        ("1. numbered", day, "2026-03-02"),
        ("| Item | Price |\n|------|------:|\n| Soil | 48 |", day, "2026-03-02"),
        ("| Seeds | 12.50 |", day, "2026-03-02"),
        ("Text right below.", day, "2026-03-02"),
        (
            "## March 9, 2026\n\n```python\n# not a heading\n\nx = 1\n```\n\n---",
            next_day,
            "2026-03-09",
        ),
        ("## Empty", ("Garden", "Empty"), ""),
        ("## Outer\n### Deeper\ntext below", ("Garden", "Outer", "Deeper"), ""),
    ]
    assert [block.context for block in document.blocks][4:7] == ["| Item | Price |"] * 2 + [""]


def test_front_matter_alone_is_still_text(tmp_path: Path) -> None:
    document = read(tmp_path, "a.md", "---\ntitle: Only a title\n---\n")
    assert document.title == "Only a title"
    assert "Only a title" in document.text
    unclosed = read(tmp_path, "b.md", "---\ntitle: x\n\nText")
    assert unclosed.places[0].number == 1


@pytest.mark.parametrize(
    ("name", "content", "title"),
    [
        ("a.md", "text\n\n# First\n\ntext\n\n# Second\n", "First"),
        ("a.md", "## Only a section\n", "a"),
        ("a.md", "Set text heading\n====\n\ntext", "Set text heading"),
        ("diary.md", "# 2026-03-01\n\na\n\n# 2026-03-02\n\nb\n", "diary"),
        ("a.org", "#+TITLE: An outline\n* Top\ntext\n", "An outline"),
        ("a.rst", "Guide\n=====\n\ntext\n\nPart\n----\n\ntext\n", "Guide"),
        ("a.tex", "\\title{A paper}\n\\section{One}\ntext\n", "A paper"),
        ("my notes.txt", "# no heading\n", "my notes"),
    ],
)
def test_titles(tmp_path: Path, name: str, content: str, title: str) -> None:
    assert read(tmp_path, name, content).title == title


def test_org(tmp_path: Path) -> None:
    source = (
        "#+DATE: <2026-02-01 Sun>\n* <2026-03-02 Mon>\n- item\n  more\n"
        "** TODO call\n#+begin_src sh\n* not a heading\n#+end_src\n"
        "| a | b |\n|---+---|\n| 1 | 2 |\n"
    )
    document = read(tmp_path, "a.org", source)
    check_lines(document, source)
    assert document.when == "2026-02-01"
    assert {when for _, heading, when in blocks(document) if heading} == {"2026-03-02"}
    assert ("| a | b |\n|---+---|\n| 1 | 2 |") in [text for text, _, _ in blocks(document)]
    assert document.blocks[-1].heading == ("<2026-03-02 Mon>", "TODO call")


def test_rst(tmp_path: Path) -> None:
    source = (
        "=====\nGuide\n=====\n\nLook::\n\n    code\n\n    more\n\nPart\n----\n\n"
        ".. note:: a\n   b\n\n* item\n  more\n\nOther\n-----\n"
    )
    document = read(tmp_path, "a.rst", source)
    check_lines(document, source)
    assert blocks(document) == [
        ("=====\nGuide\n=====\n\nLook::\n\n    code\n\n    more", ("Guide",), ""),
        ("Part\n----\n\n.. note:: a\n   b", ("Guide", "Part"), ""),
        ("* item\n  more", ("Guide", "Part"), ""),
        ("Other\n-----", ("Guide", "Other"), ""),
    ]


def test_plain_text_diary(tmp_path: Path) -> None:
    source = "Before.\n\nTuesday, 3 March 2026\nDug the bed.\n\nTired.\n\n2026-03-04\n\nRain.\n"
    document = read(tmp_path, "diary.txt", source)
    check_lines(document, source)
    assert [when for _, _, when in blocks(document)] == ["", *["2026-03-03"] * 2, "2026-03-04"]
    assert blocks(document)[-1][0] == "2026-03-04\n\nRain."


@pytest.mark.parametrize("name", ["garden.txt", "garden.md"])
def test_lines_that_begin_with_a_day(tmp_path: Path, name: str) -> None:
    text = "Budget\n2026-03-08 We agreed on 400.\nWithout the bin.\n2026-04-19 Now 380.\n\nBeans.\n"
    document = read(tmp_path, name, text)
    assert [(said, when) for said, _, when in blocks(document)] == [
        ("Budget", ""), ("2026-03-08 We agreed on 400.\nWithout the bin.", "2026-03-08"),
        ("2026-04-19 Now 380.", "2026-04-19"), ("Beans.", ""),
    ]  # fmt: skip


def test_log(tmp_path: Path) -> None:
    source = "2026-03-02 10:00 start\n  detail\nno date\n\n2026-03-03 stop\n"
    document = read(tmp_path, "app.log", source)
    check_lines(document, source)
    assert [when for _, _, when in blocks(document)] == [*["2026-03-02"] * 3, "2026-03-03"]


def test_line_ends_and_odd_separators_keep_line_numbers(tmp_path: Path) -> None:
    source = "one\x0bstill one\r\ntwo\x0c\u2028still two\rthree\n\n\nsix\n"
    document = read(tmp_path, "a.txt", source)
    assert document.text == source.replace("\r\n", "\n").replace("\r", "\n")
    numbers = {document.text[p.start :].split("\n")[0]: p.number for p in document.places}
    assert (numbers["two\x0c\u2028still two"], numbers["three"], numbers["six"]) == (2, 3, 6)


@pytest.mark.parametrize(
    ("data", "text", "note"),
    [
        (b"\xef\xbb\xbfcaf\xc3\xa9", "café", ""),
        ("café".encode("utf-16"), "café", ""),
        ("café".encode("utf-16-be").join((b"\xfe\xff", b"")), "café", ""),
        (b"caf\xe9 \x93quoted\x94", "café “quoted”", "not valid UTF-8; read as cp1252"),
        (b"caf\xe9 and so on \x81", "café and so on \x81", "not valid UTF-8; read as latin-1"),
        (
            "日本語の文章です。".encode() + b"\xe6\x97",
            "日本語の文章です。\ufffd",
            "not valid UTF-8",
        ),
    ],
)
def test_encodings(tmp_path: Path, data: bytes, text: str, note: str) -> None:
    document = read(tmp_path, "a.txt", data)
    assert document.text == text
    assert document.note.startswith(note) and bool(note) == bool(document.note)


def test_dates_in_file_names(tmp_path: Path) -> None:
    for name in ("2026-03-02.txt", "scan_20260302.txt", "x 2026_03_02.txt", "2 March 2026.txt"):
        assert read(tmp_path, name, "text").when == "2026-03-02"
    assert read(tmp_path, "report 12.txt", "text").when == ""
