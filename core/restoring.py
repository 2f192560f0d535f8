"""A backup, or an export → the home, all of it or nothing.

Called by the command, once no daemon runs. What comes is written into a folder beside the home and
checked there before the two change places; a home that held something is kept under another name.
"""

from __future__ import annotations

import os
import secrets
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from cairn.core import export
from cairn.core.backup.blocks import write_whole
from cairn.core.backup.manifest import CONFIG, HOME, LeftOut
from cairn.core.backup.store import Backups, Tell
from cairn.core.config import Config, load_config, to_confirm
from cairn.core.destination import refuse_dead_link
from cairn.core.engine import Engine
from cairn.core.errors import ConfigError, NotFound, Unavailable
from cairn.core.forget.carrying import carry
from cairn.core.home import Home, Lock, open_home
from cairn.core.journal import Journal
from cairn.core.replacing import keep_models, put_in_place

_HOLDING = ("roots", "conversations", "operations", "files")


@dataclass(frozen=True, slots=True)
class Restored:
    made: str
    """When the backup was made; empty of an export."""
    entries: int
    turns: int
    put_aside: str
    """Where the home that was here is now; empty if it held nothing."""
    settings: str
    """Where the settings are that came along; empty if there were none, or just these."""
    unconfirmed: tuple[str, ...]
    """Those of them for which they lie aside although there were none here."""
    models: tuple[LeftOut, ...]
    """Those that the memory used and that are not here."""
    models_left: tuple[str, ...]
    """Files of models that could not be taken along: they lie in what was put aside."""
    index: str
    """The address of an index on another machine, which the memory used."""
    is_forgotten: bool
    """Does all stay out that was forgotten, in the home that was here and in that of an export?"""


@dataclass(frozen=True, slots=True)
class _Brought:
    of: str
    """The id of the home that it was made of; empty if it can't be told."""
    is_unbarred: bool = False
    """Had that one forgotten something that is not barred in it?"""
    made: str = ""
    models: tuple[LeftOut, ...] = ()
    index: str = ""


def restore(
    source: Path,
    home: Path,
    config: Path,
    *,
    at: str = "",
    replace: bool = False,
    tell: Tell = lambda done, of: None,
) -> Restored:
    """Put what `source` holds in place of the home, which must be empty unless told otherwise."""
    os.umask(0o077)  # folders, too, are for their owner alone
    refuse_dead_link(home)
    home = Path(os.path.realpath(home))  # behind a link it is the folder that changes places
    is_empty = not _holds_anything(home)
    if not is_empty and not replace:
        raise ConfigError(
            f"the home {home} is not empty",
            "add `--replace`: it is kept beside, under another name; or set CAIRN_HOME",
        )
    with _alone(home), _beside(home) as fresh:
        brought = _bring(source, fresh, at, tell)
        entries, turns = _checked(fresh / HOME)
        carried = carry(home, fresh / HOME, brought.of, fresh)
        settings, unconfirmed = _place_settings(fresh / CONFIG / "config.toml", config)
        aside = put_in_place(fresh / HOME, home)
    left = keep_models(aside, home) if aside else ()
    if aside and is_empty and not left:
        shutil.rmtree(aside, ignore_errors=True)
    put_aside = str(aside) if aside and aside.exists() else ""
    if carried.is_news:
        entries, turns = _forget_again(home)
    missing = [each for each in brought.models if not _is_here(home, each)]
    return Restored(
        brought.made, entries, turns, put_aside, settings, unconfirmed, tuple(missing), left,
        brought.index, carried.is_whole and (carried.is_same or not brought.is_unbarred),
    )  # fmt: skip


def _holds_anything(home: Path) -> bool:
    """A journal that can't be read holds what can't be said, which is not nothing."""
    journal = home / "journal.db"
    if not journal.is_file():
        return (home / "tree").is_dir() and any((home / "tree").iterdir())
    try:
        with closing(sqlite3.connect(f"file:{journal}?mode=ro", uri=True)) as db:
            found = [db.execute(f"SELECT 1 FROM {table} LIMIT 1").fetchone() for table in _HOLDING]
            return any(found)
    except sqlite3.Error:
        return True


@contextmanager
def _alone(home: Path) -> Iterator[None]:
    """No other process uses the home that is replaced."""
    if not home.is_dir():
        yield
        return
    (home / "run").mkdir(mode=0o700, exist_ok=True)
    lock = Lock(Home(home, ""))
    lock.acquire()
    try:
        yield
    finally:
        lock.release()


@contextmanager
def _beside(home: Path) -> Iterator[Path]:
    """A folder on the disk of the home, which leaves with what was not put in place."""
    lead = f".{home.name}.restoring-"
    fresh = home.parent / f"{lead}{secrets.token_hex(4)}"
    try:
        home.parent.mkdir(parents=True, exist_ok=True)
        for left in home.parent.iterdir():
            if left.name.startswith(lead):
                shutil.rmtree(left)  # of one that was killed: no home was ever put aside in it
        fresh.mkdir(mode=0o700)
    except OSError as error:
        raise Unavailable(
            f"nothing can be put beside the home {home}: {error.strerror}",
            "make the folder above it writable, or set CAIRN_HOME to another place",
        ) from error
    try:
        yield fresh
    except OSError as error:
        raise Unavailable(
            f"{error.filename or home} can't be restored: {error.strerror}; nothing was changed",
            "free some space on the disk of the home, or correct your rights there",
        ) from error
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def _bring(source: Path, fresh: Path, at: str, tell: Tell) -> _Brought:
    if (source / export.NAME).is_file():
        if at:
            raise ConfigError("an export is of one moment: leave `--at` out", "")
        _take_over(source, fresh)
        return _Brought(*export.origin(source))
    if not Backups(source).is_there:
        raise NotFound(
            f"{source} holds neither backups nor an export",
            "name a folder that `cairn backup` or `cairn export` has written",
        )
    backups = Backups(source)
    manifest = backups.at(at)
    backups.copy_out(manifest, fresh, tell)
    return _Brought(manifest.home, False, manifest.made, manifest.models, manifest.index)


def _take_over(source: Path, fresh: Path) -> None:
    engine = Engine(open_home(fresh / HOME), Config())
    try:
        engine.keeping.export.read(source)
    finally:
        engine.close()
    settings = source / export.SETTINGS
    if settings.is_file() and not settings.is_symlink():
        (fresh / CONFIG).mkdir(mode=0o700)
        shutil.copyfile(settings, fresh / CONFIG / "config.toml")


def _checked(fresh: Path) -> tuple[int, int]:
    """Is it a home that this cairn can open, and is its journal sound? Entries and turns in it."""
    home = open_home(fresh)
    journal = Journal(home.journal)
    try:
        if (verdict := journal.check()) != "ok":
            raise Unavailable(f"the journal in it is damaged: {verdict}", "restore an earlier one")
        journal.read("PRAGMA wal_checkpoint(TRUNCATE)")
        return _counts(journal)
    finally:
        journal.close()


def _counts(journal: Journal) -> tuple[int, int]:
    ((entries,),) = journal.read("SELECT count(*) FROM entries")
    return int(str(entries)), journal.counts().turns


def _forget_again(home: Path) -> tuple[int, int]:
    """At once; the next process of cairn does it if this one is killed before. What is left."""
    engine = Engine(open_home(home), load_config())
    try:
        engine.keeping.forgetting.complete()
        return _counts(engine.journal)
    finally:
        engine.close()


def _place_settings(came: Path, config: Path) -> tuple[str, tuple[str, ...]]:
    """Never over settings that are here: beside them, then. So do those lie that would start a
    program: who made the backup need not be who restores it."""
    if not came.is_file():
        return "", ()
    is_there = os.path.lexists(config)  # also a link whose file is not there now
    if config.exists() and config.read_bytes() == came.read_bytes():
        return "", ()
    unconfirmed = () if is_there else _unconfirmed(came)
    if unconfirmed or is_there:
        config = config.with_name(f"{config.name}.restored")
    config.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    write_whole(config, came.read_bytes())  # in place of a link, not behind it
    return str(config), unconfirmed


def _unconfirmed(settings: Path) -> tuple[str, ...]:
    try:
        return to_confirm(settings)
    except ConfigError:
        return ("what can't be understood",)


def _is_here(home: Path, model: LeftOut) -> bool:
    return any(path.stat().st_size == model.size for path in (home / "models").glob("*.gguf"))
