"""The tree as it is listed: light rows of entries, and what other entries say of one.

Called by the engine's door to entries for whoever shows the tree. Reads single columns of the
journal, so that 50,000 entries are listed in a moment; nothing is changed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cairn.core.journal import Journal
from cairn.core.records import Relation


@dataclass(frozen=True, slots=True)
class Leaf:
    """What a line of the outline says of an entry."""

    id: str
    path: str
    kind: str
    title: str
    valid_from: str
    valid_until: str
    archived: bool
    maturity: str


def leaves(
    journal: Journal, below: str = "", kind: str = "", *, archived: bool = False
) -> list[Leaf]:
    """By path; the archive's entries only where they are asked for, and then no others."""
    where, values = ["archived = ?"], [int(archived), *_range(below)]
    if below:
        where.append("path >= ? AND path < ?")
    if kind:
        where.append("kind = ?")
        values.append(kind)
    return _read(journal, " AND ".join(where), *values)


def leaves_of(journal: Journal, ids: Sequence[str]) -> list[Leaf]:
    found: list[Leaf] = []
    for start in range(0, len(ids), _MANY):
        part = ids[start : start + _MANY]
        found += _read(journal, f"id IN ({', '.join('?' * len(part))})", *part)
    return found


def _read(journal: Journal, where: str, *values: object) -> list[Leaf]:
    rows = journal.read(
        "SELECT id, path, kind, title, valid_from, valid_until, archived, "
        "coalesce(maturity, 'draft') FROM entries LEFT JOIN signals ON entry = id "
        f"WHERE {where} ORDER BY path",
        *values,
    )
    return [
        Leaf(
            str(id), str(path), str(kind), str(title), str(since), str(until), bool(away), str(how)
        )
        for id, path, kind, title, since, until, away, how in rows
    ]


def dated(journal: Journal, start: str, end: str) -> list[str]:
    """Ids of entries that may have to do with the days from `start` to before `end`: said about
    then, events at or around them, and every promise that is for a day."""
    rows = journal.read(
        "SELECT id FROM entries WHERE archived = 0 AND ("
        "created >= date(?, '-2 days') AND created < date(?, '+2 days') "
        "OR kind = 'event' AND value != '' AND value < ? "
        "AND (value >= ? OR substr(value, 12) >= ?) "
        "OR kind = 'promise' AND valid_until != '')",
        start, end, end, start, start,
    )  # fmt: skip
    return [str(id) for (id,) in rows]


def _range(below: str) -> list[object]:
    """Every path in a folder lies between these."""
    folder = below.rstrip("/")
    return [folder + "/", folder + "0"] if folder else []


def relations_to(journal: Journal, id: str) -> list[Relation]:
    """What other entries have to do with this one: each with the entry that says so."""
    rows = journal.read(
        "SELECT type, entry FROM entry_relations WHERE target = ? AND entry != ? "
        "ORDER BY type, entry",
        id, id,
    )  # fmt: skip
    return [Relation(str(type), str(entry)) for type, entry in rows]


def succession(journal: Journal, id: str) -> list[str]:
    """What superseded what up to this entry and on from it, the oldest first; alone, only itself.

    Of several that were superseded at once, or that supersede it, one is followed.
    """
    older = _followed(journal, _OLDER, [id])
    return [*reversed(older), *_followed(journal, _NEWER, [*reversed(older)])[len(older) :]]


def _followed(journal: Journal, sql: str, line: list[str]) -> list[str]:
    """From the end of a line on, as far as it leads."""
    while len(line) < _LONGEST_LINE:
        others = (str(other) for (other,) in journal.read(sql, line[-1]))
        if (found := next((other for other in others if other not in line), "")) == "":
            break
        line.append(found)
    return line


_MANY = 400
_LONGEST_LINE = 40
_OLDER = (
    "SELECT target FROM entry_relations JOIN entries ON id = target "
    "WHERE entry = ? AND type = 'supersedes' ORDER BY valid_from DESC, target"
)
_NEWER = (
    "SELECT entry FROM entry_relations JOIN entries ON id = entry "
    "WHERE target = ? AND type = 'supersedes' ORDER BY valid_from, entry"
)
