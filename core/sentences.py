"""A passage → its sentences, each with its exact span, for answers that quote and cite."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

from cairn.core.records import Chunk, Span, content_hash

# Capitals, digits, and the letters of scripts that have no capitals.
_BEGIN = "A-Z0-9À-ÞΆ-ΫА-Я\u0590-\u1cff\u3041-\u9fff\uac00-\ud7a3"
LEFT_OUT = "\f"
"""Stands for each letter of what is not to be said; white space that nobody types."""
_STAMP = (
    r"\[?\d{1,4}[./-]\d{1,2}[./-]\d{2,4},? (?:at )?\d{1,2}:\d\d(?::\d\d)?(?:\s?[AaPp]\.?[Mm]\.?)?"
    r"(?:\]| -) "
)
"""In front of a message in an exported chat."""
_END = re.compile(
    rf"(?<=[.!?؟۔।])[\"'”’)\]]*\s+(?=[\"'“(\[]?[{_BEGIN}])"
    r"|\n\s*\n"
    r"|\n(?=\s*[-*+•>#|]|\s*\d+[.)]\s|\S{1,40}: )"  # before a list item, heading, turn
    rf"|\n(?={_STAMP})"
    rf"|{LEFT_OUT}+"
    r"|(?<=[。！？])(?![」』）])|(?<=[。！？][」』）])"
)
_AT_FRONT = re.compile(_STAMP)
_STREET = re.compile(r"[^\W\d_]{3,}[Ss]tr\.$")

_ABBREVIATION = re.compile(
    r"\b(?:Mr|Mrs|Ms|Dr|Prof|St|No|vs|etc|e\.g|i\.e|approx|Nr|bzw|z\.B|[A-Z])\.$"
)
_COUNTED = re.compile(r"(?:^|\n)\s*\d{1,2}\.$")
_DAY = re.compile(
    r"\b\d{1,2}\.[ \n](?=(?:Januar|Jänner|Februar|März|April|Mai|Juni|Juli|August|September"
    r"|Oktober|November|Dezember|Jan|Feb|Mär|Apr|Jun|Jul|Aug|Sept?|Okt|Nov|Dez)\b)"
)
_FULL_LINE = 0.75
_CAPITAL = re.compile(rf"\s*[\"'“(\[]?[{_BEGIN}]")
_STOPS = (".", "!", "?")
_BY_LINE = ("code", "data", "table")
_MARKUP = re.compile(r"^\s*(?:[-*+•>#]+|\d+[.)])\s+|^[=~^\"*#_-]{3,}$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Quote:
    """A sentence, or two that belong together, as they stand in a chunk."""

    chunk: Chunk
    start: int
    end: int
    text: str
    """One line, without list or heading marks."""
    is_heading: bool

    @property
    def span(self) -> Span:
        return self.chunk.part(self.start, self.end)

    @property
    def hash(self) -> str:
        return content_hash(self.chunk.text[self.start : self.end])


def quotes(chunk: Chunk) -> list[Quote]:
    if chunk.kind in _BY_LINE:
        return [_quote(chunk, start, end, frozenset()) for start, end in _lines(chunk.text)]
    headings = frozenset((chunk.title, *chunk.heading))
    found = [_quote(chunk, start, end, headings) for start, end in _sentences(chunk.text)]
    return [quote for quote in found if quote.text]


def _quote(chunk: Chunk, start: int, end: int, headings: frozenset[str]) -> Quote:
    raw = chunk.text[start:end]
    text = " ".join(_MARKUP.sub("", raw[front(raw) :]).split())
    # A note may be titled by its only sentence, which is then more than a title.
    is_title = text in headings and text[-1:] not in _STOPS and end < len(chunk.text)
    is_heading = bool(headings) and (raw.startswith("#") or is_title)
    return Quote(chunk, start, end, text, is_heading)


def front(text: str) -> int:
    """Where a message begins, behind the moment at which it was sent."""
    found = _AT_FRONT.match(text)
    return found.end() if found else 0


def join(first: Quote, second: Quote) -> Quote:
    """Two neighbouring sentences as one quote."""
    text = f"{first.text} {second.text}"
    return Quote(first.chunk, first.start, second.end, text, first.is_heading)


def _lines(text: str) -> list[tuple[int, int]]:
    return [
        _trim(text, line.start(), line.end())
        for line in re.finditer(r"[^\n]+", text)
        if line[0].strip()
    ]


def _sentences(text: str) -> list[tuple[int, int]]:
    """Where each sentence is, without the white space around it."""
    breaks = [(match.start(), match.end()) for match in _END.finditer(text)]
    result, start = [], 0
    for end, following in sorted({*breaks, *_short_lines(text)}):
        if end < start or _ABBREVIATION.search(text[max(start, end - 12) : end]):
            continue
        if _COUNTED.search(text[max(0, start - 9) : end]):
            continue  # the number of what follows
        if _DAY.match(text, max(0, end - 3)) or _DAY.match(text, max(0, end - 2)):
            continue  # as a German writes it
        if _STREET.search(text[max(start, end - 40) : end]) and text[following].isdigit():
            continue
        result.append((start, end))
        start = following
    result.append((start, len(text)))
    parts = [part for start, end in result for part in _without_heading(text, start, end)]
    return [_trim(text, start, end) for start, end in parts if text[start:end].strip()]


def _short_lines(text: str) -> list[tuple[int, int]]:
    """Ends of lines that stop well before the margin: titles, addresses, list items."""
    lines = [(line.start(), line.end()) for line in re.finditer(r"[^\n]+", text)]
    width = max((end - start for start, end in lines), default=0)
    return [
        (end, following)
        for (start, end), (following, _) in pairwise(lines)
        if end - start < width * _FULL_LINE and _CAPITAL.match(text, following)
    ]


def _without_heading(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """A heading line apart from what follows it without a blank line."""
    start, end = _trim(text, start, end)
    line_end = text.find("\n", start, end)
    if not text.startswith("#", start) or line_end < 0:
        return [(start, end)]
    return [(start, line_end), *_without_heading(text, line_end, end)]


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    part = text[start:end]
    return start + len(part) - len(part.lstrip()), start + len(part.rstrip())
