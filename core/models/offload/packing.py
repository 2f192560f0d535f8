"""A model whose neurons rest mostly → a packed file, where the weights of each lie by themselves.

Called by `cairn model pack`; `packed.py` reads what this writes. Layer by layer into a file with
another name, which is gone on with after an interruption. The invariant: under its own name there
is only a whole one, and every part of it has a sum that tells if it is damaged.
"""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cairn.core.errors import CairnError, Unavailable
from cairn.core.models.files.gguf_header import Header, Tensor, read_header
from cairn.core.models.offload.packed import (
    BLOCK,
    NEURONS_OF_UNIT,
    Layer,
    Layout,
    find,
    head_of,
    layout,
    part_of,
    path_of,
    read_head,
)

_MOST = 32 << 20
"""Bytes of weights at a time."""
_RESERVE = 256 << 20
"""So much stays free on the disk."""
Bytes = NDArray[np.uint8]


def pack(
    path: Path, tell: Callable[[int, int], None] = lambda done, all: None,
    stop: Callable[[], bool] = lambda: False,
) -> Path:  # fmt: skip
    """The packed file of the model at `path`; `tell` gets the bytes that are written, and all."""
    header = read_header(path)
    wanted = layout(header)
    to = path_of(path)
    if find(header):
        return to
    part = part_of(path)
    done = _begin(header, wanted, part)
    _check_space(wanted, part)
    try:
        with part.open("r+b" if done is not None else "w+b") as file:
            _write(header, wanted if done is None else done, file.fileno(), tell, stop)
            file.flush()
            os.fsync(file.fileno())
        os.replace(part, to)
    except OSError as error:
        raise _failed(part, error) from error
    return to


def sums(words: Bytes) -> NDArray[np.uint32]:
    """Of each row's words of 32 bits; no change of a single word goes unseen."""
    numbers = np.ascontiguousarray(words).view("<u4")
    weights = np.arange(1, 2 * numbers.shape[-1], 2, dtype=np.uint32)
    with np.errstate(over="ignore"):
        found: NDArray[np.uint32] = (numbers * weights).sum(axis=-1, dtype=np.uint32)
    return found


def _begin(header: Header, wanted: Layout, part: Path) -> Layout | None:
    """What an earlier try has written, if it was of the same model and to the same plan."""
    found = read_head(part)
    if found is None:
        return None
    blank = replace(found, layers=tuple(replace(each, sum=0) for each in found.layers))
    return found if blank == wanted else None


def _check_space(wanted: Layout, part: Path) -> None:
    there = part.stat().st_blocks * 512 if part.exists() else 0
    free = shutil.disk_usage(part.parent).free
    lacking = wanted.size - there + _RESERVE - free
    if lacking > 0:
        raise Unavailable(
            f"packing needs {wanted.size / 1e6:.0f} MB in {part.parent}, and {free / 1e6:.0f} MB"
            " are free",
            f"make {lacking / 1e6:.0f} MB free there, then pack again",
        )


def _write(
    header: Header, wanted: Layout, file: int, tell: Callable[[int, int], None],
    stop: Callable[[], bool],
) -> None:  # fmt: skip
    tensors = {tensor.name: tensor for tensor in header.tensors}
    layers = list(wanted.layers)
    for number, layer in enumerate(layers):
        if stop():
            raise Unavailable("packing was stopped", "it goes on where it stopped the next time")
        if not layer.sum or not _is_whole(layer, file):
            blank = tuple(replace(each, sum=0) if each is layer else each for each in layers)
            os.pwrite(file, head_of(replace(wanted, layers=blank)), 0)
            layers[number] = replace(
                layer, sum=_write_layer(layer, tensors[layer.name], header.path, file)
            )
            os.fsync(file)
            os.pwrite(file, head_of(replace(wanted, layers=tuple(layers))), 0)
        tell(layer.units + layer.count * layer.unit_size, wanted.size)
    os.ftruncate(file, wanted.size)


def _write_layer(layer: Layer, tensor: Tensor, source: Path, file: int) -> int:
    """The sum of its table."""
    weights = np.memmap(
        source, np.uint8, "r", tensor.offset, (layer.rows, layer.blocks, layer.block)
    )
    scales = np.empty((layer.blocks, layer.rows * 2), np.uint8)
    found: list[NDArray[np.uint32]] = []
    at = layer.units
    for begin, end in _ranges(layer):
        some = np.ascontiguousarray(weights[:, begin:end])
        scales[begin:end] = some[:, :, :2].transpose(1, 0, 2).reshape(end - begin, -1)
        units = _units(layer, some[:, :, 2:])
        found.append(sums(units))
        _pwrite(file, units.tobytes(), at)
        at += units.nbytes
    table = scales.tobytes() + np.concatenate(found).astype("<u4").tobytes()
    _pwrite(file, table, layer.table)
    return int(sums(np.frombuffer(table, np.uint8)))


def _units(layer: Layer, weights: Bytes) -> Bytes:
    """Of a row's blocks the weights → unit by unit those of all rows; see native/flash/sparse.h."""
    rows, blocks, _ = weights.shape
    if layer.bits == 8:
        bytes = weights ^ 0x80
    else:
        bytes = np.concatenate((weights & 15, weights >> 4), axis=2)
    lanes = BLOCK // NEURONS_OF_UNIT
    units = bytes.reshape(rows, blocks, lanes, NEURONS_OF_UNIT).transpose(1, 2, 0, 3)
    if layer.bits == 8:
        return np.ascontiguousarray(units).reshape(blocks * lanes, -1)
    halves = np.ascontiguousarray(units).reshape(blocks * lanes, rows // 32, 2, 64)
    joined: Bytes = halves[:, :, 0] | (halves[:, :, 1] << 4)
    return joined.reshape(blocks * lanes, -1)


def _ranges(layer: Layer) -> Iterator[tuple[int, int]]:
    step = max(1, _MOST // (layer.rows * BLOCK))
    for begin in range(0, layer.blocks, step):
        yield begin, min(layer.blocks, begin + step)


def _is_whole(layer: Layer, file: int) -> bool:
    """What an earlier try has written of it."""
    table = os.pread(file, layer.table_size, layer.table)
    if len(table) < layer.table_size or int(sums(np.frombuffer(table, np.uint8))) != layer.sum:
        return False
    told = np.frombuffer(table, "<u4")[-layer.count :]
    step = max(1, _MOST // layer.unit_size)
    for begin in range(0, layer.count, step):
        end = min(layer.count, begin + step)
        data = os.pread(
            file, (end - begin) * layer.unit_size, layer.units + begin * layer.unit_size
        )
        units = np.frombuffer(data, np.uint8)
        if units.size < (end - begin) * layer.unit_size:
            return False
        if not np.array_equal(sums(units.reshape(end - begin, -1)), told[begin:end]):
            return False
    return True


def _pwrite(file: int, data: bytes, at: int) -> None:
    view = memoryview(data)
    while view:
        written = os.pwrite(file, view, at)
        view, at = view[written:], at + written


def _failed(part: Path, error: OSError) -> CairnError:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return Unavailable(
            f"the disk is full: {part.parent} has no room for the packed file",
            "make room, then pack again: it goes on where it stopped",
        )
    return Unavailable(f"{part} can't be written: {error.strerror}", "check your rights to it")
