"""Copilot Chat in VS Code: sessions, whole as `.json` or as a log of changes as `.jsonl` → turns.

A request of a session is a turn of the user, one for each tool, and one for the answer. A log is
replayed from its beginning: what was taken out of the session stands on a side.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from cairn.core.chats.agents.copilot_log import replay
from cairn.core.chats.agents.copilot_parts import (
    answer_of,
    attachments_of,
    id_of,
    passed_of,
    text_of,
    tools_of,
)
from cairn.core.chats.agents.large import fields, listed
from cairn.core.chats.agents.stored import one_line, path_of
from cairn.core.chats.agents.wrappers import own_words
from cairn.core.chats.source import Transcript
from cairn.core.chats.times import from_any
from cairn.core.chats.turn import About, Checkpoint, Item, Passed, Rewound, State, Turn, Version

_FOLDERS = ("chatSessions", "emptyWindowChatSessions")
_FIRST = re.compile(rb'\s*\{\s*"kind"\s*:\s*0\s*,\s*"v"\s*:\s*\{')
_LATER = re.compile(rb'\s*\{\s*"kind"\s*:\s*[0-3]\s*,\s*"(k|v)"\s*:')
_TOP = ("sessionId", "customTitle", "version")
_MOST_BYTES = 1 << 16


def fits(source: Transcript) -> bool:
    head, is_ours = source.head, source.folder in _FOLDERS
    if source.name.endswith(".jsonl"):
        if is_ours:
            return bool(_LATER.match(head))
        return bool(_FIRST.match(head)) and b'"requests"' in head
    if not source.name.endswith(".json") or not head.lstrip().startswith(b"{"):
        return False
    return b'"requests"' in head and (is_ours or b'"responderUsername"' in head)


def read(source: Transcript, state: State) -> Iterator[Item]:
    is_log = source.name.endswith(".jsonl")
    yield from (_read_log if is_log else _read_whole)(source, state)
    yield Checkpoint(dict(state))


def _read_whole(source: Transcript, state: State) -> Iterator[Item]:
    top = fields(source, *_TOP)
    ids = [id for record in listed(source, "requests") if (id := _id_of(record))]
    conversation = _conversation(source, top, ids)
    yield from _about(source, top, conversation)
    yield from _gone(state, conversation, ids)
    for number, request in enumerate(listed(source, "requests"), 1):
        yield from _request(request, conversation, number)


def _id_of(request: object) -> str:
    id = request.get("requestId") if isinstance(request, dict) else None
    return id if isinstance(id, str) else ""


def _read_log(source: Transcript, state: State) -> Iterator[Item]:
    replayed = replay(source)
    for (kind, is_known), count in replayed.passed.items():
        yield Passed(kind, is_known, count)
    ids = [id_of(request) for request in replayed.requests]
    conversation = _conversation(source, replayed.session, ids)
    yield from _about(source, replayed.session, conversation)
    yield from _gone(state, conversation, ids)
    for request, line, is_side in replayed.all():
        yield from _request(request, conversation, line, is_side=is_side)


def _conversation(source: Transcript, top: dict[str, Any], ids: list[str]) -> str:
    """An exported session has no id of its own."""
    if id := text_of(top.get("sessionId")):
        return id
    return source.path.stem if source.folder in _FOLDERS or not ids else ids[0]


def _about(source: Transcript, top: dict[str, Any], conversation: str) -> Iterator[Item]:
    title = top.get("customTitle")
    named = one_line(title) if isinstance(title, str) else ""
    yield About(conversation, named, _project(source))
    if isinstance(version := top.get("version"), int | float | str):
        yield Version(one_line(str(version)))


def _project(source: Transcript) -> str:
    """The folder that the workspace stands for, as noted beside its sessions."""
    if source.member:
        return ""
    try:
        with (source.path.absolute().parent.parent / "workspace.json").open("rb") as file:
            noted = json.loads(file.read(_MOST_BYTES))
    except (OSError, ValueError, RecursionError):
        return ""
    for name in ("folder", "workspace", "configuration"):
        if isinstance(noted, dict) and isinstance(uri := noted.get(name), str):
            return path_of(uri)
    return ""


def _gone(state: State, conversation: str, ids: list[str]) -> Iterator[Item]:
    """What was there at the last reading, and is not now, was taken out of the session."""
    before = state.get("requests")
    now = frozenset(ids)
    state["requests"] = ids
    for id in before if isinstance(before, list) else ():
        if id not in now:
            yield Rewound(conversation, id)
            yield Rewound(conversation, f"{id}:context")


def _request(
    request: Any, conversation: str, line: int, *, is_side: bool = False
) -> Iterator[Item]:
    if not isinstance(request, dict):
        yield Passed("request", is_known=False)
        return
    is_side = is_side or bool(request.get("shouldBeRemovedOnSend") or request.get("isHidden"))
    has_turns = False
    for turn in _turns(request, conversation):
        has_turns = True
        yield replace(turn, line=line, is_side=is_side)
    yield from passed_of(request)
    if not has_turns:
        yield Passed("request")


def _turns(request: dict[str, Any], conversation: str) -> Iterator[Turn]:
    id, when = id_of(request), from_any(request.get("timestamp"))
    text = text_of(request.get("message"))
    # A pressed button, or the editor itself, may have sent it.
    is_put_in = bool(request.get("isSystemInitiated") or request.get("confirmation"))
    own, beside = ("", text) if is_put_in else own_words(text)
    if own.strip():
        names = attachments_of(request)
        yield Turn(conversation, id, "user", own, when, role="request", attachments=names)
    if beside.strip():
        yield Turn(conversation, f"{id}:context", "context", beside, when, role="request")
    after = id if own.strip() else ""
    for key, command, told in tools_of(request):
        yield Turn(
            conversation, f"{id}:{key}", "tool", told or command, when, role="response",
            reply_to=after, command=command,
        )  # fmt: skip
    if answer := answer_of(request):
        yield Turn(
            conversation, f"{id}:answer", "assistant", answer, when, role="response",
            reply_to=after,
        )  # fmt: skip
