"""A JSON document of any size → its plain fields, and the items of a list in it one by one.

For readers of transcripts that are one document each. Of a document that was cut off, what comes
before the cut is given.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from cairn.core.chats.exports.stream import items
from cairn.core.chats.source import Transcript
from cairn.core.errors import ExtractError

_LISTS = ("messages", "requests", "history", "clientHistory")
"""Too long to be held as one value."""


def fields(source: Transcript, *names: str) -> dict[str, Any]:
    """Those of these fields at its top that hold a text, a number or a truth."""
    found: dict[str, Any] = {}
    with source.text() as text:
        try:
            for name, value in items(text, _LISTS):
                if name in names and isinstance(value, str | int | float):
                    found[name] = value
        except ExtractError:
            pass
    return found


def listed(source: Transcript, name: str = "") -> Iterator[Any]:
    """The items of the list of this name, or of the document itself; None stands for the rest of
    one that is damaged.
    """
    with source.text() as text:
        try:
            for key, value in items(text, (name,) if name else ()):
                if not key:
                    yield value
        except ExtractError:
            yield None
