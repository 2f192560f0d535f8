"""New entries: their ids, titles and file names.

Called by the engine for `remember` and by the curation for what it proposes. A path that is taken
is never given out.
"""

from __future__ import annotations

import re
import secrets
import unicodedata
from collections.abc import Callable

from cairn.core.records import Entry, digest

INBOX = "inbox"
_LETTERS = "abcdefghijkmnpqrstuvwxyz23456789"
_TITLE_LENGTH = 70
_RANDOM, _DERIVED = 7, 9


def thought(text: str, created: str, request: str = "") -> Entry:
    """What a user wants remembered, in their own words; one request's is always the same entry."""
    body = text.strip()
    first = re.sub(r"^[#>*\-\s]+", "", body.splitlines()[0]).strip() or "Thought"
    id = "e_" + "".join(secrets.choice(_LETTERS) for _ in range(_RANDOM))
    if request:
        id = derived_id(f"remembered {request}")
    return Entry(id, shorten(first), "fact", body, created, valid_from=created[:10])


def derived_id(key: str) -> str:
    """The same for the same proposal, so that a repeated one is not a second entry."""
    number = int(digest("entry", key), 16)
    letters = []
    for _ in range(_DERIVED):
        number, index = divmod(number, len(_LETTERS))
        letters.append(_LETTERS[index])
    return "e_" + "".join(letters)


def shorten(title: str) -> str:
    title = " ".join(title.split())
    if len(title) <= _TITLE_LENGTH:
        return title
    return title[:_TITLE_LENGTH].rsplit(" ", 1)[0] + " …"


def free_path(folder: str, title: str, is_taken: Callable[[str], bool]) -> str:
    stem = f"{folder}/{slug(title)}"
    path, number = f"{stem}.md", 1
    while is_taken(path):
        number += 1
        path = f"{stem}-{number}.md"
    return path


def slug(title: str) -> str:
    plain = unicodedata.normalize("NFKC", title).casefold()
    return re.sub(r"[^\w]+", "-", plain).strip("-_")[:48].rstrip("-_") or "thought"
