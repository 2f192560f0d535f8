"""An RTF document → its paragraphs and table rows, with headings, notes and comments.

Called by `extract`. One pass over the bytes with a stack of groups; nothing recurses. Bytes are
gathered and decoded together, since a letter in the East may take two of them.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import NamedTuple

from cairn.core.extract.office.codepages import codepage, font_codepage
from cairn.core.extract.office.disguise import read_disguised
from cairn.core.extract.office.grid import Row, write_rows
from cairn.core.extract.office.rtf_words import (
    CELL_ENDS,
    ENCODINGS,
    MARGINS,
    PARAGRAPH_ENDS,
    ROW_ENDS,
    SIGNS,
    SINKS,
    SKIPPED,
    STARRED,
    SYMBOLS,
)
from cairn.core.extract.office.word_styles import named_level
from cairn.core.extract.package import title_of
from cairn.core.extract.pieces import Pieces, Properties
from cairn.core.extract.source import Source, clean, clip
from cairn.core.records import Document

_TOKEN = re.compile(
    rb"\\([a-zA-Z]{1,32})(-?\d{1,10})? ?|\\'([0-9a-fA-F]{2})|\\(.)|([{}])|[\r\n]+|[^\\{}\r\n]+",
    re.DOTALL,
)
_SKIPPING = re.compile(rb"\\bin(\d{1,10}) ?|\\.|[{}]", re.DOTALL)
_INFO = frozenset(("title", "author", "creatim"))
_MOST_CELLS = 200
_MOST_CHARS = 5_000_000


class _Sink:
    """Where the text of a group goes, and what has been said about it."""

    __slots__ = ("kind", "numbers", "parts")

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self.parts: list[str] = []
        self.numbers: dict[str, int] = {}

    @property
    def text(self) -> str:
        return "".join(self.parts)


class _Group(NamedTuple):
    sink: _Sink
    codec: str
    unicode_skip: int = 1
    hidden: bool = False


def read_rtf(source: Source) -> Document:
    if not source.data.lstrip(b"\xef\xbb\xbf \r\n\t\0").startswith(b"{\\rt"):
        return read_disguised(source, "rtf")
    reader = _Reader(Pieces("n", source.max_chars))
    reader.read(source.data)
    return reader.pieces.document(source, "text", reader.properties())


def rtf_text(data: bytes) -> str:
    """The text of a mail's body: each paragraph is a line, and an empty one a blank line."""
    reader = _Reader(Pieces("n", _MOST_CHARS), gap="\n")
    reader.read(data.rstrip(b"\0"))
    return reader.pieces.text


class _Reader:
    def __init__(self, pieces: Pieces, gap: str = "\n\n") -> None:
        self.pieces = pieces
        self._gap = gap
        self._is_apart = False
        self._body = _Sink("body")
        self._default = codepage(1252)
        self._group = _Group(self._body, self._default)
        self._stack: list[_Group] = []
        self._bytes = bytearray()
        self._skip = 0
        self._starred = False
        self._font = 0
        self._fonts: dict[int, str] = {}
        self._styles: dict[int, int] = {}
        self._style: int | None = None
        self._outline: int | None = None
        self._in_table = self._is_header = False
        self._cells: list[str] = []
        self._rows: list[Row] = []
        self._notes: list[tuple[str, str, str]] = []
        self._row_notes: list[tuple[str, str, str]] = []
        self._noted = 0
        self._margins: list[str] = []
        self._said: dict[str, str] = {}

    def read(self, data: bytes) -> None:
        at = 0
        while found := (_TOKEN.match(data, at)):
            at = found.end()
            word, number, code, symbol, brace = found.groups()
            if word is not None:
                value = int(number) if number else None
                if word == b"bin" and value and value > 0:
                    at += value
                else:
                    self._word(word.decode(), value)
            elif code is not None:
                self._text(bytes((int(code, 16),)))
            elif symbol is not None:
                self._symbol(symbol)
            elif brace is not None:
                self._brace(brace == b"{")
            elif data[found.start()] not in b"\r\n":
                self._text(found[0])
            if self._group.sink.kind == "skip":
                at = self._skip_group(data, at)
        self._flush()
        self._end_paragraph()
        self._end_table()
        self.pieces.leave()
        for margin in dict.fromkeys(self._margins):
            if len(margin.split()) > 1:
                self.pieces.paragraph(margin, context="page header or footer")

    def properties(self) -> Properties:
        said = self._said
        who = clip(clean(said.get("author", "")))
        return Properties(title_of(said.get("title", "")), who, said.get("creatim", ""))

    def _skip_group(self, data: bytes, at: int) -> int:
        """Past everything in a group that holds no text; stops at its closing brace."""
        depth = 0
        while found := _SKIPPING.search(data, at):
            if found[0] == b"{":
                depth += 1
            elif found[0] == b"}":
                if not depth:
                    return found.start()
                depth -= 1
            at = found.end() + (int(found[1]) if found[1] else 0)
        return len(data)

    def _brace(self, opens: bool) -> None:
        self._flush()
        self._skip = 0
        self._starred = False
        if opens:
            self._stack.append(self._group)
            if self._group.sink.kind == "stylesheet":
                self._enter("style")
        elif self._stack:
            ended, self._group = self._group, self._stack.pop()
            if ended.sink is not self._group.sink:
                self._end_sink(ended.sink)

    def _enter(self, kind: str) -> None:
        self._flush()
        self._group = self._group._replace(sink=_Sink(kind), hidden=False)

    def _symbol(self, symbol: bytes) -> None:
        if symbol == b"*":
            self._starred = True
        elif symbol in b"\r\n":
            self._word("par", None)
        elif symbol in b"\\{}":
            self._text(symbol)
        elif symbol in SYMBOLS:
            self._add(SYMBOLS[symbol])

    def _word(self, word: str, value: int | None) -> None:
        starred, self._starred = self._starred, False
        if starred and word not in STARRED:
            self._enter("skip")
        elif word == "u" and value is not None:
            code = value & 0xFFFF  # a symbol font's characters mean nothing outside of it
            self._add("•" if 0xF000 <= code <= 0xF0FF else chr(code))
            self._skip = self._group.unicode_skip
        elif word in SIGNS:
            self._add(SIGNS[word])
        elif word in PARAGRAPH_ENDS:
            self._end_line()
        elif word in CELL_ENDS or word in ROW_ENDS:
            self._flush()
            self._end_cell(word in ROW_ENDS)
        elif not self._destination(word):
            self._format(word, value)

    def _destination(self, word: str) -> bool:
        """Words that say what the rest of their group is."""
        inside = self._group.sink.kind
        if word in SKIPPED:
            self._enter("skip")
        elif word in SINKS:
            self._enter(word)
        elif word in MARGINS:
            self._enter("margin")
        elif inside == "info" and word in _INFO:
            self._enter(word)
        else:
            return False
        return True

    def _format(self, word: str, value: int | None) -> None:
        sink = self._group.sink
        if word == "f" and value is not None:
            self._font = value
            self._set_codec(self._fonts.get(value) or self._default)
        elif word == "fcharset" and sink.kind == "fonttbl":
            self._fonts[self._font] = font_codepage(value or 0)
        elif word == "ansicpg" or word in ENCODINGS:
            self._default = codepage(ENCODINGS.get(word, value or 1252))
            self._set_codec(self._default)
        elif word == "uc":
            self._group = self._group._replace(unicode_skip=max(0, min(value or 0, 8)))
        elif word in ("v", "deleted"):
            self._flush()
            self._group = self._group._replace(hidden=value != 0)
        elif word == "plain":
            self._flush()
            self._group = self._group._replace(hidden=False)
            self._set_codec(self._default)
        elif sink.kind in ("style", "creatim"):
            sink.numbers[word] = value or 0
        elif sink is self._body:
            self._format_paragraph(word, value)

    def _format_paragraph(self, word: str, value: int | None) -> None:
        if word == "pard":
            self._style = self._outline = None
            self._in_table = False
        elif word == "s":
            self._style = value
        elif word == "outlinelevel":
            self._outline = value
        elif word == "intbl":
            self._in_table = True
        elif word == "trowd":
            self._is_header = False
        elif word == "trhdr":
            self._is_header = True

    def _set_codec(self, codec: str) -> None:
        self._flush()
        self._group = self._group._replace(codec=codec)

    def _text(self, data: bytes) -> None:
        if self._skip:  # what stands in for a letter where Unicode is unknown
            dropped = min(self._skip, len(data))
            self._skip -= dropped
            data = data[dropped:]
        if not self._group.hidden:
            self._bytes += data

    def _add(self, text: str) -> None:
        self._flush()
        if not self._group.hidden:
            self._group.sink.parts.append(text)

    def _flush(self) -> None:
        if self._bytes:
            self._group.sink.parts.append(self._bytes.decode(self._group.codec, "replace"))
            self._bytes.clear()

    def _end_line(self) -> None:
        self._flush()
        sink = self._group.sink
        if sink is not self._body or self._in_table:
            sink.parts.append("\n")
        else:
            self._end_paragraph()

    def _end_paragraph(self) -> None:
        text = clean(self._body.text).strip()
        self._body.parts.clear()
        if text:
            self._end_table()
            level = self._level()
            if level is not None and len(text) <= 300:
                self.pieces.heading(level, text)
            else:
                self.pieces.paragraph(text, gap="\n\n" if self._is_apart else self._gap)
        self._is_apart = not text
        if not self._in_table:
            self._write_notes()

    def _level(self) -> int | None:
        if self._outline is not None:
            return self._outline + 1 if 0 <= self._outline < 9 else None
        return self._styles.get(self._style) if self._style is not None else None

    def _end_cell(self, ends_row: bool) -> None:
        text = self._body.text.strip()
        self._body.parts.clear()
        if (text or not ends_row) and len(self._cells) < _MOST_CELLS:
            self._cells.append(text)
        if ends_row:
            self._rows.append(Row(tuple(self._cells), is_header=self._is_header))
            self._cells = []
            self._row_notes += self._notes
            self._notes.clear()

    def _end_table(self) -> None:
        if self._cells:
            self._end_cell(True)
        if self._rows:
            rows, self._rows = self._rows, []
            write_rows(self.pieces, rows)
            for note in self._row_notes:
                self._write_note(*note)
            self._row_notes.clear()

    def _write_notes(self) -> None:
        for note in self._notes:
            self._write_note(*note)
        self._notes.clear()

    def _write_note(self, text: str, context: str, who: str) -> None:
        self.pieces.paragraph(text, context=context, who=who)

    def _end_sink(self, sink: _Sink) -> None:
        text = clean(sink.text).strip()
        if sink.kind == "style":
            level = sink.numbers.get("outlinelevel", -1) + 1
            named = named_level(text.rstrip(";").strip())
            if (found := named if named is not None else level or None) is not None:
                self._styles[sink.numbers.get("s", 0)] = found
        elif sink.kind == "footnote":
            self._noted += 1
            self._group.sink.parts.append(f"[{self._noted}]")
            self._notes.append((f"[{self._noted}] {text}", "footnote", ""))
        elif sink.kind == "annotation":
            who = clip(self._said.pop("atnauthor", ""))
            by = f"Comment by {who}" if who else "Comment"
            self._notes.append((f"{by}: {text}", "", who))
        elif sink.kind == "margin":
            self._margins.append(text)
        elif sink.kind == "creatim":
            self._said["creatim"] = _moment(sink.numbers)
        elif sink.kind in ("title", "author", "atnauthor"):
            self._said[sink.kind] = text


def _moment(numbers: dict[str, int]) -> str:
    year, month, day, hour, minute = (
        numbers.get(key, 0) for key in ("yr", "mo", "dy", "hr", "min")
    )
    try:
        return datetime(year, month, day, hour, minute).isoformat()
    except (ValueError, OverflowError):
        return ""
