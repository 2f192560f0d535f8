"""What a person does with conversations: allow sources, import, list, show; and cairn's own.

The engine's door to everything about chats. Nothing is read before its source was allowed, and in
private mode nothing is taken in at all.
"""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from cairn.core.chats.archive import Archive, Conversation, KeptTurn
from cairn.core.chats.detect import Found, detect
from cairn.core.chats.formats import OWN, kinds
from cairn.core.chats.leaving import Dropped, drop_conversation, drop_transcripts
from cairn.core.chats.parts import Parts
from cairn.core.chats.places import kind_at
from cairn.core.chats.retention import Retention, retention
from cairn.core.chats.sources import Source, Sources, at_or_below
from cairn.core.chats.status import SourceStatus, brought_by, kind_of, status_of
from cairn.core.chats.taking import Taking
from cairn.core.config import Chats
from cairn.core.errors import ConfigError, NotFound
from cairn.core.extract.reading import Reading
from cairn.core.journal import Journal, now
from cairn.core.own import OWN_SOURCE
from cairn.core.private import PrivateMode
from cairn.core.report import Explanation
from cairn.core.tombstones import Barring, Tombstones
from cairn.core.uris import file_uri, uri_path

_PEEK_BYTES = 8192
_PACKED = (b"PK\x03\x04", b"\x28\xb5\x2f\xfd")


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
        self._me = _names(settings.me)
        self.taking = Taking(self.archive, self.sources, reading, self._me, lambda: private.is_on)

    @property
    def names(self) -> tuple[str, ...]:
        """What the user is called in conversations."""
        said = (name for source in self.sources.all() for name in source.me)
        return tuple(dict.fromkeys((*self._me, *said)))

    # -- sources

    def detect(self, env: Mapping[str, str] = os.environ) -> list[tuple[Found, bool]]:
        """What lies on this machine, and whether it is followed already."""
        stores = [source.path for source in self.sources.all()]

        def is_known(path: Path) -> bool:
            return any(Path(os.path.realpath(path)).is_relative_to(store) for store in stores)

        return [(found, is_known(found.path)) for found in detect(env, Path.home())]

    def follow(self, path: Path, kind: str = "", me: Sequence[str] = ()) -> int:
        """Read a store, and whatever comes to it from now on; how many transcripts that is."""
        return self._read(path, kind, me, live=True)

    def take_in(self, path: Path, kind: str = "", me: Sequence[str] = ()) -> int:
        """Read an export once; read again, only what is new in it is added."""
        return self._read(path, kind, me, live=False)

    def _read(self, path: Path, kind: str, me: Sequence[str], *, live: bool) -> int:
        self._private.refuse("no conversation is read now")
        if kind and kind not in kinds():
            raise _no_kind(kind, kinds())
        if not path.exists():
            raise NotFound(f"{path} is not there", "`cairn sources detect` looks for conversations")
        path = Path(os.path.realpath(path))
        known = self.sources.source(file_uri(path))
        kind = kind or (known.kind if known else "") or kind_at(path, os.environ, Path.home())
        source = self.sources.add(kind, path, live=live, me=me)
        return self.sources.queue_changed([source], again=True)

    def remove(self, path: Path, *, drop: bool) -> Dropped:
        """Stop following; with `drop` what only it brought leaves too. What that was."""
        places = dict.fromkeys((Path(os.path.realpath(path)), path))
        found = [each for each in map(self.sources.source, map(file_uri, places)) if each]
        if found or drop:
            left = self._leave(found[:1], list(places) if drop else [])
            if found or left.conversations:
                return left
        raise NotFound(f"{path} is no source of conversations", "`cairn sources` lists them")

    def remove_kind(self, kind: str, *, drop: bool) -> Dropped:
        """The same for all sources of a kind; cairn's own conversations can only be dropped."""
        if kind == OWN.kind:
            if not drop:
                raise ConfigError(
                    "what you ask cairn has no source to be removed",
                    "`cairn config set chats.own false` keeps none, `--drop` drops what there is",
                )
            with self._journal.write() as db:
                return drop_transcripts(db, [OWN_SOURCE])
        found = [each for each in self.sources.all() if kind_of(self._journal, each) == kind]
        if not found:
            raise NotFound(f"there is no source of the kind {kind}", "`cairn sources` lists them")
        return self._leave(found, [source.path for source in found] if drop else [])

    def remove_chat(self, uri: str) -> Dropped:
        """One conversation leaves, and is kept out however often its source is read."""
        found = self.find(uri)
        id = "f_" + secrets.token_hex(5)
        with self._journal.write() as db:
            Tombstones(self._journal).bury(db, id, Barring(places=[found.uri]))
            sql = "INSERT INTO forgotten(id, at, what, state, copies) VALUES (?, ?, ?, ?, '[]')"
            db.execute(sql, (id, now(), "conversation", "done"))
            return drop_conversation(db, found.uri)

    def _leave(self, sources: Sequence[Source], dropped: Sequence[Path]) -> Dropped:
        """All or nothing: no source is gone while what it brought is still there to be dropped."""
        with self.sources.changing() as db:
            for source in sources:
                self.sources.remove(db, source)
            kept = {str(uri) for (uri,) in db.execute("SELECT uri FROM transcripts")}
            gone = set()
            for path in dropped:
                at, places = at_or_below(path, "transcript")
                sql = f"SELECT DISTINCT transcript FROM brought WHERE {at}"
                gone |= {str(uri) for (uri,) in db.execute(sql, places)} - kept
            return drop_transcripts(db, gone)

    def state_of(self, path: Path) -> SourceStatus:
        return self._status(self._source_at(path))

    def brought(self, path: Path) -> int:
        """How many turns a source, if it is one, was the first to bring."""
        source = self.sources.source(file_uri(Path(os.path.realpath(path))))
        return brought_by(self._journal, source) if source else 0

    def status(self) -> list[SourceStatus]:
        return [self._status(source) for source in self.sources.all()]

    def _source_at(self, path: Path) -> Source:
        source = self.sources.source(file_uri(Path(os.path.realpath(path))))
        if source is None:
            raise NotFound(f"{path} is no source of conversations", "`cairn sources` lists them")
        return source

    def _status(self, source: Source) -> SourceStatus:
        kind = kind_of(self._journal, source)
        expiry = self.expiry(kind) if source.is_live else None
        return status_of(self._journal, self.sources, source, expiry)

    def expiry(self, kind: str, env: Mapping[str, str] = os.environ) -> Retention | None:
        return retention(kind, env, Path.home())

    def explain(self, path: Path) -> Explanation | None:
        """What is known of a path that is a transcript, or could be followed as one."""
        uri = file_uri(path)
        record = self.sources.transcript(uri)
        if record is None:
            return None
        if record.problem:
            return Explanation(str(path), "failed", record.problem, "")
        if uri in self._journal.pending("transcript") or not record.seen:
            return Explanation(str(path), "waiting", "its conversations wait to be read", "")
        reason = "its conversations are read; `cairn chats` lists them"
        return Explanation(str(path), "in memory", reason, "")

    # -- following

    def sweep(self) -> int:
        """Queue what changed in the live sources since it was read."""
        if self._private.is_on:
            return 0
        return self.sources.queue_changed(self.sources.running)

    def note_changes(self, paths: Iterable[Path]) -> int:
        if self._private.is_on:
            return 0
        return self.sources.queue_paths(paths)

    # -- looking at them

    def latest(
        self, words: str = "", kind: str = "", project: str = "", limit: int = 50
    ) -> list[Conversation]:
        """The latest first, of those whose title, project or people have all the words."""
        if kind and kind not in (*kinds(), OWN.kind):
            raise _no_kind(kind, (*kinds(), OWN.kind))
        conditions, values = ["turns > 0"], []
        for word in words.split():
            told = "(title || ' ' || opening || ' ' || project || ' ' || people)"
            conditions.append(f"{told} LIKE ? ESCAPE '\\'")
            values.append(_part_like(word))
        if project:
            conditions.append("project LIKE ? ESCAPE '\\'")
            values.append(_part_like(project))
        if kind:
            conditions.append("kind = ?")
            values.append(kind)
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
        if not _is_plain_text(path):
            raise NotFound(
                f"{path}, which it was copied from, is no plain text that opens at a turn",
                f"`cairn show {uri}#t{number}` shows what was kept",
            )
        return path, turns[0].line


def _names(text: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in text.split(",") if name.strip())


def _no_kind(kind: str, known: Iterable[str]) -> ConfigError:
    return ConfigError(f"`{kind}` is no kind of conversation", f"there are {', '.join(known)}")


def _part_like(text: str) -> str:
    """What SQL's LIKE takes for a text that stands anywhere."""
    return "%" + re.sub(r"([%_\\])", r"\\\1", text) + "%"


def _is_plain_text(path: Path) -> bool:
    """Can an editor show a line of it? Not of a ZIP, a packed log or a database."""
    with path.open("rb") as file:
        head = file.read(_PEEK_BYTES)
    return b"\0" not in head and not head.startswith(_PACKED)
