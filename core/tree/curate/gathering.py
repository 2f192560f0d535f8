"""A document or a window of a conversation, by its address → the utterances that curators read.

Called for each `curate` job. What cairn itself wrote, told or quoted is left out, so that nothing
derived is ever taken for something said.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from cairn.core.chats.addresses import is_chat, turns_of
from cairn.core.chats.archive import Archive, Conversation, KeptTurn
from cairn.core.chats.document import speaker
from cairn.core.chats.formats import OWN, format_of, kinds
from cairn.core.chats.parts import Parts
from cairn.core.index import Index
from cairn.core.journal import Journal
from cairn.core.records import Chunk, Kind, Origin, document_id
from cairn.core.tree.curate.material import Utterance
from cairn.core.uris import container

_NOT_READ: frozenset[Kind] = frozenset(
    ("entry", "episode", "code", "data", "file", "image", "media", "archive", "book")
)
"""What nobody says anything of himself in."""
_PIECE = re.compile(r"\n[ \t]*\n+|\n(?=[ \t]*(?:[-*+•>#|]|\d{1,3}[.)][ \t]))|\n(?=#)")
_LONGEST = 20_000
_ROWS: frozenset[Kind] = frozenset(("table", "contact"))


class Gathering:
    def __init__(self, journal: Journal, archive: Archive, parts: Parts) -> None:
        self._journal = journal
        self._archive = archive
        self._parts = parts

    def modified(self, uri: str) -> str:
        """When a file was last changed: later than, or when, its words were written."""
        record = None if is_chat(uri) else self._journal.file(uri)
        return record.modified if record else ""

    def __call__(self, uri: str, index: Index) -> list[Utterance]:
        if not is_chat(uri):
            return self._document(uri, index)
        conversation = self._archive.conversation(container(uri))
        first, last, is_told = turns_of(uri)
        if conversation is None or conversation.kind == OWN.kind or is_told:
            return []
        turns = self._parts.heard(conversation, first, last)
        said = [turn for turn in turns if not turn.is_side and turn.origin != "context"]
        people = conversation.people or tuple(_speakers(said, conversation.kind))
        return [_said(turn, conversation, people) for turn in said]

    def _document(self, uri: str, index: Index) -> list[Utterance]:
        record = self._journal.file(uri)
        if record is None or record.state != "indexed":
            return []
        chunks = index.table.passages([document_id(uri)]).get(document_id(uri), [])
        known = _known_origins(chunks)
        return [
            utterance
            for chunk in chunks
            if chunk.kind not in _NOT_READ
            for utterance in _written(chunk, known)
        ]


def _known_origins(chunks: Iterable[Chunk]) -> dict[str, Origin]:
    """Who is who in a file of turns, from the passages in which one alone speaks."""
    programs = {format_of(kind).speaker for kind in kinds()}
    known: dict[str, Origin] = dict.fromkeys(programs, "assistant")
    known |= {
        chunk.who: chunk.origin
        for chunk in chunks
        if chunk.span.unit == "t" and chunk.who and chunk.who not in programs
    }
    return known


def _speakers(turns: Iterable[KeptTurn], kind: str) -> dict[str, None]:
    """Who takes part, where the format does not say."""
    people = (_who(turn, kind) for turn in turns if turn.origin in ("user", "other"))
    return dict.fromkeys(name for name in people if name)


def _who(turn: KeptTurn, kind: str) -> str:
    return speaker({"who": turn.who, "origin": turn.origin}, kind)


def _said(turn: KeptTurn, conversation: Conversation, people: Sequence[str]) -> Utterance:
    who = _who(turn, conversation.kind)
    return Utterance(
        uri=f"{conversation.uri}#t{turn.number}",
        text=turn.text[:_LONGEST],
        who=who,
        origin=turn.origin,
        when=_here(turn.when),
        title=conversation.title,
        to=tuple(name for name in people if name != who),
        project=conversation.project,
        command=turn.command,
    )


def _here(when: str) -> str:
    """The time where the user is: shortly after midnight "today" is not the day it was in UTC."""
    try:
        moment = datetime.fromisoformat(when)
        return moment.astimezone().isoformat() if moment.tzinfo else when
    except (ValueError, OverflowError, OSError):
        return when


def _written(chunk: Chunk, known: Mapping[str, Origin]) -> Iterator[Utterance]:
    """Paragraph by paragraph, each with its own lines; a chat's file turn by turn."""
    people = tuple(name for name in chunk.who.split(", ") if name)
    for start, end in _turns(chunk) if chunk.span.unit == "t" else _pieces(chunk):
        text, who, origin = chunk.text[start:end], chunk.who, chunk.origin
        if chunk.span.unit == "t":
            who, text = _speaker(text, people)
            # Of a passage with several speakers it isn't kept who of them is a program.
            origin = known.get(who, "assistant" if not who and origin == "other" else origin)
        yield Utterance(
            uri=f"{chunk.uri}#{chunk.part(start, end).locator}",
            text=text[:_LONGEST],
            who=who,
            origin=origin,
            when=chunk.when,
            title=chunk.title,
            heading=chunk.heading,
            kind=chunk.kind,
            to=tuple(name for name in people if name != who),
        )


def _turns(chunk: Chunk) -> Iterator[tuple[int, int]]:
    starts = sorted({0, *(offset for offset, _ in chunk.places)})
    for start, end in zip(starts, [*starts[1:], len(chunk.text)], strict=True):
        if chunk.text[start:end].strip():
            yield start, start + len(chunk.text[start:end].rstrip())


def _speaker(text: str, people: tuple[str, ...]) -> tuple[str, str]:
    """`David: the boards are here` as it is shown, taken apart again."""
    who, colon, rest = text.partition(": ")
    if colon and who in people:
        return who, rest
    return "", text


def _pieces(chunk: Chunk) -> Iterator[tuple[int, int]]:
    text = chunk.text
    breaks = re.finditer(r"\n+", text) if chunk.kind in _ROWS else _PIECE.finditer(text)
    start = 0
    for found in [*breaks, None]:
        end = found.start() if found else len(text)
        part = text[start:end]
        if part.strip():
            yield start + len(part) - len(part.lstrip()), start + len(part.rstrip())
        start = found.end() if found else end
