"""A home with a daemon that the tests of a module share, and a way to drive the terminal UI."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

GARDEN = """# Garden

## Budget

We agreed on 400 euros for the garden budget.

## Plants

Four tomatoes and runner beans along the fence.
"""


@dataclass(frozen=True)
class Lived:
    env: dict[str, str]
    life: Path

    def run(self, *arguments: str) -> None:
        subprocess.run(
            [sys.executable, "-P", "-m", "cairn.app", *arguments],
            env={**os.environ, **self.env}, check=True, capture_output=True, timeout=240,
        )  # fmt: skip


@pytest.fixture(scope="module")
def home_of_module(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lived]:
    base = tmp_path_factory.mktemp("lived")
    life = base / "life"
    life.mkdir()
    (life / "garden.md").write_text(GARDEN)
    (life / "boiler.txt").write_text("The boiler service cost 189 euros in November 2025.\n")
    (life / "odd.txt").write_text(
        "The [bold]lighthouse[/bold] keeper wrote \x1b[31mred\u202etxt.exe in his [link=x]log.\n"
    )
    env = {"CAIRN_HOME": str(base / "home"), "CAIRN_CONFIG": str(base / "config.toml"),
           "HOME": str(base)}  # fmt: skip
    lived = Lived(env, life)
    lived.run("add", str(life))
    yield lived
    lived.run("daemon", "stop")


@pytest.fixture
def lived(home_of_module: Lived, monkeypatch: pytest.MonkeyPatch) -> Lived:
    for name, value in home_of_module.env.items():
        monkeypatch.setenv(name, value)
    return home_of_module
