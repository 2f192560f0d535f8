"""A channel of Discord → turns: as DiscordChatExporter saves it, or from Discord's own package.

The package has a folder for each channel, with only what its owner wrote. A channel that is
exported in parts, or in both ways, is one conversation, since its id and its messages' are the
same everywhere.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath
from typing import Any

from cairn.core.chats.exports.stream import items
from cairn.core.chats.source import Transcript
from cairn.core.chats.times import from_epoch, from_iso
from cairn.core.chats.turn import About, Item, Passed, State, Turn
from cairn.core.errors import ExtractError

_SPOKEN = ("Default", "Reply")
_SILENT = frozenset(
    "RecipientAdd RecipientRemove Call ChannelNameChange ChannelIconChange ChannelPinnedMessage "
    "GuildMemberJoin ThreadCreated ChatInputCommand ContextMenuCommand ThreadStarterMessage "
    "AutoModerationAction UserPremiumGuildSubscription PollResult".split()
)
_TALKS = ("DirectTextChat", "DirectGroupTextChat")
_FOLDER = re.compile(r"c?(\d{15,21})")
_MENTION = re.compile(r"<@!?(\d{1,21})>")
_EMOJI = re.compile(r"<a?(:\w{1,40}:)\d{1,21}>")
_PACKAGE_JSON, _PACKAGE_CSV = "messages.json", "messages.csv"
_CSV_HEAD = re.compile(rb"(?:\xef\xbb\xbf)?ID,Timestamp,Contents,Attachments\b")
_DIGITS = re.compile(r"\d{15,21}", re.ASCII)
_EPOCH = 1_420_070_400_000
_MOST_BESIDE = 8 << 20


def fits(source: Transcript) -> bool:
    head = source.head
    if _FOLDER.fullmatch(source.folder):
        if source.name == _PACKAGE_CSV:
            return bool(_CSV_HEAD.match(head))
        if source.name == _PACKAGE_JSON:
            return b'"Contents"' in head or head.strip() == b"[]"
    is_object = head.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"{"
    has_parts = all(part in head for part in (b'"guild"', b'"channel"'))
    return is_object and has_parts and (b'"dateRange"' in head or b'"messages"' in head)


def read(source: Transcript, state: State) -> Iterator[Item]:
    try:
        if source.name in (_PACKAGE_JSON, _PACKAGE_CSV) and _FOLDER.fullmatch(source.folder):
            yield from _read_package(source)
        else:
            yield from _read_export(source)
    except (ExtractError, csv.Error):
        yield Passed("damaged file", is_known=False)


# -- DiscordChatExporter


def _read_export(source: Transcript) -> Iterator[Item]:
    project = title = conversation = ""
    number = 0
    with source.text() as text:
        for key, value in items(text, ("messages",)):
            if key == "guild" and isinstance(value, dict):
                project = _word(value, "name") if _word(value, "id") != "0" else ""
            elif key == "channel" and isinstance(value, dict):
                conversation, title = _word(value, "id"), _title(value)
            elif not key:
                conversation = conversation or source.id()
                if not number:
                    yield About(conversation, title, project)
                number += 1
                yield _message(value, conversation, number)


def _title(channel: Mapping[str, Any]) -> str:
    name, kind = _word(channel, "name"), _word(channel, "type")
    is_plain = not name or kind in _TALKS or "Thread" in kind
    return name if is_plain else f"#{name}"


def _message(message: object, conversation: str, number: int) -> Turn | Passed:
    if not isinstance(message, dict) or not _word(message, "id"):
        return Passed("message", is_known=False)
    kind = _word(message, "type") or _SPOKEN[0]
    if kind not in _SPOKEN:
        return Passed(kind, is_known=kind in _SILENT or kind.isdigit())
    text = _text(message)
    names = (*_names(message, "attachments", "fileName"), *_names(message, "stickers", "name"))
    if not text and not names:
        return Passed("empty")
    author, reference = _object(message, "author"), _object(message, "reference")
    is_same = _word(reference, "channelId") in ("", conversation)
    return Turn(
        conversation, _word(message, "id"), "other", text, from_iso(message.get("timestamp")),
        _word(author, "nickname") or _word(author, "name"),
        role="bot" if author.get("isBot") is True else "",
        reply_to=_word(reference, "messageId") if kind == "Reply" and is_same else "",
        attachments=names, line=number,
    )  # fmt: skip


def _text(message: Mapping[str, Any]) -> str:
    people = {
        _word(person, "id"): _word(person, "nickname") or _word(person, "name")
        for person in _objects(message, "mentions")
    }
    forwarded = _object(message, "forwardedMessage")
    text = _word(message, "content") or _word(forwarded, "content")
    if not text.strip():
        embeds = _objects(message, "embeds") or _objects(forwarded, "embeds")
        parts = (_word(each, key) for each in embeds for key in ("title", "description"))
        text = "\n".join(filter(None, parts))
    text = _MENTION.sub(lambda found: "@" + (people.get(found[1]) or found[1]), text)
    return _EMOJI.sub(r"\1", text).strip()


def _names(message: Mapping[str, Any], key: str, name: str) -> Iterator[str]:
    return filter(None, (_word(each, name) for each in _objects(message, key)))


# -- Discord's own package


def _read_package(source: Transcript) -> Iterator[Item]:
    found = _FOLDER.fullmatch(source.folder)
    channel = _beside(source, "channel.json")
    conversation = _word(channel, "id") or (found[1] if found else source.folder)
    guild = _object(channel, "guild")
    name = _word(channel, "name")
    listed = _word(_beside(source, "../index.json"), conversation)
    listed = listed.removeprefix("Direct Message with ").removesuffix("#0")
    yield About(
        conversation, f"#{name}" if name and guild else listed or name, _word(guild, "name")
    )
    for number, record in enumerate(_records(source), 1):
        yield _own(record, conversation, number)


def _records(source: Transcript) -> Iterator[object]:
    with source.text() as text:
        if source.name == _PACKAGE_CSV:
            yield from csv.DictReader(text)
        else:
            yield from (item for key, item in items(text) if not key)


def _own(record: object, conversation: str, number: int) -> Turn | Passed:
    key = _word(record, "ID") if isinstance(record, dict) else ""
    if not isinstance(record, dict) or not _DIGITS.fullmatch(key):
        return Passed("message", is_known=False)
    text = _EMOJI.sub(r"\1", _word(record, "Contents")).strip()
    urls = _word(record, "Attachments").split()
    names = tuple(PurePosixPath(url.partition("?")[0]).name for url in urls)
    if not text and not names:
        return Passed("empty")
    when = from_epoch((int(key) >> 22) + _EPOCH)  # an id holds its moment; the text lacks the zone
    return Turn(conversation, key, "user", text, when, attachments=names, line=number)


def _beside(source: Transcript, name: str) -> Mapping[str, Any]:
    """A small file of the package, by its path from the channel's folder."""
    is_above = name.startswith("../")
    last = name.removeprefix("../")
    try:
        if source.member:
            folder = PurePosixPath(source.member).parent
            path = (folder.parent if is_above else folder) / last
            other = Transcript(source.path, path.as_posix())
        else:
            folder_here = source.path.parent
            other = Transcript((folder_here.parent if is_above else folder_here) / last)
        with other.open() as file:
            value = json.loads(file.read(_MOST_BESIDE))
    except (OSError, ValueError, KeyError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}


# -- fields of any type


def _word(fields: Mapping[str, Any], key: str) -> str:
    value = fields.get(key)
    if isinstance(value, bool) or not isinstance(value, str | int):
        return ""
    return value if isinstance(value, str) else str(value) if abs(value) < 1 << 64 else ""


def _object(fields: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    value = fields.get(key)
    return value if isinstance(value, dict) else {}


def _objects(fields: Mapping[str, Any], key: str) -> list[dict[str, Any]]:
    value = fields.get(key)
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []
