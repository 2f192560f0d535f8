"""The lines of calendars and address books → components with their properties, decoded.

Called by `calendar.py` and `contacts.py`: both formats share their line syntax, and old versions
of it (folding by quoted-printable, bare parameters) are still written by phones. Time is linear,
nothing raises, and a file torn off in the middle gives all up to there.
"""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from cairn.core.extract.source import Source, clean, decode, decode_bytes, unify_newlines

_QUOTED_OR_COLON = re.compile(r'"[^"]*"|:')
_PARAMETERS = re.compile(r'(?:"[^"]*"|[^;"]|")+')
_NAME = re.compile(r"(?:([\w-]{1,60})\.)?([\w-]{1,60})\Z", re.ASCII)
_ESCAPE = re.compile(r"\\([\\;,:nN\"])")
_CARET = {"^n": "\n", "^'": '"', "^^": "^"}
# Old calendars of Mozilla's fold a line behind its name, some with an empty line in between.
_BARE_NAME = re.compile(r"^([\w-]{1,60})(\n(?:[ \t]{0,9}\n)?)[ \t]([:;][^\n]*)", re.MULTILINE)
_LONGEST_HEAD = 10_000
_ENCODINGS = ("QUOTED-PRINTABLE", "BASE64", "B")


@dataclass(frozen=True, slots=True)
class Property:
    group: str
    name: str
    parameters: tuple[tuple[str, str], ...]
    raw: str
    line: int

    def parameter(self, name: str) -> str:
        return next((value for key, value in self.parameters if key == name), "")

    def parameters_of(self, name: str) -> list[str]:
        values = [value for key, value in self.parameters if key == name]
        return [part.strip() for value in values for part in value.split(",") if part.strip()]

    @property
    def is_binary(self) -> bool:
        encoded = self.parameter("ENCODING").upper() in ("B", "BASE64")
        return encoded or self.raw[:5].lower() == "data:"

    @property
    def decoded(self) -> str:
        """The value with its transfer encoding undone, escapes still in it."""
        if self.parameter("ENCODING").upper() != "QUOTED-PRINTABLE":
            return self.raw
        data = binascii.a2b_qp(self.raw.encode("utf-8"))
        return clean(unify_newlines(decode_bytes(data, self.parameter("CHARSET"))))

    @property
    def text(self) -> str:
        return unescape(self.decoded).strip()

    def fields(self, separator: str = ";") -> list[str]:
        """The value cut at a separator that isn't escaped."""
        pieces = re.split(rf"(?<!\\){separator}", self.decoded)
        return [unescape(piece).strip() for piece in pieces]


@dataclass(slots=True)
class Component:
    name: str
    line: int
    properties: list[Property] = field(default_factory=list)

    def first(self, name: str) -> Property | None:
        return next((found for found in self.properties if found.name == name), None)

    def all(self, *names: str) -> list[Property]:
        return [found for found in self.properties if found.name in names]

    def text(self, name: str) -> str:
        found = self.first(name)
        return found.text if found else ""


def decode_lines(source: Source) -> tuple[str, str]:
    """The file's text and a note; pictures in it don't count for the limit of text."""
    return decode(replace(source, max_chars=len(source.data)))


def unescape(text: str) -> str:
    return _ESCAPE.sub(lambda found: "\n" if found[1] in "nN" else found[1], text)


def read_components(text: str, wanted: frozenset[str]) -> Iterator[Component]:
    """The components of the wanted kinds in order, what is nested in them left out.

    A component ends where the next of its kind begins, should its own end be missing.
    """
    current: Component | None = None
    inside: list[str] = []
    for found in read_properties(text):
        name = found.raw.strip().upper()
        if found.name == "BEGIN":
            if name in wanted:
                if current:
                    yield current
                current, inside = Component(name, found.line), []
            elif current:
                inside.append(name)
        elif found.name == "END":
            if current and name == current.name:
                yield current
                current = None
            elif inside and name == inside[-1]:
                inside.pop()
        elif current and not inside:
            current.properties.append(found)
    if current:
        yield current


def read_properties(text: str) -> Iterator[Property]:
    for line, row in _unfold(text):
        if found := _parse(line, row):
            yield found


def _unfold(text: str) -> Iterator[tuple[int, str]]:
    """Logical lines with the number of their first row."""
    text = _BARE_NAME.sub(r"\1\3\2", text)
    pieces: list[str] = []
    first = 1
    soft = torn = False
    for number, row in enumerate(text.split("\n"), start=1):
        if pieces and (soft or row[:1] in (" ", "\t")):
            pieces.append(row if soft else row[1:])
        elif pieces and not row.strip():
            torn = True  # some writers fold a line with an empty one before the rest
            continue
        elif pieces and not torn and not _looks_like_property(row):
            pieces.append("\n" + row)  # a line break that its writer forgot to escape
        else:
            if pieces:
                yield first, "".join(pieces)
            pieces, first = [row] if row.strip() else [], number
        torn = False
        encoded = bool(pieces) and "QUOTED-PRINTABLE" in pieces[0][:_LONGEST_HEAD].upper()
        soft = encoded and row.endswith("=")
        if soft:
            pieces[-1] = pieces[-1][:-1]
    if pieces:
        yield first, "".join(pieces)


def _looks_like_property(row: str) -> bool:
    head = re.split("[:;]", row[:200], maxsplit=1)
    return len(head) == 2 and _NAME.match(head[0].strip()) is not None


def _parse(line: int, row: str) -> Property | None:
    colon = next((at for at in _QUOTED_OR_COLON.finditer(row) if at[0] == ":"), None)
    if not colon or colon.start() > _LONGEST_HEAD:
        return None
    name, *rest = _PARAMETERS.findall(row[: colon.start()]) or [""]
    found = _NAME.match(name.strip())
    if not found:
        return None
    parameters = tuple(_parameter(piece) for piece in rest)
    group = (found[1] or "").lower()
    return Property(group, found[2].upper(), parameters, row[colon.end() :], line)


def _parameter(piece: str) -> tuple[str, str]:
    name, equals, value = piece.partition("=")
    name = name.strip().upper()
    if not equals:  # version 2.1 of vCard: `TEL;HOME;QUOTED-PRINTABLE:`
        return ("ENCODING" if name in _ENCODINGS else "TYPE"), name
    value = value.replace('"', "").strip()
    return name, re.sub(r"\^[n'^]", lambda mark: _CARET[mark[0]], value)
