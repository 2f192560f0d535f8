"""A part of a conversation, by its address → its passages and what the journal keeps of it.

Called by the indexing, as it calls the reading of files. What cairn itself has said before is left
out, or its own answers would become evidence for the next ones.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import asdict, replace
from datetime import datetime

from cairn.core.chats.addresses import turns_of
from cairn.core.chats.archive import Archive, Conversation, KeptTurn
from cairn.core.chats.episodes import OUTLINE_CHARS, SENTENCE_END
from cairn.core.chats.formats import OWN
from cairn.core.extract.reading import Read, Reading
from cairn.core.records import digest, normalize
from cairn.core.rows import FileRecord
from cairn.core.uris import container

_LEAST_ECHO = 24
"""Shorter sentences, such as "That is right.", are anybody's."""
_ASKING_CAIRN = re.compile(r"\bcairn\s+(ask|search|show|chats)\b")


class Parts:
    def __init__(self, archive: Archive) -> None:
        self._archive = archive

    def is_known(self, uri: str) -> bool:
        """Is the conversation that this is a part of still kept?"""
        return self._archive.conversation(container(uri)) is not None

    def read(self, uri: str, reading: Reading) -> tuple[FileRecord | None, Read]:
        conversation = self._archive.conversation(container(uri))
        if conversation is None or conversation.kind == OWN.kind:
            return None, Read(())
        first, last, is_told = turns_of(uri)
        if is_told:
            turns = self._archive.outline(conversation.uri, first, last, OUTLINE_CHARS)
            turns = self._without_echoes(turns)
        else:
            turns = self.heard(conversation, first, last)
        read = reading.compose(
            {
                "uri": uri, "conversation": conversation.uri, "kind": conversation.kind,
                "part": "episodes" if is_told else "turns",
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

    def heard(self, conversation: Conversation, first: int, last: int) -> list[KeptTurn]:
        """Turns by their numbers, without what cairn itself has said before."""
        return self._without_echoes(self._archive.turns(conversation.uri, first, last))

    def _without_echoes(self, turns: list[KeptTurn]) -> list[KeptTurn]:
        """Leave out what programs repeat of cairn's answers, from when it first gave them."""
        said = {
            turn.number: list(_pieces(turn.text))
            for turn in turns
            if turn.origin in ("assistant", "tool")
        }
        hashes = {echo(text) for pieces in said.values() for text in pieces if _is_long(text)}
        quoted = self._archive.quoted(hashes)
        return [_heard(turn, said.get(turn.number, []), quoted) for turn in turns]


def _heard(turn: KeptTurn, pieces: list[str], quoted: dict[str, str]) -> KeptTurn:
    if turn.origin == "tool" and _ASKING_CAIRN.search(turn.command):
        return replace(turn, text="")

    def is_echo(text: str) -> bool:
        at = quoted.get(echo(text), "") if _is_long(text) else ""
        return bool(at) and _is_later(turn.when, at)

    own = [text for text in pieces if not is_echo(text)]
    return turn if len(own) == len(pieces) else replace(turn, text="".join(own).strip())


def _is_later(when: str, at: str) -> bool:
    """What was written before cairn quoted it may be what it quoted."""
    try:
        return datetime.fromisoformat(when) >= datetime.fromisoformat(at).replace(microsecond=0)
    except (ValueError, TypeError):
        return False


def _pieces(text: str) -> Iterator[str]:
    """The sentences of a text with what stands behind them: together they are the text."""
    at = 0
    for end in SENTENCE_END.finditer(text):
        yield text[at : end.end()]
        at = end.end()
    yield text[at:]


def sentences(text: str) -> Iterator[str]:
    return (piece.strip() for piece in _pieces(text) if piece.strip())


def echo(sentence: str) -> str:
    """A digest that is the same for a sentence in a list, in quotes or in capitals."""
    return digest(normalize(re.sub(r"[^\w\s]+", " ", sentence)).casefold())


def _is_long(sentence: str) -> bool:
    return len(sentence.strip()) >= _LEAST_ECHO


def _nanoseconds(when: str) -> int:
    try:
        return int(datetime.fromisoformat(when).timestamp() * 1e9)
    except ValueError:
        return 0
