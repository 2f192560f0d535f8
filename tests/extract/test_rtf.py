"""RTF: encodings, structure, and what is not text."""

from __future__ import annotations

from pathlib import Path

import pytest

from cairn.core.errors import ExtractError
from tests.extract.checks import check_chunks, read


def test_structure_notes_and_metadata(tmp_path: Path) -> None:
    rtf = (
        r"{\rtf1\ansi\ansicpg1252{\fonttbl{\f0 Arial;}}{\stylesheet{\s1 heading 1;}"
        r"{\*\cs10 Default;}}{\info{\title Garden}{\author Ann}{\creatim\yr2026\mo3\dy2\hr9\min5}"
        r"{\company Hidden Ltd}}{\*\generator Nobody;}{\header Minutes of the club\par}"
        r"\pard\s1 Beds\par\pard Two{\footnote In May} rows{\v secret}{\deleted gone}.\par"
        r"{\field{\*\fldinst HYPERLINK x}{\fldrslt a link}}\par"
        r"\trowd\intbl Item\cell Qty\cell\row\trowd\intbl soil\par dark\cell 12\cell\row\pard"
        r"{\*\atnauthor Bo}after{\*\annotation{\*\atndate 1}Why?}\par{\pict 89504e47}}"
    )
    document = read(tmp_path, "a.rtf", rtf)
    assert [document.text[block.start : block.end] for block in document.blocks] == [
        "Beds\n\nTwo[1] rows.",
        "[1] In May",
        "a link",
        "Item | Qty\nsoil dark | 12",
        "after",
        "Comment by Bo: Why?",
        "Minutes of the club",
    ]
    assert document.blocks[3].context == "Item | Qty" and document.blocks[5].who == "Bo"
    assert document.blocks[0].heading == ("Beds",)
    assert (document.title, document.who) == ("Garden", "Ann")
    assert document.when == "2026-03-02T09:05:00"
    assert {chunk.span.unit for chunk in check_chunks(document)} == {"n"}


@pytest.mark.parametrize(
    ("rtf", "text"),
    [
        (rb"{\rtf1\ansi\ansicpg932 \'8a\'bf\'8e\'9a}", "漢字"),
        (
            rb"{\rtf1\ansi{\fonttbl{\f0\fcharset128 M;}{\f1\fcharset204 A;}}\f0 \'83A\f1  \'ff}",
            "ア я",
        ),
        (rb"{\rtf1\ansi\uc1\u28450?\u-10179?\u-8703?!}", "漢😁!"),
        (rb"{\rtf1\ansi\uc2\u8364\'80\'80 5 {\uc0\u233}}", "€ 5 é"),
        (rb"{\rtf1\mac caf\'8e}", "café"),
        (b"{\\rtf1 one\\'97two\\\nthree\r\n\\~\\{\\}}", "one—two\n\nthree\xa0{}"),
        (rb"{\rtf1 a\bin4 }}}}b}", "ab"),
    ],
)
def test_encodings(tmp_path: Path, rtf: bytes, text: str) -> None:
    assert read(tmp_path, "a.rtf", rtf).text == text


@pytest.mark.parametrize(
    "rtf",
    [
        b"{\\rtf1 x" + b"{" * 300_000,
        b"{\\rtf1 x" + b"}" * 300_000,
        b"{\\rtf1 x{\\*\\unknown " + b"{" * 300_000,
        b"{\\rtf1 x" + b"\\*" * 100_000,
        b"{\\rtf1 x\\bin999999999 ",
        b"{\\rtf1 x\\u99999999999999999999 \\'",
        b"{\\rtf1 x" + b"\\cell" * 100_000 + b"\\",
        b"{\\rtf1 x" + b"{\\footnote y}" * 30_000,
    ],
)
def test_hostile_input_is_read_or_refused(tmp_path: Path, rtf: bytes) -> None:
    assert "x" in read(tmp_path, "a.rtf", rtf).text


def test_nothing_but_pictures(tmp_path: Path) -> None:
    with pytest.raises(ExtractError) as caught:
        read(tmp_path, "a.rtf", rb"{\rtf1{\pict 00ff}}")
    assert caught.value.code == "no-text"
