"""Mailboxes as conversations: threads, only what each author wrote, read on where they grew."""

# last verified: 2026-11-21 against mboxes of Thunderbird, ezmlm and Gmail's Takeout (by its docs)

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cairn.core.chats.formats import format_of
from cairn.core.chats.messengers import mail_file
from cairn.core.chats.messengers.mail_quotes import own_words
from cairn.core.chats.source import Transcript
from cairn.core.chats.times import from_iso
from cairn.core.chats.turn import Checkpoint, State
from tests.chats.reading import about, items, passed, turns, turns_of

ENVELOPE = "From - Mon Jun 01 10:00:00 2009\n"


def mail(
    id: str, body: str = "hello", *, extra: str = "", subject: str = "beds",
    by: str = "Ana <ana@example.org>", to: str = "bob@example.org",
) -> str:  # fmt: skip
    named = f"Message-ID: <{id}>\n" if id else ""
    return (
        f"{ENVELOPE}{extra}From: {by}\nTo: {to}\nSubject: {subject}\n{named}"
        f"Date: Mon, 10 Aug 2026 18:20:0{len(body) % 10} +0200\n\n{body}\n\n"
    )


def put(folder: Path, *mails: str) -> Path:
    path = folder / "Inbox"
    path.write_bytes("".join(mails).encode())
    return path


def threads(path: Path) -> dict[str, str]:
    return {turn.key: turn.conversation for turn in turns("mail", path)}


def test_a_thread_is_a_conversation(tmp_path: Path) -> None:
    path = put(
        tmp_path,
        mail("1@x", "Is 400 ok?"),
        mail("3@x", "Me:\n>From here.", subject="other", by="=?utf-8?q?Zo=C3=AB?= <z@x.org>"),
        mail(
            "2@x", "No, 500.\n\nOn Mon, 10 Aug 2026 Ana wrote:\n> Is 400 ok?", subject="Re: beds",
            extra="In-Reply-To: <1@x>\n", by="bob@example.org", to="Ana <ana@example.org>",
        ),
    )  # fmt: skip
    assert format_of("mail").fits(Transcript(path))
    found = items("mail", path)
    first, other, second = turns_of(found)
    assert (first.text, second.text) == ("Is 400 ok?", "No, 500.")
    assert other.text == "Me:\nFrom here."
    assert [turn.who for turn in (first, other, second)] == ["Ana", "Zoë", "bob@example.org"]
    assert {turn.origin for turn in turns_of(found)} == {"other"}
    assert first.conversation == second.conversation != other.conversation
    assert second.reply_to == first.key == "1@x"
    assert first.when == from_iso("2026-08-10T18:20:00+02:00")
    known = about(found)[first.conversation]
    assert known.title == "beds"
    assert known.people[:2] == ("Ana", "bob@example.org")
    assert turns("mail", path) == turns_of(found)


def test_threads_are_found_in_many_ways(tmp_path: Path) -> None:
    by_references = threads(put(
        tmp_path,
        mail("c@x", "c", extra="References: <a@x>\n <b@x>\n"),
        mail("a@x", "a"),
        mail("d@x", "d", extra="In-Reply-To: <c@x>\n"),
        mail("e@x", "e", extra="In-Reply-To: <d@x>\n"),
    ))  # fmt: skip
    assert len(set(by_references.values())) == 1
    by_subject = threads(put(
        tmp_path,
        mail("a@x", "a"),
        mail("b@x", "b", subject="AW: Re: beds", by="bob@example.org", to="ana@example.org"),
        mail("c@x", "c"),
        mail("d@x", "d", subject="Re: beds", to="cy@example.org"),
    ))  # fmt: skip
    assert by_subject["a@x"] == by_subject["b@x"]
    assert len(set(by_subject.values())) == 3
    by_gmail = threads(put(
        tmp_path,
        mail("a@x", "a", extra="X-GM-THRID: 1786364400123456789\n"),
        mail("b@x", "b", extra="X-GM-THRID: 1786364400123456789\n", subject="else"),
    ))  # fmt: skip
    assert set(by_gmail.values()) == {"1786364400123456789"}


def test_what_is_passed_over(tmp_path: Path) -> None:
    found = items("mail", put(
        tmp_path,
        mail("1@x", "gone", extra="X-Mozilla-Status: 0009\n"),
        mail("2@x", "gone", extra="X-Gmail-Labels: Spam,Unread\n"),
        mail("3@x", "gone", extra="X-Gmail-Labels: Papierkorb\n"),
        mail("4@x", " ", subject=" "),
        mail("5@x", "> only\n> quoted"),
        mail("6@x", " ", subject="call me back"),
        mail("", "no id"), mail("", "no id either"),
    ))  # fmt: skip
    assert [turn.text for turn in turns_of(found)] == ["call me back", "no id", "no id either"]
    assert passed(found) == {"deleted": 3, "empty": 1, "only quotes": 1}
    assert len({turn.key for turn in turns_of(found)}) == 3


def test_attachments_by_name(tmp_path: Path) -> None:
    parts = (
        "--b\nContent-Type: text/html\n\n<p>See <b>it</b></p>\n"
        "--b\nContent-Type: application/pdf; name=plan.pdf\n"
        "Content-Disposition: attachment; filename=plan.pdf\n\nJVBER\n--b--"
    )
    extra = 'MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary="b"\n'
    (turn,) = turns("mail", put(tmp_path, mail("1@x", parts, extra=extra)))
    assert (turn.text, turn.attachments) == ("See it", ("plan.pdf",))


@pytest.mark.parametrize(
    "quoted",
    [
        "On Mon, Aug 10, 2026 at 2:30 PM Ana <ana@x.org> wrote:\n\n> old",
        "On Mon, Aug 10, 2026 at 2:30 PM Ana Lopez Garcia\n<ana@x.org> wrote:\nold, not marked",
        "Am 10.08.2026 um 14:30 schrieb Ana Lopez <ana@x.org>:\n> old",
        "Le lun. 10 août 2026 à 14:30, Ana <ana@x.org> a écrit :\n> old",
        "El lun, 10 ago 2026 a las 14:30, Ana (<ana@x.org>) escribió:\nold",
        "Ana Lopez <ana@x.org> writes:\n\n> old",
        "-----Original Message-----\nFrom: Ana\nold",
        "-----Ursprüngliche Nachricht-----\nVon: Ana\nold",
        "________________________________\nFrom: Ana <ana@x.org>\nSent: Monday\nTo: Bob\n\nold",
        "Von: Ana <ana@x.org>\nGesendet: Montag\nAn: Bob\n\nold",
        "De : Ana <ana@x.org>\nEnvoyé : lundi\nÀ : Bob\n\nold",
        "-- \nBob Ng\nold",
        "Sent from my iPhone",
    ],
)
def test_what_is_not_the_authors_is_cut(quoted: str) -> None:
    assert own_words(f"Fine.\n\nAt six?\n\n{quoted}", "Re: beds") == "Fine.\n\nAt six?"


def test_answers_between_and_below_quotes_stay() -> None:
    body = "On Monday 10 Aug Ana wrote:\n> 400?\nNo.\n\n> When?\n>> x\nAt six.\n-- \nBob"
    assert own_words(body, "Re: beds") == "No.\n\nAt six."
    told = "On Monday she wrote:\nI will not come.\nSo be it."
    assert own_words(told, "news") == told
    passed_on = "FYI\n\n-----Original Message-----\nFrom: Ana\nSent: x\n\n> all of it"
    assert own_words(passed_on, "Fwd: beds") == passed_on


def test_a_mailbox_that_grows_is_read_on(tmp_path: Path) -> None:
    mails = [
        mail("1@x", "first"),
        mail("2@x", "second", extra="In-Reply-To: <1@x>\n"),
        mail("3@x", "third", extra="In-Reply-To: <2@x>\n"),
        mail("4@x", "fourth"),
    ]
    whole = turns("mail", put(tmp_path, *mails))
    text = "".join(mails)
    for cut in range(len(mails[0]) // 2, len(text), 97):
        state = State()
        first = turns("mail", put(tmp_path, text[:cut]), state)
        second = turns("mail", put(tmp_path, text), json.loads(json.dumps(state)))
        assert len(second) <= len(whole) - len(first) + 1
        merged = {turn.key: turn for turn in first} | {turn.key: turn for turn in second}
        assert sorted(merged.values(), key=lambda turn: turn.line) == whole


def test_any_checkpoint_is_a_place_to_go_on_from(tmp_path: Path) -> None:
    path = put(tmp_path, *(mail(f"{n}@x", f"m{n}") for n in range(5)))
    found = items("mail", path)
    whole = turns_of(found)
    states = [item.state for item in found if isinstance(item, Checkpoint)]
    for at, state in enumerate(states):
        assert turns("mail", path, dict(state)) == whole[at:]


def test_a_rewritten_mailbox_is_read_anew(tmp_path: Path) -> None:
    state = State()
    turns("mail", put(tmp_path, mail("1@x", "a"), mail("2@x", "b")), state)
    again = turns("mail", put(tmp_path, mail("2@x", "b"), mail("3@x", "c" * 900)), state)
    assert [turn.key for turn in again] == ["2@x", "3@x"]


def test_mails_are_found_across_blocks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mails = [mail(f"{n}@x", f"body {n} " + "x" * (n % 700)) for n in range(200)]
    path = put(tmp_path, *mails, mail("large@x", "x" * 40_000), mail("last@x"))
    whole = turns("mail", path)
    assert len(whole) == 202
    for block in (977, 4096, 50_001):
        monkeypatch.setattr(mail_file, "_BLOCK", block)
        assert turns("mail", path) == whole
    monkeypatch.setattr(mail_file, "_BLOCK", 4096)
    monkeypatch.setattr(mail_file, "_LARGEST", 10_000)
    short = turns("mail", path)
    assert [turn.key for turn in short] == [turn.key for turn in whole]
    assert 9_000 < len(short[200].text) < 20_000


@pytest.mark.parametrize(
    "body",
    ["> " * 200_000, "On " * 200_000, "On a\n" * 50_000, "_" * 500_000, "From: a\n" * 60_000,
     "a<b@c" * 100_000, "\0\x07" * 1000, "--\n" * 9],
)  # fmt: skip
def test_hostile_bodies(tmp_path: Path, body: str) -> None:
    found = items("mail", put(tmp_path, mail("1@x", body), mail("2@x", "kept")))
    assert turns_of(found)[-1].text == "kept"
    assert len(turns_of(found)) + sum(passed(found).values()) == 2


@pytest.mark.parametrize("text", ["", "From me\nto you\n", "Subject: x\n\n", "From here: it rains"])
def test_other_files_are_no_mailboxes(tmp_path: Path, text: str) -> None:
    assert not format_of("mail").fits(Transcript(put(tmp_path, text)))
