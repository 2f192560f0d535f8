"""What must not go wrong with what comes in: found by reviews, each once true."""

from __future__ import annotations

import os
import shutil
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

import pytest

from cairn.core.engine import Engine
from cairn.core.errors import Unavailable
from cairn.core.rows import Policy
from cairn.core.uris import file_uri
from tests.test_intake import TOKEN, fill, later, list_only, names, read_all


def everything_stored(engine: Engine) -> bytes:
    engine.compact()
    files = [path for path in engine.home.path.rglob("*") if path.is_file()]
    return b"".join(path.read_bytes() for path in files)


def test_a_file_from_a_broken_clock_holds_nobody_up(engine: Engine, life: Path) -> None:
    os.utime(life / "boiler.txt", ns=(2**63 + 1, 2**63 + 1))
    fill(life, 40)
    read_all(engine, life)
    assert engine.journal.counts().indexed == 42
    assert names(engine, "boiler service") and engine.sweep() == 0


def test_files_that_were_listed_and_then_out_of_reach_are_read_when_they_are_back(
    engine: Engine, life: Path
) -> None:
    fill(life, 60)
    engine.add(life)
    list_only(engine)
    life.rename(life.with_name("unplugged"))
    engine.work()
    life.with_name("unplugged").rename(life)
    engine.sweep()
    engine.work()
    assert engine.journal.counts().indexed == 62


def test_many_files_known_by_names_only_are_not_even_looked_into(
    engine: Engine, life: Path
) -> None:
    fill(life, 60)
    engine.add(life, "names")
    engine.work()
    assert b"heron" not in everything_stored(engine)
    assert names(engine, "report 033")


def test_first_lines_hide_secrets_in_wide_letters_and_at_the_cut(
    engine: Engine, life: Path
) -> None:
    fill(life, 40)
    (life / "wide.txt").write_text(f"my token {TOKEN}", encoding="utf-16")
    (life / "cut.txt").write_text("x" * 80 + " " * 3985 + TOKEN + " and more")
    (life / f"{TOKEN}.txt").write_text("a name")
    engine.add(life)
    list_only(engine)
    stored = everything_stored(engine)
    assert TOKEN[:12].encode() not in stored.replace(file_uri(life / TOKEN).encode(), b"")
    assert " ".join(TOKEN[:12]).encode() not in stored


def test_new_content_is_noticed_when_size_and_time_were_put_back(
    engine: Engine, life: Path
) -> None:
    file, question = life / "boiler.txt", "What did the boiler service cost?"
    read_all(engine, life)
    assert engine.sweep() == 0
    before = file.stat()
    file.write_text(file.read_text().replace("189", "273"))
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert engine.ask(question).citations[0].state == "changed"
    assert engine.note_changes([file]) == 1
    engine.work()
    assert "273" in engine.ask(question).sentences[0].text
    assert engine.ask(question).citations[0].state == "ok"
    since = datetime.now(UTC)
    file.chmod(0o640)  # which may be as much, and is looked at once
    assert (engine.sweep(), engine.work() > 0, engine.sweep()) == (1, True, 0)
    assert engine.journal.events(since, datetime.now(UTC)) == []


def test_a_file_changed_in_the_future_is_not_read_for_ever(
    engine: Engine, life: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read_all(engine, life)
    (life / "boiler.txt").chmod(0o640)
    monkeypatch.setattr("cairn.core.watch.sweep.time.time", lambda: 1.0)
    assert engine.sweep() == 0


def test_a_folder_that_was_replaced_by_a_link_is_left(engine: Engine, life: Path) -> None:
    (life / "photos").mkdir()
    (life / "photos" / "a.md").write_text("The heron.\n")
    read_all(engine, life)
    (life / "photos").rename(life.with_name("elsewhere"))
    (life / "photos").symlink_to(life.with_name("elsewhere"))
    for _ in range(2):
        engine.sweep()
        engine.note_changes([life / "photos" / "a.md"])
        engine.work()
    assert names(engine, "heron") == []
    assert engine.sweep() == 0


def test_a_watched_folder_that_became_a_link_is_kept_until_its_new_place_is_added(
    engine: Engine, life: Path
) -> None:
    read_all(engine, life)
    moved = life.with_name("larger disk")
    life.rename(moved)
    life.symlink_to(moved)
    (moved / "heron.md").write_text("The heron.\n")
    known = list(engine.journal.files(file_uri(life)))
    (told,) = [each for each in engine.status().roots if each.path == str(life)]
    assert f"`cairn add '{moved}'`" in told.problem
    assert engine.sweep() == 0
    assert engine.note_changes([life, life / "heron.md"]) == 0
    assert list(engine.journal.files(file_uri(life))) == known and names(engine, "boiler")
    read_all(engine, life)
    assert names(engine, "heron") == ["heron.md"]
    engine.remove(life)
    engine.work()
    assert engine.folders.roots == [engine.home.tree, moved]
    assert list(engine.journal.files(file_uri(life))) == []
    assert len(list(engine.journal.files(file_uri(moved)))) == 3


def test_private_mode_stops_in_the_middle_of_a_batch(engine: Engine, life: Path) -> None:
    fill(life, 60)
    engine.add(life)
    list_only(engine)
    really, count = engine.reading.read, 0

    def read(path: Path, uri: str, deadline_s: float = 0) -> object:
        nonlocal count
        count += 1
        if count == 3:
            engine.private.begin()
        return really(path, uri, deadline_s)

    engine.reading.read = read  # type: ignore[method-assign, assignment]
    engine.work()
    assert count == 3
    assert engine.journal.counts().indexed == 0
    with pytest.raises(Unavailable):
        engine.rebuild()


@pytest.mark.parametrize("is_known", [True, False])
@pytest.mark.parametrize("policy", ["removed", "never", "names"])
def test_a_folder_that_is_closed_while_it_is_read_leaves(
    engine: Engine, life: Path, policy: str, is_known: bool
) -> None:
    if is_known:
        engine.add(life, "names")
        engine.work()
    engine.add(life, "full")
    really = engine.reading.read

    def read(path: Path, uri: str, deadline_s: float = 0) -> object:
        done = really(path, uri, deadline_s)
        if policy == "removed" and life in engine.folders.policies:
            engine.remove(life)
        elif policy != "removed" and engine.folders.policies[life] == "full":
            engine.add(life, cast(Policy, policy))
        return done

    engine.reading.read = read  # type: ignore[method-assign, assignment]
    while engine.work():
        pass
    told = [hit.chunk.text for hit in engine.search("boiler service").evidence]
    assert not any("189" in text for text in told)
    assert {record.state for record in engine.journal.files()} <= {"named"}
    assert engine.waiting == 0


@pytest.mark.parametrize(("outer", "inner"), [("names", "full"), ("full", "names")])
def test_when_an_inner_folder_is_removed_the_outer_one_decides(
    engine: Engine, life: Path, outer: Policy, inner: Policy
) -> None:
    (life / "sub").mkdir()
    (life / "sub" / "a.md").write_text("The heron.\n")
    engine.add(life, outer)
    engine.add(life / "sub", inner)
    engine.work()
    assert bool(names(engine, "heron")) == (inner == "full")
    engine.remove(life / "sub")
    engine.work()
    assert bool(names(engine, "heron")) == (outer == "full")


def test_text_leaves_when_a_folder_is_closed_while_its_disk_is_away(
    engine: Engine, life: Path
) -> None:
    read_all(engine, life)
    engine.add(life, "names")
    life.rename(life.with_name("unplugged"))
    engine.work()
    assert names(engine, "runner beans") == []
    life.with_name("unplugged").rename(life)
    assert engine.sweep() == 0


def test_adding_a_folder_again_keeps_its_policy(engine: Engine, life: Path) -> None:
    engine.add(life, "names")
    engine.add(life)
    assert engine.folders.policy(life) == "names"


def test_two_sweeps_at_once_note_everything_once(engine: Engine, life: Path) -> None:
    fill(life, 300)
    engine.folders.register(life)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: engine.sweep([life]), range(4)))
    noted = engine.journal.events(datetime(2000, 1, 1, tzinfo=UTC), later())
    assert len(noted) == len({event.uri for event in noted}) == 302


def test_a_file_that_waits_is_noted_again_only_when_it_changes(engine: Engine, life: Path) -> None:
    engine.add(life)
    for _ in range(3):
        assert engine.note_changes([life / "boiler.txt"]) == 0
    (life / "boiler.txt").write_text("More.\n")
    assert engine.note_changes([life / "boiler.txt"]) == 1


def test_a_watched_file_that_was_deleted_leaves(engine: Engine, life: Path) -> None:
    read_all(engine, life / "boiler.txt")
    (life / "boiler.txt").unlink()
    assert engine.sweep() == 1
    engine.work()
    assert "boiler.txt" not in names(engine, "boiler")


def test_a_deleted_folder_with_the_name_of_a_key_file_leaves(engine: Engine, life: Path) -> None:
    (life / "credentials").mkdir()
    (life / "credentials" / "a.md").write_text("The heron.\n")
    read_all(engine, life)
    shutil.rmtree(life / "credentials")
    assert engine.note_changes([life / "credentials"]) == 1
