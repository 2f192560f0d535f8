"""Once its daemon is gone nothing of a home is alive: in short, `faults --only processes`."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.bench.faults import processes

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")


@pytest.mark.parametrize("victim", ["stopped", "home", "beginning"])
def test_no_process_is_left_behind(tmp_path: Path, victim: str) -> None:
    tally = processes.run(tmp_path, 1, 3, (victim,))
    assert tally.injected == 1
    assert tally.faults == []
