"""Codex's items, messages and calls of tools → turns; `codex` hands them on, an event as an item.

A message can stand twice, as an item and as an event: whichever comes second is passed over, so
that logs of events only keep their words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from cairn.core.chats.agents.codex_parts import call_of, images_of, output_of, texts_of
from cairn.core.chats.agents.kept import Call, abandon, begin, end, keep, kept, spoken, take
from cairn.core.chats.agents.stored import text_of
from cairn.core.chats.keys import key_of
from cairn.core.chats.times import from_any
from cairn.core.chats.turn import About, Item, Passed, State, Turn
from cairn.core.records import Origin, digest, normalize

_ITEMS = frozenset("ghost_snapshot compaction compaction_summary context_compaction other".split())
_FOLDER = re.compile(r"<cwd>([^<\n]{1,1000})</cwd>")


@dataclass(frozen=True, slots=True)
class Place:
    conversation: str
    line: int
    time: str
    """As the log writes it, to tell messages without ids apart."""
    by: str
    """Is it an `item` or an `event`?"""
    is_side: bool

    def turn(self, key: str, origin: Origin, text: str, role: str = "") -> Turn:
        when = from_any(self.time)
        return Turn(self.conversation, key, origin, text.strip(), when, role=role, line=self.line)


def worked_in(place: Place, folder: str, state: State) -> Iterator[Item]:
    if folder and not state.get("folder"):
        state["folder"] = folder
        yield About(place.conversation, project=folder)


def item_turns(place: Place, item: dict[str, Any], state: State) -> Iterator[Item]:
    kind = text_of(item.get("type"))
    if kind == "message":
        yield from message(place, item, text_of(item.get("role")), state)
    elif kind == "reasoning":
        yield Passed("thinking")
    elif kind in ("web_search_call", "image_generation_call"):
        yield done(place, text_of(item.get("id")), call_of(item), "", state)
    elif kind.endswith("_call"):
        id = text_of(item.get("call_id")) or text_of(item.get("id"))
        id = id or key_of(state, place.time, "call")
        yield from begun(place, id, call_of(item), state)
    elif kind.endswith(("_call_output", "tool_search_output")):
        yield from ended(place, text_of(item.get("call_id")), output_of(item.get("output")), state)
    else:
        yield Passed(kind or "no type", kind in _ITEMS)


def message(place: Place, item: dict[str, Any], role: str, state: State) -> Iterator[Item]:
    texts = texts_of(item.get("content"))
    text = "\n".join(texts).strip()
    images = images_of(item.get("content"))
    if not text:
        yield Passed("empty")
        return
    id = text_of(item.get("id"))
    turn = replace(place.turn(id, "context", text, role), attachments=images)
    turns = [turn]
    if role == "user":
        turns = list(spoken(turn, texts, "assistant" if place.is_side else "user"))
    elif role == "assistant":
        turns = [replace(turn, origin="assistant")]
    said = turns[0] if turns and turns[0].origin != "context" else None
    if said and _is_said_already(place, role, said.text, state):
        yield Passed("mirror")
        return
    if role == "user" and (folder := _FOLDER.search(text)) and not said:
        yield from worked_in(place, folder[1], state)
    if role == "user" and said:
        yield from abandon(state, place.conversation)
    # Only what is given a turn counts among those that are alike.
    key = id or key_of(state, place.time, role, *texts)
    turns = [replace(each, key=key + each.key.removeprefix(id)) for each in turns]
    if said and said.origin == "user":
        state["prompts"] = [*state.get("prompts", ()), key][-64:]
    yield from turns
    if not turns:
        yield Passed("empty")


def _is_said_already(place: Place, role: str, text: str, state: State) -> bool:
    """Was it told by the other kind of record, and not yet by this one?"""
    key = digest(role, normalize(text), size=8)
    other = "item" if place.by == "event" else "event"
    count = take(state, f"by {other}", key)
    if count and count > 1:
        keep(state, f"by {other}", key, count - 1, 32)
    if not count:
        keep(state, f"by {place.by}", key, (kept(state, f"by {place.by}", key) or 0) + 1, 32)
    return bool(count)


def begun(place: Place, id: str, command: str, state: State, name: str = "") -> Iterator[Item]:
    when = from_any(place.time)
    call = Call(id, id, place.conversation, command, name, when=when, line=place.line)
    yield from begin(state, call)


def ended(place: Place, id: str, output: str, state: State) -> Iterator[Item]:
    call = end(state, id)
    if call:
        turn = call.turn(output)
        yield replace(turn, line=place.line, when=from_any(place.time) or turn.when)
    elif output.strip():
        key = f"{id}:result" if id else key_of(state, place.time, "result", output)
        yield place.turn(key, "tool", output)
    else:
        yield Passed("empty")


def done(place: Place, id: str, command: str, output: str, state: State) -> Item:
    """A call that is told with its result, or has none."""
    text = output.strip() or command
    if not text:
        return Passed("empty")
    key = id or key_of(state, place.time, command, output)
    return replace(place.turn(key, "tool", text), command=command)
