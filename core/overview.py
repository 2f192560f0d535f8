"""The journal's records → what the engine's status says of folders, languages and secrets."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from cairn.core.chats.sources import at_or_below
from cairn.core.journal import Counts, Journal
from cairn.core.language import covered
from cairn.core.report import FolderStatus
from cairn.core.rows import day_of
from cairn.core.uris import file_uri, uri_path
from cairn.core.watch.folders import Folders

_OF_FOLDER = (
    "SELECT count(*), coalesce(sum(state = 'indexed'), 0), coalesce(sum(state = 'skipped'), 0), "
    "coalesce(sum(state = 'failed'), 0), coalesce(sum(state = 'named'), 0), "
    "coalesce(sum(redacted != ''), 0), coalesce(sum(state = 'indexed' AND NOT EXISTS (SELECT 1 "
    "FROM jobs WHERE kind = 'embed' AND key = uri AND jobs.state = 'ready')), 0), "
    "coalesce(max(mtime_ns), 0) FROM files WHERE "
)


@dataclass(frozen=True, slots=True)
class Told:
    counts: Counts
    folders: tuple[FolderStatus, ...]
    languages: tuple[tuple[str, int], ...]
    tree_secrets: tuple[str, ...]


class Overview:
    """Of all files; counted anew only after something was written, as it is asked every second."""

    def __init__(
        self, folders: Folders, journal: Journal, tree: Path, is_paused: Callable[[str], bool]
    ) -> None:
        self._is_paused = is_paused
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
            tuple(
                replace(folder_status(folders, journal, each),
                        paused=self._is_paused(file_uri(each)))
                for each in folders.policies
            ),
            uncovered_languages(journal), tree_secrets(journal, self._tree),
        )  # fmt: skip


def folder_status(folders: Folders, journal: Journal, path: Path) -> FolderStatus:
    """Counted by the database: there may be 100,000 files."""
    at, places = at_or_below(path)
    (row,) = journal.read(_OF_FOLDER + at, *places)
    files, indexed, skipped, failed, named, redacted, embedded, newest = map(int, map(str, row))
    return FolderStatus(
        str(path), files, indexed, skipped, failed, folders.problem(path), folders.policy(path),
        named, redacted, embedded, day_of(newest) if files else "",
    )  # fmt: skip


def tree_secrets(journal: Journal, tree: Path) -> tuple[str, ...]:
    """Files of the tree in which a user has written a secret."""
    at, places = at_or_below(tree)
    sql = f"SELECT uri FROM files WHERE redacted != '' AND ({at}) ORDER BY uri"
    return tuple(str(uri_path(str(uri))) for (uri,) in journal.read(sql, *places))


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
