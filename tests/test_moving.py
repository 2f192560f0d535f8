"""A home that was moved says of its entries where they are now."""

from __future__ import annotations

import json
from pathlib import Path

from cairn.core.config import Config
from cairn.core.engine import Engine
from cairn.core.home import open_home
from cairn.core.journal import Journal
from cairn.core.moving import follow
from cairn.core.uris import file_uri


def test_every_address_of_an_entry_follows_and_no_other(tmp_path: Path) -> None:
    was, now = tmp_path / 'old "place"' / "tree", tmp_path / "new" / "tree"
    beside = f"{file_uri(was)}s/a.md"
    journal = Journal(tmp_path / "journal.db")
    follow(journal, was)
    mine = f"{file_uri(was)}/inbox/a.md"
    with journal.write() as db:
        sql = "INSERT INTO events(at, kind, uri) VALUES ('', 'added', ?)"
        db.executemany(sql, [(mine,), (beside,)])
        row = ("f", "", "good", "", json.dumps([{"uri": mine}, {"uri": beside}]), "{}")
        db.execute("INSERT INTO feedback VALUES (?, ?, ?, ?, ?, ?)", row)
    follow(journal, now)
    moved = f"{file_uri(now)}/inbox/a.md"
    assert journal.read("SELECT uri FROM events") == [(moved,), (beside,)]
    ((cites,),) = journal.read("SELECT cites FROM feedback")
    assert [each["uri"] for each in json.loads(str(cites))] == [moved, beside]
    changes = journal.changes
    follow(journal, now)
    assert journal.changes == changes
    journal.close()


def test_entries_of_a_moved_home_are_found_without_being_read_again(tmp_path: Path) -> None:
    engine = Engine(open_home(tmp_path / "one"), Config())
    engine.remember("The spare key is with Jonas.")
    engine.work()
    engine.close()
    (tmp_path / "one").rename(tmp_path / "two")
    moved = Engine(open_home(tmp_path / "two"), Config())
    moved.sweep()
    assert moved.waiting == 0
    (found,) = moved.search("spare key").evidence
    assert found.chunk.uri.startswith(file_uri(moved.home.tree))
    moved.close()
