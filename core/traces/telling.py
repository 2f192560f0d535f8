"""Sessions and arrivals → one line in plain words each, in the user's own time zone.

Used by diary.py for `cairn day`, and by habits.py for how sizes, times and files are called.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime, tzinfo
from itertools import takewhile

from cairn.core.records import Event
from cairn.core.traces.sessions import Arrival, FileWork, Session
from cairn.core.uris import uri_path

WEEKDAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
PARTS = ("morning", "afternoon", "evening", "night")
_NAMED = 5
"""More files than this are counted, not named."""


def part_of_day(hour: float) -> str:
    if 5 <= hour < 12:
        return "morning"
    if 12 <= hour < 17:
        return "afternoon"
    return "evening" if 17 <= hour < 22 else "night"


def file_name(uri: str) -> str:
    name = uri.rpartition("/")[2].removeprefix("file:") or uri
    return uri_path(f"file:/{name}").name if "%" in name else name


def folder_uri(uri: str) -> str:
    return uri.rpartition("/")[0]


def folder_name(folder: str) -> str:
    """`archive/` for `file:~/notes/archive`."""
    return "/" if folder == "file:" else file_name(folder) + "/"


def tell_session(session: Session, zone: tzinfo) -> str:
    """Such as "Tuesday evening, 19:40–21:05: edited lease.md (5 saves, +1.2 KB)"."""
    return f"{tell_time(session.start, session.end, zone)}: {_tell_work(session.files)}"


def tell_arrival(arrival: Arrival, zone: tzinfo) -> str:
    time = tell_time(arrival.start, arrival.end, zone)
    kinds = {trace.uri: trace.kind for trace in arrival.traces}
    count, place = f"{len(kinds):,} files", _place(arrival.traces)
    common, times = Counter(kinds.values()).most_common(1)[0]
    words = {
        "added": f"arrival of {count} in {place}",
        "changed": f"change of {count} at once in {place}",
        "moved": f"move of {count} at once to {place}",
        "deleted": f"deletion of {count} at once in {place}",
    }
    if times == len(kinds):
        return f"{time}: {words[common]}"
    named = (("added", "new"), ("changed", "changed"), ("moved", "moved"), ("deleted", "deleted"))
    every: Counter[str] = Counter(kinds.values())
    details = ", ".join(f"{every[kind]:,} {word}" for kind, word in named if every[kind])
    return f"{time}: {words[common if times * 2 > len(kinds) else 'changed']} ({details})"


def tell_background(traces: Sequence[Event]) -> str:
    changes = Counter(trace.uri for trace in traces)
    names = _list([file_name(uri) for uri, _ in changes.most_common()])
    return f"written by programs all day long, not counted as work: {names}"


def tell_time(start: datetime, end: datetime, zone: tzinfo) -> str:
    """Such as "Tuesday evening, 19:40–21:05"; the clock is the one on the wall."""
    first, last = start.astimezone(zone), end.astimezone(zone)
    day, clock = WEEKDAYS[first.weekday()], f"{first:%H:%M}"
    if (first.date(), clock, first.utcoffset()) != (last.date(), f"{last:%H:%M}", last.utcoffset()):
        next_day = "" if last.date() == first.date() else f"{WEEKDAYS[last.weekday()]} "
        clock += f"–{next_day}{last:%H:%M}"
    if first.hour < 5:
        return f"in the night to {day}, {clock}"
    return f"{day} {part_of_day(first.hour)}, {clock}"


def tell_size(size: float) -> str:
    """Such as "1.2 KB"."""
    for unit, scale in (("GB", 1e9), ("MB", 1e6), ("KB", 1e3)):
        if size >= scale * 0.9995:
            return f"{size / scale:.1f} {unit}".replace(".0 ", " ")
    return f"{size:.0f} B"


def tell_minutes(minutes: float) -> str:
    whole = round(minutes)
    if whole < 1:
        return "less than a minute"
    if whole < 60:
        return f"{whole} min"
    return f"{whole // 60} h {whole % 60} min" if whole % 60 else f"{whole // 60} h"


def count(number: int, one: str, many: str = "") -> str:
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def _tell_work(files: Sequence[FileWork]) -> str:
    names = _Names(files)
    passing = [file for file in files if file.is_new and file.is_gone]
    gone = [file for file in files if file.is_gone and not file.is_new]
    left = [file for file in files if not file.is_gone]
    moved = [file for file in left if file.was]
    parts = (
        ("edited", [names.edited(file) for file in left if file.saves and not file.is_new]),
        ("created", [names.edited(file) for file in left if file.is_new]),
        ("moved", [names.moved(file) for file in moved if _is_elsewhere(file)]),
        ("renamed", [names.moved(file) for file in moved if not _is_elsewhere(file)]),
        ("deleted", [names.name(file.uri) for file in gone]),
        ("created and deleted again", [names.name(file.uri) for file in passing]),
    )
    known = "; ".join(f"{verb} {_list(items)}" for verb, items in parts if items)
    # What is left is a file that was moved there and back again.
    return known or f"moved {_list([names.name(file.uri) for file in files])} back and forth"


class _Names:
    """Files by their names alone, with the folder where two are called the same."""

    def __init__(self, files: Iterable[FileWork]) -> None:
        uris = {uri for file in files for uri in (file.uri, file.was) if uri}
        self._names = {uri: file_name(uri) for uri in uris}
        self._seen = Counter(self._names[uri] for uri in {file.uri for file in files})

    def name(self, uri: str) -> str:
        name = self._names[uri]
        return folder_name(folder_uri(uri)) + name if self._seen[name] > 1 else name

    def edited(self, file: FileWork) -> str:
        details = [f"{file.saves} saves"] if file.saves > 1 else []
        if file.delta:
            details.append(("+" if file.delta > 0 else "−") + tell_size(abs(file.delta)))
        return self.name(file.uri) + (f" ({', '.join(details)})" if details else "")

    def moved(self, file: FileWork) -> str:
        before, after = self._names[file.was], self._names[file.uri]
        target = folder_name(folder_uri(file.uri)) if _is_elsewhere(file) else ""
        return f"{before} to {target}{after if after != before else ''}"


def _is_elsewhere(file: FileWork) -> bool:
    return folder_uri(file.was) != folder_uri(file.uri)


def _list(items: Sequence[str]) -> str:
    if len(items) > _NAMED:
        return f"{', '.join(items[:_NAMED])} and {count(len(items) - _NAMED, 'more file')}"
    return " and ".join(filter(None, (", ".join(items[:-1]), items[-1])))


def _place(traces: Iterable[Event]) -> str:
    """The folder that all of them are in or below."""
    folders = {folder_uri(trace.uri) for trace in traces}
    paths = [folder.split("/") for folder in folders]
    shared = list(
        takewhile(lambda pair: pair[0] == pair[1], zip(min(paths), max(paths), strict=False))
    )
    return "/".join(name for name, _ in shared).removeprefix("file:") or "/"
