"""The spellings of one container → which thing each of them stands for.

Called by `settling.py` inside a transaction. Nothing is merged that could be two: a bare "Anna" is
the only Anna of that conversation or stays apart, and what the user decided (`aliases` of an entry
about a person or project) goes before every rule. The order of notes makes no difference.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from cairn.core.tree.graph.found import ThingKind
from cairn.core.tree.graph.spelling import Role, Spelling, is_short_form, is_slip, signatures

Target = tuple[int, ThingKind]
_ANYWHERE = ("initial", "handle", "address")
"""Forms that say enough to be matched beyond their own container."""


class Merging:
    """What a transaction knows of keys and things; not to be kept after it."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        self._stands_for: dict[int, int] = {}
        self._kinds: dict[int, ThingKind] = {}

    def resolve(self, spellings: Sequence[Spelling]) -> list[Target]:
        """The thing of each spelling, given that they all stand in one container."""
        found: dict[int, int] = {}
        self._decide(spellings, found)
        self._match(spellings, found, _ANYWHERE)
        self._match(spellings, found, ("bare", "family"))
        self._match_unknown(spellings, found)
        own = [spelling.own for spelling in spellings]
        for spelling in spellings:
            self._kinds.setdefault(spelling.own, spelling.kind)
        things = [found.get(place, own[place]) for place in range(len(spellings))]
        return [(thing, self._kinds[thing]) for thing in things]

    def _decide(self, spellings: Sequence[Spelling], found: dict[int, int]) -> None:
        """What the user decided, and what is sure by itself."""
        for place, spelling in enumerate(spellings):
            keys = dict.fromkeys(key for key in (spelling.address, spelling.key) if key)
            decided = next((one for key in keys if (one := self._decided(key, spelling))), None)
            if decided:
                found[place] = decided
            elif spelling.form == "full" or (spelling.form == "name" and spelling.kind != "thing"):
                found[place] = self.stands_for(spelling.own)
            elif spelling.form == "address":
                named = self.lookup(spelling.key, "address")
                if len(named) == 1:
                    found[place] = named.pop()

    def _decided(self, key: str, spelling: Spelling) -> int | None:
        rows = self._rows(key, "alias")
        if key == spelling.key and rows and self._is_titled(spelling.own):
            return None  # an entry of its own keeps it apart
        exact = {thing for thing, kind in rows if kind == spelling.kind}
        fitting = exact or {thing for thing, _ in rows if spelling.kind == "thing"}
        return fitting.pop() if len(fitting) == 1 else None

    def _match(
        self, spellings: Sequence[Spelling], found: dict[int, int], forms: tuple[str, ...]
    ) -> None:
        here = set(found.values())
        matched: dict[int, int] = {}
        for place, spelling in enumerate(spellings):
            if place in found or spelling.form not in forms:
                continue
            one = self._one_of(spelling, here) or self._by_short_form(spelling, spellings, found)
            if one:
                matched[place] = one
        found.update(matched)

    def _one_of(self, spelling: Spelling, here: set[int]) -> int | None:
        roles: tuple[Role, ...] = (
            ("bare", "family") if spelling.form == "bare" else (spelling.form,)  # type: ignore[assignment]
        )
        for role in roles:
            anywhere = self.lookup(spelling.key, role)
            nearby = anywhere & here
            if len(nearby) == 1:
                return nearby.pop()
            if nearby:
                return None  # two Annas take part
            if spelling.form in _ANYWHERE and len(anywhere) == 1:
                return anywhere.pop()
        return None

    def _by_short_form(
        self, spelling: Spelling, spellings: Sequence[Spelling], found: dict[int, int]
    ) -> int | None:
        """`Mel`, where the only name that begins so is Melanie's."""
        if spelling.form != "bare":
            return None
        fitting = {
            found.get(place, self._own_or_named(other, spellings, found))
            for place, other in enumerate(spellings)
            if other.kind == "person" and other.form in ("full", "bare", "initial")
            and is_short_form(spelling.key, other.key.split()[0])
        }  # fmt: skip
        return fitting.pop() if len(fitting) == 1 else None

    def _own_or_named(
        self, other: Spelling, spellings: Sequence[Spelling], found: dict[int, int]
    ) -> int:
        return self._one_of(other, set(found.values())) or other.own

    def _match_unknown(self, spellings: Sequence[Spelling], found: dict[int, int]) -> None:
        """What no cue told the kind of is the only thing of that name whose kind is known."""
        known = {
            place: spelling for place, spelling in enumerate(spellings) if spelling.kind != "thing"
        }
        for place, spelling in enumerate(spellings):
            if place in found or spelling.kind != "thing":
                continue
            here = {
                found.get(other, one.own) for other, one in known.items() if one.key == spelling.key
            }
            anywhere = {
                self.stands_for(thing)
                for thing, kind in self._rows(spelling.key, "self")
                if kind not in ("thing", "person")
            }
            fitting = here or anywhere
            one_fits = len(fitting) == 1
            found[place] = fitting.pop() if one_fits else self.stands_for(spelling.own)

    # -- keys and things

    def lookup(self, key: str, role: Role) -> set[int]:
        return {self.stands_for(thing) for thing, _ in self._rows(key, role)}

    def stands_for(self, own: int) -> int:
        """The thing that a key's own thing is merged into, or itself."""
        if own not in self._stands_for:
            self._stands_for[own] = self._merged(own)
        return self._stands_for[own]

    def _merged(self, own: int) -> int:
        known = self._key_of(own)
        if known is None or self._is_titled(own):
            return own
        key, kind = known
        aliases = {thing for thing, other in self._rows(key, "alias") if other == kind}
        if len(aliases) == 1:
            return aliases.pop()
        near = self.near(key, kind)
        if len(near) != 1:
            return own
        (other, other_key) = near.popitem()
        if self._rows(other_key, "alias") or len(self.near(other_key, kind)) != 1:
            return own
        if self._stand_together(key, other_key):
            return own
        return other if self._is_titled(other) or other_key < key else own

    def near(self, key: str, kind: ThingKind) -> dict[int, str]:
        """Things whose key is one slip of the pen away, with their keys."""
        wanted = sorted(signatures(key))
        if not wanted:
            return {}
        sql = (
            "SELECT DISTINCT typos.thing, own.spelling FROM thing_spellings AS typos "
            "JOIN thing_spellings AS own ON own.thing = typos.thing AND own.role = 'self' "
            f"WHERE typos.spelling IN ({', '.join('?' * len(wanted))}) AND typos.role = 'typo' "
            "AND typos.kind = ?"
        )
        rows: list[tuple[int, str]] = self._db.execute(sql, (*wanted, kind)).fetchall()
        found = {thing: other for thing, other in rows if is_slip(key, other, kind)}
        self._kinds.update(dict.fromkeys(found, kind))
        return found

    def _rows(self, key: str, role: Role) -> list[Target]:
        sql = "SELECT thing, kind FROM thing_spellings WHERE spelling = ? AND role = ?"
        rows: list[Target] = self._db.execute(sql, (key, role)).fetchall()
        self._kinds.update(rows)
        return rows

    def _key_of(self, thing: int) -> tuple[str, ThingKind] | None:
        sql = "SELECT spelling, kind FROM thing_spellings WHERE thing = ? AND role = 'self'"
        row: tuple[str, ThingKind] | None = self._db.execute(sql, (thing,)).fetchone()
        return row

    def _is_titled(self, thing: int) -> bool:
        sql = "SELECT 1 FROM thing_spellings WHERE thing = ? AND role = 'title'"
        return bool(self._db.execute(sql, (thing,)).fetchone())

    def _stand_together(self, key: str, other: str) -> bool:
        """Whoever names both in one place means two."""
        sql = (
            "SELECT 1 FROM mentions AS a JOIN mentions AS b ON b.container = a.container "
            "WHERE a.key = ? AND b.key = ? LIMIT 1"
        )
        return bool(self._db.execute(sql, (key, other)).fetchone())
