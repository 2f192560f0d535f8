"""A JSON document of any size → its plain fields, and the items of a list in it one by one.

For readers of transcripts that are one document each. Of a document that was cut off, what comes
before the cut is given.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from cairn.core.chats.source import Transcript


def fields(source: Transcript, *names: str) -> dict[str, Any]:
    """Those of these fields at its top that hold a text, a number or a truth."""
    import ijson

    found: dict[str, Any] = {}
    with source.open() as file:
        try:
            for path, event, value in ijson.parse(file, use_float=True):
                if path in names and event in ("string", "number", "boolean"):
                    found[path] = value
        except (ijson.JSONError, ValueError, RecursionError):
            pass
    return found


def listed(source: Transcript, path: str) -> Iterator[Any]:
    """The items of a list, such as "messages.item"; None stands for one that can't be read."""
    import ijson

    with source.open() as file:
        try:
            yield from ijson.items(file, path, use_float=True)
        except (ijson.JSONError, ValueError, RecursionError):
            yield None
