"""A Word document's styles → which paragraphs are headings, of what level, and which are in lists.

Names of styles are in the language of their writer, so the outline level decides where there is
one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from cairn.core.extract.office.numbering import as_int
from cairn.core.extract.xmltree import child, children

TITLE = 0
_BODY = 9  # the outline level of what is not a heading
_HEADING = re.compile(
    r"(?:heading|überschrift|titre|título|titolo|kop|rubrik|overskrift|otsikko|nagłówek|nadpis|"
    r"заголовок|επικεφαλίδα|başlık|見出し|标题|標題|제목)[\s_-]{0,2}([1-9])"
)
_TITLES = frozenset("title titel titre título titolo название τίτλος 표제 标题 標題 表題".split())
_MOST_PARENTS = 12


@dataclass(frozen=True, slots=True)
class Style:
    name: str = ""
    parent: str = ""
    outline: int | None = None
    list_id: str = ""
    list_level: int | None = None


@dataclass(frozen=True, slots=True)
class Look:
    """What a paragraph is: a heading if it has a level, an item if it has a list."""

    level: int | None = None
    list_id: str = ""
    list_level: int = 0


class Styles:
    def __init__(self, root: Element | None) -> None:
        self._styles = {
            node.get("w:styleId", ""): _style(node) for node in children(root, "w:style")
        }

    def look(self, properties: Element | None) -> Look:
        """What a paragraph's own properties and its style make of it."""
        own = _style_of(properties, "", value(properties, "w:pStyle"))
        chain = [own, *self._chain(own.parent)]
        outline = next((style.outline for style in chain if style.outline is not None), None)
        level = None if outline is None or outline >= _BODY else outline + 1
        if outline is None:
            level = next(
                filter(
                    lambda found: found is not None, (named_level(style.name) for style in chain)
                ),
                None,
            )
        listed = next((style for style in chain if style.list_id), Style())
        depth = next((s.list_level for s in chain if s.list_level is not None), 0)
        return Look(level, "" if listed.list_id == "0" else listed.list_id, depth or 0)

    def _chain(self, name: str) -> list[Style]:
        found: list[Style] = []
        while name and len(found) < _MOST_PARENTS:
            style = self._styles.get(name) or Style(name)
            found.append(style)
            name = style.parent
        return found


def value(node: Element | None, *path: str) -> str:
    found = child(node, *path)
    return found.get("w:val", "") if found is not None else ""


def _style(node: Element) -> Style:
    return _style_of(child(node, "w:pPr"), value(node, "w:name"), value(node, "w:basedOn"))


def _style_of(properties: Element | None, name: str, parent: str) -> Style:
    outline = value(properties, "w:outlineLvl")
    depth = value(properties, "w:numPr", "w:ilvl")
    return Style(
        name=name.lower(),
        parent=parent,
        outline=as_int(outline, _BODY) if outline else None,
        list_id=value(properties, "w:numPr", "w:numId"),
        list_level=as_int(depth, 0) if depth else None,
    )


def named_level(name: str) -> int | None:
    """The level of headings in a style of this name; None when it is for other text."""
    if found := _HEADING.fullmatch(name.lower()):
        return int(found[1])
    return TITLE if name.lower() in _TITLES else None
