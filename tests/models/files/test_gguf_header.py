"""A GGUF's header: real files told right; cut, lying and foreign ones refused in words."""

from __future__ import annotations

import os
import struct
import time
from collections.abc import Callable
from pathlib import Path

import gguf
import numpy as np
import pytest

from cairn import assets
from cairn.core.errors import CairnError, NotFound, Unavailable
from cairn.core.models.files.gguf_header import read_header
from cairn.core.models.fit.shape import shape_of
from tests.models.tiny import make_model

_STRING, _ARRAY, _U32, _U64 = 8, 9, 4, 10


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_model(tmp_path_factory.mktemp("model") / "tiny.gguf", words=("tea",))


def text(value: str) -> bytes:
    data = value.encode()
    return struct.pack("<Q", len(data)) + data


def number(key: str, value: int) -> bytes:
    return text(key) + struct.pack("<IQ", _U64, value)


def tensor(name: str, shape: tuple[int, ...], kind: int = 0, offset: int = 0) -> bytes:
    sizes = struct.pack(f"<{len(shape)}Q", *shape)
    return text(name) + struct.pack("<I", len(shape)) + sizes + struct.pack("<IQ", kind, offset)


def write(
    path: Path, *, items: tuple[bytes, ...] = (), tensors: tuple[bytes, ...] = (),
    counts: tuple[int, int] | None = None, version: int = 3, magic: bytes = b"GGUF",
) -> Path:  # fmt: skip
    """A file with the header that is asked for, honest or not."""
    kind = text("general.architecture") + struct.pack("<I", _STRING) + text("llama")
    said = counts or (len(tensors), len(items) + 1)
    head = magic + struct.pack("<IQQ", version, *said) + b"".join((kind, *items, *tensors))
    path.write_bytes(head + bytes(-len(head) % 32) + bytes(4096))
    return path


def test_it_says_what_the_gguf_package_says(model: Path) -> None:
    for path in (model, assets.path("embedder.gguf")):
        header, known = read_header(path), gguf.GGUFReader(path)
        found = [(one.name, one.shape, one.format, one.size, one.offset) for one in header.tensors]
        assert found == [
            (one.name, tuple(int(size) for size in one.shape), one.tensor_type.name,
             int(one.n_bytes), int(one.data_offset))
            for one in known.tensors
        ]  # fmt: skip
        fields = {name for name in known.fields if not name.startswith("GGUF.")}
        assert set(header.lengths) == fields
        assert header.lengths["tokenizer.ggml.tokens"] > 300


def test_its_shape_is_what_was_written(model: Path) -> None:
    shape = shape_of(read_header(model))
    assert (shape.layers, shape.width, shape.heads, shape.hidden) == (1, 32, 2, 64)
    assert (shape.window, shape.cached, shape.divisible) == (4096, 64, False)
    assert shape.writes
    assert not shape_of(read_header(assets.path("embedder.gguf"))).writes


def test_of_experts_only_those_count_that_one_token_uses(tmp_path: Path) -> None:
    items = (
        number("llama.block_count", 1), number("llama.embedding_length", 32),
        number("llama.attention.head_count", 2), number("llama.expert_count", 8),
        number("llama.expert_used_count", 2),
    )  # fmt: skip
    tensors = (
        tensor("blk.0.ffn_up_exps.weight", (32, 8)),
        tensor("output.weight", (32, 2), 0, 1024),
    )
    shape = shape_of(read_header(write(tmp_path / "m.gguf", items=items, tensors=tensors)))
    assert shape.weights == 32 * 8 + 64
    assert shape.active_weights == 32 * 8 // 4 + 64


def test_a_split_model_is_read_as_one(tmp_path: Path) -> None:
    def part(number_: int, count: int = 2, name: str = "") -> Path:
        path = tmp_path / (name or f"big-{number_ + 1:05}-of-{count:05}.gguf")
        items = (number("split.no", number_), number("split.count", count))
        return write(path, items=items, tensors=(tensor(f"t{number_}", (32,)),))

    first, second = part(0), part(1)
    header = read_header(first)
    assert [each.name for each in header.tensors] == ["t0", "t1"]
    assert header.files == (first, second)
    assert header.size == first.stat().st_size + second.stat().st_size
    with pytest.raises(Unavailable, match="not the first part"):
        read_header(second)
    second.unlink()
    with pytest.raises(Unavailable, match="lacks its part big-00002-of-00002"):
        read_header(first)
    with pytest.raises(Unavailable, match="which its name does not say"):
        read_header(part(0, name="renamed.gguf"))


def raw(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


Make = Callable[[Path], Path]
_ONE = tensor("a", (64,))
_LIES: dict[str, tuple[Make, str]] = {
    "nothing": (lambda path: raw(path, b""), "is empty"),
    "two bytes": (lambda path: raw(path, b"GG"), "not a GGUF file"),
    "a picture": (lambda path: write(path, magic=b"\x89PNG"), "not a GGUF file"),
    "big-endian": (lambda path: write(path, version=0x03000000), "big-endian"),
    "the first version": (lambda path: write(path, version=1), "unknown version 1"),
    "a version of chance": (lambda path: write(path, version=77777), "is damaged"),
    "countless tensors": (lambda path: write(path, counts=(1 << 62, 1)), "more parts"),
    "countless properties": (lambda path: write(path, counts=(0, 1 << 62)), "more parts"),
    "more tensors than follow": (
        lambda path: write(path, tensors=(_ONE,), counts=(40, 1)), "is|has",
    ),
    "an endless text": (
        lambda path: write(path, items=(text("k") + struct.pack("<IQ", _STRING, 1 << 60),)),
        "cut off",
    ),
    "an endless list": (
        lambda path: write(path, items=(text("k") + struct.pack("<IIQ", _ARRAY, _U32, 1 << 60),)),
        "cut off",
    ),
    "a list of lists": (
        lambda path: write(path, items=(text("k") + struct.pack("<IIQ", _ARRAY, _ARRAY, 9),)),
        "unknown kind",
    ),
    "a kind of chance": (
        lambda path: write(path, items=(text("k") + struct.pack("<I", 99),)), "unknown kind",
    ),
    "a property twice": (
        lambda path: write(path, items=(number("k", 1), number("k", 2))), "property twice",
    ),
    "a tensor twice": (
        lambda path: write(path, tensors=(_ONE, tensor("a", (64,), 0, 256))), "part twice",
    ),
    "tensors over one another": (
        lambda path: write(path, tensors=(_ONE, tensor("b", (64,), 0, 128))), "over one another",
    ),
    "a tensor past the end": (
        lambda path: write(path, tensors=(tensor("a", (64,), 0, 1 << 40),)), "cut off",
    ),
    "a tensor off its place": (
        lambda path: write(path, tensors=(tensor("a", (64,), 0, 7),)), "cut off, or damaged",
    ),
    "a tensor without end": (
        lambda path: write(path, tensors=(tensor("a", (1 << 40, 1 << 40)),)), "cut off",
    ),
    "five dimensions": (
        lambda path: write(path, tensors=(tensor("a", (1, 1, 1, 1, 1)),)), "5 dimensions",
    ),
    "no dimension": (lambda path: write(path, tensors=(tensor("a", ()),)), "impossible shape"),
    "half a block": (
        lambda path: write(path, tensors=(tensor("a", (33,), 8),)), "impossible shape",
    ),
    "a format of chance": (
        lambda path: write(path, tensors=(tensor("a", (64,), 999),)), "number format",
    ),
    "an odd alignment": (
        lambda path: write(path, items=(number("general.alignment", 48),)), "odd alignment",
    ),
    "an alignment of nothing": (
        lambda path: write(path, items=(number("general.alignment", 0),)), "odd alignment",
    ),
    "an alignment past all": (
        lambda path: write(path, items=(number("general.alignment", 1 << 40),)), "odd alignment",
    ),
}  # fmt: skip


@pytest.mark.parametrize("lie", _LIES)
def test_a_file_that_lies_is_refused_with_the_next_command(lie: str, tmp_path: Path) -> None:
    make, says = _LIES[lie]
    with pytest.raises(Unavailable, match=says) as caught:
        read_header(make(tmp_path / "m.gguf"))
    assert caught.value.message.startswith("m.gguf ")
    assert caught.value.hint


def test_every_cut_is_noticed(model: Path, tmp_path: Path) -> None:
    data = model.read_bytes()
    for size in [*range(1, 400, 7), *range(400, len(data), 997), len(data) - 1]:
        path = tmp_path / "cut.gguf"
        path.write_bytes(data[:size])
        with pytest.raises(Unavailable):
            read_header(path)


def test_what_is_no_file_is_said_to_be_none(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path, tmp_path / "pipe", tmp_path / "gone"):
        with pytest.raises(NotFound):
            read_header(path)


def test_a_shape_that_can_not_be_is_refused(tmp_path: Path) -> None:
    good = {"block_count": 1, "embedding_length": 32, "attention.head_count": 2}
    for key, value in (("block_count", 1 << 50), ("embedding_length", 0), ("block_count", 0)):
        items = tuple(number(f"llama.{name}", each) for name, each in {**good, key: value}.items())
        with pytest.raises(CairnError):
            shape_of(read_header(write(tmp_path / "m.gguf", items=items, tensors=(_ONE,))))


def test_a_large_vocabulary_takes_moments(tmp_path: Path) -> None:
    words = b"".join(text(f"w{number_}") for number_ in range(200_000))
    tokens = text("tokenizer.ggml.tokens") + struct.pack("<IIQ", _ARRAY, _STRING, 200_000) + words
    scores = np.zeros(200_000, np.float32).tobytes()
    floats = text("tokenizer.ggml.scores") + struct.pack("<IIQ", _ARRAY, 6, 200_000) + scores
    path = write(tmp_path / "m.gguf", items=(tokens, floats))
    started = time.process_time()
    assert read_header(path).lengths["tokenizer.ggml.tokens"] == 200_000
    assert time.process_time() - started < 5
