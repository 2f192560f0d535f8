"""A small writer of OLE files (compound documents), for tests of what Office and Outlook wrote."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import TypeAlias

_SECTOR, _MINI, _CUTOFF = 512, 64, 4096
_END, _FREE, _FAT = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD

Tree: TypeAlias = "dict[str, bytes | Tree]"


@dataclass
class _Entry:
    name: str
    kind: int
    data: bytes = b""
    right: int = _FREE
    child: int = _FREE
    start: int = _END


def make_ole(tree: Tree) -> bytes:
    """Storages are dicts, streams are bytes. Siblings hang on one another as a chain."""
    entries = [_Entry("Root Entry", 5)]
    entries[0].child = _add(entries, tree)
    mini = [entry for entry in entries if entry.kind == 2 and len(entry.data) < _CUTOFF]
    links: list[int] = []
    for entry in mini:
        entry.start = _chain(links, -(-len(entry.data) // _MINI))
    entries[0].data = b"".join(_padded(entry.data, _MINI) for entry in mini)
    fat: list[int] = []
    body: list[bytes] = []
    for entry in entries:
        if entry.kind == 5 or (entry.kind == 2 and len(entry.data) >= _CUTOFF):
            entry.start = _store(fat, body, entry.data)
    mini_fat = b"".join(struct.pack("<I", link) for link in links)
    mini_sectors = -(-len(mini_fat) // _SECTOR)
    mini_start = _store(fat, body, mini_fat + b"\xff" * (-len(mini_fat) % _SECTOR))
    directory = _store(fat, body, b"".join(map(_pack, entries)))
    count = 1
    while count * (_SECTOR // 4) < len(fat) + count:
        count += 1
    first = len(fat)
    fat += [_FAT] * count
    fat += [_FREE] * (count * (_SECTOR // 4) - len(fat))
    header = struct.pack(
        "<8s16xHHHHH6xIIIIIIIII",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 0x3E, 3, 0xFFFE, 9, 6,
        0, count, directory, 0, _CUTOFF, mini_start, mini_sectors, _END, 0,
    )  # fmt: skip
    places = [*range(first, first + count), *[_FREE] * (109 - count)]
    table = b"".join(struct.pack("<I", link) for link in fat)
    return header + struct.pack("<109I", *places) + b"".join(body) + table


def _add(entries: list[_Entry], tree: Tree) -> int:
    """Add what a storage holds; the number of its first entry."""
    first = before = _FREE
    for name, content in tree.items():
        at = len(entries)
        entry = _Entry(name, 1 if isinstance(content, dict) else 2)
        entries.append(entry)
        if isinstance(content, dict):
            entry.child = _add(entries, content)
        else:
            entry.data = content
        if before == _FREE:
            first = at
        else:
            entries[before].right = at
        before = at
    return first


def _chain(links: list[int], count: int) -> int:
    if not count:
        return _END
    start = len(links)
    links += [*range(start + 1, start + count), _END]
    return start


def _store(fat: list[int], body: list[bytes], data: bytes) -> int:
    data = _padded(data, _SECTOR)
    body.append(data)
    return _chain(fat, len(data) // _SECTOR)


def _padded(data: bytes, size: int) -> bytes:
    return data + b"\0" * (-len(data) % size)


def _pack(entry: _Entry) -> bytes:
    name = (entry.name + "\0").encode("utf-16-le")
    size = 0 if entry.kind == 1 else len(entry.data)
    return struct.pack(
        "<64sHBBIII36xIQ",
        name, len(name), entry.kind, 1, _FREE, entry.right, entry.child,
        0 if entry.kind == 1 else entry.start, size,
    )  # fmt: skip
