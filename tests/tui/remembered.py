"""What the tests of Memory and Today share: a small life from which entries and questions come."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from os import environ

import pytest

from tests.tui.conftest import Lived

BUDGET = """From: Anna Berger <anna@example.org>
To: David <david@example.org>
Date: Sun, 19 Apr 2026 18:02:11 +0200
Subject: Garden budget
Message-ID: <1@example.org>

Hello David,

We agreed on 380 euros for the garden budget now, instead of the 400 from March.

Anna
"""
TRIP = """From: Mila <mila@example.org>
To: David <david@example.org>
Date: Sat, 2 May 2026 09:30:00 +0200
Subject: Trip
Message-ID: <2@example.org>

The school trip to the lake is on 11 June 2026.
"""
HOSTILE = """---
id: e_hostile1
title: "[bold]shouted[/bold] and [@click=app.quit]press[/]"
kind: fact
created: 2026-05-01
relations:
  - {type: mentions, to: Nobody}
---
# A [red]heading[/red]

- one **bold** thing with `code`
- a [link](file:///etc/passwd) that does nothing
> quoted \x1b[31mred\u202e
"""


@pytest.fixture
def remembered(home_of_module: Lived, monkeypatch: pytest.MonkeyPatch) -> Iterator[Lived]:
    """With entries, a promise for tomorrow, and a question that waits; made once for a module."""
    for name, value in home_of_module.env.items():
        monkeypatch.setenv(name, value)
    lived = home_of_module
    if not (lived.life / "trip.eml").exists():
        (lived.life / "budget.eml").write_text(BUDGET)
        (lived.life / "trip.eml").write_text(TRIP)
        lived.run("add", str(lived.life))
        lived.run("remember", "I will call the plumber by tomorrow")
    yield lived


def told(lived: Lived, *arguments: str) -> str:
    """What a command prints, whatever its status."""
    done = subprocess.run(
        [sys.executable, "-P", "-m", "cairn.app", *arguments],
        env={**environ, **lived.env}, capture_output=True, text=True, timeout=90, check=False,
    )  # fmt: skip
    return done.stdout
