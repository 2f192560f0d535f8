"""What does not fit is read as it is needed: chosen within memory, or refused in words."""

from __future__ import annotations

import json
import re
from dataclasses import asdict, replace
from pathlib import Path

import pytest

from cairn.core.config import Models
from cairn.core.errors import Unavailable
from cairn.core.models import plan as module
from cairn.core.models.files.catalogue import offers
from cairn.core.models.files.gguf_header import read_header
from cairn.core.models.fit.machine import Machine, Speeds
from cairn.core.models.fit.promised import Promised
from cairn.core.models.fit.shape import Shape, shape_of
from cairn.core.models.offload.choosing import SLOWEST, least
from cairn.core.models.offload.reads import Reads
from cairn.core.models.offload.split import Offload, loose, offload_from
from cairn.core.models.plan import Allowed, Plan, load_as_planned, plan, plan_file
from tests.models.large import SMALL_DENSE, SMALL_EXPERTS, Large, make_large

GB = 1 << 30
SPEEDS = Speeds(memory=30e9, disk=2e9, compute=50e9)
MAY = Allowed(offload=True)
DISK = Reads(2e-5, 3e9)


def machine(total: float, free: float, reads: Reads = DISK) -> Machine:
    return Machine(int(total * GB), int(free * GB), 4, SPEEDS, reads=reads)


def shape(name: str) -> Shape:
    return next(offer.shape for offer in offers() if offer.name == name)


def chosen_of(found: Plan) -> Offload:
    assert found.offload is not None
    return found.offload


@pytest.mark.parametrize("name", [offer.name for offer in offers()])
@pytest.mark.parametrize("total", [2, 4, 8, 16])
def test_what_runs_takes_no_more_than_there_is(name: str, total: int) -> None:
    here = machine(total, 0.7 * total)
    found = plan(shape(name), here, allowed=MAY)
    assert found.need <= here.free - here.reserve or not found.runs
    whole = plan(shape(name), here)
    if whole.fits:
        assert found == whole
    elif found.runs:
        assert not found.fits
        assert found.speed >= SLOWEST
        assert least(shape(name)) <= chosen_of(found).budget < chosen_of(found).size
        assert chosen_of(found).stays < found.need < shape(name).size + found.need / 2
    else:
        assert found.reason
        assert found.offload is None


def test_more_memory_holds_more_of_it_and_is_faster() -> None:
    model = shape("qwen3-30b-a3b")
    found = [plan(model, machine(32, free), allowed=MAY) for free in (5, 8, 12, 16)]
    assert all(each.runs for each in found)
    stays = [chosen_of(each).stays for each in found]
    assert stays == sorted(stays)
    speeds = [each.speed for each in found]
    assert speeds == sorted(speeds)
    assert plan(model, machine(32, 24), allowed=MAY).fits


def test_context_is_not_bought_with_much_speed() -> None:
    found = [plan(shape("qwen3-8b"), machine(16, free / 4), allowed=MAY) for free in range(8, 24)]
    running = [each for each in found if each.runs and not each.fits]
    assert running
    assert {each.window for each in running} <= {2048, 4096}
    for free, each in enumerate(found, 8):
        if each in running:
            small = plan(shape("qwen3-8b"), machine(16, free / 4), allowed=MAY, window=2048)
            assert each.speed >= 0.8 * small.speed


def test_it_is_refused_where_it_may_not_or_would_crawl() -> None:
    model, here = shape("qwen3-8b"), machine(8, 3)
    assert plan(model, here, allowed=MAY).runs
    assert not plan(model, here).runs
    slow = plan(model, machine(8, 3, Reads(1e-4, 0.1e9)), allowed=MAY)
    assert not slow.runs
    assert re.search(r"it would write 0\.\d\d tokens a second", slow.reason)
    nothing = plan(model, machine(8, 1), allowed=MAY)
    assert not nothing.runs
    assert "needs" in nothing.reason


def test_a_disk_that_was_not_measured_is_no_reason_to_refuse() -> None:
    unknown = Machine(8 * GB, 3 * GB, 4)
    found = plan(shape("qwen3-8b"), unknown, allowed=MAY)
    assert found.runs
    assert (found.speed, found.answer_s) == (0, 0)
    assert found.window == 4096


def test_the_settings_can_allow_a_model_less_than_is_free() -> None:
    model, here = shape("qwen3-4b"), machine(16, 12)
    assert plan(model, here, allowed=MAY).fits
    settings = Models(memory_gb=2.5)
    less = plan(model, here, allowed=Allowed.by(settings, None))
    assert less.runs and not less.fits
    assert less.need <= 2.5e9
    never = plan(model, here, allowed=Allowed.by(replace(settings, offload=False), None))
    assert not never.runs
    assert "models.memory_gb" in never.reason
    assert "models.memory_gb" in never.refusal().hint


def test_what_works_in_the_background_leaves_half_to_an_answer() -> None:
    model, here = shape("qwen3-30b-a3b"), machine(16, 11)
    behind = plan(model, here, allowed=Allowed.by(Models(), None, is_polite=True))
    left = replace(here, free=here.free - behind.need)
    assert behind.runs and plan(model, left, allowed=MAY).runs
    assert not plan(model, replace(here, free=here.free - plan(model, here, allowed=MAY).need),
                    allowed=MAY).runs  # fmt: skip
    small = shape("qwen3-4b")
    assert plan(small, here, allowed=Allowed.by(Models(), None, is_polite=True)).fits


@pytest.mark.parametrize("kind", ["qwen3moe", "llama"])
def test_the_header_says_what_can_be_read_as_it_is_needed(tmp_path: Path, kind: str) -> None:
    size = SMALL_EXPERTS if kind == "qwen3moe" else SMALL_DENSE
    header = read_header(make_large(tmp_path / "m.gguf", Large(kind, size)))
    found = shape_of(header)
    tensors = {each.name: each for each in header.tensors}
    names = loose(tensors, "experts" if size.experts else "dense")
    assert found.loose == sum(tensors[name].size for name in names) > found.size / 4
    assert len(names) == size.layers * (3 if size.experts else 7)
    assert found.looked_up == tensors["token_embd.weight"].size
    assert found.used == (size.used if size.experts else 0)


def test_the_catalogue_says_about_the_same_of_its_models() -> None:
    dense, experts = shape("qwen3-8b"), shape("qwen3-30b-a3b")
    assert dense.loose + 2 * dense.looked_up == pytest.approx(dense.size, rel=0.01)
    assert 0.06 < dense.looked_up / dense.size < 0.1
    assert shape("qwen3-0.6b").looked_up == 0  # one table for both
    assert 0.94 < experts.loose / experts.size < 0.97


def test_an_encoder_is_not_read_as_it_is_needed() -> None:
    model = replace(shape("qwen3-8b"), architecture="bert")
    assert not plan(model, machine(8, 3), allowed=MAY).runs


def test_a_file_is_planned_with_what_its_disk_can_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = make_large(tmp_path / "m.gguf", Large("qwen3moe", SMALL_EXPERTS))
    monkeypatch.setattr(module, "_choices", lambda shape, most: [(2048, "f16")])
    monkeypatch.setattr(module, "_PREFIXES", 0)
    need, size = plan_file(path).need, shape_of(read_header(path)).loose
    monkeypatch.setattr(module, "look", lambda: Machine(8 * GB, need + GB // 2 - size // 3, 2))
    asked: list[Path] = []

    def settle(kept: Path, file: Path) -> Reads:
        asked.append(file)
        return Reads(1e-5, 1e9)

    monkeypatch.setattr(module, "settle", settle)
    allowed = Allowed(True, disks=tmp_path / "disks.json")
    with pytest.raises(Unavailable, match="needs"):
        plan_file(path)
    found = plan_file(path, allowed=allowed)
    assert asked == [path]
    assert chosen_of(found).budget == pytest.approx(size * 2 / 3, rel=0.3)
    (promised := tmp_path / "promised").mkdir()
    load_as_planned(path, Promised(promised), lambda plan: plan, allowed=allowed)
    (noted,) = promised.glob("*.bytes")
    assert int(noted.read_text()) >= chosen_of(found).budget  # it has them to itself


def test_it_goes_to_another_process_as_plain_fields() -> None:
    found = plan(shape("qwen3-30b-a3b"), machine(16, 8), allowed=MAY)
    sent = json.loads(json.dumps(asdict(found)))
    assert offload_from(sent["offload"]) == found.offload
    assert offload_from(None) is None
