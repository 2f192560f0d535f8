"""Which entries a stretch of days has to do with: what is due, what was said, what was decided.

Called by the daemon for the day's page of the terminal UI. The dates are those that the entries
name, not when cairn came by them.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from cairn.app import tree_wire
from cairn.core.tree.life.due import owed
from cairn.core.tree.outline import dated, leaves_of

if TYPE_CHECKING:
    from cairn.core.engine import Engine
    from cairn.core.tree.catalogue import Filed

Json = dict[str, Any]


def run(engine: Engine, args: Json) -> Json:
    """From `start` to before `end`, by the user's calendar; `today` is their own day."""
    start, end = (date.fromisoformat(args[name]) for name in ("start", "end"))
    today = date.fromisoformat(args["today"])
    rows = dated(engine.journal, start.isoformat(), end.isoformat())
    filed = engine.memory.tree.catalogue.many(rows)
    leaves = {leaf.id: tree_wire.leaf(leaf) for leaf in leaves_of(engine.journal, rows)}
    happens = [each for each in filed.values() if _happens(each, start, end)]
    return {
        "due": [
            {**leaves[owes.entry.id], "state": owes.state, "day": owes.day, "days": owes.days,
             "mine": owes.is_mine}
            for owes in _owed(engine, filed, start, end, today)
        ],
        "events": [
            {**leaves[each.entry.id], "day": each.entry.value}
            for each in sorted(happens, key=lambda one: (one.entry.value, one.entry.id))
        ],
        "said": [
            {**leaves[each.entry.id], "at": each.entry.created}
            for each in sorted(filed.values(), key=lambda one: (one.entry.created, one.entry.id))
            if _is_within(each.entry.created, start, end)
        ],
    }  # fmt: skip


def _owed(
    engine: Engine, filed: dict[str, Filed], start: date, end: date, today: date
) -> Iterator[Any]:
    """What is for one of these days; on a page with today also what is overdue, or soon due."""
    promises = [each.entry for each in filed.values() if each.entry.kind == "promise"]
    newer = engine.memory.tree.catalogue.successors(entry.id for entry in promises)
    has_today = start <= today < end
    for one in owed(promises, today.isoformat(), newer, engine.conversations.names):
        if one.day and (start.isoformat() <= one.day < end.isoformat()
                        or (has_today and one.state != "open")):  # fmt: skip
            yield one


def _happens(each: Filed, start: date, end: date) -> bool:
    """An event's value is its day, or its first and last one."""
    if each.entry.kind != "event":
        return False
    first, _, last = each.entry.value.partition("/")
    return first[:10] < end.isoformat() and (last or first)[:10] >= start.isoformat()


def _is_within(moment: str, start: date, end: date) -> bool:
    """A moment is of the day that it is where the user is; a day is that day everywhere."""
    try:
        if len(moment) <= len("2026-05-03"):
            return start <= date.fromisoformat(moment) < end
        return start <= datetime.fromisoformat(moment).astimezone().date() < end
    except (ValueError, OverflowError):
        return False
