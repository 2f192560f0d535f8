"""What the finders of secrets pass to each other, and the arithmetic they share.

Every finder takes a text and yields `Found`s; `redact` settles which of them overlap.
"""

from __future__ import annotations

import hashlib
import math
import re
from collections import Counter
from dataclasses import dataclass
from typing import Literal

Certainty = Literal[1, 2, 3]
"""1 known by the words beside it, 2 by its own shape, 3 by its own first and last line."""

_BASE58 = {
    letter: at
    for at, letter in enumerate("123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz")
}
_NAME = re.compile(r"[A-Za-z_]\w*(?:(?:\.|->|::|/)[A-Za-z_][\w-]*)+")
_SEAM = re.compile(r"(?<=[a-z])(?=[A-Z\d])|(?<=[A-Z])(?=[A-Z][a-z]|\d)|(?<=\d)(?=[A-Za-z])")
_DOUBLED = 2.5  # bits a character: below this a text repeats itself


@dataclass(frozen=True, slots=True)
class Found:
    """`text[start:end]` is a secret of some kind."""

    start: int
    end: int
    kind: str
    certainty: Certainty = 1


def passes_luhn(digits: str) -> bool:
    total = 0
    for at, digit in enumerate(reversed(digits)):
        doubled = int(digit) * (1 + at % 2)
        total += doubled - 9 if doubled > 9 else doubled
    return total % 10 == 0


def is_base58_checked(text: str) -> bool:
    """Whether a Base58 text ends with the checksum of what is before it."""
    number = 0
    for letter in text:
        number = number * 58 + _BASE58[letter]
    data = number.to_bytes((number.bit_length() + 7) // 8, "big")
    body, checksum = data[:-4], data[-4:]
    return hashlib.sha256(hashlib.sha256(body).digest()).digest()[:4] == checksum


def is_mixed(text: str) -> bool:
    """Letters of both cases and digits, as in a random token and in no word."""
    text = text[:400]
    return (
        any(ch.isdigit() for ch in text)
        and any(ch.islower() for ch in text)
        and any(ch.isupper() for ch in text)
    )


def is_varied(text: str) -> bool:
    text = text[:400]
    counted = Counter(text)
    entropy = -sum(n / len(text) * math.log2(n / len(text)) for n in counted.values())
    return entropy >= _DOUBLED


def is_scrambled(text: str) -> bool:
    """Case and digits change every few characters, as in no name that is made of words."""
    text = text[:200]
    return len(text) >= 8 and len(_SEAM.findall(text)) >= max(3, len(text) / 5)


def is_name(text: str) -> bool:
    """`config.db.password`, `this->token`, `secrets/db`: says where a secret is, isn't one."""
    return _NAME.fullmatch(text) is not None and not (len(text) >= 12 and is_scrambled(text))
