"""Entries and their maturity → the lines of the profile, by section.

Called by `profile`. Only what the user said or wrote, that is borne out and still holds; each line
has its entry and the address of its source. The same entries give the same lines.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping

from cairn.core.records import Entry
from cairn.core.tree.life.constants import OVERDUE_FOR, PROFILE_LINE, PROFILE_LINES
from cairn.core.tree.life.days import day_number
from cairn.core.tree.life.due import is_settled
from cairn.core.tree.life.signals import Maturity
from cairn.core.tree.life.whose import is_about_user

Known = tuple[Entry, Maturity]
SECTIONS = ("Who", "Where", "Preferences", "People", "Projects", "Promises")
_BY_KIND = {
    "preference": "Preferences", "person": "People", "project": "Projects", "promise": "Promises",
}  # fmt: skip
_PLACE = re.compile(
    r"\b(?:home|house|flat|apartment|address|city|town|country|region|residence|lives?|living|"
    r"location|hometown|workplace|office|timezone|time zone)\b",
    re.IGNORECASE,
)
_WHO = re.compile(
    r"\b(?:name|age|birth\w*|born|job|occupation|profession|role|employer|work\w*|company|stud\w+|"
    r"school|university|degree|nationality|citizenship|languages?|family|married|partner|wife|"
    r"husband|child\w*|sons?|daughters?|siblings?|parents?|pets?|diet|allerg\w+|religion|health)\b",
    re.IGNORECASE,
)
"""What says who somebody is; other facts come after it, as far as a page goes."""
_LIVES = re.compile(
    r"\S+(?:'re| are| is)? (?:now |currently )?(?:lives?|living|based|moved)\b", re.I
)


def sections(
    known: Iterable[Known], now: str, paths: Mapping[str, str], names: Collection[str] = ()
) -> dict[str, list[str]]:
    """Titles of the sections that have something to say, each with its lines."""
    found: dict[str, list[tuple[tuple[object, ...], str]]] = {title: [] for title in SECTIONS}
    listed = {entry.id: (entry, maturity) for entry, maturity in known}
    replaced = {
        relation.to
        for entry, _ in listed.values()
        for relation in entry.relations
        if relation.type == "supersedes" and relation.to != entry.id
    }
    for entry, maturity in listed.values():
        title = _section(entry, names)
        if title and _belongs(entry, maturity, now) and entry.id not in replaced:
            found[title].append((_order(entry, maturity), _line(entry, paths)))
    rows = {
        title: list(dict.fromkeys(line for _, line in sorted(lines)))[:PROFILE_LINES]
        for title, lines in found.items()
    }
    return {title: lines for title, lines in rows.items() if lines}


def _belongs(entry: Entry, maturity: Maturity, now: str) -> bool:
    if entry.origin != "user" or maturity not in ("validated", "core") or is_settled(entry):
        return False
    until, today = day_number(entry.valid_until, end=True), day_number(now)
    if until is None or today is None:
        return True
    return today - until < (OVERDUE_FOR if entry.kind == "promise" else 0)


def _section(entry: Entry, names: Collection[str]) -> str:
    """Facts, preferences and promises only if they are the user's."""
    if entry.kind not in ("person", "project") and not is_about_user(entry, names):
        return ""
    if entry.kind != "fact":
        return _BY_KIND.get(entry.kind, "")
    about = f"{entry.subject} {entry.attribute}"
    return "Where" if _PLACE.search(about) or _LIVES.match(entry.body[:200]) else "Who"


def _order(entry: Entry, maturity: Maturity) -> tuple[object, ...]:
    """What is due first, then what says who somebody is, then core, then by name."""
    due = (entry.valid_until or "9") if entry.kind == "promise" else ""
    is_aside = entry.kind == "fact" and not _WHO.search(f"{entry.subject} {entry.attribute}")
    return due, is_aside, maturity != "core", entry.title.casefold(), entry.id


def _line(entry: Entry, paths: Mapping[str, str]) -> str:
    claim = _plain(entry.body) or _plain(entry.title)
    if entry.kind in ("person", "project"):
        name = _plain(entry.title)
        claim = claim if claim.casefold().startswith(name.casefold()) else f"{name}: {claim}"
    if entry.kind == "promise" and entry.valid_until:
        claim += f" (by {_plain(entry.valid_until[:10])})"
    path = paths.get(entry.id, entry.id).removesuffix(".md")
    target = re.sub(r"[\[\]|#\s]+", " ", _inert(path)).strip()
    source = f" {_code(entry.sources[0].uri)}" if entry.sources else ""
    return f"- {claim} [[{target}]]{source}"


def _plain(text: str) -> str:
    """One line without links of its own, not too long."""
    line = " ".join(text.split())
    if len(line) > PROFILE_LINE:
        line = line[:PROFILE_LINE].rsplit(" ", 1)[0] + " …"
    return re.sub(r"\[\[([^\[\]|]*\|)?|\]\]", "", _inert(line))


def _code(text: str) -> str:
    plain = _inert(" ".join(text.split())).replace("`", "'")
    return f"`{plain}`"


def _inert(text: str) -> str:
    """Without what the page's own marks are made of, and what no file can hold."""
    text = text.encode("utf-8", "replace").decode()
    return text.replace("<!--", "<! --").replace("-->", "-- >")
