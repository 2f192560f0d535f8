"""What is planted in the invented life: plain data beside the documents, never written into them.

Made by `build.py`, read by `tests.bench.tree_life`. A thing may be said more than once: its
sentences share `thing`, and finding one of them is finding it.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from cairn.core.records import EntryKind


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence before it stands anywhere: planted if it has a kind, a trap if it has a sort."""

    text: str
    kind: EntryKind | None = None
    thing: str = ""
    subject: str = ""
    attribute: str = ""
    value: str = ""
    date: str = ""
    """The day of an event, the day on which a promise is due, or from when a fact holds."""
    also: tuple[str, ...] = ()
    """Other lines that say it as well, such as the steps of a procedure."""
    trap: str = ""
    """Why it must yield nothing: hypothetical, joke, hedge, quoted …"""


@dataclass(frozen=True, slots=True)
class Planted:
    """A line, where it stands, and who said it when."""

    line: Line
    document: str
    """Below the folder of the life; a conversation's file is named after the conversation."""
    who: str
    said: str


@dataclass(frozen=True, slots=True)
class Life:
    """All that is known of the documents."""

    documents: tuple[str, ...]
    planted: tuple[Planted, ...]
    traps: tuple[Planted, ...]
    noise: dict[str, str]
    """Documents that must yield nothing, and why."""
    updates: tuple[tuple[str, str], ...]
    """Things, the newer of which replaces the older."""
    names: tuple[tuple[str, ...], ...]
    """Spellings and names of one person or project, to be merged."""
    apart: tuple[tuple[str, str], ...]
    """Names that look alike and are two."""
    harmless: tuple[Planted, ...] = ()
    """What one person would keep and another not: an entry of it is neither right nor wrong."""

    def things(self) -> dict[str, list[Planted]]:
        found: dict[str, list[Planted]] = {}
        for each in self.planted:
            found.setdefault(each.line.thing, []).append(each)
        return found

    def save(self, path: Path) -> None:
        path.write_text(json.dumps(asdict(self), ensure_ascii=False, indent=1) + "\n", "utf-8")
