"""A question with its options, as it came over the wire → the engine → JSON.

Used by the daemon and by a command that does it in its own process, so that both say the same.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from cairn.app import wire
from cairn.core.answer.news import USUAL_DAYS, midnight
from cairn.core.recall.entries.pointers import When
from cairn.core.recall.narrow.filters import Filters, read_filters

if TYPE_CHECKING:
    from cairn.core.engine import Engine

Json = dict[str, Any]


def ask(engine: Engine, args: Json) -> Json:
    when = When(str(args.get("as_of", "")), str(args.get("known_at", "")))
    answer = engine.asking.ask(args["question"], None, when, filters_of(args))
    return {**wire.answer(answer, engine.finding.titles), "filters": _given(args)}


def search(engine: Engine, args: Json) -> Json:
    found = engine.asking.search(args["query"], args.get("limit"), filters=filters_of(args))
    return {**wire.results(found, engine.finding.titles), "filters": _given(args)}


def changes(engine: Engine, args: Json) -> Json:
    """`since` and `until` are days where the user is, the whole of them."""
    place, since, until = (str(args.get(name, "")) for name in ("place", "since", "until"))
    now = engine.clock().astimezone()
    begin = midnight(since, now) if since else now - timedelta(USUAL_DAYS)
    end = midnight(until, now) + timedelta(1) if until else now
    found = engine.asking.changes(begin, end, place)
    told = {"place": place, "now": now.isoformat(), "noted": engine.config.watch.traces}
    return {**told, **wire.changes(found)}


def filters_of(args: Json) -> Filters:
    given = _given(args)
    return read_filters(
        folder=given.get("in", ""), kind=given.get("kind", ""), origin=given.get("origin", ""),
        person=given.get("from", ""), since=given.get("since", ""), until=given.get("until", ""),
    )  # fmt: skip


def _given(args: Json) -> dict[str, str]:
    return {str(name): str(text) for name, text in (args.get("filters") or {}).items() if text}
