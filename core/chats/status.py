"""A source of conversations → what came of it, for `cairn sources` and `cairn doctor`.

Called by `Conversations`; only counts what the journal has.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from cairn.core.chats.formats import format_of
from cairn.core.chats.retention import Retention
from cairn.core.chats.sources import Source, Sources, TranscriptRecord, at_or_below
from cairn.core.journal import Journal


@dataclass(frozen=True, slots=True)
class SourceStatus:
    """A source and what came of it."""

    path: str
    kind: str
    words: str
    is_live: bool
    me: tuple[str, ...]
    transcripts: int
    conversations: int
    turns: int
    """All that are in it, be it that another source brought them first."""
    since: str
    latest: str
    passed: dict[str, int]
    unknown: dict[str, int]
    redacted: dict[str, int]
    """Kinds of secrets that were left out, and how many of each."""
    version: str
    problems: tuple[tuple[str, str], ...]
    """Transcripts that could not be read, each with the reason."""
    waiting: int
    people: tuple[str, ...]
    """Of chats between people: who writes there, the most active first."""
    expires: str
    """That, and when, its program deletes what it holds."""
    paused: bool = False


def status_of(
    journal: Journal, sources: Sources, source: Source, expiry: Retention | None
) -> SourceStatus:
    records = list(sources.transcripts(source))
    at, places = at_or_below(source.path, "transcript")
    sql = (
        "SELECT count(*), coalesce(min(nullif(began, '')), ''), coalesce(max(ended), '') "
        f"FROM conversations WHERE turns > 0 AND id IN "
        f"(SELECT conversation FROM brought WHERE {at})"
    )
    count, since, latest = journal.read(sql, *places)[0]
    kind = kind_of(journal, source)
    waiting = journal.pending("transcript")
    return SourceStatus(
        str(source.path), kind, format_of(kind).words if kind else "", source.is_live,
        source.me, len(records), int(str(count)), turns_in(journal, source), str(since)[:10],
        str(latest)[:10], _sum(record.passed for record in records),
        _sum(record.unknown for record in records), _sum(record.redacted for record in records),
        _version(records),
        tuple((record.uri, record.problem) for record in records if record.problem),
        sum(record.uri in waiting for record in records), _people(journal, source, kind),
        expiry.words if expiry else "", sources.is_paused(source.uri),
    )  # fmt: skip


def kind_of(journal: Journal, source: Source) -> str:
    """Its own kind, or else that of what was found in it."""
    if source.kind:
        return source.kind
    at, places = at_or_below(source.path, "transcript")
    sql = (
        "SELECT coalesce(max(kind), '') FROM conversations WHERE id IN "
        f"(SELECT conversation FROM brought WHERE {at})"
    )
    return str(journal.read(sql, *places)[0][0])


def brought_by(journal: Journal, source: Source) -> int:
    """How many turns it was the first to bring."""
    at, places = at_or_below(source.path, "transcript")
    sql = f"SELECT coalesce(sum(turns), 0) FROM brought WHERE {at}"
    return int(str(journal.read(sql, *places)[0][0]))


def turns_in(journal: Journal, source: Source) -> int:
    """How many it has, also those that another one brought first."""
    here, places = at_or_below(source.path, "copies.source")
    first, same = at_or_below(source.path, "turns.source")
    at, where = at_or_below(source.path, "transcript")
    sql = (
        "SELECT count(DISTINCT copies.conversation || ':' || copies.number) FROM brought "
        "JOIN copies ON copies.conversation = brought.conversation "
        "AND copies.source = transcript JOIN turns ON turns.conversation = copies.conversation "
        f"AND turns.number = copies.number WHERE ({at}) AND ({here}) AND NOT ({first})"
    )
    more = journal.read(sql, *where, *places, *same)[0][0]
    return brought_by(journal, source) + int(str(more))


def _people(journal: Journal, source: Source, kind: str) -> tuple[str, ...]:
    if not kind or not format_of(kind).is_between_people:
        return ()
    at, places = at_or_below(source.path, "transcript")
    rows = journal.read(
        "SELECT who FROM turns WHERE origin = 'other' AND who != '' AND conversation IN "
        f"(SELECT conversation FROM brought WHERE {at}) "
        "GROUP BY who ORDER BY count(*) DESC, who LIMIT 10",
        *places,
    )
    return tuple(str(who) for (who,) in rows)


def _sum(counts: Iterable[dict[str, int]]) -> dict[str, int]:
    total: dict[str, int] = {}
    for each in counts:
        for kind, count in each.items():
            total[kind] = total.get(kind, 0) + count
    return total


def _version(records: Sequence[TranscriptRecord]) -> str:
    return max((record.version for record in records if record.version), default="")
