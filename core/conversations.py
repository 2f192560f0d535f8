"""What a person does with conversations: allow sources, import, list, show; and cairn's own.

The engine's door to everything about chats. Nothing is read before its source was allowed, and in
private mode nothing is taken in at all.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from cairn.core.chats.addresses import WINDOW, episodes_uri, window_uri
from cairn.core.chats.archive import Archive, Conversation, KeptTurn
from cairn.core.chats.detect import Found, detect
from cairn.core.chats.formats import format_of, kinds
from cairn.core.chats.own import OWN_SOURCE
from cairn.core.chats.parts import Parts
from cairn.core.chats.retention import Retention, retention
from cairn.core.chats.sources import Source, Sources, TranscriptRecord
from cairn.core.chats.taking import Taking
from cairn.core.config import Chats
from cairn.core.errors import ConfigError, NotFound
from cairn.core.extract.reading import Reading
from cairn.core.journal import Journal, queue, take_number
from cairn.core.private import PrivateMode
from cairn.core.uris import file_uri, uri_path


@dataclass(frozen=True, slots=True)
class SourceStatus:
    """A source and what came of it."""

    path: str
    kind: str
    words: str
    is_live: bool
    me: tuple[str, ...]
    transcripts: int
    conversations: int
    turns: int
    since: str
    latest: str
    passed: dict[str, int]
    unknown: dict[str, int]
    version: str
    problems: tuple[tuple[str, str], ...]
    """Transcripts that could not be read, each with the reason."""
    waiting: int
    people: tuple[str, ...]
    """Of chats between people: who writes there, the most active first."""
    expires: str
    """That, and when, its program deletes what it holds."""


class Conversations:
    def __init__(
        self,
        journal: Journal,
        settings: Chats,
        reading: Reading,
        private: PrivateMode,
    ) -> None:
        self._journal = journal
        self._private = private
        self.archive = Archive(journal)
        self.sources = Sources(journal)
        self.parts = Parts(self.archive)
        self.taking = Taking(self.archive, self.sources, reading, _names(settings.me))

    # -- sources

    def detect(self, env: Mapping[str, str] = os.environ) -> list[tuple[Found, bool]]:
        """What lies on this machine, and whether it is followed already."""
        known = {source.uri for source in self.sources.all()}
        return [(found, file_uri(found.path) in known) for found in detect(env, Path.home())]

    def follow(self, path: Path, kind: str = "", me: Sequence[str] = ()) -> int:
        """Read a store, and whatever comes to it from now on; how many transcripts that is."""
        return self._read(path, kind, me, live=True)

    def take_in(self, path: Path, kind: str = "", me: Sequence[str] = ()) -> int:
        """Read an export once; read again, only what is new in it is added."""
        return self._read(path, kind, me, live=False)

    def _read(self, path: Path, kind: str, me: Sequence[str], *, live: bool) -> int:
        self._private.refuse("no conversation is read now")
        if kind and kind not in kinds():
            raise ConfigError(f"`{kind}` is no kind of conversation", f"there are {_list(kinds())}")
        if not path.exists():
            raise NotFound(f"{path} is not there", "`cairn sources detect` looks for conversations")
        source = self.sources.add(kind, Path(os.path.realpath(path)), live=live, me=me)
        return len(self.sources.queue_changed([source], again=True))

    def remove(self, path: Path, *, drop: bool) -> int:
        """Stop following; with `drop` its conversations leave too. How many those are."""
        uri = file_uri(Path(os.path.realpath(path)))
        source = self.sources.source(uri) or self.sources.source(file_uri(path))
        if source is None:
            raise NotFound(f"{path} is no source of conversations", "`cairn sources` lists them")
        count = self._drop(source) if drop else 0
        self.sources.remove(source.uri)
        return count

    def _drop(self, source: Source) -> int:
        mine = "source IN (SELECT uri FROM transcripts WHERE source = ?)"
        leaving = list(self.archive.conversations(mine, [source.uri]))
        with self._journal.write() as db:
            event = take_number(db)
            for one in leaving:
                for window in range(-(-one.turns // WINDOW)):
                    queue(db, "file", window_uri(one.uri, window), event)
                queue(db, "file", episodes_uri(one.uri), event)
                db.execute("DELETE FROM turns WHERE conversation = ?", (one.id,))
                db.execute("DELETE FROM conversations WHERE id = ?", (one.id,))
        return len(leaving)

    def state_of(self, path: Path) -> SourceStatus:
        uri = file_uri(Path(os.path.realpath(path)))
        return next(self._status(source) for source in self.sources.all() if source.uri == uri)

    def status(self) -> list[SourceStatus]:
        return [self._status(source) for source in self.sources.all()]

    def _status(self, source: Source) -> SourceStatus:
        records = list(self.sources.transcripts(source.uri))
        sql = (
            "SELECT count(*), coalesce(sum(turns), 0), coalesce(min(nullif(began, '')), ''), "
            "coalesce(max(ended), ''), coalesce(max(kind), '') FROM conversations "
            "WHERE source IN (SELECT uri FROM transcripts WHERE source = ?)"
        )
        count, turns, since, latest, kind = self._journal.read(sql, source.uri)[0]
        kind = source.kind or str(kind)
        waiting = self._journal.pending("transcript")
        expiry = self.expiry(kind) if source.is_live else None
        return SourceStatus(
            str(source.path), kind, format_of(kind).words if kind else "", source.is_live,
            source.me, len(records), int(str(count)), int(str(turns)), str(since)[:10],
            str(latest)[:10], _sum(record.passed for record in records),
            _sum(record.unknown for record in records), _version(records),
            tuple((record.uri, record.problem) for record in records if record.problem),
            sum(record.uri in waiting for record in records), self._people(source, kind),
            expiry.words if expiry else "",
        )  # fmt: skip

    def _people(self, source: Source, kind: str) -> tuple[str, ...]:
        if not kind or not format_of(kind).is_between_people:
            return ()
        rows = self._journal.read(
            "SELECT who FROM turns WHERE origin = 'other' AND who != '' AND source IN "
            "(SELECT uri FROM transcripts WHERE source = ?) "
            "GROUP BY who ORDER BY count(*) DESC, who LIMIT 10",
            source.uri,
        )
        return tuple(str(who) for (who,) in rows)

    def expiry(self, kind: str, env: Mapping[str, str] = os.environ) -> Retention | None:
        return retention(kind, env, Path.home())

    # -- following

    def sweep(self) -> int:
        """Queue what changed in the live sources since it was read."""
        if self._private.is_on:
            return 0
        live = [source for source in self.sources.all() if source.is_live]
        return len(self.sources.queue_changed(live))

    def note_changes(self, paths: Iterable[Path]) -> int:
        if self._private.is_on:
            return 0
        return len(self.sources.queue_changed(self.sources.concerned(paths), urgent=True))

    # -- looking at them

    def latest(
        self, words: str = "", kind: str = "", project: str = "", limit: int = 50
    ) -> list[Conversation]:
        """The latest first, of those whose title, project or people have all the words."""
        conditions, values = ["turns > 0"], []
        for word in words.split():
            conditions.append("(title || ' ' || opening || ' ' || project || ' ' || people) LIKE ?")
            values.append(f"%{word}%")
        for column, value in (("kind", kind), ("project", project)):
            if value:
                conditions.append(f"{column} LIKE ?")
                values.append(value if column == "kind" else f"%{value}%")
        return list(self.archive.conversations(" AND ".join(conditions), values, limit))

    def find(self, uri: str) -> Conversation:
        found = self.archive.conversation(uri)
        if found is None:
            raise NotFound(f"there is no conversation {uri}", "`cairn chats` lists them")
        return found

    def turns(self, uri: str, first: int, last: int) -> list[KeptTurn]:
        return self.archive.turns(uri, first, last)

    def origin_of(self, uri: str, number: int) -> tuple[Path, int]:
        """The transcript that a turn was copied from, and the line in it."""
        turns = self.archive.turns(self.find(uri).uri, number, number)
        if not turns or turns[0].source == OWN_SOURCE:
            raise NotFound(
                f"{uri}#t{number} has no file of its own", f"`cairn show {uri}` shows it"
            )
        path = uri_path(turns[0].source)
        if not path.is_file():
            raise NotFound(
                f"{path}, which it was copied from, is not a file any more",
                f"`cairn show {uri}#t{number}` shows what was kept",
            )
        return path, turns[0].line


def _names(text: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in text.split(",") if name.strip())


def _list(words: Iterable[str]) -> str:
    return ", ".join(words)


def _sum(counts: Iterable[dict[str, int]]) -> dict[str, int]:
    total: dict[str, int] = {}
    for each in counts:
        for kind, count in each.items():
            total[kind] = total.get(kind, 0) + count
    return total


def _version(records: Sequence[TranscriptRecord]) -> str:
    return max((record.version for record in records if record.version), default="")
