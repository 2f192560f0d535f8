"""llama.cpp's encoder at chosen settings: the rival of tests.bench.encode."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from llama_cpp import llama_cpp as api

from cairn.core.models.states import States, Vectors
from cairn.core.models.weights import load

_TOKENS = 1024


@dataclass(frozen=True, slots=True)
class Setting:
    texts: int
    """Most that are packed into a batch."""
    repacks: bool
    """Weights into a layout for this processor's instructions, when they are loaded."""
    flash: bool

    def __str__(self) -> str:
        packed = "repacked" if self.repacks else "as stored"
        return f"{self.texts} a batch, {packed}, flash attention {'on' if self.flash else 'off'}"


def settings() -> list[Setting]:
    cpu = Path("/proc/cpuinfo")
    # Repacking brings in ggml's AMX kernels, which some compilers build into a crash.
    crashes = cpu.exists() and "amx_tile" in cpu.read_text()
    return [
        Setting(texts, repacks, flash)
        for texts in (1, 4) for repacks in ((False,) if crashes else (False, True))
        for flash in (False, True)
    ]  # fmt: skip


class Stock(States):
    at_once = 1

    def __init__(self, path: Path, setting: Setting) -> None:
        self.made_by, self._setting, self.window = str(setting), setting, 512
        load(path, "", vocabulary_only=True)  # which makes llama.cpp quiet
        loading = api.llama_model_default_params()
        loading.use_extra_bufts = setting.repacks
        self._model = api.llama_model_load_from_file(str(path).encode(), loading)
        self.width = int(api.llama_model_n_embd(self._model))
        parameters = api.llama_context_default_params()
        size = self.window if setting.texts == 1 else _TOKENS
        parameters.n_ctx = parameters.n_batch = parameters.n_ubatch = size
        parameters.n_seq_max = setting.texts
        parameters.embeddings = True
        parameters.pooling_type = api.LLAMA_POOLING_TYPE_NONE
        parameters.flash_attn_type = int(setting.flash)
        self._context = api.llama_init_from_model(self._model, parameters)
        assert self._context
        self._size, self._batch = size, api.llama_batch_init(size, 0, 1)
        self.set_threads(1)

    def set_threads(self, count: int) -> None:
        api.llama_set_n_threads(self._context, count, count)

    def close(self) -> None:
        api.llama_batch_free(self._batch)
        api.llama_free(self._context)
        api.llama_model_free(self._model)

    def of(self, sequences: Sequence[Sequence[int]]) -> list[Vectors]:
        """Sorted by length, so that those of a batch are alike; given back in their order."""
        found: dict[int, Vectors] = {}
        for group in self._groups(sequences):
            states = self._run([sequences[i] for i in group])
            ends = np.cumsum([len(sequences[i]) for i in group])[:-1]
            found |= dict(zip(group, np.split(states, ends), strict=True))
        return [found[i] for i in range(len(sequences))]

    def _groups(self, sequences: Sequence[Sequence[int]]) -> Iterator[list[int]]:
        group: list[int] = []
        held = 0
        for i in sorted(range(len(sequences)), key=lambda i: len(sequences[i])):
            if len(group) == self._setting.texts or held + len(sequences[i]) > self._size:
                yield group
                group, held = [], 0
            group.append(i)
            held += len(sequences[i])
        yield group

    def _run(self, sequences: Sequence[Sequence[int]]) -> Vectors:
        batch, at = self._batch, 0
        for number, tokens in enumerate(sequences):
            for position, token in enumerate(tokens):
                batch.token[at], batch.pos[at], batch.logits[at] = token, position, 1
                batch.n_seq_id[at], batch.seq_id[at][0] = 1, number
                at += 1
        batch.n_tokens = at
        assert api.llama_encode(self._context, batch) == 0
        pointer = ctypes.cast(
            api.llama_get_embeddings(self._context), ctypes.POINTER(ctypes.c_float)
        )
        return np.ctypeslib.as_array(pointer, shape=(at, self.width)).copy()
