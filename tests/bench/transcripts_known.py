"""Differences between the bench's count and the product that are meant, each with its reason."""

from __future__ import annotations

import re

_KNOWN: tuple[tuple[str, str, str], ...] = ()
"""A pattern of the sample's name, one of the difference, and why it is right."""


def explain(name: str, difference: str) -> str:
    for sample, what, reason in _KNOWN:
        if re.search(sample, name) and re.search(what, difference, re.DOTALL):
            return reason
    return ""
