"""Traces of file events → sessions of work, with what changed by itself or in bulk set apart.

The start of every behaviour channel: diary.py tells sessions in words, habits.py and together.py
compare them. Every readable trace ends up in exactly one session, arrival or the background.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise

from cairn.core.records import Event

SESSION_GAP_S = 30 * 60
"""Who has touched no file for so long has stopped working."""
BULK_WINDOW_S = 10
BULK_FILES = 10
"""So many different files within the window are no handiwork: a checkout, an archive, a copy."""
BULK_GAP_S = 60
"""What follows a bulk change within this time, in bulk again, belongs to it."""
RESTLESS_HOURS = 18
"""A file that is written in so many hours of one day is written by a program."""

Timed = tuple[float, Event]


@dataclass(frozen=True, slots=True)
class FileWork:
    """What became of one file in a session, by the name that it has at the end."""

    uri: str
    first: datetime
    last: datetime
    was: str = ""
    """Its name before, when it was moved or renamed."""
    saves: int = 0
    delta: int = 0
    """Bytes more or less than at the beginning."""
    visits: int = 1
    """Stretches of work on it, with other files in between."""
    is_new: bool = False
    is_gone: bool = False


@dataclass(frozen=True, slots=True)
class Session:
    """Work without a longer pause. Times are in UTC; whoever shows them knows the zone."""

    start: datetime
    end: datetime
    traces: tuple[Event, ...]
    files: tuple[FileWork, ...]
    """In the order of their first touch."""

    @property
    def minutes(self) -> float:
        return (self.end - self.start).total_seconds() / 60


@dataclass(frozen=True, slots=True)
class Arrival:
    """Many files within seconds: something that was set off, and no work."""

    start: datetime
    end: datetime
    traces: tuple[Event, ...]


@dataclass(frozen=True, slots=True)
class Episodes:
    sessions: tuple[Session, ...]
    arrivals: tuple[Arrival, ...]
    background: tuple[Event, ...]
    """Changes of files that a program writes all day long, such as a log."""


def episodes(traces: Iterable[Event]) -> Episodes:
    """Sort traces into sessions and the rest; one whose time can't be read is left out."""
    timed = [(at, trace) for trace in traces if (at := _seconds(trace.at)) is not None]
    timed.sort(key=lambda item: item[0])
    restless = _restless(timed)
    background = tuple(trace for _, trace in timed if trace.uri in restless)
    calm = [item for item in timed if item[1].uri not in restless]
    in_bulk = _bulk(calm)
    bulk = [item for item, marked in zip(calm, in_bulk, strict=True) if marked]
    work = [item for item, marked in zip(calm, in_bulk, strict=True) if not marked]
    arrivals = tuple(
        Arrival(_moment(part[0][0]), _moment(part[-1][0]), tuple(trace for _, trace in part))
        for part in _split(bulk, BULK_GAP_S)
    )
    return Episodes(tuple(_session(part) for part in _split(work, SESSION_GAP_S)), arrivals,
                    background)  # fmt: skip


def names_now(traces: Sequence[Event]) -> list[str]:
    """For each trace, in order of time, the name its file has now; "" if it was deleted since."""
    later: dict[str, str] = {}
    found: list[str] = []
    for trace in reversed(traces):
        name = later.setdefault(trace.uri, "" if trace.kind == "deleted" else trace.uri)
        if trace.kind == "moved" and trace.was:
            later[trace.was] = name
        found.append(name)
    return found[::-1]


def _seconds(at: str) -> float | None:
    try:
        moment = datetime.fromisoformat(at)
    except ValueError:
        return None
    if not 1970 <= moment.year < 9000:
        return None  # it could not be shown in every zone
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def _split(timed: Sequence[Timed], gap_s: float) -> list[Sequence[Timed]]:
    """Runs of events with smaller gaps than that."""
    if not timed:
        return []
    cuts = [n for n, (a, b) in enumerate(pairwise(timed), start=1) if b[0] - a[0] >= gap_s]
    return [timed[start:end] for start, end in pairwise([0, *cuts, len(timed)])]


def _restless(timed: Iterable[Timed]) -> set[str]:
    hours: defaultdict[tuple[str, int], int] = defaultdict(int)
    for at, trace in timed:
        hour = int(at // 3600)
        hours[trace.uri, hour // 24] |= 1 << hour % 24
    return {uri for (uri, _), seen in hours.items() if seen.bit_count() >= RESTLESS_HOURS}


def _bulk(timed: Sequence[Timed]) -> bytearray:
    """Which events lie in a window that holds too many files for a person."""
    marks = bytearray(len(timed))
    inside: Counter[str] = Counter()
    left = marked = 0
    for right, (at, trace) in enumerate(timed):
        inside[trace.uri] += 1
        while at - timed[left][0] > BULK_WINDOW_S:
            gone = timed[left][1].uri
            inside[gone] -= 1
            if not inside[gone]:
                del inside[gone]
            left += 1
        if len(inside) >= BULK_FILES:
            first = max(left, marked)
            marks[first : right + 1] = b"\x01" * (right + 1 - first)
            marked = right + 1
    return marks


def _session(timed: Sequence[Timed]) -> Session:
    traces = tuple(trace for _, trace in timed)
    return Session(_moment(timed[0][0]), _moment(timed[-1][0]), traces, _files(timed))


class _Tally:
    """A FileWork in the making."""

    __slots__ = ("delta", "first", "is_gone", "is_new", "last", "saves", "turn", "visits", "was")

    def __init__(self, at: float, is_new: bool) -> None:
        self.first = self.last = at
        self.is_new = is_new
        self.is_gone = False
        self.was = ""
        self.saves = self.delta = self.visits = 0
        self.turn = -1

    def finish(self, uri: str) -> FileWork:
        return FileWork(
            uri, _moment(self.first), _moment(self.last), self.was if self.was != uri else "",
            self.saves, self.delta, self.visits, self.is_new, self.is_gone,
        )  # fmt: skip


def _files(timed: Sequence[Timed]) -> tuple[FileWork, ...]:
    open_now: dict[str, _Tally] = {}
    overwritten: list[tuple[str, _Tally]] = []
    turn, current = -1, None
    for at, trace in timed:
        tally = _tally(open_now, overwritten, at, trace)
        if tally is not current:
            turn, current = turn + 1, tally
        if tally.turn != turn:
            tally.turn = turn
            tally.visits += 1
        tally.last = at
        tally.delta += trace.delta
        tally.saves += trace.kind in ("added", "changed")
        tally.is_gone = trace.kind == "deleted"
    every = [*open_now.items(), *overwritten]
    return tuple(tally.finish(uri) for uri, tally in sorted(every, key=lambda item: item[1].first))


def _tally(
    open_now: dict[str, _Tally], overwritten: list[tuple[str, _Tally]], at: float, trace: Event
) -> _Tally:
    """The tally of the file that a trace is about, which may have had another name before."""
    uri, was = trace.uri, trace.was
    if trace.kind != "moved" or was in ("", uri):
        return open_now.setdefault(uri, _Tally(at, trace.kind == "added"))
    moving, target = open_now.pop(was, None), open_now.pop(uri, None)
    if target:
        if moving and moving.is_new:  # a new file put in the place of an old one is how some save
            target.saves += 1
            open_now[uri] = target
            return target
        target.is_gone = True
        overwritten.append((uri, target))
    moving = moving or _Tally(at, is_new=False)
    moving.was = moving.was or ("" if moving.is_new else was)
    open_now[uri] = moving
    return moving
