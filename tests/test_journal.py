"""The journal: what was accepted stays, through kills, and each job's result counts once."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cairn.core.errors import Unavailable
from cairn.core.journal import MAX_TRIES, FileRecord, Journal
from cairn.core.records import Event
from cairn.core.schema import MIGRATIONS


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    return Journal(tmp_path / "journal.db")


def event(name: str) -> Event:
    return Event("added", f"file:/{name}", "2026-01-01T00:00:00+00:00")


def done(name: str) -> FileRecord:
    return FileRecord(f"file:/{name}", 1, 1, "indexed", chunks=2, vectors=2)


def test_an_event_causes_one_job_however_often_it_comes(journal: Journal) -> None:
    journal.accept([event("a"), event("a"), event("b")])
    assert [job.key for job in journal.ready_jobs(9)] == ["file:/a", "file:/b"]


def test_of_what_happened_the_latest_is_kept(
    journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cairn.core.journal.MOST_EVENTS", 3)
    for name in "abcde":
        journal.accept([event(name)])
    year = datetime(2025, 12, 31, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)
    assert [known.uri for known in journal.events(*year)] == ["file:/c", "file:/d", "file:/e"]
    assert len(journal.ready_jobs(9)) == 5


def test_a_finished_job_leaves_its_record(journal: Journal) -> None:
    journal.accept([event("a")])
    (job,) = journal.ready_jobs(1)
    journal.finish([(job, done("a"))])
    assert [(left.kind, left.key) for left in journal.ready_jobs(9)] == [("curate", "file:/a")]
    assert journal.file("file:/a") == done("a")


def test_an_event_during_the_work_keeps_the_job(journal: Journal) -> None:
    journal.accept([event("a")])
    (job,) = journal.ready_jobs(1)
    journal.accept([event("a")])
    journal.finish([(job, done("a"))])
    assert [left.key for left in journal.ready_jobs(1)] == ["file:/a"]


def test_a_job_that_keeps_failing_becomes_a_dead_letter(journal: Journal) -> None:
    journal.accept([event("a")])
    for number in range(1, MAX_TRIES + 1):
        (job,) = journal.ready_jobs(1)
        assert journal.postpone(job, "it crashed", 0) == (number < MAX_TRIES)
    assert journal.ready_jobs(1) == []
    assert journal.counts().dead == 1
    journal.accept([event("a")])  # a change of the file is a new chance
    assert len(journal.ready_jobs(1)) == 1


def test_a_postponed_job_waits(journal: Journal) -> None:
    journal.accept([event("a")])
    journal.postpone(journal.ready_jobs(1)[0], "busy", 60)
    assert journal.ready_jobs(1) == []


def test_a_job_does_not_wait_for_a_clock_that_was_put_back(journal: Journal) -> None:
    """Postponed while the clock was ahead, it would be due in a year."""
    journal.accept([event("a")])
    journal.postpone(journal.ready_jobs(1)[0], "busy", 365 * 86400)
    assert len(journal.ready_jobs(1)) == 1


def test_files_are_listed_by_folder_and_not_by_prefix(journal: Journal) -> None:
    for name in ("notes/a", "notes2/b", "notes"):
        journal.store_files([done(name)])
    assert [file.uri for file in journal.files("file:/notes")] == ["file:/notes", "file:/notes/a"]
    assert len(list(journal.files())) == 3


def test_setting_what_is_set_writes_nothing(journal: Journal, tmp_path: Path) -> None:
    journal.set_meta("k", "v")
    before = (tmp_path / "journal.db-wal").read_bytes()
    journal.set_meta("k", "v")
    assert (tmp_path / "journal.db-wal").read_bytes() == before


def test_a_failed_transaction_leaves_nothing(journal: Journal) -> None:
    def broken() -> list[Event]:
        raise RuntimeError

    with pytest.raises(RuntimeError):
        journal.accept(event if number else broken() for number, event in enumerate([event("a")]))  # type: ignore[misc]
    assert journal.counts().queued == 0


def test_an_index_is_in_use_once_its_files_are_known(journal: Journal) -> None:
    with pytest.raises(AttributeError):
        journal.store_files([done("a"), None], {"index.table": "new"})  # type: ignore[list-item]
    assert (journal.get_meta("index.table"), journal.file("file:/a")) == ("", None)
    journal.store_files([done("a")], {"index.table": "new"})
    assert (journal.get_meta("index.table"), journal.file("file:/a")) == ("new", done("a"))


def test_a_newer_journal_is_refused(tmp_path: Path) -> None:
    Journal(tmp_path / "j.db").close()
    with sqlite3.connect(tmp_path / "j.db") as raw:
        raw.execute("PRAGMA user_version=999")
    raw.close()
    with pytest.raises(Unavailable, match="newer cairn"):
        Journal(tmp_path / "j.db")


def test_migrations_bring_an_empty_journal_to_the_newest_schema(tmp_path: Path) -> None:
    Journal(tmp_path / "j.db").close()
    raw = sqlite3.connect(tmp_path / "j.db")
    assert raw.execute("PRAGMA user_version").fetchone() == (len(MIGRATIONS),)
    assert raw.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    raw.close()


def test_a_damaged_journal_is_named(tmp_path: Path) -> None:
    (tmp_path / "j.db").write_bytes(b"this is not a database" * 100)
    with pytest.raises(Unavailable, match="damaged"):
        Journal(tmp_path / "j.db")


def test_a_full_disk_is_said_and_loses_nothing(journal: Journal) -> None:
    journal.accept([event("a")])
    pages = journal._db.execute("PRAGMA page_count").fetchone()[0]
    journal._db.execute(f"PRAGMA max_page_count={pages}")
    with pytest.raises(Unavailable, match="full"):
        journal.accept(event("x" * 500 + str(number)) for number in range(500))
    assert journal.counts().queued == 1


def test_what_was_accepted_survives_a_kill(tmp_path: Path) -> None:
    """A process accepts and says so after each; everything it said is there after kill -9."""
    code = (
        "import sys; from pathlib import Path; from cairn.core.journal import Journal\n"
        "from cairn.core.records import Event\n"
        "journal = Journal(Path(sys.argv[1]))\n"
        "for number in range(10**6):\n"
        "    journal.accept([Event('added', f'file:/{number}', '')]); print(number, flush=True)\n"
    )
    file = tmp_path / "j.db"
    with subprocess.Popen(
        [sys.executable, "-c", code, str(file)], stdout=subprocess.PIPE, text=True
    ) as child:
        assert child.stdout is not None
        for _ in range(40):
            child.stdout.readline()
        child.kill()
        said = 40 + len(child.stdout.readlines())
    accepted = Journal(file).counts().queued
    assert said <= accepted <= said + 1


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from(["event", "take", "finish"]))))
def test_no_order_of_events_and_work_loses_the_last_event(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, str]]
) -> None:
    """A model: a path needs work exactly if an event came after the last taken job was taken."""
    journal = Journal(tmp_path_factory.mktemp("j") / "j.db")
    taken, wanted = {}, set()
    for name, step in steps:
        uri = f"file:/{name}"
        if step == "event":
            journal.accept([event(name)])
            wanted.add(uri)
            taken = {job: fresh for job, fresh in taken.items() if job.key != uri}
        elif step == "take":
            taken = dict.fromkeys(journal.ready_jobs(9), True)
        else:
            for job in [job for job in taken if job.key == uri]:
                journal.finish([(job, done(name))])
                wanted.discard(uri)
                del taken[job]
    assert journal.pending() == wanted
    journal.close()


def test_what_was_erased_right_before_a_kill_is_in_no_file_afterwards(tmp_path: Path) -> None:
    """Its old pages stand in the log, which only a process that ends in order removes."""
    code = (
        "import os, sys; from pathlib import Path; from cairn.core.journal import Journal\n"
        "journal = Journal(Path(sys.argv[1]))\n"
        "journal.set_meta('word', 'zanzibarium')\n"
        "with journal.write() as db: db.execute('DELETE FROM meta')\n"
        "os._exit(9)"
    )
    path = tmp_path / "journal.db"
    subprocess.run([sys.executable, "-c", code, str(path)], check=False)
    assert b"zanzibarium" in path.with_name("journal.db-wal").read_bytes()
    journal = Journal(path)
    try:
        assert not any(b"zanzibarium" in file.read_bytes() for file in tmp_path.glob("journal.db*"))
    finally:
        journal.close()
