"""One turn of a thread in llm's message store → turns of ours. Called by `llm`.

Messages are a tree of hashes that threads share: a turn's own are those after its parent, which
the model wrote, and before it the run that the user and tools gave. Theirs are what it answers.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from cairn.core.chats import times
from cairn.core.chats.agents.stored import command_of, object_of, objects_of, row, text_of
from cairn.core.chats.turn import About, Item, Passed, Turn
from cairn.core.records import Origin

_MOST_MESSAGES = _MOST_PARTS = 1000
_ORIGINS: dict[str, Origin] = {"user": "user", "assistant": "assistant", "system": "context"}


def read(db: sqlite3.Connection, turn: str) -> Iterator[Item]:
    found = row(db, "SELECT * FROM turns WHERE id = ?", turn)
    if found is None:
        yield Passed("too large")
        return
    known = dict(found)
    thread = text_of(known.get("thread_id")) or turn
    name = row(db, "SELECT name FROM threads WHERE id = ?", thread)
    if name:
        yield About(thread, text_of(name[0]))
    when = when_of(known)
    parent = text_of(known.get("parent_message_hash"))
    given = _chain(db, parent, "", ("user", "tool", "system"))
    written = _chain(db, text_of(known.get("tip_message_hash")), parent, ())
    for hash, role, before in (*given, *written):
        who = text_of(known.get("model")) if role == "assistant" else ""
        yield from _message(db, hash, Turn(thread, hash, "tool", "", when, who, role, before))


def _chain(
    db: sqlite3.Connection, tip: str, end: str, roles: tuple[str, ...]
) -> list[tuple[str, str, str]]:
    """Messages from `tip` back to `end`, or to the first of another role; the oldest first."""
    found: list[tuple[str, str, str]] = []
    while tip and tip != end and len(found) < _MOST_MESSAGES:
        message = row(db, "SELECT role, parent_hash FROM messages WHERE hash = ?", tip)
        if not message or (roles and message[0] not in roles):
            break
        found.append((tip, text_of(message[0]), text_of(message[1])))
        tip = text_of(message[1])
    return found[::-1]


def _message(db: sqlite3.Connection, hash: str, base: Turn) -> Iterator[Item]:
    sql = "SELECT id, position FROM parts WHERE message_hash = ? ORDER BY position LIMIT ?"
    texts: list[str] = []
    names: list[str] = []
    tools: list[Turn] = []
    for id, position in db.execute(sql, (hash, _MOST_PARTS)).fetchall():
        found = row(db, "SELECT type, tool_name, text, payload FROM parts WHERE id = ?", id)
        kind = text_of(found[0]) if found else ""
        payload = object_of(found[3]) if found else {}
        if kind == "text":
            text, sent = _text(db, text_of(found[2]), payload)
            texts.append(text)
            names += sent
        elif kind == "attachment":
            names += _attached(db, id)
        elif kind in ("tool_call", "tool_result"):
            tools.append(_tool(base, kind, text_of(found[1]), payload, f"{hash}:{position}"))
        elif kind == "reasoning":
            yield Passed("thinking")
        else:
            yield Passed(kind[:60] or "part", is_known=False)
    text = "\n\n".join(text for text in texts if text.strip())
    if tools and not text:
        tools[-1] = replace(tools[-1], key=hash)  # what comes next answers this hash
    else:
        yield from _said(base, text, names)
    yield from tools


def _said(base: Turn, text: str, names: list[str]) -> Iterator[Item]:
    origin = _ORIGINS.get(base.role)
    if text and origin:
        sent = tuple(dict.fromkeys(names))
        yield replace(base, origin=origin, text=text, attachments=sent)
    elif text:
        yield Passed(f"message of {base.role[:40]}", is_known=base.role == "tool")
    else:
        yield Passed("empty message")


def _text(db: sqlite3.Connection, text: str, payload: dict[str, Any]) -> tuple[str, list[str]]:
    """What was typed, and the names of the fragments that were put into it."""
    if "text_ref" not in payload:
        return text or text_of(payload.get("text")), []
    names = []
    for piece in objects_of(payload["text_ref"]):
        if isinstance(number := piece.get("fragment"), int):
            found = row(db, "SELECT source FROM fragments WHERE id = ?", number)
            names.append(text_of(found[0]) if found and found[0] else "text")
        text += text_of(piece.get("literal"))
    return text.strip(), names


def _attached(db: sqlite3.Connection, part: object) -> list[str]:
    sql = """SELECT type, path, url FROM part_attachments JOIN attachments
        ON attachments.id = attachment_id WHERE part_id = ? LIMIT 50"""
    return [name_of(dict(each)) for each in db.execute(sql, (part,)).fetchall()]


def _tool(base: Turn, kind: str, name: str, payload: dict[str, Any], key: str) -> Turn:
    name = name or "tool"
    command = command_of(name, object_of(payload.get("arguments"))) if kind == "tool_call" else name
    text = text_of(payload.get("output")) or text_of(payload.get("exception")) or command
    return replace(base, key=key, text=text, who="", role=kind, command=command)


def name_of(attachment: dict[str, Any]) -> str:
    path = text_of(attachment.get("path")).replace("\\", "/").rpartition("/")[2]
    return path or text_of(attachment.get("url")) or text_of(attachment.get("type")) or "attachment"


def when_of(known: dict[str, Any]) -> str:
    """Of a response or turn. It is in UTC, also where it doesn't say so."""
    text = text_of(known.get("datetime_utc")).strip()
    return times.from_iso(text if text.endswith("Z") or "+" in text[10:] else f"{text}+00:00")
