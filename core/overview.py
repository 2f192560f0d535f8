"""The journal's records → what the engine's status says of folders, languages and secrets."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from cairn.core.journal import Counts, Journal
from cairn.core.language import covered
from cairn.core.report import FolderStatus
from cairn.core.rows import day_of
from cairn.core.uris import folder_uris, uri_path
from cairn.core.watch.folders import Folders

_BELOW = "(uri = ? OR (uri >= ? AND uri < ?))"
_OF_FOLDER = (
    "SELECT count(*), coalesce(sum(state = 'indexed'), 0), coalesce(sum(state = 'skipped'), 0), "
    "coalesce(sum(state = 'failed'), 0), coalesce(sum(state = 'named'), 0), "
    "coalesce(sum(redacted != ''), 0), coalesce(sum(state = 'indexed' AND NOT EXISTS (SELECT 1 "
    "FROM jobs WHERE kind = 'embed' AND key = uri AND jobs.state = 'ready')), 0), "
    f"coalesce(max(mtime_ns), 0) FROM files WHERE {_BELOW}"
)


@dataclass(frozen=True, slots=True)
class Told:
    counts: Counts
    folders: tuple[FolderStatus, ...]
    languages: tuple[tuple[str, int], ...]
    tree_secrets: tuple[str, ...]


class Overview:
    """Of all files; counted anew only after something was written, as it is asked every second."""

    def __init__(self, folders: Folders, journal: Journal, tree: Path) -> None:
        self._folders = folders
        self._journal = journal
        self._tree = tree
        self._told: tuple[int, Told] | None = None

    def now(self) -> Told:
        changes, known = self._journal.changes, self._told
        if known is None or known[0] != changes:
            self._told = known = (changes, self._count())
        # A disk comes and goes without a word in the journal.
        folders = (
            replace(each, problem=self._folders.problem(Path(each.path)))
            for each in known[1].folders
        )
        return replace(known[1], folders=tuple(folders))

    def _count(self) -> Told:
        folders, journal = self._folders, self._journal
        return Told(
            journal.counts(),
            tuple(folder_status(folders, journal, folder) for folder in folders.policies),
            uncovered_languages(journal), tree_secrets(journal, self._tree),
        )  # fmt: skip


def folder_status(folders: Folders, journal: Journal, path: Path) -> FolderStatus:
    """Counted by the database: there may be 100,000 files."""
    found = [journal.read(_OF_FOLDER, *_below(uri))[0] for uri in folder_uris(path)]
    *counted, newest = zip(*found, strict=True)
    files, indexed, skipped, failed, named, redacted, embedded = (
        sum(map(int, map(str, each))) for each in counted
    )
    return FolderStatus(
        str(path), files, indexed, skipped, failed, folders.problem(path), folders.policy(path),
        named, redacted, embedded, day_of(max(map(int, map(str, newest)))) if files else "",
    )  # fmt: skip


def tree_secrets(journal: Journal, tree: Path) -> tuple[str, ...]:
    """Files of the tree in which a user has written a secret."""
    sql = f"SELECT uri FROM files WHERE redacted != '' AND {_BELOW} ORDER BY uri"
    found = (uri for root in folder_uris(tree) for (uri,) in journal.read(sql, *_below(root)))
    return tuple(str(uri_path(str(uri))) for uri in found)


def _below(uri: str) -> tuple[str, str, str]:
    folder = uri.rstrip("/") + "/"
    return uri, folder, folder + "\U0010ffff"


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
