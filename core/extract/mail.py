"""A mail → its main headers, attachment names and readable body as one text.

Called by `extract`. A line of this text is cited as the line of the file that shows it; for an
encoded body that is the nearest line before it that does. Headers are read with the lenient
classic policy: the modern one raises on malformed addresses.
"""

from __future__ import annotations

import email
import email.errors
import email.header
import email.policy
import email.utils
import re
from bisect import bisect_right
from collections.abc import Iterator
from email.message import Message

from cairn.core.errors import ExtractError
from cairn.core.extract.dates import find_date
from cairn.core.extract.source import (
    Lines,
    Source,
    clean,
    clip,
    decode_declared,
    unify_newlines,
)
from cairn.core.extract.text import groups
from cairn.core.extract.web import read_page
from cairn.core.records import Block, Document, Place

_SHOWN = ("Subject", "From", "To", "Cc", "Date")
_TYPICAL = (*_SHOWN, "Received", "Message-ID", "Return-Path", "MIME-Version", "Sender")
_HEADER_CHARS = 2000
_WROTE = re.compile(
    r"On\s.{5,120}?[,\s]\s?(?:[AP]M,?\s)?([^,<>:\d]{2,60}?)\s*(?:<[^>]*>\s*)?wrote:|"
    r"Am\s.{5,120}?\sschrieb\s([^,<>:\d]{2,60}?)\s*(?:<[^>]*>\s*)?:"
)
_BODY_TYPES = ("text/plain", "text/html")


def read_mail(source: Source) -> Document:
    data = source.data
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        data = data.decode("utf-16", "replace").encode()
    message = email.message_from_bytes(
        data.removeprefix(b"\xef\xbb\xbf"), policy=email.policy.compat32
    )
    if not any(message.get(name) for name in _TYPICAL):
        raise ExtractError("broken", "it has none of the headers of a mail")
    body, note = _read_body(message)
    head = "\n".join(_render_headers(message))
    lines = Lines.of(f"{head}\n\n{body}".rstrip() if body else head)
    who = _sender(message)
    return Document(
        uri=source.uri,
        kind="mail",
        title=clip(_header(message, "Subject")) or source.stem,
        text=lines.text,
        places=_places(lines, data),
        blocks=tuple(_blocks(lines, who)),
        when=_sent(message) or find_date(source.name),
        who=who,
        origin="other",
        note=note,
    )


def _places(lines: Lines, data: bytes) -> tuple[Place, ...]:
    """Each line of the text with the file's line that holds it, in rising order."""
    where: dict[str, list[int]] = {}
    rows = unify_newlines(data.decode("utf-8", "replace")).split("\n")
    for number, row in enumerate(rows, start=1):
        where.setdefault(row.strip(), []).append(number)
        name, colon, _ = row.partition(":")
        if colon and name in _SHOWN:
            where.setdefault(colon + name, []).append(number)
    body = next((number for number, row in enumerate(rows, start=1) if not row.strip()), 1)
    result, last = [], 0
    for place, row in zip(lines.places(), lines.rows, strict=True):
        name = row.partition(":")[0]
        in_head = place.number <= len(_SHOWN) + 1 and name in _SHOWN
        numbers = where.get(":" + name if in_head else row.strip(), []) if row.strip() else []
        if in_head:
            last = max(last, numbers[0] if numbers else 1)
        else:
            at = bisect_right(numbers, max(last, body))
            last = numbers[at] if at < len(numbers) else max(last, body)
        result.append(Place(place.start, "L", last))
    return tuple(result)


def _header(message: Message, name: str) -> str:
    for key, value in message.raw_items():
        if key.lower() == name.lower():
            return _plain(str(value))
    return ""


def _plain(raw: str) -> str:
    """One header value with its encoded words and stray bytes decoded, on one line."""
    raw = raw[:_HEADER_CHARS]
    if any("\udc80" <= ch <= "\udcff" for ch in raw):
        raw = _decode_bytes(raw.encode("utf-8", "surrogateescape"), "")
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
        return _decode_bytes(data, charset)
    try:  # what `decode_header` makes of the text between encoded words
        return data.decode("raw-unicode-escape")
    except UnicodeDecodeError:
        return data.decode("latin-1")


def _decode_bytes(data: bytes, charset: str) -> str:
    text = decode_declared(data, charset) if charset else None
    if text is not None and "\ufffd" not in text:
        return text
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return text if text is not None else data.decode("cp1252", "replace")


def _render_headers(message: Message) -> Iterator[str]:
    for name in _SHOWN:
        if value := _header(message, name):
            yield f"{name}: {value}"
    names = [name for part in message.walk() if (name := _attachment_name(part))]
    if names:
        yield "Attachments: " + ", ".join(names)


def _attachment_name(part: Message) -> str:
    if _is_oversized(part):
        return ""
    try:
        name = part.get_filename()
        return clip(_plain(str(name))) if name else ""
    except Exception:  # a file name in an encoding that doesn't exist
        return "(unnamed)"


def _is_oversized(part: Message) -> bool:
    """Whether headers about the content are too long to be honest; parsing takes quadratic time."""
    about = ("content-type", "content-disposition")
    return any(
        key.lower() in about and len(str(value)) > _HEADER_CHARS * 5
        for key, value in part.raw_items()
    )


def _sender(message: Message) -> str:
    raw = _header(message, "From")
    name, address = email.utils.parseaddr(raw)
    return clip(name or address or raw)


def _sent(message: Message) -> str:
    value = _header(message, "Date")
    try:
        return email.utils.parsedate_to_datetime(value).isoformat()
    except (ValueError, TypeError, IndexError, OverflowError):
        return find_date(value)


def _read_body(message: Message) -> tuple[str, str]:
    """The readable parts: plain text where there is any, else the text of the HTML."""
    found: dict[str, list[str]] = {kind: [] for kind in _BODY_TYPES}
    note = ""
    for part in message.walk():
        kind = part.get_content_type()
        if part.is_multipart() or kind not in found or _attachment_name(part):
            continue
        text, damaged = _read_part(part)
        note = "some of its text could not be decoded" if damaged else note
        if text.strip():
            found[kind].append(text)
    if found["text/plain"]:
        return "\n\n".join(found["text/plain"]), note
    pages = [read_page(html).text for html in found["text/html"]]
    return "\n\n".join(page for page in pages if page), note


def _read_part(part: Message) -> tuple[str, bool]:
    try:
        payload = part.get_payload(decode=True)
    except Exception:  # a transfer encoding that lies
        payload = None
    if not isinstance(payload, bytes):
        return "", True
    try:
        charset = "" if _is_oversized(part) else str(part.get_content_charset() or "")
    except Exception:  # a charset parameter in a charset that doesn't exist
        charset = ""
    text = unify_newlines(clean(_decode_bytes(payload, charset)))
    return text.strip("\n"), "\ufffd" in text


def _blocks(lines: Lines, who: str) -> Iterator[Block]:
    """Paragraphs; quoted lines are somebody else's words, so they don't carry the sender's name."""
    quoted_who = f"quoted by {who}" if who else ""
    for first, last in groups(lines.rows, 0, len(lines.rows)):
        for start, end, quoted in _by_quoting(lines.rows, first, last):
            if not quoted and (found := _WROTE.match(" ".join(lines.rows[start:end])[:300])):
                quoted_who = (found[1] or found[2]).strip(" \"'")
            block = lines.block(start, end)
            yield Block(block.start, block.end, who=quoted_who if quoted else who)


def _by_quoting(rows: tuple[str, ...], first: int, last: int) -> Iterator[tuple[int, int, bool]]:
    start = first
    for at in range(first + 1, last + 1):
        quoted = rows[start].startswith(">")
        if at == last or rows[at].startswith(">") != quoted:
            yield start, at, quoted
            start = at
