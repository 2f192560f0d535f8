"""The chat models that cairn knows by name, from `assets/models.toml`; nothing of them is here yet.

Each is one file at one address. The planner judges it by what its header would say.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from typing import Any

from cairn import assets
from cairn.core.models.fit.shape import Shape


@dataclass(frozen=True, slots=True)
class Offer:
    name: str
    title: str
    about: str
    """What it is good for."""
    url: str
    size: int
    """In bytes; without a checksum it is only about right."""
    sha256: str
    licence: str
    shape: Shape


@cache
def offers() -> tuple[Offer, ...]:
    """The most capable first."""
    with assets.path("models.toml").open("rb") as file:
        return tuple(_offer(fields) for fields in tomllib.load(file)["model"])


def _offer(fields: dict[str, Any]) -> Offer:
    own = {name: fields[name] for name in ("name", "title", "about", "url", "sha256", "licence")}
    weights, size = int(fields["weights"]), int(fields["size"])
    active = int(fields.get("active", weights))
    experts, used = int(fields.get("experts", 0)), int(fields.get("used", 0))
    loose, looked_up = _tables(fields, weights, experts)
    shape = Shape(
        architecture="",
        quantization=fields["url"].rpartition("-")[2].removesuffix(".gguf").upper(),
        weights=weights,
        size=size,
        active_weights=active,
        active_size=size * active // weights,
        layers=fields["layers"],
        width=fields["width"],
        hidden=fields["hidden"],
        heads=fields["heads"],
        cached=2 * fields["layers"] * fields["key_heads"] * fields["head_size"],
        divisible=fields["head_size"] % 32 == 0,
        vocabulary=fields["vocabulary"],
        window=fields["window"],
        experts=experts,
        used=used,
        loose=round(size * loose),
        largest=size * fields["hidden"] * fields["width"] // weights,
        looked_up=round(size * looked_up),
    )
    return Offer(**own, size=size, shape=shape)


def _tables(fields: dict[str, Any], weights: int, experts: int) -> tuple[float, float]:
    """Of all weights, the shares of those that can be read as they are needed, and of a table of
    words that is only looked up; from what is known without the file."""
    words = fields["vocabulary"] * fields["width"]
    heads = 2 * (fields["heads"] + fields["key_heads"]) * fields["head_size"]
    layers = fields["layers"] * fields["width"] * (heads + 3 * fields["hidden"])
    if experts:
        active = int(fields["active"])
        experts_weights = (weights - active) / (1 - int(fields["used"]) / experts)
        is_tied = weights - experts_weights < 1.5 * words
        return experts_weights / weights, 0.0 if is_tied else words / weights
    is_tied = weights - layers < 1.5 * words
    return min(1.0, layers / weights), 0.0 if is_tied else words / weights
