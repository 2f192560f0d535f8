"""A citation as a person types it → the Target that it names.

Called for `show` and `open`. Takes addresses (`file:~/garden.md#L12-L18`, also of what lies inside
another file, `file:~/trip.eml!/plan.docx#n3`) and plain paths (`garden.md:12`, `a.pdf#p3`).
The address of a Target, parsed again, gives the same Target.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from cairn.core.errors import ConfigError
from cairn.core.records import SHEET, UNIT_WORDS, Span, Unit
from cairn.core.uris import INSIDE, file_uri, part_name, uri_path

_EXAMPLE = "a citation looks like `file:~/notes/garden.md#L12-L18`, `~/notes/garden.md:12` or `2`"
_PLACE = re.compile(r"([Lptsnmc])([0-9]{1,9})|sheet([0-9]{1,9})!([0-9]{1,9})")
_LINES = re.compile(
    r"(?P<path>.+?):(?P<first>[0-9]{1,9})(?:-(?P<last>[0-9]{1,9})|:[0-9]{1,9})?", re.DOTALL
)
_WORDS: dict[str, Unit] = {
    "p.": "p",
    "row ": "r",
    **{f"{word} ": unit for unit, word in UNIT_WORDS.items() if unit not in ("L", "r")},
}
_SAID = re.compile(
    r"(?P<path>.+?)(?: sheet (?P<sheet>[0-9]{1,9}))? "
    rf"(?P<word>{'|'.join(map(re.escape, _WORDS))})(?P<first>[0-9]{{1,9}})",
    re.DOTALL,
)
_SHOWN_INSIDE = " › "
"""Between a file and what lies inside it, as the search prints it."""
_CHAT = re.compile(r"chat:[a-z-]{1,20}/[A-Za-z0-9._-]{1,80}")
_FOREIGN = re.compile(r"[a-z][a-z0-9+.-]*://|(?:mailto|data):", re.IGNORECASE)
_LONGEST = 8192
_Place = tuple[Unit, int, int]


@dataclass(frozen=True, slots=True)
class Target:
    """A file, or a document inside it, and the place in that which is meant."""

    path: Path
    """Absolute; for a document inside a file, that file."""
    part: str = ""
    """What lies inside the file, as its address has it after `!/`."""
    unit: Unit | None = None
    """None means all of it."""
    first: int = 0
    last: int = 0
    chat: str = ""
    """The address of a conversation; then there is no path."""

    @property
    def container(self) -> str:
        return file_uri(self.path)

    @property
    def uri(self) -> str:
        if self.chat:
            return self.chat
        return self.container + INSIDE + self.part if self.part else self.container

    @property
    def name(self) -> str:
        return self.chat or self.part.rpartition("/")[2] or self.path.name

    @property
    def locator(self) -> str:
        return Span(0, 0, self.unit, self.first, self.last).locator if self.unit else ""

    @property
    def address(self) -> str:
        return f"{self.uri}#{self.locator}" if self.unit else self.uri


def parse_citation(text: str) -> Target:
    """Raises ConfigError for what can't be a citation; whether the file is there is not checked."""
    given = _given(text)
    if given.startswith("chat:") and not os.path.lexists(given):
        return _conversation(given)
    target = _address(given) if given.startswith("file:") else _plain(given)
    if os.path.isdir(target.path):
        raise ConfigError(f"{target.path} is a folder", f"name a file in it; {_EXAMPLE}")
    return target


def parse_address(text: str) -> Target:
    """Of an address as the search prints it, or a whole path. The disk is not looked at, so that
    whoever asks learns nothing of what lies there."""
    given = _given(text)
    if given.startswith("chat:"):
        return _conversation(given)
    if given.startswith("file:"):
        return _address(given)
    name, _, tail = given.rpartition("#")
    place = read_locator(tail)
    path, _, part = (name if place else given).partition(INSIDE)
    return Target(Path(os.path.abspath(os.path.expanduser(path))), part_name(part), *(place or ()))


def _given(text: str) -> str:
    given = text.strip()
    if not given or "\0" in given or len(given) > _LONGEST:
        raise _nonsense(text)
    return given


def _conversation(given: str) -> Target:
    name, mark, tail = given.partition("#")
    place = read_locator(tail) if mark else None
    if not _CHAT.fullmatch(name) or (mark and (not place or place[0] != "t")):
        raise _nonsense(given)
    unit, first, last = place or (None, 0, 0)
    return Target(Path(), "", unit, first, last, chat=name)


def _address(given: str) -> Target:
    body = given.removeprefix("file:")
    if body.startswith("//"):  # a link as other programs write it
        body = body.removeprefix("//").removeprefix("localhost")
    name, mark, tail = body.rpartition("#")
    place = read_locator(tail) if mark else None
    if not place and (not mark or INSIDE in body):  # the name of an attachment may hold a "#"
        name = body
    elif not place:
        raise _nonsense(given)
    try:
        path = uri_path("file:" + name)
    except RuntimeError:  # a `~name` of nobody
        raise _nonsense(given) from None
    if "\0" in str(path) or not name:
        raise _nonsense(given)
    part = part_name(name.partition(INSIDE)[2])
    return Target(Path(os.path.abspath(path)), part, *(place or ()))


def _plain(given: str) -> Target:
    name, place = given, None
    if not os.path.lexists(os.path.expanduser(given)):
        name, place = _plain_place(given)
        if _FOREIGN.match(name) and not os.path.lexists(name):
            scheme = given.partition(":")[0]
            raise ConfigError(f"`{scheme}:` addresses can't be shown or opened", _EXAMPLE)
    path, part = _split(name.replace(_SHOWN_INSIDE, INSIDE))
    return Target(Path(os.path.realpath(path)), part, *(place or ()))


def _plain_place(given: str) -> tuple[str, _Place | None]:
    name, mark, tail = given.rpartition("#")
    if mark and name:
        if place := read_locator(tail):
            return name, place
        if os.path.lexists(os.path.expanduser(name)):
            raise _nonsense(given)
    if found := _LINES.fullmatch(given):
        first = int(found["first"])
        return found["path"], _checked(given, "L", first, int(found["last"] or first))
    if found := _SAID.fullmatch(given):
        number = int(found["sheet"] or 0) * SHEET + int(found["first"])
        return found["path"], _checked(given, _WORDS[found["word"]], number, number)
    return given, None


def read_locator(text: str) -> _Place | None:
    """`L12-L18`, `L12-18`, `sheet2!7`; None when it is nothing of the kind."""
    head, dash, tail = text.partition("-")
    start = _PLACE.fullmatch(head)
    if not start:
        return None
    unit, first, sheet = _numbered(start)
    if not dash:
        return (unit, first, first) if first > 0 else None
    if re.fullmatch(r"[0-9]{1,9}", tail):
        last = sheet * SHEET + int(tail)
    else:
        end = _PLACE.fullmatch(tail)
        if not end or _numbered(end)[0] != unit:
            return None
        last = _numbered(end)[1]
    return (unit, first, last) if 0 < first <= last else None


def _numbered(found: re.Match[str]) -> tuple[Unit, int, int]:
    if found[1]:
        return cast("Unit", found[1]), int(found[2]), 0
    sheet, row = int(found[3]), int(found[4])
    inside = sheet > 0 and 0 < row < SHEET
    return "r", sheet * SHEET + row if inside else 0, sheet


def _checked(given: str, unit: Unit, first: int, last: int) -> _Place:
    if not 0 < first <= last:
        raise _nonsense(given)
    return unit, first, last


def _split(name: str) -> tuple[Path, str]:
    """The file on disk and what is inside it; a folder's name may end in "!" as well."""
    whole = Path(os.path.expanduser(name))
    if not os.path.lexists(whole):
        for found in re.finditer(INSIDE, name):
            path = Path(os.path.expanduser(name[: found.start()]))
            if os.path.isfile(path):  # which a name of any length may be asked
                return path, part_name(name[found.end() :])
    return whole, ""


def _nonsense(text: str) -> ConfigError:
    shown = text if len(text) < 200 else text[:200] + "…"
    return ConfigError(f"`{shown}` is not a citation", _EXAMPLE)
