"""Subtitles (SRT, WebVTT, SBV, SubStation) → what is said, a block per sentence with its time.

Called by `extract`. Each line of speech keeps the line of the file it stands on; the times become
the context of a block, and a named speaker its author.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from cairn.core.errors import ExtractError
from cairn.core.extract.dates import find_date
from cairn.core.extract.source import Source, clip, decode
from cairn.core.records import Block, Document, Place

_STAMP = r"(?:(\d{1,3}):)?(\d{1,2}):(\d\d)[.,]\d{1,3}"
_TIMING = re.compile(rf"\s*{_STAMP}\s*(?:-->|,)\s*(?:\d{{1,3}}:)?\d{{1,2}}:\d\d[.,]\d{{1,3}}")
_SPEAKER = re.compile(r"\s*<v(?:\.[^\s>]{1,50})?\s+([^<>]{1,100})>")
_TAG = re.compile(r"<[^<>]{0,200}>|\{\\?[^{}]{0,200}\}")
_ASS_FIELDS = ("layer", "start", "end", "style", "name", "l", "r", "v", "effect", "text")
_ENDS = (".", "!", "?", "…", "。", "！", "？", '."', '!"', '?"')
_BLOCK_CHARS = 300


@dataclass(frozen=True, slots=True)
class Cue:
    """What is said at one time: lines of speech with their numbers in the file."""

    start: str
    who: str
    rows: tuple[tuple[int, str], ...]


def read_subtitles(source: Source) -> Document:
    text, note = decode(source)
    rows = text.split("\n")
    found = _dialogue(rows) if source.suffix in (".ass", ".ssa") else _timed(rows)
    cues = [cue for cue in _without_repeats(found) if cue.rows]
    if not cues:
        raise ExtractError("no-text", "it holds no subtitles", skipped=True)
    return _assemble(source, cues, note)


def _timed(rows: Sequence[str]) -> Iterator[Cue]:
    """Cues under a row of times, up to a blank row or the next times."""
    at = 0
    while at < len(rows):
        found = _TIMING.match(rows[at][:200])
        at += 1
        if not found:
            continue
        said: list[tuple[int, str]] = []
        who = ""
        while at < len(rows) and rows[at].strip() and not _TIMING.match(rows[at][:200]):
            if speaker := _SPEAKER.match(rows[at]):
                who = who or speaker[1].strip()
            said.append((at + 1, rows[at]))
            at += 1
        if said and at < len(rows) and rows[at].strip() and said[-1][1].strip().isdigit():
            said.pop()  # the next cue's number, where no blank row stands between
        yield Cue(_clock(found), clip(html.unescape(who)), tuple(_plain(said)))


def _dialogue(rows: Sequence[str]) -> Iterator[Cue]:
    fields: Sequence[str] = _ASS_FIELDS
    for number, row in enumerate(rows, 1):
        kind, _, rest = row.partition(":")
        if kind.strip() == "Format" and "text" in rest.lower():
            fields = [name.strip().lower() for name in rest[:1000].split(",")]
        elif kind.strip() == "Dialogue":
            values = dict(zip(fields, rest.split(",", len(fields) - 1), strict=False))
            found = re.match(_STAMP, values.get("start", "").strip())
            said = values.get("text", "").replace("\\N", " ").replace("\\n", " ")
            who = clip(values.get("name") or values.get("actor") or "")
            if found:
                yield Cue(_clock(found), who, tuple(_plain([(number, said.replace("\\h", " "))])))


def _plain(rows: Sequence[tuple[int, str]]) -> Iterator[tuple[int, str]]:
    for number, row in rows:
        if text := " ".join(html.unescape(_TAG.sub("", row)).split()):
            yield number, text


def _clock(found: re.Match[str]) -> str:
    hours, minutes, seconds = (int(part or 0) for part in found.groups())
    return f"{hours}:{minutes:02}:{seconds:02}"


def _without_repeats(cues: Iterator[Cue]) -> Iterator[Cue]:
    """Captions that roll show each line again in the next cue."""
    shown: set[str] = set()
    for cue in cues:
        fresh = tuple((number, row) for number, row in cue.rows if row not in shown)
        shown = {row for _, row in cue.rows}
        yield Cue(cue.start, cue.who, fresh)


def _assemble(source: Source, cues: Sequence[Cue], note: str) -> Document:
    parts: list[str] = []
    places: list[Place] = []
    blocks: list[Block] = []
    size = start = 0
    first = cues[0]
    for cue in cues:
        if size > start and (cue.who != first.who or _is_done(parts[-1], size - start)):
            blocks.append(Block(start, size, context=first.start, who=first.who))
            start = size
        first = cue if size == start else first
        for number, row in cue.rows:
            gap = "\n" if parts else ""
            start += len(gap) if start == size else 0
            size += len(gap) + len(row)
            places.append(Place(size - len(row) if parts else 0, "L", number))
            parts.append(gap + row)
    blocks.append(Block(start, size, context=first.start, who=first.who))
    return Document(
        uri=source.uri,
        kind="media",
        title=source.stem,
        text="".join(parts),
        places=tuple(places),
        blocks=tuple(blocks),
        when=find_date(source.name),
        note=note,
    )


def _is_done(row: str, size: int) -> bool:
    return row.rstrip().endswith(_ENDS) or size >= _BLOCK_CHARS
