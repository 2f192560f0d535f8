"""Models whose weights are read as they are needed: the same bits, the budget, and trouble."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from cairn import native
from tests.models.dense import Size, make_dense
from tests.models.large import Large, make_large

ROOT = Path(__file__).parent.parent.parent
QUIET = {"OMP_WAIT_POLICY": "passive", "GOMP_SPINCOUNT": "1000"}
pytestmark = [
    pytest.mark.skipif(bool(native.load_error()), reason="there is no native code"),
    pytest.mark.skipif(not sys.platform.startswith("linux"), reason="made for Linux"),
]
EXPERTS = Size(layers=4, width=512, hidden=256, experts=16, used=4, vocabulary=2048)
DENSE = Size(layers=6, width=512, hidden=1536, vocabulary=2048)


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("models")
    parts = Large("qwen3moe", EXPERTS, part_bytes=3_000_000)
    return {
        "experts": make_dense(folder / "experts.gguf", "Q4_0", EXPERTS),
        "experts of K-quants": make_dense(folder / "k.gguf", "Q4_K_M", EXPERTS),
        "in parts": make_large(folder / "parts.gguf", parts),
        "dense": make_dense(folder / "dense.gguf", "Q4_0", DENSE),
        "tied": make_dense(folder / "tied.gguf", "Q4_K_M", Size(layers=8, tied=True)),
    }


def told(case: str, model: Path, share: float) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-m", "tests.models.offloaded", case, str(model), str(share)], cwd=ROOT,
        env={**os.environ, **QUIET}, capture_output=True, text=True, check=False, timeout=100,
    )  # fmt: skip
    assert done.returncode == 0, (done.returncode, done.stderr)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


@pytest.mark.parametrize(
    ("name", "share"),
    [("experts", 0.6), ("experts", 0.3), ("experts of K-quants", 0.5), ("in parts", 0.5),
     ("dense", 0.6), ("dense", 0.3), ("tied", 0.5)],
)  # fmt: skip
def test_scores_are_to_the_bit_those_of_the_whole_model(
    models: dict[str, Path], name: str, share: float
) -> None:
    found = told("exact", models[name], share)
    assert found["same"] == {"1": True, "2": True}
    assert found["trouble"] == ""
    assert found["most"] <= found["budget"]
    assert found["misses"] > 0
    assert found["read_bytes"] > found["budget"]  # it can't all have been there at once


def test_fewer_slots_than_a_prompt_chooses_experts_suffice(models: dict[str, Path]) -> None:
    found = told("exact", models["experts"], 0.18)
    assert found["same"] == {"1": True, "2": True}
    assert found["most"] <= found["budget"]


@pytest.mark.parametrize("name", ["experts", "dense"])
def test_a_model_takes_its_budget_of_memory_and_gives_it_back(tmp_path: Path, name: str) -> None:
    size = Size(layers=8, width=1024, hidden=1024, vocabulary=2048)
    many = Size(layers=8, width=1024, hidden=256, vocabulary=2048, experts=16, used=4)
    model = make_dense(tmp_path / "m.gguf", "Q4_0", many if name == "experts" else size)
    found = told("memory", model, 0.5)
    assert found["resident"] <= found["budget"]
    assert found["took"] <= found["budget"] + (6 << 20)  # what a context takes
    assert found["took"] > found["resident"] / 2
    assert found["closed"] == 0
    assert found["left"] < found["resident"] / 3


@pytest.mark.parametrize("name", ["experts", "dense"])
def test_a_budget_shrinks_and_grows_while_the_model_is_used(
    models: dict[str, Path], name: str
) -> None:
    steps = told("resized", models[name], 0.7)["steps"]
    assert all(step["same"] for step in steps)
    assert all(step["resident"] <= step["budget"] for step in steps)
    assert steps[1]["resident"] < 0.7 * steps[0]["resident"]
    assert steps[2]["resident"] > steps[1]["resident"]


@pytest.mark.parametrize("name", ["experts", "dense"])
def test_a_file_that_is_cut_short_is_told_of_and_nothing_else_happens(
    tmp_path: Path, name: str
) -> None:
    model = make_dense(tmp_path / "m.gguf", "Q4_0", EXPERTS if name == "experts" else DENSE)
    found = told("cut", model, 0.3)
    assert found["before"] == ""
    assert found["first"] == found["again"] == f"{model} was cut short"
    assert found["after"] == ""
    assert found["healed"]


def test_a_file_that_is_removed_is_read_to_the_end(tmp_path: Path) -> None:
    found = told("removed", make_dense(tmp_path / "m.gguf", "Q4_0", EXPERTS), 0.3)
    assert found == {"same": True, "trouble": ""}


def test_models_are_used_at_once_and_one_after_another(models: dict[str, Path]) -> None:
    assert all(told("two", models["experts"], 0.5)["same"])


@pytest.mark.parametrize("name", ["experts", "dense"])
def test_a_budget_that_is_too_small_is_refused(models: dict[str, Path], name: str) -> None:
    found = told("small", models[name], 0.02)
    assert found["refused"].startswith("it needs at least ")
    assert found["refused"].endswith(" MB for the weights that are read as they are needed")


def test_a_llama_cpp_that_is_not_as_known_is_left_alone() -> None:
    code = (
        "from cairn.native import flash\n"
        "print(flash.attach(version='0.25.4'), flash.attach(missing='gguf_free'),"
        " flash.attach(), sep='|')\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    other, missing, none = done.stdout.strip("\n").split("|")
    assert other.startswith("they are made for ggml 0.25.4 (0c1e570), and this is 0.25.3")
    assert (missing, none) == ("gguf_free is missing", "")
