"""A packed transcript → its bytes, unpacked as they are read, and no more than is likely.

Called by `source`. A small file can be made to unpack without end; what a chat program packs
becomes a tenth of its size, not a thousandth.
"""

from __future__ import annotations

import io
import zipfile
from functools import lru_cache
from pathlib import Path
from typing import IO, TYPE_CHECKING

from cairn.core.errors import ExtractError

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

_RATIO, _SMALL = 200, 50 << 20
"""More than so many times its size is too much, unless it is small anyway."""
_MOST, _MOST_RATIO = 8 << 30, 20
"""All that one import may unpack to: so much, or so many times its own size."""
_BUFFER = 1 << 18


def archive(path: Path) -> zipfile.ZipFile:
    """Of a large ZIP the list of members takes long to read, and each of them is asked for."""
    status = path.stat()
    return _opened(path, status.st_size, status.st_mtime_ns)


@lru_cache(2)
def _opened(path: Path, size: int, modified: int) -> zipfile.ZipFile:
    return zipfile.ZipFile(path)


def open_member(path: Path, name: str) -> IO[bytes]:
    """Never more bytes than the ZIP says that the member has."""
    info = archive(path).getinfo(name)
    refuse_too_much(info.compress_size, info.file_size)
    return archive(path).open(info)


def open_zstd(path: Path) -> IO[bytes]:
    return io.BufferedReader(_Unpacked(path), _BUFFER)


def refuse_too_much(packed: int, unpacked: int) -> None:
    if unpacked > max(_SMALL, _RATIO * packed):
        raise _too_much()


def refuse_too_many(packed: int, unpacked: int) -> None:
    """`unpacked` is the sum of what was unpacked of one file so far."""
    if unpacked > max(_MOST, _MOST_RATIO * packed):
        raise _too_much()


def _too_much() -> ExtractError:
    return ExtractError("too-large", "it unpacks to far more than a conversation would")


class _Unpacked(io.RawIOBase):
    def __init__(self, path: Path) -> None:
        import pyarrow

        self._packed = path.stat().st_size
        self._stream = pyarrow.CompressedInputStream(pyarrow.OSFile(str(path)), "zstd")
        self._given = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        count = int(self._stream.readinto(buffer))
        self._given += count
        refuse_too_much(self._packed, self._given)
        refuse_too_many(self._packed, self._given)
        return count

    def close(self) -> None:
        self._stream.close()
        super().close()
