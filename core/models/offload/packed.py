"""The packed file beside a model: where in it the neurons of each layer lie, and whose they are.

Written by `packing.py`, read by the planner and by whoever loads the model. The invariant: what
`find` returns is whole, of this version and of just this model; anything else counts as not there.
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import asdict, dataclass
from pathlib import Path

from cairn.core.errors import Unavailable
from cairn.core.models.files.gguf_header import Header, Tensor

BLOCK, NEURONS_OF_UNIT, PAGE = 32, 4, 4096
"""Weights that share a scale; neighbours that are read together."""
SUFFIX = ".neurons"
FAMILY = frozenset({"nemotron", "arcee", "plm", "jais2"})
"""Kinds of models whose layers have a ReLU and no gate: most neurons are just 0 for a word."""
_BITS = {"Q4_0": 4, "Q8_0": 8}
_DOWN = re.compile(r"^blk\.\d+\.ffn_down\.weight$")
_PART = ".part"
_MAGIC, _VERSION, _HEAD = b"CAIRNNEU", 1, 1 << 16
_SAMPLE = 4096


@dataclass(frozen=True, slots=True)
class Layer:
    name: str
    table: int
    units: int
    sum: int
    """Of the table; 0 until the layer is written."""
    rows: int
    blocks: int
    bits: int

    @property
    def block(self) -> int:
        return 2 + BLOCK * self.bits // 8

    @property
    def count(self) -> int:
        return self.blocks * (BLOCK // NEURONS_OF_UNIT)

    @property
    def unit_size(self) -> int:
        return self.rows * self.bits // 2

    @property
    def table_size(self) -> int:
        return self.blocks * self.rows * 2 + self.count * 4


@dataclass(frozen=True, slots=True)
class Layout:
    model: str
    """What tells this model from all others."""
    size: int
    layers: tuple[Layer, ...]

    @property
    def least(self) -> int:
        """Bytes of memory without which it is of no use: all tables, and a layer's neurons."""
        tables = sum(_up(layer.table_size) for layer in self.layers)
        return tables + max(_up(layer.count * layer.unit_size) for layer in self.layers)

    @property
    def units_size(self) -> int:
        return sum(layer.count * layer.unit_size for layer in self.layers)

    @property
    def names(self) -> frozenset[str]:
        return frozenset(layer.name for layer in self.layers)


def path_of(model: Path) -> Path:
    return model.with_name(model.name + SUFFIX)


def part_of(model: Path) -> Path:
    """What packing writes until it is done."""
    return model.with_name(model.name + SUFFIX + _PART)


def packed_files(model: Path) -> tuple[Path, ...]:
    return tuple(path for path in (path_of(model), part_of(model)) if path.exists())


def is_suited(header: Header) -> bool:
    return not _refused(header)


def advice(header: Header) -> str:
    """What packing would be worth to a model that does not fit; empty if it is packed, or can't."""
    if not is_suited(header) or find(header):
        return ""
    if path_of(header.path).exists():
        return "its packed file is damaged or of another model, and is not used"
    return "most of its neurons rest; packed, it would read less from the disk"


def find(header: Header) -> Layout | None:
    """Of a packed file that can be used with this model as it is now."""
    path = path_of(header.path)
    found = read_head(path)
    if found is None or not all(layer.sum for layer in found.layers):
        return None
    try:
        is_whole = path.stat().st_size == found.size
        return found if is_whole and found.model == identity(header) else None
    except OSError:
        return None


def layout(header: Header) -> Layout:
    """Where everything is going to lie; `Unavailable` for models that have no such neurons."""
    if reason := _refused(header):
        raise Unavailable(reason, "it is used as it is, all the same")
    layers, at = [], _HEAD
    for tensor in _downs(header):
        blocks, rows, bits = tensor.shape[0] // BLOCK, tensor.shape[1], _BITS[tensor.format]
        layer = Layer(tensor.name, at, 0, 0, rows, blocks, bits)
        units = at + _up(layer.table_size)
        layers.append(Layer(tensor.name, at, units, 0, rows, blocks, bits))
        at = units + _up(layer.count * layer.unit_size)
    return Layout(identity(header), at, tuple(layers))


def _refused(header: Header) -> str:
    name = header.path.name
    if header.architecture not in FAMILY:
        return f"{name} is of a kind ({header.architecture}) whose neurons are never at rest"
    downs = _downs(header)
    if len(header.files) > 1:
        return f"{name} lies in several files, and only a model in one can be packed"
    if not downs or any(tensor.format not in _BITS for tensor in downs):
        formats = ", ".join(sorted({tensor.format for tensor in downs}))
        return f"{name} is of a number format ({formats}) that can't be packed; Q4_0 and Q8_0 can"
    if any(tensor.shape[1] % BLOCK for tensor in downs):
        return f"{name} has layers of an odd width"
    return ""


def _downs(header: Header) -> list[Tensor]:
    found = [tensor for tensor in header.tensors if _DOWN.match(tensor.name)]
    return sorted(found, key=lambda tensor: int(tensor.name.split(".")[1]))


def identity(header: Header) -> str:
    """Of its head, its size and a little of each packed matrix: fine-tuned kin differ in these."""
    with header.path.open("rb") as file:
        begin = min(tensor.offset for tensor in header.tensors)
        found = hashlib.sha256(file.read(begin))
        for tensor in _downs(header):
            file.seek(tensor.offset)
            found.update(file.read(_SAMPLE))
    found.update(str(header.size).encode())
    return found.hexdigest()


def head_of(wanted: Layout) -> bytes:
    told = json.dumps(asdict(wanted), separators=(",", ":")).encode()
    head = _MAGIC + _VERSION.to_bytes(4, "little") + len(told).to_bytes(4, "little")
    head += hashlib.sha256(told).digest() + told
    if len(head) > _HEAD:
        raise Unavailable("the model has more layers than can be packed", "use it as it is")
    return head.ljust(_HEAD, b"\0")


def read_head(path: Path) -> Layout | None:
    try:
        with path.open("rb") as file:
            head = file.read(_HEAD)
    except OSError:
        return None
    size = int.from_bytes(head[12:16], "little")
    told = head[48 : 48 + size]
    if head[:8] != _MAGIC or int.from_bytes(head[8:12], "little") != _VERSION:
        return None
    if len(told) != size or hashlib.sha256(told).digest() != head[16:48]:
        return None
    fields = json.loads(told)
    return Layout(
        fields["model"], fields["size"], tuple(Layer(**each) for each in fields["layers"])
    )


def _up(size: int) -> int:
    return -(-size // PAGE) * PAGE
