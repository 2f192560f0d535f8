"""What a reader of transcripts yields: turns, and what it learns about their conversations.

Readers know one format each and yield `Item`s in the order of the source; `batches` redacts and
clips them, the archive keeps them. Ids are the format's own where it has any, so that the same
turn read again, from a newer export or a replayed session, is the same turn.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from cairn.core.records import Origin

State = dict[str, Any]
"""What a reader wants to find again when it reads on; plain JSON."""


@dataclass(frozen=True, slots=True)
class Turn:
    """One message of a conversation."""

    conversation: str
    """Its id in its format; the same in every export of it."""
    key: str
    """Its id in the conversation; the same whenever it is read again."""
    origin: Origin
    """Who wrote it, which is not always what `role` says."""
    text: str
    when: str = ""
    """ISO 8601, made by `times`; empty when the source does not say."""
    who: str = ""
    role: str = ""
    """The source's own word for the author's part."""
    reply_to: str = ""
    """The key of the turn that it answers or continues."""
    is_side: bool = False
    """It stands on a branch that was left."""
    attachments: tuple[str, ...] = ()
    """Names of what was sent with it."""
    line: int = 0
    """The line, or else the number of the record, in the source; counted from 1."""
    command: str = ""
    """Of tool turns: the command that was run, or the name of the tool and what it was given."""


@dataclass(frozen=True, slots=True)
class About:
    """What is known of a conversation; empty fields say nothing."""

    conversation: str
    title: str = ""
    project: str = ""
    """The folder that was worked in, or the workspace, server or group that it belongs to."""
    parent: str = ""
    """The conversation that began it, for a sub-agent's."""
    people: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Passed:
    """Records that are not turns; `is_known` is false for a kind that this reader never saw."""

    kind: str
    is_known: bool = True
    count: int = 1


@dataclass(frozen=True, slots=True)
class Rewound:
    """This turn, and all after it, were taken back."""

    conversation: str
    key: str


@dataclass(frozen=True, slots=True)
class Version:
    """Of the program or format that wrote the source."""

    text: str


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """All before this was yielded; with this state the reader goes on after it."""

    state: State


Item = Turn | About | Passed | Rewound | Version | Checkpoint


@dataclass(frozen=True, slots=True)
class Batch:
    """What reading a part of a transcript gave, as it comes from the extractor process."""

    kind: str
    items: list[dict[str, Any]]
    """Fields of turns, and of what is known of conversations, in order; `is` names their class."""
    passed: dict[str, int]
    unknown: dict[str, int]
    redacted: dict[str, int]
    version: str
    is_last: bool
    state: State | None
    """To go on from in another process; None where nothing was read from a transcript."""
    problems: list[list[str]] = field(default_factory=list)
    """What could not be read so far, as its name, empty for the whole, and why not."""
    begins_anew: bool = False
    """The transcript is another one than its state was of: what was counted counts no more."""
