"""Telegram Desktop's export as JSON → turns: one chat, or all of them in one `result.json`.

Streamed by message, since one group may have a million. An export of everything says who the user
is; so does a private chat, whose id is the other person's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from cairn.core.chats.messengers.keys import Keys, name_id
from cairn.core.chats.messengers.streamed import (
    Broken,
    Ended,
    Found,
    file_name,
    id_of,
    object_of,
    objects_of,
    text_of,
    walk,
)
from cairn.core.chats.source import Transcript
from cairn.core.chats.times import from_epoch, from_iso
from cairn.core.chats.turn import About, Checkpoint, Item, Passed, State, Turn
from cairn.core.records import Origin

_CHAT = re.compile(
    rb'"type"\s*:\s*"(?:(?:personal|bot)_chat|replies|saved_messages|verification_codes'
    rb'|(?:private|public)_(?:super)?(?:group|channel))"'
)
_MESSAGE = re.compile(rb'"(?:date_unixtime|from_id|actor_id)"\s*:')
_LISTS = ("", "chats.list.item", "left_chats.list.item")
_SPACES = {
    "personal_chat": "user", "bot_chat": "user", "saved_messages": "user", "replies": "user",
    "verification_codes": "user", "private_group": "chat",
}  # fmt: skip
"""Ids are numbered anew for people, small groups and channels; large groups are channels."""
_ACTION = re.compile(r"[a-z_]{1,40}\Z")


def fits(source: Transcript) -> bool:
    head = source.head
    begins = head.lstrip(b"\xef\xbb\xbf \r\n\t")[:1]
    if not source.name.lower().endswith(".json") or begins != b"{":
        return False
    if b'"messages"' in head:
        return bool(_CHAT.search(head) or _MESSAGE.search(head))
    return b'"personal_information"' in head and b'"user_id"' in head


@dataclass(slots=True)
class _Chat:
    """What is known of the chat that is being read."""

    source_id: str
    name: str = ""
    type: str = ""
    id: str = ""
    me: str = ""
    """The user's id as the sender of messages, where the export says it."""
    told: str = ""
    people: dict[str, None] = field(default_factory=dict)
    keys: Keys = field(default_factory=Keys)

    @property
    def conversation(self) -> str:
        if self.id:
            return _SPACES.get(self.type, "channel") + self.id
        return name_id(self.name) or self.source_id

    def is_mine(self, sender: str) -> bool:
        if self.me:
            return sender == self.me
        is_private = self.type in ("personal_chat", "bot_chat") and self.id
        return bool(is_private) and sender.startswith("user") and sender != f"user{self.id}"


def read(source: Transcript, state: State) -> Iterator[Item]:
    fallback, me, number = source.id(), "", 0
    chat = _Chat(fallback)
    paths = {f"{path}.messages.item".lstrip("."): path for path in _LISTS}
    for found in walk(source, *paths):
        if isinstance(found, Broken):
            yield Passed("damaged end of the file", is_known=False)
        elif isinstance(found, Ended):
            if found.path in _LISTS:
                yield from _end(chat, state)
                chat = _Chat(fallback, me=me)
        elif found.path in paths:
            number += 1
            yield from _read_message(object_of(found.value), number, chat)
        elif found.path == "personal_information.user_id":
            me = chat.me = f"user{id_of(found.value)}"
        else:
            _learn(found, chat)
    if chat.told:
        yield from _end(chat, state)


def _learn(found: Found, chat: _Chat) -> None:
    path, _, name = found.path.rpartition(".")
    if path in _LISTS:
        if name == "name":
            chat.name = text_of(found.value).strip()
        elif name == "type":
            chat.type = text_of(found.value)
        elif name == "id":
            chat.id = id_of(found.value)


def _end(chat: _Chat, state: State) -> Iterator[Item]:
    if chat.told:
        yield About(chat.told, people=tuple(chat.people))
        yield Checkpoint(dict(state))


def _read_message(message: dict[str, Any], number: int, chat: _Chat) -> Iterator[Item]:
    if chat.told != chat.conversation:
        chat.told = chat.conversation
        title = chat.name or ("Saved Messages" if chat.type == "saved_messages" else "")
        yield About(chat.told, title=title)
    if message.get("type") == "service":
        action = text_of(message.get("action"))
        yield Passed(action) if _ACTION.match(action) else Passed("service", is_known=False)
        return
    if message.get("type") != "message":
        yield Passed(text_of(message.get("type")) or "no type", is_known=False)
        return
    forwarded = _forwarded_from(message)
    text = "\n".join(filter(None, (forwarded, _text(message))))
    attachments = tuple(_attachments(message))
    if not text and not attachments:
        yield Passed("media")
        return
    who, sender = text_of(message.get("from")), id_of(message.get("from_id"))
    if len(chat.people) < 1000 and (who or sender):
        chat.people[who or sender] = None
    when = from_epoch(message.get("date_unixtime")) or from_iso(message.get("date"))
    at = id_of(message.get("date_unixtime")) or text_of(message.get("date"))
    yield Turn(
        conversation=chat.told,
        key=id_of(message.get("id")) or chat.keys.of(at, who, text, *attachments),
        origin=_origin(chat, sender, bool(forwarded)),
        text=text,
        when=when,
        who=who or sender,
        reply_to=id_of(message.get("reply_to_message_id")),
        attachments=attachments,
        line=number,
    )


def _origin(chat: _Chat, sender: str, is_forwarded: bool) -> Origin:
    """What somebody passes on are not their own words."""
    is_own = chat.type == "saved_messages" or chat.is_mine(sender)
    return "user" if is_own and not is_forwarded else "other"


def _forwarded_from(message: dict[str, Any]) -> str:
    if "forwarded_from" not in message and "forwarded_from_id" not in message:
        return ""
    return f"Forwarded from {text_of(message.get('forwarded_from')) or 'somebody'}:"


def _text(message: dict[str, Any]) -> str:
    parts = [_entities(message.get("text")) or _entities(message.get("text_entities"))]
    poll = message.get("poll")
    if isinstance(poll, dict):
        parts.append(_entities(poll.get("question")))
        answers = objects_of(poll.get("answers"))
        parts += [f"- {text}" for each in answers if (text := _entities(each.get("text")))]
    place = message.get("location_information")
    if isinstance(place, dict):
        parts.append(f"Location: {place.get('latitude')}, {place.get('longitude')}")
        parts.append(text_of(message.get("place_name")))
    contact = message.get("contact_information")
    if isinstance(contact, dict):
        fields = ("first_name", "last_name", "phone_number")
        parts.append(
            "Contact: " + " ".join(filter(None, (text_of(contact.get(n)) for n in fields)))
        )
    return "\n".join(filter(None, parts))


def _entities(value: object) -> str:
    """A text, or the list of pieces that one with links and formatting is kept as."""
    if isinstance(value, str):
        return value.strip()
    pieces: list[str] = []
    for piece in value if isinstance(value, list) else ():
        if isinstance(piece, str):
            pieces.append(piece)
        elif isinstance(piece, dict):
            text, link = text_of(piece.get("text")), text_of(piece.get("href"))
            pieces.append(f"{text} ({link})" if link and link != text else text)
    return "".join(pieces).strip()


def _attachments(message: dict[str, Any]) -> Iterator[str]:
    """Names of files; one that was not exported has a note in brackets in place of its path."""
    for name in ("photo", "file"):
        value = text_of(message.get(name))
        named = text_of(message.get("file_name")) if name == "file" else ""
        if value and (named or not value.startswith("(")):
            yield file_name(named or value)
    if sticker := text_of(message.get("sticker_emoji")):
        yield f"sticker {sticker}"
