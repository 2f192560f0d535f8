"""A throwaway process, `python -m cairn.core.models.fit.kernels_worker`: tries our kernels within
llama.cpp and times them beside its own; JSON on its standard output. Started by `kernels.py`.
"""

from __future__ import annotations

import json
import sys
from dataclasses import asdict

from cairn.core.models.fit.kernels import Pace
from cairn.native import ggml

_ALONE = (8192, 4096)
"""Rows and columns: more than caches hold, as with a model."""
_TOGETHER, _TOKENS = (1024, 2048), 128


def try_out() -> dict[str, object]:
    if reason := ggml.attach():
        return {"reason": reason, "paces": {}}
    return {"reason": "", "paces": {kind: asdict(_pace(kind)) for kind in ggml.TYPES}}


def _pace(kind: str) -> Pace:
    alone = ggml.paces(kind, *_ALONE, 1)
    together = ggml.paces(kind, *_TOGETHER, _TOKENS, 3)
    one, many = _ALONE[0] * _ALONE[1], _TOGETHER[0] * _TOGETHER[1] * _TOKENS
    return Pace(alone[0] / one, alone[1] / one, together[0] / many, together[1] / many)


if __name__ == "__main__":
    sys.stdout.write(json.dumps(try_out()) + "\n")
