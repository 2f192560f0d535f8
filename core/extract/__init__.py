"""One file on disk → a Document, or an ExtractError that says in plain words why not.

Called in the extractor process, for one file at a time.
Nothing but ExtractError leaves this package, and only regular files are ever opened.
"""

from __future__ import annotations

import errno
import os
import re
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from cairn.core.errors import ExtractError
from cairn.core.extract.source import Source, is_visible, limited
from cairn.core.records import Document

Family = Literal[
    "plain", "markup", "code", "config", "json", "table", "web", "mail", "pdf", "turns"
]

_SUFFIXES: dict[Family, str] = {
    "plain": "txt text log",
    "markup": "md markdown org rst tex",
    "code": (
        "py pyi js mjs cjs ts tsx jsx c h cc cpp cxx hpp hh rs go java kt kts rb sh bash zsh fish "
        "sql css scss swift lua pl pm r jl scala cs php ex exs hs clj el vim cmake"
    ),
    "config": "toml yaml yml ini cfg conf",
    "json": "json jsonl ndjson",
    "table": "csv tsv",
    "web": "html htm xhtml",
    "mail": "eml",
    "pdf": "pdf",
}
_BY_SUFFIX: dict[str, Family] = {
    "." + suffix: family for family, names in _SUFFIXES.items() for suffix in names.split()
}
_BY_NAME: dict[str, Family] = {
    **dict.fromkeys(("readme", "license", "licence", "copying", "authors"), "plain"),
    **dict.fromkeys(("todo", "notes", "changelog", "changes", "news"), "plain"),
    **dict.fromkeys(("makefile", "gnumakefile", "dockerfile", "containerfile", "justfile"), "code"),
}
_IN_WORDS: dict[Family, str] = {
    "plain": "text",
    "markup": "text",
    "code": "source code",
    "config": "settings file",
    "json": "JSON",
    "table": "table",
    "web": "web page",
    "mail": "mail",
    "pdf": "PDF",
    "turns": "conversation",
}


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of one file is worth reading."""

    max_bytes: int = 20 * 1024 * 1024
    max_chars: int = 5_000_000


DEFAULT_LIMITS = Limits()


def extract(path: Path, uri: str, limits: Limits = DEFAULT_LIMITS) -> Document:
    """Read one file. Raises ExtractError, with `skipped` set when nothing is wrong with it."""
    try:
        source = Source(uri, path.name, _read(path, limits), limits.max_chars)
    except OSError as error:
        raise _explain(error) from None
    family = _family_by_name(path.name) or _family_by_content(path.name, source.data)
    if family is None:
        kind = f"{source.suffix} files" if source.suffix else "files of this type"
        raise ExtractError("unknown-type", f"{kind} are not supported", skipped=True)
    document = _parse(family, source)
    if not document.blocks or not is_visible(document.text):
        raise ExtractError("no-text", _no_text(family), skipped=True)
    limited(document.text, limits.max_chars)
    return document


def _parse(family: Family, source: Source) -> Document:
    try:
        return _dispatch(family, source)
    except ExtractError:
        raise
    except RecursionError:
        reason = "it is nested too deeply"
    except MemoryError:
        reason = "it needs too much memory"
    except Exception as error:  # parsers raise whatever they like on a damaged file
        # Only the kind of error: its text can quote the file.
        reason = f"the parser gave up ({type(error).__name__})"
    raise ExtractError("broken", f"the {_IN_WORDS[family]} could not be read: {reason}")


def _dispatch(family: Family, source: Source) -> Document:
    match family:
        case "plain":
            from cairn.core.extract.text import read_plain as read
        case "markup":
            from cairn.core.extract.markup import read_markup as read
        case "code":
            from cairn.core.extract.code import read_code as read
        case "config":
            from cairn.core.extract.data import read_config as read
        case "json":
            from cairn.core.extract.data import read_json as read
        case "table":
            from cairn.core.extract.tables import read_table as read
        case "web":
            from cairn.core.extract.web import read_web as read
        case "mail":
            from cairn.core.extract.mail import read_mail as read
        case "pdf":
            from cairn.core.extract.pdf import read_pdf as read
        case "turns":
            from cairn.core.chats.turns import read_turns as read
    return read(source)


def _family_by_name(name: str) -> Family | None:
    lower = name.lower()
    if lower == "turns.jsonl" or lower.endswith(".turns.jsonl"):
        return "turns"
    stem, suffix = os.path.splitext(lower)
    return _BY_SUFFIX.get(suffix) if suffix else _BY_NAME.get(stem)


def _family_by_content(name: str, data: bytes) -> Family | None:
    """What a file with a foreign or no extension turns out to be."""
    head = data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if head.startswith(b"%pdf-"):
        return "pdf"
    if head.startswith((b"<!doctype html", b"<html")):
        return "web"
    if re.match(rb"#!\s*/", head):
        return "code"
    if not os.path.splitext(name)[1] and _is_utf8(data):
        return "plain"
    return None


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return b"\0" not in data


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
    if family == "pdf":
        return "its pages hold no text; it is probably scanned, and OCR isn't available"
    return "it holds no visible text"
