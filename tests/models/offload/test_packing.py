"""The packed file of a model whose neurons rest: made whole, and believed only then."""

from __future__ import annotations

import errno
import os
import shutil
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from cairn import native
from cairn.core.errors import Unavailable
from cairn.core.models.files.gguf_header import read_header
from cairn.core.models.fit.shape import shape_of
from cairn.core.models.offload import opening, packing
from cairn.core.models.offload.choosing import choose
from cairn.core.models.offload.packed import advice, find, layout, path_of
from cairn.core.models.offload.packing import pack
from cairn.core.models.plan import plan_file
from tests.models.dense import Size, make_dense
from tests.models.large import Large, make_large

ROOT = Path(__file__).parent.parent.parent.parent
SIZE = Size(layers=4, width=256, hidden=1024, heads=4, key_heads=4, vocabulary=1024)
_KILLED = """
import os, signal, sys
from pathlib import Path
from cairn.core.models.offload.packing import pack
calls = []
def tell(done, all):
    calls.append(done)
    if len(calls) == 2:
        os.kill(os.getpid(), signal.SIGKILL)
pack(Path(sys.argv[1]), tell)
"""


@pytest.fixture
def model(tmp_path: Path) -> Path:
    return make_large(tmp_path / "m.gguf", Large("nemotron", SIZE, "Q8_0"))


def test_units_hold_the_weights_of_the_model(model: Path) -> None:
    header = read_header(model)
    whole, wanted = pack(model), layout(header)
    layer = wanted.layers[1]
    tensor = next(tensor for tensor in header.tensors if tensor.name == layer.name)
    rows = np.fromfile(model, np.uint8, tensor.size, offset=tensor.offset)
    blocks = rows.reshape(layer.rows, layer.blocks, 34)
    units = np.fromfile(whole, np.uint8, layer.count * layer.unit_size, offset=layer.units)
    units = units.reshape(layer.blocks, 8, layer.rows, 4)
    expected = (blocks[:, :, 2:] ^ 0x80).reshape(layer.rows, layer.blocks, 8, 4)
    assert np.array_equal(units, expected.transpose(1, 2, 0, 3))


def test_packing_that_was_killed_goes_on_where_it_was(model: Path) -> None:
    done = subprocess.run([sys.executable, "-c", _KILLED, str(model)], cwd=ROOT, check=False)
    assert done.returncode == -signal.SIGKILL
    assert find(read_header(model)) is None and not path_of(model).exists()
    part = model.with_name("m.gguf.neurons.part")
    written = {layer.name: layer.sum for layer in _layers(part)}
    assert [bool(total) for total in written.values()] == [True, True, False, False]
    begun = part.stat().st_ino
    whole = pack(model)
    assert whole.stat().st_ino == begun and not part.exists()
    once = whole.read_bytes()
    whole.unlink()
    assert pack(model).read_bytes() == once


def test_what_a_killed_one_has_left_damaged_is_written_anew(model: Path) -> None:
    once = pack(model).read_bytes()
    part = model.with_name("m.gguf.neurons.part")
    path_of(model).rename(part)
    wanted = layout(read_header(model))
    with part.open("r+b") as file:
        file.seek(wanted.layers[2].units + 5)
        file.write(b"\xff\x00\xff")
    assert pack(model).read_bytes() == once


def test_packing_stops_when_it_is_told_to(model: Path) -> None:
    with pytest.raises(Unavailable, match="packing was stopped"):
        pack(model, stop=lambda: True)
    assert find(read_header(model)) is None


@pytest.mark.parametrize("place", [3, 100, -1])
def test_a_file_that_is_damaged_or_cut_counts_as_not_there(model: Path, place: int) -> None:
    path = pack(model)
    if place < 0:
        os.truncate(path, path.stat().st_size - 1)
    else:
        with path.open("r+b") as file:
            file.seek(place)
            byte = file.read(1)
            file.seek(place)
            file.write(bytes([byte[0] ^ 1]))
    assert find(read_header(model)) is None
    assert "damaged or of another model" in advice(read_header(model))
    assert shape_of(read_header(model)).packed == 0


def test_a_file_of_another_model_counts_as_not_there(model: Path, tmp_path: Path) -> None:
    other = make_large(tmp_path / "other.gguf", Large("nemotron", SIZE, "Q8_0"), seed=2)
    shutil.copy(pack(other), path_of(model))
    assert find(read_header(model)) is None
    pack(model)
    assert find(read_header(model)) is not None


def test_models_of_other_kinds_are_refused_in_words(tmp_path: Path) -> None:
    dense = make_dense(tmp_path / "dense.gguf", "Q4_0", Size(layers=2))
    with pytest.raises(Unavailable, match=r"of a kind \(llama\) whose neurons are never at rest"):
        pack(dense)
    mixed = make_large(tmp_path / "k.gguf", Large("nemotron", SIZE, "Q4_K_M"))
    with pytest.raises(Unavailable, match=r"number format .* that can't be packed"):
        pack(mixed)
    parts = Large("nemotron", SIZE, "Q4_0", part_bytes=800_000)
    with pytest.raises(Unavailable, match="lies in several files"):
        pack(make_large(tmp_path / "parts.gguf", parts))
    assert advice(read_header(dense)) == ""


def test_a_disk_without_room_is_told_of_before_anything_is_written(
    model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = shutil.disk_usage(model)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage._replace(free=1 << 20))
    with pytest.raises(Unavailable, match=r"packing needs .* MB in .*, and 1 MB are free"):
        pack(model)
    assert not list(model.parent.glob("*.neurons*"))


def test_a_disk_that_fills_up_meanwhile_is_told_of(
    model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(os, "pwrite", full)
        with pytest.raises(Unavailable, match="the disk is full"):
            pack(model)
    assert find(read_header(model)) is None
    pack(model)
    assert find(read_header(model)) is not None


@pytest.mark.skipif(
    bool(native.load_error()) or not {"avx2", "avx512vnni"} & set(native.levels()),
    reason="others sum in another order",
)
def test_a_plan_uses_the_packed_file_and_does_without_when_it_is_gone(tmp_path: Path) -> None:
    size = Size(layers=4, width=512, hidden=4096, heads=8, key_heads=8, vocabulary=1024)
    model = make_large(tmp_path / "m.gguf", Large("nemotron", size, "Q4_0"))
    header = read_header(model)
    assert "packed, it would read less" in advice(header)
    before = shape_of(header)
    budget = round(0.75 * before.loose)
    assert [group.policy for group in choose(before, budget).groups] == ["dense"]
    pack(model)
    shape = shape_of(header)
    chosen = replace(plan_file(model), offload=choose(shape, budget))
    assert chosen.offload
    assert [group.policy for group in chosen.offload.groups] == ["dense", "sparse"]
    assert chosen.offload.budget <= budget
    assert advice(header) == ""
    for is_packed in (True, False):
        opened = opening.open_model(model, chosen)
        assert opened.store and opened.yielding and opened.store.packed is is_packed
        told = opened.store.statistics()
        assert told.resident <= told.budget <= budget + told.fixed
        opened.yielding._resize(told.least)
        now = opened.store.statistics()
        assert now.budget - now.fixed <= told.least
        opened.api.llama_model_free(opened.model)
        path_of(model).unlink(missing_ok=True)


def _layers(path: Path) -> tuple[packing.Layer, ...]:
    found = packing.read_head(path)
    assert found is not None
    return found.layers
