"""What comes in, how deep and when: names first, policies, moves, private mode, effort, secrets."""

from __future__ import annotations

import os
import shutil
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from cairn.core.config import Config, Watch
from cairn.core.engine import Engine
from cairn.core.errors import Unavailable
from cairn.core.home import open_home
from cairn.core.records import Event
from cairn.core.uris import file_uri
from cairn.core.watch.ignore import IGNORE_FILE

TOKEN = "ghp_" + "a1B2c3D4e5" * 3 + "f6G7h8"


def fill(folder: Path, count: int) -> None:
    folder.mkdir(exist_ok=True)
    for number in range(count):
        (folder / f"report-{number:03}.txt").write_text(
            f"Report {number}.\n\n"
            + "Nothing of note. " * 60
            + f"\n\nThe heron said word{number}.\n"
        )


def names(engine: Engine, words: str) -> list[str]:
    return [Path(item.chunk.uri).name for item in engine.search(words).evidence]


def read_all(engine: Engine, folder: Path) -> None:
    engine.add(folder)
    engine.work()


def list_only(engine: Engine) -> None:
    """Work up to where every file is known by its name, and none is read."""
    engine.work(lambda: not engine.journal.pending("glance"))


# -- names first


def test_many_files_are_findable_by_name_before_any_is_read(engine: Engine, life: Path) -> None:
    fill(life, 60)
    engine.add(life)
    list_only(engine)
    counts = engine.journal.counts()
    assert (counts.named, counts.indexed) == (62, 0)
    assert "report-033.txt" in names(engine, "report 033")
    assert "Report 33" in engine.index.table.fetch(
        [row.id for row in next(iter(engine.index.table.stored([_doc(life)]).values()))]
    )[0].text  # fmt: skip


def _doc(life: Path) -> str:
    from cairn.core.records import document_id

    return document_id(file_uri(life / "report-033.txt"))


def test_a_question_that_hits_a_name_has_the_file_read_at_once(
    engine: Engine, life: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cairn.core.fetch._AT_ONCE_S", 120)  # this machine may be busy
    fill(life, 60)
    engine.add(life)
    list_only(engine)
    best = engine.search("report 033 heron").evidence[0]
    assert best.chunk.kind == "note"
    record = engine.journal.file(file_uri(life / "report-033.txt"))
    assert record and record.state == "indexed"


def test_when_all_is_read_nothing_is_known_by_name_only(engine: Engine, life: Path) -> None:
    fill(life, 60)
    read_all(engine, life)
    counts = engine.journal.counts()
    assert (counts.named, counts.indexed, counts.queued, counts.to_embed) == (0, 62, 0, 0)
    health = engine.check()
    assert health.rows == health.chunks == health.vectors == health.hot


def test_a_file_that_cannot_be_read_is_found_by_its_name(engine: Engine, life: Path) -> None:
    (life / "HolidayTicket2024.xyz").write_bytes(bytes(range(256)) * 2)
    read_all(engine, life)
    assert names(engine, "holiday ticket 2024")[0] == "HolidayTicket2024.xyz"
    evidence = engine.search("holiday ticket 2024").evidence[0]
    assert evidence.address == file_uri(life / "HolidayTicket2024.xyz")


def test_a_file_is_found_by_its_name_also_when_its_heading_is_another(
    engine: Engine, life: Path
) -> None:
    (life / "zanzibar-2031.md").write_text("# Journey\n\nWe take the ferry.\n")
    read_all(engine, life)
    assert names(engine, "zanzibar")[0] == "zanzibar-2031.md"


def test_names_that_share_a_word_do_not_hide_what_was_written(engine: Engine, life: Path) -> None:
    for number in range(12):
        (life / f"garden-{number}.xyz").write_bytes(os.urandom(50))
    read_all(engine, life)
    assert names(engine, "garden budget")[0] == "garden.md"
    assert names(engine, "garden 7 xyz")[0] == "garden-7.xyz"


def test_what_changes_now_is_read_before_a_backlog(engine: Engine, life: Path) -> None:
    fill(life, 80)
    engine.add(life)
    list_only(engine)
    (life / "report-000.txt").write_text("The heron has left.\n")
    os.utime(life / "report-000.txt", (1, 1))
    engine.note_changes([life / "report-000.txt"])
    first = engine.journal.ready_jobs(1)[0]
    assert first.key == file_uri(life / "report-000.txt")


def test_the_end_of_a_long_text_is_found_by_words_and_by_meaning(
    engine: Engine, life: Path
) -> None:
    filler = "The weather was grey and nothing of note happened on the road. " * 3000
    (life / "long.txt").write_text(filler + "At dawn the submarine surfaced near Bergen.")
    (life / "row.csv").write_text("day,what\n1," + "road " * 4000 + "a zeppelin over Lund\n")
    read_all(engine, life)
    for question, file in (("submarine Bergen", "long.txt"), ("zeppelin Lund", "row.csv")):
        best = engine.search(question).evidence[0]
        assert best.chunk.uri == file_uri(life / file)
        assert {hit.channel for hit in best.hits if hit.rank} == {"lexical", "vector"}


# -- moves and copies


def test_moved_and_copied_text_is_not_embedded_again(engine: Engine, life: Path) -> None:
    read_all(engine, life)
    embedded: list[str] = []
    really = engine.embedding.embed

    def embed(texts: list[str], *, urgent: bool = False) -> object:
        if not urgent:
            embedded.extend(texts)
        return really(texts, urgent=urgent)

    engine.embedding.embed = embed  # type: ignore[method-assign, assignment]
    (life / "old").mkdir()
    (life / "boiler.txt").rename(life / "old" / "boiler.txt")
    shutil.copy(life / "garden.md", life / "old" / "garden copy.md")
    assert engine.sweep() == 2
    engine.work()
    assert embedded == []
    assert names(engine, "boiler service 189")[0] == "boiler.txt"
    counts = engine.journal.counts()
    assert (counts.files, counts.vectors) == (3, counts.chunks)
    kinds = [e.kind for e in engine.journal.events(datetime(2000, 1, 1, tzinfo=UTC), later())]
    assert kinds.count("moved") == 1 and "deleted" not in kinds


def later() -> datetime:
    return datetime.now(UTC) + timedelta(days=1)


# -- policies and ignore files


def test_a_folder_known_by_names_only_gives_no_word_of_its_text(engine: Engine, life: Path) -> None:
    engine.add(life, "names")
    engine.work()
    assert engine.search("runner beans").evidence == ()
    assert names(engine, "boiler") == ["boiler.txt"]
    engine.add(life, "full")
    engine.work()
    assert names(engine, "runner beans") == ["garden.md"]
    engine.add(life, "names")
    engine.work()
    assert "runner" not in str(engine.search("runner beans").evidence)


def test_a_folder_that_is_never_to_be_read_leaves_and_stays_out(engine: Engine, life: Path) -> None:
    (life / "diary").mkdir()
    (life / "diary" / "secret.md").write_text("The heron is mine.\n")
    read_all(engine, life)
    assert names(engine, "heron")
    engine.add(life / "diary", "never")
    engine.work()
    engine.sweep()
    engine.work()
    assert names(engine, "heron") == []
    assert names(engine, "boiler")
    (life / "diary" / "secret.md").write_text("The heron again.\n")
    assert engine.note_changes([life / "diary" / "secret.md"]) == 0
    engine.remove(life / "diary")
    engine.work()
    assert names(engine, "heron")  # the folder around it decides again


def test_nested_folders_are_compared_without_an_echo(engine: Engine, life: Path) -> None:
    (life / "sub").mkdir()
    (life / "sub" / "a.md").write_text("The heron.\n")
    read_all(engine, life)
    read_all(engine, life / "sub")
    assert engine.sweep() == 0


def test_an_ignore_file_takes_files_out_and_lets_them_in_again(engine: Engine, life: Path) -> None:
    read_all(engine, life)
    (life / IGNORE_FILE).write_text("boiler.*\n")
    engine.note_changes([life])
    engine.work()
    assert names(engine, "boiler") == []
    (life / IGNORE_FILE).unlink()
    engine.note_changes([life])
    engine.work()
    assert names(engine, "boiler") == ["boiler.txt"]


# -- why-not and the dry run


def test_every_reason_is_told(engine: Engine, life: Path, tmp_path: Path) -> None:
    (life / "photo.xyz").write_bytes(b"\0\1\2" * 50)
    (life / "id_rsa").write_text("x")
    (life / "link.md").symlink_to(life / "boiler.txt")
    (life / "never").mkdir()
    (life / "never" / "a.md").write_text("x")
    (life / IGNORE_FILE).write_text("*.log\n")
    (life / "a.log").write_text("x")
    os.mkfifo(life / "pipe.md")
    engine.add(life / "never", "never")
    read_all(engine, life)
    (life / "new.md").write_text("x")

    def told(path: Path) -> str:
        found = engine.why_not(path)
        return f"{found.state}: {found.reason}"

    assert told(life / "garden.md").startswith("in memory: it is in the memory with 2 passages")
    assert told(life / "photo.xyz").startswith("skipped: .xyz files are not supported")
    assert "keys or passwords" in told(life / "id_rsa")
    assert f"{IGNORE_FILE}:1" in told(life / "a.log")
    assert "is a link" in told(life / "link.md")
    assert "never to be read" in told(life / "never" / "a.md")
    assert told(life / "pipe.md") == "passed over: it is not a regular file"
    assert told(life / "new.md").startswith("not seen yet")
    assert told(life / "none.md") == "not there: it doesn't exist"
    assert "no watched folder" in told(tmp_path)
    assert "--policy full" in engine.why_not(life / "never" / "a.md").hint
    assert engine.why_not(tmp_path).hint == f"`cairn add {tmp_path}` watches it"
    engine.sweep()
    assert told(life / "new.md").startswith("waiting: it waits to be read; 0 files")
    assert told(life).startswith("in memory: 2 of its")


def test_a_dry_run_tells_all_and_stores_nothing(engine: Engine, life: Path) -> None:
    (life / "login.md").write_text(f"The token is {TOKEN}\n")
    (life / "id_rsa").write_text("x")
    (life / "photo.xyz").write_bytes(b"\0\1\2" * 50)
    found = engine.preview(life, "full", lambda done, total: None)
    assert (found.files, found.read, len(found.skipped), len(found.passed_over)) == (4, 3, 1, 1)
    assert dict(found.kinds) == {"GitHub token": 1}
    assert found.redacted[0].path == str(life / "login.md")
    assert engine.journal.counts().files == engine.journal.counts().queued == 0
    assert life not in engine.folders.roots


# -- secrets


def test_secrets_are_left_out_of_everything_that_is_stored(engine: Engine, life: Path) -> None:
    (life / "login.md").write_text(f"# Deploy\n\nThe token is {TOKEN}, keep it safe.\n")
    read_all(engine, life)
    path, kinds = engine.remember(f"the api token is {TOKEN}")
    engine.work()
    assert kinds == ("GitHub token",)
    assert TOKEN not in path.read_text()
    record = engine.journal.file(file_uri(life / "login.md"))
    assert record and record.redacted == "GitHub token"
    assert engine.journal.counts().redacted == 1
    assert "[redacted: GitHub token]" in engine.search("deploy token").evidence[0].chunk.text
    engine.compact()
    for file in engine.home.path.rglob("*"):
        assert not file.is_file() or TOKEN.encode() not in file.read_bytes(), file


# -- private mode, battery, budget


def test_in_private_mode_nothing_gets_in_and_everything_says_so(engine: Engine, life: Path) -> None:
    read_all(engine, life)
    engine.private.begin()
    (life / "new.md").write_text("The heron.\n")
    assert engine.note_changes([life / "new.md"]) == engine.sweep() == engine.work() == 0
    for attempt in (lambda: engine.remember("a thought"), lambda: engine.add(life)):
        with pytest.raises(Unavailable, match="private mode is on"):
            attempt()
    assert "private mode is on" in engine.status().private
    assert "private mode is on" in engine.search("boiler").degraded
    assert "private mode is on" in engine.ask("What did the boiler service cost?").degraded
    engine.private.end()
    assert engine.sweep() == 1
    engine.work()
    assert names(engine, "heron") == ["new.md"]
    assert engine.status().private == ""


def test_private_mode_ends_by_itself_after_its_time(engine: Engine) -> None:
    moment = datetime(2026, 5, 4, 12, tzinfo=UTC)
    engine.clock = lambda: moment
    engine.private.begin(3600)
    assert engine.private.is_on
    moment += timedelta(hours=1)
    assert not engine.private.is_on


def test_a_backlog_waits_for_tomorrow_when_the_budget_is_used_up(
    tmp_path: Path, life: Path
) -> None:
    watch = Watch(daily_minutes=1.0, pause_on_battery=False)
    engine = Engine(open_home(tmp_path / "home"), replace(Config(), watch=watch))
    moment = datetime(2026, 5, 4, 12, tzinfo=UTC)
    engine.clock = lambda: moment
    try:
        engine.reading.spent_s = 61.0
        engine.add(life)
        engine.work()
        assert "today's time for indexing, 1 min, is used up" in engine.status().resting
        assert engine.journal.counts().queued == 2
        (life / "boiler.txt").write_text("The heron.\n")
        engine.note_changes([life / "boiler.txt"])
        engine.work()
        assert names(engine, "heron") == ["boiler.txt"]  # what is touched now is read all the same
        moment += timedelta(days=1)
        assert engine.status().resting == ""
        engine.work()
        assert engine.journal.counts().queued == 0
    finally:
        engine.close()


def test_spent_effort_is_kept_over_a_restart(engine: Engine, tmp_path: Path, life: Path) -> None:
    read_all(engine, life)
    spent = engine.effort.today_s
    assert spent > 0
    engine.close()
    again = Engine(open_home(tmp_path / "home"), Config())
    assert again.effort.today_s == pytest.approx(spent, abs=0.2)
    again.close()


# -- behaviour


def test_the_day_tells_what_was_touched_and_can_be_forgotten(engine: Engine, life: Path) -> None:
    read_all(engine, life)
    (life / "garden.md").write_text("# Garden\n\nNow without beans.\n")
    engine.note_changes([life / "garden.md"])
    engine.work()
    today = datetime.now().astimezone().date()
    report = engine.behaviour.day(today, today + timedelta(1))
    assert any("garden.md" in line.text for line in report.lines)
    assert engine.behaviour.forget() >= 1
    assert engine.behaviour.day(today, today + timedelta(1)).lines == ()
    assert names(engine, "beans") == ["garden.md"]


def test_files_that_are_worked_on_together_are_named_with_a_hit(engine: Engine, life: Path) -> None:
    read_all(engine, life)
    fill(life, 5)
    start = datetime.now(UTC) - timedelta(days=60)
    for day in range(30):
        at = start + timedelta(days=day)
        pair = ("garden.md", "boiler.txt") if day % 3 == 0 else (f"report-00{day % 5}.txt",)
        engine.journal.accept(
            Event("changed", file_uri(life / name), (at + timedelta(minutes=n)).isoformat())
            for n, name in enumerate(pair)
        )
    engine.behaviour.learn()
    engine.sweep()
    engine.work()
    hit = engine.search("garden budget").evidence[0]
    assert hit.used_with == (file_uri(life / "boiler.txt"),)


def test_traces_can_be_turned_off(tmp_path: Path) -> None:
    off = replace(Config(), watch=Watch(traces=False))
    engine = Engine(open_home(tmp_path / "home"), off)
    path, _ = engine.remember("a thought")
    assert path.name.encode() not in b"".join(
        str(row).encode() for row in engine.journal.read("SELECT * FROM events")
    )
    with pytest.raises(Unavailable, match="as you have set it"):
        engine.behaviour.habits()
    engine.close()
