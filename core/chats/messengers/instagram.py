"""Messages as Instagram and Facebook export them (`message_1.json`, …) → turns, oldest first.

The files of one thread are one conversation. Their text is UTF-8 that was taken for Latin-1 and is
repaired. The newer export of encrypted Facebook chats has other names for the same fields.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from cairn.core.chats.messengers.keys import Keys, name_id
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

_NUMBERED = re.compile(r"message_\d+\.json\Z", re.I)
_MEDIA = ("photos", "videos", "audio_files", "files", "gifs", "media")
_MOST_HELD = 20_000
"""An exported file holds half of this at most."""
_REACTION = re.compile(
    r"(?:Liked a message|Reacted .{1,12} to your message|.{1,100} liked a message)\s*\Z", re.I
)
_NOTICE = re.compile(r".{1,100} sent (?:an attachment|a photo|a video|a live location)\.\Z", re.I)
_SERVICE = ("Subscribe", "Unsubscribe", "Call", "Payment", "Plan")


def fits(source: Transcript) -> bool:
    head = source.head
    if not source.name.lower().endswith(".json") or b'"messages"' not in head:
        return False
    return (b'"sender_name"' in head and b'"timestamp_ms"' in head) or (
        b'"senderName"' in head and (b'"threadName"' in head or b'"isUnsent"' in head)
    )


def read(source: Transcript, state: State) -> Iterator[Item]:
    about = _about(source)
    yield about
    keys = Keys()
    held: list[Item] = []
    number = 0
    for found in walk(source, "messages.item"):
        if isinstance(found, Broken):
            held.append(Passed("damaged end of the file", is_known=False))
        elif isinstance(found, Found) and found.path == "messages.item":
            number += 1
            held.append(_read_message(object_of(found.value), number, about.conversation, keys))
            if len(held) >= _MOST_HELD:
                yield from reversed(held)
                held.clear()
    yield from reversed(held)
    yield Checkpoint(dict(state))


def _about(source: Transcript) -> About:
    """The thread's name and people stand before its messages, its id after them."""
    known: dict[str, str] = {}
    people: list[str] = []
    for found in walk(source, "messages.item", "participants.item"):
        if not isinstance(found, Found) or found.path == "messages.item":
            continue
        if found.path == "participants.item":
            value = found.value.get("name") if isinstance(found.value, dict) else found.value
            people += [repair(text_of(value))] if len(people) < 1000 else []
        else:
            known[found.path] = repair(text_of(found.value))
    title = known.get("title") or re.sub(r"_\d+\Z", "", known.get("threadName", ""))
    id_ = known.get("thread_path", "").rpartition("/")[2] or known.get("threadName", "")
    if not id_:
        is_numbered = bool(_NUMBERED.match(source.name))
        id_ = name_id(source.folder if is_numbered else title or source.name.removesuffix(".json"))
    return About(id_, title=title, people=tuple(filter(None, people)))


def repair(text: str) -> str:
    if text.isascii():
        return text
    try:
        return text.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return text


def _read_message(message: dict[str, Any], number: int, conversation: str, keys: Keys) -> Item:
    who = repair(text_of(message.get("sender_name") or message.get("senderName"))).strip()
    at = id_of(message.get("timestamp_ms") or message.get("timestamp"))
    if message.get("is_unsent") is True or message.get("isUnsent") is True:
        return Passed("unsent")
    if message.get("type") in _SERVICE or "call_duration" in message:
        return Passed("call" if "call_duration" in message else "service")
    if not who or not at:
        return Passed("no message", is_known=False)
    text = repair(text_of(message.get("content") or message.get("text"))).strip()
    attachments = tuple(filter(None, _attachments(message)))
    if _REACTION.match(text) and not attachments:
        return Passed("reaction")
    if _NOTICE.match(text):
        text = ""
    if not text and not attachments:
        return Passed("empty")
    return Turn(
        conversation=conversation,
        key=keys.of(at, who, text),
        origin="other",
        text=text,
        when=from_epoch(at),
        who=who,
        attachments=attachments,
        line=number,
    )


def _attachments(message: dict[str, Any]) -> Iterator[str]:
    for kind in _MEDIA:
        for each in objects_of(message.get(kind)):
            yield file_name(repair(text_of(each.get("uri"))))
    sticker = message.get("sticker")
    if isinstance(sticker, dict):
        yield file_name(sticker.get("uri"))
    share = message.get("share")
    if isinstance(share, dict) and text_of(share.get("link")):
        yield repair(text_of(share.get("link")))
