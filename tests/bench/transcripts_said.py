"""What the bench's own count of a transcript holds; see `tests.bench.transcripts`."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Said:
    origin: str
    """person, assistant, tool, or context: put there by a program."""
    text: str
    when: float | None = None
    """Seconds since 1970, when the source says so without doubt."""


@dataclass(slots=True)
class Count:
    kind: str
    """What the product should recognise."""
    conversations: dict[str, list[Said]] = field(default_factory=dict)
    passed: Counter[str] = field(default_factory=Counter)
    """Kinds of records that are no turns."""
    tools: dict[tuple[str, str], list[str]] = field(default_factory=dict)
    """By conversation and call: a call and its result are one act."""

    def say(self, name: str, origin: str, text: str, when: object = None) -> None:
        self.conversations.setdefault(name, []).append(Said(origin, text, _seconds(when)))

    def use_tool(self, name: str, call: str, text: str) -> None:
        self.conversations.setdefault(name, [])
        self.tools.setdefault((name, call), []).append(text)

    def pass_over(self, kind: object) -> None:
        self.passed[str(kind)] += 1

    def of(self, origin: str) -> int:
        if origin == "tool":
            return len(self.tools)
        return sum(said.origin == origin for one in self.conversations.values() for said in one)

    def all_said(self) -> list[Said]:
        tools = [Said("tool", text) for texts in self.tools.values() for text in texts]
        return [said for one in self.conversations.values() for said in one] + tools


def _seconds(when: object) -> float | None:
    if isinstance(when, int | float):
        return float(when)
    if not isinstance(when, str) or not when:
        return None
    if when.isdigit():
        return float(when)
    try:
        moment = datetime.fromisoformat(when)
    except ValueError:
        return None
    return moment.timestamp() if moment.tzinfo else None


def iso_seconds(when: str) -> float | None:
    """Of a turn as the product keeps it."""
    try:
        moment = datetime.fromisoformat(when)
    except ValueError:
        return None
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
