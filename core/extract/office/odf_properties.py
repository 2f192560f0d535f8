"""An OpenDocument file's meta data → title, author and date.

Shared by the readers of text documents, presentations and workbooks.
"""

from __future__ import annotations

from xml.etree.ElementTree import Element

from cairn.core.errors import ExtractError
from cairn.core.extract.dates import find_time
from cairn.core.extract.package import Package, locked, title_of
from cairn.core.extract.pieces import Properties
from cairn.core.extract.source import clean, clip
from cairn.core.extract.xmltree import child, text_of


def odf_properties(package: Package) -> Properties:
    return meta_properties(package.extra("meta.xml"))


def meta_properties(root: Element | None) -> Properties:
    meta = child(root, "office:meta")
    who = text_of(child(meta, "meta:initial-creator")) or text_of(child(meta, "dc:creator"))
    dates = ("meta:creation-date", "dc:date")
    when = next(filter(None, (find_time(text_of(child(meta, tag))) for tag in dates)), "")
    return Properties(title_of(text_of(child(meta, "dc:title"))), clip(clean(who)), when)


def check_unlocked(package: Package) -> None:
    """Raises when the manifest says that the content is encrypted."""
    try:
        manifest = package.read("META-INF/manifest.xml")
    except ExtractError:
        return
    if b"encryption-data" in manifest:
        raise locked()
