"""Commands and a daemon of two versions, and two daemons that want one home."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import Cairn, wait_until

_SITE = """
import os
from cairn.app import protocol

protocol.VERSION = os.environ["OF_VERSION"]
"""
"""Run by Python before all else, in the command and in the daemon that it starts."""


@pytest.fixture
def other(tmp_path: Path, cairn: Cairn) -> Cairn:
    """The same commands of a cairn of another version."""
    (tmp_path / "sitecustomize.py").write_text(_SITE)
    return Cairn({"PYTHONPATH": str(tmp_path), "OF_VERSION": "0.0.9"})


def running(cairn: Cairn) -> tuple[str, int, bool]:
    told = json.loads(cairn("status", "--json").out)["data"]["daemon"]
    return told["version"], told["pid"], told["keep"]


def test_the_daemon_of_another_version_gives_way_and_one_that_stays_stays(
    cairn: Cairn, other: Cairn
) -> None:
    other("daemon", "start")
    assert running(other)[0] == "0.0.9"
    asked = cairn("daemon", "status")
    assert asked.code == 3 and "of another version" in asked.err and "restart" in asked.err
    cairn("remember", "a thought for the newer one")
    version, _, stays = running(cairn)
    assert version != "0.0.9" and stays
    other("remember", "another for the older one")  # and back
    assert running(other)[0] == "0.0.9"
    assert running(other)[2]
    wait_until(lambda: "newer one" in other("search", "thought").out)


def test_a_second_daemon_says_so_and_the_first_goes_on(cairn: Cairn) -> None:
    pid = running(cairn)[1]
    second = subprocess.run(
        [sys.executable, "-P", "-m", "cairn.app.daemon", "--keep"],
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert second.returncode == 3
    said = json.loads(second.stdout)
    assert (said["error"], second.stderr) == ("Busy", "")
    assert "another cairn process is using the home" in said["message"]
    assert "cairn daemon status" in said["hint"]
    assert running(cairn)[1] == pid
