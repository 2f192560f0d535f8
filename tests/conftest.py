"""Every test has homes and settings of its own; nothing of the user's is read or written."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from cairn.core.config import Config
from cairn.core.engine import Engine
from cairn.core.home import open_home


@pytest.fixture(autouse=True)
def _alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith(("CAIRN_", "XDG_"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path / "user"))
    (tmp_path / "user").mkdir(exist_ok=True)  # a daemon of the test before may have been at it
    monkeypatch.setenv("CAIRN_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("CAIRN_CONFIG", str(tmp_path / "config.toml"))


@pytest.fixture
def life(tmp_path: Path) -> Path:
    """A small folder to index."""
    folder = tmp_path / "life"
    folder.mkdir()
    (folder / "garden.md").write_text(
        "# Garden\n\n## Budget\n\nWe agreed on 400 euros for the garden budget.\n\n"
        "## Plants\n\nFour tomatoes and runner beans along the fence.\n"
    )
    (folder / "boiler.txt").write_text("The boiler service cost 189 euros in November 2025.\n")
    return folder


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    opened = Engine(open_home(tmp_path / "home"), Config())
    yield opened
    opened.close()


@dataclass
class Ran:
    code: int
    out: str
    err: str


@dataclass
class Cairn:
    """The installed command, run as a person would."""

    env: dict[str, str] = field(default_factory=dict)

    def __call__(self, *arguments: str, stdin: str = "", timeout: float = 60) -> Ran:
        done = subprocess.run(
            [sys.executable, "-P", "-m", "cairn.app", *arguments],
            input=stdin, capture_output=True, text=True, timeout=timeout,
            env={**os.environ, **self.env}, check=False,
        )  # fmt: skip
        return Ran(done.returncode, done.stdout, done.stderr)

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-P", "-m", "cairn.app", *arguments],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            env={**os.environ, **self.env},
        )  # fmt: skip

    def start_piped(self, *arguments: str) -> subprocess.Popen[str]:
        """With a stdin to write to; its stderr is not looked at."""
        return subprocess.Popen(
            [sys.executable, "-P", "-m", "cairn.app", *arguments],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
            env={**os.environ, **self.env},
        )  # fmt: skip


@pytest.fixture
def cairn() -> Iterator[Cairn]:
    command = Cairn()
    yield command
    command("daemon", "stop")


def wait_until(true: Callable[[], bool], seconds: float = 90.0) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.05)
