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

from cairn.core.errors import ExtractError
from cairn.core.extract.families import PDF, Family, family_of
from cairn.core.extract.source import Source, is_visible, limited
from cairn.core.records import Document


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of one file is worth reading."""

    max_bytes: int = 20 * 1024 * 1024
    max_chars: int = 5_000_000


DEFAULT_LIMITS = Limits()


def extract(path: Path, uri: str, limits: Limits = DEFAULT_LIMITS) -> Document:
    """Read one file. Raises ExtractError, with `skipped` set when nothing is wrong with it."""
    try:
        source = Source(uri, path.name, _read(path, limits), limits.max_chars, path)
    except OSError as error:
        raise _explain(error) from None
    return read_source(source)


def read_source(source: Source) -> Document:
    """Also for what lies inside another file, such as a mail's attachment."""
    family = family_of(source.name, source.data)
    if family is None:
        kind = f"{source.suffix} files" if source.suffix else "files of this type"
        raise ExtractError("unknown-type", f"{kind} are not supported", skipped=True)
    document = _parse(family, source)
    if not document.blocks or not is_visible(document.text):
        raise ExtractError("no-text", _no_text(family), skipped=True)
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


def _read(path: Path, limits: Limits) -> bytes:
    """The bytes of a regular file. Anything else is refused before it is opened."""
    _check(os.lstat(path), limits)
    # The file can be swapped between the check and the open: never follow, never block on a fifo.
    flags = os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK | os.O_NOFOLLOW
    fd = os.open(path, flags)
    with os.fdopen(fd, "rb") as file:
        _check(os.fstat(fd), limits)
        data = file.read(limits.max_bytes + 1)
    if len(data) > limits.max_bytes:
        raise _too_large(len(data), limits)
    if not data:
        raise ExtractError("empty", "it is empty", skipped=True)
    return data


def _check(info: os.stat_result, limits: Limits) -> None:
    if stat.S_ISLNK(info.st_mode):
        raise ExtractError("symlink", "links are not followed", skipped=True)
    if not stat.S_ISREG(info.st_mode):
        raise ExtractError("not-a-file", "it is not a regular file", skipped=True)
    if info.st_size == 0:
        raise ExtractError("empty", "it is empty", skipped=True)
    if info.st_size > limits.max_bytes:
        raise _too_large(info.st_size, limits)


def _too_large(size: int, limits: Limits) -> ExtractError:
    mib = 1024 * 1024
    message = f"it has {size / mib:.1f} MiB; the limit is {limits.max_bytes / mib:.1f} MiB"
    return ExtractError("too-large", message, skipped=True)


def _explain(error: OSError) -> ExtractError:
    if isinstance(error, FileNotFoundError | NotADirectoryError):
        return ExtractError("vanished", "it is no longer there")
    if isinstance(error, PermissionError):
        return ExtractError("no-permission", "reading it is not permitted")
    if error.errno == errno.ELOOP:
        return ExtractError("symlink", "links are not followed", skipped=True)
    return ExtractError("unreadable", f"the disk would not give it: {error.strerror or 'error'}")


def _no_text(family: Family) -> str:
    if family is PDF:
        return "its pages hold no text; it is probably scanned, and OCR isn't available"
    return "it holds no visible text"
