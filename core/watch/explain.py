"""A path → why it is, or is not, in the memory: for `cairn why-not`.

The order of the questions is that in which a file passes through cairn, so the first answer is the
one that matters.
"""

from __future__ import annotations

import os
import stat
from pathlib import Path

from cairn.core.journal import FileRecord, Journal
from cairn.core.report import Explanation
from cairn.core.uris import file_uri, pasted
from cairn.core.watch.folders import Folders


def explain(path: Path, folders: Folders, journal: Journal, resting: str) -> Explanation:
    """`resting` says in words why nothing is being read now, if so."""
    record = journal.file(file_uri(path))
    try:
        status = path.lstat()
    except OSError as error:
        return _unseen(path, record, error)
    if link := _link_in(path):
        target = Path(os.path.realpath(path))
        return Explanation(
            str(path), "passed over", f"{link} is a link, and links are not followed",
            f"`cairn why-not {pasted(str(target))}` tells of what it points to",
        )  # fmt: skip
    is_folder = stat.S_ISDIR(status.st_mode)
    if verdict := folders.verdict(path, is_folder):
        return Explanation(str(path), "passed over", verdict.reason, verdict.hint)
    if not is_folder and not stat.S_ISREG(status.st_mode):
        return Explanation(str(path), "passed over", "it is not a regular file", "")
    if is_folder:
        return _folder(path, folders)
    waiting = journal.position(file_uri(path))
    if waiting is not None:
        reason = f"it waits to be read; {waiting} files come before it"
        return Explanation(str(path), "waiting", f"{reason}; {resting}" if resting else reason, "")
    if record is None:
        return Explanation(
            str(path), "not seen yet", resting or "it has not been noticed so far",
            "cairn compares its folders with the disk from time to time, and at every start",
        )  # fmt: skip
    return _told(path, record)


def _unseen(path: Path, record: FileRecord | None, error: OSError) -> Explanation:
    if record is not None and record.chunks:
        reason = "it can't be reached now; what was read of it stays searchable"
        return Explanation(str(path), "in memory", reason, "")
    if isinstance(error, PermissionError):
        return Explanation(str(path), "passed over", "you may not look at it", "check its rights")
    return Explanation(str(path), "not there", "it doesn't exist", "check the spelling")


def _link_in(path: Path) -> Path | None:
    """The first part of the path that is a link inside a folder of the user's."""
    home = Path(os.path.expanduser("~"))
    for part in (*reversed(path.parents), path):
        if part != home and part.is_relative_to(home) and part.is_symlink():
            return part
    return path if path.is_symlink() else None


def _folder(path: Path, folders: Folders) -> Explanation:
    records = list(folders.files(path))
    read = sum(record.state == "indexed" for record in records)
    reason = f"{read} of its {len(records)} known files are read"
    if folders.policy(path) == "names":
        reason = f"its files are known by their names only, as you said; there are {len(records)}"
    return Explanation(str(path), "in memory", reason, "")


def _told(path: Path, record: FileRecord) -> Explanation:
    if record.state == "indexed" and not record.chunks:
        return Explanation(str(path), "empty", record.reason or "it was read, and holds no text")
    if record.state == "indexed":
        passages = "1 passage" if record.chunks == 1 else f"{record.chunks} passages"
        reason = f"it is in the memory with {passages}"
        if record.redacted:
            reason += f"; left out: {record.redacted}"
        state = "in memory"
        if missing := record.chunks - record.vectors:
            state = "by words"
            which = "which is" if record.chunks == 1 else f"{missing} of them"
            reason += f", {which} found by words only, not by their meaning yet"
        return Explanation(str(path), state, "; ".join(filter(None, (reason, record.reason))))
    if record.code == "names-only":
        reason = "it is known by its name only, as you said of its folder"
        hint = "`cairn add --policy full` with the folder's name has it read"
        return Explanation(str(path), "by name", reason, hint)
    reason = f"{record.reason or 'it is not read yet'}; it is found by its name only"
    return Explanation(str(path), record.state, reason)
