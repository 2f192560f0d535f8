"""What the benchmarks share: AUROC, JSON output."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np


def auroc(positive: Iterable[float], negative: Iterable[float]) -> float:
    """The chance that a positive scores above a negative; ties count half."""
    p, n = np.asarray(list(positive)), np.asarray(list(negative))
    above = (p[:, None] > n[None, :]).mean()
    return float(above + 0.5 * (p[:, None] == n[None, :]).mean())


def write_json(figures: dict[str, Any], target: str | None) -> None:
    if target == "-":
        print(json.dumps(figures))
    elif target:
        Path(target).write_text(json.dumps(figures, indent=1) + "\n", "utf-8")


def say(text: str) -> None:
    print(text, file=sys.stderr)
