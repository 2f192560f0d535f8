"""A running home → a still copy of it beside itself, which a backup is then made of at leisure.

Taken by the engine while nothing is indexed and nobody changes the tree: the journal, the tree and
the index are of one moment. The index's files never change, so they are linked and not copied; the
journal is copied page by page, so that a later backup finds most of them again. What can be made
anew, logs, and models are left out. A copy that was left behind goes with the next one, and with
whatever is forgotten.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from stat import S_ISREG

from cairn.core.errors import Busy, Unavailable
from cairn.core.home import Home, Lock
from cairn.core.journal import Journal
from cairn.core.migrating import drop_copies

FOLDER = "snapshot"
LOCK = "backup.lock"
"""Held by the command that copies it."""
QUARANTINE = "quarantine"
_MODELS = Path("models", "models.json")
_LEFT_OUT = {"tree", "index", "models", "cache", "logs", "run", FOLDER, QUARANTINE}
_JOURNAL = ("journal.db", "journal.db-wal", "journal.db-shm")


@dataclass(frozen=True, slots=True)
class Snapshot:
    folder: str
    home: str
    index: str
    """The address of an index on another machine; empty if it is in the folder."""
    entries: int
    turns: int
    files: int
    passages: int
    watched: tuple[str, ...]


def take(home: Home, journal: Journal, uri: str, table: str) -> Snapshot:
    """The caller sees to it that nothing changes meanwhile."""
    drop(home)
    folder = home.path / FOLDER
    try:
        folder.mkdir(mode=0o700)
        journal.copy_to(folder / "journal.db")
        for path in _own_files(home):
            _copy(path, folder / path.relative_to(home.path))
        for path in files_of(home.tree):
            with contextlib.suppress(FileNotFoundError):  # an editor has just renamed it
                _copy(path, folder / "tree" / path.relative_to(home.tree))
        (folder / "tree").mkdir(mode=0o700, exist_ok=True)
        if "://" not in uri:
            lance = Path(uri, f"{table}.lance")
            for path in files_of(lance):
                _link(path, folder / "index" / path.relative_to(lance.parent))
    except OSError as error:
        drop(home)
        raise Unavailable(
            f"{error.filename or folder} can't be copied: {error.strerror}",
            "free some space on the disk of the home, or correct your rights there",
        ) from error
    counts = journal.counts()
    ((entries,),) = journal.read("SELECT count(*) FROM entries")
    return Snapshot(
        str(folder), home.id, uri if "://" in uri else "", int(str(entries)), counts.turns,
        counts.files, counts.chunks, tuple(journal.roots()),
    )  # fmt: skip


def drop(home: Home) -> None:
    shutil.rmtree(home.path / FOLDER, ignore_errors=True)


def tidy(home: Home) -> None:
    """Drop what a command that was killed has left, not what one is about to copy; and what was
    kept of the journal while a new version was still to prove itself."""
    drop_copies(home.journal)
    if (home.path / FOLDER).exists():
        lock = Lock(home, LOCK)
        with contextlib.suppress(Busy):
            lock.acquire()
            drop(home)
            lock.release()


def models_of(folder: Path) -> list[dict[str, str | int]]:
    """What the home's list of models says of each, of a home or a copy of one."""
    try:
        return list(json.loads((folder / _MODELS).read_text("utf-8"))["models"])
    except (OSError, ValueError, KeyError, TypeError):
        return []


def files_of(root: Path) -> Iterator[Path]:
    """Every file, hidden ones too; links are another place's business."""
    for folder, names, files in os.walk(root, onerror=_raise):
        names.sort()
        for name in sorted(files):
            path = Path(folder, name)
            if S_ISREG(path.lstat().st_mode):
                yield path


def _own_files(home: Home) -> Iterator[Path]:
    """What lies in the home beside the great parts, such as its identity."""
    for path in sorted(home.path.iterdir()):
        if path.name in _LEFT_OUT or path.name in _JOURNAL or path.name.endswith(".tmp"):
            continue
        if path.name.startswith("journal-before-"):
            continue
        if path.is_file() and not path.is_symlink():
            yield path
        elif path.is_dir() and not path.is_symlink():
            yield from files_of(path)
    if (home.path / _MODELS).is_file():
        yield home.path / _MODELS


def _copy(path: Path, target: Path) -> None:
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    shutil.copyfile(path, target)
    status = path.stat()
    target.chmod(0o600)
    os.utime(target, ns=(status.st_mtime_ns, status.st_mtime_ns))


def _link(path: Path, target: Path) -> None:
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        os.link(path, target)
    except OSError:  # on another disk, or one that knows no links
        shutil.copyfile(path, target)


def _raise(error: OSError) -> None:
    raise error
