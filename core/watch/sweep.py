"""Folders + what the journal knows → events for everything that differs.

Run when a folder is added, when the daemon starts and now and then, because the system's
notifications can be lost. A sweep costs one stat a file and reads no content. A folder that
can't be listed says nothing about its files: an unmounted disk is not a mass deletion.
"""

from __future__ import annotations

import errno
import os
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from stat import S_ISDIR, S_ISLNK

from cairn.core.errors import DISK
from cairn.core.journal import FileRecord, now
from cairn.core.records import Event
from cairn.core.rows import modified_ns
from cairn.core.uris import file_uri, uri_path
from cairn.core.watch.ignore import Rules, Verdict

PSEUDO = ("/proc", "/sys", "/dev", "/run")
"""What the system shows as files but nobody wrote."""


@dataclass(frozen=True, slots=True)
class Change:
    event: Event
    mtime_ns: int
    is_as_it_was: bool = False
    """It is to be read, but nobody has changed it."""


@dataclass(frozen=True, slots=True)
class Place:
    """A folder or file to compare, with the rules of the watched folder that it is in."""

    path: Path
    rules: Rules
    records: dict[str, FileRecord]
    """What is known at or below it."""
    excluded: frozenset[Path]
    """Folders below it that are none of its business."""
    is_emptied: bool
    """Is an empty folder here what it seems, and not the place of a lost disk?"""
    by_name: bool = False
    """Are its files to be known by their names only?"""


@dataclass(slots=True)
class Listing:
    """What a walk found, and the folders it could not look into."""

    files: dict[str, os.stat_result] = field(default_factory=dict)
    closed: list[Path] = field(default_factory=list)


@dataclass(slots=True)
class Sweep:
    changes: list[Change] = field(default_factory=list)
    """The newest first, so that what is worked on now is searchable first."""
    unreachable: list[Path] = field(default_factory=list)
    closed: list[FileRecord] = field(default_factory=list)
    """Folders inside a root that may not be listed."""


def sweep(
    places: Iterable[Place],
    settled: set[str],
    is_barred: Callable[[str], bool],
    gone: Iterable[FileRecord] = (),
) -> Sweep:
    """Changes since the files were last read; `gone` are known to be away.

    Nothing is said of files in `settled`, which are queued already, and of barred ones.
    """
    result = Sweep()
    found: dict[str, tuple[os.stat_result, FileRecord | None, bool]] = {}
    lost = {record.uri: record for record in gone}
    for place in places:
        if place.path.is_symlink():  # a watched folder that was moved, with a link in its place
            result.unreachable.append(place.path)
            continue
        records = dict(place.records)
        listing = list_files(place.path, place.rules, place.excluded)
        taken_out = records and not listing.files and _is_empty(place.path) and not place.is_emptied
        if place.path in listing.closed and file_uri(place.path) in records:
            if place.path.parent.is_dir():  # it is a file that was named by itself
                lost |= records
            continue
        if place.path in listing.closed or taken_out:
            result.unreachable.append(place.path)
            continue
        for uri, status in listing.files.items():
            found[uri] = (status, records.pop(uri, None), place.by_name)
        result.closed += [_closed(folder) for folder in listing.closed]
        for uri, record in records.items():
            if not any(uri_path(uri).is_relative_to(folder) for folder in listing.closed):
                lost[uri] = record
    differing = {
        uri: (status, record)
        for uri, (status, record, by_name) in found.items()
        if uri not in settled and _differs(record, status, by_name) and not is_barred(uri)
    }
    lost = {uri: record for uri, record in lost.items() if uri not in settled and uri not in found}
    result.changes = sorted(
        _events(differing, lost), key=lambda change: (-change.mtime_ns, change.event.uri)
    )
    return result


def _events(
    differing: dict[str, tuple[os.stat_result, FileRecord | None]], lost: dict[str, FileRecord]
) -> Iterator[Change]:
    at = now()
    # Size and time to the nanosecond: a file that has both of one that is gone has been moved.
    left = {(record.size, record.mtime_ns): uri for uri, record in lost.items() if record.size}
    for uri, (status, record) in differing.items():
        size, mtime = status.st_size, modified_ns(status)
        was = "" if record else left.pop((size, mtime), "")
        if was:
            lost.pop(was)
            yield Change(Event("moved", uri, at, was=was, size=size), mtime)
        else:
            delta = size - (record.size if record else 0)
            as_it_was = record is not None and (record.size, record.mtime_ns) == (size, mtime)
            if record:
                event = Event("changed", uri, min(at, moment_of(mtime)), size=size, delta=delta)
            else:  # when it came is not when it was last changed
                event = Event("added", uri, at, size=size, delta=delta)
            yield Change(event, mtime, as_it_was)
    for uri, record in lost.items():
        is_there = os.path.lexists(uri_path(uri))  # and passed over from now on
        kind = "withdrawn" if is_there else "deleted"
        yield Change(Event(kind, uri, at, delta=-record.size), 0)  # type: ignore[arg-type]


def moment_of(mtime_ns: int) -> str:
    try:
        moment = datetime.fromtimestamp(mtime_ns / 1e9, UTC)
    except (OverflowError, ValueError, OSError):
        return now()  # a file from a broken clock
    return moment.isoformat(timespec="milliseconds")


def _closed(folder: Path) -> FileRecord:
    reason = "this folder may not be listed"
    return FileRecord(file_uri(folder), 0, 0, "failed", "no-permission", reason)


def list_files(
    start: Path,
    rules: Rules,
    excluded: frozenset[Path],
    passed_over: Callable[[Path, Verdict], None] | None = None,
) -> Listing:
    """Every file below `start` that the rules let pass; links are not followed."""
    listing = Listing()
    try:
        status = start.lstat()
    except OSError:
        listing.closed.append(start)
        return listing
    if not S_ISDIR(status.st_mode):
        listing.files[file_uri(start)] = status
        return listing
    folders = [start]
    while folders:
        folder = folders.pop()
        try:
            with os.scandir(folder) as entries:
                seen = _visible(folder, list(entries), rules, passed_over)
                for path, status in seen:
                    if not S_ISDIR(status.st_mode):
                        listing.files[file_uri(path)] = status
                    elif path not in excluded and str(path) not in PSEUDO:
                        folders.append(path)
        except OSError:
            listing.closed.append(folder)
    return listing


def _visible(
    folder: Path,
    entries: list[os.DirEntry[str]],
    rules: Rules,
    passed_over: Callable[[Path, Verdict], None] | None,
) -> Iterator[tuple[Path, os.stat_result]]:
    chain, names = rules.chain(folder), {entry.name for entry in entries}
    for entry in entries:
        path = folder / entry.name
        try:
            status = entry.stat(follow_symlinks=False)
        except OSError as error:  # usually it has gone since the folder was listed
            if passed_over and error.errno == errno.ENAMETOOLONG:
                passed_over(path, Verdict("its path is longer than the system takes"))
            continue
        if S_ISLNK(status.st_mode):  # its target is read where it lies, in a watched folder
            verdict: Verdict | None = Verdict("it is a link, and links are not followed")
        else:
            verdict = rules.judge_entry(chain, path, S_ISDIR(status.st_mode), names)
        if verdict is None:
            yield path, status
        elif passed_over:
            passed_over(path, verdict)


def _differs(record: FileRecord | None, status: os.stat_result, by_name: bool) -> bool:
    if record is None:
        return True
    if (record.size, record.mtime_ns) != (status.st_size, modified_ns(status)):
        return True
    # What the system says was changed in the future, by a broken clock, would be read for ever.
    if not by_name and not record.is_of(status) and status.st_ctime <= time.time():
        return True
    if record.code == "waiting" or (record.code == "names-only") != by_name:
        return True  # it was listed and then out of reach, or is to be read in another depth
    # Neither rights nor a disk's health are part of the times: look again whether it can be read.
    if record.code == DISK:
        return True
    return record.code == "no-permission" and os.access(uri_path(record.uri), os.R_OK)


def _is_empty(root: Path) -> bool:
    """An empty root that had files is more likely an unmounted disk than a clean-up."""
    try:
        return next(root.iterdir(), None) is None
    except OSError:
        return True
