"""The short form of `python -m tests.bench.faults`: a few faults, the same each time."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.bench.faults import calls, damage
from tests.bench.faults.shim import is_possible


@pytest.mark.skipif(not is_possible(), reason="needs Linux and a C compiler")
@pytest.mark.timeout(900)
def test_whatever_fails_nothing_accepted_is_lost_or_doubled(tmp_path: Path) -> None:
    with calls.nursery(tmp_path) as made:
        kinds = ("kill", "full", "broken")
        tallies = calls.run(made, 10, 3, kinds)
        tallies["damage"] = damage.run(made, len(damage.PLACES), 3)
    for kind, tally in tallies.items():
        assert tally.injected, kind
        assert tally.faults == [], kind
