"""Sessions → the figures that habits.py and unusual.py compare: when, how long, how much, where.

Goes through the sessions in order of time, because whether a file was known before or left an
inbox shows only beside what came earlier. Nothing here judges.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, tzinfo
from functools import lru_cache
from itertools import groupby, pairwise

from cairn.core.traces.sessions import Session
from cairn.core.traces.telling import file_name, folder_uri

_INBOXES = frozenset(
    """inbox downloads desktop scans eingang posteingang schreibtisch téléchargements bureau
    descargas escritorio""".split()
)
_MARK = re.compile(
    r"[\s_.(-]{0,3}(?<=[\s_.(-])(?:(?:v|ver|version|rev)[\s_.]?\d{1,3}|\d{1,3}\)|"
    r"final|copy|kopie|copie|copia|backup|bak|old|alt|neu|new)\)?$"
)
_LONGEST_NAME = 80


@dataclass(frozen=True, slots=True)
class Outline:
    """One session in figures."""

    start: datetime
    """In UTC."""
    day: date
    """By the user's calendar."""
    hour: float
    """By the clock on the wall, 0 to 24."""
    minutes: float
    events: int
    saves: int
    files: int
    edited: int
    steps: tuple[int, ...]
    """Bytes by which saved files grew or shrank."""
    switches: float | None
    """How often the next file was in another folder; None with one file only."""
    revisits: tuple[str, ...] = ()
    """Files that were worked on again after other work."""
    returns: tuple[str, ...] = ()
    """Files known from an earlier day."""
    created: tuple[str, ...] = ()
    versions: tuple[str, ...] = ()
    """New names that differ from another by a mark such as "v2" or "final"."""
    moved: tuple[str, ...] = ()
    deleted: tuple[str, ...] = ()
    received: tuple[str, ...] = ()
    """New in a folder such as Downloads."""
    cleared: tuple[str, ...] = ()
    """Of what had been received, what was moved on or deleted."""


@dataclass(slots=True)
class _Seen:
    """What earlier sessions showed."""

    stems: dict[str, set[str]]
    """Names without a mark of a version, each with its files; also those that are yet to come,
    since a file may be older than what is remembered of it."""
    since: dict[str, date] = field(default_factory=dict)
    """The day on which each file was first touched."""
    waiting: set[str] = field(default_factory=set)
    """Received and not cleared yet."""


def outlines(sessions: Sequence[Session], zone: tzinfo) -> list[Outline]:
    stems: defaultdict[str, set[str]] = defaultdict(set)
    for session in sessions:
        for trace in session.traces:
            stems[bare_name(trace.uri)].add(trace.uri)
    seen = _Seen(stems)
    return [_outline(session, zone, seen) for session in sessions]


@lru_cache(maxsize=20_000)
def bare_name(uri: str) -> str:
    """A file's name without ending, case and the marks that tell versions apart."""
    bare = _stem(uri)
    for _ in range(4):
        shorter = _MARK.sub("", bare)
        if not shorter or shorter == bare:
            break
        bare = shorter
    return bare


def _outline(session: Session, zone: tzinfo, seen: _Seen) -> Outline:
    local = session.start.astimezone(zone)
    traces, files = session.traces, session.files
    trail = _follow(session, local.date(), seen)
    turns = [uri for uri, _ in groupby(trace.uri for trace in traces)]
    return Outline(
        start=session.start,
        day=local.date(),
        hour=local.hour + local.minute / 60,
        minutes=session.minutes,
        events=len(traces),
        saves=sum(file.saves for file in files),
        files=len(files),
        edited=sum(1 for file in files if file.saves),
        steps=tuple(abs(t.delta) for t in traces if t.kind == "changed" and t.delta),
        switches=_share_of_switches([folder_uri(uri) for uri in turns]),
        revisits=tuple(file.uri for file in files if file.visits > 1),
        returns=_once(trail.returns),
        created=tuple(file.uri for file in files if file.is_new and not file.is_gone),
        versions=_once(trail.versions),
        moved=tuple(file.uri for file in files if file.was and not file.is_gone),
        deleted=tuple(file.uri for file in files if file.is_gone and not file.is_new),
        received=_once(trail.received),
        cleared=_once(trail.cleared),
    )  # fmt: skip


def _share_of_switches(folders: list[str]) -> float | None:
    changes = [a != b for a, b in pairwise(folders)]
    return sum(changes) / len(changes) if changes else None


@dataclass(slots=True)
class _Trail:
    versions: list[str] = field(default_factory=list)
    received: list[str] = field(default_factory=list)
    cleared: list[str] = field(default_factory=list)
    returns: list[str] = field(default_factory=list)


def _follow(session: Session, day: date, seen: _Seen) -> _Trail:
    """What only the sessions before can tell; what was seen grows by this one."""
    trail = _Trail()
    for trace in session.traces:
        uri, was = trace.uri, trace.was
        if was in seen.since and uri not in seen.since:
            seen.since[uri] = seen.since.pop(was)
        if seen.since.setdefault(uri, day) < day:
            trail.returns.append(uri)
        if trace.kind == "added" and _is_version(uri, seen):
            trail.versions.append(uri)
        if trace.kind == "added" and file_name(folder_uri(uri)).casefold() in _INBOXES:
            trail.received.append(uri)
            seen.waiting.add(uri)
        if trace.kind == "deleted" and uri in seen.waiting:
            seen.waiting.discard(uri)
            trail.cleared.append(uri)
        if was in seen.waiting and folder_uri(was) != folder_uri(uri):
            seen.waiting.discard(was)
            trail.cleared.append(uri)
    return trail


def _is_version(uri: str, seen: _Seen) -> bool:
    bare = bare_name(uri)
    return bare != _stem(uri) and len(seen.stems[bare]) > 1


def _stem(uri: str) -> str:
    name = file_name(uri)
    return (name.rpartition(".")[0] or name).casefold()[-_LONGEST_NAME:]


def _once(uris: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(uris))
