"""Filters → the passages that may be found, and which turns of a conversation among them.

Called by the engine's door to asking. The same condition goes to the word search and decides which
vectors are looked at, so the best of what is allowed is found however rare it is.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from cairn.core.errors import NotFound
from cairn.core.index import Index
from cairn.core.journal import Journal
from cairn.core.recall.narrow.filters import Filters
from cairn.core.recall.narrow.places import clause, places_of, quoted
from cairn.core.recall.units import passage_id
from cairn.core.recall.words import WORD, plain
from cairn.core.records import Chunk, Origin, document_id
from cairn.core.uris import container

_KEPT = 8
"""Conditions of which the ids are kept until something is written."""
_MORE = " more"
"""Ends the speakers of a passage where there are too many to name."""
_QUOTED = "quoted by "
_SUGGESTED = 5
_EPOCH = datetime(1970, 1, 1).astimezone()


@dataclass(frozen=True, slots=True)
class Allowed:
    where: str
    """For the index."""
    ids: frozenset[str]
    """Of all passages that fit."""
    person: str
    origins: tuple[Origin, ...]
    journal: Journal
    _known: dict[str, dict[int, str]] = field(default_factory=dict)
    """Origins of turns by their numbers, by passage."""

    def admits(self, chunk: Chunk) -> bool:
        """A passage, or a turn of one."""
        if passage_id(chunk.id) not in self.ids:
            return False
        if self.person and not is_by(self.person, chunk.who):
            return False
        return not self.origins or self._origin(chunk) in self.origins

    def _origin(self, chunk: Chunk) -> str:
        """A passage in which several speak is of no origin of theirs; each turn has its own."""
        if chunk.kind != "chat" or chunk.origin != "other":
            return chunk.origin
        passage = passage_id(chunk.id)
        if passage not in self._known:
            sql = (
                "SELECT number, turns.origin FROM turns JOIN conversations ON id = conversation "
                "WHERE uri = ? AND number BETWEEN ? AND ?"
            )
            first, last = chunk.span.first - 200, chunk.span.last + 200
            rows = self.journal.read(sql, container(chunk.uri), first, last)
            self._known[passage] = {int(str(number)): str(origin) for number, origin in rows}
        return self._known[passage].get(chunk.span.first, chunk.origin)


class Narrowing:
    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._ids: OrderedDict[tuple[str, str, int], frozenset[str]] = OrderedDict()
        self._speakers: tuple[tuple[str, int], list[str]] = (("", -1), [])

    def allowed(self, filters: Filters, index: Index) -> Allowed | None:
        """None where everything is. Raises NotFound where nothing can be."""
        if filters == Filters():
            return None
        parts = []
        if filters.folder:
            parts.append(clause(places_of(filters.folder, self._journal)))
        if filters.kinds:
            parts.append(f"kind IN ({_listed(filters.kinds)})")
        if filters.origins:
            parts.append(_by_origin(filters.origins))
        if filters.person:
            parts.append(self._by(filters.person, index))
        if filters.since or filters.until:
            parts.append(self._dated(filters.since, filters.until))
        where = " AND ".join(f"({part})" for part in parts)
        ids = self._matching(where, index)
        if not ids:
            raise NotFound(
                _nothing(filters), "leave something out; `cairn status` says what there is"
            )
        return Allowed(where, ids, filters.person, filters.origins, self._journal)

    def _matching(self, where: str, index: Index) -> frozenset[str]:
        key = (index.table.name, where, index.writes)
        found = self._ids.pop(key, None)
        if found is None:
            found = frozenset(index.table.matching(where))
        self._ids[key] = found
        while len(self._ids) > _KEPT:
            self._ids.popitem(last=False)
        return found

    def _by(self, person: str, index: Index) -> str:
        """As the index has it: of many speakers it names the first ones only."""
        names = self._names(index)
        fitting = [name for name in names if is_by(person, name)]
        if not fitting and not any(name.endswith(_MORE) for name in names):
            raise NotFound(
                f"nobody called {person} has said or written anything in the memory",
                _others(person, names),
            )
        return f"who IN ({_listed(fitting or [''])}) OR ends_with(who, {quoted(_MORE)})"

    def _names(self, index: Index) -> list[str]:
        state = (index.table.name, index.writes)
        if self._speakers[0] != state:
            self._speakers = (state, index.table.distinct("who"))
        return self._speakers[1]

    def _dated(self, since: str, until: str) -> str:
        """By the day of the passage, or else of its file. A month or a year lasts until its end."""
        own = ["`when` != ''"]
        if since:
            whole = _listed((since[:4], since[:7]))
            own.append(f"(`when` >= {quoted(since)} OR `when` IN ({whole}))")
        if until:
            own.append(f"`when` < {quoted(_next(until))}")
        inside, outside = self._modified(since, until)
        undated = "`when` = '' AND starts_with(uri, 'file:')"
        if len(inside) <= len(outside):
            undated += f" AND doc_id IN ({_listed(inside or [''])})"
        elif outside:
            undated += f" AND doc_id NOT IN ({_listed(outside)})"
        return f"({' AND '.join(own)}) OR ({undated})"

    def _modified(self, since: str, until: str) -> tuple[list[str], list[str]]:
        """Files that were last changed on these days, and the others, by their documents."""
        first = _nanoseconds(since) if since else -(1 << 63)
        end = _nanoseconds(_next(until)) if until else (1 << 63) - 1
        sql = "SELECT uri, mtime_ns >= ? AND mtime_ns < ? FROM files WHERE uri LIKE 'file:%'"
        found: tuple[list[str], list[str]] = ([], [])
        for uri, is_inside in self._journal.read(sql, first, end):
            found[not is_inside].append(document_id(str(uri)))
        return found


def is_by(person: str, who: str) -> bool:
    """Do the words of a name all stand in that of one of the speakers? A quoted one did not write
    here."""
    wanted = _words(person)
    names = [name for name in (who, *who.split(", ")) if not name.startswith(_QUOTED)]
    return bool(wanted) and any(wanted <= _words(name) for name in names)


def _words(name: str) -> set[str]:
    return {plain(found[0]) for found in WORD.finditer(name)}


def _by_origin(origins: Iterable[Origin]) -> str:
    return f"origin IN ({_listed(origins)}) OR (kind = 'chat' AND origin = 'other')"


def _others(person: str, names: Iterable[str]) -> str:
    """Who is there instead, those with a like beginning first."""
    known = sorted({name for each in names for name in each.split(", ") if name and _is_name(name)})
    begin = plain(person)[:2]
    near = sorted(known, key=lambda name: (not plain(name).startswith(begin), name))[:_SUGGESTED]
    return f"there are {', '.join(near)} …" if near else "`cairn chats` lists conversations"


def _is_name(text: str) -> bool:
    return not text.startswith(_QUOTED) and not text.endswith(_MORE)


def _listed(texts: Iterable[str]) -> str:
    return ", ".join(map(quoted, texts))


def _next(day: str) -> str:
    try:
        return (date.fromisoformat(day) + timedelta(1)).isoformat()
    except OverflowError:
        return "9999-12-32"


def _nanoseconds(day: str) -> int:
    """When the day begins where the user is."""
    try:
        begin = datetime.combine(date.fromisoformat(day), time()).astimezone()
    except (ValueError, OverflowError):
        return (1 << 63) - 1
    return (begin - _EPOCH) // timedelta(microseconds=1) * 1000


def _nothing(filters: Filters) -> str:
    """What nothing in the memory is, in words."""
    parts = []
    if filters.kinds:
        parts.append(
            f"of the kind {' or '.join(each for each in filters.kinds if each != 'episode')}"
        )
    if filters.folder:
        parts.append(f"in {filters.folder}")
    if filters.person:
        parts.append(f"from {filters.person}")
    if filters.origins:
        parts.append(f"by {' or '.join(filters.origins)}")
    if filters.since:
        parts.append(f"from {filters.since} on")
    if filters.until:
        parts.append(f"from before {_next(filters.until)}")
    return f"nothing in the memory is {', '.join(parts)}"
