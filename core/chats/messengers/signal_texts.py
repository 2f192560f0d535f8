"""Signal conversations exported as text → turns: Markdown of signal-export, text of sigtop.

Used by `signal`. Neither has ids: they come from the minute, the author and the words. "Me" and
"You" are the user.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from cairn.core.chats.messengers.keys import Keys, name_id, with_zone
from cairn.core.chats.messengers.names import is_program
from cairn.core.chats.messengers.streamed import file_name
from cairn.core.chats.source import Transcript
from cairn.core.chats.times import from_iso
from cairn.core.chats.turn import About, Checkpoint, Item, Passed, State, Turn

_LINE = re.compile(r"\[(\d{4}-\d\d-\d\d)(,?) (\d\d:\d\d)(:\d\d)?\] ([^:\n]{1,100}): ?(.*)", re.S)
_FILE = re.compile(r"!?\[([^\[\]\n]{0,300})\]\((?:\./|\.\./)(?:media|exported_stickers)/[^()\n]*\)")
_REACTIONS = re.compile(r"\n?^\(- [^\n]{1,2000} -\)\s*$", re.M)
_STICKER = re.compile(r"^\(\( ([^\n]{1,100}) \)\)\s*$", re.M)
_CALL = re.compile(
    r"(?:incoming|outgoing|missed) (?:voice |video |group )?call(?: \([^()\n]*\))?\Z", re.I
)
_DETAIL = re.compile(r" \((?P<detail>[^()]{1,80})\)\Z")
_ALONE = re.compile(r"\+\d{5,}|[0-9a-f]{8}-[0-9a-f-]{27}|\S+\.\d{2,}", re.I)
"""What sigtop adds to the name of a person: number, account or user name."""
_FIELD = re.compile(r"(From|Type|Sent|Received|Attachment|Reaction|Edited|Version): ?(.*)", re.S)
_MOST_LINE, _MOST_TEXT = 1 << 16, 1 << 20
_NOTES = ("chat.md", "index.md")


def fits(source: Transcript) -> bool:
    name = source.name.lower()
    text = source.head.decode("utf-8-sig", "replace")
    if name.endswith(".txt") and text.startswith("Conversation: "):
        return "\nType: " in text and "\nSent: " in text
    if not name.endswith((".md", ".txt")):
        return False
    lines = text.splitlines()[:400]
    dated = [match for line in lines if (match := _LINE.match(line))]
    people = [match[5] for match in dated if not is_program(match[5], is_iso=True)]
    is_own = "Me" in people or all(match[2] and not match[4] for match in dated)
    if name in _NOTES and "Me" in people:
        return True
    bracketed = sum(line.startswith("[20") for line in lines)
    return len(people) >= 2 and len(people) > 0.6 * bracketed and is_own


def called(source: Transcript) -> tuple[str, bool]:
    """What the file's name says: who the conversation is with, and is it one person?"""
    stem = source.name.rpartition(".")[0]
    stem = source.folder if source.name.lower() in _NOTES else stem
    detail = _DETAIL.search(stem)
    name = stem[: detail.start()] if detail else stem
    return name.strip(), bool(detail and _ALONE.fullmatch(detail["detail"]))


def read(source: Transcript, state: State) -> Iterator[Item]:
    is_sigtop = source.head.removeprefix(b"\xef\xbb\xbf").startswith(b"Conversation: ")
    title, _ = called(source)
    conversation = name_id(title) or source.id()
    yield About(conversation, title=title)
    keys = Keys()
    for message in _blocks(source) if is_sigtop else _paragraphs(source):
        yield message.item(conversation, keys)
    yield Checkpoint(dict(state))


@dataclass(slots=True)
class _Message:
    line: int
    who: str = ""
    type: str = ""
    when: str = ""
    minute: str = ""
    """As it goes into the key."""
    files: list[str] = field(default_factory=list)
    body: list[str] = field(default_factory=list)
    size: int = 0
    part: str = "fields"
    """Of sigtop's text: what is being read; of an edited message the newest version is."""

    def add(self, line: str) -> None:
        if self.size < _MOST_TEXT:
            self.body.append(line)
            self.size += len(line)

    def item(self, conversation: str, keys: Keys) -> Item:
        if self.type not in ("incoming", "outgoing"):
            return Passed(self.type or "text before the first message")
        text = "\n".join(line.rstrip() for line in self.body).strip()
        if text == "(This message was deleted)":
            return Passed("deleted")
        if _CALL.match(text):
            return Passed("call")
        if not text and not self.files:
            return Passed("empty")
        is_mine = self.type == "outgoing"
        who = "" if is_mine else self.who
        return Turn(
            conversation=conversation,
            key=keys.of(self.minute, who, text),
            origin="user" if is_mine else "other",
            text=text,
            when=self.when,
            who=who,
            role=self.type,
            attachments=tuple(self.files),
            line=self.line,
        )


# -- signal-export: `[2026-08-10 14:30:05] Ana: …`, then the rest of the message


def _paragraphs(source: Transcript) -> Iterator[_Message]:
    message: _Message | None = None
    for number, line in _lines(source):
        match = _LINE.match(line)
        if match is None:
            message = message or _Message(number)
            message.add(line)
            continue
        if message is not None and (message.type or "".join(message.body).strip()):
            yield _finished(message)
        day, _, minute, second, who, text = match.groups()
        message = _Message(number, who.strip(), "outgoing" if who.strip() == "Me" else "incoming")
        message.minute = f"{day}T{minute}"
        try:
            message.when = with_zone(datetime.fromisoformat(f"{day}T{minute}{second or ''}"))
        except ValueError:
            message.type = "no such day"
        message.add(text)
    if message is not None and (message.type or "".join(message.body).strip()):
        yield _finished(message)


def _finished(message: _Message) -> _Message:
    """Without the quote, files, stickers and reactions that are written into the text."""
    lines = message.body
    if lines and not lines[0].strip():
        start = next((i for i, each in enumerate(lines) if each.strip()), 0)
        if lines[start].startswith("> "):
            quoted = range(start, len(lines))
            end = next((i for i in quoted if not lines[i].startswith("> ")), len(lines))
            lines = lines[end:]
    text = _REACTIONS.sub("", "\n".join(lines))
    message.files += [file_name(name) for name in _FILE.findall(text)]
    message.files += [f"sticker {emoji}" for emoji in _STICKER.findall(text)]
    message.body = _STICKER.sub("", _FILE.sub("", text)).split("\n")
    return message


# -- sigtop: fields, a blank line, the words, a blank line


def _blocks(source: Transcript) -> Iterator[_Message]:
    message: _Message | None = None
    before = ""
    for (number, line), following in _with_next(_lines(source)):
        if _begins(line, before, following):
            if message is not None:
                yield message
            message = _Message(number)
        if message is not None:
            _put(message, line)
        before = line
    if message is not None:
        yield message


def _begins(line: str, before: str, following: str) -> bool:
    """Fields that stand together like this are hardly anybody's words."""
    if line.startswith("From: "):
        return following.startswith("Type: ")
    return not before and line.startswith("Type: ") and following.startswith(("Sent: ", "Rec"))


def _put(message: _Message, line: str) -> None:
    if message.part == "fields":
        if line:
            _set(message, line)
        else:
            message.part = "words"
    elif message.part == "words" and not message.body and line.startswith("> From: "):
        message.part = "quote"
    elif message.part == "words" and not message.body and line.startswith("| Version: "):
        message.part = "newest fields"
    elif message.part == "quote":
        message.part = "quote" if line.startswith(">") else "words"
    elif message.part == "words":
        message.add(line)
    elif message.part == "newest fields":
        message.part = "newest" if line == "|" else message.part
    elif message.part == "newest":
        if line.startswith("| Version: ") or not line.startswith("|"):
            message.part = "older"
        elif not line.startswith("| >"):
            message.add(line[2:])


def _with_next(
    lines: Iterator[tuple[int, str]],
) -> Iterator[tuple[tuple[int, str], str]]:
    held: tuple[int, str] | None = None
    for each in lines:
        if held is not None:
            yield held, each[1]
        held = each
    if held is not None:
        yield held, ""


def _set(message: _Message, line: str) -> None:
    match = _FIELD.match(line)
    if match is None:
        return
    name, value = match[1], match[2].strip()
    if name == "From":
        message.who = _DETAIL.sub("", value)
    elif name == "Type":
        message.type = value
    elif name == "Attachment":
        given = re.sub(r" \([^()]*, \d+ bytes\)\Z", "", value)
        message.files.append(given if given != "no filename" else "file")
    elif name in ("Sent", "Received") and not message.when:
        try:
            moment = parsedate_to_datetime(value)
        except (ValueError, TypeError, IndexError):
            return
        message.when = from_iso(moment.isoformat())
        message.minute = moment.astimezone(UTC).isoformat(timespec="minutes")


def _lines(source: Transcript) -> Iterator[tuple[int, str]]:
    with source.text() as file:
        number, is_new = 0, True
        while line := file.readline(_MOST_LINE):
            number += is_new
            is_new = line.endswith("\n")
            yield number, line.rstrip("\r\n").replace("\0", "")
