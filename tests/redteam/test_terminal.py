"""Names, titles and texts that would take over a terminal reach it spelled out, in every command.

Escape sequences, C1 controls and marks that turn the order of reading are put wherever a stranger
can put a text; then all that cairn can be asked is asked.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from cairn.app import cli, main
from tests.conftest import wait_until

EVIL = "\x1b]0;owned\x07\x9b31m\u202elive\u2066\u2028"
_RAW = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")
TURN = {"conversation": f"c{EVIL}", "title": f"Chat{EVIL}", "author": f"Ben{EVIL}",
        "time": "2026-05-02T10:00:00Z", "origin": "person"}  # fmt: skip
COMMANDS = """
ask what does the heron cost?|ask --explain heron cost|ask -c and when?|ask gibberish zxqv
search heron|search -l heron|search heron --from Ben|search heron --around 2|show 1|show 2
open 1 --print|changes --since 2026-01-01|day 2026-05-02|day|habits|why-not {file}
why-not {file} --for heron|why-not {folder}|findability|sources|sources detect|chats|tree
tree heron|tree show heron|tree show e_crane77|tree birds|tree log|tree diff
review --list|review|profile|graph heron|graph|private status|bench self
status|status --failed|doctor|model list|paths|config get|daemon status|service status
remember The heron {evil} eats frogs.|import {chat}|add {folder}
wrong 1 --dry-run|move heron garden --dry-run|merge heron garden --dry-run|archive heron --dry-run
forget heron --dry-run|export {out}|backup {backup}|backup --check {backup}|restore {out}|good|bad
tree undo|edit heron|nonsense{evil}|ask --{evil}|why-not {evil}|search heron --json|tree --json
sources --json|chats --json|show 1 --json|remove {folder}
"""


@pytest.fixture
def hostile(tmp_path: Path) -> Iterator[dict[str, str]]:
    folder = tmp_path / f"life{EVIL}"
    folder.mkdir()
    file = folder / f"heron{EVIL}.md"
    file.write_text(
        f"---\ntitle: Heron {EVIL}\ntags: [bird{EVIL}]\n---\n# Heron {EVIL}\n\n"
        f"We decided that the heron {EVIL} costs 12 euros {EVIL}.\n\n- [ ] Feed the heron {EVIL}\n"
    )
    chat = folder / f"chat{EVIL}.turns.jsonl"
    texts = [f"My heron {EVIL} weighs two kilos.", f"I prefer the heron {EVIL} in May."]
    chat.write_text("".join(json.dumps({**TURN, "text": text}) + "\n" for text in texts))
    (folder / f"mail{EVIL}.eml").write_text(
        f"From: Ana {EVIL} <ana@example.org>\nSubject: heron {EVIL}\n"
        f"Date: Sat, 2 May 2026 10:00:00 +0000\n\nThe heron {EVIL} flew at 12:30.\n"
    )
    entry = tmp_path / "home" / "tree" / "birds" / f"crane{EVIL}.md"
    entry.parent.mkdir(parents=True, mode=0o700)
    evil = json.dumps(EVIL)
    fields = ("title", "subject", "attribute", "value", "curator")
    entry.write_text(
        "---\nid: e_crane77\n" + "".join(f"{name}: {evil}\n" for name in fields) +
        f"tags: [{evil}]\naliases: [{evil}]\nrelations:\n  - {{type: {evil}, to: {evil}}}\n"
        f"sources:\n  - {{uri: {evil}, when: {evil}, who: {evil}, quote: {evil}}}\n---\n"
        f"The crane {EVIL} eats the heron.\n"
    )  # fmt: skip
    (folder / f"broken{EVIL}.pdf").write_bytes(b"%PDF-1.7\n" + bytes(50))
    yield {"folder": str(folder), "file": str(file), "chat": str(chat), "evil": EVIL,
           "out": str(tmp_path / f"out{EVIL}"),
           "backup": str(tmp_path / f"backup{EVIL}")}  # fmt: skip
    run(["daemon", "stop"])


def run(arguments: list[str]) -> int:
    """As the command would in a process of its own, which takes a second to start each time."""
    sys.argv = ["cairn", *arguments]
    try:
        main.main()
    except SystemExit as end:
        return int(end.code or 0)
    raise AssertionError("a command ends with a status")


@pytest.mark.timeout(400)
def test_nothing_reaches_the_terminal_raw(
    hostile: dict[str, str], monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str],
    tmp_path: Path,
) -> None:  # fmt: skip
    monkeypatch.setattr("sys.argv", [])
    monkeypatch.setenv("EDITOR", "true")
    monkeypatch.setenv("BROWSER", "true")
    (tmp_path / "home" / "models").mkdir(parents=True, mode=0o700)
    (tmp_path / "home" / "models" / f"m{EVIL}.gguf").write_bytes(b"GGUF" + bytes(20))
    assert run(["add", hostile["folder"]]) in (0, 4)
    assert run(["import", hostile["chat"]]) in (0, 4)
    capfd.readouterr()

    def found() -> bool:
        run(["search", "heron"])
        return "heron" in capfd.readouterr().out

    wait_until(found, 120)
    lines = [each for row in COMMANDS.split("\n") for each in row.split("|") if each]
    broken, told = [], 0
    for line in lines:
        words = [word.format(**hostile) for word in line.split(" ")]
        code = run(words)
        shown = "".join(capfd.readouterr())
        told += "heron" in shown
        if raw := _RAW.search(shown):
            broken.append((line, shown[max(0, raw.start() - 60) :][:160]))
        assert code != 70, (line, shown)
    assert not broken, broken
    assert told > 15, "too few of the commands had anything to show"


def test_every_command_is_tried() -> None:
    """But those that ask nothing of the memory, or take the terminal for themselves."""
    aside = {"watch", "mcp", "completion", "rebuild", "demo"}
    tried = {each.split(" ")[0] for row in COMMANDS.split("\n") for each in row.split("|") if each}
    assert set(cli.FILES) - aside <= tried
