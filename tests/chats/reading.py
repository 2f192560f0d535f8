"""Reading a transcript the way the engine does, for the tests of single formats."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from cairn.core.chats.formats import format_of, recognise
from cairn.core.chats.source import Transcript
from cairn.core.chats.turn import About, Item, Passed, State, Turn


def items(kind: str, path: Path, state: State | None = None, member: str = "") -> list[Item]:
    return list(format_of(kind).read(Transcript(path, member), {} if state is None else state))


def turns(kind: str, path: Path, state: State | None = None) -> list[Turn]:
    return turns_of(items(kind, path, state))


def turns_of(found: Iterable[Item]) -> list[Turn]:
    return [item for item in found if isinstance(item, Turn)]


def said(found: Iterable[Item]) -> list[tuple[str, str]]:
    return [(turn.origin, turn.text) for turn in turns_of(found)]


def about(found: Iterable[Item]) -> dict[str, About]:
    """What is known of each conversation at the end; later statements complete earlier ones."""
    result: dict[str, About] = {}
    for item in found:
        if isinstance(item, About):
            old = result.get(item.conversation, About(item.conversation))
            result[item.conversation] = About(
                item.conversation, item.title or old.title, item.project or old.project,
                item.parent or old.parent, item.people or old.people,
            )  # fmt: skip
    return result


def passed(found: Iterable[Item]) -> dict[str, int]:
    result: dict[str, int] = {}
    for item in found:
        if isinstance(item, Passed):
            result[item.kind] = result.get(item.kind, 0) + item.count
    return result


def kind_of(path: Path, member: str = "") -> str:
    found = recognise(Transcript(path, member))
    return found.kind if found else ""
