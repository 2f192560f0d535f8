"""Folders + what the journal knows → events for everything that differs.

Run when a folder is added, when the daemon starts and now and then, because the system's
notifications can be lost. A sweep costs one stat a file and reads no content. A folder that
can't be listed says nothing about its files: an unmounted disk is not a mass deletion.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from stat import S_ISDIR, S_ISLNK

from cairn.core.journal import FileRecord, now
from cairn.core.records import Event
from cairn.core.uris import file_uri, uri_path
from cairn.core.watch.ignore import ignores_file, ignores_folder

PSEUDO = ("/proc", "/sys", "/dev", "/run")
"""What the system shows as files but nobody wrote."""


@dataclass(frozen=True, slots=True)
class Change:
    event: Event
    size: int
    mtime_ns: int


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
    roots: Iterable[Path],
    known: Callable[[Path], Iterable[FileRecord]],
    settled: set[str],
    excluded: Path,
    is_emptied: Callable[[Path], bool],
) -> Sweep:
    """Changes since the files were last read.

    Files in `settled` are queued already or must not be read: nothing is said of them.
    """
    result = Sweep()
    changes: dict[str, Change] = {}
    at = now()
    for root in roots:
        records = {record.uri: record for record in known(root)}
        listing = list_files(root, excluded)
        taken_out = records and not listing.files and _is_empty(root) and not is_emptied(root)
        if root in listing.closed or taken_out:
            result.unreachable.append(root)
            continue
        for uri, status in listing.files.items():
            record = records.pop(uri, None)
            if uri not in settled and _differs(record, status):
                kind = "changed" if record else "added"
                event = Event(kind, uri, at)  # type: ignore[arg-type]
                changes[uri] = Change(event, status.st_size, status.st_mtime_ns)
        for folder in listing.closed:
            result.closed.append(_closed(folder))
        for uri in records:
            path = uri_path(uri)
            hidden = any(path.is_relative_to(folder) for folder in listing.closed)
            if uri not in settled and not hidden:
                changes[uri] = Change(Event("deleted", uri, at), 0, 0)
    result.changes = sorted(changes.values(), key=lambda c: (-c.mtime_ns, c.event.uri))
    return result


def _closed(folder: Path) -> FileRecord:
    reason = "this folder may not be listed"
    return FileRecord(file_uri(folder), 0, 0, "failed", "no-permission", reason)


def list_files(root: Path, excluded: Path) -> Listing:
    """Every file below `root` that is not ignored; links are passed over."""
    listing = Listing()
    try:
        status = root.lstat()
    except OSError:
        listing.closed.append(root)
        return listing
    if not S_ISDIR(status.st_mode):
        listing.files[file_uri(root)] = status
        return listing
    folders = [root]
    while folders:
        folder = folders.pop()
        try:
            with os.scandir(folder) as entries:
                for path, status in _visible(entries):
                    if not S_ISDIR(status.st_mode):
                        listing.files[file_uri(path)] = status
                    elif path != excluded and str(path) not in PSEUDO:
                        folders.append(path)
        except OSError:
            listing.closed.append(folder)
    return listing


def _visible(entries: Iterable[os.DirEntry[str]]) -> Iterator[tuple[Path, os.stat_result]]:
    for entry in entries:
        try:
            status = entry.stat(follow_symlinks=False)
        except OSError:
            continue  # gone since the folder was listed
        if S_ISLNK(status.st_mode):
            continue  # its target is read where it lies, if that is a watched folder
        ignores = ignores_folder if S_ISDIR(status.st_mode) else ignores_file
        if not ignores(entry.name):
            yield Path(entry.path), status


def _differs(record: FileRecord | None, status: os.stat_result) -> bool:
    if record is None:
        return True
    if (record.size, record.mtime_ns) != (status.st_size, status.st_mtime_ns):
        return True
    # Rights are not part of the times: look again whether the file may be read now.
    return record.code == "no-permission" and os.access(uri_path(record.uri), os.R_OK)


def _is_empty(root: Path) -> bool:
    """An empty root that had files is more likely an unmounted disk than a clean-up."""
    try:
        return next(root.iterdir(), None) is None
    except OSError:
        return True
