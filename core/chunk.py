"""A Document's blocks → Chunks within a token budget, each naming the exact span it came from.

Called after extraction. Blocks stay whole while they fit; every visible character of the blocks is
in exactly one chunk, and `chunk.text` is the document's text from `span.start` to `span.end`.
Time is linear in the text.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from cairn.core.authors import of_other
from cairn.core.records import (
    Block,
    Chunk,
    Document,
    Origin,
    Place,
    Span,
    content_hash,
    digest,
    document_id,
)

Counter = Callable[[str], int]

PREFIX_BUDGET = 48
"""Tokens kept for the title, headings, day, speaker and context in front of the text."""
_MOST_SPEAKERS = 6
_SPEAKER_TOKENS = 12  # what the speakers of a chat take of the prefix, before they are known
_OF_PROGRAMS = frozenset(("assistant", "tool"))
_MOST_TOKEN_CHARS = 20  # a text of more characters per token than this can't fit: don't count it
_ATOM = re.compile(r"([A-Za-zÀ-ɏ]{1,24})|([0-9]{1,12})|\S")
_ENDS = re.compile(
    r"[.!?…][\"'”’)\]]*(?=\s)|[。！？]|\n\s*\n|\n(?=\s{0,40}(?:[-*+•]|\d{1,3}[.)])\s)"
)
_LINE_ENDS = re.compile(r"\n")


@dataclass(frozen=True, slots=True)
class _Piece:
    """A block, or a part of one that is too long, with its cost in tokens."""

    start: int
    end: int
    tokens: int
    block: Block


def chunk_document(
    doc: Document, count_tokens: Counter | None = None, budget: int = 200
) -> list[Chunk]:
    """Pack neighbouring blocks of one section, day and speaker; a chat packs whole exchanges.

    The parts of a document follow under its id, so that they come and go with it. The budget is
    for the text alone. Tokens are summed over blocks, so `count_tokens` should not count the marks
    that a model adds around a text.
    """
    count = count_tokens or estimate_tokens
    chunks: list[Chunk] = []
    waiting = [doc]
    while waiting:
        part = waiting.pop()
        chunks += _chunk_one(part, doc.id, len(chunks), count, budget)
        waiting += reversed(part.parts)
    return chunks


def _chunk_one(
    doc: Document, doc_id: str, ordinal: int, count: Counter, budget: int
) -> Iterator[Chunk]:
    starts = [place.start for place in doc.places]
    is_among_people = doc.kind == "chat" and not _OF_PROGRAMS & {b.origin for b in doc.blocks}
    last: Chunk | None = None
    for _, same in groupby(doc.blocks, key=lambda block: _section(doc, starts, block)):
        blocks = list(same)
        spare, context = _fit_prefix(doc, blocks[0], count)
        room = max(budget - spare, budget // 2, 1)
        for start, end, packed in _pack(doc, blocks, count, room):
            chunk = _make(doc, doc_id, starts, ordinal, start, end, packed, context)
            if is_among_people:
                chunk = replace(chunk, before=_said_before(last, chunk))
            yield chunk
            last = chunk
            ordinal += 1


def _said_before(last: Chunk | None, chunk: Chunk) -> str:
    """The last turn of the passage before, if it is of the same day."""
    if last is None or last.when[:10] != chunk.when[:10]:
        return ""
    return " ".join(last.text[last.places[-1][0] :].split())


def passage_id(uri: str, ordinal: int, hash: str) -> str:
    return "c_" + digest(document_id(uri), str(ordinal), hash, size=8)


def estimate_tokens(text: str) -> int:
    """About how many WordPiece tokens a text has, erring towards too many.

    A Latin word counts one per four letters (three when long, two with accents), a number one per
    two digits (each when long), every other letter and mark one. Against the shipped vocabulary
    English comes out about a quarter too high; rare languages can be up to a half too low.
    """
    return sum(_cost(found) for found in _ATOM.finditer(text))


def _cost(atom: re.Match[str]) -> int:
    length = atom.end() - atom.start()
    if atom.lastindex == 1:
        letters = 2 if not atom[0].isascii() else 4 if length <= 8 else 3
        return -(-length // letters)
    if atom.lastindex == 2:
        return -(-length // 2) if length <= 6 else length
    return 1


def _section(doc: Document, starts: Sequence[int], block: Block) -> tuple[object, ...]:
    """Blocks may share a chunk only if this is the same for both."""
    if doc.kind == "pdf":
        return (bisect_right(starts, block.start),)  # its page
    if doc.kind == "chat":
        return block.heading, block.context, block.when[:10], block.group
    if doc.kind == "episode":
        return (block.group,)
    return block.heading, block.context, block.when, block.who, block.origin


def _fit_prefix(doc: Document, block: Block, count: Counter) -> tuple[int, str]:
    """How many tokens the prefix is over its budget, and the context clipped to what is left."""
    who = block.who or doc.who
    trail = " > ".join(dict.fromkeys((doc.title, *block.heading)))
    head = " | ".join(part for part in (trail, (block.when or doc.when)[:10], who) if part)
    used = count(head) + (_SPEAKER_TOKENS if doc.kind == "chat" else 0)
    if not block.context or used >= PREFIX_BUDGET:
        return max(0, used - PREFIX_BUDGET), ""
    return 0, _clip(block.context, PREFIX_BUDGET - used - 2, count)


def _clip(text: str, room: int, count: Counter) -> str:
    """The beginning of a text that fits, cut between words."""
    keep = max(0, room) * _MOST_TOKEN_CHARS
    if len(text) <= keep and count(text) <= room:
        return text
    keep = min(keep, len(text))
    while keep > 3:
        space = text.rfind(" ", keep // 2, keep)
        shown = text[: space if space > 0 else keep].rstrip() + "…"
        if count(shown) <= room:
            return shown
        keep = keep * 3 // 4
    return ""


def _pack(
    doc: Document, blocks: Sequence[Block], count: Counter, room: int
) -> Iterator[tuple[int, int, list[Block]]]:
    """Runs of pieces that fit together, as start, end and the blocks they come from."""
    packed: list[Block] = []
    start = end = used = 0
    for block in blocks:
        for piece in _pieces(doc, block, count, room):
            if packed and used + piece.tokens > room:
                yield start, end, packed
                packed, used = [], 0
            if not packed:
                start = piece.start
            packed.append(block)
            end, used = piece.end, used + piece.tokens
    if packed:
        yield start, end, packed


def _pieces(doc: Document, block: Block, count: Counter, room: int) -> Iterator[_Piece]:
    text = doc.text[block.start : block.end]
    start = block.start + len(text) - len(text.lstrip())
    end = block.start + len(text.rstrip())
    if start >= end:
        return
    if end - start <= room * _MOST_TOKEN_CHARS:
        tokens = count(doc.text[start:end])
        if tokens <= room:
            yield _Piece(start, end, tokens, block)
            return
    yield from _split(doc, _Piece(start, end, 0, block), count, room, room)


def _split(doc: Document, piece: _Piece, count: Counter, room: int, aim: int) -> Iterator[_Piece]:
    """Cut by the estimate, and cut again whatever turns out too long by the real count."""
    for start, end in _cut(doc, piece.start, piece.end, aim):
        tokens = count(doc.text[start:end])
        part = _Piece(start, end, tokens, piece.block)
        if tokens > room and aim > 1 and end - start > 1:
            yield from _split(doc, part, count, room, max(1, min(aim // 2, aim * room // tokens)))
        else:
            yield part


def _cut(doc: Document, start: int, end: int, aim: int) -> Iterator[tuple[int, int]]:
    """Parts of about `aim` tokens that end with a sentence, else a word, else anywhere."""
    ends = _LINE_ENDS if doc.kind in ("code", "data", "table") else None
    while start < end:
        stop, space = _reach(doc.text, start, end, aim)
        if stop < end:
            stop = _best_end(doc.text, start, stop, ends) or space or stop
        if doc.text[start:stop].strip():
            yield _trim(doc.text, start, stop)
        start = stop


def _reach(text: str, start: int, end: int, aim: int) -> tuple[int, int]:
    """Where `aim` tokens are used up, and the last white space before that, 0 without one."""
    used, last, space = 0, start, 0
    for atom in _ATOM.finditer(text, start, end):
        if atom.start() > last > start:
            space = last
        used += _cost(atom)
        if used > aim and last > start:
            return last, space
        last = atom.end()
    return end, space


def _best_end(text: str, start: int, stop: int, line_ends: re.Pattern[str] | None) -> int:
    """The last sentence end, or line end where lines are sentences, past a third of the part."""
    earliest = start + (stop - start) // 3
    found = 0
    # One character more, so that a sentence which ends right at `stop` counts.
    for pattern in (_ENDS, line_ends):
        if pattern and not found:
            for match in pattern.finditer(text, earliest, min(stop + 1, len(text))):
                found = match.end() if match.end() <= stop else found
    return found


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    part = text[start:end]
    return start + len(part) - len(part.lstrip()), start + len(part.rstrip())


def _make(
    doc: Document,
    doc_id: str,
    starts: Sequence[int],
    ordinal: int,
    start: int,
    end: int,
    blocks: Sequence[Block],
    context: str,
) -> Chunk:
    text = doc.text[start:end]
    hashed = content_hash(text)
    first = blocks[0]
    return Chunk(
        id=passage_id(doc.uri, ordinal, hashed),
        doc_id=doc_id,
        uri=doc.uri,
        ordinal=ordinal,
        kind=doc.kind,
        title=doc.title,
        heading=first.heading,
        context=context,
        text=text,
        span=_span(doc.places, starts, start, end),
        places=_places(doc.places, starts, start, end),
        when=first.when or doc.when,
        who=_speakers(doc, blocks),
        origin=_origin(doc, blocks),
        hash=hashed,
    )


def _span(places: Sequence[Place], starts: Sequence[int], start: int, end: int) -> Span:
    first = places[max(0, bisect_right(starts, start) - 1)]
    last = places[max(0, bisect_right(starts, end - 1) - 1)]
    return Span(start, end, first.unit, first.number, last.number)


def _places(
    places: Sequence[Place], starts: Sequence[int], start: int, end: int
) -> tuple[tuple[int, int], ...]:
    first = max(0, bisect_right(starts, start) - 1)
    inside = places[first : bisect_right(starts, end - 1)]
    return tuple((max(0, place.start - start), place.number) for place in inside)


def _speakers(doc: Document, blocks: Sequence[Block]) -> str:
    said = [(block.who, block.origin or doc.origin) for block in blocks if block.who]
    said = said or [(doc.who, doc.origin)]
    names = list(dict.fromkeys(who if by == "user" else of_other(who) for who, by in said))
    if len(names) > _MOST_SPEAKERS:
        return ", ".join(names[:_MOST_SPEAKERS]) + f" and {len(names) - _MOST_SPEAKERS} more"
    return ", ".join(names)


def _origin(doc: Document, blocks: Sequence[Block]) -> Origin:
    origins = {block.origin or doc.origin for block in blocks}
    return origins.pop() if len(origins) == 1 else "other"
