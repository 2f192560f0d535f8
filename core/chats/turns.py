"""`turns.jsonl`, the generic conversation format → a Document with one block per turn.

One JSON object per line with conversation, title, time, author, origin, text, id and reply_to, of
which only text is required. A torn or foreign line is counted in the note and never stops the rest.
Turns are numbered by their line in the file.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from cairn.core.authors import of_other
from cairn.core.chats.exports.message import ORIGINS
from cairn.core.chats.exports.values import scalar
from cairn.core.extract.dates import find_date, find_time
from cairn.core.extract.source import Source, clean, clip, decode, join_notes, unify_newlines
from cairn.core.records import Block, Document, Origin, Place
from cairn.core.uris import INSIDE


@dataclass(frozen=True, slots=True)
class Turn:
    """One message of a conversation."""

    number: int
    conversation: str
    title: str
    when: str
    who: str
    origin: Origin
    text: str

    @property
    def shown(self) -> str:
        return f"{self.who}: {self.text}" if self.who else self.text


def read_turns(source: Source) -> Document:
    if b"\0" in source.data and not source.data.startswith((b"\xff\xfe", b"\xfe\xff")):
        # A power cut can leave a log padded with NUL; the lines before it are still good.
        source = replace(source, data=source.data.replace(b"\0", b""))
    text, note = decode(source)
    turns: list[Turn] = []
    skipped = 0
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            turn = _read_turn(number, line, is_sent=INSIDE in source.uri)
            if turn:
                turns.append(turn)
            else:
                skipped += 1
    title = next((turn.title for turn in turns if turn.title), "")
    lost = f"{skipped} of its lines are not turns and were passed over" if skipped else ""
    return Document(
        uri=source.uri,
        kind="chat",
        title=title or source.stem.removesuffix(".turns"),
        text="\n".join(turn.shown for turn in turns),
        places=tuple(_places(turns)),
        blocks=tuple(_blocks(turns)),
        when=next((turn.when for turn in turns if turn.when), "") or find_date(source.name),
        origin="other",
        note=join_notes(note, lost),
    )


def _read_turn(number: int, line: str, *, is_sent: bool) -> Turn | None:
    """`is_sent`: it came inside of another file, and nobody in it is the user for sure."""
    try:
        fields = json.loads(line)
    except (ValueError, RecursionError):
        return None
    text = fields.get("text") if isinstance(fields, dict) else None
    if not isinstance(text, str) or not text.strip():
        return None
    who = clip(_word(fields, "author"))
    named = _word(fields, "origin").lower()
    origin = ORIGINS.get(named) or ORIGINS.get(who.lower(), "other")
    if is_sent and origin == "user":
        origin = "other"
    return Turn(
        number=number,
        conversation=clip(_word(fields, "conversation")),
        title=clip(_word(fields, "title")),
        when=find_time(_word(fields, "time")),
        who=who if origin == "user" else of_other(who),
        origin=origin,
        text=unify_newlines(clean(text)).strip(),
    )


def _word(fields: dict[str, Any], key: str) -> str:
    return clean(scalar(fields, key))


def _places(turns: list[Turn]) -> Iterator[Place]:
    at = 0
    for turn in turns:
        yield Place(at, "t", turn.number)
        at += len(turn.shown) + 1


def _blocks(turns: list[Turn]) -> Iterator[Block]:
    titles: dict[str, str] = {}
    at = 0
    for turn in turns:
        # Later turns of a conversation need not repeat its title.
        title = titles.setdefault(turn.conversation, turn.title or turn.conversation)
        heading = (title,) if title else ()
        end = at + len(turn.shown)
        yield Block(at, end, heading, when=turn.when, who=turn.who, origin=turn.origin)
        at = end + 1
