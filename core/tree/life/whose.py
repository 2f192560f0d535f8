"""An entry → whether it is about the user, and not about somebody the user spoke of."""

from __future__ import annotations

import re
from collections.abc import Collection

from cairn.core.records import Entry

_USER = frozenset(("you", "me", "i", "user", "the user", "myself"))
_YOURS = re.compile(r"(?:you|your|my)\b", re.IGNORECASE)


def is_about_user(entry: Entry, names: Collection[str] = ()) -> bool:
    """By its subject, or else by how the claim begins; `names` are the user's own."""
    if entry.origin != "user":
        return False
    subject = entry.subject.strip().casefold()
    if subject in _USER or _YOURS.match(subject) or _begins(subject, names):
        return True
    return bool(_YOURS.match(entry.body)) or _begins(entry.body[:200].casefold(), names)


def _begins(text: str, names: Collection[str]) -> bool:
    """`Ana`, `Ana's home`; not `Anabel`."""
    return any(
        text.startswith(name) and not text[len(name) : len(name) + 1].isalnum()
        for name in (each.strip().casefold() for each in names)
        if name
    )
