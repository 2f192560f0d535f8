"""An older journal → today's tables, with a copy of how it was kept beside it.

Called by the journal when it is opened. All scripts that it has not seen are one transaction, so a
process that is killed leaves the old journal whole. The copy stays until the new one has been in
use for some days. A journal of a newer cairn is refused before anything is written.
"""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path

from cairn.core.errors import Unavailable
from cairn.core.schema import MIGRATIONS
from cairn.core.sqlite import translated

_KEPT_S = 7 * 86400.0
_NAME = "journal-before-"


def refuse_newer(path: Path) -> None:
    """Called before a daemon of another version is replaced: it may be the newer one."""
    with translated(path), closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as db:
        _version(db, path)


def _version(db: sqlite3.Connection, path: Path) -> int:
    ((version,),) = db.execute("PRAGMA user_version")
    if version > len(MIGRATIONS):
        raise Unavailable(
            f"{path} was written by a newer cairn (schema {version}, "
            f"this one knows {len(MIGRATIONS)})",
            "upgrade cairn: `pip install --upgrade cairn`; nothing was changed",
        )
    return int(version)


def migrate(db: sqlite3.Connection, path: Path) -> None:
    version = _version(db, path)
    if 0 < version < len(MIGRATIONS):
        _keep_copy(db, path.with_name(f"{_NAME}{len(MIGRATIONS)}.db"))
    db.execute("PRAGMA journal_mode=WAL")
    db.execute("PRAGMA synchronous=FULL")
    db.execute("PRAGMA secure_delete=ON")
    # A process that was killed may have left a log with what it had just erased.
    with suppress(sqlite3.OperationalError):  # the disk may be full: the next time, then
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    if scripts := "".join(MIGRATIONS[version:]):
        db.executescript(f"BEGIN; {scripts} PRAGMA user_version={len(MIGRATIONS)}; COMMIT;")


def copies(journal: Path) -> Iterator[Path]:
    """What is kept of the journal from before it was brought forward."""
    yield from sorted(journal.parent.glob(f"{_NAME}*"))


def drop_copies(journal: Path, older_s: float = _KEPT_S) -> None:
    """Those of a version that has been in use for long enough; whoever forgets drops them all."""
    for path in copies(journal):
        if time.time() - path.stat().st_mtime >= older_s:
            path.unlink(missing_ok=True)


def _keep_copy(db: sqlite3.Connection, target: Path) -> None:
    """Under its name there is all of it. One that is there is of an attempt that did not end."""
    partial = target.with_suffix(".part")
    partial.unlink(missing_ok=True)
    os.close(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    with closing(sqlite3.connect(partial)) as copy:
        db.backup(copy)
    with partial.open("rb") as file:
        os.fsync(file.fileno())
    partial.replace(target)
