"""The `logs.db` of simonw's llm → turns: `responses`, and since 0.32 `turns` of `threads`.

Both only grow, so reading goes on after the last row that was read. A response is a prompt and
its answer; a turn adds the last of a chain of messages, which other threads may share.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

from cairn.core.chats.agents import llm_threads
from cairn.core.chats.agents.stored import command_of, object_of, opened, row, tables_of, text_of
from cairn.core.chats.source import Transcript
from cairn.core.chats.turn import About, Checkpoint, Item, Passed, State, Turn
from cairn.core.records import digest

_PAGE = 200
_MOST_SYSTEMS = 200
_Rows = dict[str, list[dict[str, Any]]]


def fits(source: Transcript) -> bool:
    tables = source.tables() if source.is_sqlite else frozenset()
    return {"conversations", "responses"} <= tables or {"threads", "turns", "parts"} <= tables


def read(source: Transcript, state: State) -> Iterator[Item]:
    with opened(source) as db:
        tables = tables_of(db)
        if "responses" in tables:
            for ids in pages(db, "responses", state):
                yield from _responses(db, tables, ids, state)
                yield Checkpoint(deepcopy(state))
        if {"threads", "turns", "parts"} <= tables:
            for ids in pages(db, "turns", state):
                for turn in ids:
                    yield from llm_threads.read(db, turn)
                yield Checkpoint(deepcopy(state))


def pages(db: sqlite3.Connection, table: str, state: State) -> Iterator[list[str]]:
    """The ids of rows after those that `state` knows; it knows a page when the next is taken.

    Rows may be numbered anew, when the table was changed or the file made smaller: then the last
    one is no longer where it was, and all is read again.
    """
    number, last = state.get(table) or (0, "")
    found = row(db, f"SELECT id FROM {table} WHERE rowid = ?", number)
    if not found or str(found[0]) != last:
        number = 0
    sql = f"SELECT rowid, id FROM {table} WHERE rowid > ? ORDER BY rowid LIMIT {_PAGE}"
    while page := db.execute(sql, (number,)).fetchall():
        number = page[-1][0]
        state[table] = [number, str(page[-1][1])]
        yield [str(each[1]) for each in page]


def _responses(
    db: sqlite3.Connection, tables: frozenset[str], ids: list[str], state: State
) -> Iterator[Item]:
    calls = _of(db, tables, "tool_calls", ids)
    results = _of(db, tables, "tool_results", ids)
    conversation = ""
    for id in ids:
        found = row(db, "SELECT * FROM responses WHERE id = ?", id)
        if found is None:
            yield Passed("too large")
        elif "turns" in tables and row(db, "SELECT 1 FROM turns WHERE id = ?", id):
            yield Passed("response kept as a turn too")
        else:
            known = dict(found)
            now = text_of(known.get("conversation_id")) or id
            if now != conversation:
                conversation = now
                sql = "SELECT name FROM conversations WHERE id = ?"
                name = row(db, sql, now) if "conversations" in tables else None
                yield About(now, text_of(name[0]) if name else "")
            names = _attached(db, tables, id)
            yield from _response(
                id, conversation, known, names, calls.get(id, []), results.get(id, []), state
            )


def _response(
    id: str, conversation: str, known: dict[str, Any], names: tuple[str, ...],
    calls: list[dict[str, Any]], results: list[dict[str, Any]], state: State,
) -> Iterator[Item]:  # fmt: skip
    when = llm_threads.when_of(known)
    model = text_of(known.get("model"))
    system, prompt = text_of(known.get("system")), text_of(known.get("prompt"))
    if system.strip() and _is_new(system, conversation, state):
        yield Turn(conversation, f"{id}:system", "context", system, when, role="system")
    for number, result in enumerate(results):
        yield _result(result, f"{id}:result-{number}", conversation, when)
    asked = f"{id}:prompt"
    if prompt.strip():
        yield Turn(conversation, asked, "user", prompt, when, role="prompt", attachments=names)
    elif not results:
        yield Passed("empty prompt")
    if text_of(known.get("reasoning")):
        yield Passed("thinking")
    answer = text_of(known.get("response"))
    if answer.strip():
        reply = asked if prompt.strip() else ""
        yield Turn(
            conversation, f"{id}:response", "assistant", answer, when, model, "response", reply
        )
    elif not calls:
        yield Passed("empty response")
    for number, call in enumerate(calls):
        command = command_of(text_of(call.get("name")) or "tool", object_of(call.get("arguments")))
        key = f"{id}:call-{number}"
        yield Turn(conversation, key, "tool", command, when, role="tool_call", command=command)


def _result(result: dict[str, Any], key: str, conversation: str, when: str) -> Turn:
    name = text_of(result.get("name")) or "tool"
    text = text_of(result.get("output")) or text_of(result.get("exception")) or name
    return Turn(conversation, key, "tool", text, when, role="tool_result", command=name)


def _is_new(system: str, conversation: str, state: State) -> bool:
    """Is it another than with the last response? It is kept with each."""
    mark = digest(system, size=4)
    systems: dict[str, str] = state.setdefault("systems", {})
    is_new = systems.pop(conversation, "") != mark
    systems[conversation] = mark
    if len(systems) > _MOST_SYSTEMS:
        del systems[next(iter(systems))]
    return is_new


def _of(db: sqlite3.Connection, tables: frozenset[str], table: str, ids: list[str]) -> _Rows:
    """Rows that belong to responses. Without an index, those of a page are looked up at once."""
    found: _Rows = {}
    if table in tables:
        marks = ",".join("?" * len(ids))
        sql = f"SELECT * FROM {table} WHERE response_id IN ({marks}) ORDER BY id"
        for each in db.execute(sql, ids).fetchall():
            found.setdefault(str(each["response_id"]), []).append(dict(each))
    return found


def _attached(db: sqlite3.Connection, tables: frozenset[str], id: str) -> tuple[str, ...]:
    names: list[str] = []
    if "prompt_attachments" in tables:
        sql = """SELECT type, path, url FROM prompt_attachments JOIN attachments
            ON attachments.id = attachment_id WHERE response_id = ? LIMIT 50"""
        names += (llm_threads.name_of(dict(each)) for each in db.execute(sql, (id,)).fetchall())
    if "prompt_fragments" in tables:
        sql = """SELECT source FROM prompt_fragments JOIN fragments
            ON fragments.id = fragment_id WHERE response_id = ? LIMIT 50"""
        names += (text_of(each[0]) or "text" for each in db.execute(sql, (id,)).fetchall())
    return tuple(dict.fromkeys(names))
