"""A document's chunks and the place that is cited → the text there, unit by unit.

Called for `show` with the chunks of a file that was just read, so it shows what is there now and
never a secret that reading left out. Only white space between chunks is made up.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from cairn.core.errors import NotFound
from cairn.core.locate import Target
from cairn.core.records import SHEET, Chunk, Span, Unit
from cairn.core.uris import INSIDE, pasted

_NAMES: dict[Unit, str] = {
    "L": "lines", "p": "pages", "t": "turns", "s": "slides", "r": "rows", "n": "paragraphs",
    "m": "mails", "c": "cells",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Piece:
    """One line, page, turn, … of a document."""

    locator: str
    number: int
    """Of a row, the one within its sheet."""
    text: str
    cited: bool


@dataclass(frozen=True, slots=True)
class Passage:
    """The pieces that a target names, their neighbours, and what a reader needs beside them."""

    target: Target
    title: str
    kind: str
    heading: tuple[str, ...]
    context: str
    when: str
    who: str
    pieces: tuple[Piece, ...]


def passage(chunks: Sequence[Chunk], target: Target, context: int = 0) -> Passage:
    """The text of the cited units, and of `context` units before and after them.

    `chunks` are those of the target's file, just read. Raises NotFound when the place is not there.
    """
    own = [chunk for chunk in chunks if chunk.uri == target.uri]
    if not own:
        raise _missing_part(chunks, target)
    unit = own[0].span.unit
    if target.unit and target.unit != unit:
        like = Span(0, 0, unit, *([SHEET + 1] * 2 if unit == "r" else [1] * 2)).locator
        raise NotFound(
            f"{target.name} has no {_NAMES[target.unit]}, it has {_NAMES[unit]}",
            f"cite it like `{pasted(f'{target.uri}#{like}')}`",
        )
    texts = _texts(own)
    numbers = sorted(texts)
    if target.unit:
        numbers = _around(numbers, target, max(0, context))
    pieces = tuple(
        Piece(
            Span(0, 0, unit, number, number).locator,
            number % SHEET if unit == "r" else number,
            texts[number],
            target.unit is not None and target.first <= number <= target.last,
        )
        for number in numbers
    )
    # Chunks do not overlap: the first one that reaches the place has it.
    lead = next((chunk for chunk in own if chunk.span.last >= target.first), own[0])
    return Passage(
        target, lead.title, lead.kind, lead.heading, lead.context, lead.when, lead.who, pieces
    )


def _around(numbers: list[int], target: Target, context: int) -> list[int]:
    """The cited numbers and their neighbours; a row's are those of its sheet."""
    if target.unit == "r":
        sheet = target.first // SHEET
        same = [number for number in numbers if number // SHEET == sheet]
        sheets = numbers[-1] // SHEET
        if not same and sheet > sheets:
            raise _gone(target, f"{target.name} has {_count(sheets, 'sheets')} now")
        numbers = same
    begin, end = bisect_left(numbers, target.first), bisect_right(numbers, target.last)
    if begin < end:
        return numbers[max(0, begin - context) : end + context]
    if numbers and target.first < numbers[-1]:
        raise NotFound(
            f"{target.locator} of {target.name} holds no text",
            f"try `cairn open {pasted(target.address)}`",
        )
    total = (numbers[-1] if numbers else 0) % SHEET if target.unit == "r" else numbers[-1]
    where = f"sheet {target.first // SHEET} of " if target.unit == "r" else ""
    said = _count(total, _NAMES[target.unit or "L"])
    raise _gone(target, f"{where}{target.name} has {said} now")


def _count(number: int, names: str) -> str:
    return f"{number} {names if number != 1 else names.removesuffix('s')}"


def _gone(target: Target, now: str) -> NotFound:
    return NotFound(
        f"{target.locator} is no longer there: {now}",
        f"`cairn show {pasted(target.uri)}` prints all of it",
    )


def _missing_part(chunks: Sequence[Chunk], target: Target) -> NotFound:
    if not target.part:
        return NotFound(f"{target.name} holds no text", f"try `cairn open {pasted(target.uri)}`")
    start = target.container + INSIDE
    there = dict.fromkeys(c.uri.removeprefix(start) for c in chunks if c.uri.startswith(start))
    holds = f"it holds {', '.join(list(there)[:5])}" if there else "nothing inside it was readable"
    return NotFound(f"there is no {target.part} inside {target.path.name} now", holds)


def _texts(chunks: Sequence[Chunk]) -> dict[int, str]:
    """The text of each unit by its number; only white space between chunks is made up."""
    texts: dict[int, str] = {}
    last = end = 0
    for chunk in chunks:
        number = chunk.places[0][1]
        gap = chunk.span.start - end
        lead = ""
        if number in texts:
            lead = _joint(texts[number], chunk, gap)
        elif end and chunk.span.unit == "L" and last < number <= last + gap:
            texts.update(dict.fromkeys(range(last + 1, number), ""))
            lead = _indentation(chunk, gap - (number - last))
        stops = [offset for offset, _ in chunk.places[1:]] + [len(chunk.text)]
        for (offset, number), stop in zip(chunk.places, stops, strict=True):
            texts[number] = texts.get(number, "") + lead + chunk.text[offset:stop]
            lead = ""
        last, end = chunk.places[-1][1], chunk.span.end
    return {number: text.rstrip("\n") for number, text in texts.items()}


def _joint(before: str, chunk: Chunk, gap: int) -> str:
    """The white space between two chunks of one unit: of its length, and likely of its kind."""
    if not gap or chunk.span.unit in ("L", "r"):
        return " " if gap else ""
    has_lines = chunk.span.unit in ("p", "s", "c") or "\n" in before or "\n" in chunk.text
    return "\n" * min(gap, 2) if has_lines or gap > 1 else " "


def _indentation(chunk: Chunk, width: int) -> str:
    """What a chunk lost in front of its first line, where it has a meaning."""
    if chunk.kind not in ("code", "data"):
        return ""
    return "\t" * width if "\n\t" in chunk.text else " " * width
