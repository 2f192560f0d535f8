"""A model that does not fit, in the processes that hold one: tried, and held to settings."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import pytest

from cairn.core.config import Models
from cairn.core.errors import Unavailable
from cairn.core.models.files.gguf_header import read_header
from cairn.core.models.files.trying import Trying
from cairn.core.models.fit.shape import shape_of
from cairn.core.models.offload.choosing import choose, least
from cairn.core.models.offload.split import loose
from cairn.core.models.plan import Plan, plan_file
from cairn.core.models.writing.generating import Generating
from cairn.native import flash
from tests.models.dense import Size
from tests.models.large import Large, make_large

SIZES = {
    "qwen3moe": Size(layers=4, width=256, hidden=256, experts=16, used=2, heads=4, key_heads=2),
    "llama": Size(layers=8, width=256, hidden=768, heads=4, key_heads=2),
}
pytestmark = pytest.mark.skipif(bool(flash.attach()), reason="our buffers can't be used here")


@pytest.fixture(params=sorted(SIZES))
def model(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    kind: str = request.param
    return make_large(tmp_path / "m.gguf", Large(kind, SIZES[kind]))


def partly(path: Path, share: float = 0.6) -> Plan:
    shape = shape_of(read_header(path))
    budget = max(least(shape), round(share * shape.loose))
    return replace(plan_file(path, threads=1), offload=choose(shape, budget))


def test_what_is_loose_is_what_the_store_reads_as_needed(model: Path) -> None:
    header = read_header(model)
    shapes = {tensor.name: tensor.shape for tensor in header.tensors}
    experts = "_exps" in " ".join(shapes)
    budget = flash.Budget(experts=1) if experts else flash.Budget(dense=1)
    named = {name for name, *_ in flash._order(shapes, budget)} - {"token_embd.weight"}
    assert named == set(loose(shapes, "experts" if experts else "dense"))


def test_it_is_tried_in_a_process_of_its_own_as_well(model: Path, tmp_path: Path) -> None:
    trying = Trying(tmp_path, tmp_path)
    tried = trying.run(model, partly(model), thorough=True, written=4)
    assert tried.speed > 0


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="looks into /proc")
def test_the_process_that_writes_holds_to_the_settings(tmp_path: Path) -> None:
    size = replace(SIZES["llama"], width=512, hidden=2048, window=2048)
    model = make_large(tmp_path / "m.gguf", Large("llama", size))
    shape = shape_of(read_header(model))
    packed = plan_file(model).need - round(shape.cached * size.window * (2 - 34 / 32))
    settings = Models(generator=str(model), memory_gb=(packed - shape.loose // 3) / 1e9, threads=1)
    with pytest.raises(Unavailable, match=r"`models\.memory_gb` allows it less"):
        asked(replace(settings, offload=False), tmp_path)
    assert asked(settings, tmp_path) == asked(replace(settings, memory_gb=0.0), tmp_path)


def asked(settings: Models, logs: Path) -> str:
    generating = Generating(settings, logs, is_polite=False)
    try:
        return generating.generate([("user", "w1 w2")], None, 8)
    finally:
        generating.close()
