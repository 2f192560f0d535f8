"""Mailboxes: each mail cited by its number, none twice, none that was deleted."""

from __future__ import annotations

from pathlib import Path

import pytest

from cairn.core.errors import ExtractError
from cairn.core.extract import Limits, extract
from tests.extract.checks import check_chunks, read

ENVELOPE = "From - Mon Jun 01 10:00:00 2009\n"


def mail(number: int, body: str = "hello", extra: str = "", subject: str = "Re: beds") -> str:
    return (
        f"{ENVELOPE}{extra}From: Anna <anna@example.org>\nTo: me@example.org\n"
        f"Subject: {subject}\nMessage-ID: <{number}@x>\n"
        f"Date: Mon, {number % 28 + 1} Mar 2026 18:20:00 +0100\n\n{body}\n\n"
    )


def test_mails_one_below_the_other(tmp_path: Path) -> None:
    second = mail(2, "> 400?\n\nNo, 500.", subject="AW: beds")
    document = read(tmp_path, "Sent.mbox", mail(1, "Is 400 ok?") + second)
    assert (document.kind, document.title, document.when) == ("mail", "Sent", "")
    assert document.text == (
        "Subject: Re: beds\nFrom: Anna <anna@example.org>\nTo: me@example.org\n"
        "Date: Mon, 2 Mar 2026 18:20:00 +0100\n\nIs 400 ok?\n\n"
        "Subject: AW: beds\nFrom: Anna <anna@example.org>\nTo: me@example.org\n"
        "Date: Mon, 3 Mar 2026 18:20:00 +0100\n\n> 400?\n\nNo, 500."
    )
    chunks = check_chunks(document)
    assert [chunk.span.locator for chunk in chunks] == ["m1", "m2", "m2", "m2"]
    assert {chunk.heading for chunk in chunks} == {("beds",)}
    assert [chunk.when[:10] for chunk in chunks] == ["2026-03-02"] + ["2026-03-03"] * 3
    assert [chunk.who for chunk in chunks] == ["Anna", "Anna", "quoted by Anna", "Anna"]


@pytest.mark.parametrize("name", ["Inbox", "Archive.2026", "INBOX.mbox", "a.mbx"])
def test_a_mailbox_is_known_by_its_content(tmp_path: Path, name: str) -> None:
    assert {place.unit for place in read(tmp_path, name, mail(1)).places} == {"m"}


def test_lines_that_only_look_like_an_envelope(tmp_path: Path) -> None:
    body = "x\n\nFrom here on it rains\nand pours.\n\n>From now on\n>>From then\nFrom: nobody"
    document = read(tmp_path, "a.mbox", mail(1, body) + mail(2))
    assert [place.number for place in document.places] == [1, 2]
    assert "From here on it rains\nand pours.\n\nFrom now on\n>From then" in document.text


def test_an_envelope_with_its_day_needs_no_blank_line(tmp_path: Path) -> None:
    document = read(tmp_path, "a.mbox", mail(1).rstrip("\n") + "\n" + mail(2))
    assert [place.number for place in document.places] == [1, 2]
    unsure = mail(1).rstrip("\n") + "\nFrom here on\nnote: it rains\n"
    assert [place.number for place in read(tmp_path, "b.mbox", unsure).places] == [1]


def test_windows_line_ends(tmp_path: Path) -> None:
    document = read(tmp_path, "a.mbox", (mail(1) + mail(2)).replace("\n", "\r\n"))
    assert [place.number for place in document.places] == [1, 2]


def test_deleted_empty_and_doubled_mails_are_passed_over(tmp_path: Path) -> None:
    data = (
        mail(1, extra="X-Mozilla-Status: 0009\n", body="gone")
        + mail(2, extra="X-Mozilla-Status: 0001\n", body="kept")
        + mail(3, extra="X-Gmail-Labels: Spam,Unread\n", body="gone")
        + mail(4, body=" ", subject=" ")
        + mail(2, body="kept")
        + mail(5, extra="X-Mozilla-Status: nonsense\n", body="last")
    )
    document = read(tmp_path, "Inbox", data)
    assert [place.number for place in document.places] == [2, 6]
    assert "gone" not in document.text and document.text.count("kept") == 1
    assert document.note == (
        "skipped 2 mails in the trash or spam, 1 mail without content, 1 mail seen before"
    )


def test_attachments_carry_the_number_of_their_mail(tmp_path: Path) -> None:
    head = "MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=x\n"
    part = "--x\nContent-Type: text/plain; name=plan.txt\nContent-Transfer-Encoding: base64\n\n"
    body = "--x\n\nsee below\n" + part + "cGFjayB0aGUgdGVudA==\n--x--\n"
    other = body.replace("cGFjayB0aGUgdGVudA==", "dHdv")
    data = mail(1) + mail(2, body, head) + mail(3, body, head) + mail(4, other, head)
    document = read(tmp_path, "a.mbox", data)
    assert {part.uri: part.text for part in document.parts} == {
        "file:a.mbox!/4_plan.txt": "two",
        "file:a.mbox!/3_plan.txt": "pack the tent",
    }
    assert document.parts[0].who == "Anna"
    assert document.parts[0].when == "2026-03-05T18:20:00+01:00"


def test_a_mailbox_may_be_larger_than_other_files(tmp_path: Path) -> None:
    (tmp_path / "Inbox").write_text(mail(1, "hello " * 1000))
    (tmp_path / "a.txt").write_text("hello " * 1000)
    limits = Limits(max_bytes=2000, max_chars=500)
    assert "hello" in extract(tmp_path / "Inbox", "file:Inbox", limits).text
    with pytest.raises(ExtractError, match="the limit is"):
        extract(tmp_path / "a.txt", "file:a.txt", limits)


def test_the_last_mails_are_kept_where_there_are_too_many(tmp_path: Path) -> None:
    from cairn.core.extract.mail.mailbox import read_mailbox
    from cairn.core.extract.source import Source

    data = "".join(mail(n, f"number {n}") for n in range(1, 101)).encode()
    document = read_mailbox(Source("file:a.mbox", "a.mbox", data, 2000))
    assert document.text.endswith("number 100") and len(document.text) <= 2000
    kept = len(document.places)
    assert [place.number for place in document.places] == list(range(101 - kept, 101))
    assert document.note.startswith(f"the first {100 - kept} mails left out")


def test_thirty_thousand_mails(tmp_path: Path) -> None:
    document = read(tmp_path, "a.mbox", "".join(mail(n) for n in range(30_000)))
    assert document.places[-1].number == 30_000


@pytest.mark.parametrize(
    "data",
    [
        ENVELOPE + "no headers, only text",
        ENVELOPE + "X: y\n\n" + "From \n" * 100_000,
        ENVELOPE + "X: y\n\nhello\n\n" + (ENVELOPE + "X: y\n\n") * 20_000,
        ENVELOPE + "X-Long: " + "a" * 1_000_000 + "\n\nhello",
        mail(1) + ENVELOPE + "Content-Type: multipart/mixed; boundary=x\n\n" + "--x\n" * 100_000,
        mail(1) + mail(2, "*" * 1000, "Content-Transfer-Encoding: base64\n"),
        "From " + "x" * 1_000_000 + "\n\nhello",
    ],
)
def test_hostile_mailboxes(tmp_path: Path, data: str) -> None:
    assert read(tmp_path, "a.mbox", data).blocks
