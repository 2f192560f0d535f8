"""`turns.jsonl`, the documented conversation format → turns, line by line.

Lines that name no conversation belong to one that is called like the file. What is no turn is
counted and never stops the rest.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from cairn.core.chats.exports.message import ORIGINS, id_of, names_of, when_of
from cairn.core.chats.exports.values import fields, scalar, word
from cairn.core.chats.keys import key_of
from cairn.core.chats.source import Line, Transcript
from cairn.core.chats.turn import About, Checkpoint, Item, Passed, State, Turn

_ENDINGS = (".zst", ".jsonl", ".ndjson", ".turns")
_ABOUT = 1000
"""Conversations whose title is remembered, so that it is not said again for each turn."""


def fits(source: Transcript) -> bool:
    name = source.name.lower().removesuffix(".zst")
    if name == "turns.jsonl" or name.endswith(".turns.jsonl"):
        return not source.is_sqlite
    first = source.head.lstrip().partition(b"\n")[0]
    if not first.startswith(b"{"):
        return False
    try:
        values = fields(json.loads(first))
    except (ValueError, RecursionError):
        return False
    return isinstance(values.get("text"), str) and {"conversation", "author", "origin"} <= set(
        values
    )


def read(source: Transcript, state: State) -> Iterator[Item]:
    for line in source.lines(state):
        yield from _read_line(source, line, state)
        yield Checkpoint(dict(state))


def _read_line(source: Transcript, line: Line, state: State) -> Iterator[Item]:
    values = fields(line.json())
    text = word(values.get("text")).strip()
    if not text:
        yield Passed("line without text", is_known=bool(values))
        return
    conversation = scalar(values, "conversation") or _file_name(source)
    who, when = scalar(values, "author"), when_of(values.get("time"))
    if about := _about(values, conversation, state):
        yield about
    named = scalar(values, "origin").lower()
    id = id_of(values.get("id"))
    yield Turn(
        conversation,
        id or key_of(state, when, conversation, who, text),
        ORIGINS.get(named) or ORIGINS.get(who.lower(), "other"),
        text,
        when=when,
        who=who,
        role=named,
        reply_to=id_of(values.get("reply_to")),
        is_side=values.get("side") is True,
        attachments=names_of(values.get("attachments")),
        line=line.number,
        command=scalar(values, "command"),
    )


def _about(values: dict[str, Any], conversation: str, state: State) -> About | None:
    """The title and project, when they are not the ones that were last given."""
    title, project = scalar(values, "title"), scalar(values, "project")
    known: dict[str, list[str]] = state.get("about", {})
    if not (title or project) or known.get(conversation) == [title, project]:
        return None
    state["about"] = {**known, conversation: [title, project]}
    if len(state["about"]) > _ABOUT:
        del state["about"][next(iter(state["about"]))]
    return About(conversation, title=title, project=project)


def _file_name(source: Transcript) -> str:
    name = source.name
    for ending in _ENDINGS:
        name = name.removesuffix(ending)
    return source.folder if name == "turns" else name
