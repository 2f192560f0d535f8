"""The part of the journal that keeps conversations: batches of turns in, conversations out.

Turns are copied because their owners delete them. A turn is known by its conversation and key, so
reading the same again, or a newer export, adds only what is new; its number, which citations name,
never changes. What is stored and the work that it causes are one transaction.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from cairn.core.chats.addresses import conversation_uri, parts_of
from cairn.core.chats.barred import allowed, state_of
from cairn.core.chats.formats import OWN, format_of
from cairn.core.chats.turn import Batch, State
from cairn.core.extract.source import clip
from cairn.core.journal import Journal, now, queue, take_number
from cairn.core.records import Origin
from cairn.core.tombstones import Tombstones

_OPENING_CHARS = 90
_SLIGHT = 12


@dataclass(frozen=True, slots=True)
class Conversation:
    id: int
    uri: str
    kind: str
    title: str
    """Its own, else how it began."""
    project: str
    parent: str
    people: tuple[str, ...]
    began: str
    ended: str
    turns: int
    highest: int
    """The highest number that a turn of it was given; some may have left."""


@dataclass(frozen=True, slots=True)
class KeptTurn:
    """A turn as it is kept; `#t{number}` cites it."""

    number: int
    origin: Origin
    who: str
    when: str
    text: str
    command: str
    is_side: bool
    attachments: tuple[str, ...]
    source: str
    """The transcript that it was copied from."""
    line: int


@dataclass(slots=True)
class _Open:
    """A conversation while a batch is stored into it."""

    id: int
    uri: str
    highest: int
    added: int = 0
    changed: set[int] = field(default_factory=set)
    """Numbers of turns that are new or different."""
    is_renamed: bool = False
    times: list[str] = field(default_factory=list)


class Archive:
    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._tombstones = Tombstones(journal)

    def store(
        self,
        transcript: str,
        batch: Batch,
        *,
        urgent: bool,
        is_barred: Callable[[], bool] = lambda: False,
    ) -> int | None:
        """Keep a batch, with its state and the jobs it causes; how many turns are new.

        None, and nothing is kept, where nobody wants the transcript any more, or nothing at all.
        """
        items = allowed(batch, self._tombstones)
        with self._journal.write() as db:
            sql = "SELECT 1 FROM transcripts WHERE uri = ?"
            if is_barred() or not db.execute(sql, (transcript,)).fetchone():
                return None
            storing = _Storing(db, transcript, batch.kind)
            for item in items:
                storing.put(item)
            storing.close(urgent)
            _note(db, transcript, batch, storing.replayed, state_of(batch, self._tombstones))
            return storing.added

    def store_own(self, batch: Batch, source: str) -> None:
        """Keep what was said to cairn itself, and by it: no transcript has it."""
        with self._journal.write() as db:
            storing = _Storing(db, source, batch.kind)
            for item in batch.items:
                storing.put(item)
            storing.close(urgent=False)

    def conversation(self, uri: str) -> Conversation | None:
        rows = self._journal.read(f"{_SELECT} WHERE uri = ?", uri)
        return _conversation(rows[0]) if rows else None

    def conversations(
        self, where: str = "", values: Iterable[object] = (), limit: int = -1
    ) -> Iterator[Conversation]:
        """Those that an SQL condition picks, the latest first."""
        sql = f"{_SELECT} {f'WHERE {where}' if where else ''} ORDER BY ended DESC, id DESC LIMIT ?"
        for row in self._journal.read(sql, *values, limit):
            yield _conversation(row)

    def turns(self, uri: str, first: int = 1, last: int = 1 << 62) -> list[KeptTurn]:
        rows = self._journal.read(
            "SELECT number, origin, who, at, text, command, side, attachments, turns.source, line "
            "FROM turns JOIN conversations ON conversations.id = conversation "
            "WHERE uri = ? AND number BETWEEN ? AND ? ORDER BY number",
            uri, first, last,
        )  # fmt: skip
        return [_turn(row) for row in rows]

    def outline(self, uri: str, first: int, last: int, chars: int) -> list[KeptTurn]:
        """Turns with no more than their beginnings."""
        rows = self._journal.read(
            f"SELECT number, origin, who, at, substr(text, 1, {chars}), command, side, "
            "attachments, turns.source, line FROM turns JOIN conversations "
            "ON conversations.id = conversation WHERE uri = ? AND number BETWEEN ? AND ? "
            "ORDER BY number",
            uri, first, last,
        )  # fmt: skip
        return [_turn(row) for row in rows]

    # -- what cairn itself has said

    def note_quotes(self, hashes: Iterable[str]) -> None:
        with self._journal.write() as db:
            moment = now()
            values = [(hash, moment) for hash in hashes]
            db.executemany("INSERT OR IGNORE INTO quoted VALUES (?, ?)", values)

    def quoted(self, hashes: Iterable[str]) -> dict[str, str]:
        """Which of these sentences cairn has quoted, and when it first did."""
        found: dict[str, str] = {}
        wanted = list(hashes)
        for start in range(0, len(wanted), 500):
            part = wanted[start : start + 500]
            marks = ", ".join("?" * len(part))
            sql = f"SELECT hash, at FROM quoted WHERE hash IN ({marks})"
            found |= {str(hash): str(at) for hash, at in self._journal.read(sql, *part)}
        return found


class _Storing:
    """One batch on its way into the journal."""

    def __init__(self, db: sqlite3.Connection, transcript: str, kind: str) -> None:
        self._db = db
        self._transcript = transcript
        self._kind = kind
        self._is_unique = bool(kind) and format_of(kind).is_unique
        self._open: dict[str, _Open] = {}
        self.added = self.replayed = 0

    def put(self, item: dict[str, Any]) -> None:
        {"Turn": self._put_turn, "About": self._put_about, "Rewound": self._take_back}[item["is"]](
            item, self._conversation(item["conversation"])
        )

    def _conversation(self, key: str) -> _Open:
        if key not in self._open:
            uri = conversation_uri(self._kind, key)
            sql = "INSERT OR IGNORE INTO conversations(uri, kind) VALUES (?, ?)"
            self._db.execute(sql, (uri, self._kind))
            sql = "SELECT id, highest FROM conversations WHERE uri = ?"
            id, highest = self._db.execute(sql, (uri,)).fetchone()
            self._open[key] = _Open(id, uri, highest)
            self._note_part_in(id)
        return self._open[key]

    def _note_part_in(self, conversation: int) -> None:
        sql = "INSERT OR IGNORE INTO brought(transcript, conversation) VALUES (?, ?)"
        self._db.execute(sql, (self._transcript, conversation))

    def _note_copy(self, conversation: int, number: int, source: str, line: int) -> None:
        """A turn that another transcript brought is in this one too, and stays if that leaves."""
        if source != self._transcript:
            sql = "INSERT OR IGNORE INTO copies VALUES (?, ?, ?, ?)"
            self._db.execute(sql, (conversation, number, self._transcript, line))

    def _put_about(self, item: dict[str, Any], to: _Open) -> None:
        sql = "SELECT title, project, parent, people FROM conversations WHERE id = ?"
        title, project, parent, people = self._db.execute(sql, (to.id,)).fetchone()
        names = list(dict.fromkeys([*json.loads(people), *item["people"]]))
        begun_by = conversation_uri(self._kind, item["parent"]) if item["parent"] else parent
        new = (
            item["title"] or title, item["project"] or project, begun_by,
            json.dumps(names, ensure_ascii=False),
        )  # fmt: skip
        if new != (title, project, parent, people):
            to.is_renamed = True
            sql = "UPDATE conversations SET title=?, project=?, parent=?, people=? WHERE id=?"
            self._db.execute(sql, (*new, to.id))

    def _put_turn(self, item: dict[str, Any], to: _Open) -> None:
        values = (
            item["origin"], item["who"], item["role"], item["when"], item["text"],
            item["command"], item["reply_to"], int(item["is_side"]),
            json.dumps(item["attachments"], ensure_ascii=False),
        )  # fmt: skip
        sql = f"SELECT number, source, {_SAID} FROM turns WHERE key = ? AND conversation = ?"
        known = self._db.execute(sql, (item["key"], to.id)).fetchone()
        if known:
            self._note_copy(to.id, known[0], known[1], item["line"])
            if known[2] == "user" and item["origin"] == "other":
                values = ("user", *values[1:])  # whose words they are has been said once
            if known[2:] != values:
                marks = ", ".join(f"{name} = ?" for name in _SAID.split(", "))
                sql = f"UPDATE turns SET {marks} WHERE conversation = ? AND number = ?"
                self._db.execute(sql, (*values, to.id, known[0]))
                to.changed.add(known[0])
            return
        if self._is_unique and self._is_elsewhere(item):
            self.replayed += 1
            return
        to.highest += 1
        to.added += 1
        self.added += 1
        to.changed.add(to.highest)
        to.times += filter(None, (item["when"],))
        self._db.execute(
            f"INSERT INTO turns(conversation, number, key, {_SAID}, source, line) "
            f"VALUES ({', '.join('?' * 14)})",
            (to.id, to.highest, item["key"], *values, self._transcript, item["line"]),
        )
        if item["origin"] in ("user", "other"):
            self._open_with(to, item["text"])

    def _open_with(self, to: _Open, text: str) -> None:
        """What stands for a title: the first words of any length, or else the first of all."""
        sql = "SELECT opening FROM conversations WHERE id = ?"
        (opening,) = self._db.execute(sql, (to.id,)).fetchone()
        if (begins := opening_of((text,), opening)) != opening:
            self._db.execute("UPDATE conversations SET opening = ? WHERE id = ?", (begins, to.id))
            to.is_renamed = True

    def _is_elsewhere(self, item: dict[str, Any]) -> bool:
        """A session that was taken up again repeats the turns of the one before it."""
        sql = (
            "SELECT conversation, number, turns.source FROM turns "
            "JOIN conversations ON conversations.id = conversation WHERE key = ? AND kind = ?"
        )
        found = self._db.execute(sql, (item["key"], self._kind)).fetchone()
        if found:
            conversation, number, source = found
            self._note_part_in(conversation)
            self._note_copy(conversation, number, source, item["line"])
        return found is not None

    def _take_back(self, item: dict[str, Any], to: _Open) -> None:
        sql = "SELECT number FROM turns WHERE key = ? AND conversation = ?"
        found = self._db.execute(sql, (item["key"], to.id)).fetchone()
        if found:
            sql = (
                "UPDATE turns SET side = 1 WHERE conversation = ? AND number >= ? AND side = 0 "
                "RETURNING number"
            )
            rows = self._db.execute(sql, (to.id, found[0])).fetchall()
            to.changed.update(number for (number,) in rows)

    def close(self, urgent: bool) -> None:
        """Sum up the conversations that were touched, and queue what has to be indexed anew."""
        touched = [to for to in self._open.values() if to.changed or to.is_renamed]
        event = take_number(self._db) if touched else 0
        for to in touched:
            sql = "SELECT began, ended FROM conversations WHERE id = ?"
            times = [*to.times, *filter(None, self._db.execute(sql, (to.id,)).fetchone())]
            sql = (
                "UPDATE conversations SET turns = turns + ?, highest = ?, began = ?, ended = ? "
                "WHERE id = ?"
            )
            began, ended = span_of(times)
            self._db.execute(sql, (to.added, to.highest, began, ended, to.id))
            sql = "UPDATE brought SET turns = turns + ? WHERE transcript = ? AND conversation = ?"
            self._db.execute(sql, (to.added, self._transcript, to.id))
            if self._kind == OWN.kind:
                continue  # what was asked is no evidence
            numbers = range(1, to.highest + 1) if to.is_renamed else to.changed
            for part in parts_of(to.uri, numbers):
                queue(self._db, "file", part, event, int(urgent))


def _note(
    db: sqlite3.Connection, transcript: str, batch: Batch, replayed: int, state: State | None
) -> None:
    """Keep how far the transcript was read, and what was found in it besides turns."""
    sql = "SELECT passed, unknown, redacted, version FROM transcripts WHERE uri = ?"
    passed, unknown, redacted, version = db.execute(sql, (transcript,)).fetchone()
    more = dict(batch.passed)
    if replayed:
        more["repeated"] = more.get("repeated", 0) + replayed
    values: list[object] = [
        _added(passed, more), _added(unknown, batch.unknown), _added(redacted, batch.redacted),
        batch.version or version, now(),
    ]  # fmt: skip
    changes = "passed = ?, unknown = ?, redacted = ?, version = ?, read = ?"
    if state is not None:
        changes += ", state = ?"
        values.append(json.dumps(state))
    db.execute(f"UPDATE transcripts SET {changes} WHERE uri = ?", (*values, transcript))


def _instant(when: str) -> float:
    """For comparing times of different zones; one without a zone is taken for this machine's."""
    try:
        return datetime.fromisoformat(when).timestamp()
    except (ValueError, OverflowError, OSError):
        return 0.0


def opening_of(texts: Iterable[str], opening: str = "") -> str:
    """The first words of any length, or else the first of all."""
    for text in texts:
        begins = clip(text, _OPENING_CHARS)
        if not opening or (_is_slight(opening) and not _is_slight(begins)):
            opening = begins
    return opening


def span_of(times: Iterable[str]) -> tuple[str, str]:
    """The first and the last moment."""
    said = [when for when in times if when]
    return min(said, key=_instant, default=""), max(said, key=_instant, default="")


def _is_slight(text: str) -> bool:
    """A greeting or a command such as `/clear`."""
    return text.startswith("/") or len(text) < _SLIGHT


def _added(known: str, more: dict[str, int]) -> str:
    counts: dict[str, int] = json.loads(known)
    for kind, count in more.items():
        counts[kind] = counts.get(kind, 0) + count
    return json.dumps(counts, sort_keys=True)


_SELECT = (
    "SELECT id, uri, kind, CASE WHEN title != '' THEN title ELSE opening END, project, parent, "
    "people, began, ended, turns, highest FROM conversations"
)
_SAID = "origin, who, role, at, text, command, reply_to, side, attachments"


def _conversation(row: tuple[Any, ...]) -> Conversation:
    id, uri, kind, title, project, parent, people, began, ended, turns, highest = row
    return Conversation(
        id, uri, kind, title or format_of(kind).words, project, parent,
        tuple(json.loads(people)), began, ended, turns, highest,
    )  # fmt: skip


def _turn(row: tuple[Any, ...]) -> KeptTurn:
    number, origin, who, at, text, command, side, attachments, source, line = row
    names = tuple(json.loads(attachments))
    return KeptTurn(number, origin, who, at, text, command, bool(side), names, source, line)
