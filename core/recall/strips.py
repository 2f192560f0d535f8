"""Evidence → the turns and sentences around it, in the order in which they stand there.

Called by `around`. Of a conversation what was said beside each other, of a document the rest of the
section; what may not be shown is left out, and nothing goes on beyond it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from cairn.core.chats.addresses import WINDOW, window_uri
from cairn.core.chats.episodes import pause_s
from cairn.core.chunk import estimate_tokens
from cairn.core.index import Index
from cairn.core.recall.units import passage_id, units_of
from cairn.core.records import Chunk, Evidence, document_id
from cairn.core.sentences import quotes
from cairn.core.uris import container

Admits = Callable[[Chunk], bool]
"""May a passage, or a turn of one, be shown?"""

_WHOLE = 400
"""Characters of a turn that is taken as it is; of a longer one each sentence by itself."""
_APART_S = 24 * 3600
"""What is said after a longer pause has another occasion."""
_ALONE = frozenset(("file", "episode"))
"""Kinds that cairn itself has written: nothing stands around them."""


@dataclass(frozen=True, slots=True)
class Segment:
    chunk: Chunk
    start: int
    end: int
    follows: bool
    """Does it go on with the one before?"""

    @property
    def place(self) -> tuple[str, int]:
        return self.chunk.id, self.start

    @property
    def tokens(self) -> int:
        """Counted when it is asked for: most are never taken."""
        return estimate_tokens(self.chunk.text[self.start : self.end])


Strip = list[Segment]
Key = tuple[str, str, str]


def strip_of(item: Evidence) -> Key:
    """What is said beside a conversation, such as a tool's output, is another strip than it."""
    chunk = item.chunk
    if chunk.kind in _ALONE:
        return chunk.id, "", ""
    return chunk.uri, chunk.kind, chunk.context if chunk.kind == "chat" else ""


def strips(
    evidence: Sequence[Evidence], index: Index, admits: Admits, steps: int
) -> dict[Key, Strip]:
    together: dict[Key, list[Evidence]] = {}
    for item in evidence:
        together.setdefault(strip_of(item), []).append(item)
    read = index.passages(dict.fromkeys(id for item in evidence for id in _documents(item, steps)))
    return {
        key: list(_segments(_near(items, read, steps), admits)) for key, items in together.items()
    }


def _documents(item: Evidence, steps: int) -> Iterator[str]:
    """Those that hold the passages around: of a conversation also the windows beside its own."""
    chunk = item.chunk
    if chunk.kind == "chat":
        first, last = chunk.span.first - steps, chunk.span.last + steps
        numbers = (max(1, first), chunk.span.first, last)
        yield from (document_id(window_uri(container(chunk.uri), each)) for each in numbers)
    elif chunk.kind not in _ALONE:
        yield chunk.doc_id


def _near(
    mine: Sequence[Evidence], read: dict[str, list[Chunk]], steps: int
) -> Iterator[tuple[Chunk, bool]]:
    """The passages so near in their order, and whether others were left out before each."""
    key = strip_of(mine[0])
    there = {
        passage.id: passage
        for id in dict.fromkeys(id for item in mine for id in _documents(item, steps))
        for passage in read.get(id, ())
        if (passage.uri, passage.kind) == key[:2] and _is_beside(passage, mine[0].chunk)
    }
    for item in mine:
        if passage_id(item.chunk.id) not in there:  # it was changed meanwhile, or stands alone
            there[item.chunk.id] = item.chunk
    passages = sorted(there.values(), key=_order)
    places = {passage.id: at for at, passage in enumerate(passages)}
    wanted: set[int] = set()
    for item in mine:
        at = places.get(item.chunk.id, places.get(passage_id(item.chunk.id), 0))
        wanted.update(range(max(0, at - steps), min(len(passages), at + steps + 1)))
    for at in sorted(wanted):
        yield passages[at], at - 1 not in wanted


def _is_beside(passage: Chunk, chunk: Chunk) -> bool:
    return chunk.kind != "chat" or passage.context == chunk.context


def _order(chunk: Chunk) -> tuple[int, int, int]:
    """A conversation's windows count their text each for itself, but their turns go on."""
    return (chunk.span.first if chunk.kind == "chat" else 0, chunk.ordinal, chunk.span.start)


def _segments(passages: Iterable[tuple[Chunk, bool]], admits: Admits) -> Iterator[Segment]:
    before: Chunk | None = None
    for passage, is_after_gap in passages:
        before = None if is_after_gap else before
        for unit in units_of(passage):
            if not admits(unit):
                before = None
                continue
            follows = before is not None and _goes_on(before, unit)
            for start, end in _parts(unit):
                yield Segment(unit, start, end, follows)
                follows = True
            before = unit


def _parts(unit: Chunk) -> list[tuple[int, int]]:
    whole = [(0, len(unit.text))]
    if unit.kind == "chat" and len(unit.text) <= _WHOLE:
        return whole
    return [(quote.start, quote.end) for quote in quotes(unit)] or whole


def _goes_on(before: Chunk, unit: Chunk) -> bool:
    if unit.kind == "chat":
        windows = (unit.span.first - 1) // WINDOW - (before.span.last - 1) // WINDOW
        return windows <= 1 and pause_s(before.when, unit.when) <= _APART_S
    is_next = unit.ordinal - before.ordinal <= 1
    return is_next and (before.heading, before.title) == (unit.heading, unit.title)
