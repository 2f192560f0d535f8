"""Cursor's `state.vscdb` → turns; what its command line writes is read by `cursor_log`.

`composerData:ID` says the order of a conversation's bubbles, `bubbleId:ID:BUBBLE` holds each. A row
that is written again gets a new number, so keys and numbers, which an index has, tell what changed.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from cairn.core.chats import times
from cairn.core.chats.agents import cursor_log, cursor_tabs
from cairn.core.chats.agents.stored import (
    changed,
    command_of,
    json_of,
    object_of,
    objects_of,
    opened,
    path_of,
    row,
    tables_of,
    text_of,
)
from cairn.core.chats.source import Transcript
from cairn.core.chats.turn import About, Checkpoint, Item, Passed, State, Turn, Version

_PAGE = 500
_MOST_BUBBLES = 100_000
_COMPOSER = "composerData:"
_OUTPUTS = ("output", "contents", "content", "result", "stdout", "text", "message", "error")


def fits(source: Transcript) -> bool:
    if source.is_sqlite:
        tables = source.tables()
        return "cursorDiskKV" in tables or ("ItemTable" in tables and cursor_tabs.fits(source))
    return cursor_log.fits(source)


def read(source: Transcript, state: State) -> Iterator[Item]:
    if not source.is_sqlite:
        yield from cursor_log.read(source, state)
        return
    with opened(source) as db:
        tables = tables_of(db)
        if "cursorDiskKV" in tables:
            yield from _composers(db, state)
        if "ItemTable" in tables:
            yield from cursor_tabs.read(source, db, state)


def _composers(db: sqlite3.Connection, state: State) -> Iterator[Item]:
    newest = row(db, "SELECT rowid, key FROM cursorDiskKV ORDER BY rowid DESC LIMIT 1")
    mark = f"{newest[0]} {newest[1]}" if newest else ""
    if state.get("newest") == mark:
        return
    yield from changed(state, _ids(db), lambda id: _mark(db, id), lambda id: _conversation(db, id))
    state["newest"] = mark
    yield Checkpoint(dict(state))


def _ids(db: sqlite3.Connection) -> Iterator[str]:
    """Of all conversations; those that have lost their head come last."""
    sql = "SELECT key FROM cursorDiskKV WHERE key > ? AND key < ? ORDER BY key LIMIT ?"
    last = _COMPOSER
    while page := db.execute(sql, (last, "composerData;", _PAGE)).fetchall():
        yield from (str(key).removeprefix(_COMPOSER) for (key,) in page)
        last = page[-1][0]
    last = "bubbleId:"
    while first := row(db, sql, last, "bubbleId;", 1):
        composer = str(first[0]).split(":")[1]
        if not row(db, "SELECT 1 FROM cursorDiskKV WHERE key = ?", _COMPOSER + composer):
            yield composer
        last = max(str(first[0]), f"bubbleId:{composer};")


def _mark(db: sqlite3.Connection, composer: str) -> str:
    """Changes whenever a row of the conversation does; reads no values."""
    head = row(db, "SELECT rowid FROM cursorDiskKV WHERE key = ?", _COMPOSER + composer)
    sql = "SELECT count(*), max(rowid), total(rowid) FROM cursorDiskKV WHERE key > ? AND key < ?"
    bubbles = row(db, sql, *_range(composer))
    return " ".join(str(part) for part in (head[0] if head else 0, *bubbles))


def _range(composer: str) -> tuple[str, str]:
    return f"bubbleId:{composer}:", f"bubbleId:{composer};"


def _value(db: sqlite3.Connection, key: str) -> dict[str, Any]:
    found = row(db, "SELECT value FROM cursorDiskKV WHERE key = ?", key)
    return object_of(found[0]) if found else {}


def _conversation(db: sqlite3.Connection, composer: str) -> Iterator[Item]:
    head = _value(db, _COMPOSER + composer)
    if not head:
        yield Passed("composerData", is_known=False)
    if isinstance(version := head.get("_v"), int):
        yield Version(f"composer {version}")
    parent = text_of(object_of(head.get("subagentInfo")).get("parentComposerId"))
    project = _folder(object_of(head.get("workspaceIdentifier")).get("uri"))
    about = About(composer, text_of(head.get("name")), project, parent)
    yield about
    when, last = times.from_any(head.get("createdAt")), ""
    for key, bubble, is_side in _bubbles(db, composer, head):
        if not bubble:
            yield Passed("bubble without content")
            continue
        if not about.project and (project := _project(bubble)):
            about = replace(about, project=project)
            yield about
        when = _when(bubble) or when
        base = Turn(composer, key, "context", "", when, reply_to=last, is_side=is_side)
        for item in _bubble(base, bubble, bool(parent)):
            yield item
            if isinstance(item, Turn) and item.origin != "context":
                last = item.key


def _bubbles(
    db: sqlite3.Connection, composer: str, head: dict[str, Any]
) -> Iterator[tuple[str, dict[str, Any], bool]]:
    """The conversation's bubbles in order, then those of branches that were left."""
    start, end = _range(composer)
    inline = {text_of(each.get("bubbleId")): each for each in objects_of(head.get("conversation"))}
    if isinstance(kept := head.get("conversationMap"), dict):
        inline |= {text_of(key): object_of(value) for key, value in kept.items()}
    headers = objects_of(head.get("fullConversationHeadersOnly"))
    order = dict.fromkeys(text_of(header.get("bubbleId")) for header in headers) or inline
    for number, key in enumerate(order, 1):
        yield key or str(number), _value(db, start + key) or inline.get(key, {}), False
    sql = "SELECT key FROM cursorDiskKV WHERE key > ? AND key < ? ORDER BY rowid LIMIT ?"
    for (name,) in db.execute(sql, (start, end, _MOST_BUBBLES)).fetchall():
        key = str(name).removeprefix(start)
        if key not in order:
            yield key, _value(db, start + key), bool(order)


def _bubble(base: Turn, bubble: dict[str, Any], is_child: bool) -> Iterator[Item]:
    from cairn.core.chats.agents.wrappers import own_words

    kind = bubble.get("type")
    text = text_of(bubble.get("text")) or text_of(bubble.get("rawText"))
    if kind == 1:
        # What is asked of a sub-agent are the words of the agent that began it.
        own, beside = ("", text) if is_child else own_words(text)
        if own.strip():
            names = _attached(bubble)
            yield replace(base, origin="user", text=own, role="user", attachments=names)
        if beside.strip():
            yield replace(base, key=f"{base.key}:context", text=beside, role="user")
        if not text.strip():
            yield Passed("empty bubble")
    elif kind == 2:
        tool = object_of(bubble.get("toolFormerData"))
        if text_of(object_of(bubble.get("thinking")).get("text")) or bubble.get(
            "allThinkingBlocks"
        ):
            yield Passed("thinking")
        elif not text.strip() and not tool:
            yield Passed("empty bubble")
        if text.strip():
            yield replace(base, origin="assistant", text=text, role="assistant")
        if tool:
            yield _tool(base, tool)
    else:
        yield Passed(f"bubble type {str(kind)[:20]}", is_known=False)


def _tool(base: Turn, tool: dict[str, Any]) -> Turn:
    given = object_of(tool.get("rawArgs")) or object_of(tool.get("params"))
    name = text_of(tool.get("name")) or "tool"
    if inner := objects_of(given.get("tools")):
        # A tool of an MCP server is a call in a call.
        name = text_of(inner[0].get("name")) or name
        given = object_of(inner[0].get("parameters")) or given
    command = command_of(name, given)
    text = _output(tool.get("result")) or _output(tool.get("error")) or command
    return replace(
        base, key=f"{base.key}:tool", origin="tool", text=text, role=name, command=command
    )


def _output(value: object) -> str:
    parsed = value if isinstance(value, dict) else json_of(value)
    if isinstance(parsed, dict):
        for name in _OUTPUTS:
            if text_of(parsed.get(name)).strip():
                return text_of(parsed[name])
    return text_of(value)


def _when(bubble: dict[str, Any]) -> str:
    when = times.from_any(bubble.get("createdAt")) or times.from_any(bubble.get("timestamp"))
    if when:
        return when
    timing = object_of(bubble.get("timingInfo"))
    for name in ("clientRpcSendTime", "clientStartTime", "clientEndTime"):
        # Some of these count from the start of the program.
        if isinstance(value := timing.get(name), int | float) and value > 1e12:
            return times.from_epoch(value)
    return ""


def _project(bubble: dict[str, Any]) -> str:
    uris = bubble.get("workspaceUris")
    first = uris[0] if isinstance(uris, list) and uris else ""
    return _folder(bubble.get("workspaceProjectDir") or first)


def _folder(uri: object) -> str:
    """The folder in a URI, which may be taken apart already."""
    parts = object_of(uri)
    return path_of(text_of(uri) or text_of(parts.get("fsPath")) or text_of(parts.get("path")))


def _attached(bubble: dict[str, Any]) -> tuple[str, ...]:
    context = object_of(bubble.get("context"))
    names = [
        *(_folder(each.get("uri")) for each in objects_of(context.get("fileSelections"))),
        *(_folder(each.get("uri")) for each in objects_of(context.get("folderSelections"))),
        *(
            text_of(each.get("relativeWorkspacePath"))
            for each in objects_of(bubble.get("attachedFileCodeChunksMetadataOnly"))
        ),
        *(text_of(each.get("path")) for each in objects_of(bubble.get("images"))),
    ]
    return tuple(dict.fromkeys(name for name in names if name))
