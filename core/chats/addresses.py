"""Conversations ⇄ addresses: `chat:claude-code/9f2c41d8`, `chat:whatsapp/ana-3f2a1b7c`.

`chat:…#t41` cites a turn. What is indexed together has an address inside that of its conversation:
a window of turns, `…!/0`, so that a new turn touches few of them; and what is said of the whole.
"""

from __future__ import annotations

import re
import unicodedata

from cairn.core.records import digest
from cairn.core.uris import INSIDE

SCHEME = "chat:"
WINDOW = 200
"""Turns that are indexed together."""
_EPISODES = "episodes"
_PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_SLUG_CHARS = 24


def conversation_uri(kind: str, key: str) -> str:
    """A format's own id where it is short and plain, else a readable piece of it and a digest."""
    if _PLAIN.fullmatch(key):
        return f"{SCHEME}{kind}/{key}"
    ascii_only = unicodedata.normalize("NFKD", key).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", ascii_only[:200])[:_SLUG_CHARS].strip("-")
    mark = digest(key, size=4)
    return f"{SCHEME}{kind}/{slug}-{mark}" if slug else f"{SCHEME}{kind}/{mark}"


def window_uri(conversation: str, window: int) -> str:
    return f"{conversation}{INSIDE}{window}"


def episodes_uri(conversation: str) -> str:
    return f"{conversation}{INSIDE}{_EPISODES}"


def window_of(uri: str) -> int | None:
    """The number of the window that an address names; None for the episodes."""
    name = uri.partition(INSIDE)[2]
    return None if name == _EPISODES else int(name)


def is_chat(uri: str) -> bool:
    return uri.startswith(SCHEME)
