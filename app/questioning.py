"""A question with its options, as it came over the wire → the engine → JSON.

Used by the daemon and by a command that does it in its own process, so that both say the same.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from cairn.app import wire
from cairn.core.answer.news import USUAL_DAYS, midnight
from cairn.core.conversing import converse, request
from cairn.core.recall.around import MOST_STEPS
from cairn.core.recall.narrow.filters import Filters, read_filters
from cairn.core.recall.question.piped import pointed

if TYPE_CHECKING:
    from cairn.core.answering import Manner
    from cairn.core.engine import Engine

Json = dict[str, Any]
_RELATED = 3


def ask(engine: Engine, args: Json, manner: Manner) -> Json:
    moments = {name: str(args.get(name, "")) for name in ("as_of", "known_at")}
    piped = str(args.get("piped") or "")
    words = engine.finding.known_words(piped) if piped else ()
    question = pointed(args["question"], words)
    asked = request(
        question,
        {**_given(args), **moments},
        args.get("follows") or "",
        thinks=bool(args.get("think")),
    )
    reply = converse(engine.asking, asked, manner)
    filters = {name: text for name, text in reply.beside if name not in moments}
    told = wire.answer(reply.answer, engine.finding.titles)
    told |= {"filters": filters, "would_mean": reply.would_mean}
    if not piped:
        return told
    meant = told["understood"] or (question if words else "")
    return {**told, "question": args["question"], "understood": meant, **_about(engine, words)}


def _about(engine: Engine, words: tuple[str, ...]) -> Json:
    """What the memory holds of a text that came beside a question."""
    related: list[Json] = []
    if words:
        found = engine.asking.search(" ".join(words), _RELATED)
        related = wire.results(found, engine.finding.titles)["hits"]
    return {"words": list(words), "related": related}


def search(engine: Engine, args: Json) -> Json:
    filters = filters_of(args)
    found = engine.asking.search(
        args["query"], args.get("limit"), filters=filters, is_typing=bool(args.get("typing"))
    )
    data = {**wire.results(found, engine.finding.titles), "filters": _given(args)}
    if steps := int(args.get("around") or 0):
        stretches = engine.asking.around(found.evidence, min(steps, MOST_STEPS), filters)
        for hit, stretch in zip(data["hits"], stretches, strict=True):
            hit["around"] = wire.around(stretch) if stretch else []
    return data


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
