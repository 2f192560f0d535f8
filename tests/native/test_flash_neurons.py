"""Models whose neurons rest: the same bits from a packed file, the budget, and damage."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from cairn import native
from cairn.core.models.offload.packing import pack
from tests.models.dense import Size
from tests.models.large import Large, make_large
from tests.models.routes import Routing

ROOT = Path(__file__).parent.parent.parent
QUIET = {"OMP_WAIT_POLICY": "passive", "GOMP_SPINCOUNT": "1000"}
SIZE = Size(layers=3, width=448, hidden=2048, heads=7, key_heads=7, vocabulary=2048)
pytestmark = [
    pytest.mark.skipif(
        not {"avx2", "avx512vnni"} & set(native.levels()), reason="others sum in another order"
    ),
    pytest.mark.skipif(not sys.platform.startswith("linux"), reason="made for Linux"),
]


def make(folder: Path, mix: str, resting: float = 0.93, skew: float = 1.0) -> Path:
    model = Large("nemotron", SIZE, mix, Routing(skew=skew), resting)
    path = make_large(folder / f"{mix}.gguf", model)
    pack(path)
    return path


def told(case: str, model: Path, share: float) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-m", "tests.models.sparse", case, str(model), str(share)], cwd=ROOT,
        env={**os.environ, **QUIET}, capture_output=True, text=True, check=False, timeout=100,
    )  # fmt: skip
    assert done.returncode == 0, (done.returncode, done.stderr)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


@pytest.mark.parametrize("mix", ["Q4_0", "Q8_0"])
@pytest.mark.parametrize("share", [0.0, 0.15, 1.0])
def test_scores_are_to_the_bit_those_of_the_whole_model(
    tmp_path: Path, mix: str, share: float
) -> None:
    found = told("exact", make(tmp_path, mix), share)
    assert found["same"] == {"1": True, "2": True}
    assert found["trouble"] == ""
    assert found["most"] <= found["budget"]
    assert found["misses"] > 0
    assert found["hits"] > 0 or not share


def test_a_budget_shrinks_and_grows_while_the_model_is_used(tmp_path: Path) -> None:
    found = told("resized", make(tmp_path, "Q8_0"), 0.5)
    assert found["trouble"] == ""
    assert all(step["same"] for step in found["steps"])
    assert all(step["resident"] <= step["budget"] for step in found["steps"])
    assert found["steps"][1]["resident"] < found["steps"][0]["resident"]
    assert found["steps"][2]["resident"] > found["steps"][1]["resident"]


def test_neurons_that_are_damaged_are_told_of_and_never_computed_with(tmp_path: Path) -> None:
    found = told("damaged", make(tmp_path, "Q4_0", resting=0.3), 0.0)
    assert found["first"] == "the packed file is damaged"
    assert found["after"] == ""
    assert found["healed"]
