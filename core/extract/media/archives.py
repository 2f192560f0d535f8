"""ZIP and tar archives → a list of what is in them, one row per member; 7z and rar → the reason.

Called by `extract`. Nothing is unpacked: a ZIP's directory is read, and a compressed tar is read
through up to a limit without keeping what its members hold, so that bombs end as a note. Only text
bundles in a ZIP are read, as parts.
"""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol

from cairn.core.errors import ExtractError
from cairn.core.extract.dates import find_date
from cairn.core.extract.pieces import Pieces
from cairn.core.extract.source import Source, clean, join_notes
from cairn.core.records import Document

_MOST_SHOWN = 10_000
_MOST_UNPACKED = 256 << 20  # bytes of a compressed tar that are looked through
_NAME_CHARS = 500
_CONTEXT = "name | size | changed"
_ZIPS = (".zip", ".textpack", ".bear2bk")
_DAMAGE = (
    tarfile.TarError, zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, OSError,
    ValueError, OverflowError, NotImplementedError,
)  # fmt: skip
_TOOLS = {
    ".7z": "7-Zip archives aren't read; unpack it with `7z x` to have its files read",
    ".rar": "RAR archives aren't read; unpack it with `unrar x` to have its files read",
}


class _Readable(Protocol):
    def read(self, size: int, /) -> bytes: ...


@dataclass(frozen=True, slots=True)
class Member:
    name: str
    size: int
    day: str
    is_folder: bool


def read_archive(source: Source) -> Document:
    if source.suffix in _TOOLS:
        raise ExtractError("needs-tool", _TOOLS[source.suffix], skipped=True)
    is_zip = source.suffix in _ZIPS
    members, note = _zip_members(source.data) if is_zip else _tar_members(source.data)
    files = [member for member in members if not member.is_folder]
    if not files:
        raise ExtractError("no-text", "it holds no files", skipped=True)
    pieces = Pieces("n", source.max_chars)
    size = size_in_words(sum(member.size for member in files))
    pieces.paragraph(f"Archive with {len(files):,} file{'s' * (len(files) > 1)}, {size} unpacked")
    for member in files[:_MOST_SHOWN]:
        row = (member.name, size_in_words(member.size), member.day)
        pieces.row(" | ".join(filter(None, row)), _CONTEXT)
    if len(files) > _MOST_SHOWN:
        note = join_notes(note, f"only the first {_MOST_SHOWN:,} of its files are listed")
    parts: tuple[Document, ...] = ()
    if is_zip:
        from cairn.core.extract.media.textbundles import read_bundles

        parts, left = read_bundles(source)
        note = join_notes(note, left)
    return pieces.document(source, "archive", note=note, parts=parts)


def size_in_words(size: int) -> str:
    """Such as `3.4 MB`."""
    if size < 1000:
        return f"{size} bytes"
    power = next((n for n in (1, 2, 3) if size < 999.95 * 1000**n), 4)
    return f"{size / 1000**power:.1f} {('kB', 'MB', 'GB', 'TB')[power - 1]}"


def _zip_members(data: bytes) -> tuple[list[Member], str]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            infos = archive.infolist()
    except _DAMAGE:
        raise ExtractError("broken", "the archive could not be read: it is damaged") from None
    locked = any(info.flag_bits & 1 for info in infos)
    members = [
        Member(_shown(_zip_name(info)), info.file_size, _zip_day(info), info.is_dir())
        for info in infos
    ]
    return members, "its files are protected by a password" if locked else ""


def _zip_name(info: zipfile.ZipInfo) -> str:
    return info.filename if info.flag_bits & 0x800 else in_utf8(info.filename)


def in_utf8(name: str) -> str:
    """Old programs write names in UTF-8 without saying so."""
    try:
        return name.encode("cp437").decode("utf-8")
    except UnicodeError:
        return name


def _zip_day(info: zipfile.ZipInfo) -> str:
    year, month, day = info.date_time[:3]
    return find_date(f"{year}-{month}-{day}") if year > 1980 else ""


def _tar_members(data: bytes) -> tuple[list[Member], str]:
    members: list[Member] = []
    note = ""
    try:
        for info in _tar_infos(data):
            if len(members) > _MOST_SHOWN:
                break
            members.append(
                Member(_shown(info.name), max(0, info.size), _tar_day(info.mtime), info.isdir())
            )
    except _Enough:
        note = f"only its first {size_in_words(_MOST_UNPACKED)} were looked through"
    except _DAMAGE:
        if not members:
            raise ExtractError("broken", "the archive could not be read: it is damaged") from None
        note = "it is damaged; only the files before the damage are listed"
    return members, note


def _tar_infos(data: bytes) -> Iterator[tarfile.TarInfo]:
    with tarfile.open(fileobj=_Bounded(_unpacked(data)), mode="r|") as archive:  # type: ignore[call-overload]
        for info in archive:
            yield info
            archive.members.clear()  # it would keep them all


def _unpacked(data: bytes) -> _Readable:
    raw = io.BytesIO(data)
    if data.startswith(b"\x1f\x8b"):
        return gzip.GzipFile(fileobj=raw)
    if data.startswith(b"BZh"):
        return bz2.BZ2File(raw)
    if data.startswith(b"\xfd7zXZ\0"):
        return lzma.LZMAFile(raw)
    return raw


def _tar_day(mtime: float) -> str:
    try:
        return datetime.fromtimestamp(mtime, UTC).date().isoformat() if mtime > 0 else ""
    except (OverflowError, ValueError, OSError):
        return ""


def _shown(name: str) -> str:
    return clean(" ".join(name[:_NAME_CHARS].split()))


class _Enough(Exception):
    pass


class _Bounded:
    """A file to read from once, up to a limit."""

    def __init__(self, file: _Readable) -> None:
        self._file = file
        self._left = _MOST_UNPACKED

    def read(self, size: int) -> bytes:
        if size > self._left:
            raise _Enough
        data = self._file.read(size)
        self._left -= len(data)
        return data
