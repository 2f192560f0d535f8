"""An address book (vCard 2.1, 3 and 4) → a block of readable lines for each contact.

Called by `extract`. A citation names the line where the contact begins. A birthday is a fact about
a person, never the date of the text; pictures, keys and sounds are left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from cairn.core.extract.mail.calendar_words import Stamp, read_stamp
from cairn.core.extract.mail.content_lines import (
    Component,
    Property,
    decode_lines,
    read_components,
)
from cairn.core.extract.source import Source, clean, clip, is_visible
from cairn.core.records import Block, Document, Place

_LABELS = {
    "NICKNAME": "Nickname",
    "ORG": "Organisation",
    "TITLE": "Title",
    "ROLE": "Role",
    "EMAIL": "Mail",
    "TEL": "Phone",
    "ADR": "Address",
    "BDAY": "Birthday",
    "ANNIVERSARY": "Anniversary",
    "X-ANNIVERSARY": "Anniversary",
    "X-ABDATE": "Date",
    "RELATED": "Related",
    "X-ABRELATEDNAMES": "Related",
    "X-SPOUSE": "Spouse",
    "X-ASSISTANT": "Assistant",
    "X-MANAGER": "Manager",
    "IMPP": "Messenger",
    "X-SKYPE": "Skype",
    "URL": "Web",
    "CATEGORIES": "Groups",
    "NOTE": "Note",
}
_ORDER = {name: number for number, name in enumerate(_LABELS)}
_DAYS = frozenset(("BDAY", "ANNIVERSARY", "X-ANNIVERSARY", "X-ABDATE"))
_TYPES = {"cell": "mobile", "home": "home", "work": "work", "fax": "fax", "pager": "pager"}
_TYPES |= {"iphone": "mobile", "main": "main", "other": "other", "school": "school"}
_RELATIVES = frozenset(
    "spouse child parent sibling friend partner mother father brother sister colleague assistant "
    "emergency agent neighbor manager kin".split()
)
_SCHEME = re.compile(r"(?:tel|mailto|xmpp|sip|skype):", re.IGNORECASE)
_NO_YEAR = re.compile(r"--(\d\d)-?(\d\d)", re.ASCII)
_APPLE_LABEL = re.compile(r"_\$!<(.*)>!\$_", re.DOTALL)
_APPLE_NO_YEAR = "1604"


def read_contacts(source: Source) -> Document:
    text, note = decode_lines(source)
    pieces: list[str] = []
    places: list[Place] = []
    blocks: list[Block] = []
    size = 0
    for component in read_components(text, frozenset(("VCARD",))):
        name = _name(component)
        shown = clean("\n".join((name or "(contact without a name)", *_facts(component))))
        if not name and "\n" not in shown:
            continue
        places.append(Place(size, "L", component.line))
        blocks.append(Block(size, size + len(shown), (name,) if name else ()))
        pieces.append(shown)
        size += len(shown) + 2
    only = blocks[0].heading if len(blocks) == 1 else ()
    return Document(
        uri=source.uri,
        kind="contact",
        title=only[0] if only else source.stem,
        text="\n\n".join(pieces),
        places=tuple(places) or (Place(0, "L", 1),),
        blocks=tuple(blocks),
        note=note,
    )


def _name(component: Component) -> str:
    if name := clip(component.text("FN")):
        return name
    if found := component.first("N"):
        family, given, middle, before, after, *_ = [*found.fields(), "", "", "", "", ""]
        name = clip(" ".join(part for part in (before, given, middle, family, after) if part))
    return name or clip(component.text("ORG").replace(";", ", ")) or clip(component.text("EMAIL"))


def _facts(component: Component) -> Iterator[str]:
    labels = {found.group: found.text for found in component.all("X-ABLABEL") if found.group}
    known = [found for found in component.properties if found.name in _LABELS]
    shown: set[str] = set()
    for found in sorted(known, key=lambda found: _ORDER[found.name]):
        if found.is_binary:
            continue
        value = _value(found)
        row = f"{_LABELS[found.name]}{_types(found, labels)}: {value}"
        if is_visible(value) and row not in shown:
            shown.add(row)
            yield row


def _value(found: Property) -> str:
    if found.name in _DAYS:
        return _day(found)
    if found.name in ("ORG", "ADR"):
        return ", ".join(" ".join(part.split()) for part in found.fields() if part)
    if found.name in ("NICKNAME", "CATEGORIES"):
        return ", ".join(part for part in found.fields(",") if part)
    if found.name == "NOTE":
        return "\n".join(row.rstrip() for row in found.text.split("\n") if row.strip())
    return " ".join(_SCHEME.sub("", found.text, count=1).split())


def _day(found: Property) -> str:
    value = found.text
    if yearless := _NO_YEAR.match(value):
        stamp = read_stamp(f"2000{yearless[1]}{yearless[2]}")  # a leap year has every day
        return _day_and_month(stamp) if stamp else value
    stamp = read_stamp(value) or read_stamp(value[:10]) or read_stamp(value[:8])
    if stamp is None:
        return " ".join(value.split())
    if found.parameter("X-APPLE-OMIT-YEAR") or stamp.iso.startswith(_APPLE_NO_YEAR):
        return _day_and_month(stamp)
    return f"{_day_and_month(stamp)} {stamp.at.year} ({stamp.iso[:10]})"


def _day_and_month(stamp: Stamp) -> str:
    return " ".join(stamp.day_words.split()[1:3])


def _types(found: Property, labels: dict[str, str]) -> str:
    """Such as " (home, mobile)", from types or from a label of the user's own."""
    if label := labels.get(found.group, "") if found.group else "":
        return f" ({_APPLE_LABEL.sub(lambda at: at[1].lower(), clip(label))})"
    given = [name.lower() for name in found.parameters_of("TYPE")]
    names = [_TYPES.get(name) or (name if name in _RELATIVES else "") for name in given]
    names = list(dict.fromkeys(name for name in names if name))
    return f" ({', '.join(names)})" if names else ""
