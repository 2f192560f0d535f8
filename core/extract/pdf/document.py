"""A PDF → paragraphs under its bookmarks, page by page, with remarks, form fields and attachments.

Called by `extract`. PDFium reads the text: ten times as fast as pypdf, it keeps a table's row on
one line, joins parted words, drops what lies outside the page, and opens more damaged files; if it
crashes, only this process does. pypdf reads remarks, and Arabic, whose ligatures PDFium turns
around. Blocks do not cross pages, so a citation names one page.
"""

from __future__ import annotations

import io
import logging
import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from cairn.core.errors import ExtractError
from cairn.core.extract.dates import find_date
from cairn.core.extract.pdf.extras import Bookmark, Remark, attached, bookmarks, pdf_date, remarks
from cairn.core.extract.pdf.layout import Sections, paragraphs, without_edges
from cairn.core.extract.pdf.ocr import Ocr
from cairn.core.extract.pdf.pages import is_arabic, is_scan, page_text
from cairn.core.extract.source import Source, check_length, clean, clip, join_notes, unify_newlines
from cairn.core.records import Block, Document, Place

if TYPE_CHECKING:
    from pypdf import PdfReader
    from pypdfium2 import PdfDocument

_MOST_PAGES = 2000
_OCR_SECONDS = 35.0
_PROGRAM = re.compile(
    r"^Microsoft (?:Word|PowerPoint|Excel) - |\.(?:docx?|pptx?|xlsx?|tex|dvi|indd)$"
)
_UNTITLED = frozenset(("", "untitled", "document", "title", "(anonymous)", "(unspecified)"))
_NOBODY = frozenset(("", "anonymous", "(anonymous)", "unknown", "user", "admin", "administrator"))


@dataclass(frozen=True, slots=True)
class Page:
    text: str
    remarks: tuple[Remark, ...] = ()
    state: str = ""
    """`damaged`, `scanned`, `ocr` (a scan that was read), or "" for a page with text or none."""


def read_pdf(source: Source) -> Document:
    pdf = _open(source)
    try:
        pages = _read_pages(pdf, source)
        note = _note(pages, len(pdf))
        _check_any(pages, note)
        parts, lost = attached(pdf, source)
        marks = bookmarks(pdf)
        facts = {key: clean(value).strip() for key, value in pdf.get_metadata_dict().items()}
    finally:
        pdf.close()
    texts = without_edges([page.text for page in pages])
    pages = [replace(page, text=text) for page, text in zip(pages, texts, strict=True)]
    document = _assemble(source, pages, marks)
    when = pdf_date(facts.get("CreationDate", "")) or pdf_date(facts.get("ModDate", ""))
    who = clip(facts.get("Author", ""))
    return replace(
        document,
        title=_title(facts.get("Title", "")) or source.stem,
        when=when or find_date(source.name),
        who="" if who.lower() in _NOBODY else who,
        note=join_notes(note, *lost),
        parts=tuple(parts),
    )


def _open(source: Source) -> PdfDocument:
    from pypdfium2 import PdfDocument, PdfiumError, raw

    try:
        return PdfDocument(source.data)
    except PdfiumError as error:
        if error.err_code == raw.FPDF_ERR_PASSWORD:
            raise ExtractError("encrypted", "it is protected by a password", skipped=True) from None
        if error.err_code == raw.FPDF_ERR_SECURITY:
            message = "it is encrypted in a way that can't be opened"
            raise ExtractError("encrypted", message, skipped=True) from None
        raise ExtractError("broken", "the PDF could not be read: it is damaged") from None


def _read_pages(pdf: PdfDocument, source: Source) -> list[Page]:
    """Each page; one that can't be read is empty, for the others may be whole."""
    ocr = Ocr(_OCR_SECONDS)
    second = _Second(source.data)
    pages: list[Page] = []
    size = 0
    for number in range(min(len(pdf), _MOST_PAGES)):
        try:
            pages.append(_read_page(pdf, number, ocr, second))
        except Exception:
            pages.append(Page("", state="damaged"))
        size += len(pages[-1].text)
        check_length(size, source.max_chars)
    return pages


def _read_page(pdf: PdfDocument, number: int, ocr: Ocr, second: _Second) -> Page:
    from pypdfium2 import raw

    page = pdf[number]
    try:
        text, state = page_text(page), ""
        if is_scan(page, text):
            seen = ocr.read(page)
            text, state = (text, "scanned") if seen is None else (seen or text, "ocr")
        elif is_arabic(text):
            text = second.text(number) or text
        found: tuple[Remark, ...] = ()
        if raw.FPDFPage_GetAnnotCount(page) and (reader := second.reader):
            found = tuple(remarks(reader, number))
        return Page(text, found, state)
    finally:
        page.close()


class _Second:
    """pypdf on the same file, opened when first needed."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._opened = False
        self._reader: PdfReader | None = None

    @property
    def reader(self) -> PdfReader | None:
        if not self._opened:
            self._opened = True
            logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # it would warn on stderr
            try:
                from pypdf import PdfReader

                reader = PdfReader(io.BytesIO(self._data), strict=False)
                if not reader.is_encrypted or reader.decrypt(""):
                    self._reader = reader
            except Exception:  # it raises whatever it likes on a damaged file
                self._reader = None
        return self._reader

    def text(self, number: int) -> str:
        try:
            reader = self.reader
            return (
                unify_newlines(clean(reader.pages[number].extract_text())).strip() if reader else ""
            )
        except Exception:
            return ""


def _note(pages: Sequence[Page], count: int) -> str:
    numbers: dict[str, list[int]] = {"damaged": [], "scanned": [], "ocr": []}
    for number, page in enumerate(pages, 1):
        if page.state:
            numbers[page.state].append(number)
    scanned, seen = numbers["scanned"], numbers["ocr"]
    missing = ""
    if scanned:
        pictures = "are scanned pictures" if len(scanned) > 1 else "is a scanned picture"
        missing = f"{_name(scanned)} {pictures} without text; "
        missing += (
            "there was no time to read them" if Ocr(0).is_installed
            else "install `tesseract` to read them"
        )  # fmt: skip
    return join_notes(
        f"only the first {_MOST_PAGES} of {count} pages were read" if count > len(pages) else "",
        f"{len(numbers['damaged'])} of {count} pages are damaged" if numbers["damaged"] else "",
        f"{_name(seen)} {'were' if len(seen) > 1 else 'was'} read by OCR" if seen else "",
        missing,
    )


def _name(numbers: Sequence[int]) -> str:
    """`pages 3–5 and 9`."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    shown = [str(a) if a == b else f"{a}–{b}" for a, b in runs[:20]]
    if len(runs) > 20:
        shown.append("more")
    names = " and ".join(filter(None, (", ".join(shown[:-1]), shown[-1])))
    return f"page{'s' if len(numbers) > 1 else ''} {names}"


def _check_any(pages: Sequence[Page], note: str) -> None:
    """Raises when there is nothing to keep, with the reason."""
    if any(page.text or page.remarks for page in pages):
        return
    states = {page.state for page in pages}
    if states == {"damaged"}:
        raise ExtractError("broken", "the PDF could not be read: every page is damaged")
    if "scanned" in states and not Ocr(0).is_installed:
        message = "its pages are scanned pictures without text; install `tesseract` to read them"
        raise ExtractError("needs-tool", message, skipped=True)
    if "scanned" in states or "ocr" in states:
        message = "its pages are pictures in which no text was found"
        raise ExtractError("no-text", message, skipped=True)
    raise ExtractError("no-text", "its pages hold no text", skipped=True)


def _assemble(source: Source, pages: Sequence[Page], marks: Sequence[Bookmark]) -> Document:
    parts: list[str] = []
    places: list[Place] = []
    blocks: list[Block] = []
    at = 0
    sections = Sections(marks)
    for number, page in enumerate(pages, 1):
        places.append(Place(at, "p", number))
        starts = sections.on_page(number - 1, page.text)
        for start, end in paragraphs(page.text, [offset for offset, _ in starts]):
            path = starts[bisect_right(starts, start, key=lambda entry: entry[0]) - 1][1]
            blocks.append(Block(at + start, at + end, path))
        parts.append(page.text)
        at += len(page.text)
        for remark in page.remarks:
            parts.append("\n\n" + remark.text)
            at += len(parts[-1])
            path = starts[-1][1]
            start = at - len(remark.text)
            blocks.append(Block(start, at, path, when=remark.when, who=remark.who))
        parts.append("\n\n")
        at += 2
    text = "".join(parts).rstrip()
    check_length(len(text), source.max_chars)
    kept = tuple(place for place in places if place.start <= len(text))
    return Document(source.uri, "pdf", source.stem, text, kept, tuple(blocks))


def _title(value: str) -> str:
    title = clip(_PROGRAM.sub("", value))
    return "" if title.lower() in _UNTITLED else title
