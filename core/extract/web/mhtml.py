"""A web page saved as one file (MHTML) → the text of its first HTML part, read as any web page.

Called by `extract`. The parts are those of a mail; pictures and styles are left. Blocks are counted
instead of lines, for the file's own lines are encoded.
"""

from __future__ import annotations

import email.utils

from cairn.core.errors import ExtractError
from cairn.core.extract.dates import find_date
from cairn.core.extract.mail.mime import Leaf, header, plain, read_mime
from cairn.core.extract.source import (
    Source,
    clean,
    clip,
    decode,
    decode_declared,
    limited,
    unify_newlines,
)
from cairn.core.extract.web.page import read_page
from cairn.core.records import Document, Place


def read_mhtml(source: Source) -> Document:
    mime = read_mime(source.data)
    leaf = next((leaf for leaf in mime.leaves if "html" in leaf.kind), None)
    if leaf is None:
        raise ExtractError("no-text", "it holds no web page", skipped=True)
    html, note = _html(source, leaf)
    page = read_page(html)
    places = tuple(Place(block.start, "n", n) for n, block in enumerate(page.blocks, 1))
    title = clip(page.title) or page.heading or clip(plain(header(mime.headers, "Subject")))
    return Document(
        uri=source.uri,
        kind="web",
        title=title or source.stem,
        text=page.text,
        places=(Place(0, "n", 1), *places[1:]),
        blocks=page.blocks,
        when=page.when or _saved(header(mime.headers, "Date")) or find_date(source.name),
        note=note,
    )


def _html(source: Source, leaf: Leaf) -> tuple[str, str]:
    data = leaf.payload()
    text = decode_declared(data, leaf.charset) if leaf.charset else None
    if text is None:
        return decode(Source(source.uri, source.name, data, source.max_chars * 2))
    return limited(unify_newlines(clean(text)), source.max_chars * 2), ""


def _saved(value: str) -> str:
    try:
        return email.utils.parsedate_to_datetime(value).isoformat() if value else ""
    except (ValueError, TypeError, IndexError, OverflowError):
        return ""
