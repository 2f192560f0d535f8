"""A BERT of any weights in NumPy, float64: what the encoder's states are held against.

Knows nothing of the kernels. `rounded` takes the inputs of each matrix to 8 bits as ggml does.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from cairn.native.encode import Shape, Stored

Floats = NDArray[np.float64]
MATRICES = ("attn_q", "attn_k", "attn_v", "attn_output", "ffn_up", "ffn_down")
NORMS = ("attn_output_norm", "layer_output_norm")


def stored(values: NDArray[np.float32], form: str = "Q8_0") -> Stored:
    rows, columns = values.shape
    if form == "Q8_0":
        blocks = np.ascontiguousarray(values.reshape(-1, 32))
        scales = (np.abs(blocks).max(1, keepdims=True) / 127).astype(np.float16)
        safe = np.where(scales > 0, scales, np.float16(1)).astype(np.float32)
        codes = np.clip(np.rint(blocks / safe), -127, 127).astype(np.int8)
        data = np.concatenate([scales.view(np.uint8), codes.view(np.uint8)], axis=1)
    else:
        data = values.astype("<f4" if form == "F32" else "<f2").view(np.uint8)
    return Stored(form, rows, columns, np.ascontiguousarray(data).ravel())


def numbers(tensor: Stored) -> Floats:
    if tensor.format != "Q8_0":
        values = tensor.data.view("<f4" if tensor.format == "F32" else "<f2")
        return values.reshape(tensor.rows, tensor.columns).astype(np.float64)
    blocks = tensor.data.reshape(-1, 34)
    scales = blocks[:, :2].copy().view("<f2").astype(np.float64)
    return (blocks[:, 2:].view(np.int8) * scales).reshape(tensor.rows, tensor.columns)


def round_to_codes(values: Floats) -> Floats:
    blocks = values.astype(np.float32).reshape(*values.shape[:-1], -1, 32)
    peak = np.abs(blocks).max(-1, keepdims=True)
    scale = (peak / np.float32(127)).astype(np.float16).astype(np.float64)
    up = np.float32(127) / np.where(peak > 0, peak, np.float32(np.inf))
    return (np.rint(blocks * up) * scale).reshape(values.shape)


def make_model(shape: Shape, seed: int = 0) -> dict[str, Stored]:
    random = np.random.default_rng(seed)

    def some(rows: int, columns: int, spread: float, form: str, around: float = 0.0) -> Stored:
        values = random.standard_normal((rows, columns)) * spread + around
        return stored(values.astype(np.float32), form)

    width = shape.width
    made = {
        "token_embd.weight": some(shape.vocabulary, width, 1.0, "Q8_0"),
        "position_embd.weight": some(shape.positions, width, 0.3, "F32"),
        "token_types.weight": some(2, width, 0.1, "F16"),
    }
    sizes = {"ffn_up": (shape.hidden, width), "ffn_down": (width, shape.hidden)}
    norms = ["token_embd_norm"]
    for layer in range(shape.layers):
        for name in MATRICES:
            rows, columns = sizes.get(name, (width, width))
            made[f"blk.{layer}.{name}.weight"] = some(rows, columns, columns**-0.5, "Q8_0")
            made[f"blk.{layer}.{name}.bias"] = some(1, rows, 0.1, "F32")
        norms += [f"blk.{layer}.{name}" for name in NORMS]
    for name in norms:
        made[name + ".weight"] = some(1, width, 0.1, "F32", 1.0)
        made[name + ".bias"] = some(1, width, 0.1, "F16")
    return made


class Reference:
    def __init__(self, shape: Shape, tensors: dict[str, Stored], *, rounded: bool) -> None:
        self._shape, self._rounded = shape, rounded
        self._values = {name: numbers(tensor) for name, tensor in tensors.items()}

    def states(self, tokens: list[int]) -> Floats:
        values, shape, count = self._values, self._shape, len(tokens)
        state = values["token_embd.weight"][tokens] + values["token_types.weight"][0]
        state = self._norm("token_embd_norm", state + values["position_embd.weight"][:count])
        for layer in range(shape.layers):
            stem = f"blk.{layer}."
            query, key, value = (
                self._times(f"{stem}attn_{part}", state)
                .reshape(count, shape.heads, -1)
                .transpose(1, 0, 2)
                for part in "qkv"
            )
            scores = query @ key.transpose(0, 2, 1) / math.sqrt(query.shape[2])
            shares = np.exp(scores - scores.max(-1, keepdims=True))
            seen = (shares / shares.sum(-1, keepdims=True)) @ value
            seen = seen.transpose(1, 0, 2).reshape(count, -1)
            state = self._norm(
                stem + "attn_output_norm", state + self._times(stem + "attn_output", seen)
            )
            inner = self._times(stem + "ffn_up", state)
            inner = (
                inner / 2 * (1 + np.tanh(math.sqrt(2 / math.pi) * (inner + 0.044715 * inner**3)))
            )
            state = self._norm(
                stem + "layer_output_norm", state + self._times(stem + "ffn_down", inner)
            )
        return state

    def _times(self, name: str, values: Floats) -> Floats:
        taken = round_to_codes(values) if self._rounded else values
        made = taken @ self._values[name + ".weight"].T + self._values[name + ".bias"][0]
        return np.asarray(made, np.float64)

    def _norm(self, name: str, state: Floats) -> Floats:
        off = state - state.mean(-1, keepdims=True)
        even = off / np.sqrt((off**2).mean(-1, keepdims=True) + self._shape.epsilon)
        return even * self._values[name + ".weight"][0] + self._values[name + ".bias"][0]
