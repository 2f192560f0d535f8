"""The indexing thread: what fails once is made up for."""

from __future__ import annotations

from pathlib import Path

import pytest

from cairn.app.pump import Pump
from cairn.core.engine import Engine
from cairn.core.errors import Unavailable
from tests.conftest import wait_until


def test_a_first_sweep_that_fails_is_made_up_for_soon(
    engine: Engine, life: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cairn.app.pump._HEAL_S", 0.1)
    monkeypatch.setattr("cairn.app.pump._AFTER_TROUBLE_S", 0.1)
    engine.folders.register(life)
    really, tries = engine.sweep, 0

    def sweep() -> int:
        nonlocal tries
        tries += 1
        if tries == 1:
            raise Unavailable("the disk is full")
        return really()

    monkeypatch.setattr(engine, "sweep", sweep)
    pump = Pump(engine)
    pump.start()
    try:
        wait_until(lambda: tries == 2 and engine.journal.counts().indexed == 2)
    finally:
        pump.stop()
