"""Homes of every schema there has been are brought forward, and nothing in them is lost.

`tests/homes/schema-N` is what the cairn of that time wrote: its journal as SQL, and all else.
"""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from cairn.core.config import Config
from cairn.core.engine import Engine
from cairn.core.errors import Unavailable
from cairn.core.home import open_home
from cairn.core.journal import Journal
from cairn.core.migrating import copies, drop_copies
from cairn.core.schema import MIGRATIONS

HOMES = Path(__file__).parent.parent / "homes"
VERSIONS = sorted(int(path.name.partition("-")[2]) for path in HOMES.iterdir())
CHANGED = 1767225600
"""When the files were last written, in the journals."""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Where the homes were: below the user's folder, beside what they had read."""
    life = tmp_path / "user" / "life"
    life.mkdir()
    (life / "boiler.txt").write_text("The boiler service cost 189 euros in November 2025.\n")
    (life / "garden.md").write_text("# Garden\n\nWe agreed on 400 euros for the garden budget.\n")
    for path in life.iterdir():
        os.utime(path, (CHANGED, CHANGED))
    return tmp_path / "user" / "home"


def lay(version: int, home: Path) -> Path:
    """A home of that version; its journal."""
    source = HOMES / f"schema-{version}"
    home.mkdir(mode=0o700)
    shutil.copytree(source, home, dirs_exist_ok=True, ignore=shutil.ignore_patterns("journal.sql"))
    with closing(sqlite3.connect(home / "journal.db")) as db:
        db.executescript((source / "journal.sql").read_text("utf-8"))
    (home / "home.json").write_text('{"schema": 1, "id": "older"}\n')
    return home / "journal.db"


def dumped(path: Path, tables: list[str]) -> dict[str, list[tuple[object, ...]]]:
    with closing(sqlite3.connect(path)) as db:
        found = {}
        for table in tables:
            rows = db.execute(f"SELECT * FROM {table} ORDER BY 1, 2").fetchall()
            found[table] = rows
        return found


def tables_of(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as db:
        sql = "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name"
        return [name for (name,) in db.execute(sql)]


def test_there_is_a_home_of_every_schema_that_was_ever_in_use() -> None:
    assert set(VERSIONS) | {5} >= set(range(1, len(MIGRATIONS) + 1))  # 5 came together with 6


@pytest.mark.parametrize("version", VERSIONS)
def test_every_row_stays_and_a_copy_of_the_old_journal_is_kept(version: int, home: Path) -> None:
    path = lay(version, home)
    tables = tables_of(path)
    before = dumped(path, tables)
    Journal(path).close()
    after = dumped(path, tables)
    for table, rows in before.items():
        width = len(rows[0]) if rows else 0
        assert [row[:width] for row in after[table]] == rows, table
    kept = list(copies(path))
    if version == len(MIGRATIONS):
        assert kept == []
        return
    assert [each.name for each in kept] == [f"journal-before-{len(MIGRATIONS)}.db"]
    assert dumped(kept[0], tables) == before and kept[0].stat().st_mode & 0o077 == 0
    Journal(path).close()
    drop_copies(path)
    assert list(copies(path)) == kept  # not before it has been in use for a while
    os.utime(kept[0], (CHANGED, CHANGED))
    drop_copies(path)
    assert list(copies(path)) == []


@pytest.mark.parametrize("version", VERSIONS)
def test_its_questions_are_answered_with_entries_turns_and_files_there(
    version: int, home: Path
) -> None:
    path = lay(version, home)
    had = set(tables_of(path))
    turns = dumped(path, ["turns"])["turns"] if "turns" in had else []
    notes = [note.read_text() for note in sorted((home / "tree" / "inbox").glob("*.md"))]
    engine = Engine(open_home(home), Config())
    engine.sweep()
    _ = engine.index  # it is derived, and not in these homes: what was read is read again
    engine.work()
    assert "189" in engine.ask("What did the boiler service cost?").sentences[0].text
    assert "Jonas" in engine.ask("Where is the spare key?").sentences[0].text
    assert (
        [note.read_text() for note in sorted((home / "tree" / "inbox").glob("*.md"))] == notes != []
    )
    kept = engine.journal.read("SELECT * FROM turns WHERE text LIKE '%ferry%'")
    assert kept == [row for row in turns if "ferry" in str(row)]
    assert bool(kept) == (version >= 3)
    assert engine.check().rows == engine.journal.counts().chunks
    engine.close()


def test_a_process_that_is_killed_in_the_middle_leaves_the_old_journal_whole(home: Path) -> None:
    """The real migration, killed by SQLite's own hook before its last statements."""
    path = lay(1, home)
    tables = tables_of(path)
    before = dumped(path, tables)
    code = (
        "import os, signal, sqlite3, sys\n"
        "from pathlib import Path\n"
        "from cairn.core.migrating import migrate\n"
        "db = sqlite3.connect(sys.argv[1], isolation_level=None)\n"
        "def seen(sql):\n"
        "    if 'self_tests' in sql: os.kill(os.getpid(), signal.SIGKILL)\n"
        "db.set_trace_callback(seen)\n"
        "migrate(db, Path(sys.argv[1]))\n"
    )
    ran = subprocess.run([sys.executable, "-c", code, str(path)], check=False, timeout=100)
    assert ran.returncode == -signal.SIGKILL
    assert tables_of(path) == tables and dumped(path, tables) == before
    with closing(sqlite3.connect(path)) as db:
        assert db.execute("PRAGMA user_version").fetchone() == (1,)
    Journal(path).close()
    assert dumped(next(copies(path)), tables) == before


def test_a_newer_home_is_not_touched(home: Path) -> None:
    path = lay(len(MIGRATIONS), home)
    with closing(sqlite3.connect(path)) as db:
        db.execute(f"PRAGMA user_version={len(MIGRATIONS) + 1}")
    before = {each: each.read_bytes() for each in home.rglob("*") if each.is_file()}
    with pytest.raises(Unavailable, match="newer cairn") as caught:
        Engine(open_home(home), Config())
    assert "upgrade" in caught.value.hint
    after = {each: each.read_bytes() for each in home.rglob("*") if each.is_file()}
    assert {each: data for each, data in after.items() if each.parent.name != "run"} == before
