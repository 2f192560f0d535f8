"""A part of a conversation, by its address → its passages and what the journal keeps of it.

Called by the indexing, as it calls the reading of files. What cairn itself has said before is left
out, or its own answers would become evidence for the next ones.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import asdict, replace
from datetime import datetime

from cairn.core.chats.addresses import WINDOW, window_of
from cairn.core.chats.archive import Archive, KeptTurn
from cairn.core.chats.episodes import OUTLINE_CHARS
from cairn.core.chats.formats import OWN
from cairn.core.extract.reading import Read, Reading
from cairn.core.records import digest, normalize
from cairn.core.rows import FileRecord
from cairn.core.uris import container

_SENTENCE_END = re.compile(r"(?<=[.!?。！？])\s+|\n+")
_LEAST_ECHO = 24
"""Shorter sentences, such as "That is right.", are anybody's."""
_ASKING_CAIRN = re.compile(r"(?:\S*/)?cairn\s")


class Parts:
    def __init__(self, archive: Archive) -> None:
        self._archive = archive

    def read(self, uri: str, reading: Reading) -> tuple[FileRecord | None, Read]:
        conversation = self._archive.conversation(container(uri))
        if conversation is None or conversation.kind == OWN.kind:
            return None, Read(())
        window = window_of(uri)
        if window is None:
            turns = self._archive.outline(conversation.uri, OUTLINE_CHARS)
        else:
            first = window * WINDOW + 1
            turns = self._archive.turns(conversation.uri, first, first + WINDOW - 1)
        turns = self._without_echoes(turns)
        read = reading.compose(
            {
                "uri": uri, "conversation": conversation.uri, "kind": conversation.kind,
                "part": "episodes" if window is None else "turns",
                "title": conversation.title, "project": conversation.project,
                "turns": [asdict(turn) for turn in turns],
            }
        )  # fmt: skip
        if not read.chunks:
            return None, read
        size = sum(len(turn.text) for turn in turns)
        record = FileRecord(
            uri, size, _nanoseconds(conversation.ended), "indexed", chunks=len(read.chunks),
            language=read.language,
        )  # fmt: skip
        return record, read

    def _without_echoes(self, turns: list[KeptTurn]) -> list[KeptTurn]:
        """Leave out what programs repeat of cairn's answers, from when it first gave them."""
        suspects = {
            turn.number: list(sentences(turn.text))
            for turn in turns
            if turn.origin in ("assistant", "tool")
        }
        hashes = {echo(each) for found in suspects.values() for each in found if _is_long(each)}
        quoted = self._archive.quoted(hashes)
        return [_heard(turn, suspects.get(turn.number, []), quoted) for turn in turns]


def _heard(turn: KeptTurn, said: list[str], quoted: dict[str, str]) -> KeptTurn:
    if turn.origin == "tool" and _ASKING_CAIRN.match(turn.command):
        return replace(turn, text="")
    echoes = [
        each
        for each in said
        if _is_long(each) and (at := quoted.get(echo(each))) and _is_later(turn.when, at)
    ]
    text = turn.text
    for each in echoes:
        text = text.replace(each, "")
    return replace(turn, text=text.strip()) if echoes else turn


def _is_later(when: str, at: str) -> bool:
    """What was written before cairn quoted it may be what it quoted."""
    try:
        return datetime.fromisoformat(when) >= datetime.fromisoformat(at).replace(microsecond=0)
    except (ValueError, TypeError):
        return False


def sentences(text: str) -> Iterable[str]:
    return (part.strip() for part in _SENTENCE_END.split(text) if part.strip())


def echo(sentence: str) -> str:
    """A digest that is the same for a sentence in a list, in quotes or in capitals."""
    return digest(normalize(re.sub(r"[^\w\s]+", " ", sentence)).casefold())


def _is_long(sentence: str) -> bool:
    return len(sentence) >= _LEAST_ECHO


def _nanoseconds(when: str) -> int:
    try:
        return int(datetime.fromisoformat(when).timestamp() * 1e9)
    except ValueError:
        return 0
