"""Gemini CLI: sessions, whole as `.json` or as a log as `.jsonl` → turns.

A log repeats a message when it has grown. A checkpoint in it (`$set.messages`) is what the model
goes on with: what it adds is read, and what it leaves out was said nevertheless. The lists of the
first releases are read by `gemini_old`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import chain
from typing import Any

from cairn.core.chats.agents import gemini_old
from cairn.core.chats.agents.gemini_parts import command_of, names_of, result_of, text_of
from cairn.core.chats.agents.gemini_place import project_by_hash, project_of
from cairn.core.chats.agents.large import fields, listed
from cairn.core.chats.agents.stored import one_line
from cairn.core.chats.agents.stored import text_of as stored_text
from cairn.core.chats.agents.wrappers import own_words
from cairn.core.chats.source import Transcript
from cairn.core.chats.times import from_any
from cairn.core.chats.turn import About, Checkpoint, Item, Passed, Rewound, State, Turn
from cairn.core.errors import ExtractError
from cairn.core.records import digest

_ONE = re.compile(
    rb'\s*\{\s*"id"\s*:\s*"[^"]+",\s*"timestamp"\s*:\s*"[^"]+",\s*"type"\s*:\s*"(user|gemini)",'
    rb'\s*"content"\s*:'
)
_ASIDE = ("info", "error", "warning")
_REMEMBERED = 1_000


def fits(source: Transcript) -> bool:
    if source.name.endswith(".jsonl"):
        return _is_session(source.head.partition(b"\n")[0])
    if not source.name.endswith(".json"):
        return False
    is_one = bool(_ONE.match(source.head)) or _is_session(source.head)
    return is_one or gemini_old.fits(source)


def read(source: Transcript, state: State) -> Iterator[Item]:
    if source.name.endswith(".jsonl"):
        yield from _read_log(source, state)
    elif gemini_old.fits(source):
        yield from gemini_old.read(source, state)
    elif _ONE.match(source.head):
        yield from _read_one(source)
    else:
        yield from _read_whole(source)


def _is_session(head: bytes) -> bool:
    return head.lstrip().startswith(b"{") and b'"sessionId"' in head and b'"projectHash"' in head


def _read_one(source: Transcript) -> Iterator[Item]:
    try:
        record = source.json()
    except ExtractError:
        yield Passed("message", is_known=False)
    else:
        yield from _message(record, str(record.get("id")), 1)


def _read_whole(source: Transcript) -> Iterator[Item]:
    session: State = {"session": source.path.stem}
    top = fields(source, "sessionId", "projectHash", "summary")
    yield from _learn(source, session, top)
    for number, record in enumerate(listed(source, "messages"), 1):
        yield from _find_project(session, record)
        yield from _message(record, session["session"], number)


def _read_log(source: Transcript, state: State) -> Iterator[Item]:
    for line in source.lines(state):
        state.setdefault("session", source.path.stem)
        yield from _record(source, state, line.json(), line.number)
        yield Checkpoint(dict(state))


def _record(source: Transcript, state: State, record: Any, line: int) -> Iterator[Item]:
    if not isinstance(record, dict):
        yield Passed("line", is_known=False)
    elif isinstance(taken_back := record.get("$rewindTo"), str):
        yield Passed("$rewindTo")
        # The first turn of a message is one of these; a key that is not there takes nothing back.
        for key in (taken_back, f"{taken_back}:context", f"{taken_back}:1"):
            yield Rewound(state["session"], key)
    elif isinstance(record.get("id"), str):
        known = [*state.get("known", ()), digest(record["id"], size=5)]
        state["known"] = list(dict.fromkeys(known))[-_REMEMBERED:]
        state["is_typed"] = state.get("is_typed", False) or record.get("type") == "user"
        yield from _find_project(state, record)
        yield from _message(record, state["session"], line)
    elif isinstance(changed := record.get("$set", record), dict):
        is_known = "$set" in record or "sessionId" in record
        yield Passed("$set" if "$set" in record else "metadata", is_known=is_known)
        yield from _learn(source, state, changed)
        yield from _checkpoint(state, changed.get("messages"), line)
    else:
        yield Passed("$set", is_known=False)


def _checkpoint(state: State, messages: Any, line: int) -> Iterator[Item]:
    """Messages that the log does not have by themselves, such as a summary of what was said.

    Of the others the log has the full text, where the checkpoint may have it masked. Once the
    user's messages stand in the log, one that does not was put in by the program.
    """
    known = frozenset(state.get("known", ()))
    for record in messages if isinstance(messages, list) else ():
        id = record.get("id") if isinstance(record, dict) else None
        if isinstance(id, str) and digest(id, size=5) in known:
            yield Passed("repeated")
            continue
        for item in _message(record, state["session"], line):
            if state.get("is_typed") and isinstance(item, Turn) and item.origin == "user":
                yield replace(item, origin="context")
            else:
                yield item


def _learn(source: Transcript, state: State, found: dict[str, Any]) -> Iterator[Item]:
    """What a session's own record says of it."""
    before = state.get("project", ""), state.get("parent", "")
    session, hash, summary = (
        stored_text(found.get(name)) for name in ("sessionId", "projectHash", "summary")
    )
    if session and "hash" not in state:
        state["session"] = session
    if hash and "hash" not in state:
        state |= {"hash": hash, "project": project_of(source, hash)}
    if source.path.parent.parent.name == "chats" and not source.member:
        state["parent"] = source.folder
    now = state.get("project", ""), state.get("parent", "")
    if summary.strip() or now != before:
        yield About(state["session"], one_line(summary), *now)


def _find_project(state: State, record: Any) -> Iterator[Item]:
    """A folder that a tool was given shows which one the hash stands for."""
    if state.get("project") or not state.get("hash"):
        return
    for call in _calls(record):
        args = call.get("args")
        for value in list(args.values())[:10] if isinstance(args, dict) else ():
            if isinstance(value, str) and (project := project_by_hash(value, state["hash"])):
                state["project"] = project
                yield About(state["session"], project=project)
                return


def _message(record: Any, conversation: str, line: int) -> Iterator[Item]:
    kind = record.get("type") if isinstance(record, dict) else None
    if not isinstance(kind, str) or not isinstance(record.get("id"), str):
        yield Passed("message", is_known=False)
    elif kind not in ("user", "gemini"):
        yield Passed(one_line(kind), is_known=kind in _ASIDE)
    else:
        said = _user(record, conversation, line) if kind == "user" else ()
        work = _assistant(record, conversation, line) if kind == "gemini" else ()
        has_turns = False
        for item in chain(said, work):
            has_turns = has_turns or isinstance(item, Turn)
            yield item
        if not has_turns:
            yield Passed(kind)


def _user(record: dict[str, Any], conversation: str, line: int) -> Iterator[Item]:
    id, when = record["id"], from_any(record.get("timestamp"))
    words = text_of(record.get("displayContent")) or text_of(record.get("content"))
    own, beside = own_words(words)
    names = names_of(record.get("content"))
    if own:
        yield Turn(conversation, id, "user", own, when, role="user", attachments=names, line=line)
    if beside:
        yield Turn(conversation, f"{id}:context", "context", beside, when, role="user", line=line)


def _assistant(record: dict[str, Any], conversation: str, line: int) -> Iterator[Item]:
    id, when = record["id"], from_any(record.get("timestamp"))
    thoughts = record.get("thoughts")
    if isinstance(thoughts, list) and thoughts:
        yield Passed("thinking", count=len(thoughts))
    text = text_of(record.get("content")).strip()
    if text:
        yield Turn(conversation, id, "assistant", text, when, role="gemini", line=line)
    for number, call in enumerate(_calls(record), 1):
        command = command_of(call)
        yield Turn(
            conversation, f"{id}:{number}", "tool", result_of(call) or command,
            from_any(call.get("timestamp")) or when, role="gemini",
            reply_to=id if text else "", line=line, command=command,
        )  # fmt: skip


def _calls(record: Any) -> list[dict[str, Any]]:
    calls = record.get("toolCalls") if isinstance(record, dict) else None
    found = calls if isinstance(calls, list) else []
    return [call for call in found if isinstance(call, dict)]
