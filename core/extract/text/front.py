"""The front matter of a Markdown note → its title, date, author and length.

Parsed by hand: few keys are wanted, and a YAML library would be a dependency and a risk.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from cairn.core.extract.dates import find_time

_KEY = re.compile(
    r"(title|date|published|created|updated|modified|author)\s*[:=]\s*(\S.*)", re.IGNORECASE
)
_DATES = ("date", "published", "created", "updated", "modified")
_MOST_LINES = 200


@dataclass(frozen=True, slots=True)
class FrontMatter:
    title: str = ""
    when: str = ""
    who: str = ""
    lines: int = 0
    """How many lines at the top it takes, fences included; 0 when there is none."""


def read_front_matter(text: str) -> FrontMatter:
    fence = text[:4].rstrip()
    if fence not in ("---", "+++") or not text.startswith(fence + "\n"):
        return FrontMatter()
    rows = text.split("\n", _MOST_LINES + 1)[: _MOST_LINES + 1]
    ends = (fence, "...") if fence == "---" else (fence,)
    last = next((n for n, row in enumerate(rows[1:], 1) if row.rstrip() in ends), 0)
    if not last:
        return FrontMatter()
    values: dict[str, str] = {}
    for row in rows[1:last]:
        if found := _KEY.match(row[:1000]):
            values.setdefault(found[1].lower(), _plain(found[2]))
    dates = (find_time(values.get(key, "")) for key in _DATES)
    who = values.get("author", "").strip("[]{}")
    return FrontMatter(values.get("title", ""), next(filter(None, dates), ""), who, last + 1)


def _plain(value: str) -> str:
    """A scalar without its quotes or trailing comment."""
    value = value.strip()
    if value[:1] in ("'", '"'):
        return value[1:].partition(value[0])[0]
    return value.partition(" #")[0].strip()
