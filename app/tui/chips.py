"""What is typed into Search → words to look for, and filters as they are typed among them.

`in: kind: type: from: origin: since: until: when:`, a value with spaces in quotes. What can't be
meant is kept with the reason, so that it can be shown while one types. The names are narrowing's.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from cairn.app import narrowing
from cairn.core.errors import CairnError

NAMES = {
    "in": ("in",), "kind": ("kind",), "type": ("kind",), "from": ("from",), "origin": ("origin",),
    "since": ("since",), "until": ("until",), "when": ("since", "until"),
}  # fmt: skip
"""What is typed → the filters of `narrowing` that it sets."""
_CHIP = re.compile(rf'(?<!\S)({"|".join(NAMES)}):("[^"]*"?|\S*)', re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Chip:
    name: str
    value: str
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Typed:
    words: str
    chips: tuple[Chip, ...]
    filters: dict[str, str]

    @property
    def problem(self) -> str:
        return next((chip.problem for chip in self.chips if chip.problem), "")


def typed(text: str) -> Typed:
    chips: list[Chip] = []
    filters: dict[str, str] = {}
    for found in _CHIP.finditer(text):
        name, value = found[1].lower(), found[2].strip('"').strip()
        if value:  # else it is still being typed
            chips.append(_taken(name, value, filters))
    words = " ".join(_CHIP.sub(" ", text).split())
    return Typed(words, tuple(chips), filters)


def _taken(name: str, value: str, filters: dict[str, str]) -> Chip:
    given = dict.fromkeys(NAMES[name], value)
    try:
        narrowed = narrowing.narrowed(given)
    except CairnError as error:
        return Chip(name, value, error.message)
    for key, one in narrowed.items():
        is_several = key in ("kind", "origin") and key in filters
        filters[key] = f"{filters[key]},{one}" if is_several else one
    return Chip(name, value)
