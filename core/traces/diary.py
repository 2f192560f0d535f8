"""Traces → what `cairn day` and `cairn habits` tell: frozen records that become JSON as they are.

The engine calls it with the traces of a time and the user's zone. Every line names the files and
times that it rests on.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, tzinfo
from typing import Literal

from cairn.core.records import Event
from cairn.core.traces.habits import MIN_DAYS, MIN_SESSIONS, Habit, find_habits, is_enough
from cairn.core.traces.outline import outlines
from cairn.core.traces.sessions import Arrival, Session, episodes
from cairn.core.traces.telling import count, tell_arrival, tell_background, tell_session, tell_time
from cairn.core.traces.together import Together, together
from cairn.core.traces.topics import FolderTopics, topics
from cairn.core.traces.unusual import Deviation, find_deviations

_SOURCES = 100
"""Files that are named behind one line."""
_RECENT = 10
_PAIRS = 20


@dataclass(frozen=True, slots=True)
class Source:
    """A file behind a line, with the times of its first and last event."""

    uri: str
    first: str
    last: str
    events: int
    was: str = ""


@dataclass(frozen=True, slots=True)
class DayLine:
    kind: Literal["work", "arrival", "background"]
    text: str
    start: str
    end: str
    files: int
    sources: tuple[Source, ...]
    """The files of an arrival are too many to name them all."""
    unusual: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DayReport:
    start: str
    """The first day."""
    end: str
    """The day after the last one."""
    lines: tuple[DayLine, ...]
    minutes: float
    """Of all sessions together."""


@dataclass(frozen=True, slots=True)
class OddSession:
    """A deviation, with the time of its session in words."""

    when: str
    deviation: Deviation
    files: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class HabitReport:
    sessions: int
    days: int
    since: str
    lacking: str
    """What is still missing before habits can be told, in words."""
    habits: tuple[Habit, ...]
    unusual: tuple[OddSession, ...]
    """The latest first."""
    topics: tuple[FolderTopics, ...]
    together: tuple[Together, ...]


def report_day(traces: Iterable[Event], start: date, end: date, zone: tzinfo) -> DayReport:
    """What happened from `start` to before `end`, by the user's calendar.

    Traces of earlier days tell what is usual, and those of the days around where a session that
    crosses midnight begins and ends; it is told on both days.
    """
    found = episodes(traces)
    begin, until = _midnight(start, zone), _midnight(end, zone)
    odd: dict[str, list[str]] = {}
    for item in find_deviations(outlines(found.sessions, zone)):
        odd.setdefault(item.at, []).append(item.statement)
    inside = [item for item in found.sessions if item.start < until and item.end >= begin]
    lines = [_work_line(item, zone, tuple(odd.get(_iso(item.start), ()))) for item in inside]
    lines += [_arrival_line(item, zone) for item in found.arrivals
              if item.start < until and item.end >= begin]  # fmt: skip
    lines.sort(key=lambda line: (line.start, line.kind))
    restless = [trace for trace in found.background if begin <= _when(trace) < until]
    if restless:
        lines.append(_background_line(restless))
    minutes = sum(
        (min(item.end, until) - max(item.start, begin)).total_seconds() / 60 for item in inside
    )
    return DayReport(start.isoformat(), end.isoformat(), tuple(lines), round(minutes, 1))


def report_habits(traces: Iterable[Event], titles: Mapping[str, str], zone: tzinfo) -> HabitReport:
    """Habits over all the given traces; `titles` name files by their addresses."""
    sessions = episodes(traces).sessions
    facts = outlines(sessions, zone)
    days = {item.day for item in facts}
    by_start = {_iso(item.start): item for item in sessions}
    odd = [
        OddSession(
            tell_time(by_start[item.at].start, by_start[item.at].end, zone),
            item,
            tuple(file.uri for file in by_start[item.at].files[:_SOURCES]),
        )
        for item in find_deviations(facts)[: -_RECENT - 1 : -1]
    ]
    lacking = "" if is_enough(facts) else (
        f"{count(len(facts), 'session')} of work on {count(len(days), 'day')} seen so far; habits "
        f"are told from {MIN_SESSIONS} sessions on {MIN_DAYS} days"
    )  # fmt: skip
    return HabitReport(
        len(facts), len(days), min(days).isoformat() if days else "", lacking, find_habits(facts),
        tuple(odd), topics(sessions, titles), together(sessions, _PAIRS),
    )  # fmt: skip


def _work_line(session: Session, zone: tzinfo, unusual: tuple[str, ...]) -> DayLine:
    events: dict[str, int] = {}
    for trace in session.traces:
        events[trace.uri] = events.get(trace.uri, 0) + 1
    sources = tuple(
        Source(file.uri, _iso(file.first), _iso(file.last), events.get(file.uri, 0), file.was)
        for file in session.files[:_SOURCES]
    )
    text, start, end = tell_session(session, zone), _iso(session.start), _iso(session.end)
    return DayLine("work", text, start, end, len(session.files), sources, unusual)


def _arrival_line(arrival: Arrival, zone: tzinfo) -> DayLine:
    sources, files = _sources(arrival.traces)
    start, end = _iso(arrival.start), _iso(arrival.end)
    return DayLine("arrival", tell_arrival(arrival, zone), start, end, files, sources)


def _background_line(traces: Sequence[Event]) -> DayLine:
    sources, files = _sources(traces)
    start, end = _iso(_when(traces[0])), _iso(_when(traces[-1]))
    return DayLine("background", tell_background(traces), start, end, files, sources)


def _sources(traces: Iterable[Event]) -> tuple[tuple[Source, ...], int]:
    behind: dict[str, list[Event]] = {}
    for trace in traces:
        behind.setdefault(trace.uri, []).append(trace)
    named = list(behind.items())[:_SOURCES]
    found = (
        Source(uri, items[0].at, items[-1].at, len(items), items[-1].was) for uri, items in named
    )
    return tuple(found), len(behind)


def _midnight(day: date, zone: tzinfo) -> datetime:
    return datetime.combine(day, time.min, zone).astimezone(UTC)


def _when(trace: Event) -> datetime:
    moment = datetime.fromisoformat(trace.at)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _iso(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds")
