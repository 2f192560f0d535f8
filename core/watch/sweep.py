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


@dataclass(frozen=True, slots=True)
class Change:
    event: Event
    size: int
    mtime_ns: int


@dataclass(slots=True)
class Listing:
    """What a walk found, and the folders it could not look into."""

    files: dict[str, os.stat_result] = field(default_factory=dict)
    unreadable: list[str] = field(default_factory=list)


def sweep(
    roots: Iterable[Path],
    known: Callable[[str], Iterable[FileRecord]],
    settled: set[str],
    excluded: Path,
) -> tuple[list[Change], list[str]]:
    """Changes since the files were last read, newest first, and the roots out of reach.

    Files in `settled` are queued already or must not be read: nothing is said of them.
    """
    changes: dict[str, Change] = {}
    unreachable = []
    at = now()
    for root in roots:
        root_uri = file_uri(root)
        records = {record.uri: record for record in known(root_uri)}
        listing = list_files(root, excluded)
        if root_uri in listing.unreadable or (records and not listing.files and _is_empty(root)):
            unreachable.append(root_uri)
            continue
        for uri, status in listing.files.items():
            record = records.pop(uri, None)
            if uri not in settled and _differs(record, status):
                kind = "changed" if record else "added"
                event = Event(kind, uri, at)  # type: ignore[arg-type]
                changes[uri] = Change(event, status.st_size, status.st_mtime_ns)
        for uri in records:
            hidden = any(_within(uri, folder) for folder in listing.unreadable)
            if uri not in settled and not hidden:
                changes[uri] = Change(Event("deleted", uri, at), 0, 0)
    return sorted(changes.values(), key=lambda c: (-c.mtime_ns, c.event.uri)), unreachable


def list_files(root: Path, excluded: Path) -> Listing:
    """Every file below `root` that is not ignored; links are listed, never followed."""
    listing = Listing()
    try:
        status = root.lstat()
    except OSError:
        listing.unreadable.append(file_uri(root))
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
                    elif path != excluded:
                        folders.append(path)
        except OSError:
            listing.unreadable.append(file_uri(folder))
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


def _within(uri: str, root: str) -> bool:
    return uri == root or uri.startswith(root.rstrip("/") + "/")
