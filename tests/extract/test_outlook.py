"""Outlook's files: the same text as any mail, whichever way the body was kept."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest

from cairn.core.errors import ExtractError
from tests.extract.checks import check_chunks, read
from tests.ole_maker import Tree, make_ole

SENT = 134169420000000000  # 2026-03-02 16:20 UTC, in tenths of microseconds since 1601


def text(number: int, value: str) -> Tree:
    return {f"__substg1.0_{number:04X}001F": value.encode("utf-16-le")}


def table(head: int, **values: int) -> Tree:
    """The storage's table of numbers and times."""
    rows = b"".join(
        struct.pack("<IIQ", int(tag[1:], 16) << 16, 6, value) for tag, value in values.items()
    )
    return {"__properties_version1.0": b"\0" * head + rows}


def person(number: int, kind: int, name: str, address: str) -> Tree:
    fields = {**text(0x3001, name), **text(0x39FE, address), **table(8, x0C15=kind)}
    return {f"__recip_version1.0_#{number:08X}": fields}


def mail(head: int = 32, **more: int) -> Tree:
    return {
        **text(0x0037, "RE: beds"),
        **text(0x0C1A, "Stone, Bob"),
        **text(0x5D01, "bob@example.org"),
        **table(head, x0039=SENT, **more),
    }


def test_a_mail(tmp_path: Path) -> None:
    tree = {
        **mail(),
        **text(0x1000, "No, 500.\r\n\r\n> Is 400 ok?\r\n\0"),
        **person(0, 1, "Anna Müller", "anna@example.org"),
        **person(1, 2, "eve@example.org", "eve@example.org"),
    }
    document = read(tmp_path, "a.msg", make_ole(tree))
    assert document.text == (
        "Subject: RE: beds\nFrom: Stone, Bob <bob@example.org>\n"
        "To: Anna Müller <anna@example.org>\nCc: eve@example.org\n"
        "Date: 2026-03-02T16:20:00+00:00\n\nNo, 500.\n\n> Is 400 ok?"
    )
    assert (document.kind, document.origin, document.who) == ("mail", "other", "Stone, Bob")
    assert document.when == "2026-03-02T16:20:00+00:00"
    assert {block.heading for block in document.blocks} == {("beds",)}
    assert [chunk.span.locator for chunk in check_chunks(document)] == ["n1-n2", "n3"]


def test_the_headers_of_its_way_know_the_zone(tmp_path: Path) -> None:
    headers = "From: Bob <bob@example.org>\r\nDate: Mon, 2 Mar 2026 16:00:00 +0100\r\n\r\n"
    tree = {**text(0x0037, "x"), **text(0x007D, headers), **table(32, x0039=SENT)}
    document = read(tmp_path, "a.msg", make_ole(tree))
    assert (document.who, document.when) == ("Bob", "2026-03-02T16:00:00+01:00")


@pytest.mark.parametrize(
    ("body", "codepage"),
    [
        ({"__substg1.0_1000001E": "Grüße".encode("cp1252")}, {"x3FFD": 1252}),
        ({"__substg1.0_1000001E": "Grüße".encode("cp850")}, {"x3FFD": 850}),
        ({"__substg1.0_1000001e": "Grüße".encode()}, {"x3FFD": 65001}),
        ({"__substg1.0_1000001E": "Grüße".encode()}, {"x3FFD": 99999}),
        ({"__substg1.0_10130102": "<p>Grüße</p>".encode("latin-1")}, {"x3FDE": 28591}),
        ({"__substg1.0_1013001F": "<p>Grüße</p>".encode("utf-16-le")}, {}),
    ],
)
def test_bodies_of_all_kinds(tmp_path: Path, body: Tree, codepage: dict[str, int]) -> None:
    document = read(tmp_path, "a.msg", make_ole({**mail(32, **codepage), **body}))
    assert document.text.endswith("\n\nGrüße")


def rtf(content: bytes, size: int, magic: bytes) -> Tree:
    return {
        "__substg1.0_10090102": struct.pack("<II4sI", len(content) + 12, size, magic, 0) + content
    }


def test_bodies_of_rtf(tmp_path: Path) -> None:
    plain = rb"{\rtf1\ansi hello {\b there}\par bye}"
    document = read(tmp_path, "a.msg", make_ole({**mail(), **rtf(plain, len(plain), b"MELA")}))
    assert document.text.endswith("hello there\nbye")
    # The example of MS-OXRTFCP, 4.1.1: literals and references into what stands before.
    packed = bytes.fromhex("03000a007263706731323542320af32068656c090020627705b06c647d0a800fa0")
    document = read(tmp_path, "b.msg", make_ole({**mail(), **rtf(packed, 43, b"LZFu")}))
    assert document.text.endswith("\n\nhello world")


@pytest.mark.parametrize("size", [0, 5, 1 << 31])
@pytest.mark.parametrize("content", [b"", b"\xff" * 4000, b"\xff\x00\x00", b"\x00" + b"a" * 9])
def test_hostile_rtf(tmp_path: Path, content: bytes, size: int) -> None:
    document = read(tmp_path, "a.msg", make_ole({**mail(), **rtf(content, size, b"LZFu")}))
    assert document.text.startswith("Subject: RE: beds")


def test_a_hostile_font_table(tmp_path: Path) -> None:
    for end in (b"}", b""):
        body = rb"{\rtf1{\fonttbl" + rb"{\f0\fcharset0 x" * 50_000 + end
        tree = {**mail(), **rtf(body, len(body), b"MELA")}
        assert read(tmp_path, "a.msg", make_ole(tree)).title == "RE: beds"
    fonts = rb"{\rtf1{\fonttbl{\f0\fcharset204 Arial;}}\f0 \'cf\'f0}"
    document = read(tmp_path, "a.msg", make_ole({**mail(), **rtf(fonts, len(fonts), b"MELA")}))
    assert document.text.endswith("\n\nПр")


def test_an_empty_paragraph_of_rtf_is_a_blank_line(tmp_path: Path) -> None:
    body = rb"{\rtf1 Dear Ann,\par\par the beds are\par ready\par }" + b"\0"
    document = read(tmp_path, "a.msg", make_ole({**mail(), **rtf(body, len(body), b"MELA")}))
    assert document.text.endswith("\n\nDear Ann,\n\nthe beds are\nready") and not document.note


def attachment(number: int, fields: Tree) -> Tree:
    return {f"__attach_version1.0_#{number:08X}": {**fields, **table(8)}}


def test_attachments_and_mails_inside(tmp_path: Path) -> None:
    inner = {**mail(24), **text(0x0037, "Tickets"), **text(0x1000, "gate 7")}
    tree = {
        **mail(),
        **attachment(0, {**text(0x3707, "plan.txt"), "__substg1.0_37010102": b"pack the tent"}),
        **attachment(1, {"__substg1.0_3701000D": inner}),
        **attachment(2, {**text(0x3704, "LOGO.BIN"), "__substg1.0_37010102": b"\0" * 9000}),
        **attachment(3, text(0x3707, "nothing.txt")),
    }
    document = read(tmp_path, "a.msg", make_ole(tree))
    assert [part.uri for part in document.parts] == [
        "file:a.msg!/plan.txt",
        "file:a.msg!/Tickets.msg",
    ]
    plan, tickets = document.parts
    assert (plan.text, plan.who, plan.when[:10]) == ("pack the tent", "Stone, Bob", "2026-03-02")
    assert tickets.title == "Tickets" and tickets.text.endswith("gate 7")
    assert "Attachments: plan.txt, Tickets.msg, LOGO.BIN, nothing.txt" in document.text
    assert document.note == "the attachment LOGO.BIN was not read: .bin files are not supported"
    assert all(check_chunks(part) for part in document.parts)


def test_mails_in_mails_stop_at_three(tmp_path: Path) -> None:
    tree: Tree = {**mail(24), **text(0x0037, "level 0")}
    for level in range(1, 30):
        head = 32 if level == 29 else 24
        inner = attachment(0, {"__substg1.0_3701000D": tree})
        tree = {**mail(head), **text(0x0037, f"level {level}"), **inner}
    document = read(tmp_path, "a.msg", make_ole(tree))
    for _ in range(3):
        (document,) = document.parts
    assert (document.title, document.parts) == ("level 26", ())
    assert "left out" in document.note


@pytest.mark.parametrize(
    "data",
    [
        b"no OLE file at all",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\xff" * 4000,
        make_ole({**mail(), **text(0x1000, "x" * 5000)})[:1500],
        make_ole({}),
        make_ole({f"__recip_version1.0_#{n:08X}": b"" for n in range(300)}),
    ],
)
def test_damaged_files_say_so(tmp_path: Path, data: bytes) -> None:
    with pytest.raises(ExtractError):
        read(tmp_path, "a.msg", data)


def test_many_recipients(tmp_path: Path) -> None:
    tree = mail()
    for number in range(600):
        tree |= person(number, 1, f"Person {number}", f"p{number}@example.org")
    assert "Person 499 <p499@example.org>" in read(tmp_path, "a.msg", make_ole(tree)).text


def test_a_store_needs_a_tool(tmp_path: Path) -> None:
    with pytest.raises(ExtractError, match="readpst") as caught:
        read(tmp_path, "a.pst", b"!BDN" + b"\0" * 1000)
    assert (caught.value.code, caught.value.skipped) == ("needs-tool", True)
