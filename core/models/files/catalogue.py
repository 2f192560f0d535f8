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
        experts=0 if active == weights else 1,
    )
    return Offer(**own, size=size, shape=shape)
