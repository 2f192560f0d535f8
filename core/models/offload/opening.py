"""A file and its plan → the loaded model, with its weights in memory or read as they are needed.

Called by the processes that hold a large model. Where our own buffers can't be used with this
llama.cpp, the system is advised instead, which keeps no budget but what the system spares.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cairn.core.errors import Unavailable
from cairn.core.models.files.gguf_header import Header, read_header
from cairn.core.models.offload.advising import Advice
from cairn.core.models.offload.packed import Layout, find, path_of
from cairn.core.models.offload.pressure import Yielding
from cairn.core.models.offload.split import Offload
from cairn.core.models.plan import Plan
from cairn.core.models.weights import load
from cairn.native import flash

_AGAIN = "ask again; if it stays so, `cairn model pull NAME` gets a whole one"


@dataclass(frozen=True, slots=True)
class Opened:
    api: Any
    model: Any
    store: flash.Store | None = None
    advice: Advice | None = None
    """Its `callback` goes into the parameters of a context, which it must outlive."""
    yielding: Yielding | None = None

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """Gives memory back meanwhile, as far as others need it."""
        if self.yielding is None:
            yield
        else:
            with self.yielding.at_work():
                yield

    @property
    def is_troubled(self) -> bool:
        return self.store is not None and self.store.is_troubled

    def check(self) -> None:
        """After whatever the model computed: it is void if a weight could not be read."""
        if self.store is not None and (reason := self.store.trouble()):
            raise Unavailable(f"the model's weights can't be read: {reason}", _AGAIN)


def open_model(
    path: Path, chosen: Plan, *, thorough: bool = False, kernels: Collection[str] | None = None,
    attach: Callable[[], str] = flash.attach,
) -> Opened:  # fmt: skip
    """As `weights.load` does it, which names the parameters."""
    if chosen.offload is None:
        return Opened(*load(path, "models.generator", thorough=thorough, kernels=kernels))
    header = read_header(path)
    if attach():
        api, model = load(path, "models.generator", thorough=thorough)
        return Opened(api, model, advice=Advice(api, header))
    store = open_store(header, chosen.offload)
    api, model = load(path, "models.generator", thorough=thorough, store=store)
    layout = find(header) if store.packed else None
    budget = _budget(chosen.offload, layout)
    kept = layout.least if layout else 0

    def resize(size: int) -> None:
        share = max(0, size - kept) / max(1, budget.all - kept)
        neurons = kept + int(max(0, budget.neurons - kept) * share)
        store.resize(flash.Budget(int(budget.experts * share), int(budget.dense * share), neurons))

    yielding = Yielding(budget.all, store.statistics().least, resize)
    return Opened(api, model, store, yielding=yielding)


def open_store(header: Header, offload: Offload, manner: flash.Manner | None = None) -> flash.Store:
    """After `flash.attach`; `Unavailable` where that budget is too small, or a file not whole."""
    shapes = {tensor.name: tensor.shape for tensor in header.tensors}
    used = header.own("expert_used_count")
    manner = manner or flash.Manner(readers=offload.readers, piece=offload.piece)

    def opened(layout: Layout | None) -> flash.Store:
        return flash.open_store(
            header.files, shapes, used if type(used) is int else 1, _budget(offload, layout),
            manner, packed_of(header, layout) if layout else None,
        )  # fmt: skip

    is_sparse = any(group.policy == "sparse" for group in offload.groups)
    layout = find(header) if is_sparse else None
    try:
        if layout:
            with contextlib.suppress(flash.Refused):  # it is read like any other then
                return opened(layout)
        return opened(None)
    except flash.Refused as error:
        raise Unavailable(
            f"the model {header.path} can't be read as it is needed: {error}",
            "close some programs, or take a smaller one: `cairn model recommend` says what fits",
        ) from error


def packed_of(header: Header, layout: Layout) -> flash.Packed:
    return flash.Packed(
        path_of(header.path),
        tuple((e.name, e.table, e.units, e.sum, e.rows, e.blocks, e.bits) for e in layout.layers),
    )


def _budget(offload: Offload, layout: Layout | None) -> flash.Budget:
    """What was meant for neurons is for whole matrices, where there is no packed file after all."""
    sizes = {group.policy: group.budget for group in offload.groups}
    dense, neurons = sizes.get("dense", 0), sizes.get("sparse", 0)
    if layout is None:
        return flash.Budget(sizes.get("experts", 0), dense + neurons)
    return flash.Budget(sizes.get("experts", 0), dense, neurons)
