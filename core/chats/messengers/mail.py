"""A mailbox file (mbox) → turns: each mail one, each thread a conversation.

Gmail says which thread a mail is of. Elsewhere it is the one of the mail that is answered, which
is known by its id; of mails that name none, by the subject and the people. What a mail quotes is
left out.
"""

from __future__ import annotations

import email.utils
import re
from collections.abc import Iterator
from email.message import Message
from typing import Any

from cairn.core.chats.messengers.mail_file import mails
from cairn.core.chats.messengers.mail_quotes import own_words
from cairn.core.chats.source import Transcript
from cairn.core.chats.times import from_iso
from cairn.core.chats.turn import About, Checkpoint, Item, Passed, State, Turn
from cairn.core.extract.mail.letter import Letter
from cairn.core.extract.mail.mailbox import is_deleted, unescape
from cairn.core.extract.mail.message import read_letter
from cairn.core.extract.mail.mime import header, read_mime
from cairn.core.extract.source import is_visible
from cairn.core.records import digest

_BEGINS = re.compile(rb"From [^\r\n]{1,400}\r?\n(?:>From |[!-9;-~]{1,80}:)")
_ID = re.compile(r"<([^<>\s]{1,500})>")
_DIGITS = re.compile(r"\d{5,25}", re.ASCII)
_PEOPLE = ("From", "To", "Cc")
_MOST_PEOPLE = 50
_REMEMBERED = 4096
"""Mails whose thread is kept in mind; most others name its first mail themselves."""


def fits(source: Transcript) -> bool:
    return bool(_BEGINS.match(source.head))


def read(source: Transcript, state: State) -> Iterator[Item]:
    titled: dict[str, frozenset[str]] = {}
    for mail in mails(source, state):
        try:
            yield from _read_mail(mail.data, mail.number, state, titled)
        except Exception:  # one broken mail costs itself only; the library may raise what it likes
            yield Passed("mail", is_known=False)
        yield Checkpoint({**state, "threads": dict(state.get("threads", {}))})


def _read_mail(
    data: bytes, number: int, state: State, titled: dict[str, frozenset[str]]
) -> Iterator[Item]:
    mime = read_mime(data)
    head = mime.headers
    if is_deleted(mime):
        yield Passed("deleted")
        return
    letter = read_letter(mime)
    names = tuple(attachment.name for attachment in letter.attachments)
    text = _text(letter)
    people = _people(head)
    key, before = _identity(head, letter)
    thread = _thread(head, key, before, letter, people, state.setdefault("threads", {}))
    if not text and not names:
        yield Passed("only quotes" if is_visible(letter.body) else "empty")
        return
    shown = tuple(dict.fromkeys(name or address for name, address in people))[:_MOST_PEOPLE]
    if not titled.get(thread, frozenset()).issuperset(shown) or thread not in titled:
        # Only the first mail gives the title: later ones may have another subject.
        title = "" if thread in titled else "".join(letter.thread)
        yield About(thread, title, people=shown)
        _remember(titled, thread, titled.get(thread, frozenset()) | set(shown))
    yield Turn(
        thread, key, "other", text, from_iso(letter.when), letter.who,
        reply_to=before[-1] if before else "", attachments=names, line=number,
    )  # fmt: skip


def _text(letter: Letter) -> str:
    body = unescape(letter.body)
    if is_visible(body):
        text = own_words(body, letter.subject)
        return text if is_visible(text) else ""
    return letter.subject if is_visible(letter.subject) and not letter.attachments else ""


def _people(head: Message) -> list[tuple[str, str]]:
    """(name, address) of the author and those it went to."""
    raw = [header(head, name) for name in _PEOPLE]
    found = email.utils.getaddresses([value for value in raw if value])
    return [(name.strip(), address.lower()) for name, address in found if name or address]


def _identity(head: Message, letter: Letter) -> tuple[str, list[str]]:
    """The mail's id, and those of the mails before it in its thread, from the first."""
    own = _ID.search(header(head, "Message-ID"))
    # A mail without a date is told from others by its words, which a torn one lacks some of.
    body = "" if letter.when else letter.body[:2000]
    key = own[1] if own else digest(letter.when, letter.who, letter.subject, body, size=12)
    # The whole header, which may be longer than what people read: its first id is the thread's.
    long = " ".join(str(value) for name, value in head.raw_items() if name.lower() == "references")
    before = _ID.findall(long[:1000]) + _ID.findall(long[1000:][-2000:])
    answered = _ID.search(header(head, "In-Reply-To"))
    if answered:
        before = [id for id in before if id != answered[1]] + [answered[1]]
    return key, [id for id in before if id != key]


def _thread(
    head: Message, key: str, before: list[str], letter: Letter,
    people: list[tuple[str, str]], threads: dict[str, str],
) -> str:  # fmt: skip
    """The id of the thread; `threads` learns it of the mail and of its subject."""
    given = _DIGITS.fullmatch(header(head, "X-GM-THRID"))
    addresses = sorted({address for _, address in people})
    topic = digest("subject", *letter.thread, *addresses, size=6)
    own = digest(key, size=6)
    is_answer = bool(letter.thread) and letter.thread[0] != " ".join(letter.subject.split())
    known = (threads.get(digest(id, size=6)) for id in reversed(before))
    if given:
        thread = given[0]
    elif before:
        thread = next(filter(None, known), "") or digest(before[0], size=6)
    else:
        thread = (threads.get(topic) if is_answer else "") or own
    _remember(threads, topic, thread)
    if thread != own:
        _remember(threads, own, thread)
    return thread


def _remember(known: dict[str, Any], key: str, value: object) -> None:
    known.pop(key, None)
    known[key] = value
    if len(known) > _REMEMBERED:
        del known[next(iter(known))]
