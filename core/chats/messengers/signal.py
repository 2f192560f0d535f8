"""Signal, as sigtop exports it as JSON, → turns; `signal_texts` reads the exports as text.

One file is one conversation: a list of the messages as Signal's own database has them. Names are
not among them; the file is called after the other person or the group.
"""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Iterator
from typing import Any

from cairn.core.chats.messengers import signal_texts
from cairn.core.chats.messengers.streamed import (
    Broken,
    Found,
    file_name,
    id_of,
    object_of,
    objects_of,
    text_of,
    walk,
)
from cairn.core.chats.source import Transcript
from cairn.core.chats.times import from_epoch
from cairn.core.chats.turn import About, Checkpoint, Item, Passed, State, Turn

_RECORDS = ("item", "messages.item")
_NOTICES = frozenset((
    "call-history", "change-number-notification", "chat-session-refreshed",
    "contact-removed-notification",
    "conversation-merge", "delivery-issue", "group-v1-migration", "group-v2-change", "group",
    "joined-signal-notification", "keychange", "message-request-response-event",
    "phone-number-discovery", "pinned-message-notification", "poll-terminate", "profile-change",
    "story", "timer-notification", "title-transition-notification",
    "universal-timer-notification", "verified-change",
))  # fmt: skip
_REMEMBERED = 10_000
"""Messages by the time that they were sent at, which is how an answer names its question."""
_PLACEHOLDER = "\ufffc"
_BEGINS = re.compile(rb"\A(?:\xef\xbb\xbf)?\s*(?:\[\s*)?\{")


def fits(source: Transcript) -> bool:
    if not source.name.lower().endswith(".json"):
        return signal_texts.fits(source)
    head = source.head
    return bool(_BEGINS.match(head)) and b'"conversationId"' in head and b'"sent_at"' in head


def read(source: Transcript, state: State) -> Iterator[Item]:
    if not source.name.lower().endswith(".json"):
        yield from signal_texts.read(source, state)
        return
    title, is_private = signal_texts.called(source)
    told = ""
    sent: OrderedDict[str, str] = OrderedDict()
    number = 0
    for found in walk(source, *_RECORDS):
        if isinstance(found, Broken):
            yield Passed("damaged end of the file", is_known=False)
        elif isinstance(found, Found) and found.path in _RECORDS:
            number += 1
            conversation = id_of(object_of(found.value).get("conversationId"))
            if conversation and conversation != told:
                told = conversation
                yield About(told, title=title)
            name = title if is_private else ""
            yield _read_message(object_of(found.value), number, name, sent)
    yield Checkpoint(dict(state))


def _read_message(
    message: dict[str, Any], number: int, name: str, sent: OrderedDict[str, str]
) -> Item:
    type_ = text_of(message.get("type"))
    if type_ not in ("incoming", "outgoing"):
        return Passed(type_ or "no type", is_known=type_ in _NOTICES)
    if message.get("deletedForEveryone") is True or message.get("isErased") is True:
        return Passed("deleted")
    key, conversation = id_of(message.get("id")), id_of(message.get("conversationId"))
    if not key or not conversation:
        return Passed("no message", is_known=False)
    at = id_of(message.get("sent_at")) or id_of(message.get("timestamp"))
    sent[at] = key
    if len(sent) > _REMEMBERED:
        sent.popitem(last=False)
    text = _body(message).strip()
    attachments = tuple(filter(None, _attachments(message)))
    if not text and not attachments:
        return Passed("media")
    is_mine = type_ == "outgoing"
    quote = message.get("quote")
    return Turn(
        conversation=conversation,
        key=key,
        origin="user" if is_mine else "other",
        text=text,
        when=from_epoch(at),
        who="" if is_mine else name or _sender(message),
        role=type_,
        reply_to=sent.get(id_of(quote.get("id")), "") if isinstance(quote, dict) else "",
        attachments=attachments,
        line=number,
    )


def _sender(message: dict[str, Any]) -> str:
    """A number says more to people than the id that Signal gives an account."""
    fields = ("source", "sourceServiceId", "sourceUuid")
    return next(filter(None, (text_of(message.get(field)) for field in fields)), "")


def _body(message: dict[str, Any]) -> str:
    """The words, with names where people are mentioned."""
    text = text_of(message.get("body"))
    if _PLACEHOLDER not in text:
        return text
    ranges = objects_of(message.get("bodyRanges"))
    names = [text_of(each.get("replacementText")) for each in ranges if each.get("mentionAci")]
    names = names or [text_of(each.get("replacementText")) for each in ranges]
    pieces = text.split(_PLACEHOLDER)
    marks = [f"@{name}" if name else "@" for name in names[: len(pieces) - 1]]
    marks += ["@"] * (len(pieces) - 1 - len(marks))
    return "".join(piece + mark for piece, mark in zip(pieces, [*marks, ""], strict=True))


def _attachments(message: dict[str, Any]) -> Iterator[str]:
    for each in objects_of(message.get("attachments")):
        yield file_name(each.get("fileName")) or text_of(each.get("contentType"))
    sticker = message.get("sticker")
    if isinstance(sticker, dict):
        data = sticker.get("data")
        emoji = text_of(data.get("emoji")) if isinstance(data, dict) else ""
        yield f"sticker {emoji or text_of(sticker.get('emoji'))}".strip()
