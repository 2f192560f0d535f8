"""Damaged models by the hundred: each runs in the throwaway process, or is refused in words."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import pytest

from cairn.core.errors import CairnError, Unavailable
from cairn.core.models.files.gguf_header import read_header
from cairn.core.models.files.trying import Trying
from cairn.core.models.fit.machine import Machine
from cairn.core.models.fit.shape import shape_of
from cairn.core.models.plan import plan
from cairn.core.process import Child, ChildDied
from tests.models.tiny import make_model

_MACHINE = Machine(8 << 30, 6 << 30, 2)
_MANY = 240


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path = make_model(tmp_path_factory.mktemp("model") / "tiny.gguf", words=("tea",), window=512)
    return path.read_bytes()


@pytest.fixture
def child(tmp_path: Path) -> Iterator[Child]:
    """One process for many files: it stays as long as none of them ends it."""
    opened = Child(
        "cairn.core.models.files.trying_worker", tmp_path / "log",
        env={"OMP_WAIT_POLICY": "passive", "OMP_NUM_THREADS": "1"},
    )  # fmt: skip
    yield opened
    opened.close()


def damaged(data: bytes, chance: random.Random) -> bytes:
    """Cut, or with some bytes changed, mostly where the file describes itself."""
    kind = chance.random()
    if kind < 0.15:
        return data[: chance.randrange(len(data))]
    head = data.index(b"output.weight") + 800
    changed = bytearray(data)
    for _ in range(chance.choice((1, 1, 2, 8))):
        place = chance.randrange(head if kind < 0.85 else len(data))
        changed[place] = chance.choice((0, 1, 255, changed[place] ^ 1 << chance.randrange(8)))
    return bytes(changed)


def test_hundreds_of_damaged_models_end_in_words_or_run(
    whole: bytes, child: Child, tmp_path: Path
) -> None:
    chance, ends, path = random.Random(5), Counter[str](), tmp_path / "damaged.gguf"
    for _ in range(_MANY):
        path.write_bytes(damaged(whole, chance))
        ends[outcome(path, child)] += 1
    assert sum(ends.values()) == _MANY
    # Damage of every sort was met, and most of it before anything native saw the file.
    assert ends["refused"] > 60
    assert ends["ran"] > 10
    assert child.pid is None or ends["fell over"] < _MANY / 4


def outcome(path: Path, child: Child) -> str:
    try:
        chosen = plan(shape_of(read_header(path)), _MACHINE)
        if not chosen.fits:
            raise chosen.refusal()
    except CairnError as error:
        assert error.message
        assert error.hint
        return "refused"
    asked = {
        "op": "try", "path": str(path), "plan": asdict(chosen), "thorough": True, "read": 4,
        "written": 1,
    }  # fmt: skip
    try:
        reply = child.request(asked, deadline_s=60, patient=True).header
    except ChildDied:
        return "fell over"
    if "error" in reply:
        assert reply["error"]
        assert reply["hint"]
        return "would not run"
    assert reply["read_speed"] > 0
    return "ran"


def test_one_that_ends_its_process_is_told_from_the_rest(whole: bytes, tmp_path: Path) -> None:
    path = tmp_path / "evil.gguf"
    path.write_bytes(whole.replace(b"<0x41>", b"<\0x41>"))  # llama.cpp ends itself at this
    chosen = plan(shape_of(read_header(path)), _MACHINE)
    trying = Trying(tmp_path, tmp_path)
    with pytest.raises(Unavailable, match="falls over it") as caught:
        trying.run(path, chosen, written=1)
    assert caught.value.hint
    good = tmp_path / "good.gguf"
    good.write_bytes(whole)
    assert trying.run(good, chosen, written=1).speed > 0


def test_weights_that_are_no_numbers_are_refused(whole: bytes, tmp_path: Path) -> None:
    path = tmp_path / "nan.gguf"
    path.write_bytes(whole)
    header = read_header(path)
    spot = next(each for each in header.tensors if each.name == "output_norm.weight")
    nan = b"\x00\x00\xc0\x7f" * (spot.size // 4)
    path.write_bytes(whole[: spot.offset] + nan + whole[spot.offset + spot.size :])
    chosen = plan(shape_of(header), _MACHINE)
    for thorough in (True, False):
        with pytest.raises(Unavailable, match=r"loaded|damaged"):
            Trying(tmp_path, tmp_path).run(path, chosen, thorough=thorough, written=1)


def test_one_that_takes_too_long_is_ended(whole: bytes, tmp_path: Path) -> None:
    path = tmp_path / "good.gguf"
    path.write_bytes(whole)
    chosen = plan(shape_of(read_header(path)), _MACHINE)
    with pytest.raises(Unavailable, match="still did not run"):
        Trying(tmp_path, tmp_path).run(path, chosen, longest_s=0.01)
