"""What is to be done about entries, as data: `Step`s ⇄ JSON.

Kept with a question of the review queue until a person has decided; the tree then carries it out.
A journal from a stranger is data, so every step is checked when it is read.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

from cairn.core.records import RELATION_TYPES

Deed = Literal["supersede", "merge", "archive", "add", "promote", "relate", "alias"]
DEEDS: tuple[Deed, ...] = get_args(Deed)
_ENTRIES: dict[Deed, tuple[int, int]] = {
    "supersede": (1, 2), "merge": (2, 20), "archive": (1, 20), "add": (0, 20), "promote": (1, 20),
    "relate": (2, 2), "alias": (1, 1),
}  # fmt: skip
_ID = re.compile(r"[\w.-]{1,80}")
_MOST_STEPS = 20
_LONGEST = 256_000
_DEEPEST = 12
_LONGEST_NAME = 120


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do. The ids are in the order in which the deed names them:

    supersede  the old entry, then the new one, which is missing where it is in the payload
    merge      the entry that stays, then those that go into it
    relate     from, to; the payload has the `type`
    alias      whom the entry is about; the payload has the other `name`
    """

    do: Deed
    entries: tuple[str, ...] = ()
    payload: dict[str, Any] = field(default_factory=dict, hash=False)
    """What JSON can say, such as the entry to add."""


def steps_to_json(plan: tuple[Step, ...]) -> str:
    """Raises ValueError for what could not be read again."""
    rows = [[step.do, list(step.entries), step.payload] for step in plan]
    text = json.dumps(rows, allow_nan=False)
    if steps_from_json(text) != plan:
        raise ValueError("this plan can't be kept: it has too much in it, or what JSON can't say")
    return text


def steps_from_json(text: str) -> tuple[Step, ...] | None:
    """None for what `steps_to_json` can't have written."""
    if len(text) > _LONGEST:
        return None
    try:
        rows = json.loads(text, parse_constant=_refuse)
    except (ValueError, RecursionError):
        return None
    if not isinstance(rows, list) or len(rows) > _MOST_STEPS:
        return None
    steps = [_step(row) for row in rows]
    return tuple(step for step in steps if step) if all(steps) else None


def _step(row: object) -> Step | None:
    if not isinstance(row, list) or len(row) != 3:
        return None
    do, entries, payload = row
    deed = next((known for known in DEEDS if known == do), None)
    if deed is None or not isinstance(entries, list) or not isinstance(payload, dict):
        return None
    least, most = _ENTRIES[deed]
    if not least <= len(entries) <= most or not all(map(_is_id, entries)):
        return None
    if len(set(entries)) < len(entries) or not _is_shallow(payload, _DEEPEST):
        return None
    if deed == "relate" and payload.get("type") not in RELATION_TYPES:
        return None
    if deed == "alias" and not _is_name(payload.get("name")):
        return None
    return Step(deed, tuple(entries), payload)


def _is_id(value: object) -> bool:
    return isinstance(value, str) and bool(_ID.fullmatch(value))


def _is_name(value: object) -> bool:
    return isinstance(value, str) and 0 < len(value.strip()) <= _LONGEST_NAME


def _is_shallow(value: object, levels: int) -> bool:
    if not isinstance(value, dict | list):
        return True
    inside = value.values() if isinstance(value, dict) else value
    return levels > 0 and all(_is_shallow(each, levels - 1) for each in inside)


def _refuse(constant: str) -> None:
    raise ValueError(constant)
