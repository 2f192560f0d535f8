"""The files of a Slack export, and whom and what its ids mean.

Called by `slack`. A ZIP is opened once, however many files it has. Damage is raised as
`ExtractError`, after what stands before it was given.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from typing import IO, Any

from cairn.core.chats.exports.stream import items
from cairn.core.chats.messengers.slack_text import Names, word
from cairn.core.chats.source import Transcript
from cairn.core.errors import ExtractError

LISTS = ("channels.json", "groups.json", "dms.json", "mpims.json")
USERS = "users.json"
_TALKS = ("dms.json", "mpims.json")
_HEAD = 1 << 16
_MOST_MEMBERS = 50
_MOST_LISTED = 200_000
_DAMAGE = (OSError, EOFError, zipfile.BadZipFile, zlib.error, RuntimeError, NotImplementedError)


@dataclass(frozen=True, slots=True)
class Channel:
    id: str
    title: str
    people: tuple[str, ...] = ()


class Files:
    def __init__(self, source: Transcript, opened: ExitStack) -> None:
        self._folder = source.path
        self._archive: zipfile.ZipFile | None = None
        self.stamps: dict[str, str] = {}
        """By name, what tells a file from what it was before."""
        if source.path.is_dir():
            for name in source.names:
                self.stamps[name] = str((source.path / name).stat().st_size)
        else:
            self._archive = opened.enter_context(zipfile.ZipFile(source.path))
            for info in sorted(self._archive.infolist(), key=lambda info: info.filename):
                self.stamps[info.filename] = f"{info.file_size}:{info.CRC:08x}"

    def _open(self, name: str) -> IO[bytes]:
        return self._archive.open(name) if self._archive else (self._folder / name).open("rb")

    def head(self, name: str) -> bytes:
        try:
            with self._open(name) as file:
                return file.read(_HEAD)
        except _DAMAGE:
            return b""

    def items(self, name: str, *lists: str) -> Iterator[tuple[str, Any]]:
        """See `stream.items`."""
        try:
            with io.TextIOWrapper(self._open(name), "utf-8-sig", "replace") as text:
                yield from items(text, lists)
        except _DAMAGE as error:
            raise ExtractError("broken", "a file of it is damaged") from error

    def _records(self, wanted: str) -> Iterator[dict[str, Any]]:
        names = [name for name in self.stamps if name.rpartition("/")[2] == wanted]
        for name in sorted(names, key=lambda name: name.count("/"))[:1]:
            with suppress(ExtractError):
                for number, (_, item) in enumerate(self.items(name, "users", "channels")):
                    if isinstance(item, dict) and number < _MOST_LISTED:
                        yield item

    def names(self) -> tuple[Names, dict[str, Channel]]:
        """And the channels by id and by name: the folder of one has either."""
        people = dict(self._people())
        channels = dict(self._channels(Names(people)))
        titles = {channel.id: channel.title.removeprefix("#") for channel in channels.values()}
        return Names(people, titles), channels

    def _people(self) -> Iterator[tuple[str, str]]:
        for user in self._records(USERS):
            profile = user.get("profile")
            inner = profile if isinstance(profile, dict) else {}
            for fields, key in (
                (inner, "real_name"), (user, "real_name"), (inner, "display_name"), (user, "name"),
            ):  # fmt: skip
                if name := word(fields, key):
                    yield word(user, "id"), name
                    break

    def _channels(self, names: Names) -> Iterator[tuple[str, Channel]]:
        for wanted in LISTS:
            for item in self._records(wanted):
                id, name, members = word(item, "id"), word(item, "name"), item.get("members")
                ids = members if isinstance(members, list) else []
                people = tuple(dict.fromkeys(names.person(each) for each in map(str, ids)))
                is_talk = wanted in _TALKS and people
                title = ", ".join(people) if is_talk else f"#{name}" if name else ""
                shown = people if len(people) <= _MOST_MEMBERS else ()
                for each in filter(None, (name, id)):
                    yield each, Channel(id or name, title, shown)
