"""The tree as a person meets it: look, ask back, correct, undo, review, forget."""

from __future__ import annotations

import json
import os
import pty
import select
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Cairn, wait_until

TURNS = (
    ("2026-03-08T18:05:00+01:00", "My rent is 400 euros. I decided to cancel the gym membership."),
    ("2026-07-08T18:05:00+01:00", "My rent is 380 euros now."),
)


@pytest.fixture
def told(cairn: Cairn, tmp_path: Path) -> Cairn:
    """Somebody whose rent has changed, and who has said so."""
    path = tmp_path / "family.turns.jsonl"
    rows = [
        {"conversation": "f", "title": "Family", "time": at, "author": "Ana", "origin": "user",
         "text": text}
        for at, text in TURNS
    ]  # fmt: skip
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    ran = cairn("import", str(path))
    assert ran.code == 0, ran.err
    wait_until(lambda: "380" in cairn("tree").out, 30)
    return cairn


def data(cairn: Cairn, *command: str) -> dict[str, Any]:
    ran = cairn(*command, "--json")
    assert ran.code == 0, ran.err
    found: dict[str, Any] = json.loads(ran.out)["data"]
    return found


def id_of(cairn: Cairn, word: str) -> str:
    listed = data(cairn, "tree")["entries"]
    (found,) = [each["id"] for each in listed if word in each["title"]]
    return str(found)


def test_an_entry_is_listed_shown_and_its_source_opened(told: Cairn) -> None:
    rent = id_of(told, "380")
    line = next(line for line in told("tree").out.splitlines() if line.startswith(rent))
    assert line.split("\t")[1] == "fact"
    shown = told("tree", "show", rent)
    assert "“My rent is 380 euros now.”" in shown.out and "chat:turns/f#t2" in shown.out
    assert "My rent is 380" in told("show", "1").out
    unknown = told("tree", "show", "nobody", "--json")
    assert unknown.code == 1 and json.loads(unknown.out)["command"] == "tree show"
    assert told("show", rent).out == shown.out
    assert told("tree", "--kind", "decision").out.count("\n") == 1
    assert told("tree", "nowhere").code == 1
    status = told("status").out
    assert "tree      3 entries" in status and "cairn review" in status
    checks = json.loads(told("doctor", "--json").out)["data"]["checks"]
    assert [each["state"] for each in checks if each["name"] == "tree"] == ["ok"]
    told("daemon", "stop")
    assert told("tree", "show", rent, "--no-daemon").out == shown.out


def test_a_question_is_answered_and_the_answer_undone(told: Cairn) -> None:
    (asked,) = data(told, "review")["questions"]
    number = str(asked["id"])
    assert asked["kind"] == "supersede" and number in told("review").out
    ran = told("review", number, "--accept")
    assert ran.code == 0 and "SUPERSEDE" in ran.out and "cairn tree undo" in ran.err
    shown = told("tree", "show", id_of(told, "400")).out
    assert "until 2026-07-08: 400 euros" in shown and "since 2026-07-08: 380 euros" in shown
    assert told("review").code == 1
    again = told("review", number, "--accept")
    assert again.code == 1 and "--reopen" in again.err
    operation = str(data(told, "tree", "log", "-n", "1")["operations"][0]["id"])
    assert "+valid_until" in told("tree", "diff", operation).out.replace(" ", "")
    assert told("tree", "undo", operation).code == 0
    assert "since 2026-03-08" in told("tree", "show", id_of(told, "400")).out
    assert told("tree", "undo", operation).code == 2
    nothing = told("tree", "undo")
    assert nothing.code == 1 and "cairn tree log" in nothing.err
    assert told("review").code == 0
    assert told("review", "--accept").code == 2


def test_a_refused_text_is_kept_and_an_accepted_one_wins(told: Cairn, tmp_path: Path) -> None:
    gym = id_of(told, "gym")
    editor = tmp_path / "editor"
    editor.write_text('#!/bin/sh\nsed -i "s/^kind: .*/kind: [/" "$1"\n')
    editor.chmod(0o700)
    told.env = {"VISUAL": str(editor)}
    refused = told("edit", gym)
    assert refused.code == 2 and "--from" in refused.err
    (copy,) = (tmp_path / "home" / "run").glob("*.md")
    assert "kind: [" in copy.read_text()
    editor.write_text('#!/bin/sh\nsed -i "s/^title: .*/title: Gym cancelled/" "$1"\n')
    done = told("edit", gym)
    assert done.code == 0 and "UPDATE" in done.out
    assert "Gym cancelled" in told("tree").out
    assert told("move", gym, "health").code == 0
    assert (tmp_path / "home/tree/health").is_dir()
    assert told("archive", gym).code == 0 and "Gym" not in told("tree").out
    undone = told("tree", "undo")
    assert undone.code == 0 and "ARCHIVE" in undone.out and "takes back operation" in undone.out
    assert told("archive", gym).code == 0 and "Gym" not in told("tree").out
    assert gym in told("tree", "--archived").out
    assert told("tree", "restore", gym).code == 0 and "Gym" in told("tree").out
    assert told("move", gym, str(tmp_path / "elsewhere")).code == 2
    assert told("tree", "--kind", "decisions").code == 2
    assert f"cairn tree show {gym}" in told("tree", gym).err
    before = told("tree", "restore", "--as-of", "now and then")
    assert before.code == 2 and "2026-03-01" in before.err


def test_from_an_answer_to_what_is_wrong_with_it(told: Cairn) -> None:
    rent = id_of(told, "380")
    told("tree", "show", rent)
    lead = told("wrong", "1")
    assert lead.code == 0 and rent in lead.out and f"cairn wrong {rent} --archive" in lead.err
    lead = told("wrong", rent)
    assert lead.code == 0 and f"cairn wrong {rent} --archive" in lead.err
    assert told("wrong", rent, "--until", "2026-09-01").code == 0
    assert "2026-07-08 to 2026-09-01" in told("tree", "show", rent).out
    screen = _Screen("wrong", rent)
    screen.until("[q]uit")
    screen.press("x")
    screen.until("cairn tree undo")
    assert screen.ended() == 0 and rent not in told("tree").out
    plan = told("forget", "--dry-run", rent)
    assert plan.code == 0 and "where it came from: chat:turns/f#t2" in plan.out
    assert told("forget", rent).code == 2
    assert told("forget", rent, "--yes").code == 0
    assert told("tree", "show", rent).code == 1


def test_one_key_answers_on_a_terminal(told: Cairn) -> None:
    screen = _Screen("review")
    screen.until("[q]uit")
    screen.press("a")
    screen.until("cairn tree undo")
    assert screen.ended() == 0
    assert data(told, "tree", "log", "-n", "1")["operations"][0]["type"] == "SUPERSEDE"


def test_what_hangs_together_is_drawn(told: Cairn, tmp_path: Path) -> None:
    drawn = told("graph", "turns/f", "--depth", "1")
    drawn = drawn if drawn.code == 0 else told("graph", id_of(told, "380"))
    assert drawn.code == 0 and "380" in drawn.out
    file = tmp_path / "graph.graphml"
    assert told("graph", id_of(told, "380"), "--format", "graphml", "-o", str(file)).code == 0
    assert file.read_text().lstrip().startswith("<")
    assert told("graph", "xyzzy").code == 1
    assert told("profile").code in (0, 1)
    path = told("profile", "--path")
    assert path.out.strip() == str(tmp_path / "home/tree/profile.md")


class _Screen:
    """The command on a terminal of its own."""

    def __init__(self, *arguments: str) -> None:
        self._keyboard, screen = pty.openpty()
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", "cairn.app", *arguments],
            stdin=screen, stdout=screen, stderr=screen, close_fds=True,
        )  # fmt: skip
        os.close(screen)
        self._seen = ""

    def until(self, words: str, seconds: float = 90) -> None:
        deadline = time.monotonic() + seconds
        while words not in self._seen:
            assert time.monotonic() < deadline, self._seen
            if select.select([self._keyboard], [], [], 0.2)[0]:
                try:
                    self._seen += os.read(self._keyboard, 65536).decode("utf-8", "replace")
                except OSError:  # Linux says so when the other end is closed
                    break
        assert words in self._seen, self._seen

    def press(self, key: str) -> None:
        time.sleep(0.3)  # what is pressed before the question is dropped
        os.write(self._keyboard, key.encode())

    def ended(self) -> int:
        status = self._process.wait(60)
        os.close(self._keyboard)
        return status
