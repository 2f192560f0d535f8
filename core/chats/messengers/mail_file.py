"""A mailbox file of any size → the bytes of its mails, one at a time.

Called by `mail`. Read from the mail that was the last one before: it may have been torn. Of a mail
that is larger than memory should hold only the beginning is given.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO

from cairn.core.chats.source import Transcript
from cairn.core.chats.turn import State
from cairn.core.extract.mail.mailbox import next_mail

_HEAD_END = re.compile(rb"\n\r?\n")
_BLOCK = 4 << 20
_LARGEST = 48 << 20
_BEGINNING = 2048
"""An envelope's line with the header after it is shorter; by as much a file is known again."""


@dataclass(frozen=True, slots=True)
class RawMail:
    number: int
    """Counted from 1."""
    data: bytes


def mails(source: Transcript, state: State) -> Iterator[RawMail]:
    """The mails after those that `state` knows, and its last; `state` stays at the one given."""
    with source.open() as file:
        start = _resume(file, state)
        number = int(state.get("number", 1)) - 1
        for at, data in _split(file, start):
            number += 1
            state |= {"offset": at, "number": number, "begins": data[:_BEGINNING].hex()}
            yield RawMail(number, data)


def _resume(file: IO[bytes], state: State) -> int:
    """Goes to where to read on; a file that is not the same is read anew, with `state` emptied."""
    offset = int(state.get("offset", 0))
    if not offset:
        return 0
    if file.seekable():
        begins = bytes.fromhex(state.get("begins", ""))
        file.seek(offset)
        is_same = file.read(len(begins)) == begins
        file.seek(offset if is_same else 0)
        if is_same:
            return offset
    state.clear()
    return 0


def _split(file: IO[bytes], start: int) -> Iterator[tuple[int, bytes]]:
    """(where it begins, its bytes) of each mail from the place in `file` that is `start`."""
    buffer, head, head_at = b"", b"", 0
    begin = searched = 0  # places in `buffer`, which begins at `start`
    while block := file.read(_BLOCK):
        buffer = buffer[begin:] + block
        start, searched, begin = start + begin, searched - begin, 0
        while (found := next_mail(buffer, searched)) >= 0:
            yield (head_at, head) if head else (start + begin, buffer[begin:found])
            begin, searched, head = found, found, b""
        # An envelope may go on in the next block.
        searched = max(begin, len(buffer) - _BEGINNING)
        if len(buffer) - begin > _LARGEST:
            if not head:
                head, head_at = buffer[begin : begin + _LARGEST], start + begin
            begin = searched
    if head:
        yield head_at, head
    elif _HEAD_END.search(buffer, begin):  # else it is torn before its words
        yield start + begin, buffer[begin:]
