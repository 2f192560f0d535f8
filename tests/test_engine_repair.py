"""The engine when something is lost, damaged or away: it says so, keeps the rest, and mends it."""

from __future__ import annotations

import json
import os
import shutil
import signal
from dataclasses import replace
from pathlib import Path

import pytest

from cairn.app import wire
from cairn.core.config import Config, Models
from cairn.core.engine import Engine
from cairn.core.errors import DISK, Unavailable
from cairn.core.extract.reading import Read
from cairn.core.home import open_home
from cairn.core.process import ChildDied
from tests.conftest import wait_until
from tests.test_engine import found, read_all


def test_a_disk_that_is_taken_out_while_its_files_are_queued_loses_nothing(
    engine: Engine, life: Path
) -> None:
    for number in range(50):
        (life / f"n{number}.txt").write_text(f"Note {number} about a heron.\n")
    engine.add(life)
    engine.work(stop=lambda: engine.journal.counts().to_embed > 40)  # words only, vectors wait
    life.rename(life.with_name("elsewhere"))
    engine.work()
    assert len(found(engine, "heron", 60)) == 50
    life.with_name("elsewhere").rename(life)
    engine.sweep()
    engine.heal()
    engine.work()
    counts = engine.journal.counts()
    assert counts.vectors == counts.chunks == len(engine.index.hot)


def test_a_crash_of_the_extractor_keeps_what_was_known(engine: Engine, life: Path) -> None:
    read_all(engine, life)
    (life / "boiler.txt").write_text("The boiler was painted green.\n")
    engine.sweep()
    really = engine.reading.read
    calls = []

    def crash(path: Path, uri: str) -> Read:
        calls.append(path)
        raise ChildDied("the extractor process ended")

    engine.reading.read = crash  # type: ignore[method-assign]
    engine.work()
    assert len(calls) == 1
    assert found(engine, "boiler") == ["boiler.txt"]  # the old text, while it is tried again
    engine.reading.read = really  # type: ignore[method-assign]
    wait_until(lambda: engine.work() > 0)
    assert found(engine, "painted") == ["boiler.txt"]


def test_a_rebuild_brings_back_the_same_ranking(engine: Engine, life: Path) -> None:
    for number in range(20):
        (life / f"note{number}.md").write_text(
            f"# Note {number}\n\nAbout the garden, part {number}.\n"
        )
        engine.add(life)
        engine.work()  # many small commits, unlike the rebuild's large ones
    (life / "note3.md").unlink()
    engine.sweep()
    engine.work()
    engine.compact()
    questions = ("garden budget", "what did the boiler cost", "part 7", "tomatoes")
    before = [[(e.chunk.id, e.snippet) for e in engine.search(q, 10).evidence] for q in questions]
    assert engine.rebuild()
    after = [[(e.chunk.id, e.snippet) for e in engine.search(q, 10).evidence] for q in questions]
    assert after == before
    assert engine.check().rows == engine.check().hot == engine.check().chunks


def test_a_rebuild_keeps_rows_whose_source_is_out_of_reach(engine: Engine, life: Path) -> None:
    read_all(engine, life)
    life.rename(life.with_name("elsewhere"))
    assert engine.rebuild()
    assert found(engine, "boiler") == ["boiler.txt"]


def test_what_a_rebuild_could_read_nowhere_is_read_once_it_is_back(
    engine: Engine, life: Path
) -> None:
    """Neither the folder nor the old index gives it."""
    read_all(engine, life)
    life.rename(life.with_name("elsewhere"))
    for data in engine.home.index.glob("*.lance/data/*"):
        data.write_bytes(b"nonsense" * 10)
    assert engine.rebuild()
    health = engine.check()
    assert health.rows == health.chunks
    engine.work()
    life.with_name("elsewhere").rename(life)
    engine.sweep()
    engine.work()
    assert found(engine, "boiler") == ["boiler.txt"]
    health = engine.check()
    assert health.rows == health.chunks == health.vectors == health.hot


@pytest.mark.parametrize("is_rebuilt", [True, False])
def test_a_lost_index_has_the_files_of_a_disk_that_is_out_once_it_is_back(
    tmp_path: Path, life: Path, is_rebuilt: bool
) -> None:
    home = open_home(tmp_path / "home")
    engine = Engine(home, Config())
    read_all(engine, life)
    engine.close()
    shutil.rmtree(home.index)
    life.rename(life.with_name("elsewhere"))
    engine = Engine(open_home(tmp_path / "home"), Config())
    if is_rebuilt:
        assert engine.rebuild()
    _ = engine.index
    engine.work()
    life.with_name("elsewhere").rename(life)
    engine.sweep()
    engine.work()
    assert found(engine, "boiler") == ["boiler.txt"]
    health = engine.check()
    assert health.rows == health.chunks == health.vectors == health.hot
    engine.close()


def test_what_is_known_of_a_faulty_disk_is_no_change_of_a_file(engine: Engine, life: Path) -> None:
    read_all(engine, life)
    record = next(each for each in engine.journal.files() if each.uri.endswith("boiler.txt"))
    engine.journal.store_files([replace(record, state="failed", code=DISK)])
    told = "SELECT * FROM events WHERE kind != ''"
    before = engine.journal.read(told)
    assert engine.sweep() == 1
    engine.work()
    assert engine.journal.read(told) == before
    assert engine.sweep() == 0


def test_a_stopped_rebuild_changes_nothing(engine: Engine, life: Path) -> None:
    read_all(engine, life)
    name = engine.index.table.name
    assert not engine.rebuild(stop=lambda: True)
    assert engine.index.table.name == name
    assert found(engine, "boiler") == ["boiler.txt"]


def test_a_damaged_index_is_named_and_a_rebuild_repairs_it(tmp_path: Path, life: Path) -> None:
    home = open_home(tmp_path / "home")
    engine = Engine(home, Config())
    read_all(engine, life)
    engine.close()
    for manifest in home.index.glob("*/_versions/*"):
        manifest.write_bytes(b"nonsense" * 10)
    engine = Engine(home, Config())
    with pytest.raises(Unavailable, match="can't be used") as caught:
        engine.search("boiler")
    assert "cairn rebuild" in caught.value.hint
    assert engine.rebuild()
    assert found(engine, "boiler") == ["boiler.txt"]
    engine.close()


def test_a_lost_index_comes_back_by_itself(tmp_path: Path, life: Path) -> None:
    home = open_home(tmp_path / "home")
    engine = Engine(home, Config())
    read_all(engine, life)
    engine.close()
    shutil.rmtree(home.index)
    engine = Engine(open_home(tmp_path / "home"), Config())
    _ = engine.index
    engine.work()
    assert found(engine, "boiler") == ["boiler.txt"]
    engine.close()


def test_without_an_embedder_words_still_find(tmp_path: Path, life: Path) -> None:
    missing = Config(models=Models(embedder=str(tmp_path / "none.gguf")))
    engine = Engine(open_home(tmp_path / "home"), missing)
    read_all(engine, life)
    results = engine.search("boiler service")
    assert Path(results.evidence[0].chunk.uri).name == "boiler.txt"
    assert "missing" in results.degraded
    assert "cairn doctor" in results.degraded
    assert "189" in engine.ask("what did the boiler service cost?").sentences[0].text
    engine.close()


@pytest.mark.parametrize("begun_with", ["a model", "none"])
def test_vectors_that_were_missed_are_made_up_for(
    engine: Engine, life: Path, begun_with: str
) -> None:
    if begun_with == "a model":
        _ = engine.index
    good = engine.embedding.path
    engine.embedding.path = good.with_name("gone.gguf")
    read_all(engine, life)
    assert engine.journal.counts().vectors == 0
    assert engine.heal() == 0
    engine.embedding.path = good
    assert engine.heal() == 2 + engine.tree.catalogue.count()[0]
    engine.work()
    counts = engine.journal.counts()
    assert counts.vectors == counts.chunks == len(engine.index.hot)


def test_an_index_of_another_model_is_searched_by_words_until_it_is_rebuilt(
    engine: Engine, life: Path
) -> None:
    read_all(engine, life)
    engine.embedding._fingerprint = "another-model"
    assert "cairn rebuild" in engine.search("boiler").degraded
    assert engine.rebuild()
    assert engine.search("boiler").degraded == ""


def test_a_change_during_a_rebuild_that_is_stopped_is_not_lost(engine: Engine, life: Path) -> None:
    read_all(engine, life)
    (life / "boiler.txt").write_text("The boiler was painted green.\n")
    stops = iter([False, False, True])
    assert not engine.rebuild(stop=lambda: next(stops, True))
    assert engine.sweep() == 1
    engine.work()
    assert found(engine, "painted") == ["boiler.txt"]


def test_one_file_that_crashes_the_reader_leaves_the_others_alone(
    engine: Engine, life: Path
) -> None:
    """The real extractor process, killed whenever it reads that file."""
    for number in range(5):
        (life / f"n{number}.txt").write_text(f"Note {number} about a heron.\n")
    (life / "evil.txt").write_text("The file that crashes.\n")
    really = engine.reading.read

    def read(path: Path, uri: str) -> Read:
        if path.name == "evil.txt":
            for _ in range(2):
                pid = engine.reading.pid
                if pid:
                    os.kill(pid, signal.SIGKILL)
            raise ChildDied("the extractor process ended")
        return really(path, uri)

    engine.reading.read = read  # type: ignore[method-assign]
    engine.add(life)
    wait_until(lambda: engine.work() >= 0 and engine.waiting == 0, 60)
    assert engine.journal.counts().dead == 1
    assert engine.journal.counts().indexed == 7


def test_a_file_that_cannot_be_read_any_more_leaves_with_a_rebuild(
    engine: Engine, life: Path
) -> None:
    """What the journal counts and what the index holds must agree afterwards."""
    read_all(engine, life)
    (life / "boiler.txt").write_bytes(b"")
    assert engine.rebuild()
    health = engine.check()
    assert health.rows == health.chunks == health.vectors == health.hot
    assert "boiler.txt" not in found(engine, "189")
    assert "boiler.txt" in found(engine, "boiler")  # by its name
    assert [record.code for record in engine.troubled()] == ["empty"]


def test_a_rebuild_during_a_crash_of_the_reader_keeps_rows_and_counts(
    engine: Engine, life: Path
) -> None:
    read_all(engine, life)

    def crash(path: Path, uri: str) -> Read:
        raise ChildDied("the extractor process ended")

    engine.reading.read = crash  # type: ignore[method-assign]
    assert engine.rebuild()
    health = engine.check()
    entries, _ = engine.tree.catalogue.count()
    assert health.rows == health.chunks == health.vectors == health.hot == 3 + entries
    assert "boiler.txt" in found(engine, "boiler")


def test_the_same_question_brings_the_same_answer_after_a_restart_and_a_rebuild(
    tmp_path: Path, life: Path
) -> None:
    """Byte for byte as it is told, but for the times it took and the shelf it was taken from."""
    questions = ("what is the garden budget?", "what did the boiler service cost?", "tomatoes")

    def told(engine: Engine) -> list[str]:
        answers = [wire.answer(engine.ask(each), engine.finding.titles) for each in questions]
        return [json.dumps({**each, "timings_ms": {}, "tier": 0}) for each in answers]

    engine = Engine(open_home(tmp_path / "home"), Config())
    read_all(engine, life)
    engine.compact()  # as the daemon does after its work: scores settle with it
    before = told(engine)
    engine.close()
    engine = Engine(open_home(tmp_path / "home"), Config())
    assert told(engine) == before
    assert engine.rebuild()
    assert told(engine) == before
    engine.close()
