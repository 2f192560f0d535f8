"""What the databases of agents hold → plain values; used by the readers of SQLite stores.

A program may be writing at the same time, so nothing is read in one long query: ids by the page,
then each row by its id. Whatever is not as expected becomes "", {} or None, never an error.
"""

from __future__ import annotations

import contextlib
import json
import sqlite3
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import unquote, urlsplit

from cairn.core.chats.source import Transcript
from cairn.core.chats.turn import Checkpoint, Item, State

_MOST_BYTES = 32 << 20
"""A row beyond this is no message."""
_MOST_CHARS = 2_000
"""More than is kept, so that no secret is cut in two before it is looked for."""
_GIVEN = (
    "file_path", "filePath", "target_file", "targetFile", "path", "relativeWorkspacePath",
    "relative_workspace_path", "effectiveUri", "pattern", "query", "search_term", "url",
    "description", "prompt", "name",
)  # fmt: skip
"""What a tool was given, in the order in which it says most."""


@contextlib.contextmanager
def opened(source: Transcript) -> Iterator[sqlite3.Connection]:
    with source.database() as db:
        db.text_factory = _decode
        db.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _MOST_BYTES)
        yield db


def tables_of(db: sqlite3.Connection) -> frozenset[str]:
    sql = "SELECT name FROM sqlite_master WHERE type = 'table'"
    return frozenset(str(each[0]) for each in db.execute(sql))


def row(db: sqlite3.Connection, sql: str, *values: object) -> Any:
    """The first row, with the database free again for its program; None for one that is too big."""
    try:
        found = db.execute(sql, values).fetchmany(1)
    except sqlite3.DataError:
        return None
    return found[0] if found else None


def object_of(value: object) -> dict[str, Any]:
    """A JSON object, kept as TEXT or as BLOB."""
    found = value if isinstance(value, dict) else json_of(value)
    return found if isinstance(found, dict) else {}


def json_of(value: object) -> Any:
    if isinstance(value, bytes):
        value = _decode(value)
    if not isinstance(value, str):
        return None
    try:
        return json.loads(value, strict=False)
    except (ValueError, RecursionError):
        return None


def text_of(value: object) -> str:
    """A text, without the halves of characters that JSON may hold and nothing else can."""
    if not isinstance(value, str) or value.isascii():
        return value if isinstance(value, str) else ""
    return value.encode("utf-8", "replace").decode("utf-8")


def objects_of(value: object) -> list[dict[str, Any]]:
    """The objects in a list."""
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def command_of(tool: str, given: dict[str, Any]) -> str:
    """What a tool did, in one line: the command of a shell, else its name and what it was given."""
    command = given.get("command", given.get("cmd"))
    if isinstance(command, list):
        command = " ".join(word for word in command if isinstance(word, str))
    if isinstance(command, str) and command.strip():
        return one_line(command)
    first = next((given[name] for name in _GIVEN if _is_said(given.get(name))), "")
    first = first or next((value for value in given.values() if _is_said(value)), "")
    first = first or ", ".join(
        str(each) for each in given.values() if isinstance(each, int | float)
    )
    return one_line(f"{tool}: {first}" if first else tool)


def one_line(text: str) -> str:
    return " ".join(text_of(text[: 8 * _MOST_CHARS]).split())[:_MOST_CHARS]


def path_of(uri: str) -> str:
    """The path in a `file:` address; anything else as it stands."""
    if not uri.startswith("file:"):
        return uri
    try:
        return unquote(urlsplit(uri).path)
    except ValueError:
        return uri


def _is_said(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _decode(data: bytes) -> str:
    return data.decode("utf-8", "replace")


def changed(
    state: State,
    ids: Iterator[str],
    mark: Callable[[str], str],
    read: Callable[[str], Iterator[Item]],
) -> Iterator[Item]:
    """What `read` gives of each conversation whose `mark` is not the one that it had last time."""
    seen: dict[str, str] = state.setdefault("seen", {})
    found: set[str] = set()
    for id in ids:
        found.add(id)
        now = mark(id)
        if seen.get(id) != now:
            yield from read(id)
            seen[id] = now
            yield Checkpoint(dict(state))
    state["seen"] = {id: now for id, now in seen.items() if id in found}
