"""A Slack export, or what slackdump saved, as a folder or ZIP → turns.

An export has a folder for each channel with a file for each day; a dump has a file for each
channel, with the answers inside the messages that they answer. Of an export that has grown, only
what is new is read.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from typing import Any

from cairn.core.chats.messengers.slack_parts import LISTS, USERS, Channel, Files
from cairn.core.chats.messengers.slack_text import objects, word, words
from cairn.core.chats.source import Transcript
from cairn.core.chats.times import from_epoch
from cairn.core.chats.turn import About, Checkpoint, Item, Passed, State, Turn
from cairn.core.errors import ExtractError
from cairn.core.records import digest

_DAY = re.compile(r"(?:.*/)?\d{4}-\d\d-\d\d\.json")
_DUMP = re.compile(r"(?:.*/)?[CDG][A-Z0-9]{6,}(?:-[\d.]+)?\.json")
_UPLOADED = re.compile(r"(?:.*/)?(?:__uploads|attachments|__MACOSX)/")
_TIME = re.compile(rb'"ts"\s*:\s*"\d{9,10}\.\d{6}"')
_TYPE = re.compile(rb'"type"\s*:\s*"message"')
_ABOUT = re.compile(rb'"(channel_id|name)"\s*:\s*("(?:[^"\\]|\\.){1,500}")')
_WORKSPACE = re.compile(r"(.{1,100}?) Slack export\b")
_TRIED = 20
_SPOKEN = frozenset(
    " bot_message thread_broadcast reply_broadcast me_message file_share slackbot_response".split(
        " "
    )
)
_SILENT = frozenset(
    "channel_join channel_leave channel_topic channel_purpose channel_name channel_archive "
    "channel_unarchive channel_convert_to_private channel_convert_to_public "
    "channel_posting_permissions channel_canvas_updated group_join group_leave group_topic "
    "group_purpose group_name group_archive group_unarchive pinned_item unpinned_item tombstone "
    "bot_add bot_remove bot_enable bot_disable reminder_add reminder_delete sh_room_created "
    "sh_room_shared huddle_thread joiner_notification joiner_notification_for_inviter "
    "message_changed message_deleted message_replied ekm_access_denied tabbed_canvas_updated "
    "document_comment_root assistant_app_thread app_conversation_join".split()
)


def fits(source: Transcript) -> bool:
    names = _at_its_top(source)
    top = {name.rpartition("/")[2] for name in names}
    if USERS in top and not top.isdisjoint(LISTS):
        return True
    if "channels.json" in top and any(map(_DAY.fullmatch, source.names)):
        return True
    loose = [name for name in names if name.endswith(".json")]
    dumps = [name for name in loose if _DUMP.fullmatch(name)]
    heads = (source.part(name).head for name in (*dumps[:_TRIED], *loose[:_TRIED]))
    return any(_is_dump(head) or _is_one(head) for head in heads)


def _at_its_top(source: Transcript) -> list[str]:
    """The files in the folder itself; a ZIP often holds everything in one folder."""
    names = source.names
    folders = {name.rpartition("/")[0].partition("/")[0] for name in names}
    is_wrapped = not source.path.is_dir() and len(folders - {""}) == len(folders) == 1
    return [name for name in names if name.count("/") == is_wrapped]


def _is_dump(head: bytes) -> bool:
    return b'"channel_id"' in head and b'"messages"' in head


def _is_one(head: bytes) -> bool:
    """Is it a single message, as the API gives it?"""
    return bool(head.lstrip()[:1] == b"{" and _TIME.search(head) and _TYPE.search(head))


def read(source: Transcript, state: State) -> Iterator[Item]:
    with ExitStack() as opened:
        yield from _Reader(source, Files(source, opened), state).read()


class _Reader:
    def __init__(self, source: Transcript, files: Files, state: State) -> None:
        self._files = files
        self._state = state
        self._name = source.path.name if source.path.is_dir() else source.path.stem
        found = _WORKSPACE.match(self._name)
        self._project = found[1] if found else ""
        self._names, self._channels = files.names()

    def read(self) -> Iterator[Item]:
        channels: dict[str, list[str]] = {}
        for name in self._files.stamps:
            folder, _, file = name.rpartition("/")
            if not file.endswith(".json") or _UPLOADED.match(name):
                continue
            if _DAY.fullmatch(file) and folder:
                channels.setdefault(folder, []).append(name)
            elif _DUMP.fullmatch(file) or _is_one(self._files.head(name)):
                channels[name] = [name]
        for where, names in channels.items():
            yield from self._channel(where, names)

    def _channel(self, where: str, names: list[str]) -> Iterator[Item]:
        """Of its files those that are new; the earlier ones are known by name and size."""
        known = self._state.get("read", {}).get(where, ())
        marks = ["", *self._marks(names)]
        start = next((at for at in range(len(names), 0, -1) if marks[at] in known), 0)
        if start == len(names):
            return
        channel = self._find(where, names[0])
        yield About(channel.id, channel.title, self._project, people=channel.people)
        for at, name in enumerate(names[start:], start + 1):
            yield from self._file(channel, name)
            # And the one before: the last day of an export goes on in the next one.
            self._state["read"] = {**self._state.get("read", {}), where: marks[at - 1 : at + 1]}
            yield Checkpoint(dict(self._state))

    def _marks(self, names: list[str]) -> Iterator[str]:
        """For each file, of it and all before it."""
        mark = ""
        for name in names:
            mark = digest(mark, name, self._files.stamps[name], size=8)
            yield mark

    def _find(self, where: str, name: str) -> Channel:
        last = where.rpartition("/")[2]
        if where != name:
            return self._channels.get(last) or Channel(last, f"#{last}")
        head = self._files.head(name)
        if _is_one(head) and b'"messages"' not in head:
            return Channel(f"{self._name}/messages", self._name)
        found = _ABOUT.findall(head.partition(b'"messages"')[0])
        said = {key.decode(): _text(value) for key, value in found}
        id = said.get("channel_id") or last.removesuffix(".json").partition("-")[0]
        title = said.get("name", "")
        is_talk = id.startswith("D") or not title
        return self._channels.get(id) or Channel(id, title if is_talk else f"#{title}")

    def _file(self, channel: Channel, name: str) -> Iterator[Item]:
        fields: dict[str, Any] = {}
        try:
            for key, item in self._files.items(name, "messages"):
                if key:
                    fields[key] = item
                else:
                    yield from self._message(channel, item)
        except ExtractError:
            yield Passed("damaged file", is_known=False)
        if "ts" in fields:
            yield from self._message(channel, fields)

    def _message(self, channel: Channel, message: object) -> Iterator[Item]:
        if not isinstance(message, dict):
            yield Passed("message", is_known=False)
            return
        yield from self._said(channel, message)
        answers = message.get("slackdump_thread_replies")
        for answer in answers if isinstance(answers, list) else ():
            if isinstance(answer, dict):
                yield from self._said(channel, answer)
            else:
                yield Passed("message", is_known=False)

    def _said(self, channel: Channel, message: Mapping[str, Any]) -> Iterator[Item]:
        subtype, key = word(message, "subtype"), word(message, "ts")
        if message.get("type", "message") != "message" or not key:
            yield Passed(word(message, "type") or "message", is_known=False)
            return
        if subtype not in _SPOKEN:
            yield Passed(subtype, is_known=subtype in _SILENT)
            return
        text = words(message, self._names)
        files = objects(message.get("files")) or objects([message.get("file")])
        names = (word(file, "name") or word(file, "title") for file in files)
        attachments = tuple(filter(None, names))
        if not text and not attachments:
            yield Passed("empty")
            return
        thread = word(message, "thread_ts")
        is_bot = subtype == "bot_message" or bool(message.get("bot_id"))
        yield Turn(
            channel.id, key, "other", text, from_epoch(key), self._who(message),
            role="bot" if is_bot else "",
            reply_to=thread if thread != key else "",
            attachments=attachments,
        )  # fmt: skip

    def _who(self, message: Mapping[str, Any]) -> str:
        id = word(message, "user")
        if id in self._names.people:
            return self._names.people[id]
        named = [word(message, "username")]
        for profile in objects([message.get("user_profile"), message.get("bot_profile")]):
            named += (word(profile, key) for key in ("real_name", "name", "display_name"))
        return next(filter(None, named), id or word(message, "bot_id"))


def _text(literal: bytes) -> str:
    try:
        return str(json.loads(literal))
    except ValueError:
        return ""
