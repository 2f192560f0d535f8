"""`cairn ask` with a model that writes, as a person would use it: in a pipe, on a terminal."""

from __future__ import annotations

import json
import os
import pty
import re
import select
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.conftest import Cairn, wait_until
from tests.models.copying import make_copying

ASKED = "What did we agree on for the Garden budget?"
QUOTED = "We agreed on 400 euros for the garden budget."


@pytest.fixture
def writing(cairn: Cairn, tmp_path: Path) -> Cairn:
    (tmp_path / "life").mkdir()
    (tmp_path / "life" / "garden.md").write_text(f"# Garden budget\n\n{QUOTED}\n")
    (tmp_path / "life" / "receipts.md").write_text(
        "# Receipts\n\nAna keeps the receipts in the cellar.\n"
    )
    model = make_copying(tmp_path / "copying.gguf")
    (tmp_path / "config.toml").write_text(f'[models]\ngenerator = "{model}"\n')
    assert cairn("add", str(tmp_path / "life")).code == 0
    return cairn


def test_the_answer_says_which_model_wrote_it(writing: Cairn) -> None:
    plain = writing("ask", ASKED)
    assert f"{QUOTED} [1]\n" in plain.out
    assert "written by copying" in plain.err
    data = json.loads(writing("ask", "--json", ASKED).out)["data"]
    assert (data["tier"], data["model"], data["left_out"]) == (4, "copying", 0)
    assert data["sentences"] == [{"text": QUOTED, "citations": [1], "inferred": False}]


def test_quick_and_no_daemon(writing: Cairn) -> None:
    for arguments in (("ask", "--quick"), ("ask", "--explain", "--quick")):
        found = writing(*arguments, ASKED)
        assert QUOTED in found.out
        assert "written by" not in found.err
    writing("daemon", "stop")
    found = writing("ask", "--no-daemon", ASKED)
    assert f"{QUOTED} [1]\n" in found.out
    assert "written by copying" in found.err


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="finds the process in /proc")
def test_ctrl_c_ends_the_writing_and_shows_what_can_be_quoted(
    writing: Cairn, tmp_path: Path
) -> None:
    writing("ask", "Where does Ana keep the Receipts?")  # the model is loaded
    worker = _worker(tmp_path)
    leader, follower = pty.openpty()
    os.kill(worker, signal.SIGSTOP)  # so that it is not done before anybody can type
    process = subprocess.Popen(
        [sys.executable, "-P", "-m", "cairn.app", "ask", ASKED],
        stdin=follower, stdout=follower, stderr=follower, env={**os.environ, "TERM": "xterm"},
    )  # fmt: skip
    os.close(follower)
    seen = _read(leader, "reading what was found")
    process.send_signal(signal.SIGINT)
    time.sleep(0.3)
    os.kill(worker, signal.SIGCONT)
    seen += _read(leader, "\n\n\n")
    assert process.wait(20) == 0
    os.close(leader)
    assert QUOTED in seen
    assert "the writing was stopped" in re.sub(r"\s+", " ", seen)
    assert "written by" not in seen
    assert "written by copying" in writing("ask", ASKED).err


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="finds the process in /proc")
def test_a_model_that_is_killed_while_it_writes_is_told_and_quoted_instead(
    writing: Cairn, tmp_path: Path
) -> None:
    # So slow that its first word is seen before its last one is written.
    model = make_copying(tmp_path / "slow.gguf", ballast=60_000_000)
    (tmp_path / "config.toml").write_text(f'[models]\ngenerator = "{model}"\n')
    writing("ask", "Where does Ana keep the Receipts?")  # the model is loaded
    worker = _worker(tmp_path)
    leader, follower = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-P", "-m", "cairn.app", "ask", ASKED],
        stdin=follower, stdout=follower, stderr=follower, env={**os.environ, "TERM": "xterm"},
    )  # fmt: skip
    os.close(follower)
    seen = _read(leader, "We")
    os.kill(worker, signal.SIGKILL)
    seen += _read(leader, "\n\n\n")
    assert process.wait(20) == 0
    os.close(leader)
    assert QUOTED in seen
    told = re.sub(r"\s+", " ", seen)
    assert "the model's process ended before it was done; this is quoted instead" in told
    assert "written by" not in seen
    assert "written by slow" in writing("ask", ASKED).err  # by the next process


def _worker(home: Path) -> int:
    found = []

    def look() -> bool:
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit():
                try:
                    line = (entry / "cmdline").read_bytes()
                except OSError:
                    continue
                # Not the one that curates.
                if (
                    b"models.writing.worker" in line
                    and b"\0prompt\0" in line
                    and os.fsencode(home) in line
                ):
                    found.append(int(entry.name))
        return bool(found)

    wait_until(look)
    return found[0]


def _read(leader: int, until: str) -> str:
    """What a terminal shows, up to these words or its end."""
    seen, deadline = b"", time.monotonic() + 30
    while until.encode() not in seen and time.monotonic() < deadline:
        readable, _, _ = select.select([leader], [], [], 1)
        if readable:
            try:
                piece = os.read(leader, 65536)
            except OSError:  # the other side is gone
                break
            if not piece:
                break
            seen += piece
    return seen.decode("utf-8", "replace")
