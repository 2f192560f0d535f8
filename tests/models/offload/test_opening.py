"""A plan that leaves weights on the disk: the same text, whichever way they are read."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import pytest

from cairn import native
from cairn.core.errors import Unavailable
from cairn.core.models.files.gguf_header import read_header
from cairn.core.models.fit.shape import shape_of
from cairn.core.models.offload import opening
from cairn.core.models.offload.choosing import choose
from cairn.core.models.plan import Plan, plan_file
from cairn.core.models.writing.generator import Generator, Wanted
from tests.models.dense import Size, make_dense

pytestmark = [
    pytest.mark.skipif(bool(native.load_error()), reason="there is no native code"),
    pytest.mark.skipif(not sys.platform.startswith("linux"), reason="made for Linux"),
]
EXPERTS = Size(layers=3, width=256, hidden=256, experts=16, used=4)
DENSE = Size(layers=4, width=256, hidden=768)


@pytest.fixture(scope="module", params=[EXPERTS, DENSE], ids=["experts", "dense"])
def model(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_dense(tmp_path_factory.mktemp("m") / "m.gguf", "Q4_0", request.param)


def partly(model: Path, share: float) -> Plan:
    shape = shape_of(read_header(model))
    return replace(plan_file(model), offload=choose(shape, round(share * shape.loose)))


def said(model: Path, chosen: Plan) -> str:
    wanted = Wanted([{"role": "user", "content": "Tell me of the sea"}], 24, guess=False)
    return [step.whole for step in Generator(model, chosen).generate(wanted)][-1] or ""


def test_the_text_is_that_of_the_model_in_memory(model: Path) -> None:
    assert said(model, partly(model, 0.6)) == said(model, plan_file(model))


def test_the_store_holds_to_the_budget_of_the_plan(model: Path) -> None:
    chosen = partly(model, 0.6)
    opened = opening.open_model(model, chosen)
    assert opened.store and opened.advice is None and chosen.offload
    told = opened.store.statistics()
    assert told.budget - told.fixed <= chosen.offload.budget
    assert told.resident <= told.budget
    opened.api.llama_model_free(opened.model)
    assert opened.store.statistics().resident == 0


def test_less_memory_is_taken_as_soon_as_others_need_it(model: Path) -> None:
    opened = opening.open_model(model, partly(model, 0.9))
    assert opened.store and opened.yielding
    before = opened.store.statistics()
    opened.yielding._resize(before.least)
    after = opened.store.statistics()
    assert after.budget - after.fixed <= before.least < before.budget - before.fixed
    opened.api.llama_model_free(opened.model)


def test_the_system_is_advised_where_our_buffers_are_refused(
    model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = said(model, plan_file(model))
    chosen = partly(model, 0.6)
    refused = opening.open_model(model, chosen, attach=lambda: "it is another version")
    assert refused.store is None and refused.advice is not None
    advised: list[int] = []
    monkeypatch.setattr(
        opening.Advice, "_advise_on", lambda self, layer, _: advised.append(layer)
    )  # fmt: skip
    monkeypatch.setattr(opening, "open_model", lambda *_, **__: refused)
    monkeypatch.setattr("cairn.core.models.writing.generator.open_model", opening.open_model)
    assert said(model, chosen) == expected
    assert set(advised) == (set(range(3)) if "experts" in str(_names(model)) else set())


def _names(model: Path) -> list[str]:
    return ["experts" for tensor in read_header(model).tensors if "_exps" in tensor.name]


def test_advice_names_whole_pages_of_the_experts_that_were_chosen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = make_dense(tmp_path / "m.gguf", "Q4_0", EXPERTS)
    refused = opening.open_model(model, partly(model, 0.6), attach=lambda: "no")
    assert refused.advice is not None
    asked: list[tuple[int, int]] = []
    monkeypatch.setattr(refused.advice, "_advise", lambda at, size, _: asked.append((at, size)))
    monkeypatch.setattr(
        "cairn.core.models.writing.generator.open_model", lambda *_, **__: refused
    )  # fmt: skip
    said(model, partly(model, 0.6))
    slice_size = 256 * 256 * 18 // 32
    assert asked and all(at % 4096 == 0 for at, _ in asked)
    assert all(slice_size <= size < slice_size + 4096 for _, size in asked)


def test_a_budget_that_is_too_small_is_refused(model: Path) -> None:
    with pytest.raises(Unavailable, match="can't be read as it is needed: it needs at least"):
        opening.open_model(model, partly(model, 0.01))
