"""A ZIP container's members, within limits: what docx, pptx, xlsx, odt, epub and xps files are.

Every reader of such a file opens it here. What a member or all of them may unpack to is bounded, so
a bomb ends as an error; a file that is something else behind its name goes to the right reader.
"""

from __future__ import annotations

import io
import posixpath
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import unquote
from xml.etree.ElementTree import Element

from cairn.core.errors import ExtractError
from cairn.core.extract.dates import find_time
from cairn.core.extract.pieces import Properties
from cairn.core.extract.sniff import OLE
from cairn.core.extract.source import Source, clean, clip
from cairn.core.extract.xmltree import child, children, read_tree, text_of

_MOST_MEMBERS = 20_000
_MEMBER_BYTES = 128 << 20
_TOTAL_BYTES = 512 << 20
_UNTITLED = frozenset(("word document", "powerpoint presentation", "excel workbook", "untitled"))


@dataclass(frozen=True, slots=True)
class Link:
    """A relation of one part of a package to another."""

    kind: str
    """The last word of the relation's type, such as `slide`."""
    target: str
    """The name of the other member; "" for an address outside."""


def is_locked(data: bytes) -> bool:
    """Whether this is the OLE container that Office puts around an encrypted document."""
    return data.startswith(OLE) and "EncryptedPackage".encode("utf-16-le") in data


def locked() -> ExtractError:
    return ExtractError("encrypted", "it is protected by a password", skipped=True)


class Package:
    """Members by name, ignoring case. Reading past the limits raises ExtractError."""

    def __init__(self, source: Source) -> None:
        self._left = _TOTAL_BYTES
        self.damaged = False
        """Whether some XML ended early."""
        if is_locked(source.data):
            raise locked()
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(source.data))
            infos = self._zip.infolist()
        except (zipfile.BadZipFile, ValueError, OverflowError, NotImplementedError):
            raise ExtractError("broken", "it is damaged: its container can't be opened") from None
        if len(infos) > _MOST_MEMBERS:
            raise ExtractError("too-large", "it has too many parts to be read", skipped=True)
        self._members = {_key(info.filename): info for info in infos}

    def __contains__(self, name: str) -> bool:
        return _key(name) in self._members

    def names(self) -> list[str]:
        return [info.filename for info in self._members.values()]

    def read(self, name: str) -> bytes:
        """One member's bytes; b"" when there is none of that name."""
        info = self._members.get(_key(name))
        if info is None:
            return b""
        if info.flag_bits & 1:
            raise locked()
        limit = min(_MEMBER_BYTES, self._left)
        try:
            with self._zip.open(info) as file:
                data = file.read(limit + 1)
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, ValueError):
            raise ExtractError("broken", "it is damaged: a part of it can't be unpacked") from None
        if len(data) > limit:
            raise ExtractError("too-large", "it unpacks to more than can be read", skipped=True)
        self._left -= len(data)
        return data

    def tree(self, name: str) -> Element | None:
        """One member's XML, None when there is none of that name."""
        if name not in self:
            return None
        tree = read_tree(self.read(name))
        self.damaged = self.damaged or tree.damaged
        return tree.root

    def needed(self, name: str) -> Element:
        """XML that there is no document without."""
        if (root := self.tree(name)) is None:
            raise ExtractError("broken", "it is damaged, or not what its name says")
        return root

    def extra(self, name: str) -> Element | None:
        """XML that the text can do without, so that damage in it costs nothing else."""
        try:
            return self.tree(name) if name else None
        except ExtractError:
            self.damaged = True
            return None

    def links(self, name: str) -> dict[str, Link]:
        """The relations of a member by their ids."""
        folder, _, file = name.rpartition("/")
        root = self.extra(posixpath.join(folder, "_rels", f"{file}.rels"))
        return {node.get("Id", ""): _link(folder, node) for node in children(root, "Relationship")}

    def linked(self, name: str, kind: str) -> Iterator[str]:
        """The members that a member relates to in one way."""
        for link in self.links(name).values():
            if link.kind == kind and link.target in self:
                yield link.target

    def main(self, otherwise: str) -> str:
        """The part that an Office document begins with."""
        return next(self.linked("", "officeDocument"), otherwise)

    def properties(self) -> Properties:
        """The core properties of an Office document."""
        name = next(self.linked("", "core-properties"), "docProps/core.xml")
        root = self.extra(name)
        who = text_of(child(root, "dc:creator"))
        dates = ("dcterms:created", "dcterms:modified")
        when = next(filter(None, (find_time(text_of(child(root, tag))) for tag in dates)), "")
        if who == "python-docx" and when.startswith("2013-12-23"):
            who = when = ""  # the template's, not the document's
        return Properties(title_of(text_of(child(root, "dc:title"))), clip(clean(who)), when)


def title_of(text: str) -> str:
    """A title from metadata, unless it is only the program's default."""
    title = clip(clean(text))
    says = any(ch.isalnum() for ch in title) and title.lower() not in _UNTITLED
    return title if says else ""


def _key(name: str) -> str:
    return posixpath.normpath(name.replace("\\", "/").lstrip("/")).lower()


def _link(folder: str, node: Element) -> Link:
    kind = node.get("Type", "").rpartition("/")[2]
    if node.get("TargetMode") == "External":
        return Link(kind, "")
    return Link(kind, resolve(folder, node.get("Target", "")))


def resolve(folder: str, target: str) -> str:
    """A relative address within the package, as a member's name."""
    target = unquote(target.partition("#")[0])
    return posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
