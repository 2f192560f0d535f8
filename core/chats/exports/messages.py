"""JSON of messages in no format of its own → turns: the last resort among the readers.

A list of messages, an object with such a list, a list of either, or one of these a line; and plain
text of "User: …" and "Assistant: …". A conversation without an id is known by its first message.
"""

from __future__ import annotations

import contextlib
import io
import json
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from typing import Any

from cairn.core.chats.exports.dialogue import is_dialogue, read_dialogue
from cairn.core.chats.exports.message import Message, are_messages, read_message
from cairn.core.chats.exports.stream import items
from cairn.core.chats.exports.values import fields, first_word, scalar, word
from cairn.core.chats.keys import key_of
from cairn.core.chats.source import Transcript
from cairn.core.chats.turn import About, Checkpoint, Item, Passed, State, Turn
from cairn.core.errors import ExtractError
from cairn.core.records import digest

_LISTS = (
    "messages", "conversation_list", "conversation", "conversations", "chat", "chats", "history",
    "chat_history", "turns", "dialog", "dialogue",
)  # fmt: skip
_IDS = ("conversation_id", "session_id", "chat_id", "thread_id", "id", "uuid")
_ABOUT = frozenset((*_IDS, *_LISTS, "title", "name", "session_meta"))
_HEAD, _BEGINNING = 1 << 16, 1 << 20
_SAMPLE = 100
_KNOWN_IDS = 100_000
_DEEPEST = 4


def fits(source: Transcript) -> bool:
    head = source.head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if head[:1] not in (b"[", b"{"):
        return is_dialogue(source)
    return are_messages(islice(_sample(source), _SAMPLE))


def read(source: Transcript, state: State) -> Iterator[Item]:
    head = source.head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if head[:1] not in (b"[", b"{"):
        yield from read_dialogue(source)
    elif _has_lines(source):
        yield from _read_lines(source, state)
    else:
        yield from _read_document(source)
    yield Checkpoint(dict(state))


def _read_lines(source: Transcript, state: State) -> Iterator[Item]:
    log = _Conversation(source, "", state)
    for line in source.lines(state):
        yield from _read_value(source, line.json(), log, line.number)
        yield Checkpoint(dict(state))


def _read_value(source: Transcript, value: Any, log: _Conversation, line: int) -> Iterator[Item]:
    """A line: a message of the file's only conversation, or a whole conversation."""
    if isinstance(value, list):
        part = _Conversation(source, "", {})
        for each in _flat(value):
            yield from part.put(each, line)
    elif _list_of(fields(value)):
        yield from _read_object(source, fields(value), line)
    else:
        yield from log.put(value, line)


def _read_document(source: Transcript) -> Iterator[Item]:
    about: dict[str, Any] = {}
    whole = _Conversation(source, _id(_beginning(source)), {})
    number = 0
    with source.text() as text:
        for key, value in items(text, _LISTS):
            if key in _ABOUT:
                about[key] = value
            for each in () if key else _flat([value]):
                number += 1
                if _list_of(fields(each)):
                    yield from _read_object(source, fields(each), number)
                else:
                    yield from whole.put(each, number)
    if whole.id and (title := _title(about)):
        yield About(whole.id, title=title)
    if not number:
        yield from _read_object(source, about, 1)


def _beginning(source: Transcript) -> dict[str, Any]:
    """What an object says before its messages."""
    found: dict[str, Any] = {}
    try:
        for key, value in items(io.StringIO(source.head.decode("utf-8-sig", "replace")), _LISTS):
            if not key:
                break
            found[key] = value
    except ExtractError:
        pass  # cut off
    return found


def _read_object(source: Transcript, about: dict[str, Any], number: int) -> Iterator[Item]:
    conversation = _Conversation(source, _id(about), {})
    for each in _flat(_list_of(about)):
        yield from conversation.put(each, number)
    if conversation.id and (title := _title(about)):
        yield About(conversation.id, title=title)


class _Conversation:
    """Messages of one conversation on their way into turns."""

    def __init__(self, source: Transcript, id: str, state: State) -> None:
        self._source = source
        self._state = state
        self._given = id
        self._ids: set[str] = set()

    @property
    def id(self) -> str:
        return self._given or str(self._state.get("conversation", ""))

    def put(self, found: Any, number: int) -> Iterator[Item]:
        message = read_message(found)
        if message is None:
            role = word(fields(found).get("role"))
            yield Passed(role.strip("_") or "record", is_known=role.startswith("_"))
            return
        if not self.id:
            self._state["conversation"] = self._named_by(message)
        if message.thoughts:
            yield Passed("thinking", count=message.thoughts)
        turns = list(self._turns(message, number))
        if not turns and not message.thoughts:
            yield Passed("empty message")
        yield from turns

    def _turns(self, message: Message, number: int) -> Iterator[Turn]:
        key = self._key(message)
        turn = Turn(
            self.id,
            key,
            message.origin,
            message.text,
            when=message.when,
            who=message.who,
            role=message.role,
            reply_to=message.reply_to,
            attachments=message.attachments,
            line=number,
        )
        if message.beside:
            yield replace(turn, key=f"{key}:context", origin="context", text=message.beside)
        if message.text or message.attachments:
            yield turn
        for place, (id, command) in enumerate(message.calls):
            call = f"{key}:{id or place}"
            yield replace(turn, key=call, origin="tool", text=command, command=command)

    def _key(self, message: Message) -> str:
        id = message.id
        if id and id not in self._ids:
            if len(self._ids) < _KNOWN_IDS:
                self._ids.add(id)
            return id
        # An id that comes again is not the message's but, say, its author's.
        said = (message.role, message.who, message.text, *(call for _, call in message.calls))
        key = key_of(self._state, message.when, self.id, *said)
        return f"{id}:{key}" if id else key

    def _named_by(self, first: Message) -> str:
        """Without a time, two conversations may begin alike: then the folder tells them apart."""
        place = first.when or self._source.folder
        return digest(self._source.name, place, first.role, first.who, first.text, size=8)


def _list_of(about: dict[str, Any]) -> list[Any]:
    """The messages of a conversation that is one object."""
    if isinstance(about.get("role"), str):
        return []
    for name in _LISTS:
        value = about.get(name)
        if isinstance(value, list) and value:
            return value
        if found := fields(value).get("messages"):
            return found if isinstance(found, list) else []
    return []


def _flat(values: list[Any], depth: int = 0) -> Iterator[Any]:
    for value in values:
        if isinstance(value, list) and depth < _DEEPEST:
            yield from _flat(value, depth + 1)
        else:
            yield value


def _id(about: dict[str, Any]) -> str:
    return next((id for name in _IDS if (id := scalar(about, name))), "")


def _title(about: dict[str, Any]) -> str:
    inner = fields(about.get("session_meta")) or fields(about.get("chat"))
    return first_word(about, "title", "name") or first_word(inner, "title", "name")


# -- what it is


def _has_lines(source: Transcript) -> bool:
    if source.name.lower().removesuffix(".zst").endswith((".jsonl", ".ndjson")):
        return True
    first, _, rest = source.head.removeprefix(b"\xef\xbb\xbf").lstrip().partition(b"\n")
    try:
        return isinstance(json.loads(first), dict | list) and rest.lstrip()[:1] in (b"[", b"{")
    except (ValueError, RecursionError):
        return False


def _sample(source: Transcript) -> Iterator[Any]:
    """Objects that could be messages, from the beginning."""
    data = source.head
    if len(data) >= _HEAD:
        with source.open() as file:
            data = file.read(_BEGINNING)
    text = data.decode("utf-8-sig", "replace")
    found = _lines_of(text) if _has_lines(source) else _items_of(text)
    for value in found:
        for each in _flat([value]):
            yield from _flat(_list_of(fields(each)) or [each])


def _lines_of(text: str) -> Iterator[Any]:
    for line in text.splitlines():
        with contextlib.suppress(ValueError, RecursionError):
            yield json.loads(line)


def _items_of(text: str) -> Iterator[Any]:
    about: dict[str, Any] = {}
    with contextlib.suppress(ExtractError):  # it is only the beginning
        for key, value in items(io.StringIO(text), _LISTS):
            if key:
                about[key] = value
            else:
                yield value
    yield from _list_of(about)
