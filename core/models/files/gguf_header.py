"""What a GGUF file says of itself → `Header`, without loading a single weight.

Read before anything native sees the file: by the catalogue, the planner, and whoever adds a model.
Nothing in it is believed: counts, lengths and places are held against the file's size, no more
than `_MOST_HEAD` is read, and whatever does not add up is `Unavailable` with the next command.
"""

from __future__ import annotations

import math
import re
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import BinaryIO

from cairn.core.errors import CairnError, NotFound, Unavailable

Value = bool | int | float | str | tuple[int, ...]
_MOST_HEAD = 256 << 20
_MOST_ITEMS = 1 << 20
_MOST_TENSORS = 1 << 17
_MOST_NAME = 1 << 16
_KEPT_TEXT = 1 << 18
_KEPT_NUMBERS = 4096
_MOST_PARTS = 999
_BUFFER = 1 << 20
_LATEST = 99
_LONGEST = 40
_STRING, _ARRAY = 8, 9
_LENGTH = struct.Struct("<Q")
_SCALARS = {
    0: "<B", 1: "<b", 2: "<H", 3: "<h", 4: "<I", 5: "<i", 6: "<f", 7: "<?", 10: "<Q", 11: "<q",
    12: "<d",
}  # fmt: skip
# Of each number format its name, how many weights a block has, and how many bytes it takes.
_FORMATS = {
    0: ("F32", 1, 4), 1: ("F16", 1, 2), 2: ("Q4_0", 32, 18), 3: ("Q4_1", 32, 20),
    6: ("Q5_0", 32, 22), 7: ("Q5_1", 32, 24), 8: ("Q8_0", 32, 34), 9: ("Q8_1", 32, 40),
    10: ("Q2_K", 256, 84), 11: ("Q3_K", 256, 110), 12: ("Q4_K", 256, 144), 13: ("Q5_K", 256, 176),
    14: ("Q6_K", 256, 210), 15: ("Q8_K", 256, 292), 16: ("IQ2_XXS", 256, 66),
    17: ("IQ2_XS", 256, 74), 18: ("IQ3_XXS", 256, 98), 19: ("IQ1_S", 256, 50),
    20: ("IQ4_NL", 32, 18), 21: ("IQ3_S", 256, 110), 22: ("IQ2_S", 256, 82),
    23: ("IQ4_XS", 256, 136), 24: ("I8", 1, 1), 25: ("I16", 1, 2), 26: ("I32", 1, 4),
    27: ("I64", 1, 8), 28: ("F64", 1, 8), 29: ("IQ1_M", 256, 56), 30: ("BF16", 1, 2),
    34: ("TQ1_0", 256, 54), 35: ("TQ2_0", 256, 66), 39: ("MXFP4", 32, 17), 40: ("NVFP4", 64, 36),
    41: ("Q1_0", 128, 18),
}  # fmt: skip
_PART = re.compile(r"(.*)-(\d{5})-of-(\d{5})\.gguf", re.DOTALL)
_NEXT = "`cairn model pull NAME` gets a whole one; `cairn model list` has names"


@dataclass(frozen=True, slots=True)
class Tensor:
    name: str
    shape: tuple[int, ...]
    format: str
    size: int
    """In bytes."""
    offset: int
    """From the beginning of its file."""

    @property
    def weights(self) -> int:
        return math.prod(self.shape)


@dataclass(frozen=True, slots=True)
class Header:
    path: Path
    files: tuple[Path, ...]
    """One, or all parts of a model that was split."""
    size: int
    """Of the files together."""
    values: Mapping[str, Value]
    """Long texts and long lists are left out; `lengths` still knows them."""
    lengths: Mapping[str, int]
    tensors: tuple[Tensor, ...]

    @property
    def architecture(self) -> str:
        return self.text("general.architecture")

    def text(self, key: str) -> str:
        value = self.values.get(key)
        return value if isinstance(value, str) else ""

    @property
    def licence(self) -> str:
        """As the file itself states it."""
        return (self.text("general.license.name") or self.text("general.license"))[:_LONGEST]

    def own(self, key: str) -> Value | None:
        """A value that is kept under the architecture's name."""
        return self.values.get(f"{self.architecture}.{key}")


def read_header(path: Path) -> Header:
    """Of the model at `path`; of a split one, by its first part."""
    head = _read_one(path)
    count = head.values.get("split.count", 0)
    if type(count) is not int or count < 2:
        return head
    if count > _MOST_PARTS or head.values.get("split.no") != 0:
        raise _bad(
            path, "is not the first part of its model", "name the file that ends in -00001-of-…"
        )
    heads = [head, *(_read_one(part) for part in _parts(path, count)[1:])]
    tensors = tuple(tensor for each in heads for tensor in each.tensors)
    if len({tensor.name for tensor in tensors}) < len(tensors):
        raise _bad(path, "has parts that do not belong together")
    files, size = tuple(each.path for each in heads), sum(each.size for each in heads)
    return Header(path, files, size, head.values, head.lengths, tensors)


def _parts(path: Path, count: int) -> list[Path]:
    named = _PART.fullmatch(path.name)
    if named is None or int(named[2]) != 1 or int(named[3]) != count:
        raise _bad(
            path, f"is one of {count} parts, which its name does not say", "name it as it was"
        )
    parts = [path.with_name(f"{named[1]}-{n:05}-of-{count:05}.gguf") for n in range(1, count + 1)]
    for part in parts:
        if not part.is_file():
            raise _bad(path, f"lacks its part {part.name}", "put all parts into one folder")
    return parts


def _read_one(path: Path) -> Header:
    if not path.is_file():
        what = "is no file" if path.exists() else "is not there"
        raise NotFound(f"the model {path} {what}", "`cairn model list` shows what there is")
    try:
        size = path.stat().st_size
        with path.open("rb", buffering=_BUFFER) as file:
            return _Reading(path, file, size).header()
    except OSError as error:
        raise Unavailable(
            f"the model {path} can't be read: {error.strerror}",
            "check the path and your rights to it",
        ) from error


def _bad(path: Path, what: str, hint: str = _NEXT) -> CairnError:
    return Unavailable(f"{path.name} {what}", hint)


class _Reading:
    """One file's head, from its first byte on."""

    def __init__(self, path: Path, file: BinaryIO, size: int) -> None:
        self._path, self._file, self._size = path, file, size
        self._left = min(size, _MOST_HEAD)
        self._at = 0

    def header(self) -> Header:
        tensors, items = self._start()
        values: dict[str, Value] = {}
        lengths: dict[str, int] = {}
        for _ in range(items):
            key = self._text(_MOST_NAME)
            if key in lengths:
                raise self._broken("names a property twice")
            value, lengths[key] = self._value(self._number("<I"))
            if value is not None:
                values[key] = value
        alignment = values.get("general.alignment", 32)
        if type(alignment) is not int or alignment % 8 or alignment & (alignment - 1) or (
            not 8 <= alignment <= 1 << 20
        ):  # fmt: skip
            raise self._broken("has an odd alignment")
        found = self._tensors(tensors)
        begin = -(-self._at // alignment) * alignment
        placed = tuple(self._place(tensor, begin, alignment) for tensor in found)
        self._check(placed)
        # Of a model that was split only the first part says it.
        if not isinstance(values.get("general.architecture"), str) and not values.get("split.no"):
            raise self._broken("does not say what kind of model it is")
        return Header(self._path, (self._path,), self._size, values, lengths, placed)

    def _start(self) -> tuple[int, int]:
        """How many tensors and properties there are to come."""
        if self._size == 0:
            raise self._broken("is empty")
        if self._take(min(4, self._left)) != b"GGUF":
            raise _bad(
                self._path, "is not a GGUF file", "other formats must be converted to GGUF first"
            )
        version = self._number("<I")
        if version & 0xFFFF == 0:
            raise self._broken("is made for another kind of processor (big-endian)")
        if version not in (2, 3):
            known = "is damaged" if version > _LATEST else f"is of the unknown version {version}"
            raise self._broken(known)
        tensors, items = self._number("<Q"), self._number("<Q")
        # The shortest property takes 13 bytes and the shortest description of a tensor 24.
        if items > min(_MOST_ITEMS, self._left // 13) or tensors > min(
            _MOST_TENSORS, self._left // 24
        ):
            raise self._broken("counts more parts than it can hold")
        return tensors, items

    def _tensors(self, count: int) -> list[tuple[str, tuple[int, ...], int, int]]:
        result = []
        for _ in range(count):
            name, dimensions = self._text(_MOST_NAME), self._number("<I")
            if dimensions > 4:
                raise self._broken(f"has a part of {dimensions} dimensions")
            shape = tuple(self._number("<Q") for _ in range(dimensions))
            result.append((name, shape, self._number("<I"), self._number("<Q")))
        return result

    def _place(
        self, described: tuple[str, tuple[int, ...], int, int], begin: int, alignment: int
    ) -> Tensor:
        name, shape, code, offset = described
        if code not in _FORMATS:
            raise self._broken(f"uses a number format ({code}) that is not known here")
        format, block, per_block = _FORMATS[code]
        weights = math.prod(shape)
        if not shape or weights == 0 or shape[0] % block:
            raise self._broken("has a part of an impossible shape")
        size = weights // block * per_block
        if offset % alignment or begin + offset + size > self._size:
            raise self._broken("is cut off, or damaged: it says that it goes on where it ends")
        return Tensor(name, shape, format, size, begin + offset)

    def _check(self, tensors: tuple[Tensor, ...]) -> None:
        if len({tensor.name for tensor in tensors}) < len(tensors):
            raise self._broken("names a part twice")
        ordered = sorted(tensors, key=lambda tensor: tensor.offset)
        if any(one.offset + one.size > other.offset for one, other in pairwise(ordered)):
            raise self._broken("has parts that lie over one another")

    def _value(self, kind: int) -> tuple[Value | None, int]:
        """What is worth keeping of it, and how long it is."""
        if kind in _SCALARS:
            return self._number(_SCALARS[kind]), 1
        if kind == _STRING:
            length = self._length(self._left)
            if length > _KEPT_TEXT:
                self._pass(length)
                return None, length
            return self._take(length).decode("utf-8", "replace"), length
        if kind != _ARRAY:
            raise self._broken("has a property of an unknown kind")
        return self._array(self._number("<I"))

    def _array(self, kind: int) -> tuple[Value | None, int]:
        if kind == _STRING:
            count = self._length(self._left // 8)
            self._pass_texts(count)
            return None, count
        if kind not in _SCALARS:
            raise self._broken("has a list of an unknown kind")
        form = struct.Struct(_SCALARS[kind])
        count = self._length(self._left // form.size)
        if count > _KEPT_NUMBERS or form.format[-1] in "fd":
            self._pass(count * form.size)
            return None, count
        data = self._take(count * form.size)
        return tuple(int(number) for (number,) in form.iter_unpack(data)), count

    def _text(self, most: int) -> str:
        return self._take(self._length(most)).decode("utf-8", "replace")

    def _length(self, most: int) -> int:
        length = self._number("<Q")
        if length > min(most, self._left):
            raise self._broken("is cut off, or damaged")
        return int(length)

    def _number(self, form: str) -> int:
        value: int = struct.unpack(form, self._take(struct.calcsize(form)))[0]
        return value

    def _pass(self, count: int) -> None:
        if count > _BUFFER:
            self._use(count)
            self._file.seek(count, 1)
        else:
            self._take(count)

    def _pass_texts(self, count: int) -> None:
        """In a loop of its own: a vocabulary has tens of thousands, and a question may wait."""
        read, size, left = self._file.read, _LENGTH.unpack, self._left
        for _ in range(count):
            data = read(8)
            left -= 8
            if left < 0 or len(data) < 8 or (length := size(data)[0]) > left:
                raise self._broken("is cut off, or damaged")
            left -= length
            if length > _BUFFER:
                self._file.seek(length, 1)
            else:
                read(length)
        self._use(self._left - left)

    def _take(self, count: int) -> bytes:
        self._use(count)
        data = self._file.read(count)
        if len(data) < count:
            raise self._broken("is cut off")
        return data

    def _use(self, count: int) -> None:
        if count > self._left:
            raise self._broken("is cut off, or damaged")
        self._left -= count
        self._at += count

    def _broken(self, what: str) -> CairnError:
        return _bad(self._path, what)
