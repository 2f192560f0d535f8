"""Copilot CLI: the `events.jsonl` of a session → turns.

A tool's start gives the command and its end the output; a call whose end never came is told when
the session stops. What a sub-agent says is a conversation of its own, begun by the session.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from cairn.core.chats.agents.kept import Call, abandon, begin, end
from cairn.core.chats.agents.stored import command_of, object_of, objects_of, one_line, text_of
from cairn.core.chats.agents.wrappers import own_words
from cairn.core.chats.source import Transcript
from cairn.core.chats.times import from_any
from cairn.core.chats.turn import About, Checkpoint, Item, Passed, State, Turn, Version
from cairn.core.records import Origin

_NAME = "events.jsonl"
_EVENT = re.compile(rb'"type"\s*:\s*"(session\.(start|resume|info)|user\.message)"')
_NOTED = re.compile(r"^(name|summary): +(\S.*)$", re.MULTILINE)
_STOPS = ("session.shutdown", "session.resume", "abort")
_FAMILIES = frozenset(
    {
        "session", "user", "assistant", "tool", "abort", "subagent", "skill", "hook", "system",
        "model", "mcp", "permission", "external_tool", "user_input", "command", "elicitation",
        "pending_messages", "exit_plan_mode", "sampling", "capabilities", "commands",
    }
)  # fmt: skip
_TYPED = ("", "user", "cli")
"""Of the sources of a user's message: any other is what put it in, such as a skill."""
_MOST_BYTES = 1 << 16


def fits(source: Transcript) -> bool:
    if source.name != _NAME:
        return False
    first = source.head.partition(b"\n")[0]
    return first.lstrip().startswith(b"{") and b'"data"' in first and bool(_EVENT.search(first))


def read(source: Transcript, state: State) -> Iterator[Item]:
    for line in source.lines(state):
        event = line.json()
        kind = event.get("type") if isinstance(event, dict) else None
        data = event.get("data") if isinstance(event, dict) else None
        if isinstance(kind, str) and isinstance(data, dict):
            state.setdefault("session", source.folder)
            yield from _event(source, state, event, line.number)
        else:
            yield Passed("line", is_known=False)
        yield Checkpoint(dict(state))


def _event(source: Transcript, state: State, event: dict[str, Any], line: int) -> Iterator[Item]:
    kind, data = event["type"], event["data"]
    if kind in _STOPS:
        yield from _left_open(state)
    if kind == "tool.execution_complete":
        yield _done(state, event, line)
        return
    origin = _origin(kind, data)
    if origin:
        found = list(_said(state, event, origin, line))
        yield from found
        if any(isinstance(item, Turn) for item in found):
            return
    elif kind == "tool.execution_start":
        yield from _start(state, event, line)
    elif kind in ("session.start", "session.resume", "session.title_changed"):
        yield from _learn(source, state, data)
    yield Passed(one_line(kind), is_known=kind.partition(".")[0] in _FAMILIES)


def _origin(kind: str, data: dict[str, Any]) -> Origin | None:
    if kind == "user.message":
        return "user" if (data.get("source") or "") in _TYPED else "context"
    if kind == "assistant.message":
        return "assistant"
    return "context" if kind == "system.message" else None


def _said(state: State, event: dict[str, Any], origin: Origin, line: int) -> Iterator[Item]:
    data, role = event["data"], event["type"].partition(".")[0]
    conversation, when = _conversation(state, data), from_any(event.get("timestamp"))
    key, after = _text(event, "id") or str(line), _text(event, "parentId")
    if data.get("reasoningText"):
        yield Passed("thinking")
    if conversation != state["session"]:
        yield About(conversation, parent=state["session"])
    text, beside = _text(data, "content"), ""
    if origin == "user":
        text, beside = own_words(text)
    if text.strip():
        yield Turn(
            conversation, key, origin, text, when, role=role, reply_to=after, line=line,
            attachments=_attached(data),
        )  # fmt: skip
    if beside.strip():
        key = f"{key}:context"
        yield Turn(conversation, key, "context", beside, when, role=role, line=line)


def _conversation(state: State, data: dict[str, Any]) -> str:
    begun_by = _text(data, "parentToolCallId")
    session: str = state["session"]
    return f"{session}:{begun_by}" if begun_by else session


def _start(state: State, event: dict[str, Any], line: int) -> Iterator[Item]:
    data = event["data"]
    if id := _text(data, "toolCallId"):
        command, when = _command(data), from_any(event.get("timestamp"))
        call = Call(id, id, _conversation(state, data), command, when=when, line=line)
        yield from begin(state, call)


def _done(state: State, event: dict[str, Any], line: int) -> Turn:
    data, when = event["data"], from_any(event.get("timestamp"))
    id = _text(data, "toolCallId")
    key = id or _text(event, "id") or str(line)
    call = end(state, id) or Call(id, key, _conversation(state, data), _command(data))
    return replace(call.turn(_result(data)), when=when, line=line, role="tool")


def _left_open(state: State) -> Iterator[Turn]:
    for conversation in {call["conversation"]: None for call in state.get("calls", {}).values()}:
        yield from abandon(state, conversation)


def _learn(source: Transcript, state: State, data: dict[str, Any]) -> Iterator[Item]:
    if session := _text(data, "sessionId"):
        state["session"] = session
    context = data.get("context")
    project = _text(context, "cwd") or _text(context, "gitRoot")
    title = one_line(_text(data, "title") or _noted_title(source))
    if project or title:
        yield About(state["session"], title, project)
    if version := _text(data, "copilotVersion"):
        yield Version(version)


def _noted_title(source: Transcript) -> str:
    """The session's name, as noted in the file beside it."""
    if source.member:
        return ""
    try:
        with (source.path.parent / "workspace.yaml").open("rb") as file:
            noted = file.read(_MOST_BYTES).decode("utf-8", "replace")
    except OSError:
        return ""
    found: dict[str, str] = dict(_NOTED.findall(noted))
    title = found.get("name") or found.get("summary") or ""
    return "" if title.startswith(("|", ">")) else title.strip("\"' ")


def _command(data: dict[str, Any]) -> str:
    given = data.get("arguments")
    return command_of(_text(data, "toolName"), object_of(given) or {"given": given})


def _result(data: dict[str, Any]) -> str:
    for value in (data.get("result"), data.get("error")):
        if isinstance(value, str) and value.strip():
            return value.strip()
        for name in ("content", "detailedContent", "message"):
            if text := _text(value, name).strip():
                return text
    return ""


def _attached(data: dict[str, Any]) -> tuple[str, ...]:
    named = (
        _text(part, "displayName") or _text(part, "path").replace("\\", "/").rpartition("/")[2]
        for part in objects_of(data.get("attachments"))[:50]
    )
    return tuple(filter(None, named))


def _text(holder: Any, name: str) -> str:
    return text_of(holder.get(name)) if isinstance(holder, dict) else ""
