"""Documents and windows of conversations as curators read them."""

from __future__ import annotations

import json
from pathlib import Path

from cairn.core.engine import Engine
from cairn.core.tree.curate.material import Utterance
from cairn.core.uris import file_uri
from tests.told import chat, lines, note

AT = "2026-03-08T18:05:00+00:00"


def window(engine: Engine, number: int = 0) -> list[Utterance]:
    sql = "SELECT uri FROM files WHERE uri LIKE 'chat:%!/' || ?"
    ((uri,),) = engine.journal.read(sql, number)
    return engine.curation.gather(str(uri), engine.index)


def test_each_turn_is_its_speakers_with_its_own_address(engine: Engine, tmp_path: Path) -> None:
    chat(engine, tmp_path / "in", (AT, "user", "My rent is 400 euros."), (AT, "other", "Oh."))
    mine, theirs = window(engine)
    assert (mine.who, mine.origin, mine.to) == ("Ana", "user", ("Ben",))
    assert (theirs.who, theirs.origin, theirs.to) == ("Ben", "other", ("Ana",))
    assert (mine.uri, mine.when[:16]) == ("chat:turns/family#t1", AT[:16])


def test_a_window_has_its_own_turns_only(engine: Engine, tmp_path: Path) -> None:
    chat(engine, tmp_path / "in", *((AT, "user", f"This is turn {n}.") for n in range(205)))
    assert [len(window(engine, number)) for number in (0, 1)] == [200, 5]
    assert window(engine, 1)[0].uri.endswith("#t201")


def test_what_cairn_answered_is_not_heard_again(engine: Engine, tmp_path: Path) -> None:
    note(engine, tmp_path / "life" / "garden.md", "The garden budget is 550 euros this year.\n")
    answer = engine.ask("What is the garden budget?").sentences[0].text
    later = "2099-03-08T18:05:00+00:00"
    chat(engine, tmp_path / "in", (later, "user", "What did cairn say of the garden?"),
         (later, "assistant", f"{answer} That is what I have found out."))  # fmt: skip
    said = [each.text for each in window(engine)]
    assert said == ["What did cairn say of the garden?", "That is what I have found out."]


def test_questions_to_cairn_are_no_source(engine: Engine, tmp_path: Path) -> None:
    note(engine, tmp_path / "life" / "garden.md", "The garden budget is 550 euros.\n")
    engine.ask("I decided to move to Berlin, what of the garden budget?")
    engine.sweep()
    engine.work()
    assert not any("Berlin" in each.entry.body for each in engine.tree.catalogue.all())


def test_entries_are_not_read_for_entries(engine: Engine, tmp_path: Path) -> None:
    note(engine, tmp_path / "life" / "garden.md", "The garden budget is 550 euros.\n")
    (filed,) = engine.tree.catalogue.all()
    uri = file_uri(engine.tree.files.path(filed.path))
    assert engine.journal.file(uri) and engine.curation.gather(uri, engine.index) == []


def test_paragraphs_have_their_own_lines_and_no_day_that_nobody_wrote(
    engine: Engine, tmp_path: Path
) -> None:
    path = tmp_path / "life" / "garden.md"
    note(engine, path, "# Garden\n\nThe first one.\n\n- An item.\n- Another item.\n", "2026-03-08")
    found = engine.curation.gather(file_uri(path), engine.index)
    texts = {each.text: each for each in found}
    assert texts["- Another item."].uri == f"{file_uri(path)}#L6"
    assert texts["The first one."].when == ""  # files are copied, and touched
    assert {each.origin for each in found} == {"document"}


def test_a_file_of_turns_is_read_turn_by_turn(engine: Engine, tmp_path: Path) -> None:
    path = tmp_path / "life" / "a.turns.jsonl"
    text = lines((AT, "user", "My rent is 400 euros."), (AT, "other", "Oh."),
                 (AT, "assistant", "My rent is 999 euros."))  # fmt: skip
    note(engine, path, text + json.dumps({"text": "Nobody says so.", "time": AT}) + "\n")
    found = engine.curation.gather(file_uri(path), engine.index)
    assert [(each.who, each.text) for each in found[:2]] == [
        ("Ana", "My rent is 400 euros."), ("Ben", "Oh."),
    ]  # fmt: skip
    assert [(each.who, each.origin) for each in found[2:]] == [("", "assistant")] * 2


def test_what_has_left_is_not_read(engine: Engine, tmp_path: Path) -> None:
    path = tmp_path / "life" / "garden.md"
    note(engine, path, "The garden budget is 550 euros.\n")
    path.unlink()
    engine.sweep()
    engine.work()
    assert engine.curation.gather(file_uri(path), engine.index) == []
    assert engine.curation.gather("chat:turns/nobody!/0", engine.index) == []
