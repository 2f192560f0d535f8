"""What a token costs: never more with more memory or a faster disk, and right at the edges."""

from __future__ import annotations

import itertools
from dataclasses import replace

import pytest

from cairn.core.models.offload.cost import CHANCE, USUAL, Work, batch_cost, cost
from cairn.core.models.offload.reads import UNKNOWN, Reads
from cairn.core.models.offload.split import Policy

DISK = Reads(2e-5, 1.6e9)
EXPERTS = Work("experts", 680e6, 85e6, 295e3, 0.0225)
DENSE = Work("dense", 680e6, 680e6, 1 << 20, 0.06)


@pytest.mark.parametrize("work", [EXPERTS, DENSE, replace(EXPERTS, policy="sparse", piece=4e3)])
def test_more_memory_or_a_faster_disk_never_costs_more(work: Work) -> None:
    budgets = [share * work.size / 20 for share in range(22)]
    disks = [Reads(1e-4, 0.2e9), DISK, Reads(1e-5, 7e9)]
    for disk in disks:
        times = [cost(work, budget, disk).token_s for budget in budgets]
        assert all(one >= other for one, other in itertools.pairwise(times))
    for budget in budgets:
        times = [cost(work, budget, disk).token_s for disk in disks]
        assert all(one >= other for one, other in itertools.pairwise(times))
        found = cost(work, budget, DISK)
        assert found.token_s >= found.floor_s >= work.compute_s


def test_with_room_for_all_it_is_as_fast_as_in_memory() -> None:
    for work in (EXPERTS, DENSE):
        found = cost(work, work.size, DISK)
        assert (found.hits, found.read, found.token_s) == (1, 0, work.compute_s)


def test_dense_layers_find_what_stays_and_nothing_else() -> None:
    found = cost(DENSE, DENSE.size / 2, DISK)
    assert found.hits == 0.5
    assert found.read == DENSE.size / 2
    assert found.io_s == pytest.approx(DISK.seconds(found.read, DENSE.piece))
    assert found.token_s < found.io_s + DENSE.compute_s


def test_usual_routing_finds_more_than_chance_does() -> None:
    usual, chance = (
        cost(replace(EXPERTS, locality=locality), EXPERTS.size / 2, DISK).hits
        for locality in (USUAL, CHANCE)
    )
    assert chance == 0.5
    assert 0.7 < usual < 0.85


@pytest.mark.parametrize("policy", ["experts", "dense", "sparse"])
def test_a_disk_that_nobody_measured_says_nothing(policy: Policy) -> None:
    found = cost(replace(EXPERTS, policy=policy), 1e8, UNKNOWN)
    assert (found.token_s, found.io_s) == (0, 0)
    assert found.read > 0


def test_many_tokens_together_share_what_is_read() -> None:
    alone = 256 * cost(EXPERTS, EXPERTS.size / 3, DISK).token_s
    together = batch_cost(EXPERTS, EXPERTS.size / 3, DISK, 256, 256 * EXPERTS.compute_s / 4)
    assert together < alone / 3
    assert batch_cost(EXPERTS, EXPERTS.size, DISK, 256, 1.0) == 1.0
