"""The addresses of the last answer or search → what a bare number in `show` and `open` means.

Written after every question, so it imports next to nothing and never fails one. The file in the
home's `run` folder holds addresses only, no text, and is for its owner alone.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable

from cairn.app import protocol
from cairn.core.errors import NotFound

_NUMBER = re.compile(r"\[?\s*([0-9]{1,6})\s*\]?")


def last_file(home: str) -> str:
    return os.path.join(home, "run", "last.json")


def remember_last(home: str, addresses: Iterable[str]) -> None:
    """Replace what was remembered; a home that can't be written to loses only this convenience."""
    path = last_file(home)
    temporary = f"{path}.{os.getpid()}.tmp"
    try:
        flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_CLOEXEC
        descriptor = os.open(temporary, flags, 0o600)
        try:
            os.write(descriptor, json.dumps({"addresses": list(addresses)}).encode())
        finally:
            os.close(descriptor)
        os.replace(temporary, path)
    except OSError:
        return


def recall_last(home: str, number: int) -> str:
    """The address with this number, counted from 1; NotFound when there is none."""
    try:
        with open(last_file(home), encoding="utf-8") as file:
            addresses = json.load(file)["addresses"]
        if not all(isinstance(address, str) for address in addresses):
            raise TypeError
    except FileNotFoundError:
        raise NotFound(
            "nothing has been asked yet, so no citation has a number",
            'ask first, such as `cairn ask "what did we agree on?"`, or give an address',
        ) from None
    except (OSError, ValueError, KeyError, TypeError):
        raise NotFound("the numbers of the last answer are lost", "ask again") from None
    if not 1 <= number <= len(addresses):
        there = f"1 to {len(addresses)}" if addresses else "none"
        raise NotFound(
            f"the last answer or search has no citation {number}",
            f"its numbers: {there}; a file of that name is `./{number}`",
        )
    return str(addresses[number - 1])


def resolve(citation: str) -> str:
    """A number, `2` or `[2]`, as the address that it stands for; anything else as it is."""
    found = _NUMBER.fullmatch(citation.strip())
    return recall_last(protocol.home_of(), int(found[1])) if found else citation
