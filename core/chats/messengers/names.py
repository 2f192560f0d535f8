"""What stands before a colon → is it a person, or a program that keeps a log?

Used by readers of chats that are plain text, to recognise them: logs have dates in brackets too.
"""

from __future__ import annotations

import re

_LEVEL = re.compile(
    r"(?:trace|debug|info|information|notice|warn|warning|err|error|crit|critical|alert|emerg"
    r"|emergency|fatal|severe|panic|exception|verbose|fail|failed|failure|success|stdout|stderr"
    r"|todo|note|status|at|from|to)\b",
    re.I,
)
_CODE = re.compile(r".*[\[\]{}=<>|/\\]|[\w-]+(?:\.[\w-]+)*\.[a-z]\w{0,3}\Z", re.S)
_IDENTIFIER = re.compile(r"[a-z0-9_.:-]+\Z")


def is_program(name: str, *, is_iso: bool) -> bool:
    """Levels and files are never people; words in small letters hardly are after an ISO date."""
    if _LEVEL.match(name) or _CODE.match(name):
        return True
    return is_iso and bool(_IDENTIFIER.match(name))
