"""Private mode for a while, and a clock that is put back meanwhile."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from cairn.core.engine import Engine


def test_private_mode_lasts_no_longer_when_the_clock_is_put_back(engine: Engine) -> None:
    moment = datetime(2027, 5, 4, 12, tzinfo=UTC)
    engine.clock = lambda: moment
    engine.private.begin(3600)
    moment -= timedelta(days=365)
    assert "until 2026-05-04" in engine.private.words
    moment += timedelta(minutes=59)
    assert engine.private.is_on
    moment += timedelta(minutes=1)
    assert not engine.private.is_on
