"""A page's tags, one after the other → whether what follows is seen by whoever opens the page.

Used by the reader of pages. What a page hides by its own attributes is no text of the page: nobody
has read it, and such places are where orders to assistants are put. Hiding by style sheets and by
colours is not looked at. Linear in the number of tags.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from enum import IntEnum

from cairn.core.extract.web.html_scan import Tag

_VOID = frozenset(
    "area base br col embed hr img input link meta param source track wbr".split()
)  # fmt: skip
_FRAMES = frozenset(
    "address article aside blockquote body center dd details div dl dt fieldset figure footer form "
    "header html li main nav ol p section table tbody td tfoot th thead tr ul".split()
)
"""Their end ends whatever is still open in them."""
_ROWS = frozenset(("tr", "tbody", "tfoot"))
_ENDED_BY = {
    "p": _FRAMES | {"h1", "h2", "h3", "h4", "h5", "h6", "hr", "pre"}, "li": frozenset(("li",)),
    "dt": frozenset(("dt", "dd")), "dd": frozenset(("dt", "dd")), "tr": _ROWS,
    "td": _ROWS | {"td", "th"}, "th": _ROWS | {"td", "th"}, "option": frozenset(("option",)),
}  # fmt: skip
"""What ends an element by beginning."""
_NOT_HIDDEN = frozenset(("html", "body"))
"""Pages hide themselves until their scripts have run."""
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_SIZE = re.compile(r"\s*([-+]?\d{0,9}(?:\.\d{0,9})?)\s*(px|pt|em|rem|%|)\b")
_NOTHING_TO_SEE = re.compile(r"rect\(\s*(?:[01](?:px)?[\s,]*){4}\)|inset\(\s*(?:[5-9]\d|100)%")
_FAR = 900
_CLEAR = 0.05


class Seen(IntEnum):
    """How much is seen of what an element holds."""

    NOTHING = 0
    NO_TEXT = 1
    """But that of elements in it that show theirs."""
    ALL = 2


@dataclass(frozen=True, slots=True)
class _Open:
    name: str
    seen: Seen


class Hiding:
    def __init__(self) -> None:
        self._open: list[_Open] = []
        """The element that hides what is in it, and those open in it."""
        self._names: Counter[str] = Counter()
        self._around: Counter[str] = Counter()
        """Of the elements that are open around that."""

    @property
    def seen(self) -> Seen:
        return self._open[-1].seen if self._open else Seen.ALL

    def take(self, tag: Tag) -> bool:
        """Whether the tag itself is a part of what is seen."""
        if tag.closes:
            return self._close(tag.name)
        while self._open and tag.name in _ENDED_BY.get(self._open[-1].name, ()):
            self._pop()
        seen = _within(self.seen, tag)
        if not tag.empty and tag.name not in _VOID:
            if self._open or seen < Seen.ALL:
                self._open.append(_Open(tag.name, seen))
                self._names[tag.name] += 1
            else:
                self._around[tag.name] += 1
        return seen > Seen.NOTHING

    def _close(self, name: str) -> bool:
        before = self.seen
        if self._names[name]:
            while self._pop() != name:
                pass
            return before > Seen.NOTHING
        if self._around[name]:
            if self._open and name not in _FRAMES:
                return before > Seen.NOTHING  # it does not end what began after it
            self._around[name] -= 1
            self._open.clear()
            self._names.clear()
            return True
        return before > Seen.NOTHING

    def _pop(self) -> str:
        name = self._open.pop().name
        self._names[name] -= 1
        return name


def _within(around: Seen, tag: Tag) -> Seen:
    if around == Seen.NOTHING or tag.name in _NOT_HIDDEN or not tag.attributes:
        return around
    given = dict(reversed(tag.attributes))
    if given.get("hidden", "until-found").lower() != "until-found":
        return Seen.NOTHING
    return _styled(around, _declared(given.get("style", "")))


def _declared(style: str) -> dict[str, str]:
    pairs = (each.partition(":") for each in _COMMENT.sub(" ", style.lower()).split(";"))
    return {name.strip(): value.replace("!important", "").strip() for name, _, value in pairs}


def _styled(around: Seen, style: dict[str, str]) -> Seen:
    if style.get("display") == "none" or _number(style, "opacity", 1.0) <= _CLEAR:
        return Seen.NOTHING
    is_cut = any(style.get(name) in ("hidden", "clip") for name in ("overflow", "overflow-y"))
    sizes = ("height", "max-height", "width", "max-width")
    if is_cut and any(_number(style, name, 1.0) == 0 for name in sizes):
        return Seen.NOTHING
    if style.get("position") in ("absolute", "fixed"):
        if any(_number(style, name, 0.0) < -_FAR for name in ("left", "top", "right", "bottom")):
            return Seen.NOTHING
        if _NOTHING_TO_SEE.search(f"{style.get('clip', '')} {style.get('clip-path', '')}"):
            return Seen.NOTHING
    if _number(style, "text-indent", 0.0) < -_FAR:
        return Seen.NOTHING
    visible = style.get("visibility", "")
    size = _number(style, "font-size", -1.0)
    if visible in ("hidden", "collapse") or 0 <= size < 1:
        return Seen.NO_TEXT
    return Seen.ALL if visible == "visible" or size >= 1 else around


def _number(style: dict[str, str], name: str, otherwise: float) -> float:
    """In the unit that it is given in."""
    found = _SIZE.match(style.get(name, ""))
    try:
        return float(found[1]) if found else otherwise
    except ValueError:
        return otherwise
