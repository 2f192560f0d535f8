"""The chats of old versions of Cursor, one value in a workspace's `state.vscdb` → turns.

Called by `cursor`. The value is one JSON text, read again as a whole when it has changed.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from typing import Any

from cairn.core.chats import times
from cairn.core.chats.agents.stored import object_of, objects_of, opened, path_of, row, text_of
from cairn.core.chats.source import Transcript
from cairn.core.chats.turn import About, Checkpoint, Item, Passed, State, Turn
from cairn.core.errors import ExtractError
from cairn.core.records import Origin, digest

_KEY = "workbench.panel.aichat.view.aichat.chatdata"
_SQL = "SELECT value FROM ItemTable WHERE key = ?"


def fits(source: Transcript) -> bool:
    try:
        with opened(source) as db:
            return row(db, _SQL, _KEY) is not None
    except ExtractError:
        return False


def read(source: Transcript, db: sqlite3.Connection, state: State) -> Iterator[Item]:
    found = row(db, _SQL, _KEY)
    mark = digest(str(found[0]), size=8) if found else ""
    if not found or state.get("tabs") == mark:
        return
    tabs = objects_of(object_of(found[0]).get("tabs"))
    if not tabs:
        yield Passed("chatdata", is_known=bool(object_of(found[0])))
    for tab in tabs:
        yield from _tab(tab, _project(source))
    state["tabs"] = mark
    yield Checkpoint(dict(state))


def _tab(tab: dict[str, Any], project: str) -> Iterator[Item]:
    from cairn.core.chats.agents.wrappers import own_words

    bubbles = objects_of(tab.get("bubbles"))
    first = text_of(bubbles[0].get("text")) if bubbles else ""
    conversation = text_of(tab.get("tabId")) or digest(first, size=8)
    yield About(conversation, text_of(tab.get("chatTitle")), project)
    when = times.from_any(tab.get("lastSendTime"))  # bubbles have no time of their own
    last, known = "", dict[str, int]()
    for bubble in bubbles:
        kind, text = bubble.get("type"), text_of(bubble.get("text"))
        text = text or text_of(bubble.get("rawText"))
        if kind not in ("user", "ai"):
            yield Passed(f"bubble {str(kind)[:20]}", is_known=False)
        elif not text.strip():
            yield Passed("empty bubble")
        else:
            key = text_of(bubble.get("id")) or digest(str(kind), text)
            known[key] = known.get(key, 0) + 1
            key += f"-{known[key]}" if known[key] > 1 else ""
            own, beside = own_words(text) if kind == "user" else (text, "")
            if own.strip():
                origin: Origin = "user" if kind == "user" else "assistant"
                yield Turn(conversation, key, origin, own, when, role=kind, reply_to=last)
                last = key
            if beside.strip():
                yield Turn(conversation, f"{key}:context", "context", beside, when, role=kind)


def _project(source: Transcript) -> str:
    """The folder that the workspace is of; said by a file beside the database."""
    try:
        with (source.path.parent / "workspace.json").open("rb") as file:
            return path_of(text_of(object_of(json.loads(file.read(1 << 16))).get("folder")))
    except (OSError, ValueError, RecursionError):
        return ""
