"""Mails: headers and body as one text, with the sender, the day and what is quoted."""

from __future__ import annotations

from email.message import EmailMessage
from pathlib import Path

import pytest

from cairn.core.errors import ExtractError
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
