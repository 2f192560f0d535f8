"""OpenCode's `opencode.db` → turns: a session is a conversation, each part of a message a turn.

What is written while an answer comes is changed in place, so a session is read again when it, its
number of parts or one of its newest parts has changed; the database has no index by time.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from cairn.core.chats import times
from cairn.core.chats.agents.stored import (
    changed,
    command_of,
    object_of,
    opened,
    path_of,
    row,
    text_of,
)
from cairn.core.chats.source import Transcript
from cairn.core.chats.turn import About, Checkpoint, Item, Passed, State, Turn, Version

_PAGE = 200
_MOST_PARTS = 100_000
_STORE = """SELECT
    (SELECT count(*) FROM session), (SELECT max(time_updated) FROM session),
    (SELECT max(rowid) FROM message), (SELECT max(rowid) FROM part),
    (SELECT max(time_updated) FROM (SELECT time_updated FROM part ORDER BY rowid DESC LIMIT 200))"""
_SESSION = """SELECT
    (SELECT time_updated FROM session WHERE id = ?1),
    (SELECT count(*) FROM message WHERE session_id = ?1),
    (SELECT count(*) FROM part WHERE session_id = ?1),
    (SELECT max(time_updated) FROM (
        SELECT time_updated FROM part WHERE session_id = ?1 ORDER BY rowid DESC LIMIT 20))"""
_PASSED = "step-start step-finish snapshot patch agent retry compaction subtask".split()


def fits(source: Transcript) -> bool:
    return source.is_sqlite and {"session", "message", "part"} <= source.tables()


def read(source: Transcript, state: State) -> Iterator[Item]:
    with opened(source) as db:
        store = _told(row(db, _STORE))
        if state.get("store") == store:
            return
        yield from changed(
            state, _ids(db), lambda id: _told(row(db, _SESSION, id)), lambda id: _session(db, id)
        )
        state["store"] = store
        yield Checkpoint(dict(state))


def _told(values: Any) -> str:
    return " ".join(str(value) for value in values) if values else ""


def _ids(db: sqlite3.Connection) -> Iterator[str]:
    last = ""
    sql = "SELECT id FROM session WHERE id > ? ORDER BY id LIMIT ?"
    while page := db.execute(sql, (last, _PAGE)).fetchall():
        yield from (str(each[0]) for each in page)
        last = page[-1][0]


@dataclass(slots=True)
class _Session:
    id: str
    is_child: bool
    reverted: str
    """The message, or part, from which on all was taken back."""
    is_side: bool = False
    last: str = ""
    answered: dict[str, str] = field(default_factory=dict)
    """The first turn of each message, by the message's id."""


def _session(db: sqlite3.Connection, id: str) -> Iterator[Item]:
    found = row(db, "SELECT * FROM session WHERE id = ?", id)
    known = dict(found) if found else {}
    parent = text_of(known.get("parent_id"))
    folder, title = text_of(known.get("directory")), text_of(known.get("title"))
    yield About(id, title, folder, parent)
    if version := text_of(known.get("version")):
        yield Version(version)
    revert = object_of(known.get("revert"))
    taken = text_of(revert.get("partID")) or text_of(revert.get("messageID"))
    session = _Session(id, bool(parent), taken)
    sql = "SELECT id FROM message WHERE session_id = ? ORDER BY time_created, id LIMIT ?"
    messages = db.execute(sql, (id, _MOST_PARTS)).fetchall()
    for (message,) in messages:
        yield from _message(db, session, str(message))
    if not messages:
        yield from _newer(db, id)


def _newer(db: sqlite3.Connection, id: str) -> Iterator[Passed]:
    """What only stands in the table that may one day replace `message`, so that it is named."""
    if row(db, "SELECT 1 FROM sqlite_master WHERE name = 'session_message'"):
        found = row(db, "SELECT count(*) FROM session_message WHERE session_id = ?", id)
        if found and found[0]:
            yield Passed("session_message", is_known=False, count=found[0])


def _message(db: sqlite3.Connection, session: _Session, id: str) -> Iterator[Item]:
    found = row(db, "SELECT time_created, data FROM message WHERE id = ?", id)
    data = object_of(found["data"]) if found else {}
    role = text_of(data.get("role"))
    session.is_side = session.is_side or id == session.reverted
    if role not in ("user", "assistant"):
        yield Passed("message", is_known=False)
        return
    when = times.from_epoch(object_of(data.get("time")).get("created"))
    when = when or times.from_epoch(found["time_created"])
    answers = session.answered.get(text_of(data.get("parentID")), "")
    is_said = role == "assistant" and data.get("summary") is not True
    base = Turn(session.id, id, "assistant" if is_said else "context", "", when, role=role)
    sql = "SELECT id FROM part WHERE message_id = ? ORDER BY id LIMIT ?"
    parts = [str(part) for (part,) in db.execute(sql, (id, _MOST_PARTS)).fetchall()]
    names = _attached(db, parts) if role == "user" else ()
    for part in parts:
        session.is_side = session.is_side or part == session.reverted
        reply = (id not in session.answered and answers) or session.last
        turn = replace(base, key=part, is_side=session.is_side, reply_to=reply)
        for item in _part(db, turn, names, session.is_child):
            yield item
            if isinstance(item, Turn) and item.origin != "context":
                session.last, names = item.key, ()
                session.answered.setdefault(id, item.key)


def _attached(db: sqlite3.Connection, parts: list[str]) -> tuple[str, ...]:
    """The files that the user sent with a message; their content is beside it as text."""
    names = []
    sql = "SELECT data FROM part WHERE id = ? AND data LIKE '%\"file\"%'"
    for found in (row(db, sql, part) for part in parts):
        data = object_of(found[0]) if found else {}
        if data.get("type") == "file":
            uri = text_of(data.get("url"))
            names.append(text_of(data.get("filename")) or path_of(uri[:500]).rpartition("/")[2])
    return tuple(dict.fromkeys(name for name in names if name))


def _part(
    db: sqlite3.Connection, turn: Turn, names: tuple[str, ...], is_child: bool
) -> Iterator[Item]:
    found = row(db, "SELECT data FROM part WHERE id = ?", turn.key)
    data = object_of(found[0]) if found else {}
    kind = text_of(data.get("type"))
    if kind == "text":
        yield from _text(turn, data, names, is_child)
    elif kind == "tool":
        yield _tool(turn, data)
    elif kind == "reasoning":
        yield Passed("thinking")
    elif kind == "file":
        yield Passed("file")
    else:
        yield Passed(kind[:60] or "part", is_known=kind in _PASSED)


def _text(
    turn: Turn, data: dict[str, Any], names: tuple[str, ...], is_child: bool
) -> Iterator[Item]:
    from cairn.core.chats.agents.wrappers import own_words

    text = text_of(data.get("text"))
    is_put = data.get("synthetic") is True or data.get("ignored") is True
    if not text.strip():
        yield Passed("empty text")
    elif turn.role == "assistant":
        yield replace(turn, text=text, origin="context" if is_put else turn.origin)
    elif is_put or is_child:
        # What is asked of a sub-agent are the words of the agent that began it.
        yield replace(turn, text=text)
    else:
        own, beside = own_words(text)
        if own.strip():
            yield replace(turn, origin="user", text=own, attachments=names)
        if beside.strip():
            yield replace(turn, key=f"{turn.key}:context", text=beside)


def _tool(turn: Turn, data: dict[str, Any]) -> Turn:
    state = object_of(data.get("state"))
    name = text_of(data.get("tool")) or "tool"
    command = command_of(name, object_of(state.get("input")))
    output = text_of(state.get("output")).strip() or text_of(state.get("error")).strip()
    started = times.from_epoch(object_of(state.get("time")).get("start"))
    return replace(
        turn, origin="tool", role=name, text=output or command, command=command,
        when=started or turn.when,
    )  # fmt: skip
