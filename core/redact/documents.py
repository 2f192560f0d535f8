"""A Document → the same Document without its secrets, its places and blocks where they belong.

Called in the extractor process before a document is cut into passages. A document without
secrets comes back as it is. Every visible character stays in exactly one block.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from cairn.core.records import Block, Document, Place
from cairn.core.redact.columns import find_in_row
from cairn.core.redact.found import Found
from cairn.core.redact.scan import Redaction, find_secrets, mentions, replace_all, settle


def redact_document(document: Document) -> tuple[Document, dict[str, int]]:
    counts: Counter[str] = Counter()
    parts = []
    for part in document.parts:
        clean, inner = redact_document(part)
        parts.append(clean)
        counts.update(inner)
    found = settle(document.text, (*find_secrets(document.text), *_headed(document)))
    counts.update(each.kind for each in found)
    names = _Names([(document.text[each.start : each.end], each.kind) for each in found], counts)
    clean = _rename(document, names)
    if any(new is not old for new, old in zip(parts, document.parts, strict=True)):
        clean = replace(clean, parts=tuple(parts))
    return (_shift(clean, found) if found else clean), dict(counts)


def _headed(document: Document) -> list[Found]:
    """Values whose header is not in the text but in the context of their rows."""
    found: list[Found] = []
    for block in document.blocks:
        if block.context:
            text = document.text[block.start : block.end]
            found += (
                Found(block.start + each.start, block.start + each.end, each.kind)
                for each in find_in_row(block.context, text)
            )
    return found


class _Names:
    """Redacts the short texts of a document: each different one is looked at once."""

    def __init__(self, secrets: Sequence[tuple[str, str]], counts: Counter[str]) -> None:
        self._secrets = secrets
        self._known = {secret for secret, _ in secrets}
        self._counts = counts
        self._seen: dict[str, str] = {}

    def clean(self, text: str) -> str:
        if text not in self._seen:
            self._seen[text] = self._redact(text)
        return self._seen[text]

    def _redact(self, text: str) -> str:
        found = settle(text, (*find_secrets(text), *mentions(text, self._secrets)))
        fresh = [each for each in found if text[each.start : each.end] not in self._known]
        self._counts.update(each.kind for each in fresh)
        self._known.update(text[each.start : each.end] for each in fresh)
        return replace_all(text, found) if found else text


def _rename(document: Document, names: _Names) -> Document:
    blocks = tuple(_rename_block(block, names) for block in document.blocks)
    same = all(new is old for new, old in zip(blocks, document.blocks, strict=True))
    title, who, note = (names.clean(text) for text in (document.title, document.who, document.note))
    if same and (title, who, note) == (document.title, document.who, document.note):
        return document
    return replace(document, title=title, who=who, note=note, blocks=blocks)


def _rename_block(block: Block, names: _Names) -> Block:
    if not (block.heading or block.context or block.who):
        return block
    heading = tuple(map(names.clean, block.heading))
    context, who = names.clean(block.context), names.clean(block.who)
    if (heading, context, who) == (block.heading, block.context, block.who):
        return block
    return replace(block, heading=heading, context=context, who=who)


def _shift(document: Document, found: Sequence[Redaction]) -> Document:
    text = replace_all(document.text, found)
    shift = _Shift.of(document.text, found)
    places: list[Place] = []
    for place in document.places:
        moved = replace(place, start=shift.place(place.start))
        if places and places[-1].start == moved.start:
            places.pop()
        places.append(moved)
    blocks: list[Block] = []
    done = 0
    for block in document.blocks:
        start, end = max(done, shift.start(block.start)), shift.end(block.end)
        if start < end and text[start:end].strip():
            blocks.append(replace(block, start=start, end=end))
            done = end
    return replace(document, text=text, places=tuple(places), blocks=tuple(blocks))


@dataclass(frozen=True, slots=True)
class _Shift:
    """Offsets of a text → offsets of the redacted one. A secret belongs to its first block."""

    text: str
    found: Sequence[Redaction]
    starts: list[int]
    moved: list[int]
    """Where each replacement begins in the redacted text."""

    @classmethod
    def of(cls, text: str, found: Sequence[Redaction]) -> _Shift:
        moved, by = [], 0
        for each in found:
            moved.append(each.start + by)
            by += len(each.replacement) - (each.end - each.start)
        return cls(text, found, [each.start for each in found], moved)

    def _outside(self, at: int, after: int) -> int:
        if after < 0:
            return at
        each = self.found[after]
        return self.moved[after] + len(each.replacement) + at - each.end

    def place(self, at: int) -> int:
        """Inside a secret: behind as many line breaks of its replacement."""
        index = bisect_left(self.starts, at) - 1
        if index < 0 or at >= self.found[index].end:
            return self._outside(at, index)
        each = self.found[index]
        breaks = self.text.count("\n", each.start, each.end)
        before = self.text.count("\n", each.start, at)
        return self.moved[index] + len(each.replacement) - breaks + before

    def start(self, at: int) -> int:
        """Inside a secret: at its start; a block before this one takes it all the same."""
        index = bisect_right(self.starts, at) - 1
        if index < 0 or at >= self.found[index].end:
            return self._outside(at, index)
        return self.moved[index]

    def end(self, at: int) -> int:
        """Inside a secret: behind its replacement."""
        index = bisect_left(self.starts, at) - 1
        if index < 0 or at >= self.found[index].end:
            return self._outside(at, index)
        return self.moved[index] + len(self.found[index].replacement.rstrip("\n"))
