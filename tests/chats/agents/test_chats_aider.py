"""aider. Last verified: 2026-11-21 against histories of aider 0.76 to 0.86; every line here was
made for the test."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cairn.core.chats.agents import aider
from cairn.core.chats.source import Transcript
from cairn.core.chats.turn import Checkpoint, Item, State, Turn, Version
from tests.chats.reading import about, items, passed, said, turns, turns_of

HISTORY = """
# aider chat started at 2026-08-10 09:00:00

> Aider v0.86.2  
> Git repo: .git with 3 files  

#### /add seeds.py  
> Added seeds.py to the chat  

#### count the beans  
####   
####     with a loop  

Here is the loop:

```
#### not the user
> not a tool
```

> a quoted line

> Running pytest -q  
> 3 passed  

#### thanks  

#### <blank>  

#### and the peas?  

# aider chat started at 2026-08-11 10:30:00

#### show me the failing query  
"""


def write(folder: Path, text: str = HISTORY) -> Path:
    path = folder / ".aider.chat.history.md"
    path.write_text(text)
    return path


def last_of(found: list[Item]) -> dict[tuple[str, str], Turn]:
    return {(turn.conversation, turn.key): turn for turn in turns_of(found)}


def test_each_start_is_a_conversation_with_the_turns_of_its_authors(tmp_path: Path) -> None:
    path = write(tmp_path)
    assert aider.fits(Transcript(path))
    found = items("aider", path)
    answer = "Here is the loop:\n\n```\n#### not the user\n> not a tool\n```\n\n> a quoted line"
    assert said(found) == [
        ("tool", "Aider v0.86.2\nGit repo: .git with 3 files"),
        ("user", "/add seeds.py"),
        ("tool", "Added seeds.py to the chat"),
        ("user", "count the beans\n\n    with a loop"),
        ("assistant", answer),
        ("tool", "Running pytest -q\n3 passed"),
        ("user", "thanks"),
        ("user", "and the peas?"),
        ("user", "show me the failing query"),
    ]
    told = turns_of(found)
    assert [turn.key for turn in told] == ["1", "2", "3", "4", "5", "6", "7", "9", "1"]
    assert len({turn.conversation for turn in told}) == 2
    assert told[0].when == "2026-08-10T09:00:00" and told[-1].when == "2026-08-11T10:30:00"
    assert told[5].command == "pytest -q"
    assert told[3].line == 10
    assert passed(found) == {"start": 2, "blank": 1}
    assert {each.project for each in about(found).values()} == {str(tmp_path)}
    assert [item.text for item in found if isinstance(item, Version)] == ["0.86.2"]
    assert turns("aider", path) == told


@pytest.mark.parametrize("tail", ["", "> "])
def test_history_that_is_read_in_two_parts_gives_the_same_wherever_it_is_cut(
    tmp_path: Path, tail: str
) -> None:
    path = write(tmp_path)
    at_once = last_of(items("aider", path))
    lines = HISTORY.splitlines(keepends=True)
    for cut in range(1, len(lines) + 1):
        state: State = {}
        write(tmp_path, "".join(lines[:cut]) + tail)
        first = items("aider", path, state)
        write(tmp_path)
        kept = json.loads(json.dumps(state))
        second = items("aider", path, kept)
        assert last_of([*first, *second]) == at_once


def test_reading_goes_on_from_any_checkpoint(tmp_path: Path) -> None:
    path = write(tmp_path)
    found = items("aider", path)
    at_once = last_of(found)
    for number, item in enumerate(found):
        if isinstance(item, Checkpoint):
            after = items("aider", path, dict(item.state))
            assert last_of([*found[:number], *after]) == at_once


def test_reading_on_does_not_begin_anew(tmp_path: Path) -> None:
    path = write(tmp_path)
    state: State = {}
    items("aider", path, state)
    path.write_text(HISTORY + "> Added query.sql to the chat  \n")
    assert [turn.key for turn in turns_of(items("aider", path, state))] == ["1", "2"]


def test_replaced_history_is_read_from_its_beginning(tmp_path: Path) -> None:
    path = write(tmp_path)
    state: State = {}
    items("aider", path, state)
    new = HISTORY.replace("beans", "onions").replace("failing", "slow")
    write(tmp_path, new)
    assert last_of(items("aider", path, state)) == last_of(items("aider", path))
    assert [turn.text for turn in turns("aider", path, state)] == ["show me the slow query"]


def test_history_without_the_ends_of_its_lines_is_told_by_their_beginnings(tmp_path: Path) -> None:
    text = "\n".join(line.rstrip() for line in HISTORY.splitlines()) + "\n"
    found = said(items("aider", write(tmp_path, text)))
    assert ("user", "count the beans\n\n    with a loop") in found
    assert ("tool", "Running pytest -q\n3 passed") in [
        (origin, text.removeprefix("a quoted line\n\n")) for origin, text in found
    ]


def test_same_history_in_another_place_is_the_same_conversation(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name / "garden").mkdir(parents=True)
    one, other = (turns("aider", write(tmp_path / name / "garden")) for name in ("a", "b"))
    assert one == other


def test_very_long_answer_is_told_in_parts(tmp_path: Path) -> None:
    text = HISTORY + "\nlong line\n" * 150_000
    found = turns("aider", write(tmp_path, text))
    answers = [turn for turn in found if turn.text.startswith("long line")]
    assert len(answers) > 1 and len({turn.key for turn in answers}) == len(answers)
    assert sum(turn.text.count("long line") for turn in answers) == 150_000


def test_what_is_no_text_does_no_harm(tmp_path: Path) -> None:
    path = write(tmp_path)
    path.write_bytes(HISTORY.encode() + b"\xff\xfe\0\r\n#### \xc3\x28 hi  \n> \n####\n>\n")
    assert turns("aider", path)[-2].text.endswith("hi")


def test_foreign_markdown_is_not_taken(tmp_path: Path) -> None:
    path = tmp_path / "notes.md"
    path.write_text("# My notes\n\n#### about aider chat started at 2026-01-01\n")
    assert not aider.fits(Transcript(path))
    path.write_text("\n# aider chat started at 2026-08-10 09:00:00\n")
    assert aider.fits(Transcript(path))
