"""Shell history. Last verified: 2026-11-21 against the manuals of bash 5, zsh 5.9 and fish 4 and
the schema in atuin's migrations."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest

from cairn.core.chats.logs import shell
from cairn.core.chats.source import Transcript
from cairn.core.chats.times import from_epoch
from cairn.core.chats.turn import Checkpoint, State
from tests.chats.reading import about, items, passed, turns_of

BASH = b"""#1786364400
git status
#1786364403
for f in *; do
  echo $f

done
#1786364403
make
#1786364403
make
#1786460000
ls
"""
ZSH = (
    b": 1786364400:0;git status\n"
    b"old command without a time\n"
    b": 1786364403:12;for f in *; do\\\n  echo $f\\\ndone\n"
    b": 1786364405:0;echo \xc3\x83\x80 done\n"
    b": 1786364406:0;echo a\\\n\n"
    b": 1786364407:0;ls\n"
)
FISH = rb"""- cmd: git status
  when: 1786364400
  paths:
    - src
- cmd: echo 'a\nb' \\n
  when: 1786364403
- cmd: lost
- cmd: ls
  when: 1786364410
"""
FILES = {".bash_history": BASH, ".zsh_history": ZSH, "fish_history": FISH}


def write(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


def commands(path: Path) -> list[str]:
    return [turn.text for turn in turns_of(items("shell", path))]


def test_bash_has_its_times_before_the_commands(tmp_path: Path) -> None:
    path = write(tmp_path / ".bash_history", BASH)
    found = items("shell", path)
    loop = "for f in *; do\n  echo $f\ndone"
    assert commands(path) == ["git status", loop, "make", "make", "ls"]
    first = turns_of(found)[0]
    assert (first.origin, first.role, first.command) == ("user", "shell", "git status")
    assert (first.when, first.line) == (from_epoch(1786364400), 2)
    assert len({turn.key for turn in turns_of(found)}) == 5
    days = {turn.when[:10] for turn in turns_of(found)}
    assert {told.title for told in about(found).values()} == {f"Shell, {day}" for day in days}
    assert set(about(found)) == {f"bash-{day}" for day in days} and len(days) == 2


def test_bash_without_times_tells_no_day(tmp_path: Path) -> None:
    path = write(tmp_path / ".bash_history", b"ls\ncd /tmp\n#1786364400\nmake\nls\n")
    found = items("shell", path)
    assert [turn.text for turn in turns_of(found)] == ["make"]
    assert passed(found) == {"without a time": 3}


def test_a_command_of_bash_may_grow_after_it_was_read(tmp_path: Path) -> None:
    path = write(tmp_path / ".bash_history", b"#1786364400\nls |\n")
    state: State = {}
    (first,) = turns_of(items("shell", path, state))
    write(path, b"#1786364400\nls |\n  wc\n#1786364410\nmake\n")
    grown, other = turns_of(items("shell", path, json.loads(json.dumps(state))))
    assert (first.key, first.text) == (grown.key, "ls |")
    assert (grown.text, other.text) == ("ls |\n  wc", "make")


def test_zsh_tells_bytes_and_lines_in_its_own_way(tmp_path: Path) -> None:
    path = write(tmp_path / ".zsh_history", ZSH)
    loop = "for f in *; do\n  echo $f\ndone"
    assert commands(path) == ["git status", loop, "echo à done", "echo a\n", "ls"]
    assert passed(items("shell", path)) == {"without a time": 1}


def test_fish_escapes_lines_and_backslashes(tmp_path: Path) -> None:
    path = write(tmp_path / "fish_history", FISH)
    assert commands(path) == ["git status", "echo 'a\nb' \\n", "ls"]
    assert passed(items("shell", path)) == {"without a time": 1}


@pytest.mark.parametrize("name", FILES)
def test_history_is_known_by_its_name_and_by_its_content(tmp_path: Path, name: str) -> None:
    assert shell.fits(Transcript(write(tmp_path / name, FILES[name])))
    assert shell.fits(Transcript(write(tmp_path / "copy.txt", FILES[name])))


@pytest.mark.parametrize(
    "data", [b"", b"# a heading\ntext\n", b"- cmd\n", b"#12\nls\n", b"a: 1:2;b\n", b"\xff\x00\n"]
)
def test_other_text_is_no_history(tmp_path: Path, data: bytes) -> None:
    assert not shell.fits(Transcript(write(tmp_path / "notes.txt", data)))


@pytest.mark.parametrize("name", FILES)
def test_a_file_cut_anywhere_gives_the_same_turns(tmp_path: Path, name: str) -> None:
    data = FILES[name]
    path = tmp_path / name
    found = items("shell", write(path, data))
    whole = {(turn.conversation, turn.key): turn for turn in turns_of(found)}
    assert len(whole) == len(turns_of(found))
    for cut in range(len(data)):
        first = items("shell", write(path, data[:cut]))
        states = [item.state for item in first if isinstance(item, Checkpoint)]
        state = json.loads(json.dumps(states[-1] if states else {}))
        second = items("shell", write(path, data), state)
        both = {(t.conversation, t.key): t for t in (*turns_of(first), *turns_of(second))}
        assert both == whole
        lost = passed(first).get("without a time", 0) + passed(second).get("without a time", 0)
        assert lost == passed(found).get("without a time", 0)


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_lost_its_beginning_keeps_its_keys(tmp_path: Path, name: str) -> None:
    data = FILES[name]
    path = write(tmp_path / name, data)
    state: State = {}
    keys = [turn.key for turn in turns_of(items("shell", path, state))]
    start = data.index(b"1786364403") - {".bash_history": 1, ".zsh_history": 2}.get(name, 0)
    start = data.rindex(b"- cmd", 0, start) if name == "fish_history" else start
    again = [turn.key for turn in turns_of(items("shell", write(path, data[start:]), state))]
    assert again == keys[1:]


def test_hostile_lines_take_little_time(tmp_path: Path) -> None:
    bash = b"#1786364400\n" + b"x\n" * 30_000 + b"#99999999999999\n#1786364401\n" + b"y" * 500_000
    assert len(commands(write(tmp_path / ".bash_history", bash + b"\n"))) == 2
    zsh = b": 1786364400:0;a\\\n" + b"x\\\n" * 30_000 + b": 999999999999999:0;b\n: 0:0;c\n"
    assert commands(write(tmp_path / ".zsh_history", zsh))
    same = b"#1786364400\nls\n" * 3_000
    assert len({turn.key for turn in turns_of(
        items("shell", write(tmp_path / ".bash_history", same)))}) == 3_000  # fmt: skip


ATUIN = """CREATE TABLE history (id text PRIMARY KEY, timestamp integer NOT NULL,
    duration integer NOT NULL, exit integer NOT NULL, command text NOT NULL, cwd text NOT NULL,
    session text NOT NULL, hostname text NOT NULL, deleted_at integer, author text, intent text,
    {} UNIQUE (timestamp, cwd, command))"""


class Atuin:
    def __init__(self, path: Path, more: str = "author_kind integer,") -> None:
        self.path = path
        self.db = sqlite3.connect(path)
        self.db.execute(ATUIN.format(more))

    def ran(self, id: str, command: object, at: int = 0, deleted: int | None = None,
            author: str = "ana", kind: int | None = None) -> None:  # fmt: skip
        known = {
            "id": id, "timestamp": (1786364400 + at) * 10**9, "duration": 1, "exit": 0,
            "command": command, "cwd": "/w", "session": "s", "hostname": "box:ana",
            "deleted_at": deleted, "author": author,
        }  # fmt: skip
        if kind is not None:
            known["author_kind"] = kind
        marks = ", ".join("?" * len(known))
        sql = f"INSERT INTO history ({', '.join(known)}) VALUES ({marks})"
        self.db.execute(sql, list(known.values()))
        self.db.commit()


def test_atuin_is_read_from_where_it_was_left(tmp_path: Path) -> None:
    atuin = Atuin(tmp_path / "history.db")
    atuin.ran("a", "git status")
    atuin.ran("b", "export TOKEN=1", at=1, deleted=5)
    state: State = {}
    found = items("shell", atuin.path, state)
    assert shell.fits(Transcript(atuin.path))
    assert [(turn.key, turn.text, turn.when) for turn in turns_of(found)] == [
        ("a", "git status", from_epoch(1786364400))
    ]
    assert passed(found) == {"deleted": 1}
    state = json.loads(json.dumps(state))
    assert items("shell", atuin.path, state) == []
    atuin.ran("c", "make", at=2)
    assert [turn.text for turn in turns_of(items("shell", atuin.path, state))] == ["make"]
    atuin.db.execute("DELETE FROM history WHERE id = 'c'")
    atuin.ran("d", "ls", at=3)
    assert "ls" in [turn.text for turn in turns_of(items("shell", atuin.path, state))]


@pytest.mark.parametrize(
    ("author", "kind", "more", "origin"),
    [
        ("ana", None, "author_kind integer,", "user"),
        ("claude", 1, "author_kind integer,", "tool"),
        ("claude", None, "author_kind integer,", "user"),
        ("claude-code", None, "", "tool"),
        ("ana", None, "", "user"),
        ("", None, "", "user"),
    ],
)
def test_what_an_agent_ran_is_not_the_users(
    tmp_path: Path, author: str, kind: int | None, more: str, origin: str
) -> None:
    atuin = Atuin(tmp_path / "history.db", more)
    atuin.ran("a", "ls", author=author, kind=kind)
    assert [turn.origin for turn in turns_of(items("shell", atuin.path))] == [origin]


def test_another_table_named_history_is_no_shell(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "history.db") as db:
        db.execute("CREATE TABLE history (id, url, title)")
    assert not shell.fits(Transcript(tmp_path / "history.db"))
