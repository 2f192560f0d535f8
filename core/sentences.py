"""A passage → its sentences, each with its exact span, for answers that quote and cite."""

from __future__ import annotations

import re
from dataclasses import dataclass

from cairn.core.records import Chunk, Span

_END = re.compile(
    r"(?<=[.!?])[\"'”’)\]]*\s+(?=[\"'“(\[]?[A-Z0-9À-ÞА-Я])"  # before a capital or digit
    r"|\n\s*\n"
    r"|\n(?=\s*[-*+•>#|]|\s*\d+[.)]\s|\S{1,40}: )"  # before a list item, heading, turn
    r"|(?<=[。！？])"
)
_ABBREVIATION = re.compile(
    r"\b(?:Mr|Mrs|Ms|Dr|Prof|St|No|vs|etc|e\.g|i\.e|approx|Nr|bzw|z\.B|[A-Z])\.$"
)
_MARKUP = re.compile(r"^\s*(?:[-*+•>#]+|\d+[.)])\s+(?:\[[ xX]\]\s+)?")


@dataclass(frozen=True, slots=True)
class Quote:
    chunk: Chunk
    text: str
    """One line, without list or heading marks."""
    span: Span
    is_heading: bool


def quotes(chunk: Chunk) -> list[Quote]:
    result = []
    for start, end in _ranges(chunk.text):
        raw = chunk.text[start:end]
        text = " ".join(_MARKUP.sub("", raw).split())
        if text:
            heading = raw.lstrip().startswith("#")
            result.append(Quote(chunk, text, _span(chunk, start, end), heading))
    return result


def _ranges(text: str) -> list[tuple[int, int]]:
    result, start = [], 0
    for match in _END.finditer(text):
        if _ABBREVIATION.search(text[start : match.start()][-12:]):
            continue
        result.append((start, match.start()))
        start = match.end()
    result.append((start, len(text)))
    return [(a, b) for a, b in result if text[a:b].strip()]


def _span(chunk: Chunk, start: int, end: int) -> Span:
    """The lines of a part of the chunk; pages and turns stay those of the whole chunk."""
    span = chunk.span
    first, last = span.first, span.last
    if span.unit == "L" and span.last - span.first == chunk.text.count("\n"):
        lead = len(chunk.text[start:end]) - len(chunk.text[start:end].lstrip())
        first = span.first + chunk.text.count("\n", 0, start + lead)
        last = first + chunk.text[start + lead : end].rstrip().count("\n")
    return Span(span.start + start, span.start + end, span.unit, first, last)
