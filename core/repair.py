"""A home in which something is damaged → one that works, and what was done about it.

Called by `cairn doctor --repair`, while no daemon runs. Only what is really damaged is touched, and
nothing is deleted: what is replaced goes into `quarantine/WHEN/` in the home. What is derived, such
as the index, is made anew from what is kept and from the files that are there.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import sqlite3
import stat
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from cairn.core.backup.snapshot import QUARANTINE
from cairn.core.config import Config
from cairn.core.deep import rows_of
from cairn.core.engine import PAUSED, Engine
from cairn.core.errors import CairnError, Unavailable
from cairn.core.home import Home, Lock, open_home
from cairn.core.journal import Journal
from cairn.core.salvage import salvage

_BIN = ("-wal", "-shm")


@dataclass(frozen=True, slots=True)
class Deed:
    part: str
    said: str
    next: str = ""
    """The command to run, where something is left to do."""


@dataclass
class Repair:
    path: Path
    config: Config
    tell: Callable[[str], None] = lambda words: None
    """Hears what is looked at."""
    deeds: list[Deed] = field(default_factory=list)
    _aside: Path | None = None
    _may_read: bool = True
    """Is it known what must not be read again?"""

    def run(self) -> list[Deed]:
        """All of it, in the order in which one part needs another."""
        os.umask(0o077)
        self.tell("rights")
        self._open_rights()
        self.tell("identity")
        self._mend_identity()
        home = open_home(self.path)
        lock = Lock(home)
        lock.acquire()
        try:
            self.tell("journal")
            self._mend_journal(home)
            self._mend_models(home)
            self._mend_helpers(home)
        finally:
            lock.release()
        if self._may_read:
            self.tell("index")
            self._mend_index(home)
        if self._aside:
            self._did("quarantine", f"what was replaced is in {self._aside}")
        return self.deeds

    # -- parts

    def _open_rights(self) -> None:
        """Of what is yours and can't be used by you."""
        changed = 0
        for path in _everything(self.path):
            status = path.lstat()
            wanted = 0o700 if stat.S_ISDIR(status.st_mode) else 0o600
            if status.st_uid == os.geteuid() and status.st_mode & wanted != wanted:
                path.chmod(stat.S_IMODE(status.st_mode) | wanted)
                changed += 1
        if changed:
            many = "1 file" if changed == 1 else f"{changed} files"
            self._did("rights", f"made {many} readable and writable for you again")

    def _mend_identity(self) -> None:
        file = self.path / "home.json"
        try:
            fields = json.loads(file.read_text("utf-8"))
            _ = int(fields["schema"]), str(fields["id"])
        except FileNotFoundError:
            return
        except (ValueError, KeyError, TypeError):
            self._put_aside(file)
            open_home(self.path)
            self._did("identity", "home.json was damaged; the memory has a new identity",
                      "cairn backup NEW-FOLDER")  # fmt: skip

    def _mend_journal(self, home: Home) -> None:
        if not home.journal.exists():
            return
        try:
            journal = Journal(home.journal)
        except Unavailable as error:
            if not isinstance(error.__cause__, sqlite3.DatabaseError):
                raise  # such as one of a newer cairn
        else:
            try:
                if journal.check() == "ok":
                    return
            except Unavailable:
                pass
            finally:
                journal.close()
        fresh = home.path / "journal.mended"
        fresh.unlink(missing_ok=True)
        try:
            found = salvage(home.journal, fresh)
        except (Unavailable, sqlite3.Error):
            fresh.unlink(missing_ok=True)
            raise Unavailable(
                f"the journal {home.journal} is damaged, and nothing of it can be read",
                "`cairn restore --replace FOLDER` brings your latest backup back",
            ) from None
        self._may_read = "tombstones" not in found.broken
        if not self._may_read:
            with closing(Journal(fresh)) as journal:
                journal.set_meta(PAUSED, "yes")
        for end in ("", *_BIN):
            self._put_aside(home.journal.with_name(home.journal.name + end))
        fresh.replace(home.journal)
        lost = f"; not all of: {', '.join(found.broken)}" if found.broken else ""
        self._did("journal", f"it was damaged; {found.rows} rows were saved into a new one{lost}",
                  _latest(home.journal) if found.broken else "")  # fmt: skip
        if not self._may_read:
            self._did("forgotten", "what keeps out what you had forgotten was not saved whole, so "
                      "nothing is read until you say so", "cairn daemon resume")  # fmt: skip

    def _mend_models(self, home: Home) -> None:
        file = home.models / "models.json"
        with contextlib.suppress(FileNotFoundError):
            try:
                document = json.loads(file.read_text("utf-8"))
                _ = [each["name"] for each in document["models"]], dict(document["sums"])
            except (ValueError, KeyError, TypeError):
                self._put_aside(file)
                self._did("models", "their list was damaged", "cairn model add FILE")

    def _mend_helpers(self, home: Home) -> None:
        """What stands beside the index and is made again by itself when it is missing."""
        for shelf in home.index.glob("*.shelf"):
            try:
                with closing(sqlite3.connect(shelf)) as db:
                    (verdict,) = db.execute("PRAGMA quick_check(1)").fetchone()
            except sqlite3.DatabaseError as error:
                verdict = str(error)
            if verdict != "ok":
                for end in ("", *_BIN):
                    self._put_aside(shelf.with_name(shelf.name + end))
                self._did("shelf", "what is kept for fast searches was damaged; it fills again")

    def _mend_index(self, home: Home) -> None:
        engine = Engine(home, self.config)
        try:
            engine.sweep()
            trouble = _trouble(engine)
            if not trouble:
                return
            for table in home.index.glob("*.lance"):
                self._put_aside(table, copied=True)  # what can be read of it is carried over
            self.tell("index, which is made anew")
            if not engine.rebuild() or (trouble := _trouble(engine)):
                self._did("index", f"it could not be made anew: {trouble}", "cairn status")
                return
            counts = engine.journal.counts()
            self._did("index", f"made anew: {counts.chunks} passages of {counts.files} files")
        finally:
            engine.close()

    # -- how

    def _did(self, part: str, said: str, next: str = "") -> None:
        self.deeds.append(Deed(part, said, next))

    def _put_aside(self, path: Path, *, copied: bool = False) -> None:
        if not os.path.lexists(path):
            return
        if self._aside is None:
            stamp = datetime.now(UTC).strftime("%Y-%m-%dT%H-%M-%S-%fZ")
            self._aside = self.path / QUARANTINE / stamp
        target = self._aside / path.relative_to(self.path)
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if copied:
            shutil.copytree(path, target)
        else:
            path.rename(target)


def _trouble(engine: Engine) -> str:
    """Why the index is not what it should be; empty if it is."""
    try:
        found, health = rows_of(engine), engine.check()
    except CairnError as error:
        return error.message
    if found.spoilt:
        return f"{found.spoilt} passages are damaged"
    if engine.waiting:
        return ""  # what is queued brings the counts together
    if health.rows != health.chunks or health.hot != health.vectors:
        return f"{health.rows} rows and {health.hot} vectors for {health.chunks} passages"
    return ""


def _everything(root: Path) -> Iterator[Path]:
    """The home and all in it, each folder before what it holds: it may have to be opened first."""
    yield root
    for path in sorted(root.iterdir()):
        if path.is_symlink():
            continue
        if path.is_dir():
            yield from _everything(path)
        else:
            yield path


def _latest(journal: Path) -> str:
    """The command that brings back the newest backup that the journal knows of."""
    with closing(sqlite3.connect(journal)) as db:
        found = db.execute("SELECT value FROM meta WHERE key = 'backups'").fetchone()
    made = sorted(json.loads(found[0]), key=lambda each: each["at"]) if found else []
    return f"cairn restore --replace {made[-1]['path']}" if made else ""
