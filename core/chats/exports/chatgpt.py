"""ChatGPT's export, `conversations.json` under any name or one conversation a file → turns.

A conversation is a tree: an edited question or a second answer begins a branch. All are given,
in the order of the tree, with those marked that do not lead to the message last looked at.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from cairn.core.chats import times
from cairn.core.chats.exports.chatgpt_content import Said, said
from cairn.core.chats.exports.stream import done, is_unchanged, whole_objects
from cairn.core.chats.exports.values import fields, word
from cairn.core.chats.source import Transcript
from cairn.core.chats.turn import About, Item, Passed, State, Turn
from cairn.core.records import digest

_MARKS = (b'"current_node"', b'"content_type"', b'"author"')
_LISTS = ("conversations",)
_FIELDS = frozenset(("mapping", "title", "id", "conversation_id", "update_time", "current_node"))
_LATEST = 1e11
_HIDDEN = "is_visually_hidden_from_conversation"

Node = dict[str, Any]


def fits(source: Transcript) -> bool:
    head = source.head.removeprefix(b"\xef\xbb\xbf").lstrip()
    return (
        head[:1] in (b"[", b"{")
        and b'"mapping"' in head
        and any(mark in head for mark in _MARKS)
    )  # fmt: skip


def read(source: Transcript, state: State) -> Iterator[Item]:
    for number, value in whole_objects(source, _LISTS, _FIELDS, "mapping"):
        yield from _read_conversation(value, number, state)


def _read_conversation(conversation: Any, number: int, state: State) -> Iterator[Item]:
    nodes = _nodes(conversation)
    if not nodes:
        yield Passed("conversation", is_known="mapping" in fields(conversation))
        return
    id = word(conversation.get("conversation_id")) or word(conversation.get("id"))
    id = id or digest(word(conversation.get("title")), next(iter(nodes)), size=8)
    updated = conversation.get("update_time")
    if is_unchanged(state, id, updated):
        yield Passed("unchanged conversation")
        return
    if title := word(conversation.get("title")):
        yield About(id, title=title)
    yield from _Tree(id, nodes, conversation.get("current_node")).read(number)
    yield done(state, id, updated)


def _nodes(conversation: Any) -> dict[str, Node]:
    mapping = fields(fields(conversation).get("mapping"))
    return {id: node for id, node in mapping.items() if isinstance(node, dict)}


class _Tree:
    def __init__(self, conversation: str, nodes: dict[str, Node], current: object) -> None:
        self._conversation = conversation
        self._nodes = nodes
        self._below = _below(nodes)
        self._active = self._path_to(current if word(current) in nodes else self._latest_leaf())
        self._answered: dict[str, str] = {}
        """Of each node: the key of the turn, itself or above, that a turn below it answers."""
        self._called: dict[str, str] = {}

    """Of calls of tools that what comes back says too, and of that: the command."""

    def read(self, number: int) -> Iterator[Item]:
        for id in self._in_order():
            node = self._nodes[id]
            above = word(node.get("parent"))
            self._answered[id] = self._answered.get(above, "")
            message = node.get("message")
            if not isinstance(message, dict):
                yield Passed("node without message", is_known=message is None)
                continue
            found = said(message)
            turn = self._turn(id, above, message, found)
            if turn is None:
                kind = found.kind if found.kind == "thinking" else f"empty {found.kind}".strip()
                yield Passed(kind, is_known=found.is_known)
                continue
            yield Turn(
                self._conversation,
                id,
                turn.origin,
                turn.text,
                when=times.from_epoch(message.get("create_time")),
                who=found.who,
                role=found.role,
                reply_to=self._answered[id],
                is_side=id not in self._active,
                attachments=found.attachments,
                line=number,
                command=turn.command,
            )
            self._answered[id] = id

    def _turn(self, id: str, above: str, message: Node, found: Said) -> Said | None:
        """What the message says as a turn, or None when it says nothing to anybody."""
        if found.kind == "thinking":
            return None
        if found.origin == "tool":
            return self._tool_turn(id, above, found)
        if fields(message.get("metadata")).get(_HIDDEN):
            found = found.of("context")
        return found if found.text or found.attachments else None

    def _tool_turn(self, id: str, above: str, found: Said) -> Said | None:
        if found.command:
            if found.is_whole and any(map(self._is_answer, self._below.get(id, ()))):
                self._called[id] = found.command  # what came back says it too
                return None
            return found.of("tool", text=found.text or found.command)
        command = self._called[id] = self._called.get(above, "") or found.who
        if not (found.text or found.attachments):
            return None
        return found.of("tool", command=command, text=found.text or command)

    def _is_answer(self, id: str) -> bool:
        message = self._nodes[id].get("message")
        if not isinstance(message, dict):
            return False
        found = said(message)
        return (
            found.origin == "tool" and not found.command and bool(found.text or found.attachments)
        )

    def _in_order(self) -> Iterator[str]:
        """Every node once, what was said first before what follows from it."""
        given: set[str] = set()
        # Nodes that hang together in a circle, without a beginning, come last.
        for start in (*self._below.get("", ()), *self._nodes):
            waiting = [start]
            while waiting:
                id = waiting.pop()
                if id not in given:
                    given.add(id)
                    yield id
                    waiting.extend(reversed(self._below.get(id, ())))

    def _path_to(self, id: object) -> set[str]:
        path: set[str] = set()
        while isinstance(id, str) and id in self._nodes and id not in path:
            path.add(id)
            id = self._nodes[id].get("parent")
        return path

    def _latest_leaf(self) -> str:
        leaves = [id for id in self._nodes if id not in self._below]
        return max(leaves, key=lambda id: _moment(self._nodes[id]), default="")


def _below(nodes: dict[str, Node]) -> dict[str, list[str]]:
    """The children of each node, the earliest first; of "" those that have no parent."""
    below: dict[str, list[str]] = {}
    for id, node in nodes.items():
        parent = node.get("parent")
        is_known = isinstance(parent, str) and parent in nodes and parent != id
        below.setdefault(str(parent) if is_known else "", []).append(id)
    for children in below.values():
        children.sort(key=lambda id: _moment(nodes[id]))
    return below


def _moment(node: Node) -> float:
    message = node.get("message")
    moment = message.get("create_time") if isinstance(message, dict) else None
    if isinstance(moment, int | float) and 0 < moment < _LATEST:
        return float(moment)
    return 0.0
