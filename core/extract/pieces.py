"""Headings, paragraphs and table rows in reading order → the text, places and blocks of a Document.

Used by the readers of formats that have no text of their own. Each piece is a block (a heading
opens the block below it); places count the pieces, or the units that the reader announces.
"""

from __future__ import annotations

from dataclasses import dataclass

from cairn.core.extract.dates import find_date
from cairn.core.extract.source import Source, check_length, clean
from cairn.core.extract.text.outline import Outline, absorb_ornaments
from cairn.core.records import Block, Document, Kind, Place, Unit


@dataclass(frozen=True, slots=True)
class Properties:
    """What a document says about itself."""

    title: str = ""
    who: str = ""
    when: str = ""


NOTHING = Properties()


class Pieces:
    def __init__(self, unit: Unit, max_chars: int) -> None:
        self._unit: Unit = unit
        self._max_chars = max_chars
        self._parts: list[str] = []
        self._size = 0
        self._number = 0
        self._announced = False
        self._places: list[Place] = []
        self._blocks: list[Block] = []
        self._tight = False
        self._outline = self._main = Outline()

    @property
    def count(self) -> int:
        """How many pieces there are so far."""
        return len(self._parts)

    @property
    def text(self) -> str:
        return "".join(self._parts)

    def at(self, number: int) -> None:
        """What follows comes from this unit of the source."""
        self._announced = True
        self._number = number

    def heading(self, level: int, text: str, *, when: str = "") -> None:
        """Opens a section; `when` is its day, where that is not in the heading itself."""
        span = self._write(text, "\n\n")
        if span and (left := self._outline.enter(level, text, *span, when)):
            self._blocks.append(left)

    def end(self, level: int) -> None:
        """End the sections of a level and below: what follows stands beside them."""
        if left := self._outline.leave(level):
            self._blocks.append(left)

    def paragraph(
        self, text: str, *, gap: str = "\n\n", context: str = "", when: str = "", who: str = ""
    ) -> None:
        """A block; `gap` is what stands between it and the piece before."""
        if span := self._write(text, gap):
            block = self._outline.block(*span, context)
            when = when or block.when
            self._blocks.append(
                Block(block.start, block.end, block.heading, block.context, when, who)
            )

    def item(self, text: str, depth: int = 0, *, when: str = "") -> None:
        """An item of a list; `depth` counts from 0."""
        gap = "\n" if self._tight else "\n\n"
        self.paragraph(text, gap=gap + "  " * min(depth, 8), when=when)
        self._tight = True

    def hold(self, text: str) -> None:
        """Text, such as a header row, that opens the block below it."""
        gap = "\n" if self._tight else "\n\n"
        if span := self._write(text, gap):
            self._outline.hold(*span)
            self._tight = True

    def row(self, text: str, context: str = "", when: str = "") -> None:
        self.paragraph(text, gap="\n" if self._tight else "\n\n", context=context, when=when)
        self._tight = True

    def passage(self, text: str, blocks: tuple[Block, ...], heading: tuple[str, ...]) -> None:
        """A text that is cut into blocks already, such as a chapter that is a page of its own."""
        if left := self._outline.close():
            self._blocks.append(left)
        gap = "\n\n" if self._parts else ""
        shift = self._size + len(gap)
        for block in blocks:
            self._number += 1
            self._places.append(
                Place(shift + block.start if self._places else 0, self._unit, self._number)
            )
            path = heading if not block.heading else block.heading
            start, end = shift + block.start, shift + block.end
            self._blocks.append(Block(start, end, path, block.context, block.when))
        self._parts.append(gap + text)
        self._size += len(gap) + len(text)
        check_length(self._size, self._max_chars)

    def leave(self) -> None:
        """End all sections: what follows, such as a page's footer, belongs to none of them."""
        if left := self._outline.close():
            self._blocks.append(left)
        self._outline = Outline()
        self._tight = False

    def document(
        self,
        source: Source,
        kind: Kind,
        properties: Properties = NOTHING,
        *,
        note: str = "",
        parts: tuple[Document, ...] = (),
    ) -> Document:
        self.leave()
        text = self.text
        return Document(
            uri=source.uri,
            kind=kind,
            title=properties.title or self._main.main_title or source.stem,
            text=text,
            places=tuple(self._places),
            blocks=tuple(absorb_ornaments(text, self._blocks)),
            when=properties.when or find_date(source.name),
            who=properties.who,
            note=note,
            parts=parts,
        )

    def _write(self, text: str, gap: str) -> tuple[int, int] | None:
        text = clean(text).replace("\ufeff", "").strip()
        self._tight = False
        if not text:
            return None
        gap = gap if self._parts else ""
        if not self._announced:
            self._number += 1
        if not self._places or self._places[-1].number != self._number:
            start = self._size + len(gap)
            self._places.append(Place(start if self._places else 0, self._unit, self._number))
        self._parts.append(gap + text)
        self._size += len(gap) + len(text)
        check_length(self._size, self._max_chars)
        return self._size - len(text), self._size
