"""A file's bytes → decoded text whose lines are still the lines of the file.

Every text family starts here: `decode` picks the encoding, `Lines` keeps line numbers exact. Lines
end at "\n" only, so the numbers agree with what an editor shows.
"""

from __future__ import annotations

import codecs
import os
import re
import unicodedata
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path

from cairn.core.errors import ExtractError
from cairn.core.extract.charset import guess_charset
from cairn.core.records import Block, Place

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# Pages and mails name their encoding. Only these are believed: Python also knows codecs that are
# not encodings (hex, zip) and some that take quadratic time (punycode, idna).
_DECLARABLE = re.compile(
    r"utf-?8|utf-?16([bl]e)?|iso-8859-\d{1,2}|windows-125\d|cp\d{3,4}|koi8-[rut]|euc-(jp|kr|tw)|"
    r"iso-2022-(jp|kr)|gb18030|big5(-hkscs)?|mac-(roman|cyrillic|greek|latin2)|tis-620"
)
_SAME_AS = {  # what the web treats as a wider encoding
    "us-ascii": "cp1252",
    "ascii": "cp1252",
    "iso-8859-1": "cp1252",
    "latin1": "cp1252",
    "latin-1": "cp1252",
    "shift_jis": "cp932",
    "shift-jis": "cp932",
    "sjis": "cp932",
    "x-sjis": "cp932",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "ks_c_5601-1987": "cp949",
    "unicode-1-1-utf-8": "utf-8",
    "macintosh": "mac-roman",
}
_CONTROL = re.compile(r"[\x00-\x07\x0e-\x1a\x1c-\x1f\x7f-\x9f]")
_LOG = re.compile(r"\.log(?:[.-]\d[\d.-]{0,30})?$")
_TITLE_CHARS = 120


@dataclass(frozen=True, slots=True)
class Source:
    """One file, read into memory."""

    uri: str
    name: str
    data: bytes
    max_chars: int
    path: Path | None = None
    """Where it lies, for a reader that needs a program of the system; None inside another file."""

    @property
    def stem(self) -> str:
        return clip(clean(os.path.splitext(self.name)[0])) or "untitled"

    @property
    def suffix(self) -> str:
        return os.path.splitext(self.name)[1].lower()


@dataclass(frozen=True, slots=True)
class Lines:
    """Text cut into its lines; `first` is the number of the first one in the source."""

    text: str
    rows: tuple[str, ...]
    starts: tuple[int, ...]
    first: int

    @classmethod
    def of(cls, text: str, first: int = 1) -> Lines:
        rows = tuple(text.split("\n"))
        starts = tuple(accumulate((len(row) + 1 for row in rows), initial=0))
        return cls(text, rows, starts, first)

    def block(
        self,
        first: int,
        last: int,
        heading: tuple[str, ...] = (),
        *,
        context: str = "",
        when: str = "",
    ) -> Block:
        """A block of the rows `first` up to, not with, `last`."""
        end = self.starts[last] - 1
        return Block(self.starts[first], end, heading, context=context, when=when)

    def places(self) -> tuple[Place, ...]:
        starts = self.starts[:-1]
        return tuple(Place(start, "L", n) for n, start in enumerate(starts, self.first))


def decode(source: Source) -> tuple[str, str]:
    """The text with "\n" line ends, and a note on a guessed encoding. Raises for binary content."""
    data = source.data
    text, note = _decode_marked(data) or _decode_unmarked(data)
    sample = text[:65536]
    if len(_CONTROL.findall(sample)) > max(2, len(sample) // 20):
        raise ExtractError("binary", "it is not text, or in an unknown encoding", skipped=True)
    return limited(unify_newlines(clean(text)), source.max_chars), note


def _decode_marked(data: bytes) -> tuple[str, str] | None:
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            text = data.decode(encoding, "replace").removeprefix("\ufeff")
            damaged = "\ufffd" in text and "\ufffd" not in data.decode(encoding, "ignore")
            return text, f"some characters are not valid {encoding[:6]}" if damaged else ""
    return None


def _decode_unmarked(data: bytes) -> tuple[str, str]:
    if b"\0" in data:
        return _decode_wide(data)
    try:
        return data.decode("utf-8"), ""
    except UnicodeDecodeError:
        pass
    # A few bad bytes among many good sequences: damaged UTF-8, for instance a torn last write.
    text = data.decode("utf-8", "replace")
    bad = text.count("\ufffd")
    good = len(re.findall(r"[^\x00-\x7f\ufffd]", text))
    if good >= 3 * bad:
        return text, f"not valid UTF-8 in {bad} places, shown as \ufffd"
    if guessed := guess_charset(data):
        return data.decode(guessed, "replace"), f"not valid UTF-8; read as {guessed}"
    for encoding in ("cp1252", "latin-1"):
        try:
            return data.decode(encoding), f"not valid UTF-8; read as {encoding}"
        except UnicodeDecodeError:
            continue
    raise AssertionError("latin-1 decodes everything")


def _decode_wide(data: bytes) -> tuple[str, str]:
    """UTF-16 without its mark: in most texts, every other byte is zero."""
    sample = data[:4096]
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    for encoding, zeros, others in (("utf-16-be", even, odd), ("utf-16-le", odd, even)):
        if len(data) > 9 and zeros * 5 > len(sample) and others * 20 < zeros:
            return data.decode(encoding, "replace"), f"read as {encoding}"
    raise ExtractError("binary", "it is not text, or in an unknown encoding", skipped=True)


def decode_declared(data: bytes, charset: str) -> str | None:
    """Text in an encoding that a page or mail names, or None when the name is not to be trusted."""
    name = charset.strip().strip("\"'").lower()
    name = _SAME_AS.get(name, name)
    if not _DECLARABLE.fullmatch(name):
        return None
    try:
        return data.decode(name, "replace")
    except (LookupError, ValueError):
        return None


def decode_bytes(data: bytes, charset: str = "") -> str:
    """Text in the encoding that is named, unless UTF-8 suits it better."""
    text = decode_declared(data, charset) if charset else None
    if text is not None and "\ufffd" not in text:
        return text
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return text if text is not None else data.decode("cp1252", "replace")


def limited(text: str, max_chars: int) -> str:
    """The text, unless there is too much of it."""
    check_length(len(text), max_chars)
    return text


def check_length(length: int, max_chars: int) -> None:
    if length > max_chars:
        message = f"its text has {length:,} characters or more; the limit is {max_chars:,}"
        raise ExtractError("too-large", message, skipped=True)


def unify_newlines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def clean(text: str) -> str:
    """Text that can be stored as UTF-8: surrogate pairs joined, lone ones and NUL replaced."""
    text = text.replace("\0", "\ufffd")
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text


def clip(text: str, limit: int = _TITLE_CHARS) -> str:
    """A title on one line, not longer than is useful in a list or beside a passage."""
    text = " ".join(text[: limit * 8].split())
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def is_log(name: str) -> bool:
    """Also the older parts that programs put aside: `app.log.1`, `app.log.2024-06-03`."""
    return _LOG.search(name.lower()) is not None


def is_visible(text: str) -> bool:
    """Whether a reader would see anything."""
    if re.search(r"\w", text):
        return True
    return any(ch != "\ufffd" and unicodedata.category(ch)[0] not in "CZ" for ch in set(text))


def join_notes(*notes: str) -> str:
    return "; ".join(note for note in notes if note)
