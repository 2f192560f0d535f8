"""Values of foreign JSON → what was expected in their place, or nothing of that type."""

from __future__ import annotations

from typing import Any


def word(value: object) -> str:
    return value if isinstance(value, str) else ""


def fields(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def listed(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def first_word(values: dict[str, Any], *names: str) -> str:
    """The first of these fields that holds text."""
    return next((text for name in names if (text := word(values.get(name)).strip())), "")


def scalar(values: dict[str, Any], key: str) -> str:
    """A text or number as text."""
    value = values.get(key)
    is_scalar = isinstance(value, str | int | float) and not isinstance(value, bool)
    return str(value).strip() if is_scalar else ""
