"""Mails: headers and body as one text, with the sender, the day and what is quoted."""

from __future__ import annotations

from email.message import EmailMessage
from pathlib import Path

import pytest

from cairn.core.errors import ExtractError
from cairn.core.extract import extract
from cairn.core.locate import parse_citation
from cairn.core.records import Document
from cairn.core.uris import file_uri
from tests.extract.checks import check_chunks, read

REPLY = """\
From: =?utf-8?q?Anna_M=C3=BCller?= <anna@example.org>
To: me@example.org
Subject: Re: beds
Date: Mon, 2 Mar 2026 18:20:00 +0100
Content-Type: text/plain; charset=utf-8

Yes, 400 is fine.

On Sun, Mar 1, 2026 at 6:20 PM Bob Stone <bob@example.org> wrote:
> Is 400 ok?
> Bob
"""


def test_reply(tmp_path: Path) -> None:
    document = read(tmp_path, "a.eml", REPLY)
    lines = REPLY.splitlines()
    for place, row in list(zip(document.places, document.text.split("\n"), strict=True))[5:]:
        assert not row or lines[place.number - 1] == row
    assert (document.kind, document.origin, document.title) == ("mail", "other", "Re: beds")
    assert (document.who, document.when) == ("Anna Müller", "2026-03-02T18:20:00+01:00")
    assert document.text.startswith(
        "Subject: Re: beds\nFrom: Anna Müller <anna@example.org>\nTo: me@example.org\n"
    )
    whole = [(chunk.who, chunk.span.locator) for chunk in check_chunks(document)]
    assert whole == [("Anna Müller", "L3-L9"), ("Bob Stone", "L10-L11")]


def test_html_and_attachments(tmp_path: Path) -> None:
    mail = EmailMessage()
    mail["From"], mail["Subject"] = "shop@example.org", "Your order"
    mail.set_content("<h1>Thanks</h1><p>Total: 48 €</p>", subtype="html")
    mail.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename="Rechnung ä.pdf")
    document = read(tmp_path, "a.eml", mail.as_bytes())
    assert "Attachments: Rechnung ä.pdf" in document.text
    assert document.text.endswith("Thanks\n\nTotal: 48 €")
    assert document.who == "shop@example.org"


def test_plain_text_is_preferred(tmp_path: Path) -> None:
    mail = EmailMessage()
    mail["From"], mail["Subject"] = "a@example.org", "x"
    mail.set_content("plain words")
    mail.add_alternative("<p>html words</p>", subtype="html")
    text = read(tmp_path, "a.eml", mail.as_bytes()).text
    assert "plain words" in text and "html words" not in text


@pytest.mark.parametrize(
    ("head", "body", "expected"),
    [
        ("Content-Type: text/plain; charset=nonsense", b"caf\xc3\xa9", "café"),
        ("Content-Type: text/plain; charset=utf-8", b"caf\xe9", "caf\ufffd"),
        ("Content-Type: text/plain; charset=iso-8859-1", b"caf\xe9", "café"),
        ("Content-Type: text/plain; charset=a\0b", b"caf\xe9", "café"),
        ("Content-Transfer-Encoding: base64", b"aGVsbG8*", "hello"),
        ("Content-Transfer-Encoding: x-uuencode", b"not uuencoded", "not uuencoded"),
        ("Content-Transfer-Encoding: nonsense", b"hello", "hello"),
        ("Content-Type: multipart/mixed; boundary=x", b"no parts at all", ""),
        ("Content-Type: text/plain; charset*=bad'x'%%", b"hello", "hello"),
        ("Subject: =?utf-8?b?%%%?= =?bogus?q?=E9?=", b"hello", "hello"),
        ("Date: not a date", b"hello", "hello"),
        ('From: "unclosed <a@b>, , ;:', b"hello", "hello"),
        ("Content-Type: multipart/mixed; " + "a*0=b; " * 20_000, b"hello", ""),
    ],
)
def test_broken_mails(tmp_path: Path, head: str, body: bytes, expected: str) -> None:
    data = f"To: me@example.org\n{head}\n\n".encode() + body
    assert expected in read(tmp_path, "a.eml", data).text


def test_raw_bytes_in_headers(tmp_path: Path) -> None:
    document = read(tmp_path, "a.eml", "From: Zoë <z@example.org>\nSubject: Grüße\n\nx".encode())
    assert (document.who, document.title) == ("Zoë", "Grüße")
    latin = read(tmp_path, "b.eml", "Subject: Grüße\n\nx".encode("latin-1"))
    assert latin.title == "Grüße"


def test_not_a_mail(tmp_path: Path) -> None:
    with pytest.raises(ExtractError) as caught:
        read(tmp_path, "a.eml", "just some text\n")
    assert (caught.value.code, caught.value.skipped) == ("broken", False)


def test_a_thread_shares_its_heading(tmp_path: Path) -> None:
    subjects = ("beds", "Re: beds", "AW: Re[2]: Fwd: beds", "WG:beds", "RE: re: RE: beds")
    for subject in subjects:
        document = read(tmp_path, "a.eml", f"From: a@b\nSubject: {subject}\n\nhello\n")
        assert {block.heading for block in document.blocks} == {("beds",)}
    other = read(tmp_path, "a.eml", "From: a@b\nSubject: Regarding beds\n\nhello\n")
    assert other.blocks[0].heading == ("Regarding beds",)


LONG_PAGE = "<p>" + "The garden opens in spring. " * 40 + "</p>"


@pytest.mark.parametrize(
    ("plain", "page", "taken"),
    [
        (
            "View this email in your browser: https://example.org/1",
            "<p>Total: 48 €</p>" * 9,
            "html",
        ),
        ("\n  \n", "<p>Total: 48 €</p>", "html"),
        ("This is a HTML mail", LONG_PAGE, "html"),
        ("Short note", LONG_PAGE, "html"),
        ("It opens in spring. " * 20, LONG_PAGE, "plain"),
        ("See you online tomorrow", "<p>See you</p>", "plain"),
        ("Total: 48", "<p></p>", "plain"),
    ],
)
def test_a_stub_of_plain_text_is_not_taken(
    tmp_path: Path, plain: str, page: str, taken: str
) -> None:
    mail = EmailMessage()
    mail["From"] = "a@example.org"
    mail.set_content(plain)
    mail.add_alternative(page, subtype="html")
    body = read(tmp_path, "a.eml", mail.as_bytes()).text.partition("\n\n")[2]
    words = page.removeprefix("<p>").partition("<")[0] if taken == "html" else plain
    assert body.startswith(words.strip())


def with_parts(*parts: tuple[str, bytes]) -> EmailMessage:
    mail = EmailMessage()
    mail["From"], mail["Subject"] = "Anna <anna@example.org>", "Trip"
    mail["Date"] = "Mon, 2 Mar 2026 18:20:00 +0100"
    mail.set_content("see below")
    for name, data in parts:
        mail.add_attachment(data, maintype="application", subtype="octet-stream", filename=name)
    return mail


def test_attachments_are_documents_of_their_own(tmp_path: Path) -> None:
    mail = with_parts(
        ("plan/a.txt", b"pack the tent"), ("2025-01-01.md", b"# Old\n\nplan"), ("x.bin", b"\0\1")
    )
    document = read(tmp_path, "trip.eml", mail.as_bytes())
    first, second = document.parts
    assert (first.uri, first.text) == ("file:trip.eml!/plan_a.txt", "pack the tent")
    assert (first.when, first.who) == ("2026-03-02T18:20:00+01:00", "Anna")
    assert (second.when, second.who) == ("2025-01-01", "Anna")
    assert document.note == "the attachment x.bin was not read: .bin files are not supported"
    assert all(check_chunks(part) for part in document.parts)


def test_equal_names_get_addresses_of_their_own(tmp_path: Path) -> None:
    mail = with_parts(("a.txt", b"one"), ("a.txt", b"two"), ("b.txt", b"two"))
    document = read(tmp_path, "t.eml", mail.as_bytes())
    assert [part.uri for part in document.parts] == ["file:t.eml!/a.txt", "file:t.eml!/a (2).txt"]


@pytest.mark.parametrize(
    ("name", "part"),
    [
        ("Offer #2.txt", "Offer %232.txt"),
        ("100%25.txt", "100%2525.txt"),
        ("50% off.txt", "50%25 off.txt"),
        ("a#L3-L4", "a%23L3-L4"),
        ("wow!", "wow%21"),
        ("a\\b!/c.txt", "a_b!_c.txt"),
    ],
)
def test_a_citation_of_an_attachment_finds_it(tmp_path: Path, name: str, part: str) -> None:
    path = tmp_path / "trip.eml"
    path.write_bytes(with_parts((name, b"pack the tent")).as_bytes())
    (found,) = extract(path, file_uri(path)).parts
    assert found.uri == f"{file_uri(path)}!/{part}"
    target = parse_citation(f"{found.uri}#L1")
    assert (target.path, target.uri, target.locator) == (path, found.uri, "L1")


def test_a_forwarded_mail_is_a_part(tmp_path: Path) -> None:
    mail = with_parts()
    inner = EmailMessage()
    inner["From"], inner["Subject"] = "Bob <bob@example.org>", "Tickets"
    inner.set_content("gate 7")
    mail.add_attachment(inner)
    (part,) = read(tmp_path, "a.eml", mail.as_bytes()).parts
    assert (part.uri, part.title, part.who) == ("file:a.eml!/Tickets.eml", "Tickets", "Bob")
    assert part.kind == "mail" and part.text.endswith("gate 7")
    assert part.when == "2026-03-02T18:20:00+01:00"


def test_an_invitation_is_a_part_of_its_own_kind(tmp_path: Path) -> None:
    mail = with_parts()
    event = "BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:Tea\nDTSTART:20260405\nEND:VEVENT\n"
    mail.add_alternative(event, subtype="calendar")
    (part,) = read(tmp_path, "a.eml", mail.as_bytes()).parts
    assert (part.kind, part.title, part.when) == ("event", "Tea", "2026-04-05")


def test_logos_and_signatures_are_no_parts(tmp_path: Path) -> None:
    mail = with_parts()
    mail.add_attachment(b"png", maintype="image", subtype="png", cid="<logo>", filename="l.png")
    mail.add_attachment(b"sig", maintype="application", subtype="pgp-signature", filename="s.asc")
    document = read(tmp_path, "a.eml", mail.as_bytes())
    assert (document.parts, document.note) == ((), "")


def nested(levels: int) -> str:
    mail = "From: a@b\nSubject: level 0\n\nhello 0\n"
    for level in range(1, levels):
        mail = (
            f"From: a@b\nSubject: level {level}\nContent-Type: multipart/mixed; boundary=b{level}"
            f"\n\n--b{level}\n\nhello {level}\n--b{level}\nContent-Type: message/rfc822\n\n"
            f"{mail}\n--b{level}--\n"
        )
    return mail


def test_mails_in_mails_stop_at_three(tmp_path: Path) -> None:
    document: Document = read(tmp_path, "a.eml", nested(50))
    titles = []
    while document.parts:
        titles.append(document.title)
        (document,) = document.parts
    assert titles == ["level 49", "level 48", "level 47"]
    assert document.title == "level 46"
    assert document.note == "1 attachment was left out: they are nested too deeply"


def test_too_many_attachments(tmp_path: Path) -> None:
    parts = "".join(f"--x\nContent-Type: text/plain; name={n}.txt\n\n{n}\n" for n in range(400))
    head = "From: a@b\nContent-Type: multipart/mixed; boundary=x\n\n"
    document = read(tmp_path, "a.eml", head + parts)
    assert len(document.parts) == 200
    assert document.note == "200 attachments were left out: they are too many or too large"


def test_all_parts_together_stay_within_the_limit(tmp_path: Path) -> None:
    from cairn.core.extract import Limits, extract

    mail = with_parts(*((f"{n}.txt", b"%d " % n * 300) for n in range(10)))
    (tmp_path / "a.eml").write_bytes(mail.as_bytes())
    document = extract(tmp_path / "a.eml", "file:a.eml", Limits(max_chars=2000))
    assert 1 <= len(document.parts) <= 3
    assert "the limit is" in document.note


ENCODED = "From: a@b\nContent-Transfer-Encoding: "
MULTIPART = "From: a@b\nSubject: s\nContent-Type: multipart/mixed; boundary=x\n\n"


@pytest.mark.parametrize(
    ("mail", "expected"),
    [
        (MULTIPART + "--x\n\nhello", "hello"),  # torn off
        (MULTIPART + "hello", "hello"),  # no boundary anywhere
        (MULTIPART.replace("; boundary=x", "") + "hello", "hello"),
        (MULTIPART + "--x\n\nhello\n--x--\n--x\n\nmore", "more"),
        (MULTIPART + "--x\nContent-Type: multipart/mixed; boundary=x\n\n--x\n\nhello", "hello"),
        (MULTIPART + "--x\r\n\r\nhello\r\n--x--\r\n", "hello"),
        (MULTIPART + "--x\n\nhi\n" * 50_000, "hi"),
        (MULTIPART + "--x" * 200_000, ""),
        (MULTIPART + "\n--xy" * 200_000, ""),
        (MULTIPART.replace("=x", "=" + "x" * 5000) + "hello", "hello"),
        ("From: a@b\nX-Long: " + "a" * 1_000_000 + "\nSubject: s\n\nhello", "Subject: s"),
        ("From: a@b\n" + "X: y\n" * 100_000 + "Subject: s\n\nhello", "Subject: s"),
        ("From: a@b\nno header\nhello", "hello"),
        (ENCODED + "base64\n\naGVsbG8gdGhlcmUgZnJpZW5k=x=", "hello there"),
        (ENCODED + "base64\n\naGVsbG8gdGhlcm", "hello the"),
        (ENCODED + "x-uuencode\n\nbegin 644 a\n%:&5L;&\\\n`\nend\n", "hello"),
    ],
)  # fmt: skip
def test_hostile_structure(tmp_path: Path, mail: str, expected: str) -> None:
    assert expected in read(tmp_path, "a.eml", mail).text


def test_a_bomb_of_nested_multiparts(tmp_path: Path) -> None:
    mail = "From: a@b\nSubject: s\n"
    for level in range(3000):
        mail += f"Content-Type: multipart/mixed; boundary=b{level}\n\n--b{level}\n"
    document = read(tmp_path, "a.eml", mail + "\nhello")
    assert document.note == "it has too many parts; only the first were read"


def test_a_maildir_s_file_is_known_by_its_content(tmp_path: Path) -> None:
    received = "Return-Path: <a@b>\nReceived: from x\n\tby y\n" + REPLY
    for name in ("1700000000.M1P2.host:2,S", "1700000000_1"):
        document = read(tmp_path, name, received)
        assert (document.kind, document.title) == ("mail", "Re: beds")
    assert read(tmp_path, "letter", "Subject: my plan\nis to go\n").kind == "note"


def test_apple_s_mails(tmp_path: Path) -> None:
    plist = "<?xml version='1.0'?><plist><dict/></plist>"
    document = read(tmp_path, "1.emlx", f"{len(REPLY.encode())}\n{REPLY}{plist}")
    assert document.title == "Re: beds" and "plist" not in document.text
    assert check_chunks(document)[0].span.locator == "L4-L10"
