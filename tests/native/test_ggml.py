"""Our kernels inside llama.cpp, on small models of real quantizations; in processes of their own,
since what goes wrong here ends a process.
"""

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

ROOT = Path(__file__).parent.parent.parent
QUIET = {"OMP_WAIT_POLICY": "passive", "GOMP_SPINCOUNT": "1000"}
pytestmark = pytest.mark.skipif(bool(native.load_error()), reason="there is no native code")


def run(*arguments: str, **env: str) -> str:
    done = subprocess.run(
        [sys.executable, *arguments], cwd=ROOT, env={**os.environ, **QUIET, **env},
        capture_output=True, text=True, check=False, timeout=100,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


MODELS = {
    "Q4_0": Size(), "Q4_K_M": Size(), "Q8_0": Size(), "Q2_K": Size(), "TQ2_0": Size(),
    "tied": Size(tied=True), "experts": Size(hidden=512, experts=8),
}  # fmt: skip


@pytest.fixture(scope="module")
def compared(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """What reading with and without our kernels came to, for each model."""
    folder = tmp_path_factory.mktemp("models")
    paths = []
    for name, size in MODELS.items():
        mix = "Q4_K_M" if name in ("tied", "experts") else name
        paths.append(str(make_dense(folder / f"{name}.gguf", mix, size)))
    told = json.loads(run("-m", "tests.models.running", *paths))
    return dict(zip(MODELS, told, strict=True))


@pytest.mark.parametrize("name", MODELS)
def test_a_model_says_the_same_with_our_kernels(
    compared: dict[str, dict[str, Any]], name: str
) -> None:
    # A router that wavers between experts turns the last bit into another word's chances.
    most = 0.05 if name == "experts" else 1e-3
    for likeness in compared[name]["found"].values():
        assert likeness["divergence"] < most
        assert likeness["agreed"] >= 0.995
        assert likeness["repeats"]


@pytest.mark.parametrize("name", MODELS)
def test_weights_lie_in_our_buffers_until_the_model_is_closed(
    compared: dict[str, dict[str, Any]], name: str
) -> None:
    told, layers = compared[name], 7 * MODELS[name].layers
    assert told["tensors"] == layers + 1  # and the words' scores
    assert told["bytes"] > 1 << 20
    assert told["left"] == 0


LOADING = """
import functools, sys
from pathlib import Path
from cairn.native import ggml
from tests.models.running import Running
ggml.attach = functools.partial(ggml.attach, **{refusal})
print(ggml.attach(), file=sys.stderr)
model = Running(Path(sys.argv[1]), tuple(ggml.TYPES))
model.read([1, 300, 301])
print(ggml.attach(), ggml.held().tensors, model.scores().argmax(), sep="|")
"""


@pytest.mark.parametrize(
    ("refusal", "reason"),
    [
        ({"version": "0.25.4"}, "they are made for ggml 0.25.4 (0c1e570), and this is 0.25.3"),
        ({"missing": "ggml_barrier"}, "ggml_barrier is missing"),
        ({"missing": "ggml_version"}, "ggml_version is missing"),
    ],
    ids=["another version", "a function less", "no version"],
)
def test_a_llama_cpp_that_is_not_as_known_is_left_alone(
    tmp_path: Path, refusal: dict[str, str], reason: str
) -> None:
    model = make_dense(tmp_path / "m.gguf", "Q4_0")
    told = run("-c", LOADING.replace("{refusal}", repr(refusal)), str(model)).split("|")
    assert told[0].startswith(reason)
    assert told[1] == "0"
    stock = run("-c", LOADING.replace("{refusal}", "{'level': 'numpy'}"), str(model)).split("|")
    assert stock[0] == "the compiled kernels are switched off"
    assert told[2] == stock[2]


@pytest.mark.parametrize("level", native.levels()[1:])
def test_every_level_gives_the_same_scores(tmp_path: Path, level: str) -> None:
    model = make_dense(tmp_path / "m.gguf", "Q4_K_M", Size(layers=1))
    code = (
        "import sys; from pathlib import Path; from cairn.native import ggml\n"
        "from tests.models.running import Running\n"
        "model = Running(Path(sys.argv[1]), tuple(ggml.TYPES))\n"
        "model.read([1, 300, 301])\n"
        "print(ggml.held().tensors, model.scores().tobytes().hex())\n"
    )
    tensors, scores = run("-c", code, str(model), CAIRN_NATIVE_LEVEL=level).split()
    if tensors == "0":
        pytest.skip("our kernels have no such level")
    assert scores == run("-c", code, str(model)).split()[1]


def test_memory_comes_back_however_often_a_model_is_loaded(tmp_path: Path) -> None:
    model = make_dense(tmp_path / "m.gguf", "Q4_0", Size(layers=8, width=1024, hidden=2048))
    code = (
        "import sys; from pathlib import Path; from cairn.native import ggml\n"
        "from tests.models.running import Running, resident\n"
        "path, seen = Path(sys.argv[1]), []\n"
        "for _ in range(6):\n"
        "    model = Running(path, tuple(ggml.TYPES), window=64, batch=16)\n"
        "    model.read([1, 300, 301]); held = ggml.held().bytes; model.close()\n"
        "    seen.append(resident())\n"
        "print(held, *seen)\n"
    )
    held, first, *later = map(int, run("-c", code, str(model)).split())
    assert max(later) - first < held / 2
