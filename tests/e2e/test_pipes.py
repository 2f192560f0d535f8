"""Commands among other programs: text piped in, paths piped out, several folders, clean paths."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

from tests.conftest import Cairn

DIFF = "--- a/garden.md\n-beds\n+We agreed on 400 euros for the garden budget.\n"
RUN = [sys.executable, "-P", "-m", "cairn.app"]


def test_what_is_piped_in_is_what_this_means(cairn: Cairn, life: Path) -> None:
    cairn("add", str(life))
    ran = cairn("ask", "what do we know about this?", stdin=DIFF)
    assert "400 euros" in ran.out and "understood as" in ran.out
    told = json.loads(cairn("ask", "what about this?", "--json", stdin=DIFF).out)["data"]
    assert "garden" in told["words"] and told["question"] == "what about this?"
    assert told["related"][0]["path"] == str(life / "garden.md")
    unknown = cairn("ask", "did we decide this?", stdin="quux zyzzyva\n")
    assert unknown.code == 1
    assert "none of the piped text's words" in unknown.err
    near = cairn("ask", "who painted this?", stdin="a garden of marble statues\n")
    assert near.code == 1 and "the nearest to what was piped in" in near.err
    assert str(life / "garden.md") in near.out


def test_a_file_on_stdin_is_left_to_whoever_reads_it(cairn: Cairn, tmp_path: Path) -> None:
    lines = tmp_path / "questions.txt"
    lines.write_text("first\nsecond\n")
    loop = f'while read line; do {" ".join(RUN)} ask "is there $line?"; done'
    with lines.open() as file:
        done = subprocess.run(
            ["sh", "-c", loop], stdin=file, capture_output=True, text=True, check=False
        )
    assert "first" in done.stdout and "second" in done.stdout


def test_a_pipe_in_which_nothing_is_said_holds_no_question_up(cairn: Cairn) -> None:
    cairn("status")
    process = subprocess.Popen(
        [*RUN, "ask", "anything?"], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )  # fmt: skip
    started = time.monotonic()
    assert process.wait(60) == 1
    assert time.monotonic() - started < 60
    assert process.stdin
    process.stdin.close()


def test_letters_that_are_not_utf8_are_refused_and_never_lost(cairn: Cairn) -> None:
    for words in (["remember"], ["ask"], ["search"], ["forget"], ["wrong"], ["tree"], ["graph"]):
        ran = cairn(*words, os.fsdecode(b"J\xf6rg owes 42"))
        assert ran.code == 2 and "not UTF-8 text" in ran.err and "iconv" in ran.err, (words, ran)
    told = cairn("tree", "show", os.fsdecode(b"\xff"), "--json")
    assert json.loads(told.out)["error"]["kind"] == "ConfigError"
    latin = subprocess.run(
        [*RUN, "remember", "-"], input=b"M\xfcller owes 41 euro\n", capture_output=True, check=False
    )
    assert latin.returncode == 2 and b"not UTF-8 text" in latin.stderr
    assert "owes" not in cairn("tree").out


def test_a_command_whose_locale_is_not_utf8_loses_no_letter(cairn: Cairn) -> None:
    cairn("status")
    cairn.env |= {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    assert cairn("remember", "Müller owes 41 euro").code == 0
    cairn.env.clear()
    assert "Müller owes 41 euro" in cairn("tree").out


def test_paths_are_listed_for_other_programs(cairn: Cairn, life: Path) -> None:
    odd = life / "with a\nline break.txt"
    odd.write_text("The zeppelin costs 9 euros.\n")
    cairn("add", str(life))
    assert cairn("search", "-l", "euros", "garden").out.splitlines()[0] == str(life / "garden.md")
    found = cairn("search", "-0", "zeppelin", "euros").out.split("\0")
    assert str(odd) in found and found[-1] == ""
    assert "\\x0a" in cairn("search", "-l", "zeppelin").out


def test_several_folders_are_added_at_once_by_clean_paths(
    cairn: Cairn, life: Path, tmp_path: Path
) -> None:
    more, work = tmp_path / "more", tmp_path / "work"
    more.mkdir()
    work.mkdir()
    (more / "lease.txt").write_text("The lease ends on 31 August 2027.\n")
    done = subprocess.run(
        [*RUN, "add", "../life", "../more", "--json"], capture_output=True, text=True, cwd=work,
        check=False, env={**os.environ, **cairn.env},
    )  # fmt: skip
    added = json.loads(done.stdout)["data"]["added"]
    assert [each["path"] for each in added] == [str(life), str(more)]
    assert [each["indexed_here"] for each in added] == [2, 1]
    paths = [root["path"] for root in json.loads(cairn("status", "--json").out)["data"]["roots"]]
    assert str(life) in paths and str(more) in paths
