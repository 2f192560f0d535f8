"""Headings met from top to bottom → the section path, day and start of each block below them.

Shared by every family with headings. A heading's text is never lost: it opens the block that
follows it, or becomes a block of its own when its section is empty.
"""

from __future__ import annotations

from dataclasses import dataclass

from cairn.core.extract.dates import find_date
from cairn.core.extract.source import clip
from cairn.core.records import Block


@dataclass(frozen=True, slots=True)
class Section:
    level: int
    title: str
    when: str


class Outline:
    """Where a reader of headings stands. Positions are offsets into the document's text."""

    def __init__(self) -> None:
        self._open: list[Section] = []
        self._waiting: tuple[int, int] | None = None
        self.titles: list[tuple[int, str]] = []
        """Every heading so far, with its level."""

    def enter(self, level: int, title: str, start: int, end: int, when: str = "") -> Block | None:
        """Begin a section; returns the heading before it when nothing stood below that one.

        `when` is a day that the section states elsewhere than in its title.
        """
        title = clip(title)
        parent = self._open[-1].level if self._open else 0
        left = self.close() if level <= parent else None
        while self._open and self._open[-1].level >= level:
            self._open.pop()
        inherited = self._open[-1].when if self._open else ""
        self._open.append(Section(level, title, when or find_date(title) or inherited))
        self.titles.append((level, title))
        self.hold(start, end)
        return left

    def leave(self, level: int) -> Block | None:
        """End the sections of a level and below; returns a heading that nothing stood below."""
        left = self.close() if self._open and self._open[-1].level >= level else None
        while self._open and self._open[-1].level >= level:
            self._open.pop()
        return left

    def hold(self, start: int, end: int) -> None:
        """Keep text, such as a table's header row, for the block that follows."""
        self._waiting = (self._waiting[0] if self._waiting else start, end)

    def block(self, start: int, end: int, context: str = "") -> Block:
        """A block of the current section, with the text that waited for it."""
        if self._waiting:
            start = self._waiting[0]
            self._waiting = None
        return Block(start, end, self.path, context=context, when=self.when)

    def close(self) -> Block | None:
        """What still waits, as a block of its own."""
        return self.block(*self._waiting) if self._waiting else None

    @property
    def path(self) -> tuple[str, ...]:
        return tuple(section.title for section in self._open if section.title)

    @property
    def when(self) -> str:
        return self._open[-1].when if self._open else ""

    @property
    def main_title(self) -> str:
        """The one top heading that names the whole document; a diary of dated ones has none."""
        tops = [title for level, title in self.titles if level == 1 and title]
        if not tops or (len(tops) > 1 and find_date(tops[0])):
            return ""
        return tops[0]


def absorb_ornaments(text: str, blocks: list[Block]) -> list[Block]:
    """Join blocks without a single letter or digit (rulers, lone brackets) to a neighbour."""
    kept: list[Block] = []
    pending: Block | None = None
    for block in blocks:
        if not any(ch.isalnum() for ch in text[block.start : block.end]):
            if kept:
                kept[-1] = _stretch(kept[-1], kept[-1].start, block.end)
            elif pending is None:
                pending = block
            continue
        if pending:
            block = _stretch(block, pending.start, block.end)
            pending = None
        kept.append(block)
    return kept if kept or not pending else [_stretch(pending, pending.start, blocks[-1].end)]


def _stretch(block: Block, start: int, end: int) -> Block:
    return Block(start, end, block.heading, block.context, block.when, block.who, block.origin)
