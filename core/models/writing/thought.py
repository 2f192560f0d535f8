"""What a model writes, piece by piece → what may be shown of it: its thoughts are left out.

Called while text is written. A thought is never shown, not even in part: a piece that may be the
beginning of a mark is held back until it is known.
"""

from __future__ import annotations

import re

_PAIRS = {
    "<think>": "</think>",
    "<thinking>": "</thinking>",
    "<thought>": "</thought>",
    "<reasoning>": "</reasoning>",
    "[THINK]": "[/THINK]",
    "<|START_THINKING|>": "<|END_THINKING|>",
    "<seed:think>": "</seed:think>",
}
"""Marks that begin a thought, with those that end it."""
_CHANNEL, _MESSAGE = "<|channel|>", "<|message|>"
_SHOWN_CHANNEL = "final"
_PASSED_OVER = ("<|start|>assistant", "<|end|>", "<|start|>")
_LONGEST_NAME = 80
_OPENING = re.compile(
    "|".join(map(re.escape, (*_PAIRS, *_PAIRS.values(), *_PASSED_OVER, _CHANNEL)))
)
_BEGUN = re.compile("(" + "|".join(map(re.escape, _PAIRS)) + r")\s*$")
_MARKS = (*_PAIRS, *_PAIRS.values(), *_PASSED_OVER, _CHANNEL, _MESSAGE)


def opened_by(prompt: str) -> str:
    """The mark with which a prompt has begun a thought already; empty if it has not."""
    found = _BEGUN.search(prompt)
    return found[1] if found else ""


def closing(mark: str) -> str:
    return _PAIRS[mark]


class Thought:
    def __init__(self, opened: str = "") -> None:
        self._until = _PAIRS.get(opened, "")
        """The mark that ends the present thought; empty outside of one."""
        self._held = ""
        self._begun = False
        """Has anything been shown?"""

    @property
    def is_open(self) -> bool:
        return bool(self._until)

    @property
    def end(self) -> str:
        """What would end the present thought."""
        return self._until

    def feed(self, text: str) -> str:
        """What may be shown now."""
        self._held += text
        shown = ""
        while self._held:
            piece, is_done = self._within() if self._until else self._outside()
            shown += piece
            if is_done:
                break
        return self._trimmed(shown)

    def finish(self) -> str:
        """The rest, when nothing more comes."""
        rest, self._held = ("" if self._until else self._held), ""
        return self._trimmed(rest)

    def _trimmed(self, text: str) -> str:
        text = text if self._begun else text.lstrip()
        self._begun |= bool(text)
        return text

    def _within(self) -> tuple[str, bool]:
        at = self._held.find(self._until)
        if at < 0:
            self._held = self._held[-len(self._until) + 1 :]
            return "", True
        self._held, self._until = self._held[at + len(self._until) :], ""
        return "", False

    def _outside(self) -> tuple[str, bool]:
        found = _OPENING.search(self._held)
        if not found:
            size = len(self._held) - _begun_mark(self._held)
            shown, self._held = self._held[:size], self._held[size:]
            return shown, True
        before, rest = self._held[: found.start()], self._held[found.end() :]
        mark = found[0]
        if mark == _CHANNEL:
            return before, self._channel(found.start(), rest)
        if mark in _PAIRS:
            self._until = _PAIRS[mark]
        elif mark == "<|start|>" and "assistant".startswith(rest):
            self._held = self._held[found.start() :]
            return before, True  # what follows it is still to come
        self._held = rest
        return before, False

    def _channel(self, start: int, rest: str) -> bool:
        """`<|channel|>analysis<|message|>`: whether more must come before it is understood."""
        name, message, following = rest.partition(_MESSAGE)
        if not message and len(name) < _LONGEST_NAME:
            self._held = self._held[start:]
            return True
        self._held = following
        if not name.strip().startswith(_SHOWN_CHANNEL):
            self._until = f"{_CHANNEL}{_SHOWN_CHANNEL}{_MESSAGE}"
        return False


def is_mark(text: str) -> bool:
    """Is it a part of what begins or ends a thought?"""
    return any(text in mark for mark in _MARKS)


def _begun_mark(text: str) -> int:
    """How many signs at the end of a text may be the beginning of a mark."""
    longest = max(map(len, _MARKS)) - 1
    for size in range(min(longest, len(text)), 0, -1):
        if any(mark.startswith(text[-size:]) for mark in _MARKS):
            return size
    return 0
