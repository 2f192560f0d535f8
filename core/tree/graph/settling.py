"""Changed spellings → the hints, targets and names that follow from them, within one transaction.

Called by `store.py`. Only what a change can reach is looked at again, and the outcome is what
looking at everything would give.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from typing import NamedTuple

from cairn.core.tree.graph.found import LONGEST, Found, ThingKind
from cairn.core.tree.graph.merging import Merging
from cairn.core.tree.graph.renames import latest_names, renaming
from cairn.core.tree.graph.spelling import Hint, Spelling, best_name, hints, parse, thing_id

Decision = tuple[str, str, ThingKind, int]
"""A key, `title` or `alias`, and the thing that it stands for: a row of `thing_spellings`."""
_DECIDING: tuple[ThingKind, ...] = ("person", "project")


class Row(NamedTuple):
    spelling: str
    kind: ThingKind
    key: str
    uri: str
    at: str
    times: int


class Touched(NamedTuple):
    containers: set[str]
    things: set[int]


class Hints:
    """Hints kept for exactly the keys that are mentioned, or that an entry is titled with."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def stir(self, spellings: set[Spelling]) -> set[str]:
        """Bring the hints of these up to date; the containers that may read otherwise now."""
        keys: set[str] = set()
        for spelling in {one.own: one for one in sorted(spellings, key=_order)}.values():
            keys |= self._update(spelling)
        return containers_of(self._db, keys)

    def _update(self, spelling: Spelling) -> set[str]:
        sql = "SELECT spelling, role FROM thing_spellings WHERE thing = ? AND kind = ? "
        own = (spelling.own, spelling.kind)
        rows = self._db.execute(sql + "AND role NOT IN ('alias', 'title', 'given')", own)
        known: set[Hint] = set(rows)
        near = Merging(self._db).near(spelling.key, spelling.kind)
        wanted = self._wanted(spelling)
        for key, role in known - wanted:
            sql = "DELETE FROM thing_spellings WHERE spelling = ? AND role = ? AND thing = ?"
            self._db.execute(sql, (key, role, spelling.own))
        for key, role in wanted - known:
            row = (key, role, spelling.kind, spelling.own)
            sql = "INSERT OR IGNORE INTO thing_spellings(spelling, role, kind, thing) "
            self._db.execute(sql + "VALUES (?, ?, ?, ?)", row)
        near |= Merging(self._db).near(spelling.key, spelling.kind)
        keys = {key for key, role in known ^ wanted if role not in ("typo", "bare", "family")}
        for thing, key in near.items():
            keys |= {spelling.key} | self._reach(thing, key, spelling.kind)
        return keys

    def _reach(self, thing: int, key: str, kind: ThingKind) -> set[str]:
        """Keys that may read otherwise when a name like theirs comes or goes."""
        keys = {key}
        for other in (thing, *Merging(self._db).near(key, kind)):
            sql = "SELECT spelling FROM thing_spellings WHERE thing = ? AND role IN "
            roles = "('self', 'initial', 'handle', 'address')"
            keys |= {found for (found,) in self._db.execute(sql + roles, (other,))}
        return keys

    def _wanted(self, spelling: Spelling) -> set[Hint]:
        """Hints that the mentions there are, and entries' titles, call for."""
        sql = "SELECT DISTINCT spelling FROM mentions WHERE key = ? AND kind = ?"
        rows = self._db.execute(sql, (spelling.key, spelling.kind))
        forms = [parse(text, spelling.kind) for (text,) in rows]
        sql = "SELECT 1 FROM thing_spellings WHERE thing = ? AND role = 'title'"
        if self._db.execute(sql, (spelling.own,)).fetchone():
            forms.append(spelling)
        found: set[Hint] = set()
        for form in forms:
            found |= hints(form)
            if form.address and form.address != form.key:
                found.add((form.address, "address"))
        return found


def _order(spelling: Spelling) -> tuple[str, str]:
    return (spelling.form, spelling.key)


def rows_of(found: Iterable[Found]) -> dict[tuple[str, str], Row]:
    rows: dict[tuple[str, str], Row] = {}
    for one in found:
        spelling = one.spelling[:LONGEST]
        if not spelling.strip():
            continue
        row = Row(spelling, one.kind, parse(spelling, one.kind).key, one.uri, one.when, one.count)
        if known := rows.get((spelling, one.kind)):
            uri, at = min(row.uri, known.uri), max(row.at, known.at)
            row = row._replace(uri=uri, at=at, times=row.times + known.times)
        rows[spelling, one.kind] = row
    return rows


def stored(db: sqlite3.Connection, container: str) -> dict[tuple[str, str], Row]:
    sql = "SELECT spelling, kind, key, uri, at, count FROM mentions WHERE container = ?"
    rows = (Row(*row) for row in db.execute(sql, (container,)))
    return {(row.spelling, row.kind): row for row in rows}


def containers_of(db: sqlite3.Connection, keys: set[str]) -> set[str]:
    sql = "SELECT DISTINCT container FROM mentions WHERE key = ?"
    return {container for key in keys for (container,) in db.execute(sql, (key,))}


def resolve(db: sqlite3.Connection, containers: set[str]) -> Touched:
    """Settle what the spellings of these containers stand for."""
    merging, touched = Merging(db), Touched(set(), set())
    for container in sorted(containers):
        sql = "SELECT spelling, kind, thing FROM mentions WHERE container = ? ORDER BY 1, 2"
        rows = db.execute(sql, (container,)).fetchall()
        targets = merging.resolve([parse(spelling, kind) for spelling, kind, _ in rows])
        for (spelling, kind, was), (thing, thing_kind) in zip(rows, targets, strict=True):
            if thing == was:
                continue
            sql = "UPDATE mentions SET thing = ? WHERE container = ? AND spelling = ? AND kind = ?"
            db.execute(sql, (thing, container, spelling, kind))
            sql = "INSERT OR IGNORE INTO things(id, name, kind) VALUES (?, ?, ?)"
            db.execute(sql, (thing, spelling, thing_kind))
            touched.containers.add(container)
            touched.things.update({was, thing} - {0})
    return touched


def refresh(db: sqlite3.Connection, things: set[int]) -> None:
    """Names and spellings as the mentions have them; a thing that nobody names any more goes."""
    for thing in things:
        sql = "SELECT DISTINCT spelling FROM mentions WHERE thing = ? ORDER BY spelling"
        spellings = [spelling for (spelling,) in db.execute(sql, (thing,))]
        row = db.execute("SELECT given FROM things WHERE id = ?", (thing,)).fetchone()
        sql = "SELECT 1 FROM thing_spellings WHERE thing = ? AND role = 'title'"
        if not spellings and not db.execute(sql, (thing,)).fetchone():
            db.execute("DELETE FROM things WHERE id = ?", (thing,))
            db.execute("DELETE FROM thing_spellings WHERE thing = ? AND role = 'given'", (thing,))
        elif row:
            name = row[0] or best_name(_of_today(db, thing, spellings))
            sql = "UPDATE things SET name = ?, spellings = ? WHERE id = ?"
            db.execute(sql, (name, json.dumps(spellings, ensure_ascii=False), thing))


def _of_today(db: sqlite3.Connection, thing: int, spellings: list[str]) -> list[str]:
    """Without names that it no longer goes by, where it has another."""
    sql = "SELECT spelling, kind FROM thing_spellings WHERE thing = ? AND role = 'alias'"
    former = set(db.execute(sql, (thing,)))
    kinds = {kind for _, kind in former}
    left = [text for text in spellings if not any((parse(text, k).key, k) in former for k in kinds)]
    return left or spellings


def decisions(db: sqlite3.Connection) -> tuple[set[Decision], dict[int, str]]:
    """Entries about people and projects → rows of titles and aliases, and each thing's title."""
    rows: set[Decision] = set()
    titles: dict[int, str] = {}
    for entry_kind in _DECIDING:
        sql = "SELECT title, aliases FROM entries WHERE kind = ? AND archived = 0 ORDER BY id DESC"
        for title, aliases in db.execute(sql, (entry_kind,)):
            main = parse(title[:LONGEST], entry_kind)
            titles[main.own] = title[:LONGEST]
            rows.add((main.key, "title", entry_kind, main.own))
            for alias in json.loads(aliases):
                for key in _alias_keys(str(alias)[:LONGEST], entry_kind) - {main.key}:
                    rows.add((key, "alias", entry_kind, main.own))
    given = {(key, kind) for key, _, kind, _ in rows}  # what a user decided goes before
    rows |= {row for row in _renamed(db) if (row[0], row[2]) not in given}
    return rows, titles


def _renamed(db: sqlite3.Connection) -> set[Decision]:
    """Entries that tell of a new name → rows of aliases; of two new names neither counts."""
    sql = "SELECT subject, attribute, value FROM entries WHERE attribute = 'name' AND archived = 0"
    by_kind: dict[ThingKind, dict[str, set[str]]] = {}
    for subject, attribute, value in db.execute(sql):
        one = renaming(subject, attribute, value)
        for kind in one.kinds if one else ():
            old, new = parse(subject, kind).key, parse(value, kind).key
            if old != new:
                by_kind.setdefault(kind, {}).setdefault(old, set()).add(new)
    return {
        (old, "alias", kind, thing_id(kind, new))
        for kind, names in by_kind.items()
        for old, new in latest_names(
            {old: min(news) for old, news in names.items() if len(news) == 1}
        ).items()
    }


def _alias_keys(alias: str, kind: ThingKind) -> set[str]:
    """An address decides about itself only, not about everybody of the name in it."""
    other = parse(alias, kind)
    is_address = bool(other.address) and "<" not in alias
    return {key for key in (other.address, "" if is_address else other.key) if key}


def put_titles(db: sqlite3.Connection, titles: dict[int, str], left: set[int]) -> None:
    for thing in left - titles.keys():
        db.execute("UPDATE things SET given = '' WHERE id = ?", (thing,))
    sql = "SELECT kind FROM thing_spellings WHERE thing = ? AND role = 'title'"
    for thing, title in titles.items():
        row = db.execute(sql, (thing,)).fetchone()
        db.execute("INSERT OR IGNORE INTO things(id, name, kind) VALUES (?, ?, ?)",
                   (thing, title, row[0]))  # fmt: skip
        db.execute("UPDATE things SET given = ? WHERE id = ?", (title, thing))
