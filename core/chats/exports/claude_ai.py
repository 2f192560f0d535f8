"""Claude.ai's export, `conversations.json` under any name or one conversation a file → turns.

A message is a list of blocks: text, calls of tools with what came back, documents. Newer exports
name each message's parent; then what leads to the last one is the conversation, the rest branches.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from cairn.core.chats import times
from cairn.core.chats.exports.stream import done, is_unchanged, whole_objects
from cairn.core.chats.exports.values import fields, first_word, listed, word
from cairn.core.chats.source import Transcript
from cairn.core.chats.turn import About, Item, Passed, State, Turn
from cairn.core.extract.source import clip
from cairn.core.records import Origin, digest

_LISTS = ("conversations",)
_FIELDS = frozenset(
    (
        "chat_messages",
        "name",
        "title",
        "uuid",
        "created_at",
        "updated_at",
        "project",
        "current_leaf_message_uuid",
    )
)
_ORIGINS: dict[str, Origin] = {"human": "user", "user": "user", "assistant": "assistant"}
_COMMAND_CHARS = 500
_THINKING = frozenset(("thinking", "redacted_thinking"))
_SILENT = frozenset(("token_budget", "flag", "image", "document", "file"))
_WRITES = frozenset(("create", "rewrite"))
_FILES = ("attachments", "files", "files_v2")

Message = dict[str, Any]
_Calls = OrderedDict[str, tuple[str, str]]
"""Calls of tools by their ids: key and command."""


def fits(source: Transcript) -> bool:
    head = source.head.removeprefix(b"\xef\xbb\xbf").lstrip()
    return head[:1] in (b"[", b"{") and b'"chat_messages"' in head and b'"uuid"' in head


def read(source: Transcript, state: State) -> Iterator[Item]:
    for number, value in whole_objects(source, _LISTS, _FIELDS, "chat_messages"):
        yield from _read_conversation(value, number, state)


def _read_conversation(found: Any, number: int, state: State) -> Iterator[Item]:
    conversation = fields(found)
    if not isinstance(conversation.get("chat_messages"), list):
        yield Passed("conversation", is_known=False)
        return
    messages = [fields(message) for message in conversation["chat_messages"]]
    title = first_word(conversation, "name", "title")
    id = word(conversation.get("uuid"))
    id = id or digest(title, word(conversation.get("created_at")), size=8)
    updated = conversation.get("updated_at")
    if is_unchanged(state, id, updated):
        yield Passed("unchanged conversation")
        return
    project = first_word(fields(conversation.get("project")), "name")
    if title or project:
        yield About(id, title=title, project=project)
    active = _active(messages, conversation.get("current_leaf_message_uuid"))
    answered: dict[str, str] = {}
    for place, message in enumerate(messages):
        key = word(message.get("uuid")) or f"message {place + 1}"
        above = word(message.get("parent_message_uuid"))
        before = answered.get(above, "") if above else next(reversed(answered.values()), "")
        said = _Message(id, key, message, before, bool(active) and key not in active, number)
        yield from said.read()
        answered[key] = said.last
    yield done(state, id, updated)


def _active(messages: list[Message], leaf: object) -> set[str]:
    """The messages on the way to the last one; empty when none names its parent."""
    parents = {
        word(message.get("uuid")): word(message.get("parent_message_uuid")) for message in messages
    }
    if not any(parent in parents for parent in parents.values() if parent):
        return set()
    id = leaf if isinstance(leaf, str) and leaf in parents else next(reversed(parents))
    path: set[str] = set()
    while id in parents and id not in path:
        path.add(id)
        id = parents[id]
    return path


@dataclass(slots=True)
class _Message:
    """One message on its way into turns."""

    conversation: str
    key: str
    message: Message
    last: str
    """The key of the turn that comes before what is read next."""
    is_side: bool
    line: int

    def read(self) -> Iterator[Item]:
        sender = word(self.message.get("sender"))
        origin: Origin = _ORIGINS.get(sender, "context")
        texts: list[str] = []
        tools: list[Turn] = []
        calls: _Calls = OrderedDict()
        for place, block in enumerate(listed(self.message.get("content"))):
            block = fields(block)
            match word(block.get("type")):
                case "text" | "voice_note":
                    texts += [word(block.get("title")), word(block.get("text"))]
                case "tool_use" if document := _document(fields(block.get("input"))):
                    texts.append(document)
                case "tool_use":
                    id = word(block.get("id"))
                    calls[id or f"#{place}"] = f"{self.key}:{id or place}", _command(block)
                case "tool_result":
                    called = _call_of(word(block.get("tool_use_id")), calls)
                    key, command = called or (f"{self.key}:{place}", word(block.get("name")))
                    if text := _result(block.get("content")) or command:
                        tools.append(self._turn(key, "tool", text, command=command))
                case kind:
                    known = kind in _THINKING or kind in _SILENT
                    yield Passed("thinking" if kind in _THINKING else kind, is_known=known)
        for key, command in calls.values():
            tools.append(self._turn(key, "tool", command, command=command))
        # What is in `text` too is there for programs that know no blocks.
        text = _joined(texts) or word(self.message.get("text")).strip()
        files = _names(self.message)
        if not (text or files or tools):
            yield Passed("empty message" if self.message else "message", bool(self.message))
        yield from tools
        if text or files:
            yield self._turn(self.key, origin, text, role=sender, attachments=files)

    def _turn(self, key: str, origin: Origin, text: str, **more: Any) -> Turn:
        turn = Turn(
            self.conversation, key, origin, text, reply_to=self.last, is_side=self.is_side,
            when=times.from_iso(self.message.get("created_at")), line=self.line, **more,
        )  # fmt: skip
        self.last = key
        return turn


def _call_of(id: str, calls: _Calls) -> tuple[str, str] | None:
    """The call that a result belongs to, taken from those that wait; without an id the first."""
    if id:
        return calls.pop(id, None)
    return calls.popitem(last=False)[1] if calls else None


def _document(given: dict[str, Any]) -> str:
    """An artifact as it is written, with its title: the assistant's words, not a tool's."""
    if word(given.get("command")) not in _WRITES:
        return ""
    return _joined([word(given.get("title")), first_word(given, "content", "file_text")])


def _command(call: dict[str, Any]) -> str:
    given = fields(call.get("input"))
    shown = first_word(given, "command", "query", "url", "code", "path")
    shown = shown or next((value for value in given.values() if word(value)), "")
    return clip(": ".join(filter(None, (word(call.get("name")) or "tool", shown))), _COMMAND_CHARS)


def _result(content: object) -> str:
    if isinstance(content, str):
        return content.strip()
    blocks = map(fields, listed(content))
    return _joined([_joined([word(b.get("title")), word(b.get("text"))]) for b in blocks])


def _joined(texts: list[str]) -> str:
    return "\n\n".join(text.strip() for text in texts if text.strip())


def _names(message: Message) -> tuple[str, ...]:
    """Of the files that were sent with it. What they hold is theirs, not the message's."""
    files = (fields(file) for name in _FILES for file in listed(message.get(name)))
    names = (first_word(file, "file_name", "name") for file in files)
    return tuple(dict.fromkeys(name for name in names if name))
