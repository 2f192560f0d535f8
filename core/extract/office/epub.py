"""An e-book (.epub) → its chapters in reading order, each read as the web page that it is.

Called by `extract`. A chapter without a heading of its own takes the name that the table of
contents gives it.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element

from cairn.core.errors import ExtractError
from cairn.core.extract.dates import find_time
from cairn.core.extract.office.disguise import package_of
from cairn.core.extract.package import Package, resolve, title_of
from cairn.core.extract.pieces import Pieces, Properties
from cairn.core.extract.source import Source, clean, clip, join_notes
from cairn.core.extract.web.page import read_web
from cairn.core.extract.xmltree import child, children, text_of
from cairn.core.records import Document

_MOST_CHAPTERS = 10_000
_PAGES = ("application/xhtml+xml", "text/html", "text/x-oeb1-document", "")
# In XHTML these can be closed where they open; read as HTML they would swallow what follows.
_EMPTY = re.compile(rb"<(?:title|script|style|textarea|iframe|noscript)\b[^<>]{0,1000}/>")
_FONT_LOCKS = ("http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC")


def read_epub(source: Source) -> Document:
    opened = package_of(source, "epub")
    if isinstance(opened, Document):
        return opened
    _check_unlocked(opened)
    name = _package_name(opened)
    root = opened.tree(name)
    if root is None:
        raise ExtractError("broken", "it is damaged: its list of chapters is missing")
    pieces = Pieces("n", source.max_chars)
    names = dict(_contents(opened, name, root))
    failed = 0
    for chapter in _spine(name, root):
        try:
            _write(pieces, source, opened, chapter, names)
        except ExtractError as error:
            if error.code == "too-large":
                raise
            failed += 1
    note = join_notes(f"{failed} of its chapters are damaged" if failed else "")
    return pieces.document(source, "book", _properties(root), note=note)


def _write(
    pieces: Pieces, source: Source, package: Package, chapter: str, names: dict[str, str]
) -> None:
    data = _EMPTY.sub(b"", package.read(chapter))
    if not data.strip():
        return
    page = read_web(Source(source.uri, posixpath.basename(chapter), data, source.max_chars))
    name = clip(names.get(chapter, ""))
    if page.blocks:
        pieces.passage(page.text, page.blocks, (name,) if name else ())


def _check_unlocked(package: Package) -> None:
    """Books with copy protection list what is encrypted; fonts alone don't matter."""
    root = package.extra("META-INF/encryption.xml")
    for node in root.iter() if root is not None else ():
        method = node.get("Algorithm", "")
        if node.tag == "EncryptionMethod" and method not in _FONT_LOCKS:
            raise ExtractError("encrypted", "it is protected against copying", skipped=True)


def _package_name(package: Package) -> str:
    root = package.extra("META-INF/container.xml")
    for node in root.iter("rootfile") if root is not None else ():
        if (name := resolve("", node.get("full-path", ""))) in package:
            return name
    return next((name for name in package.names() if name.lower().endswith(".opf")), "")


def _spine(name: str, root: Element) -> Iterator[str]:
    folder = posixpath.dirname(name)
    items = {
        node.get("id", ""): resolve(folder, node.get("href", ""))
        for node in children(root, "manifest", "item")
        if node.get("media-type", "") in _PAGES and "nav" not in node.get("properties", "").split()
    }
    seen = set()
    for node in list(children(root, "spine", "itemref"))[:_MOST_CHAPTERS]:
        chapter = items.get(node.get("idref", ""), "")
        if chapter and chapter not in seen:
            seen.add(chapter)
            yield chapter


def _contents(package: Package, name: str, root: Element) -> Iterator[tuple[str, str]]:
    """Chapters with their names in the table of contents, old kind and new; the last one wins."""
    folder = posixpath.dirname(name)
    for node in children(root, "manifest", "item"):
        target = resolve(folder, node.get("href", ""))
        is_new = "nav" in node.get("properties", "").split()
        if not is_new and node.get("media-type") != "application/x-dtbncx+xml":
            continue
        tree = package.extra(target)
        found = [] if tree is None else list(_links(tree))
        for address, words in reversed(found):
            yield resolve(posixpath.dirname(target), address), words


def _links(tree: Element) -> Iterator[tuple[str, str]]:
    for node in tree.iter():
        if node.tag == "navPoint":
            content = child(node, "content")
            if content is not None:
                yield content.get("src", ""), text_of(child(node, "navLabel", "text"))
        elif node.tag == "a":
            yield node.get("href", ""), text_of(node)


def _properties(root: Element) -> Properties:
    metadata = child(root, "metadata")
    inner = child(metadata, "dc-metadata")  # in the oldest books
    metadata = metadata if inner is None else inner
    titles = [text_of(node) for node in children(metadata, "dc:title")]
    who = ", ".join(text_of(node).strip() for node in children(metadata, "dc:creator"))
    dates = (find_time(text_of(node)) for node in children(metadata, "dc:date"))
    title = title_of(titles[0]) if titles else ""
    return Properties(title, clip(clean(who)), next(filter(None, dates), ""))
