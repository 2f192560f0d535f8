"""What a PDF holds beside its pages' text: bookmarks, remarks, form fields, attached files.

Called by `pdf.py`. All of it is extra: a part that is damaged is left out, and nothing raises but
what `extract` says about an attachment, which becomes a note.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cairn.core.errors import ExtractError
from cairn.core.extract.dates import find_date
from cairn.core.extract.source import Source, clean, clip
from cairn.core.records import Document
from cairn.core.uris import INSIDE, part_uri

if TYPE_CHECKING:
    from pypdf import PdfReader
    from pypdfium2 import PdfDocument

_MOST_BOOKMARKS = 5000
_MOST_REMARKS = 500  # on one page
_MOST_ATTACHED = 200
_MOST_NESTED = 3
_DATE = re.compile(
    r"(?:D:)?(\d{4})(\d\d)?(\d\d)?(\d\d)?(\d\d)?(\d\d)?(?:(Z)|([+-]\d\d)'?(\d\d)?)?.*", re.DOTALL
)
_SILENT = frozenset(("/Link", "/Popup", "/FileAttachment", "/Watermark", "/PrinterMark"))


@dataclass(frozen=True, slots=True)
class Bookmark:
    level: int
    title: str
    page: int
    """Counted from 0."""


@dataclass(frozen=True, slots=True)
class Remark:
    """A note, a typed-in text or a form field on a page."""

    text: str
    who: str = ""
    when: str = ""


def bookmarks(pdf: PdfDocument) -> list[Bookmark]:
    found: list[Bookmark] = []
    with suppress(Exception):
        for mark in pdf.get_toc(max_depth=8):
            if len(found) >= _MOST_BOOKMARKS:
                break
            target = mark.get_dest()
            page = target.get_index() if target else None
            title = clip(clean(mark.get_title()))
            if title and page is not None and page >= 0:
                found.append(Bookmark(mark.level + 1, title, page))
    return found


def pdf_date(value: str) -> str:
    """`D:20260302182000+01'00'` as ISO; a time that is not one leaves the day."""
    found = _DATE.fullmatch(value.strip())
    if not found or not found[3]:
        return find_date(value)
    year, month, day, hour, minute, second, utc, zone, rest = found.groups()
    date = find_date(f"{year}-{month}-{day}")
    if not date or not minute or int(hour) > 23 or int(minute) > 59 or int(second or 0) > 59:
        return date
    offset = "+00:00" if utc else f"{zone}:{rest or '00'}" if zone and int(zone) < 15 else ""
    return f"{date}T{hour}:{minute}:{second or '00'}{offset}"


def remarks(reader: PdfReader, number: int) -> Iterator[Remark]:
    """What people wrote on a page, in the order of the file."""
    try:
        annotations = list(reader.pages[number].get("/Annots") or [])[:_MOST_REMARKS]
    except Exception:  # whatever a damaged file makes pypdf raise
        return
    for annotation in annotations:
        with suppress(Exception):
            if remark := _remark(annotation.get_object()):
                yield remark


def _remark(annotation: Any) -> Remark | None:
    kind = annotation.get("/Subtype")
    if kind in _SILENT:
        return None
    if kind == "/Widget":
        return _field(annotation)
    words = _words(annotation.get("/Contents"))
    if not words:
        return None
    label = "" if kind == "/FreeText" else "Note: "
    when = pdf_date(_words(annotation.get("/M") or annotation.get("/CreationDate")))
    return Remark(label + words, clip(_words(annotation.get("/T"))), when)


def _field(annotation: Any) -> Remark | None:
    """A filled-in field of a form; its name and value may stand with its parent."""
    name, value, kind = "", None, None
    node, depth = annotation, 0
    while node is not None and depth < 8:
        name = name or _words(node.get("/TU")) or _words(node.get("/T"))
        value = node.get("/V") if value is None else value
        kind = node.get("/FT") if kind is None else kind
        parent = node.get("/Parent")
        node, depth = (parent.get_object() if parent else None), depth + 1
    if kind == "/Sig" or value is None:
        return None
    if kind == "/Btn":
        shown = _words(annotation.get("/AS")).lstrip("/")
        return Remark(f"{name}: {shown}") if name and shown not in ("", "Off") else None
    values = value if isinstance(value, list) else [value]
    shown = ", ".join(filter(None, map(_words, values)))
    return Remark(f"{name}: {shown}" if name else shown) if shown else None


def _words(value: Any) -> str:
    if value is None:
        return ""
    value = value.get_object() if hasattr(value, "get_object") else value
    return clean(" ".join(str(value)[:20_000].split()))


def attached(pdf: PdfDocument, source: Source) -> tuple[list[Document], list[str]]:
    """The files attached to it as documents, and what to say of those that were not read."""
    from cairn.core.extract import read_source

    parts: dict[str, Document] = {}
    notes: list[str] = []
    try:
        count = pdf.count_attachments()
    except Exception:
        return [], []
    if count > _MOST_ATTACHED:
        notes.append(f"only the first {_MOST_ATTACHED} of {count} attachments were read")
    for number in range(min(count, _MOST_ATTACHED)):
        name = f"attachment {number + 1}"
        try:
            file = pdf.get_attachment(number)
            name = clip(clean(file.get_name())) or name
            data = bytes(file.get_data())
            if source.uri.count(INSIDE) >= _MOST_NESTED:
                raise ExtractError("nested", "it is nested too deeply")
            uri = part_uri(source.uri, name)
            if uri in parts:
                uri = part_uri(source.uri, f"{number + 1} {name}")
            parts[uri] = read_source(Source(uri, name, data, source.max_chars))
        except ExtractError as error:
            notes.append(f"the attachment {name} was not read: {error.message}")
        except Exception:
            notes.append(f"the attachment {name} was not read: it is damaged")
    return list(parts.values()), notes
