"""The name that a text bears → the name by which its author is told from the user.

Called wherever words come in with a name that somebody else chose. cairn calls its user "me", and
what is said begins with "name: "; who is called like that, or has a colon in his name, would
otherwise speak with the user's voice.
"""

from __future__ import annotations

import unicodedata

_OF_USER = frozenset(("me", "i", "ich", "you", "self", "myself", "user", "the user"))


def of_other(name: str) -> str:
    """For whoever is not the user; names that mean nothing else stay as they are."""
    parts = unicodedata.normalize("NFKC", name).casefold().split(",")
    if ": " not in name and not any(part.strip() in _OF_USER for part in parts):
        return name
    return f"somebody called “{' '.join(name.replace(':', ' ').replace(',', ' ').split())}”"
