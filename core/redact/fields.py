"""A setting alone on its line, `NAME=value` or `label: value` → where its secret is.

Called by `values` for a label that opens its line. Nothing else can stand there, so a value may
have any marks in it, quotes and brackets too, unless it reads as code, markup or a name.
"""

from __future__ import annotations

import re

from cairn.core.redact.found import is_scrambled
from cairn.core.redact.judge import UUID, is_odd, is_random, is_stand_in
from cairn.core.redact.labels import Label

_LEAST = 8
_LEAST_TOKEN = 16
_VALUE = re.compile(r"(\S{8,256}+)[^\S\n]{0,4}(?:[#;][^\S\n][^\n]{0,200})?(?:\n|\Z)")
_OTHER = re.compile(
    r"[;&,][\w .-]{1,40}=|\\[nrt]|</?[a-z][a-z\d]{0,9}/?>|\$\(|[\"'`][+.]|[+.][\"'`]"
)
"""Several settings in one line, text inside a program, markup: read another way."""
_CALL = re.compile(r"[&*!-]?[A-Za-z_][\w.:>?-]*[(\[{<].*", re.DOTALL)
_ENDED = re.compile(r"[A-Za-z_][\w.:>-]*[)\]}]+")
_PAIRS = {"(": ")", "[": "]", "{": "}", "<": ">"}
_PREFIXES = frozenset(("", "r", "b", "f", "u", "rb", "L", "@", "$"))


def find_in_field(text: str, at: int, label: Label) -> tuple[int, int] | None:
    """The secret that begins at an offset and fills the rest of the line."""
    match = _VALUE.match(text, at)
    if not match or _OTHER.search(match[1]):
        return None
    value = match[1].rstrip(",;")
    value = value[:-2] if value.endswith(("**", "__")) else value
    if len(value) < _LEAST or is_stand_in(value) or _is_quoted(value) or _is_code(value):
        return None
    return (at, at + len(value)) if _fits(value, label) else None


def is_key(value: str, label: Label) -> bool:
    """A key of the shape that is else only an identifier."""
    return label.kind != "credential" and UUID.fullmatch(value) is not None


def _fits(value: str, label: Label) -> bool:
    if label.strength == "token":
        if is_key(value, label):
            return True
        return len(value) >= _LEAST_TOKEN and is_random(value)
    return is_odd(value) or (label.strength == "password" and is_scrambled(value))


def _is_quoted(value: str) -> bool:
    """Ends with a quote that began in it: what is between them is the value."""
    bare = value.rstrip(")]}")
    head, mark, _ = bare[:-1].partition(bare[-1:])
    return bare[-1:] in ("'", '"', "`") and bool(mark) and head in _PREFIXES


def _is_code(value: str) -> bool:
    if _ENDED.fullmatch(value):
        return not is_scrambled(value)
    if not _CALL.fullmatch(value):
        return False
    return _is_balanced(value) or not is_scrambled(value)


def _is_balanced(value: str) -> bool:
    """Brackets close in the order in which they open; more may close or stay open at the end."""
    open_ones: list[str] = []
    for ch in value.rstrip(")]}([{"):
        if ch in _PAIRS:
            open_ones.append(_PAIRS[ch])
        elif ch in _PAIRS.values() and (not open_ones or open_ones.pop() != ch):
            return False
    return len(open_ones) <= len(value) - len(value.rstrip(")]}([{"))
