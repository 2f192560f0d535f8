"""The journal's records → what the engine's status says of folders, languages and secrets."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from pathlib import Path

from cairn.core.journal import Journal
from cairn.core.language import covered
from cairn.core.report import FolderStatus
from cairn.core.uris import uri_path
from cairn.core.watch.folders import Folders


def folder_states(folders: Folders, journal: Journal) -> tuple[FolderStatus, ...]:
    waiting = journal.pending("embed")
    return tuple(folder_status(folders, folder, waiting) for folder in folders.policies)


def folder_status(folders: Folders, path: Path, waiting: Collection[str] = ()) -> FolderStatus:
    """`waiting` are the files whose passages have yet to be embedded."""
    records = list(folders.files(path))
    states = Counter(record.state for record in records)
    embedded = sum(record.state == "indexed" and record.uri not in waiting for record in records)
    return FolderStatus(
        str(path), len(records), states["indexed"], states["skipped"], states["failed"],
        folders.problem(path), folders.policy(path), states["named"],
        sum(record.redacted != "" for record in records), embedded,
        max(records, key=lambda record: record.mtime_ns).modified if records else "",
    )  # fmt: skip


def tree_secrets(folders: Folders, tree: Path) -> tuple[str, ...]:
    """Files of the tree in which a user has written a secret."""
    return tuple(str(uri_path(record.uri)) for record in folders.files(tree) if record.redacted)


def uncovered_languages(journal: Journal) -> tuple[tuple[str, int], ...]:
    """Languages that the embedder does not know, the most frequent first."""
    found = [(name, count) for name, count in journal.languages().items() if not covered(name)]
    return tuple(sorted(found, key=lambda pair: (-pair[1], pair[0])))


def behind(journal: Journal) -> str:
    """What of all that is known can't be found by its words yet; "" when nothing."""
    parts = journal.waiting_parts()
    files = journal.waiting("file") - parts
    told = []
    if files:
        told.append("1 file is" if files == 1 else f"{files} files are")
        told[-1] += " known by name only so far"
    if parts:
        told.append(
            "1 part of a conversation is" if parts == 1 else f"{parts} parts of conversations are"
        )
        told[-1] += " not indexed yet"
    return ", ".join(told)
