"""A mail's attachments → Documents of their own, within limits, and a note on those left out.

Called by the readers of mails and mailboxes. An attachment that states no date or author takes the
mail's. All parts together stay within the container's limit of text, however they are nested.
"""

from __future__ import annotations

import os
from dataclasses import replace
from hashlib import blake2b

from cairn.core.errors import ExtractError
from cairn.core.extract.mail.letter import Attachment, Letter
from cairn.core.extract.source import Source, join_notes
from cairn.core.records import Document
from cairn.core.uris import INSIDE, part_uri

_MOST_PARTS = 200
_MOST_DEPTH = 3
_MOST_CHARS = 5_000_000
_NAMED = 3
_MAILS = ("message/rfc822", "message/global")


class Gathering:
    """Collects the parts of one file; equal attachments are read once."""

    def __init__(self, source: Source, used_chars: int) -> None:
        self._source = source
        self._room = max(0, source.max_chars - used_chars)
        self._depth = source.uri.count(INSIDE)
        self._names: set[str] = set()
        self._seen: set[bytes] = set()
        self._tried = 0
        self._unread: list[str] = []
        self._left_out = 0
        self._parts: list[Document] = []

    @property
    def documents(self) -> tuple[Document, ...]:
        return tuple(self._parts)

    @property
    def note(self) -> str:
        named = "; ".join(self._unread[:_NAMED])
        rest = len(self._unread) - _NAMED
        more = f"{rest} more attachments were not read" if rest > 0 else ""
        left = ""
        if self._left_out:
            what = "attachment was" if self._left_out == 1 else "attachments were"
            deep = self._depth >= _MOST_DEPTH
            why = "they are nested too deeply" if deep else "they are too many or too large"
            left = f"{self._left_out} {what} left out: {why}"
        return join_notes(named, more, left)

    def take(self, letter: Letter, when: str, prefix: str = "") -> None:
        for attachment in letter.attachments:
            if self._depth >= _MOST_DEPTH or self._tried == _MOST_PARTS or not self._room:
                self._left_out += 1
                continue
            self._read(attachment, letter.who, when, prefix)

    def _read(self, attachment: Attachment, who: str, when: str, prefix: str) -> None:
        name = _file_name(attachment)
        try:
            data = _load(attachment)
            key = blake2b(data, digest_size=16).digest()
            if not attachment.open and (key in self._seen or not data):
                return
            self._seen.add(key)
            self._tried += 1
            uri = part_uri(self._source.uri, self._unique(prefix + name))
            source = Source(uri, name, data, min(self._room, _MOST_CHARS))
            document = _open(attachment, source)
        except ExtractError as error:
            self._tried -= error.code == "unknown-type"  # such as a mailbox's many pictures
            self._unread.append(f"the attachment {prefix}{name} was not read: {error.message}")
            return
        self._room -= _length(document)
        self._parts.append(_inherit(document, who, when))

    def _unique(self, name: str) -> str:
        stem, suffix = os.path.splitext(name)
        free, number = name, 1
        while free in self._names:
            number += 1
            free = f"{stem} ({number}){suffix}"
        self._names.add(free)
        return free


def _load(attachment: Attachment) -> bytes:
    try:
        return attachment.load()
    except Exception:  # as for whole files, a library may raise what it likes
        raise ExtractError("broken", "it is damaged") from None


def _open(attachment: Attachment, source: Source) -> Document:
    from cairn.core.extract import read_source  # the package reads its families' names first

    if attachment.open is None:
        return read_source(source)
    try:
        return attachment.open(source)
    except ExtractError:
        raise
    except Exception:
        raise ExtractError("broken", "it is damaged") from None


def _file_name(attachment: Attachment) -> str:
    name = attachment.name.replace("/", "_").replace("\\", "_").strip() or "attachment"
    is_mail = attachment.kind in _MAILS and not name.lower().endswith((".eml", ".msg"))
    return name + ".eml" if is_mail else name


def _length(document: Document) -> int:
    return len(document.text) + sum(map(_length, document.parts))


def _inherit(document: Document, who: str, when: str) -> Document:
    parts = tuple(_inherit(part, who, when) for part in document.parts)
    return replace(document, when=document.when or when, who=document.who or who, parts=parts)
