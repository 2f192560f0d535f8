"""All that the memory holds, passed by once: each document and turn as its sentences.

Used by gathering to tell what only the forgotten says from what others say too. Entries and what
was said to cairn itself are left out: they are made of the rest.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from cairn.core.chats.formats import OWN
from cairn.core.index import Index
from cairn.core.journal import Journal
from cairn.core.records import Chunk
from cairn.core.tombstones import Piece, pieces
from cairn.core.tree.catalogue import container_of

_TOKEN = re.compile(r"[^\W_]{5,40}")
_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Said:
    """A piece of text and where it stands."""

    place: str
    """The address of the file, or of the conversation."""
    text: str
    around: str
    """The same with its title, names and whatever else is kept with it."""
    who: str
    when: str
    turn: int = 0
    key: str = ""
    chunk: Chunk | None = None

    @property
    def pieces(self) -> list[Piece]:
        return pieces(self.text)

    @property
    def words(self) -> set[str]:
        return tokens(self.around)


def tokens(text: str) -> set[str]:
    return set(_TOKEN.findall(text.casefold()))


def everything(journal: Journal, index: Index, tree: str) -> Iterator[Said]:
    """`tree` is what the addresses of entries begin with."""
    for chunk in index.table.chunks():
        place = container_of(chunk.uri)
        if not place.startswith(("chat:", tree)):
            yield Said(place, chunk.text, chunk.search_text, chunk.who, chunk.when, chunk=chunk)
    yield from _turns(journal)


def of_files(index: Index, places: set[str]) -> Iterator[Said]:
    for said in (each for each in index.table.chunks() if container_of(each.uri) in places):
        yield Said(
            container_of(said.uri), said.text, said.search_text, said.who, said.when, chunk=said
        )


def _turns(journal: Journal) -> Iterator[Said]:
    chats = journal.read(
        "SELECT id, uri, title, project, people FROM conversations WHERE kind != ?", OWN.kind
    )
    for id, uri, title, project, people in chats:
        at = 0
        while rows := journal.read(
            "SELECT number, key, who, at, text, command, attachments FROM turns "
            "WHERE conversation = ? AND number > ? ORDER BY number LIMIT ?",
            id, at, _AT_ONCE,
        ):  # fmt: skip
            for number, key, who, when, text, *rest in rows:
                at = int(str(number))
                around = "\n".join(map(str, (text, who, title, project, people, *rest)))
                told = "\n".join(filter(None, (str(text), str(rest[0]))))
                yield Said(str(uri), told, around, str(who), str(when), at, str(key))
