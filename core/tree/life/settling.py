"""All entries and their signals → new maturities, and what may fade: once a day, when idle.

Called by the engine. It writes maturities only; what to do about an entry that fades, or waits for
the user's word, is an operation and the caller's. It begins signals that a crash left out and
counts sources anew, so it mends whatever was not noted.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

from cairn.core.journal import Journal
from cairn.core.records import ORIGINS, Source
from cairn.core.tree.life.ageing import Traits, awaits_word, fades, importance, matured, strength
from cairn.core.tree.life.constants import LONG_PAUSE, MOST_FADING, QUIET, SLACK
from cairn.core.tree.life.days import day_number, day_of
from cairn.core.tree.life.signals import COLUMNS, Life, Maturity, Signals, signals_of
from cairn.core.tree.life.witness import from_json, several_of

_SEEN, _QUIET_SINCE = "life.seen", "life.quiet-since"
_TRAITS = "e.kind, e.origin, e.author, e.valid_until"
_SUPERSEDED = (
    "EXISTS (SELECT 1 FROM entry_relations r JOIN entries n ON n.id = r.entry "
    "WHERE r.target = e.id AND r.type = 'supersedes' AND r.entry != e.id AND NOT n.archived)"
)


@dataclass(frozen=True, slots=True)
class Change:
    entry: str
    was: Maturity
    now: Maturity


@dataclass(frozen=True, slots=True)
class Settled:
    changes: tuple[Change, ...]
    fading: tuple[str, ...]
    """May go to the archive, the weakest first; no more than `MOST_FADING` at a time."""
    awaiting: tuple[str, ...]
    """Written by a model, and core if the user says so."""


def is_due(journal: Journal, now: str) -> bool:
    """Whether this day has not been settled yet."""
    return day_of(journal.get_meta(_SEEN)) != day_of(now)


def settle(journal: Journal, now: str) -> Settled:
    life = Life(journal)
    _mend(life, now)
    changes, fading, awaiting = [], [], []
    for signals, traits in _standing(journal):
        if (maturity := matured(signals, now, traits)) != signals.maturity:
            changes.append(Change(signals.entry, signals.maturity, maturity))
        elif awaits_word(signals, now, traits):
            awaiting.append(signals.entry)
        elif fades(signals, now, traits):
            fading.append((strength(signals, now, traits), signals.entry))
    with journal.write() as db:
        sql = "UPDATE signals SET maturity = ?, since = ? WHERE entry = ?"
        db.executemany(sql, [(each.now, now, each.entry) for each in changes])
    if _is_quiet(journal, now):
        fading = []
    weakest = tuple(entry for _, entry in sorted(fading)[:MOST_FADING])
    return Settled(tuple(changes), weakest, tuple(sorted(awaiting)))


def _standing(journal: Journal, entry: str = "") -> Iterator[tuple[Signals, Traits]]:
    """Entries that are not in the archive: all, or one."""
    only = "AND e.id = ?" if entry else ""
    columns = ", ".join(f"s.{name}" for name in COLUMNS)
    rows = journal.read(
        f"SELECT {_TRAITS}, {_SUPERSEDED}, {columns} FROM entries e "
        f"JOIN signals s ON s.entry = e.id WHERE NOT e.archived {only} ORDER BY e.id",
        *((entry,) if entry else ()),
    )
    for kind, origin, author, until, superseded, *rest in rows:
        traits = Traits(str(kind), str(origin), str(author), str(until), bool(superseded))
        yield signals_of(tuple(rest)), traits


def mature(journal: Journal, ids: Iterable[str], now: str) -> None:
    """Take the user's word for these at once: who has just said it need not wait for a day."""
    wanted = set(ids)
    grown = [
        (maturity, now, signals.entry)
        for id in wanted
        for signals, traits in _standing(journal, id)
        if (maturity := matured(signals, now, traits)) != signals.maturity
    ]
    with journal.write() as db:
        db.executemany("UPDATE signals SET maturity = ?, since = ? WHERE entry = ?", grown)


def _mend(life: Life, now: str) -> None:
    _begin_missing(life, now)
    _count_sources(life, now)
    _reset_odd_times(life, now)


def _begin_missing(life: Life, now: str) -> None:
    rows = life.journal.read(
        "SELECT id, kind, origin FROM entries WHERE id NOT IN (SELECT entry FROM signals)"
    )
    missing = {
        str(entry): importance(str(kind), next((o for o in ORIGINS if o == origin), "document"))
        for entry, kind, origin in rows
    }
    if missing:
        life.begin(missing, now)


def _count_sources(life: Life, now: str) -> None:
    """Of entries with more than one, and of those that had more than one."""
    rows = life.journal.read(
        "SELECT entry, uri, CASE hash WHEN '' THEN quote ELSE 'known' END, at, hash "
        "FROM entry_sources WHERE entry IN "
        "(SELECT entry FROM entry_sources GROUP BY entry HAVING count(*) > 1) ORDER BY entry"
    )
    several: dict[str, tuple[Source, ...]] = {
        str(entry): tuple(Source(str(u), str(q), "", str(at), str(h)) for _, u, q, at, h in group)
        for entry, group in groupby(rows, key=lambda row: row[0])
    }
    had = life.journal.read("SELECT entry, confirmed FROM signals WHERE confirmed != ''")
    before = {str(entry): from_json(str(text)) for entry, text in had}
    none: dict[str, tuple[Source, ...]] = dict.fromkeys(before, ())
    # Compared here, so that the journal is locked for what has changed only.
    changed = {
        entry: sources
        for entry, sources in (none | several).items()
        if several_of(sources) != before.get(entry, ())
    }
    if changed:
        life.confirm(changed, now)


def _reset_odd_times(life: Life, now: str) -> None:
    """A time that is ahead or none at all would keep an entry young for ever."""
    today = day_number(now)
    if today is None:
        return
    odd = []
    for entry, since, touched in life.journal.read("SELECT entry, since, touched FROM signals"):
        sound = [_or_now(str(text), now, today) for text in (since, touched)]
        if sound != [since, touched]:
            odd.append((*sound, entry))
    if odd:
        with life.journal.write() as db:
            db.executemany("UPDATE signals SET since = ?, touched = ? WHERE entry = ?", odd)


def _or_now(text: str, now: str, today: float) -> str:
    number = day_number(text)
    return text if number is not None and number <= today + SLACK else now


def _is_quiet(journal: Journal, now: str) -> bool:
    """Whether cairn was away for long, or the clock jumped, not long ago. Notes that it is here."""
    seen, today = day_number(journal.get_meta(_SEEN)), day_number(now)
    if today is None:
        return True
    if seen is not None and not -SLACK <= today - seen <= LONG_PAUSE:
        journal.set_meta(_QUIET_SINCE, now)
    journal.set_meta(_SEEN, now)
    since = day_number(journal.get_meta(_QUIET_SINCE))
    return since is not None and 0 <= today - since < QUIET
