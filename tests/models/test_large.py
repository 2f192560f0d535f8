"""Made models do what they are asked to: routing as told, neurons that rest, parts, any size."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from cairn.core.models.files.gguf_header import read_header
from cairn.core.models.fit.shape import shape_of
from tests.models.large import SMALL_DENSE, SMALL_EXPERTS, Large, make_large
from tests.models.recording import Recording, Taken, reused
from tests.models.routes import Routing

_PROMPT, _WRITTEN = [1, 300, 800], 40


def written(path: Path, neurons: bool = False) -> tuple[list[int], list[list[Taken]]]:
    with Recording(path, neurons=neurons, threads=1) as recording:
        return recording.write(_PROMPT, _WRITTEN), recording.taken()


@pytest.mark.parametrize("reuse", [0.25, 0.6])
def test_experts_are_taken_again_as_often_as_wanted(tmp_path: Path, reuse: float) -> None:
    wanted = Large("qwen3moe", SMALL_EXPERTS, routing=Routing(reuse=reuse))
    words, taken = written(make_large(tmp_path / "m.gguf", wanted))
    assert len(taken) == _WRITTEN
    assert {len(layer) for word in taken for layer in word} == {SMALL_EXPERTS.used}
    assert abs(reused(taken) - reuse) < 0.08
    assert len(set(words)) == _WRITTEN


def test_some_experts_are_popular_if_wanted(tmp_path: Path) -> None:
    def share(routing: Routing) -> float:
        """Of what is taken, that the four most popular experts of the first layer have."""
        path = make_large(tmp_path / "m.gguf", Large("qwen3moe", SMALL_EXPERTS, routing=routing))
        counts = np.bincount(np.concatenate([word[0] for word in written(path)[1]]))
        return float(np.sort(counts)[-4:].sum() / counts.sum())

    assert share(Routing()) < 0.45 < 0.6 < share(Routing(skew=1.5))


def test_as_many_neurons_rest_as_wanted(tmp_path: Path) -> None:
    wanted = Large("nemotron", SMALL_DENSE, resting=0.8)
    _, taken = written(make_large(tmp_path / "m.gguf", wanted), neurons=True)
    at_work = np.mean([len(layer) for word in taken for layer in word]) / SMALL_DENSE.hidden
    assert 0.14 < at_work < 0.26


def test_parts_hold_what_the_whole_holds(tmp_path: Path) -> None:
    wanted = Large("qwen3moe", SMALL_EXPERTS)
    whole = read_header(make_large(tmp_path / "whole.gguf", wanted))
    first = make_large(tmp_path / "parts.gguf", replace(wanted, part_bytes=500_000))
    parts = read_header(first)
    assert len(parts.files) > 1
    assert sum(each.size for each in parts.tensors) == sum(each.size for each in whole.tensors)
    assert written(first)[0] == written(whole.path)[0]


@pytest.mark.parametrize("mix", ["Q8_0", "Q4_K_M", "Q2_K", "TQ2_0"])
def test_other_quantizations_write_as_well(tmp_path: Path, mix: str) -> None:
    path = make_large(tmp_path / "m.gguf", Large("llama", SMALL_DENSE, mix))
    shape = shape_of(read_header(path))
    assert (shape.architecture, shape.layers, shape.experts) == ("llama", SMALL_DENSE.layers, 0)
    with Recording(path, threads=1) as recording:
        assert len(set(recording.write(_PROMPT, 8))) == 8
