"""An Outlook file's OLE storages → items with their MAPI properties by number.

Called by `outlook.py`. A property is a stream named for its number and type, or 8 bytes in the
storage's table. What is missing is empty, and how much of a hostile file is read is limited.
"""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from cairn.core.errors import ExtractError
from cairn.core.extract.source import clean, decode_bytes, unify_newlines

if TYPE_CHECKING:
    import olefile

OBJECT = "000d"
_UNICODE, _STRING8, _BINARY = "001f", "001e", "0102"
_CODEPAGE, _INTERNET_CODEPAGE = 0x3FFD, 0x3FDE
_CODEPAGES = {65001: "utf-8", 20127: "us-ascii", 28591: "iso-8859-1", 51932: "euc-jp"}
_PROPERTIES = "__properties_version1.0"
_HEADS = (32, 24, 8)  # what stands before the table: of the mail, a mail inside, anything else
_MOST_CHILDREN = 20_000  # finding one takes time for each
_MOST_BELOW = 500
_MOST_BYTES = 20_000_000
_EPOCH = datetime(1601, 1, 1, tzinfo=UTC)

Path = tuple[str, ...]


def open_item(data: bytes) -> Item:
    """The mail that a file holds."""
    import olefile

    try:
        ole = olefile.OleFileIO(io.BytesIO(data))
    except Exception:  # a damaged file gets it to raise many things
        raise ExtractError("broken", "it is not a file of Outlook's, or it is damaged") from None
    item = Item.at(ole, _children(ole), ())
    if not item.children:
        raise ExtractError("broken", "it has none of the properties of a mail")
    return item


@dataclass(frozen=True, slots=True)
class Item:
    """A storage with MAPI properties: the mail, a recipient, an attachment, a mail inside."""

    ole: olefile.OleFileIO[Any]
    tree: dict[Path, list[str]]
    path: Path
    children: frozenset[str]
    fixed: dict[int, bytes]
    """The values of fixed size: 8 bytes each."""
    charset: str

    @classmethod
    def at(
        cls, ole: olefile.OleFileIO[Any], tree: dict[Path, list[str]], path: Path, charset: str = ""
    ) -> Item:
        children = frozenset(tree.get(path, ()))
        fixed: dict[int, bytes] = {}
        if _PROPERTIES in children:
            data = _read_stream(ole, (*path, _PROPERTIES))
            inside = 1 if path and path[-1].startswith("__substg") else 2
            start = _HEADS[inside if path else 0]
            for at in range(start, len(data) - 15, 16):
                tag, value = struct.unpack_from("<I4x8s", data, at)
                fixed[tag >> 16] = value
        page = fixed.get(_CODEPAGE) or fixed.get(_INTERNET_CODEPAGE)
        charset = _charset(page) if page else charset
        return cls(ole, tree, path, children, fixed, charset)

    def inner(self, name: str) -> Item:
        return Item.at(self.ole, self.tree, (*self.path, name), self.charset)

    def below(self, prefix: str) -> Iterator[Item]:
        names = sorted(name for name in self.children if name.startswith(prefix))
        for name in names[:_MOST_BELOW]:
            yield self.inner(name)

    def binary(self, number: int, kind: str = _BINARY) -> bytes:
        name = stream_name(number, kind)
        if name not in self.children:
            return b""
        return _read_stream(self.ole, (*self.path, name))

    def text(self, number: int) -> str:
        if data := self.binary(number, _UNICODE):
            text = data.decode("utf-16-le", "replace")
        else:
            text = decode_bytes(self.binary(number, _STRING8), self.charset)
        return unify_newlines(clean(text.rstrip("\0"))).strip()

    def page(self, number: int) -> str:
        """Text kept as bytes in the encoding that a mail names for the internet."""
        if data := self.binary(number):
            page = self.fixed.get(_INTERNET_CODEPAGE)
            return unify_newlines(clean(decode_bytes(data, _charset(page) if page else "")))
        return self.text(number)

    def line(self, number: int) -> str:
        return " ".join(self.text(number)[:2000].split())

    def number(self, number: int) -> int:
        return int.from_bytes(self.fixed.get(number, b"")[:4], "little")

    def time(self, number: int) -> str:
        ticks = int.from_bytes(self.fixed.get(number, b""), "little")
        try:
            return (_EPOCH + timedelta(seconds=ticks // 10_000_000)).isoformat() if ticks else ""
        except OverflowError:
            return ""


def stream_name(number: int, kind: str) -> str:
    return f"__substg1.0_{number:04x}{kind}"


def _read_stream(ole: olefile.OleFileIO[Any], path: Path) -> bytes:
    try:
        data: bytes = ole.openstream(list(path)).read(_MOST_BYTES)
    except Exception:  # a damaged stream costs itself only
        return b""
    return data


def _charset(page: bytes) -> str:
    number = int.from_bytes(page[:4], "little")
    return _CODEPAGES.get(number, f"cp{number}")


def _children(ole: olefile.OleFileIO[Any]) -> dict[Path, list[str]]:
    """The names in each storage; upper and lower case are the same."""
    found: dict[Path, list[str]] = {}
    for path in ole.listdir(streams=True, storages=True):
        *parents, name = (part.lower() for part in path)
        found.setdefault(tuple(parents), []).append(name)
    if any(len(names) > _MOST_CHILDREN for names in found.values()):
        raise ExtractError("broken", "it has more parts than a mail can have")
    return found
