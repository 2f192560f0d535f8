"""A text → the same text without its secrets, and what was found where.

Called for every document before it is cut into passages, and for what a user or an assistant
says. Nothing is looked up anywhere; a secret that several finders see goes once, under the
kind of the most certain one. Line breaks stay, so line numbers stay right.
"""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, replace

from cairn.core.redact.blocks import find_blocks
from cairn.core.redact.columns import find_columns
from cairn.core.redact.found import Found
from cairn.core.redact.headers import find_headers
from cairn.core.redact.judge import is_odd, is_stand_in
from cairn.core.redact.tokens import find_addressed, find_social_security, find_tokens
from cairn.core.redact.values import find_labelled

_REPEATS = 64
"""Of so many different secrets, other mentions in the same text are looked for."""
_LEAST_REPEATED = 8
UNSEEN = re.compile("[\u00ad\u200b-\u200d\u2060\ufeff]")


@dataclass(frozen=True, slots=True)
class Redaction:
    """`text[start:end]` of the original was replaced."""

    start: int
    end: int
    kind: str
    replacement: str


@dataclass(frozen=True, slots=True)
class Redacted:
    text: str
    found: tuple[Redaction, ...]


def redact(text: str) -> Redacted:
    found = settle(text, find_secrets(text))
    return Redacted(replace_all(text, found), found) if found else Redacted(text, ())


def find_secrets(text: str) -> list[Found]:
    """Letters that do not show, such as a soft hyphen, are read over."""
    if text.isascii() or not UNSEEN.search(text):
        return _find(text)
    unseen = array("q", (match.start() - at for at, match in enumerate(UNSEEN.finditer(text))))
    return [
        replace(
            each,
            start=each.start + bisect_right(unseen, each.start),
            end=each.end + bisect_left(unseen, each.end),
        )
        for each in _find(UNSEEN.sub("", text))
    ]


def _find(text: str) -> list[Found]:
    if len(text) < 6:
        return []
    plain = text.encode("ascii", "replace").lower()
    found = [
        *find_blocks(text, plain),
        *find_tokens(text),
        *find_headers(text, plain),
        *find_columns(text, plain),
        *find_labelled(text, plain),
    ]
    found.extend(
        Found(start, end, kind)
        for start, end, kind in find_addressed(text)
        if not is_stand_in(text[start:end])
    )
    if b"ssn" in plain or b"social" in plain:
        found.extend(find_social_security(text))
    found.extend(mentions(text, [(text[each.start : each.end], each.kind) for each in found]))
    return found


def mentions(text: str, secrets: Iterable[tuple[str, str]]) -> list[Found]:
    """Where known secrets stand in a text without anything that would tell what they are."""
    found: list[Found] = []
    for secret, kind in list(dict(secrets).items())[:_REPEATS]:
        if len(secret) < _LEAST_REPEATED or not is_odd(secret):
            continue
        at = text.find(secret)
        while at >= 0:
            end = at + len(secret)
            if not text[at - 1 : at].isalnum() and not text[end : end + 1].isalnum():
                found.append(Found(at, end, kind))
            at = text.find(secret, end)
    return found


def settle(text: str, found: Iterable[Found]) -> tuple[Redaction, ...]:
    """In order and without overlaps: what overlaps is joined, nothing of it is kept."""
    joined: list[Found] = []
    for each in sorted(found, key=lambda each: (each.start, each.end)):
        if joined and each.start < joined[-1].end:
            last = joined[-1]
            best = each if each.certainty > last.certainty else last
            end = max(last.end, each.end)
            joined[-1] = Found(last.start, end, best.kind, best.certainty)
        else:
            joined.append(each)
    return tuple(
        Redaction(each.start, each.end, each.kind, _replacement(text, each)) for each in joined
    )


def replace_all(text: str, found: Iterable[Redaction]) -> str:
    parts: list[str] = []
    at = 0
    for each in found:
        parts += text[at : each.start], each.replacement
        at = each.end
    return "".join((*parts, text[at:]))


def _replacement(text: str, found: Found) -> str:
    return f"[redacted: {found.kind}]" + "\n" * text.count("\n", found.start, found.end)
