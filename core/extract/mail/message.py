"""A mail → its main headers, attachment names and readable body as one text, attachments as parts.

Called by `extract`; `mailbox.py` reads each of its mails with `read_letter`. A line of this text is
cited as the line of the file that shows it; for an encoded body that is the nearest line before it
that does.
"""

from __future__ import annotations

import email.utils
import mimetypes
import re
from bisect import bisect_right

from cairn.core.errors import ExtractError
from cairn.core.extract.dates import find_date
from cairn.core.extract.mail.attachments import Gathering
from cairn.core.extract.mail.letter import SHOWN, Attachment, Letter, best_body, letter_blocks
from cairn.core.extract.mail.mime import Leaf, Mime, header, read_mime
from cairn.core.extract.source import (
    Lines,
    Source,
    clean,
    clip,
    decode_bytes,
    join_notes,
    limited,
    unify_newlines,
)
from cairn.core.records import Document, Place

_TYPICAL = (*SHOWN, "Received", "Message-ID", "Return-Path", "MIME-Version", "Sender")
_BODY_TYPES = ("text/plain", "text/html")
_APPLE = re.compile(rb"\s{0,9}(\d{1,10})[ \t]*\r?\n")
# What serves the mail itself and says nothing to a person.
_SERVICE = re.compile(
    r"application/(?:x-)?(?:pgp-signature|pkcs7-signature|pgp-keys|pgp-encrypted|ms-tnef)|"
    r"message/(?!rfc822|global$).*|text/(?:x-amp-html|rfc822-headers)"
)
_ENCRYPTED = re.compile(r"application/(?:pgp-encrypted|(?:x-)?pkcs7-mime)")
_ICON_BYTES = 10_000


def read_mail(source: Source) -> Document:
    data = source.data
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        data = data.decode("utf-16", "replace").encode()
    data = data.removeprefix(b"\xef\xbb\xbf")
    skipped = 0
    if source.suffix == ".emlx" and (length := _APPLE.match(data)):
        data = data[length.end() : length.end() + int(length[1])]
        skipped = 1
    mime = read_mime(data)
    if not any(mime.headers.get(name) for name in _TYPICAL):
        raise ExtractError("broken", "it has none of the headers of a mail")
    letter = read_letter(mime)
    lines = Lines.of(limited(letter.text, source.max_chars))
    when = letter.when or find_date(source.name)
    parts = Gathering(source, len(lines.text))
    parts.take(letter, when)
    return Document(
        uri=source.uri,
        kind="mail",
        title=clip(letter.subject) or source.stem,
        text=lines.text,
        places=_places(lines, data, skipped),
        blocks=tuple(letter_blocks(lines, letter)),
        when=when,
        who=letter.who,
        origin="other",
        note=join_notes(letter.note, parts.note),
        parts=parts.documents,
    )


def read_letter(mime: Mime) -> Letter:
    body, note = _read_body(mime)
    headers = [(name, value) for name in SHOWN if (value := header(mime.headers, name))]
    if names := [leaf.name for leaf in mime.leaves if leaf.name]:
        headers.append(("Attachments", ", ".join(names)))
    if not mime.complete:
        note = join_notes(note, "it has too many parts; only the first were read")
    return Letter(
        headers=tuple(headers),
        body=body,
        who=sender_name(header(mime.headers, "From")),
        when=moment(header(mime.headers, "Date")),
        attachments=tuple(_attachments(mime)),
        note=note,
    )


def sender_name(raw: str) -> str:
    name, address = email.utils.parseaddr(raw)
    return clip(name or address or raw)


def moment(value: str) -> str:
    """The ISO moment that a Date header names, else the day, else ""."""
    try:
        return email.utils.parsedate_to_datetime(value).isoformat()
    except (ValueError, TypeError, IndexError, OverflowError):
        return find_date(value)


def _read_body(mime: Mime) -> tuple[str, str]:
    found: dict[str, list[str]] = {kind: [] for kind in _BODY_TYPES}
    notes: list[str] = []
    for leaf in mime.leaves:
        if _ENCRYPTED.fullmatch(leaf.kind):
            notes.append("its content is encrypted")
        if leaf.kind not in found or leaf.name:
            continue
        text = unify_newlines(clean(decode_bytes(leaf.payload(), leaf.charset))).strip("\n")
        if "\ufffd" in text:
            notes.append("some of its text could not be decoded")
        if text.strip():
            found[leaf.kind].append(text)
    body = best_body("\n\n".join(found["text/plain"]), found["text/html"])
    return body, join_notes(*dict.fromkeys(notes))


def _attachments(mime: Mime) -> list[Attachment]:
    leaves = [leaf for leaf in mime.leaves if leaf.name or leaf.kind not in _BODY_TYPES]
    return [
        Attachment(leaf.name or _default_name(leaf, number), leaf.kind, leaf.payload)
        for number, leaf in enumerate(leaves, start=1)
        if not _SERVICE.fullmatch(leaf.kind) and not _is_icon(leaf)
    ]


def _is_icon(leaf: Leaf) -> bool:
    """A small picture that the body shows: a logo in a signature, a line, a smiley."""
    return (
        leaf.kind.startswith("image/")
        and leaf.headers.get("Content-ID") is not None
        and len(leaf.raw) < _ICON_BYTES
    )


def _default_name(leaf: Leaf, number: int) -> str:
    if leaf.kind in ("message/rfc822", "message/global"):
        inner = header(read_mime(leaf.payload()[:100_000]).headers, "Subject")
        return (clip(inner) or f"mail {number}") + ".eml"
    if leaf.kind == "text/calendar":
        return f"invitation {number}.ics"
    return f"attachment {number}{mimetypes.guess_extension(leaf.kind) or ''}"


def _places(lines: Lines, data: bytes, skipped: int) -> tuple[Place, ...]:
    """Each line of the text with the file's line that holds it, in rising order."""
    where: dict[str, list[int]] = {}
    rows = unify_newlines(data.decode("utf-8", "replace")).split("\n")
    for number, row in enumerate(rows, start=1):
        where.setdefault(row.strip(), []).append(number)
        name, colon, _ = row.partition(":")
        if colon and name in SHOWN:
            where.setdefault(colon + name, []).append(number)
    body = next((number for number, row in enumerate(rows, start=1) if not row.strip()), 1)
    result, last = [], 0
    for place, row in zip(lines.places(), lines.rows, strict=True):
        name = row.partition(":")[0]
        in_head = place.number <= len(SHOWN) + 1 and name in SHOWN
        numbers = where.get(":" + name if in_head else row.strip(), []) if row.strip() else []
        if in_head:
            last = max(last, numbers[0] if numbers else 1)
        else:
            at = bisect_right(numbers, max(last, body))
            last = numbers[at] if at < len(numbers) else max(last, body)
        result.append(Place(place.start, "L", last + skipped))
    return tuple(result)
