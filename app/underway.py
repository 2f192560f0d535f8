"""Answers that are being written: how far each has come, and who has had enough of one.

Held by the daemon, as whoever asks waits at the other end of a socket; a command that has its
engine in its own process has one to itself.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cairn.core.answer.generate import Sign
    from cairn.core.answering import Manner

Json = dict[str, Any]
_LONGEST_DRAFT = 200


class Underway:
    def __init__(self) -> None:
        self._stops: dict[str, threading.Event] = {}

    def enough(self, ticket: str) -> bool:
        """Whether there is such an answer in the making; it is ended with what can be quoted."""
        stop = self._stops.get(ticket)
        if stop:
            stop.set()
        return stop is not None

    def manner(self, args: Json, send: Callable[[Json], None]) -> Manner:
        from cairn.core.answering import Manner

        ticket = str(args.get("ticket", ""))
        stop = self._stops.setdefault(ticket, threading.Event()) if ticket else threading.Event()
        return Manner(
            quick=bool(args.get("quick")), aside=bool(args.get("aside")),
            tell=lambda sign: send(_told(sign)), stop=stop.is_set,
        )  # fmt: skip

    def done(self, ticket: str) -> None:
        self._stops.pop(ticket, None)


def _told(sign: Sign) -> Json:
    kept = sign.kept and {"text": sign.kept.text, "inferred": sign.kept.inferred}
    return {
        "stage": "writing", "read": sign.read, "of": sign.of, "thinks": sign.thinks,
        "draft": sign.draft[-_LONGEST_DRAFT:], "kept": kept,
    }  # fmt: skip
