"""A PDF's text layer → paragraphs, page by page.

Called by `extract`. pypdf reads it: pure Python (BSD-3), so a damaged file ends in an exception
where a native PDF library could take the process down, and there is no binary to ship. Blocks do
not cross pages, so a citation names one page.
"""

from __future__ import annotations

import io
import logging
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from cairn.core.errors import ExtractError
from cairn.core.extract.dates import find_date
from cairn.core.extract.source import Source, check_length, clean, clip, join_notes, unify_newlines
from cairn.core.records import Block, Document, Place

if TYPE_CHECKING:
    from pypdf import PdfReader

_MOST_PAGES = 2000
_BLOCK_CHARS = 600
_BLANK = re.compile(r"\n[^\S\n]*\n\s*")
_PROGRAM = re.compile(
    r"^Microsoft (?:Word|PowerPoint|Excel) - |\.(?:docx?|pptx?|xlsx?|tex|dvi|indd)$"
)
_UNTITLED = frozenset(("", "untitled", "document", "title", "(anonymous)", "(unspecified)"))


def read_pdf(source: Source) -> Document:
    reader = _open(source)
    pages, note = _read_pages(reader, source.max_chars)
    text = "\n\n".join(pages)
    places: list[Place] = []
    blocks: list[Block] = []
    at = 0
    for number, page in enumerate(pages, 1):
        places.append(Place(at, "p", number))
        blocks.extend(Block(at + start, at + end) for start, end in _paragraphs(page))
        at += len(page) + 2
    return Document(
        uri=source.uri,
        kind="pdf",
        title=_title(reader) or source.stem,
        text=text,
        places=tuple(places),
        blocks=tuple(blocks),
        when=find_date(source.name),
        note=note,
    )


def _open(source: Source) -> PdfReader:
    from pypdf import PdfReader
    from pypdf.errors import DependencyError, FileNotDecryptedError

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # it would warn on stderr
    try:
        reader = PdfReader(io.BytesIO(source.data), strict=False)
        if reader.is_encrypted and not reader.decrypt(""):
            raise ExtractError("encrypted", "it is encrypted; its password is needed to read it")
    except (DependencyError, FileNotDecryptedError, NotImplementedError):
        raise ExtractError("encrypted", "it is encrypted in a way that can't be opened") from None
    return reader


def _read_pages(reader: PdfReader, max_chars: int) -> tuple[list[str], str]:
    """Each page's text; a page that can't be read is empty and noted, unless none can."""
    count = len(reader.pages)
    pages: list[str] = []
    failed = size = 0
    for number in range(min(count, _MOST_PAGES)):
        try:
            page = unify_newlines(clean(reader.pages[number].extract_text()))
        except Exception:  # whatever the parser raises, the other pages may be whole
            page = ""
            failed += 1
        pages.append(page.strip())
        size += len(page)
        check_length(size, max_chars)
    if pages and failed == len(pages):
        raise ExtractError("broken", "the PDF could not be read: every page is damaged")
    bare = sum(not page for page in pages) - failed
    return pages, join_notes(
        f"only the first {_MOST_PAGES} of {count} pages were read" if count > _MOST_PAGES else "",
        f"{failed} of {count} pages are damaged" if failed else "",
        f"{bare} of {count} pages have no text, perhaps scanned" if bare else "",
    )


def _paragraphs(page: str) -> Iterator[tuple[int, int]]:
    """Parts between blank lines; a long one is cut after lines that end a sentence."""
    start = 0
    for gap in [*_BLANK.finditer(page), None]:
        end = gap.start() if gap else len(page)
        if page[start:end].strip():
            yield from _cut(page, start, end)
        start = gap.end() if gap else end


def _cut(page: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    while end - start > _BLOCK_CHARS:
        cut = _last_line_end(page, start, start + _BLOCK_CHARS)
        if cut <= start:  # one line fills the block by itself
            cut = page.find("\n", start + _BLOCK_CHARS, end)
        if cut < 0:
            break
        yield start, cut
        start = cut + 1
    if page[start:end].strip():
        yield start, end


def _last_line_end(page: str, start: int, limit: int) -> int:
    """The last line end before `limit` that ends a sentence, else the last one at all."""
    anywhere = page.rfind("\n", start, limit)
    at = anywhere
    while at > start + _BLOCK_CHARS // 3:
        if page[at - 1] in ".!?:;。！？":
            return at
        at = page.rfind("\n", start, at)
    return anywhere


def _title(reader: PdfReader) -> str:
    try:
        title = str((reader.metadata and reader.metadata.title) or "")
    except Exception:  # metadata is as damaged as the rest can be
        return ""
    title = clip(_PROGRAM.sub("", clean(title).strip()))
    return "" if title.lower() in _UNTITLED else title
