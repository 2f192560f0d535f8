"""One file on disk → a Document, or an ExtractError that says in plain words why not.

Called in the extractor process, for one file at a time.
Nothing but ExtractError leaves this package, and only regular files are ever opened.
"""

from __future__ import annotations

import errno
import os
import stat
from dataclasses import dataclass
from pathlib import Path

from cairn.core.errors import DISK, ExtractError
from cairn.core.extract.families import Family, family_of
from cairn.core.extract.source import Source, is_visible, limited
from cairn.core.records import Document


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of one file is worth reading."""

    max_bytes: int = 20 * 1024 * 1024
    max_chars: int = 5_000_000


DEFAULT_LIMITS = Limits()
_HEAD_BYTES = 8192  # enough to tell what a file is
_CHARS_PER_MB = 100_000  # of a family that may be larger than others


def extract(path: Path, uri: str, limits: Limits = DEFAULT_LIMITS) -> Document:
    """Read one file. Raises ExtractError, with `skipped` set when nothing is wrong with it."""
    try:
        data, limits = _read(path, limits)
    except OSError as error:
        raise explain(error) from None
    return read_source(Source(uri, path.name, data, limits.max_chars, path))


def read_source(source: Source) -> Document:
    """Also for what lies inside another file, such as a mail's attachment."""
    family = family_of(source.name, source.data)
    if family is None:
        kind = f"{source.suffix} files" if source.suffix else "files of this type"
        raise ExtractError("unknown-type", f"{kind} are not supported", skipped=True)
    document = _parse(family, source)
    if not document.blocks or not is_visible(document.text):
        raise ExtractError("no-text", "it holds no visible text", skipped=True)
    limited(document.text, source.max_chars)
    return document


def _parse(family: Family, source: Source) -> Document:
    try:
        return family.read(source)
    except ExtractError:
        raise
    except RecursionError:
        reason = "it is nested too deeply"
    except MemoryError:
        reason = "it needs too much memory"
    except Exception as error:  # parsers raise whatever they like on a damaged file
        # Only the kind of error: its text can quote the file.
        reason = f"the parser gave up ({type(error).__name__})"
    raise ExtractError("broken", f"the {family.words} could not be read: {reason}")


def _read(path: Path, limits: Limits) -> tuple[bytes, Limits]:
    """The bytes of a regular file, and the limits that held.

    Anything else is refused before it is opened.
    """
    _check(os.lstat(path))
    # The file can be swapped between the check and the open: never follow, never block on a fifo.
    flags = os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK | os.O_NOFOLLOW
    fd = os.open(path, flags)
    with os.fdopen(fd, "rb") as file:
        info = os.fstat(fd)
        _check(info)
        limits = _limits_of(path.name, file.read(_HEAD_BYTES), limits)
        if info.st_size > limits.max_bytes:
            raise _too_large(info.st_size, limits)
        file.seek(0)
        data = file.read(limits.max_bytes + 1)
    if len(data) > limits.max_bytes:
        raise _too_large(len(data), limits)
    if not data:
        raise ExtractError("empty", "it is empty", skipped=True)
    return data, limits


def _limits_of(name: str, head: bytes, limits: Limits) -> Limits:
    """Some families may be larger: a mailbox is many mails, most of it attachments."""
    family = family_of(name, head)
    if family is None or not family.max_mb:
        return limits
    return Limits(
        max(limits.max_bytes, family.max_mb * 1_000_000),
        max(limits.max_chars, family.max_mb * _CHARS_PER_MB),
    )


def _check(info: os.stat_result) -> None:
    if stat.S_ISLNK(info.st_mode):
        raise ExtractError("symlink", "links are not followed", skipped=True)
    if not stat.S_ISREG(info.st_mode):
        raise ExtractError("not-a-file", "it is not a regular file", skipped=True)
    if info.st_size == 0:
        raise ExtractError("empty", "it is empty", skipped=True)


def _too_large(size: int, limits: Limits) -> ExtractError:
    mib = 1024 * 1024
    message = f"it has {size / mib:.1f} MiB; the limit is {limits.max_bytes / mib:.1f} MiB"
    return ExtractError("too-large", message, skipped=True)


def explain(error: OSError) -> ExtractError:
    if isinstance(error, FileNotFoundError | NotADirectoryError):
        return ExtractError("vanished", "it is no longer there")
    if isinstance(error, PermissionError):
        return ExtractError("no-permission", "reading it is not permitted")
    if error.errno == errno.ELOOP:
        return ExtractError("symlink", "links are not followed", skipped=True)
    return ExtractError(DISK, f"the disk would not give it: {error.strerror or 'error'}")
