"""The commands as a person types them: output, exit codes, and what an error says to do next."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

import pytest

from tests.bench.secrets import run as run_secrets
from tests.conftest import Cairn


@pytest.fixture
def filled(cairn: Cairn, life: Path) -> Cairn:
    ran = cairn("add", str(life))
    assert ran.code == 0, ran.err
    return cairn


def test_ask_answers_with_a_citation(filled: Cairn, life: Path) -> None:
    ran = filled("ask", "what", "did", "the", "boiler", "service", "cost?")
    assert ran.code == 0
    assert "189 euros" in ran.out
    assert f"[1] {life / 'boiler.txt'}:1" in ran.out


def test_one_argument_with_a_space_is_a_question(filled: Cairn) -> None:
    assert "189 euros" in filled("what did the boiler service cost?").out


def test_what_is_not_there_is_said_with_status_1(filled: Cairn) -> None:
    ran = filled("ask", "which dentist did we choose?")
    assert ran.code == 1
    assert ran.out.startswith("Not in your memory")
    assert "dentist" in ran.out


def test_search_prints_one_plain_line_a_hit_into_a_pipe(filled: Cairn, life: Path) -> None:
    ran = filled("search", "garden", "budget")
    first = ran.out.splitlines()[0].split("\t")
    assert first[0] == f"{life / 'garden.md'}:5"
    assert "400 euros" in first[2]
    assert "\x1b" not in ran.out


def test_the_short_way_and_the_full_command_line_agree(filled: Cairn) -> None:
    assert filled("search", "garden").out == filled("search", "--limit", "10", "garden").out
    assert filled("ask", "garden budget?").out == filled("ask", "--", "garden budget?").out


@pytest.mark.parametrize(
    ("command", "fields"),
    [
        (["search", "garden", "--json"], {"query", "hits", "total", "degraded", "timings_ms"}),
        (["ask", "garden budget?", "--json"], {"answered", "sentences", "citations", "tier"}),
        (["status", "--json"], {"home", "counts", "roots", "queue", "daemon"} - {"queue"}),
        (["status", "--failed", "--json"], {"files"}),
        (["paths", "--json"], {"home", "journal", "config"}),
        (["config", "--json"], {"settings"}),
        (["daemon", "status", "--json"], {"running"}),
        (["doctor", "--json"], {"checks"}),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_json_has_one_envelope(filled: Cairn, command: list[str], fields: set[str]) -> None:
    document = json.loads(filled(*command).out)
    assert document["schema_version"] == 1
    assert fields <= document["data"].keys()


def test_errors_have_an_envelope_too(cairn: Cairn) -> None:
    ran = cairn("remove", "/nowhere")
    assert (ran.code, ran.out) == (1, "")
    assert "hint: " in ran.err
    broken = Cairn({"CAIRN_WATCH_QUITE_S": "1"})("ask", "x", "--json")
    document = json.loads(broken.out)
    assert document["error"]["exit_code"] == broken.code == 2
    assert "CAIRN_WATCH_QUIET_S" in document["error"]["hint"]


@pytest.mark.parametrize(
    "command",
    [["ask"], ["search", "-n", "0", "x"], ["nonsense"], ["add"], ["search", "--bogus", "x"]],
)
def test_wrong_usage_is_status_2(cairn: Cairn, command: list[str]) -> None:
    ran = cairn(*command)
    assert ran.code == 2
    assert "Traceback" not in ran.err


def test_adding_what_is_not_there_is_status_1(cairn: Cairn) -> None:
    ran = cairn("add", "/no/such/folder")
    assert ran.code == 1
    assert "doesn't exist" in ran.err


def test_a_file_that_cannot_be_read_is_listed_with_its_reason(cairn: Cairn, life: Path) -> None:
    (life / "broken.pdf").write_bytes(b"%PDF-1.7\nthis is where it ends")
    (life / "picture.txt").write_bytes(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0")
    (life / "empty.md").touch()
    (life / "old.txt").write_bytes("Müller wohnt in Köln".encode("cp1252"))
    with (life / "huge.txt").open("wb") as huge:
        huge.truncate(50_000_000)
    ran = cairn("add", str(life))
    assert ran.code == 4
    assert "1 failed" in ran.err
    lines = {Path(line.split("\t")[1]).name: line.split("\t") for line in
             cairn("status", "--failed").out.splitlines()}  # fmt: skip
    assert {name: line[0] for name, line in lines.items()} == {
        "broken.pdf": "failed", "picture.txt": "skipped", "empty.md": "skipped",
        "huge.txt": "skipped", "old.txt": "note",
    }  # fmt: skip
    assert all(line[2] for line in lines.values())
    assert "Köln" in cairn("search", "Müller").out


def test_only_skipped_files_are_no_failure(cairn: Cairn, life: Path) -> None:
    (life / "empty.md").touch()
    assert cairn("add", str(life)).code == 0


def test_a_thought_from_stdin_is_found_at_once(cairn: Cairn) -> None:
    ran = cairn("remember", "-", stdin="The spare key is with Mrs Novak.\n")
    assert ran.code == 0
    assert Path(ran.out.strip()).read_text().endswith("The spare key is with Mrs Novak.\n")
    assert "Mrs Novak" in cairn("ask", "who has the spare key?").out
    assert cairn("remember", "-", stdin="  \n").code == 2


def test_a_second_add_changes_nothing(filled: Cairn, life: Path) -> None:
    ran = filled("add", str(life))
    assert "0 new or changed" in ran.err
    assert ran.code == 0


def test_rebuild_keeps_what_was_found(filled: Cairn) -> None:
    before = filled("search", "garden").out
    assert filled("rebuild").code == 0
    assert filled("search", "garden").out == before


def test_without_a_daemon_the_same_answer(filled: Cairn) -> None:
    with_daemon = filled("ask", "what did the boiler service cost?")
    busy = filled("ask", "--no-daemon", "what did the boiler service cost?")
    assert busy.code == 3
    assert "--no-daemon" in busy.err
    filled("daemon", "stop")
    alone = filled("ask", "--no-daemon", "what did the boiler service cost?")
    assert alone.out == with_daemon.out


def test_settings_are_listed_read_and_written(cairn: Cairn) -> None:
    assert "watch.quiet_s" in cairn("config").out
    assert cairn("config", "set", "watch.quiet_s", "7").code == 0
    assert cairn("config", "get", "watch.quiet_s").out == "7.0\n"
    assert "config.toml" in cairn("config").out
    wrong = cairn("config", "set", "watch.quiet", "7")
    assert wrong.code == 2
    assert "watch.quiet_s" in wrong.err
    Path(os.environ["CAIRN_CONFIG"]).write_text("[watch]\nquiet_s = 'x'\n")
    assert cairn("ask", "anything").code == 2


def test_doctor_is_content_with_a_healthy_home_and_not_with_a_broken_one(filled: Cairn) -> None:
    healthy = filled("doctor")
    assert healthy.code == 0, healthy.out
    assert "fail" not in healthy.out
    assert re.search(r"vector search +\d+ vectors, all codes \(", healthy.out)  # too few to sieve
    filled("config", "set", "models.embedder", "/no/such/model.gguf")
    broken = filled("doctor")
    assert broken.code == 4
    assert "next: cairn config set models.embedder" in broken.out


def test_control_characters_of_a_file_do_not_reach_the_terminal(cairn: Cairn, life: Path) -> None:
    (life / "evil.txt").write_text("The rhinoceros \x1b[31mis red\x1b]0;title\x07 \u202egnp.exe\n")
    cairn("add", str(life))
    for command in (["search", "rhinoceros"], ["ask", "what is the rhinoceros?"]):
        out = cairn(*command).out
        assert "rhinoceros" in out
        assert not {"\x1b", "\x07", "\u202e"} & set(out)


def test_completion_knows_the_commands() -> None:
    ran = Cairn({"_CAIRN_COMPLETE": "complete_bash", "COMP_WORDS": "cairn re", "COMP_CWORD": "1"})()
    assert {"remember", "rebuild", "remove"} <= set(ran.out.split())


def test_the_demo_answers_three_and_declines_one(cairn: Cairn, tmp_path: Path) -> None:
    ran = cairn("demo")
    assert ran.code == 0, ran.err
    for words in ("189 euros", "31 August 2027", "380 euros", "Earlier, 8 March 2026", "400"):
        assert words in ran.out
    assert "Not in your memory" in ran.out
    assert ran.out.index("380") < ran.out.index("Earlier, 8 March 2026")
    assert not (tmp_path / "home").exists()


def test_no_byte_of_a_planted_secret_reaches_the_home(tmp_path: Path) -> None:
    figures = run_secrets(tmp_path / "planted")
    assert figures["kinds"] >= 60  # type: ignore[operator]
    assert figures["seen_in_the_folder_itself"] >= 60  # type: ignore[operator]
    assert (figures["leaks"], figures["shown"]) == ([], [])


def test_why_a_file_is_not_in_memory_and_what_a_folder_would_come_to(
    cairn: Cairn, life: Path
) -> None:
    (life / ".hidden.md").write_text("x")
    dry = cairn("add", "--dry-run", str(life))
    assert dry.code == 0 and "would be read: 2 files" in dry.out and ".hidden.md" in dry.out
    assert cairn("why-not", str(life / "garden.md")).code == 1
    cairn("add", str(life))
    assert "in memory" in cairn("why-not", str(life / "garden.md")).out
    hidden = cairn("why-not", str(life / ".hidden.md"))
    assert hidden.code == 1 and "begins with a dot" in hidden.out


def test_a_citation_is_shown_by_its_number_and_opened_in_an_editor(
    cairn: Cairn, life: Path, tmp_path: Path
) -> None:
    cairn("add", str(life))
    cairn("ask", "what did we agree on for the garden budget?")
    shown = cairn("show", "1")
    assert shown.code == 0 and "400 euros" in shown.out and ">" in shown.out
    editor = tmp_path / "nano"
    editor.write_text(f'#!/bin/sh\necho "$@" > {tmp_path}/opened\n')
    editor.chmod(0o700)
    cairn.env["VISUAL"] = str(editor)
    assert cairn("open", "1").code == 0
    assert (tmp_path / "opened").read_text().split() == ["+5", str(life / "garden.md")]
    assert cairn("show", "99").code == 1


def test_private_mode_is_shown_everywhere(cairn: Cairn, life: Path) -> None:
    cairn("add", str(life))
    assert cairn("private", "status").code == 1
    assert cairn("private", "on", "--for", "2h").code == 0
    for command in (("status",), ("search", "boiler"), ("ask", "what did the boiler cost?")):
        ran = cairn(*command)
        assert "private mode is on" in ran.out + ran.err, command
    refused = cairn("remember", "a thought")
    assert refused.code == 3 and "private off" in refused.err
    assert cairn("private", "on", "--for", "soon").code == 2
    assert cairn("private", "off").code == 0
    assert cairn("remember", "a thought").code == 0


def test_a_day_is_told(cairn: Cairn, life: Path) -> None:
    cairn("add", str(life))
    assert cairn("day").code == 0
    assert cairn("day", "2001-01-01").code == 1
    assert cairn("day", "someday").code == 2
    assert cairn("habits").code == 1
    assert cairn("habits", "--forget").code == 0
    assert cairn("day").code == 1
