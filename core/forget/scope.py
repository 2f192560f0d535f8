"""What is to be forgotten, worked out: which entries, places, turns and sentences, and how to look
for what may be left of them.

Made by gathering, shown as a plan, kept beside the journal until all of it is erased: the one file
that still has the words, so that a process that is killed anywhere knows how to go on.
"""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass, fields
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from cairn.core.home import write_atomic

AimKind = Literal[
    "file", "folder", "passage", "turns", "conversation", "person", "entry", "words", "time",
]  # fmt: skip
_NAME = "forgetting-{}.json"


@dataclass(frozen=True, slots=True)
class Between:
    """From the beginning of one moment to before another, as ISO texts in UTC."""

    since: str
    until: str

    def holds(self, when: str) -> bool:
        """A bare day counts if it begins in it."""
        return bool(when) and self.since[: len(when)] <= when < self.until


def utc(when: str) -> str:
    """For comparing; a bare day stays one."""
    try:
        moment = datetime.fromisoformat(when)
    except ValueError:
        return when
    return when if len(when) <= len("2026-03-08") else _told(moment)


def _told(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds")


@dataclass(frozen=True, slots=True)
class Aim:
    """What a selector was taken for."""

    kind: AimKind
    words: str
    """For people: `the file ~/notes/garden.md`."""
    value: str = ""
    """An address, an id, a name or words."""
    between: Between | None = None

    @property
    def is_of_sentences(self) -> bool:
        """Is it the sentences that go, wherever else they stand, and not a thing as a whole?"""
        return self.kind in ("passage", "turns", "words")


@dataclass(frozen=True, slots=True)
class Scope:
    id: str
    kind: AimKind
    entries: tuple[str, ...] = ()
    """They go, with all they ever were."""
    parting: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """Entries that stay and lose some of their sources, with the addresses of these."""
    places: tuple[str, ...] = ()
    """Addresses of files and folders that are to be known no longer."""
    thinned: tuple[str, ...] = ()
    """Files that stay and lose sentences."""
    chats: tuple[str, ...] = ()
    """Whole conversations."""
    turns: tuple[tuple[str, tuple[int, ...]], ...] = ()
    """Of conversations that stay."""
    trimmed: tuple[tuple[str, tuple[int, ...]], ...] = ()
    """Turns that stay and lose sentences."""
    said: tuple[tuple[str, str], ...] = ()
    """Sentences that nothing else says, each with the place where it stood."""
    runs: tuple[str, ...] = ()
    """Of the words of long sentences, that nothing else says."""
    rare: tuple[str, ...] = ()
    """Words, in small letters, that stand nowhere else."""
    between: tuple[str, str] = ("", "")
    """Also what happened in that time, without any words."""
    paths: tuple[str, ...] = ()
    """All places in the tree that these entries ever had."""
    words: str = ""
    """Plain, where every sentence with them goes."""
    person: str = ""
    """Whose name goes from the list of people where nothing else names them."""

    def to_json(self) -> str:
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> Scope:
        data = json.loads(text)
        known = [field.name for field in fields(cls) if field.name in data]
        return cls(**{name: _frozen(data[name]) for name in known})


def _frozen(value: Any) -> Any:
    return tuple(map(_frozen, value)) if isinstance(value, list) else value


def keep(run: Path, scope: Scope) -> None:
    write_atomic(run / _NAME.format(scope.id), scope.to_json())


def kept(run: Path, id: str) -> Scope | None:
    try:
        return Scope.from_json((run / _NAME.format(id)).read_text("utf-8"))
    except FileNotFoundError:
        return None


def drop(run: Path, id: str) -> None:
    path = run / _NAME.format(id)
    if path.exists():
        os.truncate(path, 0)
        path.unlink()


def all_kept(run: Path) -> list[str]:
    """Ids of all that is under way, or was about to be."""
    head, tail = _NAME.split("{}")
    return [path.name[len(head) : -len(tail)] for path in run.glob(head + "*" + tail)]
