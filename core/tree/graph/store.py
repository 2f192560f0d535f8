"""Names found in containers ⇄ the journal's tables of people and things.

Called after a conversation, document or entry was looked through, and by whoever asks what a name
stands for. `note` replaces what a container said, in one transaction; ids depend on spellings only,
so noting the same again, in any order or on another machine, gives the same things.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass

from cairn.core.journal import Journal
from cairn.core.tree.graph.found import LONGEST, Found, ThingKind
from cairn.core.tree.graph.name_words import NEVER, fold
from cairn.core.tree.graph.settling import (
    Decision,
    Hints,
    containers_of,
    decisions,
    put_titles,
    refresh,
    resolve,
    rows_of,
    stored,
)  # fmt: skip
from cairn.core.tree.graph.spelling import are_alike, parse, thing_id

_MOST_WORDS = 4
_MOST_ASKED = 64
_ASKED_AS: tuple[ThingKind, ...] = ("person", "thing", "organisation")
_SELECT = "SELECT id, name, kind, spellings FROM things"


@dataclass(frozen=True, slots=True)
class Thing:
    """Somebody or something, under all the names it goes by."""

    id: int
    name: str
    kind: ThingKind
    spellings: tuple[str, ...]


class Things:
    def __init__(self, journal: Journal) -> None:
        self._journal = journal

    # -- what containers say

    def note(self, container: str, found: Iterable[Found]) -> frozenset[str]:
        """Keep what a container says, in place of what it said, and name every container that has
        other things now: a new full name can settle whom "Anna B." stands for elsewhere."""
        new = rows_of(found)
        with self._journal.write() as db:
            old = stored(db, container)
            if new == old:
                return frozenset()
            sql = "SELECT DISTINCT thing FROM mentions WHERE container = ?"
            left = {thing for (thing,) in db.execute(sql, (container,))}
            db.execute("DELETE FROM mentions WHERE container = ?", (container,))
            sql = "INSERT INTO mentions VALUES (?, ?, ?, ?, 0, ?, ?, ?)"
            db.executemany(sql, [(container, *row) for row in new.values()])
            spellings = {parse(s, k) for s, k in old.keys() ^ new.keys()}
            changed = Hints(db).stir(spellings)
            touched = resolve(db, {container} | changed)
            refresh(db, left | touched.things)
        return frozenset(touched.containers | {container})

    def forget(self, container: str) -> frozenset[str]:
        return self.note(container, ())

    def follow_entries(self) -> frozenset[str]:
        """Take over what entries about people and projects say of names: their titles and aliases
        are the user's decision. Called when such an entry changed; names the containers touched."""
        with self._journal.write() as db:
            wanted, titles = decisions(db)
            sql = "SELECT spelling, role, kind, thing FROM thing_spellings WHERE role IN (?, ?)"
            known: set[Decision] = set(db.execute(sql, ("alias", "title")))
            names = dict(db.execute("SELECT id, given FROM things WHERE given != ''"))
            renamed = {thing for thing, title in titles.items() if names.get(thing) != title}
            if wanted == known and not renamed:
                return frozenset()
            sql = "DELETE FROM thing_spellings WHERE spelling = ? AND role = ? AND kind = ? "
            db.executemany(sql + "AND thing = ?", known - wanted)
            db.executemany(
                "INSERT INTO thing_spellings(spelling, role, kind, thing) VALUES (?, ?, ?, ?)",
                wanted - known,
            )
            changed = wanted ^ known
            left = {thing for _, role, _, thing in changed if role == "title"}
            spellings = {parse(key, kind) for key, _, kind, _ in changed}
            reached = Hints(db).stir(spellings)
            keys = {key for key, *_ in changed} | {spelling.key for spelling in spellings}
            touched = resolve(db, reached | containers_of(db, keys))
            put_titles(db, titles, left)
            refresh(db, touched.things | left | renamed)
        return frozenset(touched.containers)

    def rename(self, thing: int, name: str) -> bool:
        """Show a thing under another name, by which it is found as well; an empty one takes that
        back. False where an entry is about it: then the entry's title is its name. To make two
        things one, the user gives such an entry aliases."""
        name = " ".join(name.split())[:LONGEST]
        with self._journal.write() as db:
            sql = "SELECT 1 FROM thing_spellings WHERE thing = ? AND role = 'title'"
            if db.execute(sql, (thing,)).fetchone():
                return False
            db.execute("UPDATE things SET given = ? WHERE id = ?", (name, thing))
            db.execute("DELETE FROM thing_spellings WHERE thing = ? AND role = 'given'", (thing,))
            if name:
                sql = "INSERT INTO thing_spellings(spelling, role, kind, thing) "
                sql += "SELECT ?, 'given', kind, id FROM things WHERE id = ?"
                db.execute(sql, (fold(name), thing))
            refresh(db, {thing})
        return True

    # -- what a name stands for

    def get(self, thing: int) -> Thing | None:
        rows = self._journal.read(f"{_SELECT} WHERE id = ?", thing)
        return _thing(rows[0]) if rows else None

    def all(self) -> list[Thing]:
        return [_thing(row) for row in self._journal.read(f"{_SELECT} ORDER BY name, id")]

    def of(self, container: str) -> list[Thing]:
        """What a container names, the most named first."""
        sql = (
            f"{_SELECT} JOIN (SELECT thing, sum(count) AS total FROM mentions WHERE container = ? "
            "GROUP BY thing) ON thing = id ORDER BY total DESC, name, id"
        )
        return [_thing(row) for row in self._journal.read(sql, container)]

    def find(self, text: str) -> list[Thing]:
        """Whom or what a name may stand for, the likeliest first."""
        return self._under(_keys(text))

    def bearers(self, text: str) -> list[Thing]:
        """Everything that goes by a name, in no order: no slower for what is named everywhere."""
        keys = _keys(text)
        marks = ", ".join("?" * len(keys))
        # A slip of the pen has no thing of its own; all its mentions have the same one.
        slips = "SELECT thing FROM (SELECT thing FROM mentions WHERE key = ? LIMIT 1)"
        rows = self._journal.read(
            f"{_SELECT} WHERE id IN (SELECT thing FROM thing_spellings WHERE role != 'typo' AND "
            f"spelling IN ({marks}) UNION {' UNION '.join([slips] * len(keys))}) ORDER BY id",
            *keys, *keys,
        )  # fmt: skip
        return [_thing(row) for row in rows]

    def alike(self, thing: Thing) -> list[Thing]:
        """Other people who may be this one, written otherwise: for a person to judge. Whoever is
        named in one place with them is somebody else."""
        mine = {parse(each, "person") for each in (thing.name, *thing.spellings)}
        full = [one for one in mine if one.form == "full"] if thing.kind == "person" else []
        near: dict[int, Thing] = {}
        for one in full:
            given, *_, family = one.key.split()
            for row in self._journal.read(
                f"{_SELECT} WHERE id IN (SELECT thing FROM thing_spellings WHERE role = 'family' "
                "AND spelling IN (?, ?)) ORDER BY id LIMIT ?",
                family, given, _MOST_ASKED,
            ):  # fmt: skip
                other = _thing(row)
                near[other.id] = other
        return [
            other
            for other in near.values()
            if other.id != thing.id
            and any(
                are_alike(one, parse(each, "person"))
                for one in full
                for each in (other.name, *other.spellings)
            )
            and not self._stand_together(thing.id, other.id)
        ]

    def _stand_together(self, one: int, other: int) -> bool:
        sql = "SELECT 1 FROM mentions AS a JOIN mentions AS b ON b.container = a.container "
        return bool(self._journal.read(sql + "WHERE a.thing = ? AND b.thing = ? LIMIT 1",
                                       one, other))  # fmt: skip

    def named_in(self, question: str) -> list[Thing]:
        """What a question names, the longest names first."""
        words = question.split()[:_MOST_ASKED]
        found: dict[int, Thing] = {}
        taken: set[int] = set()
        for size in range(_MOST_WORDS, 0, -1):
            for start in range(len(words) - size + 1):
                places = set(range(start, start + size))
                text = " ".join(words[start : start + size]).strip(".,;:!?\"'“”„()[]")
                text = text.removesuffix("'s").removesuffix("’s")
                if places & taken or len(text) < 2 or (size == 1 and fold(text) in NEVER):
                    continue
                things = self.find(text)
                if things:
                    taken |= places
                    found.update((thing.id, thing) for thing in things)
        return list(found.values())

    def _under(self, keys: list[str]) -> list[Thing]:
        marks = ", ".join("?" * len(keys))
        rows = self._journal.read(
            "SELECT id, name, kind, spellings, "
            "min(instr('alias given title self address handle initial bare family', role)) AS rank,"
            " (SELECT count(*) FROM mentions WHERE mentions.thing = id) AS spread FROM ("
            f"SELECT role, thing FROM thing_spellings WHERE spelling IN ({marks}) "
            "AND role != 'typo' UNION ALL "
            f"SELECT DISTINCT 'self', thing FROM mentions WHERE key IN ({marks})) "
            "JOIN things ON id = thing GROUP BY id ORDER BY rank, spread DESC, name, id",
            *keys, *keys,
        )  # fmt: skip
        return [_thing(row[:4]) for row in rows]


def _keys(text: str) -> list[str]:
    text = " ".join(text.split())[:LONGEST]
    return list(dict.fromkeys((fold(text), *(parse(text, kind).key for kind in _ASKED_AS))))


def _thing(row: tuple[object, ...]) -> Thing:
    number, name, kind, spellings = row
    return Thing(int(str(number)), str(name), kind, tuple(json.loads(str(spellings))))  # type: ignore[arg-type]


def thing_of_entry(kind: ThingKind, title: str) -> int:
    """The id of what an entry about a person or project is about."""
    return thing_id(kind, parse(title[:LONGEST], kind).key)
