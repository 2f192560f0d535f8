"""The memory planner: what fits, what shrinks first, and what is refused in words."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from cairn.core.errors import Unavailable
from cairn.core.models import plan as module
from cairn.core.models.files.catalogue import offers
from cairn.core.models.fit.machine import Machine, Rate, Speeds
from cairn.core.models.fit.shape import Shape
from cairn.core.models.plan import WINDOW, Plan, plan, plan_file
from tests.models.tiny import make_model

GB = 1 << 30
SPEEDS = Speeds(memory=30e9, disk=2e9, compute=50e9)


def machine(total: float, free: float | None = None, speeds: Speeds = SPEEDS) -> Machine:
    room = total * 0.8 if free is None else free
    return Machine(int(total * GB), int(room * GB), 4, speeds)


def shape(name: str) -> Shape:
    return next(offer.shape for offer in offers() if offer.name == name)


@pytest.mark.parametrize("name", [offer.name for offer in offers()])
@pytest.mark.parametrize("total", [2, 4, 8, 16, 32])
def test_what_fits_leaves_the_machine_its_reserve(name: str, total: int) -> None:
    here = machine(total)
    chosen = plan(shape(name), here)
    if chosen.fits:
        assert chosen.need <= here.free - here.reserve
        assert chosen.need > shape(name).size
        assert 2048 <= chosen.window <= WINDOW
        assert not chosen.reason
    else:
        assert chosen.window == 0
        assert "GB of memory" in chosen.reason


def test_every_machine_from_two_gigabytes_on_has_a_model() -> None:
    best = {
        total: next(each.name for each in offers() if plan(each.shape, machine(total)).fits)
        for total in (2, 4, 8, 16, 32)
    }
    assert best[32] == "qwen3-30b-a3b"
    assert best[16] == "qwen3-8b"
    assert shape(best[2]).size < 1.2e9
    assert shape(best[4]).size < shape(best[8]).size


def test_less_memory_first_halves_the_context_then_packs_it() -> None:
    model = shape("qwen3-4b")
    seen: list[tuple[int, str]] = []
    for free in range(300, 100, -1):
        chosen = plan(model, machine(8, free / 50))
        if (chosen.window, chosen.cache) not in seen:
            seen.append((chosen.window, chosen.cache))
    assert seen == [
        (8192, "f16"), (4096, "f16"), (4096, "q8_0"), (2048, "f16"), (2048, "q8_0"), (0, "f16"),
    ]  # fmt: skip


def test_what_can_not_be_packed_is_not() -> None:
    model = replace(shape("qwen3-4b"), divisible=False)
    caches = {plan(model, machine(8, free / 10)).cache for free in range(60, 20, -1)}
    assert caches == {"f16"}


def test_a_small_window_of_the_model_is_kept_to() -> None:
    assert plan(replace(shape("qwen3-4b"), window=512), machine(16)).window == 512
    assert plan(shape("qwen3-4b"), machine(16), window=4096).window == 4096


def test_it_says_whether_closing_programs_would_help() -> None:
    busy = plan(shape("qwen3-8b"), machine(16, 2.0))
    small = plan(shape("qwen3-8b"), machine(4))
    assert "can be used now" in busy.reason
    assert "more than this machine has" in small.reason
    with pytest.raises(Unavailable) as caught:
        raise busy.refusal()
    assert "cairn model recommend" in caught.value.hint


def test_faster_machines_are_expected_to_be_faster() -> None:
    model = shape("qwen3-4b")
    slow = plan(model, machine(16))
    wide = plan(model, machine(16, speeds=replace(SPEEDS, memory=60e9)))
    quick = plan(model, machine(16, speeds=replace(SPEEDS, memory=60e9, compute=200e9)))
    assert 0 < slow.speed <= wide.speed < quick.speed
    assert quick.answer_s < slow.answer_s
    assert plan(model, machine(16), threads=2).read_speed == slow.read_speed / 2
    unknown = plan(model, machine(16, speeds=Speeds()))
    assert (unknown.speed, unknown.read_speed, unknown.answer_s) == (0, 0, 0)


def test_a_model_of_experts_is_fast_for_its_size() -> None:
    experts, dense = (plan(shape(name), machine(64)) for name in ("qwen3-30b-a3b", "qwen3-8b"))
    assert experts.need > 2 * dense.need
    assert experts.speed > dense.speed


def test_a_file_without_room_is_refused_before_it_is_loaded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = make_model(tmp_path / "tiny.gguf")
    monkeypatch.setattr(module, "look", lambda: machine(8))
    assert isinstance(plan_file(path), Plan)
    monkeypatch.setattr(module, "look", lambda: machine(8, 0.55))
    with pytest.raises(Unavailable, match="needs"):
        plan_file(path)


def test_kernels_that_were_tried_out_say_how_fast_it_will_be() -> None:
    model = replace(shape("qwen3-4b"), kinds=(("Q4_K", 3e9), ("Q6_K", 1e9)))
    plain = machine(16, speeds=replace(SPEEDS, memory=1e12))
    rates = (Rate("Q4_K", 2e-11, 5e-12), Rate("Q6_K", 3e-11, 7e-12), Rate("Q4_0", 1.0, 1.0))
    chosen = plan(model, replace(plain, rates=rates))
    read_s, written_s = (3e9 * 5e-12 + 7e-3) / 4, (3e9 * 2e-11 + 3e-2) / 4
    assert chosen.read_speed == pytest.approx(1 / read_s, rel=0.25)  # products are not all of it
    assert chosen.speed == pytest.approx(1 / written_s, rel=0.35)
    offered = plan(shape("qwen3-4b"), replace(plain, rates=rates))
    assert offered.read_speed > plan(shape("qwen3-4b"), plain).read_speed  # Q4_K_M is mostly Q4_K
    others = replace(model, kinds=(("BF16", 4e9),))
    assert plan(others, replace(plain, rates=rates)).speed == plan(others, plain).speed
