"""Any text → a name for a folder that is readable and safe on every system, or "" if none is in it.

Called wherever the tree gets a new folder. A name is NFC, lower case, letters and digits of any
script between single hyphens, short, without ids and dates, and naming a name changes nothing.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from itertools import groupby

INBOX = "inbox"
"""For the user's thoughts; nothing else is put there."""
DEEPEST = 3
_LOOKED_AT = 200
_LONGEST = 40
_MOST_BYTES = 120
"""Encrypted home folders allow 143."""
_MOST_MARKS = 4
"""Accents upon one letter: more than any script needs."""
_RESERVED = frozenset(
    ("con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(10)))
)
_NOT_DOMAINS = frozenset((INBOX, "archive", "archived", "trash"))
_ARTICLES = frozenset("the a an my our".split())
_APOSTROPHES = "'’ʼ`´"
# Letters and marks that are not seen, by which two names could differ.
_UNSEEN = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]"
)
_SPELLED_OUT = (("c++", "cpp"), ("c#", "csharp"))
_YEAR = re.compile(r"(?:19|20)\d\d")
_SWITCH = re.compile(r"(?<=\d)(?=[^\W\d_])|(?<=[^\W\d_])(?=\d)")
_LONG_NUMBER = re.compile(r"\d{5}")
_UUID = re.compile(r"(?<!\w)[0-9a-f]{8}(?:[\W_][0-9a-f]{4}){3}[\W_][0-9a-f]{12}(?!\w)")
_HEX = re.compile(r"[0-9a-f]{8,}")


def name(text: str) -> str:
    """The words of a text that a person would call a folder by; "" when there are none."""
    words = [word for word in _words(text) if not _is_id(word)]
    words = list(_without_dates(words))
    while len(words) > 1 and words[0] in _ARTICLES:
        del words[0]
    result = _short(words)
    if not any(char.isalpha() for char in result):
        return ""
    return f"{result}-notes" if result in _RESERVED else result


def domain(text: str) -> str:
    """A name for the first level, where some have a meaning of their own."""
    result = name(text)
    return f"{result}-notes" if result in _NOT_DOMAINS else result


def fold(text: str) -> str:
    """The same for all spellings of a subject or tag: case, white space, Unicode form."""
    plain = unicodedata.normalize("NFKC", text[:_LOOKED_AT]).casefold()
    return " ".join(unicodedata.normalize("NFKC", plain).split())


def twin(text: str, *, is_person: bool = False) -> str:
    """The same for names that should not be two folders: `Garden`, `garden`, `gardens`."""
    plain = fold(name(text) or text)
    if is_person or len(plain) < 5 or plain.endswith(("ss", "us", "is")):
        return plain
    if plain.endswith("ies"):
        return plain[:-3] + "y"
    return plain.removesuffix("s")


def is_folder(path: str) -> bool:
    """Can it be a folder of the tree that entries are put in? People name folders as they like."""
    parts = path.split("/")
    return all(
        part and part[0] not in "._" and not re.search(r"[\x00-\x1f\x7f\\\ud800-\udfff]", part)
        for part in parts
    )


def _words(text: str) -> list[str]:
    plain = unicodedata.normalize("NFKC", text[:_LOOKED_AT]).lower()
    for sign, word in _SPELLED_OUT:
        plain = plain.replace(sign, word)
    letters: list[str] = []
    marks = 0
    for char in unicodedata.normalize("NFKC", _UUID.sub(" ", _UNSEEN.sub("", plain))):
        kind = unicodedata.category(char)
        marks = marks + 1 if kind[0] == "M" else 0
        if kind[0] in "LN" or (kind[0] == "M" and letters and letters[-1] != " "):
            letters += char if marks <= _MOST_MARKS else ""
        elif kind != "Cf" and char not in _APOSTROPHES:
            letters.append(" ")
    return unicodedata.normalize("NFKC", "".join(letters)).split()


def _is_id(word: str) -> bool:
    """A hash, a number of a record, a random key: `9f2c41d8`, `1718450000`, `c04abcdef`."""
    if _LONG_NUMBER.search(word):
        return True
    switches = len(_SWITCH.findall(word))
    if switches >= 3:
        return len(word) >= 6
    digits = sum(char.isdecimal() for char in word)
    return len(word) >= 8 and (switches == 2 or (digits >= 2 and bool(_HEX.fullmatch(word))))


def _without_dates(words: list[str]) -> Iterator[str]:
    """`2024-05-12` goes, the year alone stays: `lisbon-2024`."""
    for is_number, run in groupby(words, str.isdecimal):
        part = list(run)
        if not (is_number and len(part) > 1 and any(map(_YEAR.fullmatch, part))):
            yield from part


def _short(words: list[str]) -> str:
    result = ""
    for word in words:
        longer = f"{result}-{word}" if result else _cut(word)
        if _cut(longer) != longer:
            break
        result = longer
    return result


def _cut(text: str) -> str:
    text = text[:_LONGEST]
    while len(text.encode("utf-8", "replace")) > _MOST_BYTES:
        text = text[:-1]
    return text
