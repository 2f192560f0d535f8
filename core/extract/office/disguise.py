"""A document's container, opened, or the text of what the file turns out to be behind its name.

Called by the readers of office documents: a `.doc` is often RTF, a web page or a newer document.
"""

from __future__ import annotations

from cairn.core.errors import ExtractError
from cairn.core.extract.families import family_of, for_suffix
from cairn.core.extract.package import Package, is_locked, locked
from cairn.core.extract.sniff import ZIP, content_suffix
from cairn.core.extract.source import Source
from cairn.core.records import Document


def package_of(source: Source, own: str) -> Package | Document:
    """`own` is the suffix of what the caller reads."""
    if is_locked(source.data):
        raise locked()
    found = for_suffix(content_suffix(source.data))
    if not source.data.startswith(ZIP) or (found is not None and found is not for_suffix(own)):
        return read_disguised(source, own)
    return Package(source)


def read_disguised(source: Source, own: str) -> Document:
    """By content alone, and never again by the reader that found the name to be wrong."""
    family = family_of("", source.data)
    if family is None or family is for_suffix(own):
        raise ExtractError("broken", "it is damaged, or not what its name says")
    return family.read(source)
