"""Conversations ⇄ addresses: `chat:claude-code/9f2c41d8`, `chat:whatsapp/ana-3f2a1b7c`.

`chat:…#t41` cites a turn. What is indexed together has an address inside that of its conversation:
a window of turns, `…!/0`, so that a new turn touches few of them; and what is said of the whole.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from cairn.core.records import digest
from cairn.core.uris import INSIDE

SCHEME = "chat:"
WINDOW = 200
"""Turns that are indexed together."""
SITTINGS = 1000
"""Turns whose sittings are told together."""
_EPISODES = "episodes-"
_PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_SLUG_CHARS = 24


def conversation_uri(kind: str, key: str) -> str:
    """A format's own id where it is short and plain, else a readable piece of it and a digest."""
    if _PLAIN.fullmatch(key):
        return f"{SCHEME}{kind}/{key}"
    ascii_only = unicodedata.normalize("NFKD", key).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", ascii_only[:200])[:_SLUG_CHARS].strip("-")
    mark = digest(key, size=6)
    return f"{SCHEME}{kind}/{slug}-{mark}" if slug else f"{SCHEME}{kind}/{mark}"


def window_uri(conversation: str, number: int) -> str:
    """Of the window that the turn of this number is in."""
    return f"{conversation}{INSIDE}{(number - 1) // WINDOW}"


def episodes_uri(conversation: str, number: int) -> str:
    return f"{conversation}{INSIDE}{_EPISODES}{(number - 1) // SITTINGS}"


def parts_of(conversation: str, numbers: Iterable[int]) -> list[str]:
    """The addresses of all parts that turns of these numbers are in."""
    found = {uri(conversation, number) for number in numbers for uri in (window_uri, episodes_uri)}
    return sorted(found)


def turns_of(uri: str) -> tuple[int, int, bool]:
    """The first and last number of a part's turns, and whether it tells their sittings."""
    name = uri.partition(INSIDE)[2]
    size = SITTINGS if name.startswith(_EPISODES) else WINDOW
    first = int(name.removeprefix(_EPISODES)) * size + 1
    return first, first + size - 1, size == SITTINGS


def is_chat(uri: str) -> bool:
    return uri.startswith(SCHEME)
