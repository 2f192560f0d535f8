"""A record of Claude Code's → where it stands: its conversation, what it follows, their titles.

A sub-agent's records form a conversation of their own below the session's. Records that gave no
turn are skipped over to the nearest one before that did.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from cairn.core.chats.agents.kept import keep, kept, take
from cairn.core.chats.agents.stored import text_of
from cairn.core.chats.source import Transcript
from cairn.core.chats.times import from_any
from cairn.core.chats.turn import About, Item, Passed, State, Turn
from cairn.core.records import Origin, digest

TITLES = {
    "summary": (1, "summary"),
    "ai-title": (2, "aiTitle"),
    "custom-title": (3, "customTitle"),
}
"""How much a title counts, and its field."""


@dataclass(frozen=True, slots=True)
class Record:
    """A line with what it says about its place."""

    fields: dict[str, Any]
    line: int
    conversation: str
    is_side: bool
    uuid: str
    parent: str
    reply_to: str
    when: str

    def turn(self, key: str, origin: Origin, text: str) -> Turn:
        return Turn(
            conversation=self.conversation,
            key=key,
            origin=origin,
            text=text,
            when=self.when,
            role=text_of(self.fields.get("type")),
            reply_to=self.reply_to,
            line=self.line,
        )


def placed(fields: dict[str, Any], line: int, source: Transcript, state: State) -> Record:
    session = text_of(fields.get("sessionId")) or text_of(fields.get("session_id"))
    if not session and "session" not in state:
        first = digest(text_of(fields.get("timestamp")), text_of(fields.get("uuid")), size=4)
        session = f"{source.name.partition('.')[0]}-{first}"
    session = state["session"] = session or state["session"]
    uuid = text_of(fields.get("uuid"))
    parent = text_of(fields.get("parentUuid"))
    agent = text_of(fields.get("agentId")) or text_of(fields.get("parent_tool_use_id"))
    is_side = fields.get("isSidechain") is True or bool(agent and source.name.startswith("agent-"))
    is_side = is_side or bool(text_of(fields.get("parent_tool_use_id")))
    conversation = session
    if is_side:
        begun = uuid if not parent else kept(state, "sides", parent) or "side"
        conversation = f"{session}/{agent or begun}"
        keep(state, "sides", uuid, agent or begun)
    reply_to = kept(state, "skip", parent)
    return Record(
        fields=fields,
        line=line,
        conversation=conversation,
        is_side=is_side,
        uuid=uuid,
        parent=parent,
        reply_to=parent if reply_to is None else reply_to,
        when=from_any(fields.get("timestamp")),
    )


def about(record: Record, state: State) -> Iterator[Item]:
    """The folder is the one that it began in: the agent changes it as it works."""
    folder = text_of(record.fields.get("cwd"))
    if kept(state, "about", record.conversation) is None or (
        folder and not kept(state, "about", record.conversation)
    ):
        keep(state, "about", record.conversation, bool(folder))
        parent = record.conversation.partition("/")[0] if record.is_side else ""
        if folder or parent:
            yield About(record.conversation, project=folder, parent=parent)
    if title := take(state, "summaries", record.uuid):
        yield from _name(record.conversation, 1, title, state)


def titled(record: Record, kind: str, state: State) -> Iterator[Item]:
    yield Passed(kind)
    rank, field = TITLES[kind]
    title = " ".join(text_of(record.fields.get(field))[:1000].split())
    if kind != "summary":
        yield from _name(record.conversation, rank, title, state)
        return
    # Summaries of other sessions stand here too: its last record says whose it is.
    leaf = text_of(record.fields.get("leafUuid"))
    if conversation := kept(state, "leaves", leaf):
        yield from _name(conversation, rank, title, state)
    elif leaf:
        keep(state, "summaries", leaf, title, 64)


def _name(conversation: str, rank: int, title: str, state: State) -> Iterator[Item]:
    old = kept(state, "titles", conversation) or [0, ""]
    if title and rank >= old[0] and title != old[1]:
        keep(state, "titles", conversation, [rank, title], 32)
        yield About(conversation, title=title)


def leave(record: Record, last: str, state: State) -> None:
    """Remember which turn follows on this record: its `last`, or else what it followed itself."""
    if record.uuid:
        if last != record.uuid:
            keep(state, "skip", record.uuid, last or record.reply_to)
        keep(state, "leaves", record.uuid, record.conversation, 64)
