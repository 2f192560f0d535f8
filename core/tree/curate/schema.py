"""The forms that a model's answers are held to: JSON schemas over the numbers of the evidence."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from cairn.core.records import EntryKind

KINDS: tuple[EntryKind, ...] = ("fact", "preference", "decision", "event", "promise", "question")
TITLE, CLAIM, FIELD = 70, 280, 60
"""Characters, at most."""
_MOST_KEPT = 6
_MOST_CITED = 3


def choice(numbers: Sequence[int]) -> dict[str, Any]:
    """Which of these are worth keeping, and of which kind is each?"""
    kept = _object({"sentence": {"enum": list(numbers)}, "kind": {"enum": list(KINDS)}})
    most = min(len(numbers), _MOST_KEPT)
    return _object({"keep": {"type": "array", "items": kept, "maxItems": most}})


def draft(numbers: Sequence[int]) -> dict[str, Any]:
    """One entry: what it says, and the sentences that say it."""
    return _object(
        {
            "evidence": {
                "type": "array", "items": {"enum": list(numbers)},
                "minItems": 1, "maxItems": _MOST_CITED,
            },
            "claim": _text(CLAIM),
            "title": _text(TITLE),
            "subject": _text(FIELD),
            "attribute": _text(FIELD),
            "value": _text(FIELD),
            "when": _text(10),
        }
    )  # fmt: skip


def _text(most: int) -> dict[str, Any]:
    return {"type": "string", "maxLength": most}


def _object(properties: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object", "properties": properties, "required": list(properties),
        "additionalProperties": False,
    }  # fmt: skip
