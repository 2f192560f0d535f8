"""Entries ⇄ Markdown files of the tree. For now: a thought → a new file in `tree/inbox`.

Called by the engine for `remember`. A file that exists is never overwritten.
"""

from __future__ import annotations

import json
import re
import secrets
import unicodedata
from pathlib import Path

from cairn.core.home import write_atomic
from cairn.core.records import Entry

_ID_LETTERS = "abcdefghijkmnpqrstuvwxyz23456789"
_TITLE_LENGTH = 70


def new_entry(text: str, created: str) -> Entry:
    body = text.strip()
    first = re.sub(r"^[#>*\-\s]+", "", body.splitlines()[0]).strip() or "Thought"
    if len(first) > _TITLE_LENGTH:
        first = first[:_TITLE_LENGTH].rsplit(" ", 1)[0] + " …"
    return Entry(
        id="e_" + "".join(secrets.choice(_ID_LETTERS) for _ in range(7)),
        title=first,
        kind="fact",
        body=body,
        created=created,
        valid_from=created[:10],
    )


def render_entry(entry: Entry) -> str:
    # JSON strings are valid YAML scalars, whatever the title holds.
    title = json.dumps(entry.title, ensure_ascii=False)
    return (
        f"---\nid: {entry.id}\ntitle: {title}\nkind: {entry.kind}\norigin: user\n"
        f"created: {entry.created}\nvalid_from: {entry.valid_from}\n---\n{entry.body}\n"
    )


def write_to_inbox(tree: Path, entry: Entry) -> Path:
    folder = tree / "inbox"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    stem = f"{entry.created[:10]}-{_slug(entry.title)}"
    path = folder / f"{stem}.md"
    number = 1
    while path.exists():
        number += 1
        path = folder / f"{stem}-{number}.md"
    write_atomic(path, render_entry(entry))
    return path


def _slug(title: str) -> str:
    plain = unicodedata.normalize("NFKC", title).casefold()
    return re.sub(r"[^\w]+", "-", plain).strip("-")[:40].rstrip("-") or "thought"
