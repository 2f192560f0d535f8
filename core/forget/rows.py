"""What the journal has of what goes, beside entries: turns, traces, sayings to cairn, judgements.

Called while a forgetting is planned, to count, and while it is carried out. What was said to cairn
itself goes where it has the words that go, or cites where they stood.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator

from cairn.core.answer.feedback import Feedback
from cairn.core.chats.addresses import parts_of
from cairn.core.chats.formats import OWN
from cairn.core.chats.leaving import drop_conversation, drop_turns, retell
from cairn.core.chats.parts import echo, sentences
from cairn.core.forget.passing import Phrase, tokens
from cairn.core.forget.scope import Scope, utc
from cairn.core.journal import Journal
from cairn.core.records import digest
from cairn.core.tombstones import Tombstones, pieces, plain
from cairn.core.tree.graph.store import Things
from cairn.core.uris import INSIDE

_TELLING = 6
"""Letters of a word by which a question to cairn is known to be about what goes."""


class _About:
    """Is something that was said to cairn about what goes?"""

    def __init__(self, scope: Scope) -> None:
        self._between = scope.between
        self._rare = {word for word in scope.rare if len(word) >= _TELLING}
        self._words = Phrase(scope.words) if scope.words else None
        self._said = {each.plain for _, text in scope.said for each in pieces(text)}

    def holds(self, text: str, at: str) -> bool:
        since, until = self._between
        if since and since <= utc(at) < until:
            return True
        if not self._rare.isdisjoint(tokens(text)):
            return True
        if self._words and self._words.is_said(plain(text)):
            return True
        return any(each.is_telling and each.plain in self._said for each in pieces(text))


class Rows:
    def __init__(self, journal: Journal, things: Things) -> None:
        self._journal = journal
        self._things = things
        self._tombstones = Tombstones(journal)

    def count(self, where: str, *values: object) -> int:
        return int(str(self._journal.read(f"SELECT count(*) FROM {where}", *values)[0][0]))

    # -- what was said to cairn

    def own(self, scope: Scope) -> list[tuple[int, int]]:
        """Questions to cairn, with their answers: of each conversation and number."""
        rows = self._journal.read(
            "SELECT conversation, number, origin, at, text FROM turns WHERE conversation IN "
            "(SELECT id FROM conversations WHERE kind = ?) ORDER BY conversation, number",
            OWN.kind,
        )
        cited, about = self._cited(scope), _About(scope)
        found: dict[tuple[int, int], None] = {}
        asked: tuple[int, int] | None = None
        was_cited = False
        for conversation, number, origin, at, text in rows:
            here = int(str(conversation)), int(str(number))
            if origin == "user":
                asked, was_cited = here, digest(str(text)) in cited
            if was_cited or about.holds(str(text), str(at)):
                found[here] = None
                if asked and asked[0] == here[0]:
                    found[asked] = None
                    found[asked[0], asked[1] + 1] = None
        return list(found)

    def _cited(self, scope: Scope) -> set[str]:
        """Questions, by their digests, whose answers cite what goes."""
        marks = list(_addresses(scope))
        return {
            str(question)
            for question, cites in self._journal.read("SELECT question, cites FROM answered")
            if any(mark in str(cites) for mark in marks)
        }

    def judged(self, scope: Scope) -> list[str]:
        """Ids of what the user said of answers that cite what goes, or ask for it."""
        places, about = tuple(_places(scope)), _About(scope)
        return [
            each.id
            for each in Feedback(self._journal).all()
            if each.entries & set(scope.entries)
            or any(_is_in(cite.address, places) for cite in each.cites)
            or about.holds(each.question, each.at)
        ]

    # -- erasing

    def erase(self, scope: Scope) -> None:
        """In a few transactions, each of which can be repeated."""
        own, judged = self.own(scope), self.judged(scope)
        with self._journal.write() as db:
            blank_own(db, own)
            db.executemany("DELETE FROM feedback WHERE id = ?", [(id,) for id in judged])
            drop_digests(db)
            self._erase_echoes(db, scope)
        with self._journal.write() as db:
            self._erase_turns(db, scope)
            self._trim(db, scope)
            for uri in scope.places:
                _erase_place(db, uri)
            since, until = scope.between
            if since:
                db.execute(_BLANK + "WHERE at >= ? AND at < ?", (since, until))
        for container in self._containers(scope):
            self._things.forget(container)
        self._erase_person(scope)

    def _erase_echoes(self, db: sqlite3.Connection, scope: Scope) -> None:
        """Digests of what cairn has quoted are without a secret: a guess could be tried out."""
        told = {text for _, text in scope.said}
        told |= {each for _, text in scope.said for each in sentences(text)}
        db.executemany("DELETE FROM quoted WHERE hash = ?", [(echo(text),) for text in told])

    def _erase_turns(self, db: sqlite3.Connection, scope: Scope) -> None:
        for uri in (*scope.chats, *(chat for chat, _ in (*scope.turns, *scope.trimmed))):
            # What a reader remembers of a transcript can be a title; it is read anew, and barred.
            sql = (
                "UPDATE transcripts SET state = '{}' WHERE uri IN (SELECT transcript FROM brought "
                "JOIN conversations ON conversation = id WHERE conversations.uri = ?)"
            )
            db.execute(sql, (uri,))
        for uri in scope.chats:
            if db.execute("SELECT 1 FROM conversations WHERE uri = ?", (uri,)).fetchone():
                drop_conversation(db, uri)
            _erase_place(db, uri)
        for uri, numbers in scope.turns:
            drop_turns(db, uri, numbers)

    def _trim(self, db: sqlite3.Connection, scope: Scope) -> None:
        """Turns that stay lose the sentences that go, which are barred by now."""
        for uri, numbers in scope.trimmed:
            row = db.execute(
                "SELECT id, highest, title FROM conversations WHERE uri = ?", (uri,)
            ).fetchone()
            if row is None:
                continue
            id, highest, title = row
            for number in numbers:
                where = "WHERE conversation = ? AND number = ?"
                sql = f"SELECT text, command FROM turns {where}"
                told = db.execute(sql, (id, number)).fetchone()
                if told is None:
                    continue
                kept = [self._tombstones.without(text, uri).strip() for text in told]
                sql = f"UPDATE turns SET text = ?, command = ? {where}"
                db.execute(sql, (*kept, id, number))
            named = self._tombstones.without(title, uri).strip()
            db.execute("UPDATE conversations SET title = ? WHERE id = ?", (named, id))
            retell(db, id, uri, highest)

    def _containers(self, scope: Scope) -> Iterator[str]:
        """Whatever names were found in."""
        chats = [*scope.chats, *(uri for uri, _ in (*scope.turns, *scope.trimmed))]
        for uri in (*scope.places, *scope.thinned, *chats):
            sql = "SELECT DISTINCT container FROM mentions WHERE container = ? OR "
            rows = self._journal.read(
                sql + "substr(container, 1, ?) = ?", uri, len(uri + INSIDE), uri + INSIDE
            )
            yield from (str(each) for (each,) in rows)

    def _erase_person(self, scope: Scope) -> None:
        for thing in self._things.find(scope.person) if scope.person else ():
            if thing.kind == "person" and not self.count("mentions WHERE thing = ?", thing.id):
                with self._journal.write() as db:
                    db.execute("DELETE FROM things WHERE id = ?", (thing.id,))
                    db.execute("DELETE FROM thing_spellings WHERE thing = ?", (thing.id,))


_BLANK = "UPDATE events SET kind = '', uri = '', was = '', size = 0, delta = 0 "
"""The number of an event stays: a job may bear it."""


def blank_events(db: sqlite3.Connection, known: Iterable[tuple[object, ...]]) -> None:
    """Of each the number and the time."""
    db.executemany(_BLANK + "WHERE id = ? AND at = ?", known)


def blank_own(db: sqlite3.Connection, own: Iterable[tuple[int, int]]) -> None:
    """Of each conversation and number."""
    for conversation, number in own:
        sql = "UPDATE turns SET text = '', key = ? WHERE conversation = ? AND number = ?"
        db.execute(sql, (f"forgotten-{number}", conversation, number))
        db.execute("UPDATE conversations SET opening = '' WHERE id = ?", (conversation,))


def drop_digests(db: sqlite3.Connection) -> None:
    """What was answered lately, and runs of the user's benchmark, have digests of questions."""
    db.execute("DELETE FROM answered")
    db.execute("DELETE FROM self_tests")


def _erase_place(db: sqlite3.Connection, uri: str) -> None:
    # Where it lay before another did: only what happened there until it moved.
    moved = db.execute("SELECT was, id FROM events WHERE uri = ? AND was != ''", (uri,)).fetchall()
    for was, id in moved:
        db.execute(_BLANK + "WHERE (uri = ? OR was = ?) AND id < ?", (was, was, id))
    db.execute(_BLANK + "WHERE uri = ? OR was = ?", (uri, uri))
    for table, column in (
        ("files", "uri"), ("jobs", "key"), ("transcripts", "uri"), ("sources", "uri"),
        ("brought", "transcript"), ("copies", "source"), ("roots", "uri"),
        ("proposals", "container"),
    ):  # fmt: skip
        db.execute(f"DELETE FROM {table} WHERE {column} = ?", (uri,))
        inside = uri + INSIDE
        sql = f"DELETE FROM {table} WHERE substr({column}, 1, ?) = ?"
        db.execute(sql, (len(inside), inside))
    db.execute("DELETE FROM meta WHERE key = ?", (f"place:{uri}",))


def parts(scope: Scope, journal: Journal) -> list[str]:
    """Addresses of all documents of the index that are to leave it, or to be made anew."""
    found = list(scope.places)
    numbers = dict((*scope.turns, *scope.trimmed))
    for uri in {*scope.chats, *numbers}:
        rows = journal.read("SELECT highest FROM conversations WHERE uri = ?", uri)
        highest = int(str(rows[0][0])) if rows else 0
        found += parts_of(uri, range(1, highest + 1))
        inside = uri + INSIDE
        sql = "SELECT uri FROM files WHERE substr(uri, 1, ?) = ?"
        found += [str(each) for (each,) in journal.read(sql, len(inside), inside)]
    return list(dict.fromkeys(found))


def _places(scope: Scope) -> Iterator[str]:
    yield from scope.places
    yield from scope.chats
    for uri, numbers in scope.turns:
        yield from (f"{uri}#t{number}" for number in numbers)


def _addresses(scope: Scope) -> Iterator[str]:
    """As they stand in JSON."""
    for place in _places(scope):
        for end in ('"',) if "#" in place else ('"', "#", INSIDE):
            yield json.dumps(place)[1:-1] + end


def _is_in(address: str, places: Iterable[str]) -> bool:
    return any(address == each or address.startswith((each + "#", each + INSIDE))
               for each in places)  # fmt: skip
