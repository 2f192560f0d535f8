"""The engine through its facade: what goes in is found, what changes is followed."""

from __future__ import annotations

import os
import shutil
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest

from cairn.core.config import Config
from cairn.core.engine import Engine
from cairn.core.errors import Busy, ConfigError, NotFound, Unavailable
from cairn.core.tombstones import Barring, Tombstones
from cairn.core.uris import file_uri


def read_all(engine: Engine, folder: Path) -> None:
    engine.add(folder)
    engine.work()


def found(engine: Engine, words: str, limit: int = 10) -> list[str]:
    """Names of the files in which the words literally are, best first."""
    evidence = engine.search(words, limit).evidence
    hits = [item for item in evidence if any(hit.channel == "lexical" for hit in item.hits)]
    return list(dict.fromkeys(Path(item.chunk.uri).name for item in hits))


def state(engine: Engine) -> tuple[int, bytes]:
    """The index's version and every byte of the journal."""
    home = engine.home.path
    wal = home / "journal.db-wal"
    journal = engine.home.journal.read_bytes() + (wal.read_bytes() if wal.exists() else b"")
    return engine.index.table.version, journal


def test_a_folder_is_indexed_and_asked(engine: Engine, life: Path) -> None:
    read_all(engine, life)
    answer = engine.ask("What did the boiler service cost?")
    assert "189 euros" in answer.sentences[0].text
    citation = answer.citations[0]
    assert citation.state == "ok"
    assert citation.address == f"{file_uri(life / 'boiler.txt')}#L1"


def test_many_files_are_found_by_words_first_and_by_meaning_later(
    engine: Engine, life: Path
) -> None:
    for number in range(50):
        (life / f"n{number}.txt").write_text(f"Note {number} about a heron.\n")
    engine.add(life)
    engine.work(stop=lambda: engine.journal.counts().to_embed > 0)
    while engine.journal.counts().queued:
        engine.work(stop=lambda: not engine.journal.counts().queued)
    assert len(found(engine, "heron", 60)) == 50
    assert engine.journal.counts().vectors < engine.journal.counts().chunks
    engine.work()
    counts = engine.journal.counts()
    assert counts.vectors == counts.chunks == len(engine.index.hot)
    assert counts.to_embed == 0


def test_a_second_add_of_an_unchanged_folder_writes_nothing(engine: Engine, life: Path) -> None:
    read_all(engine, life)
    engine.compact()
    before = state(engine)
    read_all(engine, life)
    assert state(engine) == before


def test_a_touched_file_is_read_again_but_the_index_stays(engine: Engine, life: Path) -> None:
    read_all(engine, life)
    version = engine.index.table.version
    os.utime(life / "boiler.txt", (1_700_000_000, 1_700_000_000))
    (life / "garden.md").touch()
    assert engine.sweep() == 2
    engine.work()
    # The note without a date of its own is now dated by its new time; the other is as it was.
    assert engine.index.table.version <= version + 1
    assert engine.sweep() == 0


def test_a_changed_file_is_followed(engine: Engine, life: Path) -> None:
    read_all(engine, life)
    (life / "boiler.txt").write_text("The boiler was replaced by a heat pump.\n")
    assert engine.sweep() == 1
    engine.work()
    assert found(engine, "pump") == ["boiler.txt"]
    assert "boiler.txt" not in found(engine, "189")


def test_a_deleted_file_leaves(engine: Engine, life: Path) -> None:
    read_all(engine, life)
    (life / "boiler.txt").unlink()
    assert engine.sweep() == 1
    engine.work()
    assert "boiler.txt" not in found(engine, "boiler")
    assert engine.journal.counts().files == 1


def test_what_was_kept_of_a_deleted_file_stays_and_of_a_withdrawn_one_goes(
    engine: Engine, life: Path
) -> None:
    read_all(engine, life)
    engine.sweep()
    engine.work()
    (kept,) = [filed for filed in engine.tree.catalogue.all() if "189" in filed.entry.body]
    (life / "boiler.txt").unlink()
    engine.sweep()
    engine.work()
    assert found(engine, "boiler service") == [kept.path.rpartition("/")[2]]
    engine.remove(life)
    engine.work()
    assert found(engine, "boiler service") == []
    assert engine.tree.catalogue.count() == (0, 0)


def test_a_deletion_that_the_system_reports_is_followed(engine: Engine, life: Path) -> None:
    (life / "deep").mkdir()
    (life / "deep" / "pump.txt").write_text("The heat pump came in May.\n")
    read_all(engine, life)
    shutil.rmtree(life / "deep")
    assert engine.note_changes([life / "deep"]) == 1
    engine.work()
    assert found(engine, "pump") == []


def test_the_last_file_of_a_folder_can_be_deleted(engine: Engine, tmp_path: Path) -> None:
    (tmp_path / "one").mkdir()
    (tmp_path / "one" / "only.md").write_text("The only narwhal.\n")
    read_all(engine, tmp_path / "one")
    (tmp_path / "one" / "only.md").unlink()
    assert engine.sweep() == 1
    engine.work()
    assert found(engine, "narwhal") == []


def test_an_ignored_folder_that_is_added_by_name_is_read(engine: Engine, life: Path) -> None:
    (life / "node_modules").mkdir()
    (life / "node_modules" / "plan.md").write_text("The shed is built in May.\n")
    read_all(engine, life)
    assert found(engine, "shed") == []
    read_all(engine, life / "node_modules")
    assert found(engine, "shed") == ["plan.md"]
    assert engine.sweep() == 0


def test_thoughts_at_once_do_not_overwrite_each_other(engine: Engine) -> None:
    with ThreadPoolExecutor(8) as pool:
        paths = list(pool.map(lambda n: engine.remember(f"The same words.\n\n{n}")[0], range(40)))
    assert len({path.read_text().splitlines()[-1] for path in paths}) == 40


def test_an_emptied_root_is_taken_for_an_unmounted_disk(engine: Engine, life: Path) -> None:
    read_all(engine, life)
    life.rename(life.with_name("elsewhere"))
    assert engine.sweep() == 0
    life.mkdir()
    assert engine.sweep() == 0
    assert found(engine, "boiler") == ["boiler.txt"]
    assert [root.problem != "" for root in engine.status().roots] == [False, True]


def test_the_home_inside_a_watched_folder_is_left_alone(engine: Engine, tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("Something of the user's.\n")
    read_all(engine, tmp_path)
    own = [engine.home.journal, engine.home.path / "home.json", engine.home.logs / "x.log"]
    assert engine.note_changes(own) == 0
    assert engine.note_changes([tmp_path]) == 0
    thought, _ = engine.remember("A thought of mine.")
    assert engine.folders.is_watched(thought)


def test_citations_say_when_the_source_has_changed_or_gone(engine: Engine, life: Path) -> None:
    read_all(engine, life)
    question = "What did the boiler service cost?"
    (life / "boiler.txt").write_text(
        "A new first line.\nThe boiler service cost 189 euros in November 2025.\n"
    )
    assert engine.ask(question).citations[0].state == "ok"  # moved, but still there
    (life / "boiler.txt").write_text("The boiler service was free.\n")
    assert engine.ask(question).citations[0].state == "changed"
    (life / "boiler.txt").unlink()
    assert engine.ask(question).citations[0].state == "gone"


def test_the_same_question_gives_the_same_list(engine: Engine, life: Path) -> None:
    for number in range(30):
        (life / f"twin{number}.txt").write_text("The same words about the garden.\n")
    read_all(engine, life)
    lists = [
        [item.chunk.id for item in engine.search("garden words", 20).evidence] for _ in range(5)
    ]
    assert all(other == lists[0] for other in lists)


def test_a_thought_is_a_file_in_the_tree_and_found(engine: Engine) -> None:
    engine.clock = lambda: datetime(2026, 5, 4, 12, tzinfo=UTC)
    first, _ = engine.remember("The spare key is with Mrs Novak.")
    second, _ = engine.remember("The spare key is with Mrs Novak.")
    engine.work()
    assert first.parent == engine.home.tree / "inbox"
    assert first.name == "2026-05-04-the-spare-key-is-with-mrs-novak.md"
    assert first != second
    evidence = engine.search("spare key").evidence[0]
    assert evidence.chunk.kind == "entry"
    assert evidence.chunk.origin == "user"
    assert evidence.chunk.when.startswith("2026-05-04")


def test_removing_a_folder_takes_its_files_out_and_only_those(engine: Engine, life: Path) -> None:
    other = life.with_name("life2")
    other.mkdir()
    (other / "boat.txt").write_text("The boat is called Ada.\n")
    read_all(engine, life)
    engine.add(other)  # queued, not yet read
    assert engine.remove(life) == 2
    engine.work()
    assert found(engine, "boiler") == []
    assert found(engine, "boat") == ["boat.txt"]
    with pytest.raises(NotFound):
        engine.remove(life)


def test_a_removed_folder_is_not_read_from_the_queue(engine: Engine, life: Path) -> None:
    engine.add(life)
    engine.remove(life)
    engine.work()
    assert engine.journal.counts().files == 0


def test_a_file_that_came_and_went_is_listed_with_the_reason(engine: Engine, life: Path) -> None:
    engine.add(life)
    (life / "boiler.txt").unlink()
    engine.work()
    (record,) = engine.troubled()
    assert (record.code, Path(record.uri).name) == ("vanished", "boiler.txt")
    engine.sweep()
    engine.work()
    assert engine.troubled() == []


def test_a_tombstone_keeps_a_file_out_until_it_is_lifted(engine: Engine, life: Path) -> None:
    uri = file_uri(life / "boiler.txt")
    with engine.journal.write() as db:
        Tombstones(engine.journal).bury(db, "f_1", Barring(places=[uri]))
    read_all(engine, life)
    (life / "boiler.txt").write_text("The boiler is back.\n")
    engine.note_changes([life / "boiler.txt"])
    engine.journal.requeue([uri])
    engine.work()
    assert found(engine, "boiler") == []
    with engine.journal.write() as db:
        db.execute("DELETE FROM tombstones")
    read_all(engine, life)
    assert found(engine, "boiler") == ["boiler.txt"]


def test_the_users_folder_and_what_is_above_it_can_be_added(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    user = tmp_path / "above" / "anna"
    (user / "notes").mkdir(parents=True)
    (user / "top.txt").write_text("The harbour pilot is Nils.\n")
    (user / "notes" / "a.md").write_text("The lighthouse keeper is Olof.\n")
    (user.parent / "shared.txt").write_text("The ferry is called Tove.\n")
    monkeypatch.setenv("HOME", str(user))
    for root, count in ((user, 2), (user.parent, 3)):
        read_all(engine, root)
        assert engine.folder(root).indexed == count
        assert engine.sweep() == 0
        (user / "top.txt").unlink()
        assert engine.sweep() == 1
        engine.work()
        (user / "top.txt").write_text("The harbour pilot is Nils.\n")
        assert engine.remove(root) == count - 1
        engine.work()
        assert engine.journal.counts().files == 0


def test_a_closed_folder_inside_is_listed_with_the_reason(
    engine: Engine, life: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (life / "closed").mkdir()
    really = os.scandir

    def refuse(path: Path) -> object:
        if Path(path).name == "closed":
            raise PermissionError
        return really(path)

    monkeypatch.setattr(os, "scandir", refuse)  # chmod does not stop root
    read_all(engine, life)
    (record,) = engine.troubled()
    assert (Path(record.uri).name, record.code) == ("closed", "no-permission")
    assert engine.sweep() == 0
    monkeypatch.setattr(os, "scandir", really)
    engine.sweep()
    engine.work()
    assert engine.troubled() == []


def test_a_single_file_can_be_added(engine: Engine, life: Path) -> None:
    read_all(engine, life / "boiler.txt")
    assert found(engine, "boiler") == ["boiler.txt"]
    assert engine.journal.counts().files == 1


def test_what_cannot_be_added_is_refused_with_a_reason(engine: Engine, tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        engine.add(tmp_path / "nowhere")
    with pytest.raises(ConfigError, match="own home"):
        engine.add(engine.home.tree)
    with pytest.raises(ConfigError, match="no files of yours"):
        engine.add(Path("/proc/self"))
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    with pytest.raises((NotFound, Unavailable)):
        engine.add(tmp_path / "loop")


def test_a_home_has_one_engine_at_a_time(engine: Engine) -> None:
    with pytest.raises(Busy):
        Engine(engine.home, Config())


def test_pausing_leaves_the_queue_and_lasts(engine: Engine, life: Path) -> None:
    engine.pause(True)
    read_all(engine, life)
    assert engine.journal.counts().queued == 2
    engine.pause(False)
    engine.work()
    assert engine.journal.counts().queued == 0


def test_odd_file_names_are_cited_and_opened(engine: Engine, life: Path) -> None:
    names = ["a b#c%d.txt", "tab\there.txt", "ünïcode 漢字.txt", os.fsdecode(b"latin-\xe9.txt")]
    for number, name in enumerate(names):
        (life / name).write_text(f"The rare word zebrafish{number} is here.\n")
    read_all(engine, life)
    for number, name in enumerate(names):
        answer = engine.ask(f"where is zebrafish{number}?")
        assert answer.citations[0].uri == file_uri(life / name)
        assert answer.citations[0].state == "ok"
