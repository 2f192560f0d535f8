"""A setting alone on its line, `NAME=value` or `label: value` → where its secret is.

Called by `values` for a label that opens its line. Nothing else can stand there, so a value may
have any marks in it, quotes and brackets too, unless it reads as code, markup or a name.
"""

from __future__ import annotations

import re

from cairn.core.redact.found import is_scrambled
from cairn.core.redact.judge import UUID, is_odd, is_random, stands_in
from cairn.core.redact.labels import Label

_LEAST = 8
_MARKS = frozenset("()[]{}<>'\"`!@#$%^&*+=?~|\\;")
_BRACKETS = frozenset("<{([&")
_ODD_MARKS = frozenset("!@#$%^&*+=?~|\\;")
_LEAST_TOKEN = 16
_VALUE = re.compile(r"(\S{8,256}+)[^\S\n]{0,4}(?:[#;][^\S\n][^\n]{0,200})?(?:\n|\Z)")
_OTHER = re.compile(
    r"\\[nrt]|</?[a-z][a-z\d]{0,9}/?>|\$\([^()]*\)"
    r"|[\"'`](?:\+[a-z_]{2}|\.[a-z_]{2,20}\()|[a-z_)]{2}\+[\"'`]"
)
"""Text inside a program, markup: read another way."""
_MORE = re.compile(r"[;&,][\w .-]{2,40}=\w")
_CALL = re.compile(r"[&*!-]?[A-Za-z_][\w.:>?-]*[(\[{<].*", re.DOTALL)
_CALL_OF_TEXT = re.compile(r"[A-Za-z_][\w.]*[(\[{][A-Za-z]{0,2}([\"'`]).*\1.*", re.DOTALL)
_OPEN_CALL = re.compile(r"[\w.:>-]+[(\[{<][\w.,*=:]*[(\[{]?")
_ENDED = re.compile(r"[A-Za-z_][\w.:>-]*[)\]}]+")
_RUN_ON = re.compile(r"(?:[)\]}]|(?<![=-])>)[\w@#$%^~`\\]")
_PREFIX = re.compile(r"[A-Za-z@$]{0,2}")
_BESIDES = re.compile(
    r"(?:client|request|lock|idempotency|trace|upload)[\s_-]?token", re.IGNORECASE
)
_PAIRS = {"(": ")", "[": "]", "{": "}", "<": ">"}
_OPENERS = str.maketrans(")]}>", "([{<")


def find_in_field(text: str, at: int, name: str, label: Label) -> tuple[int, int] | None:
    """The secret that begins at an offset and fills the rest of the line."""
    match = _VALUE.match(text, at)
    if not match or _OTHER.search(match[1]):
        return None
    if name.rstrip().endswith("=") and _MORE.search(match[1]):
        return None  # the first of several settings in a line
    value = match[1].rstrip(",;")
    value = value[:-2] if value.endswith(("**", "__")) else value
    if value[:1] in _BRACKETS and not _is_mess(value) and len(_MARKS.intersection(value)) < 4:
        return None
    if len(value) < _LEAST or stands_in(value) or _is_quoted(value) or _is_code(value):
        return None
    return (at, at + len(value)) if _fits(value, name, label) else None


def is_key(value: str, name: str, label: Label) -> bool:
    """An identifier by its shape, a key by its name."""
    named = label.strength == "token" and label.kind != "credential" and not _BESIDES.search(name)
    return named and UUID.fullmatch(value) is not None


def _fits(value: str, name: str, label: Label) -> bool:
    if label.strength == "token":
        random = len(value) >= _LEAST_TOKEN and is_random(value)
        return random or is_key(value, name, label)
    if is_odd(value):
        return True
    return label.strength == "password" and (
        _is_mess(value) or len(_MARKS.intersection(value.translate(_OPENERS))) >= 2
    )


def _is_mess(value: str) -> bool:
    return is_scrambled(value) or len(_ODD_MARKS.intersection(value)) >= 2


def _is_quoted(value: str) -> bool:
    """Ends with a quote that began in it: what is between them is the value."""
    bare = value.rstrip(")]}")
    head, mark, _ = bare[:-1].partition(bare[-1:])
    return bare[-1:] in ("'", '"', "`") and bool(mark) and _PREFIX.fullmatch(head) is not None


def _is_code(value: str) -> bool:
    if _ENDED.fullmatch(value) or _OPEN_CALL.fullmatch(value):
        return not is_scrambled(value)
    if not _CALL.fullmatch(value):
        return False
    return _CALL_OF_TEXT.fullmatch(value) is not None or (
        _is_balanced(value) and not _RUN_ON.search(value)
    )


def _is_balanced(value: str) -> bool:
    """Brackets close in the order in which they open; more may close or stay open at the end."""
    open_ones: list[str] = []
    whole = value.rstrip("([{")
    inner = whole.rstrip(")]}")
    for ch in inner:
        if ch in _PAIRS:
            open_ones.append(_PAIRS[ch])
        elif ch in _PAIRS.values() and (not open_ones or open_ones.pop() != ch):
            return False
    return len(open_ones) <= len(whole) - len(inner)
