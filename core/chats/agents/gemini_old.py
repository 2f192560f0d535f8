"""The lists that early releases of Gemini CLI kept → turns: `logs.json` and saved checkpoints.

`logs.json` has the user's words only, of every session; newer releases go on writing it, so of
sessions that are kept in full beside it nothing is taken. Called by the reader of the sessions.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from cairn.core.chats.agents.gemini_parts import command_of, names_of, result_of, text_of
from cairn.core.chats.agents.large import listed
from cairn.core.chats.agents.wrappers import own_words
from cairn.core.chats.source import Transcript
from cairn.core.chats.times import from_any
from cairn.core.chats.turn import About, Item, Passed, State, Turn
from cairn.core.records import Origin, digest

_LOGS = re.compile(rb'\s*\[\s*\{\s*"sessionId"\s*:\s*"[^"]+",\s*"messageId"\s*:\s*\d')
_SAVED = re.compile(
    rb'\s*(\{\s*"history"\s*:\s*)?\[\s*\{\s*("role"\s*:\s*"(user|model)"\s*,\s*)?'
    rb'"parts"\s*:\s*\['
)
_SHORT = 8
"""So many characters of a session's id are in the name of its file."""


def fits(source: Transcript) -> bool:
    return bool(_LOGS.match(source.head)) or _is_saved(source)


def read(source: Transcript, state: State) -> Iterator[Item]:
    yield from _read_saved(source) if _is_saved(source) else _read_logs(source, state)


def _is_saved(source: Transcript) -> bool:
    return source.name.startswith("checkpoint") and bool(_SAVED.match(source.head))


def _read_logs(source: Transcript, state: State) -> Iterator[Item]:
    # Remembered, because full sessions are deleted after a month.
    full = {name for name in state.get("full", ()) if isinstance(name, str)} | _sessions(source)
    state["full"] = sorted(full)
    for number, record in enumerate(listed(source), 1):
        yield from _logged(record, full, number)


def _logged(record: Any, full: set[str], number: int) -> Iterator[Item]:
    session = record.get("sessionId") if isinstance(record, dict) else None
    said = record.get("message") if isinstance(record, dict) else None
    if not isinstance(session, str) or not session or not isinstance(said, str):
        yield Passed("message", is_known=False)
    elif session[:_SHORT] in full or not said.strip() or record.get("type") != "user":
        yield Passed("repeated" if session[:_SHORT] in full else "message")
    else:
        own, beside = own_words(said)
        when, key = from_any(record.get("timestamp")), f"log:{record.get('messageId')}"
        if own:
            yield Turn(session, key, "user", own, when, role="user", line=number)
        if beside:
            key = f"{key}:context"
            yield Turn(session, key, "context", beside, when, role="user", line=number)


def _sessions(source: Transcript) -> set[str]:
    """The sessions that are kept in full beside it."""
    if source.member:
        return set()
    found = (source.path.parent / "chats").glob("session-*.json*")
    return {path.name.partition(".")[0].rpartition("-")[2] for path in found}


def _read_saved(source: Transcript) -> Iterator[Item]:
    tag = source.path.stem.removeprefix("checkpoint").removeprefix("-")
    conversation = digest(source.folder, source.name, size=8)
    if tag:
        yield About(conversation, title=tag)
    seen: Counter[str] = Counter()
    calls: dict[str, dict[str, Any]] = {}
    name = "history" if source.head.lstrip().startswith(b"{") else ""
    for number, record in enumerate(listed(source, name), 1):
        has_turns = False
        for turn in _said(record, conversation, number, seen, calls):
            has_turns = True
            yield turn
        if not has_turns:
            role = record.get("role") if isinstance(record, dict) else None
            yield Passed("message", is_known=role in ("user", "model"))


def _said(
    record: Any, conversation: str, number: int, seen: Counter[str], calls: dict[str, Any]
) -> Iterator[Turn]:
    """It has no times and no ids: the same words said again are told apart by how often."""
    role = record.get("role") if isinstance(record, dict) else None
    if role not in ("user", "model"):
        return
    parts = record.get("parts")
    for part in parts if isinstance(parts, list) else ():
        asked = part.get("functionCall") if isinstance(part, dict) else None
        if isinstance(asked, dict) and len(calls) < 1_000:
            calls[str(asked.get("name"))] = asked
    text = text_of(parts)
    own, beside = own_words(text) if role == "user" else (text.strip(), "")
    key = digest(role, text)
    seen[key] += 1
    key = f"{key}:{seen[key]}"
    origin: Origin = "user" if role == "user" else "assistant"
    names = names_of(parts)
    if own:
        yield Turn(conversation, key, origin, own, role=role, attachments=names, line=number)
    if beside:
        yield Turn(conversation, f"{key}:context", "context", beside, role=role, line=number)
    yield from _answers(parts, conversation, key, number, calls)


def _answers(
    parts: Any, conversation: str, key: str, number: int, calls: dict[str, Any]
) -> Iterator[Turn]:
    for place, part in enumerate(parts if isinstance(parts, list) else (), 1):
        answer = part.get("functionResponse") if isinstance(part, dict) else None
        if isinstance(answer, dict):
            call = calls.get(str(answer.get("name"))) or {"name": answer.get("name")}
            command = command_of(call)
            text = result_of({"result": [part]}) or command
            yield Turn(
                conversation, f"{key}:{place}", "tool", text, role="user", line=number,
                command=command,
            )  # fmt: skip
