"""The journal → what changed in a stretch of time: files, entries of the tree, conversations.

Called by the engine's door to asking, for `cairn changes` and questions such as "what changed in
notes since Monday". It says what came of it, the newest first; what came and went is left out.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import Literal

from cairn.core.chats.archive import Archive
from cairn.core.chats.formats import OWN
from cairn.core.errors import NotFound
from cairn.core.journal import Journal
from cairn.core.recall.narrow.places import holds, places_of
from cairn.core.records import Event
from cairn.core.tree.files import is_archived
from cairn.core.uris import container, folder_uris

FileDeed = Literal["added", "changed", "moved", "deleted"]
EntryDeed = Literal["added", "changed", "superseded", "moved", "archived", "deleted"]


@dataclass(frozen=True, slots=True)
class ChangedFile:
    uri: str
    deed: FileDeed
    at: str
    """The last time."""
    was: str = ""
    """Where it lay before."""
    times: int = 1


@dataclass(frozen=True, slots=True)
class ChangedEntry:
    id: str
    title: str
    path: str
    """In the tree; where it lay, of one that is gone."""
    deed: EntryDeed
    at: str
    author: str
    reason: str


@dataclass(frozen=True, slots=True)
class Continued:
    """A conversation with new turns."""

    uri: str
    title: str
    turns: int
    first: int
    last: int
    at: str


@dataclass(frozen=True, slots=True)
class Changes:
    since: str
    until: str
    files: tuple[ChangedFile, ...]
    entries: tuple[ChangedEntry, ...]
    chats: tuple[Continued, ...]

    def __bool__(self) -> bool:
        return bool(self.files or self.entries or self.chats)


@dataclass(frozen=True, slots=True)
class _Edit:
    at: str
    type: str
    author: str
    reason: str
    path_before: str
    before: str
    path_after: str
    after: str


class Changed:
    def __init__(self, journal: Journal) -> None:
        self._journal = journal

    def between(self, since: datetime, until: datetime, place: str = "") -> Changes:
        """Raises NotFound where `place` names nothing that is or was in the memory."""
        places = self._places(place) if place else ()
        begin, end = _utc(since), _utc(until)
        return Changes(
            begin, end,
            tuple(self._files(since, until, places)),
            tuple(self._entries(begin, end, places)),
            tuple(self._chats(begin, end, places)),
        )  # fmt: skip

    def _places(self, name: str) -> tuple[str, ...]:
        try:
            return places_of(name, self._journal)
        except NotFound:
            if not os.path.isabs(name):
                raise
            gone = folder_uris(Path(os.path.normpath(name)))
            if not any(self._had_events(each) for each in gone):
                raise
            return gone

    def _had_events(self, place: str) -> bool:
        sql = "SELECT 1 FROM events WHERE uri = ? OR (uri >= ? AND uri < ?) LIMIT 1"
        return bool(self._journal.read(sql, place, place + "/", place + "0"))

    # -- files

    def _files(
        self, since: datetime, until: datetime, places: Sequence[str]
    ) -> Iterable[ChangedFile]:
        found: dict[str, list[Event]] = {}
        for event in self._journal.events(since, until):
            before = found.pop(event.was, []) if event.was else []
            found.setdefault(event.uri, []).extend([*before, event])
        came = [
            each
            for uri, events in found.items()
            if not uri.startswith(self._journal.tree)
            if (each := _came_of(uri, events)) and _lies_in(places, each.uri, each.was)
        ]
        came.sort(key=lambda each: each.uri)
        return sorted(came, key=lambda each: each.at, reverse=True)

    # -- entries

    def _entries(self, begin: str, end: str, places: Sequence[str]) -> Iterable[ChangedEntry]:
        sql = (
            "SELECT entry, at, type, author, reason, path_before, before, path_after, after "
            "FROM changes JOIN operations ON operations.id = operation WHERE state = 'applied' "
            "AND at >= ? AND at < ? AND NOT overtaken ORDER BY operation, ordinal"
        )
        edits: dict[str, list[_Edit]] = {}
        for entry, *rest in self._journal.read(sql, begin, end):
            edits.setdefault(str(entry), []).append(_Edit(*map(str, rest)))
        rows = self._journal.read("SELECT id, title, valid_until FROM entries")
        known = {str(id): (str(title), str(until)) for id, title, until in rows}
        found = []
        for id, done in edits.items():
            title, ended = known.get(id, ("", ""))
            deed = _deed(done, bool(ended))
            path = done[-1].path_after or done[-1].path_before
            if deed and self._rests_in(places, id, path):
                title, last = title or PurePosixPath(path).stem, done[-1]
                found.append(ChangedEntry(id, title, path, deed, last.at, last.author, last.reason))
        found.sort(key=lambda each: each.id)
        return sorted(found, key=lambda each: each.at, reverse=True)

    def _rests_in(self, places: Sequence[str], id: str, path: str) -> bool:
        """Does it lie there, or one of its sources?"""
        if not places or holds(places, self._journal.tree + path):
            return True
        rows = self._journal.read("SELECT container FROM entry_sources WHERE entry = ?", id)
        return any(holds(places, str(uri)) for (uri,) in rows)

    # -- conversations

    def _chats(self, begin: str, end: str, places: Sequence[str]) -> Iterable[Continued]:
        """By when something was said: an old conversation that was just imported is no change."""
        sql = (
            "SELECT conversations.uri, project, count(*), min(number), max(number), max(at) "
            "FROM turns JOIN conversations ON conversations.id = conversation "
            "WHERE at >= ? AND julianday(at) >= julianday(?) AND julianday(at) < julianday(?) "
            "AND origin != 'context' AND kind != ? GROUP BY conversation "
            "ORDER BY max(julianday(at)) DESC, conversations.uri"
        )
        archive = Archive(self._journal)
        rows = self._journal.read(sql, begin[:4], begin, end, OWN.kind)
        for uri, project, turns, first, last, at in rows:
            if not places or holds(places, str(uri)) or _is_worked_on(places, str(project)):
                kept = archive.conversation(str(uri))
                title = kept.title if kept else ""
                yield Continued(
                    str(uri), title, int(str(turns)), int(str(first)), int(str(last)), str(at)
                )


def _came_of(uri: str, events: Sequence[Event]) -> ChangedFile | None:
    first, last = events[0], events[-1]
    is_new = first.kind == "added"
    was = next((event.was for event in events if event.was), "")
    if last.kind == "deleted":
        return None if is_new else ChangedFile(uri, "deleted", last.at, was, len(events))
    if is_new:
        deed: FileDeed = "added"
    elif first.kind == "deleted" and len(events) > 1:
        deed = "changed"  # it was written anew
    else:
        deed = "moved" if was else "changed"
    return ChangedFile(uri, deed, last.at, "" if is_new else was, len(events))


def _lies_in(places: Sequence[str], *uris: str) -> bool:
    return not places or any(holds(places, container(uri)) for uri in uris if uri)


def _is_worked_on(places: Sequence[str], project: str) -> bool:
    """Was the conversation held in a folder that is asked for?"""
    return bool(project) and any(holds(places, uri) for uri in folder_uris(Path(project)))


def _deed(edits: Sequence[_Edit], has_ended: bool) -> EntryDeed | None:
    """What came of an entry in the end; nothing where it is as it was."""
    first, last = edits[0], edits[-1]
    if (first.path_before, first.before) == (last.path_after, last.after):
        return None
    if not last.path_after:
        return "deleted" if first.path_before else None
    if not first.path_before:
        return "added"
    if has_ended and any(edit.type == "SUPERSEDE" for edit in edits):
        return "superseded"
    if is_archived(last.path_after) and not is_archived(first.path_before):
        return "archived"
    return "moved" if first.before == last.after else "changed"


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds")
