"""A memory that was exported and brought into an empty one is the same memory."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pytest

from cairn.core.config import Config
from cairn.core.engine import Engine
from cairn.core.errors import ConfigError, NotFound
from cairn.core.home import open_home
from cairn.core.tree.graph.asked import Asked
from cairn.core.uris import tree_uri
from tests.test_intake import read_all


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    return Engine(open_home(tmp_path / "home"), Config())


def fill(engine: Engine, folder: Path) -> None:
    folder.mkdir()
    (folder / "garden.md").write_text("# Garden\n\nThe budget for the garden is 400 euros.\n")
    read_all(engine, folder)
    engine.sweep()
    engine.work()
    engine.remember("The spare key is with Jonas.")
    engine.work()


def told(engine: Engine) -> list[object]:
    return [
        [(f.entry, f.path, f.hash) for f in engine.tree.catalogue.all()],
        engine.tree.ledger.log(limit=100),
        [sentence.text for sentence in engine.ask("What is the garden budget?").sentences],
        [c.address for c in engine.ask("Where is the spare key?").citations if c.entries == ()],
    ]


def test_an_import_has_the_same_entries_history_and_answers(engine: Engine, tmp_path: Path) -> None:
    fill(engine, tmp_path / "life")
    before = told(engine)
    moved = engine.keeping.export.write(tmp_path / "out")
    engine.close()
    assert moved.entries == 2 and moved.operations == 2
    other = Engine(open_home(tmp_path / "other"), Config())
    other.keeping.export.read(tmp_path / "out")
    other.sweep()
    other.work()
    after = told(other)
    other.close()
    assert after[:3] == before[:3]


def opened(folder: Path) -> Engine:
    return Engine(open_home(folder), Config())


def test_entries_are_indexed_and_ranked_alike_wherever_the_home_lies(tmp_path: Path) -> None:
    seen = []
    for home in ("home", "some other disk/the memory of oaks"):
        engine = opened(tmp_path / home)
        for number in range(12):
            path = engine.home.tree / f"oaks/oak-{number:02}.md"
            path.parent.mkdir(exist_ok=True)
            path.write_text(
                f"---\nid: e_{number:02}\n---\nThe oak number {number:02} was planted.\n"
            )
        (engine.home.tree / "drawn-oak.jpg").write_bytes(b"no picture")
        engine.sweep()
        engine.work()
        engine.compact()
        rows = engine.index.table._select(None, ["id", "search"]).to_pylist()
        found = engine.search("planted oak").evidence
        seen.append((
            sorted((row["id"], row["search"]) for row in rows),
            [(Path(each.chunk.uri).name, each.score) for each in found],
            [Path(each.chunk.uri).name for each in engine.search("some memory disk").evidence],
        ))  # fmt: skip
        engine.close()
    assert seen[0] == seen[1]
    assert len(seen[0][0]) == 13 and len(seen[0][1]) == 10


def events(engine: Engine) -> list[tuple[object, ...]]:
    rows = engine.journal.read(
        "SELECT at, kind, uri, size FROM events WHERE kind != '' ORDER BY id"
    )
    return [(at, kind, tree_uri(str(uri), engine.home.tree), size) for at, kind, uri, size in rows]


def test_files_are_no_news_to_an_import_and_have_the_times_they_had(
    engine: Engine, tmp_path: Path
) -> None:
    fill(engine, tmp_path / "life")
    engine.add(tmp_path / "life" / "garden.md")
    note = next((engine.home.tree / "inbox").glob("*.md"))
    os.utime(note, ns=(10**18, 10**18))
    engine.sweep()
    engine.work()
    engine.upkeep.round()
    before, seen = events(engine), engine.journal.get_meta("life.seen")
    engine.keeping.export.write(tmp_path / "out")
    engine.close()
    shutil.copytree(tmp_path / "out", tmp_path / "copy", copy_function=shutil.copyfile)
    other = opened(tmp_path / "other")
    other.keeping.export.read(tmp_path / "copy")
    copied = other.home.tree / note.relative_to(engine.home.tree)
    other.note_changes([copied])
    other.sweep()
    assert other.work() and not other.waiting
    assert events(other) == before and len(before) >= 3
    assert copied.stat().st_mtime_ns == 10**18
    assert other.journal.get_meta("life.seen") == seen != ""
    (tmp_path / "life" / "garden.md").write_text("The budget is 500 euros.\n")
    assert other.sweep() == 1 and [row[1] for row in events(other)[len(before) :]] == ["changed"]
    other.close()


def test_files_that_come_later_than_the_import_are_read_then(
    engine: Engine, tmp_path: Path
) -> None:
    fill(engine, tmp_path / "life")
    engine.keeping.export.write(tmp_path / "out")
    engine.close()
    (tmp_path / "life").rename(tmp_path / "elsewhere")
    other = opened(tmp_path / "other")
    other.keeping.export.read(tmp_path / "out")
    other.sweep()
    other.work()
    assert "note" not in {each.chunk.kind for each in other.search("garden budget").evidence}
    (tmp_path / "elsewhere").rename(tmp_path / "life")
    other.sweep()
    other.work()
    assert "note" in {each.chunk.kind for each in other.search("garden budget").evidence}
    other.close()


def test_an_engine_at_work_sees_what_an_import_has_brought(engine: Engine, tmp_path: Path) -> None:
    (tmp_path / "chats").mkdir()
    (tmp_path / "chats" / "talk.turns.jsonl").write_text(
        '{"role": "user", "who": "Ines", "when": "2026-03-02T10:00:00", "text": "Hello, Jonas."}\n'
    )
    engine.conversations.follow(tmp_path / "chats")
    fill(engine, tmp_path / "life")
    engine.keeping.export.write(tmp_path / "out")
    before = told(engine)[0]
    entry = next(engine.tree.catalogue.all("inbox")).entry.title
    engine.close()
    other = opened(tmp_path / "other")
    assert len(other.watched) == 1
    with pytest.raises(NotFound):
        other.curation.picture(Asked(entry))
    other.keeping.export.brought = (other.work, *other.keeping.export.brought)
    other.keeping.export.read(tmp_path / "out")
    assert tmp_path / "life" in other.watched and len(other.watched) == 3
    assert other.curation.picture(Asked(entry)).nodes
    other.work()
    assert told(other)[0] == before
    assert "note" in {each.chunk.kind for each in other.search("garden budget").evidence}
    other.close()


def test_nothing_of_the_users_is_left_behind(engine: Engine, tmp_path: Path) -> None:
    fill(engine, tmp_path / "life")
    engine.remember("A line that\u2028some take for two.")
    engine.work()
    root = engine.home.tree
    path = engine.memory.find(next(engine.tree.catalogue.all("inbox")).entry.id).path
    engine.memory.archive([path])
    (root / "photo.png").write_bytes(b"\x89PNG")
    (root / "latin.md").write_bytes(b"caf\xe9")
    (root / "open.md").write_text("---\ntitle: [\n")
    (root / "double.md").write_text((root / "archive" / path).read_text())
    secret = "password: hunter2-Xy7!kQ9z"
    (root / "router.md").write_text(f"---\nid: e_router\n---\nThe router has {secret}\n")
    (root / ".obsidian").mkdir()
    (root / ".obsidian" / "plugin.md").write_text("x")
    (root / "out.md").symlink_to(tmp_path / "life" / "garden.md")
    engine.memory.notice()
    number = engine.curation.things.all()[0].id if engine.curation.things.all() else 0
    engine.curation.things.rename(number, "Somebody")
    engine.upkeep.round()
    tables = ("operations", "changes", "entries", "signals", "reviews", "proposals", "roots",
              "tree_troubles", "things", "thing_spellings", "mentions", "events")  # fmt: skip
    columns = {"entries": "id, path, hash, title, body, archived"}

    def rows(engine: Engine) -> list[object]:
        return [engine.journal.read(f"SELECT {columns.get(t, '*')} FROM {t}") for t in tables]

    before = rows(engine)
    engine.keeping.export.write(tmp_path / "out")
    engine.close()
    other = Engine(open_home(tmp_path / "other"), Config())
    other.keeping.export.read(tmp_path / "out")
    assert rows(other)[:-1] == before[:-1]
    assert (other.home.tree / "photo.png").read_bytes() == b"\x89PNG"
    assert (other.home.tree / "latin.md").read_bytes() == b"caf\xe9"
    assert secret in (other.home.tree / "router.md").read_text()
    assert not (other.home.tree / ".obsidian").exists()
    assert not (other.home.tree / "out.md").exists()
    other.close()


def test_what_a_stranger_calls_unfinished_is_not_done(engine: Engine, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    (folder / "tree").mkdir(parents=True)
    lines = [
        {"cairn": "memory", "format": 1},
        {"table": "operations", "id": 1, "at": "2026", "type": "ADD", "author": "user",
         "reason": "", "state": "accepted"},
        {"table": "changes", "operation": 1, "ordinal": 0, "entry": "e_1", "path_before": "",
         "path_after": "../../evil.md", "before": "", "after": "evil"},
    ]  # fmt: skip
    (folder / "memory.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    engine.keeping.export.read(folder)
    engine.remember("The spare key is with Jonas.")
    assert engine.tree.catalogue.count() == (1, 0)
    engine.close()


@pytest.mark.parametrize(
    "line",
    [
        '{"table": "meta", "key": "x", "value": "y"}',
        '{"table": "turns); DROP TABLE turns; --"}',
        '{"table": "signals", "entry": {"a": 1}}',
        '{"table": "signals", "evil) VALUES (1)--": 1}',
        '{"table": "meta", "key": "life.seen", "value": "soon"}',
        '{"table": "files", "uri": "tree:../journal.db", "size": 1, "mtime_ns": 1, '
        '"state": "named", "done": ""}',
        '{"table": "files", "uri": "file:~nobody/x", "size": 1, "mtime_ns": 1, '
        '"state": "named", "done": ""}',
        '{"table": "files", "uri": "chat:a/b!/0", "size": 1, "mtime_ns": 1, '
        '"state": "named", "done": ""}',
        '{"table": "quoted", "hash": "\\ud800", "at": ""}',
        '{"table": "quoted", "hash": 99999999999999999999, "at": ""}',
        "not json",
    ],
)
def test_an_export_from_a_stranger_is_data(engine: Engine, tmp_path: Path, line: str) -> None:
    folder = tmp_path / "out"
    (folder / "tree").mkdir(parents=True)
    head = json.dumps({"cairn": "memory", "format": 1})
    (folder / "memory.jsonl").write_text(f"{head}\n{line}\n")
    with pytest.raises(ConfigError):
        engine.keeping.export.read(folder)
    assert engine.tree.catalogue.count() == (0, 0)
    engine.close()


def test_two_memories_are_not_made_one(engine: Engine, tmp_path: Path) -> None:
    engine.remember("The spare key is with Jonas.")
    engine.keeping.export.write(tmp_path / "out")
    with pytest.raises(ConfigError, match="not empty"):
        engine.keeping.export.read(tmp_path / "out")
    with pytest.raises(ConfigError, match="not empty"):
        engine.keeping.export.write(tmp_path / "out")
    engine.close()
