"""Caches that are compared on traces do what they say: known tiny traces, bounds, monotony."""

from __future__ import annotations

import itertools
from collections.abc import Callable

import numpy as np
import pytest

from cairn.core.models.offload.cost import CHANCE, USUAL, Work, cost
from cairn.core.models.offload.reads import Reads
from tests.bench.flash_caches import Cache, Heat, Pinned, Recent, Trace, Window, best, replay
from tests.bench.flash_traces import Family, make_trace
from tests.models.recording import reused

SMALL = Family(layers=6, experts=32, used=4, slice_mb=1.0, shared_gb=0.1)
CACHES: dict[str, Callable[[int, Trace], Cache]] = {
    "recent": lambda slots, _: Recent(slots),
    "window": lambda slots, _: Window(slots, 4),
    "heat": lambda slots, _: Heat(slots, 16),
    "pinned": Pinned,
}


def trace_of(*words: str) -> Trace:
    """Of one layer that takes an expert or several for each word."""
    return [[np.array([ord(each) for each in word], np.int32)] for word in words]


@pytest.mark.parametrize(
    ("slots", "recent", "belady"),
    [(1, 0, 3 / 8), (2, 2 / 8, 4 / 8), (3, 5 / 8, 5 / 8), (9, 5 / 8, 5 / 8)],
)
def test_a_known_trace_has_known_hits(slots: int, recent: float, belady: float) -> None:
    trace = trace_of(*"abcabaca")
    assert replay(Recent(slots), trace) == recent
    assert best(slots, trace) == belady


def test_the_most_recent_are_useless_where_one_round_does_not_fit() -> None:
    trace = trace_of(*("abcd" * 10))
    assert replay(Recent(3), trace) == 0
    assert replay(Pinned(3, trace), trace) == 0.75
    assert best(3, trace) > 0.6
    assert replay(Recent(4), trace) == 0.9


def test_a_window_forgets_what_was_not_taken_for_so_many_words() -> None:
    trace = trace_of("a", "b", "a", "b", "c", "c", "a")
    assert replay(Window(9, 2), trace) == 3 / 7
    assert replay(Window(9, 4), trace) == 4 / 7 == replay(Recent(9), trace)


def test_heat_keeps_what_is_taken_often_and_lets_go_of_what_was() -> None:
    often = trace_of(*"aaaaaabca")
    assert replay(Heat(2, 100), often) == 6 / 9 > replay(Recent(2), often)
    past = trace_of(*("a" * 20 + "bc" * 20))
    assert replay(Heat(2, 4), past) > 0.8 > 0.6 > replay(Heat(2, 1e9), past)


def test_what_a_layer_takes_at_a_time_is_not_put_out_for_one_another() -> None:
    trace = trace_of("abc", "abc", "abd")
    assert replay(Heat(3, 8), trace) == 5 / 9
    assert replay(Recent(3), trace) == 5 / 9


@pytest.mark.parametrize(("popular", "again"), [(0.0, 0.0), (0.6, 0.3), (1.2, 0.6)])
def test_no_cache_beats_the_one_that_knows_the_future(popular: float, again: float) -> None:
    trace = make_trace(SMALL, 60, popular, again)
    for slots in (12, 40, 100, 192):
        bound = best(slots, trace)
        for name, make in CACHES.items():
            # What was popular in the end is there from the beginning, which nobody could know.
            spared = slots / (60 * SMALL.layers * SMALL.used) if name == "pinned" else 0
            assert replay(make(slots, trace), trace) <= bound + spared + 1e-9, name


@pytest.mark.parametrize("name", [*CACHES, "belady"])
def test_more_room_never_hits_much_less(name: str) -> None:
    trace = make_trace(SMALL, 60, 0.6, 0.3)
    hits = [
        best(slots, trace) if name == "belady" else replay(CACHES[name](slots, trace), trace)
        for slots in range(16, 193, 16)
    ]
    # Of those that are no stacks, as heat, less is possible for a moment.
    least = -0.01 if name == "heat" else 0
    assert all(other - one >= least for one, other in itertools.pairwise(hits))
    assert hits[-1] > hits[0]


def test_traces_are_as_loyal_as_they_are_asked_to_be() -> None:
    chance, loyal = (reused(make_trace(SMALL, 80, 0.0, again)) for again in (0.0, 0.5))
    assert abs(chance - SMALL.used / SMALL.experts) < 0.03
    assert 0.5 < loyal < 0.62


@pytest.mark.parametrize(("popular", "again", "locality"), [(0, 0, CHANCE), (0.6, 0.3, USUAL)])
def test_the_cost_model_expects_the_hits_of_the_cache_that_is_used(
    popular: float, again: float, locality: float
) -> None:
    trace = make_trace(SMALL, 160, popular, again)
    units = SMALL.layers * SMALL.experts
    for share in (0.2, 0.35, 0.5, 0.7):
        work = Work("experts", 1e9, 1e9 / 8, 1e6, 0.02, locality)
        expected = cost(work, share * 1e9, Reads(0, 1e9)).hits
        found = replay(Heat(round(share * units), 48), trace, 60)
        assert abs(found - expected) < 0.1, share
