"""A large JSON file → its items one at a time, and what was read of it before.

Called by the readers of exports. Memory holds one item; anything that `json` reads is read (lone
surrogates, NaN), nothing nests deep enough to hurt, and what stands before damage is not lost.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from typing import IO, Any

from cairn.core.chats.source import Transcript
from cairn.core.chats.turn import Checkpoint, State
from cairn.core.errors import ExtractError

_CHUNK = 1 << 20
_LARGEST = 64 << 20
"""Characters of one item."""
_SLACK = 64
"""Characters from the end within which an error can come from reading too little."""
_SEEN = 10_000
_JSON = json.JSONDecoder(strict=False)
_SPACE = json.decoder.WHITESPACE  # type: ignore[attr-defined]


def items(text: IO[str], lists: Collection[str] = ()) -> Iterator[tuple[str, Any]]:
    """("", item) for each item of a list, or of an object's first list that is named in `lists`.

    (key, value) for all else in an object. Raises when the JSON ends early or is damaged.
    """
    scanner = _Scanner(text)
    match scanner.peek():
        case "[":
            for item in scanner.array():
                yield "", item
        case "{":
            has_list = False
            for key in scanner.names():
                if not has_list and key in lists and scanner.peek() == "[":
                    has_list = True
                    for item in scanner.array():
                        yield "", item
                else:
                    yield key, scanner.value()
        case _:
            raise _broken()


def whole_objects(
    source: Transcript, lists: Collection[str], names: Collection[str], mark: str
) -> Iterator[tuple[int, Any]]:
    """The conversations of an export, numbered: each item of its list, or all of it if it is one.

    `names` are the fields that one conversation has at its top, `mark` the one that tells it.
    """
    alone: dict[str, Any] = {}
    number = 0
    with source.text() as text:
        for key, value in items(text, lists):
            if key in names:
                alone[key] = value
            elif not key:
                number += 1
                yield number, value
    if mark in alone:
        yield 1, alone


class _Scanner:
    """A place in a JSON text that is read in chunks."""

    def __init__(self, text: IO[str]) -> None:
        self._text = text
        self._buffer = ""
        self._at = 0
        self._has_ended = False

    def peek(self) -> str:
        """The next character that is not white space; "" at the end."""
        while True:
            self._at = _SPACE.match(self._buffer, self._at).end()
            if self._at < len(self._buffer):
                return self._buffer[self._at]
            if self._has_ended:
                return ""
            self._fill()

    def array(self) -> Iterator[Any]:
        self._at += 1
        if self.peek() == "]":
            self._at += 1
            return
        while True:
            yield self.value()
            if self._separator("]"):
                return

    def names(self) -> Iterator[str]:
        """Each key of an object; its value must be taken before the next."""
        self._at += 1
        if self.peek() == "}":
            self._at += 1
            return
        while True:
            key = self.value()
            if not isinstance(key, str) or self.peek() != ":":
                raise _broken()
            self._at += 1
            yield key
            if self._separator("}"):
                return

    def value(self) -> Any:
        self.peek()
        while True:
            try:
                value, end = _JSON.raw_decode(self._buffer, self._at)
                if end < len(self._buffer) or self._has_ended:  # else a number may go on
                    self._at = end
                    return value
            except json.JSONDecodeError as error:
                if self._has_ended or not self._may_go_on(error):
                    raise _broken() from error
            except (ValueError, RecursionError) as error:
                raise _broken() from error
            if len(self._buffer) - self._at > _LARGEST:
                raise ExtractError("too-large", "one of its conversations is too large to read")
            self._fill()

    def _may_go_on(self, error: json.JSONDecodeError) -> bool:
        if error.msg.startswith("Unterminated string"):
            return True
        return len(self._buffer.rstrip()) - error.pos <= _SLACK

    def _separator(self, end: str) -> bool:
        """Whether the list or object ends here, where a comma may stand instead."""
        mark = self.peek()
        if mark not in (",", end):
            raise _broken()
        self._at += 1
        return mark == end

    def _fill(self) -> None:
        rest = self._buffer[self._at :]
        # Twice as much each time, so that one large item is not parsed again for each chunk.
        more = self._text.read(max(_CHUNK, len(rest)))
        self._buffer, self._at = rest + more, 0
        self._has_ended = not more


def _broken() -> ExtractError:
    return ExtractError("broken", "it is damaged or ends too early; what stands before was read")


# -- conversations that did not change since they were read


def is_unchanged(state: State, conversation: str, updated: object) -> bool:
    return bool(updated) and state.get("seen", {}).get(conversation) == updated


def done(state: State, conversation: str, updated: object) -> Checkpoint:
    """All of a conversation was read; `updated` is when it last changed, if the source says so."""
    seen = dict(state.get("seen", {}))
    has_room = conversation in seen or len(seen) < _SEEN
    if has_room and isinstance(updated, str | int | float) and updated:
        seen[conversation] = updated
    state["seen"] = seen
    return Checkpoint(dict(state))
