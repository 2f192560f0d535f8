"""Which of our kernels are used: tried out once for a machine, kept, given up where they fail."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from cairn import native
from cairn.core.config import Models
from cairn.core.models.fit.kernels import Kernels, Pace, settle
from cairn.core.models.fit.machine import Rate
from cairn.core.models.writing.generating import Generating
from cairn.native import ggml
from tests.models.dense import make_dense

needs_code = pytest.mark.skipif(bool(native.load_error()), reason="there is no native code")
HELLO = [("user", "w1 w2 w3")]


@pytest.fixture(scope="module")
def tried(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("cache") / "kernels.json"
    settle(file)
    return file


@needs_code
def test_what_was_tried_out_is_kept(tried: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/bin/false")  # nothing can be tried any more
    found = settle(tried)
    assert found.reason == ""
    assert {kind for kind, _ in found.paces} == set(ggml.TYPES)
    assert set(found.types or ()) <= set(ggml.TYPES)


@needs_code
@pytest.mark.parametrize("damage", ["", "{", "[]", '{"of": 1}', '{"of": "another machine"}'])
def test_what_is_damaged_or_of_another_machine_is_found_out_anew(
    tmp_path: Path, damage: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "kernels.json"
    file.write_text(damage)
    monkeypatch.setattr(sys, "executable", "/bin/false")
    assert settle(file).reason
    assert json.loads(file.read_text())["reason"]


def test_a_trial_that_falls_over_leaves_all_to_llama_cpp(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "kernels.json"
    monkeypatch.setattr(sys, "executable", "/bin/false")
    found = settle(file)
    assert "failed" in found.reason
    assert found.types is None
    monkeypatch.undo()
    assert settle(file) == found  # and is not tried again


def test_a_kernel_is_worth_it_if_an_answer_comes_sooner() -> None:
    assert Pace(1.0, 2.0, 1.0, 1.0).is_worth_it
    assert not Pace(1.0, 1.0, 1.0, 1.0).is_worth_it
    assert not Pace(1.0, 9.0, 1.2, 1.0).is_worth_it  # nor may a question take longer to read
    assert not Pace(0.0, 1.0, 0.0, 1.0).is_worth_it  # there is none
    paces = (("Q4_0", Pace(1.0, 2.0, 1.0, 1.0)), ("Q6_K", Pace(2.0, 1.0, 1.0, 1.0)))
    assert Kernels(paces=paces).types == ("Q4_0",)
    assert Kernels("it is another llama.cpp", paces).types is None


def test_each_type_has_the_rate_of_the_kernel_that_runs_it() -> None:
    paces = (("Q4_0", Pace(1.0, 2.0, 3.0, 4.0)), ("Q6_K", Pace(2.0, 1.0, 6.0, 5.0)))
    assert Kernels(paces=paces).rates == (Rate("Q4_0", 1.0, 3.0), Rate("Q6_K", 1.0, 5.0))
    assert Kernels("it is another llama.cpp", paces).rates == ()


@needs_code
def test_a_text_is_the_same_twice_and_in_another_process(tried: Path, tmp_path: Path) -> None:
    model = make_dense(tmp_path / "m.gguf", "Q4_K_M")
    settings = Models(generator=str(model))
    texts = []
    for _ in range(2):
        generating = Generating(settings, tmp_path, kept=tmp_path / "kept", kernels=tried)
        texts += [generating.generate(HELLO, None, 40, guess=guess) for guess in (False, True)]
        generating.close()
    assert texts[0]
    assert len(set(texts)) == 1


def test_a_model_writes_though_the_kernels_were_refused(tmp_path: Path) -> None:
    file = tmp_path / "kernels.json"
    known = settle(file)
    held = json.loads(file.read_text())
    file.write_text(json.dumps(held | {"reason": "it is another llama.cpp"}))
    assert settle(file).types is None
    model = make_dense(tmp_path / "m.gguf", "Q4_0")
    generating = Generating(Models(generator=str(model)), tmp_path, kernels=file)
    refused = generating.generate(HELLO, None, 10)
    generating.close()
    assert refused
    assert known != settle(file)
