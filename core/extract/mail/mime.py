"""The bytes of one mail → its headers and the leaves of its MIME tree, decoded on demand.

Called by `mail.py` and `mailbox.py`. Each level is one search for its boundary, and depth and
number of parts are limited, so time is linear in the mail whatever it claims to hold. Headers are
read with the lenient classic policy: the modern one raises on malformed addresses.
"""

from __future__ import annotations

import binascii
import email.errors
import email.header
import email.policy
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message
from email.parser import BytesHeaderParser

from cairn.core.extract.source import clean, clip, decode_bytes

_HEADER_CHARS = 2000
_MOST_HEAD_BYTES = 2_000_000
_MOST_DEPTH = 10
_MOST_PARTS = 500
_HEADER_ROW = re.compile(rb"(?:[!-9;-~]+:|[ \t])[^\r\n]*(?:\r\n|\n|\r|\Z)")
_ENVELOPE = re.compile(rb"(?:>?From [^\r\n]*(?:\r\n|\n|\r))+")
_BLANK_ROW = re.compile(rb"\r\n|\n|\r")
_NOT_BASE64 = re.compile(rb"[^A-Za-z0-9+/]")
_UU_BEGIN = re.compile(rb"(?m)^begin [0-7]{3,4} [^\r\n]*\r?\n")


@dataclass(frozen=True, slots=True)
class Leaf:
    """A part of a mail without parts of its own; a mail inside the mail is one too."""

    kind: str
    name: str
    """Its file name, "" for none."""
    headers: Message
    raw: memoryview

    def payload(self) -> bytes:
        return _decode_transfer(bytes(self.raw), header(self.headers, "Content-Transfer-Encoding"))

    @property
    def charset(self) -> str:
        return "" if _is_oversized(self.headers) else _parameter(self.headers, "charset")


@dataclass(frozen=True, slots=True)
class Mime:
    headers: Message
    leaves: tuple[Leaf, ...]
    complete: bool
    """Whether every part was followed."""


def read_mime(data: bytes | memoryview) -> Mime:
    """Only the headers are copied; a leaf's bytes stay a view of `data`."""
    headers, body = _read_head(memoryview(data))
    leaves: list[Leaf] = []
    complete = True
    for leaf in _leaves(headers, body, 0):
        if leaf is None or len(leaves) == _MOST_PARTS:
            complete = False
            break
        leaves.append(leaf)
    return Mime(headers, tuple(leaves), complete)


def _read_head(view: memoryview) -> tuple[Message, memoryview]:
    """The headers, and what follows them: a blank line ends them, or one that is no header."""
    envelope = _ENVELOPE.match(view)
    start = end = envelope.end() if envelope else 0
    while end < _MOST_HEAD_BYTES and (row := _HEADER_ROW.match(view, end)):
        end = row.end()
    blank = _BLANK_ROW.match(view, end)
    head = BytesHeaderParser(policy=email.policy.compat32).parsebytes(bytes(view[start:end]))
    return head, view[blank.end() if blank else end :]


def _leaves(message: Message, body: memoryview, depth: int) -> Iterator[Leaf | None]:
    """The leaves from first to last; None where the nesting is too deep to follow."""
    kind = message.get_content_type()
    name = attachment_name(message)
    bounds = _parts(message, body) if kind.startswith("multipart/") else []
    if not bounds:
        kind = "text/plain" if kind.startswith("multipart/") else kind
        yield Leaf(kind, name, message, body)
    elif depth == _MOST_DEPTH:
        yield None
    else:
        for start, end in bounds:
            part, content = _read_head(body[start:end])
            if kind == "multipart/digest":
                part.set_default_type("message/rfc822")
            yield from _leaves(part, content, depth + 1)


def _parts(message: Message, body: memoryview) -> list[tuple[int, int]]:
    """Where each part of a multipart body begins and ends."""
    boundary = "" if _is_oversized(message) else _parameter(message, "boundary")
    if not boundary.strip() or len(boundary) > 200:
        return []
    mark = re.escape(boundary.rstrip().encode("utf-8", "surrogateescape"))
    line = re.compile(rb"(?:\A|\r?\n)--" + mark + rb"(--)?[ \t]*(?=\r?\n|\Z)")
    bounds: list[tuple[int, int]] = []
    start: int | None = None
    for found in line.finditer(body):
        if start is not None:
            bounds.append((start, max(start, found.start())))
        start = None if found[1] else min(found.end() + _newline(body, found.end()), len(body))
        # What comes after a closing line may still be parts: some mails use one boundary twice.
        if len(bounds) > _MOST_PARTS:
            return bounds
    if start is not None:  # torn off before its closing line
        bounds.append((start, len(body)))
    return bounds


def _newline(body: memoryview, at: int) -> int:
    return 2 if bytes(body[at : at + 1]) == b"\r" else 1


def header(message: Message, name: str) -> str:
    for key, value in message.raw_items():
        if key.lower() == name.lower():
            return plain(str(value))
    return ""


def plain(raw: str) -> str:
    """One header value with its encoded words and stray bytes decoded, on one line."""
    raw = raw[:_HEADER_CHARS]
    if any("\udc80" <= ch <= "\udcff" for ch in raw):
        raw = decode_bytes(raw.encode("utf-8", "surrogateescape"))
    try:
        parts = email.header.decode_header(raw)
    except (email.errors.HeaderParseError, ValueError):
        parts = [(raw, None)]
    text = "".join(
        part if isinstance(part, str) else _decode_word(part, charset) for part, charset in parts
    )
    return clean(" ".join(text.split()))


def _decode_word(data: bytes, charset: str | None) -> str:
    if charset is not None:
        return decode_bytes(data, charset)
    try:  # what `decode_header` makes of the text between encoded words
        return data.decode("raw-unicode-escape")
    except UnicodeDecodeError:
        return data.decode("latin-1")


def attachment_name(part: Message) -> str:
    if _is_oversized(part):
        return ""
    try:
        name = part.get_filename()
        return clip(plain(str(name))) if name else ""
    except Exception:  # a file name in an encoding that doesn't exist
        return "(unnamed)"


def _parameter(message: Message, name: str) -> str:
    try:
        found = message.get_content_charset() if name == "charset" else message.get_boundary()
        return str(found or "")
    except Exception:  # a parameter in a charset that doesn't exist
        return ""


def _is_oversized(part: Message) -> bool:
    """Whether headers about the content are too long to be honest; parsing takes quadratic time."""
    about = ("content-type", "content-disposition")
    return any(
        key.lower() in about and len(str(value)) > _HEADER_CHARS * 5
        for key, value in part.raw_items()
    )


def _decode_transfer(raw: bytes, encoding: str) -> bytes:
    encoding = encoding.lower()
    if encoding == "quoted-printable":
        return binascii.a2b_qp(raw)
    if encoding == "base64":
        return _decode_base64(raw)
    if "uuencode" in encoding or encoding in ("x-uue", "uue"):
        return _decode_uu(raw)
    return raw


def _decode_base64(raw: bytes) -> bytes:
    """As much as can be decoded: mail is cut off, and footers are added below."""
    try:
        return binascii.a2b_base64(raw)
    except binascii.Error:
        letters = _NOT_BASE64.sub(b"", raw.partition(b"=")[0])
        letters = letters[: len(letters) - (len(letters) % 4 == 1)]
        return binascii.a2b_base64(letters + b"=" * (-len(letters) % 4))


def _decode_uu(raw: bytes) -> bytes:
    begin = _UU_BEGIN.search(raw)
    if not begin:
        return raw
    pieces: list[bytes] = []
    for row in raw[begin.end() :].splitlines():
        if row.strip() in (b"end", b"`"):
            break
        try:
            pieces.append(binascii.a2b_uu(row))
        except binascii.Error:  # some writers pad too much: what the length byte asks for counts
            size = ((row[0] - 32 & 63) * 4 + 5) // 3 if row else 0
            try:
                pieces.append(binascii.a2b_uu(row[:size]))
            except binascii.Error:
                continue
    return b"".join(pieces)
