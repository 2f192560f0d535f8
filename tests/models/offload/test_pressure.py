"""Memory that gets short is given back at once, and taken again late and little by little."""

from __future__ import annotations

import threading

import pytest

from cairn.core.models.offload.pressure import Grip, Sight, Yielding, adjust, see

MB = 1 << 20
RESERVE = 512 * MB
FULL = Grip(planned=2000 * MB, least=200 * MB, budget=2000 * MB)


def sight(free: int, waiting: float = 0.0) -> Sight:
    return Sight(free * MB, RESERVE, waiting)


def after(grip: Grip, looks: int, seen: Sight) -> Grip:
    for _ in range(looks):
        grip = adjust(grip, seen)
    return grip


def test_nothing_happens_while_nothing_is_short() -> None:
    assert after(FULL, 100, sight(700)).budget == FULL.budget
    assert after(FULL, 100, sight(300)).budget == FULL.budget  # more than half of the reserve


def test_what_is_lacking_is_given_back_at_once() -> None:
    found = adjust(FULL, sight(100))
    assert found.budget == FULL.budget - 412 * MB
    waited_for = adjust(FULL, sight(600, waiting=50))
    assert waited_for.budget == FULL.budget * 7 // 8


def test_who_waits_while_much_is_free_waits_for_something_else() -> None:
    assert after(FULL, 10, sight(4000, waiting=90)).budget == FULL.budget


def test_never_less_is_kept_than_it_runs_with() -> None:
    assert after(FULL, 50, sight(0, waiting=90)).budget == FULL.least


def test_it_comes_back_late_and_little_by_little() -> None:
    short = after(FULL, 3, sight(0))
    assert after(short, 14, sight(4000)).budget == short.budget
    first = after(short, 15, sight(4000))
    assert first.budget == short.budget + FULL.planned // 16
    assert after(short, 60, sight(4000)).budget == FULL.planned
    assert after(short, 14, sight(4000)).calm == 14
    assert adjust(after(short, 14, sight(4000)), sight(100)).calm == 0


@pytest.mark.parametrize("free", [300, 500, 600])
def test_it_does_not_come_back_where_that_would_be_short_again(free: int) -> None:
    short = adjust(FULL, sight(100))
    assert after(short, 100, sight(free)).budget == short.budget
    assert after(short, 100, sight(900, waiting=10)).budget == short.budget


def test_two_that_share_a_machine_come_to_rest() -> None:
    """What one takes the other lacks: neither goes up and down for ever."""
    one, other, total = FULL, FULL, 3600 * MB
    seen = []
    for _ in range(400):
        for first in (True, False):
            free = max(0, total - one.budget - other.budget)
            found = adjust(one if first else other, Sight(free, RESERVE, 0.0))
            one, other = (found, other) if first else (one, found)
        seen.append((one.budget, other.budget))
    assert len(set(seen[-100:])) == 1
    assert total - one.budget - other.budget >= RESERVE // 2


def test_it_is_watched_only_while_at_work() -> None:
    told: list[int] = []
    enough = threading.Event()

    def resize(budget: int) -> None:
        told.append(budget)
        if len(told) >= 3:
            enough.set()

    yielding = Yielding(FULL.planned, FULL.least, resize, lambda: sight(100), every_s=0.001)
    with yielding.at_work():
        assert enough.wait(10)
    count = len(told)
    assert told == sorted(told, reverse=True)
    assert yielding.grip.budget == told[-1]
    assert not threading.Event().wait(0.05) and len(told) == count


def test_this_machine_can_be_seen() -> None:
    found = see()
    assert found.free > 0
    assert found.reserve > 0
    assert 0 <= found.waiting <= 100
