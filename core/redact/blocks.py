"""A text → secrets of several lines: private keys in their armour, and recovery phrases.

Called by `redact`. A key whose last line is missing goes as far as its lines look like a key.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from cairn.core.redact.found import Found

_DASHES = "-----BEGIN "
_BEGIN = re.compile(
    r"-----BEGIN ((?:[A-Z0-9]{1,20} ){0,4}PRIVATE KEY(?: BLOCK)?|OpenVPN Static key V1)-----"
)
_SSH2 = re.compile(r"---- BEGIN SSH2 ENCRYPTED PRIVATE KEY ----")
_BODY = re.compile(
    r"(?:(?:\s|\\r|\\n|[>|\"'+,#*]){0,12}+"
    r"(?:[A-Za-z0-9+/=]{16,}+|[A-Z][A-Za-z-]{3,20}: [^\n]{0,200}|=[\w+/]{4}))*+"
    r"(?:(?:\s|\\r|\\n|[>|\"'+,#*]){0,12}+[A-Za-z0-9+/]{1,15}={1,2})?"
)
_LEAST_BODY = 16
_PUTTY = "PuTTY-User-Key-File-"
_PUTTY_END = re.compile(r"Private-MAC:[^\S\n]{0,4}[0-9a-f]{16,128}")
_PUTTY_REACH = 20_000
_GOOGLE = re.compile(r"service_account|private_key_id")
_PHRASE_LABELS = (
    b"seed phrase", b"recovery phrase", b"backup phrase", b"secret phrase", b"wallet phrase",
    b"seed_phrase", b"recovery_phrase", b"seedphrase", b"mnemonic", b"seed words", b"wallet seed",
    b"recovery words", b"backup words", b"wiederherstellungsphrase", b"seed:", b"seed =",
)  # fmt: skip
_GAP = re.compile(r"[^\n:=]{0,60}[:=\n]\W{0,12}(?:\d{1,2}[.)] )?|(?: is| are)?\W{1,12}")
_WORDS = re.compile(r"(?:(?:\d{1,2}[.):]?\s{1,3})?[a-z]{3,8}\b[\s,|\"']{0,6}){12,24}")
_NOT_A_WORD = frozenset("the and for are was your its his her our has had but not who how".split())
_WORD = re.compile(r"[a-z]{3,8}")


def find_blocks(text: str, plain: bytes) -> Iterator[Found]:
    if "-----BEGIN " in text:
        yield from _armoured(text)
    for match in _SSH2.finditer(text):
        end = text.find("---- END SSH2", match.end(), match.end() + _PUTTY_REACH)
        yield Found(
            match.start(), _line_end(text, end if end > 0 else match.end()), "private key", 3
        )
    yield from _putty(text)
    yield from _phrases(text, plain)


def _armoured(text: str) -> Iterator[Found]:
    for match in _BEGIN.finditer(text):
        begins_next = text.find(_DASHES, match.end())
        limit = begins_next if begins_next >= 0 else len(text)
        closing = f"-----END {match[1]}-----"
        end = text.find(closing, match.end(), limit)
        if end >= 0:
            end += len(closing)
        else:
            body = _BODY.match(text, match.end(), limit)
            end = body.end() if body else match.end()
            if end - match.end() < _LEAST_BODY:
                continue  # only the first line is mentioned
        kind = "private key"
        if "PGP" in match[1]:
            kind = "PGP private key"
        elif _GOOGLE.search(text, max(0, match.start() - 600), match.start()):
            kind = "Google service-account key"
        yield Found(match.start(), end, kind, 3)


def _putty(text: str) -> Iterator[Found]:
    at = text.find(_PUTTY)
    while at >= 0:
        following = text.find(_PUTTY, at + 1)
        limit = min(at + _PUTTY_REACH, following if following >= 0 else len(text))
        body = text.find("Private-Lines:", at, limit)
        closing = _PUTTY_END.search(text, at, limit)
        if body >= 0:
            yield Found(body, closing.end() if closing else limit, "PuTTY private key", 3)
        at = following


def _line_end(text: str, at: int) -> int:
    end = text.find("\n", at)
    return end if end >= 0 else len(text)


def _phrases(text: str, plain: bytes) -> Iterator[Found]:
    """Twelve to twenty-four plain words behind a label: the keys of a wallet."""
    for stem in _PHRASE_LABELS:
        at = plain.find(stem)
        while at >= 0:
            end = at + len(stem)
            gap = _GAP.match(text, end)
            words = _WORDS.match(text, gap.end()) if gap else None
            if words and _NOT_A_WORD.isdisjoint(_WORD.findall(words[0])):
                end = words.start() + len(words[0].rstrip(" \t\n,|\"'"))
                yield Found(words.start(), end, "recovery phrase", 3)
            at = plain.find(stem, end)
