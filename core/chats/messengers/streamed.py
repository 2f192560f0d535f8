"""A large JSON document → the records in it one at a time, and the plain values between them.

Used by the readers of messengers. A record is held in memory, the document never is; what is
nested or filled beyond all reason is left out of its record.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from cairn.core.chats.source import Transcript

_BOM = b"\xef\xbb\xbf"
_DEEPEST = 6
"""No path that a reader asks for has more steps."""
_MOST_NESTED, _MOST_VALUES = 40, 100_000


@dataclass(frozen=True, slots=True)
class Found:
    path: str
    """`chats.list.item.name`; `item` stands for each element of an array."""
    value: Any


@dataclass(frozen=True, slots=True)
class Ended:
    """The object at this path is over."""

    path: str


@dataclass(frozen=True, slots=True)
class Broken:
    """The document is cut short or damaged; what came before is good."""


def walk(source: Transcript, *records: str) -> Iterator[Found | Ended | Broken]:
    """Objects at the paths `records` are given whole, other values one by one."""
    import ijson

    with source.open() as file:
        if source.head.startswith(_BOM):
            file.read(len(_BOM))
        try:
            yield from _walk(ijson.basic_parse(file, use_float=True, buf_size=1 << 17), records)
        except (ijson.JSONError, UnicodeDecodeError, ValueError, RecursionError):
            yield Broken()


def _walk(
    events: Iterator[tuple[str, Any]], records: tuple[str, ...]
) -> Iterator[Found | Ended | Broken]:
    steps: list[str] = []
    for event, value in events:
        if event == "map_key":
            steps[-1] = value
        elif event == "start_map":
            if len(steps) <= _DEEPEST and ".".join(steps) in records:
                yield Found(".".join(steps), _build(events))
            else:
                steps.append("")
        elif event == "start_array":
            steps.append("item")
        elif event in ("end_map", "end_array"):
            steps.pop()
            if event == "end_map" and len(steps) <= _DEEPEST:
                yield Ended(".".join(steps))
        elif len(steps) <= _DEEPEST:
            yield Found(".".join(steps), value)


def _build(events: Iterator[tuple[str, Any]]) -> dict[str, Any]:
    root: dict[str, Any] = {}
    open_: list[Any] = [root]
    keys: list[str] = [""]
    room = _MOST_VALUES
    for event, value in events:
        if event == "map_key":
            keys[-1] = value
            continue
        if event in ("end_map", "end_array"):
            open_.pop()
            keys.pop()
            if not open_:
                break
            continue
        new: Any = {} if event == "start_map" else [] if event == "start_array" else value
        room -= 1
        if room > 0 and len(open_) <= _MOST_NESTED:
            if isinstance(open_[-1], dict):
                open_[-1][keys[-1]] = new
            else:
                open_[-1].append(new)
        if event in ("start_map", "start_array"):
            open_.append(new)
            keys.append("")
    return root


# -- fields of a record, whatever they turn out to hold


def text_of(value: object) -> str:
    return value if isinstance(value, str) else ""


def id_of(value: object) -> str:
    """An id that may be a number or a text."""
    if isinstance(value, bool) or not isinstance(value, int | str):
        return ""
    return str(value)


def object_of(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def objects_of(value: object) -> list[dict[str, Any]]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def file_name(value: object) -> str:
    """The name of a file, without the folders in an export that it lies in."""
    return text_of(value).replace("\\", "/").rpartition("/")[2].strip()
