"""Models larger than memory inside llama.cpp: weights that are read as they are needed.

`open_store` looks at a model's files, `loading` is held while llama.cpp loads from them, and the
`Store` tells and steers what is in memory until the model is freed. Called in a model's process
only, by core/models. Invariant: weights take no more memory than their budget, or `Refused` says
why there is no store, and llama.cpp is left as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cairn import native

_EXPERTS = re.compile(r"^blk\.(\d+)\.ffn_(gate_up|gate|up|down)_exps\.weight$")
_DENSE = re.compile(r"^blk\.(\d+)\.(attn_(?:q|k|v|qkv|output)|ffn_(?:gate|up|down))\.weight$")
_WITHIN = ("attn_q", "attn_k", "attn_v", "attn_qkv", "attn_output", "ffn_gate", "ffn_up",
           "ffn_down")  # fmt: skip
_MATRICES = ("gate", "up", "gate_up", "down")
_WORDS, _SCORES = "token_embd.weight", "output.weight"
_FIXED, _DENSELY, _EXPERTLY, _BY_ROWS = range(4)


class Refused(Exception):
    """Why weights can't be read as they are needed, in words."""


@dataclass(frozen=True, slots=True)
class Budget:
    """Bytes of memory for weights that need not stay; what must stay comes on top."""

    experts: int = 0
    dense: int = 0
    neurons: int = 0
    """With a packed file only."""

    @property
    def all(self) -> int:
        return self.experts + self.dense + self.neurons


@dataclass(frozen=True, slots=True)
class Packed:
    """A file in which the columns of matrices lie by themselves; `core/models/offload` makes it."""

    path: Path
    layers: tuple[tuple[str, int, int, int, int, int, int], ...]
    """Of each the tensor, where table and units are, the table's sum, rows, blocks, bits."""


@dataclass(frozen=True, slots=True)
class Manner:
    """How it is done; each was chosen by trying the others."""

    readers: int = 8
    """Reads at a time."""
    piece: int = 1 << 20
    """Bytes of the largest read."""
    memory: float = 16.0
    """Tokens after which the use of an expert counts half."""
    ring: float = 3.0
    """Times the largest dense matrix that passes through."""
    together: bool = True
    """All matrices of an expert are asked for with the first."""
    ahead: bool = True
    """Long prompts have the next layer's experts read before they are chosen."""


@dataclass(frozen=True, slots=True)
class Statistics:
    budget: int
    """Bytes, with those of `fixed` weights."""
    least: int
    """Of the budget without `fixed` ones; with less it would not run."""
    fixed: int
    pinned: int
    """Dense weights that stay as long as the budget does."""
    ring: int
    """Memory for those that pass through."""
    resident: int
    """Of all weights, in bytes."""
    read_bytes: int
    reads: int
    read_s: float
    """Time in which something was being read."""
    waited_s: float
    """Time in which nothing could be computed for want of what was being read."""
    hits: int
    misses: int
    tokens: int
    """Times that all layers were gone through."""
    is_direct: bool


class Store:
    """A model's weights. `trouble` is looked at after whatever the model was asked to do."""

    def __init__(self, handle: Any, *, packed: bool = False) -> None:
        self._handle = handle
        self.packed = packed
        """Are the neurons that fire read from a packed file?"""

    def statistics(self) -> Statistics:
        return Statistics(**self._handle.statistics())

    def wait(self) -> str:
        """For what must stay, after loading; empty, or why that can't be read."""
        return str(self._handle.wait())

    def trouble(self) -> str:
        """Why a weight could not be read since this was last asked; what was computed is void."""
        told = str(self._handle.trouble())
        self._handle.forget_trouble()
        return told

    @property
    def is_troubled(self) -> bool:
        return bool(self._handle.trouble())

    def resize(self, budget: Budget) -> None:
        """Live, in effect with the next thing that is computed; less makes it slower only."""
        self._handle.resize(budget.experts, budget.dense, budget.neurons)

    @property
    def overrides(self) -> Any:
        """For `tensor_buft_overrides` of llama.cpp's parameters; to be kept while it loads."""
        import ctypes

        import cairn.native._kernels as kernels

        class Override(ctypes.Structure):
            _fields_ = (("pattern", ctypes.c_char_p), ("type", ctypes.c_void_p))

        every = Override(b".*", kernels.flash_buffer_type())
        return (Override * 2)(every, Override(None, None))


def attach(*, version: str = "", missing: str = "") -> str:
    """Why nothing can be read as needed in this process; empty when it can.

    Another `version`, or a symbol that is `missing`, is for trying out a refusal.
    """
    if native.load_error():
        return f"the compiled kernels did not load: {native.load_error()}"
    import llama_cpp.llama_cpp  # it loads its libraries

    import cairn.native._kernels as kernels

    folder = Path(llama_cpp.__file__).parent / "lib"
    if not folder.is_dir():
        return "llama.cpp's libraries are not where they were expected"
    return str(kernels.flash_attach(str(folder), version or kernels.GGML_VERSION, missing))


def open_store(
    files: Sequence[Path], shapes: Mapping[str, Sequence[int]], used: int, budget: Budget,
    manner: Manner = Manner(), packed: Packed | None = None,
) -> Store:  # fmt: skip
    """`shapes` are those of the tensors, columns first; `used` experts a layer has for a token.

    After `attach`. Experts need not stay if their budget says so, and dense matrices likewise.
    """
    import cairn.native._kernels as kernels

    fires = frozenset(layer[0] for layer in packed.layers) if packed else frozenset()
    order = [each for each in _order(shapes, budget) if each[0] not in fires]
    side = (str(packed.path), budget.neurons, list(packed.layers)) if packed else ("", 0, [])
    try:
        return Store(
            kernels.flash_open(
                [str(path) for path in files], order, (budget.experts, budget.dense), used,
                (manner.readers, manner.piece), manner.ring, manner.memory, manner.together,
                manner.ahead, side,
            ),
            packed=packed is not None,
        )  # fmt: skip
    except (RuntimeError, MemoryError) as error:
        raise Refused(str(error)) from error


@contextmanager
def loading(store: Store) -> Iterator[None]:
    """What llama.cpp loads meanwhile is the store's; by one thread at a time."""
    import cairn.native._kernels as kernels

    kernels.flash_begin_loading(store._handle)
    try:
        yield
    finally:
        kernels.flash_end_loading()


def _order(shapes: Mapping[str, Sequence[int]], budget: Budget) -> list[tuple[str, int, int, int]]:
    """Of tensors that need not stay: name, role, layer, experts, as they are likely needed."""
    experts, dense = [], []
    for name, shape in shapes.items():
        if budget.experts and (found := _EXPERTS.match(name)):
            layer, within = int(found[1]), _MATRICES.index(found[2])
            experts.append((layer, within, (name, _EXPERTLY, layer, int(shape[2]))))
        elif budget.dense and len(shape) == 2 and (found := _DENSE.match(name)):
            layer, within = int(found[1]), _WITHIN.index(found[2])
            dense.append((layer, within, (name, _DENSELY, layer, 0)))
    order = [each for _, _, each in sorted(experts)] + [each for _, _, each in sorted(dense)]
    if _SCORES in shapes:  # then words are only looked up
        order.append((_WORDS, _BY_ROWS, 0, 0))
    return order
