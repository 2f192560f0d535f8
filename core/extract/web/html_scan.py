"""HTML source → tags and text, each with the source line where it begins.

Called by the readers of pages, bookmarks and Evernote's notes. Written here because `html.parser`
takes quadratic time on unclosed tags (120 KB of "<a " run for a minute on Python 3.11); this scan
reads everything once. Anything that isn't well-formed is text or skipped; nothing raises.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

_NAME = re.compile(r"</?([a-zA-Z][^\s/>]{0,40})")
_STOP = re.compile("[>\"']")
_ATTRIBUTE = re.compile(
    r"(?<![\w:-])([\w:-]{1,40})\s{0,20}=\s{0,20}(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]{1,500}))"
)
_RAW = frozenset(("script", "style", "iframe", "noframes", "xmp"))
_WITH_ATTRIBUTES = frozenset(("meta", "time"))
_MAY_HIDE = re.compile(r"[\s\"'/](?:style|hidden)\b", re.IGNORECASE)
_HIDING = re.compile(
    r"([^\s\"'>/=]{1,40})(?:\s{0,20}=\s{0,20}(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]{1,500})))?"
)
"""An attribute with or without a value."""
_MOST_ATTRIBUTES = 50


@dataclass(frozen=True, slots=True)
class Tag:
    name: str
    closes: bool
    empty: bool = False
    """Closed where it opens: `<svg/>`."""
    attributes: tuple[tuple[str, str], ...] = ()
    """Of a tag that is asked for all, of any other those that may hide it."""

    def value(self, name: str) -> str:
        return next((value for key, value in self.attributes if key == name), "")


@dataclass(frozen=True, slots=True)
class Text:
    """A run of text within one source line."""

    text: str
    line: int


def scan(source: str, attributes_of: frozenset[str] = _WITH_ATTRIBUTES) -> Iterator[Tag | Text]:
    """Tags and text in order; only the tags that are named carry their attributes."""
    return _Scanner(source, attributes_of).run()


class _Scanner:
    def __init__(self, source: str, attributes_of: frozenset[str]) -> None:
        self._source = source
        self._attributes_of = attributes_of
        self._line = 1
        self._counted = 0
        self._missing: set[str] = set()

    def run(self) -> Iterator[Tag | Text]:
        source, at = self._source, 0
        text_from = 0
        while (at := source.find("<", at)) >= 0:
            end, tag = self._markup(at)
            if end <= at:
                at += 1
                continue
            yield from self._text(text_from, at)
            if tag:
                yield tag
                if tag.name in _RAW and not tag.closes:
                    end = self._end_of_raw(tag.name, end)
            at = text_from = end
        yield from self._text(text_from, len(source))

    def _markup(self, at: int) -> tuple[int, Tag | None]:
        """Where the markup that begins at `at` ends, and its tag; `at` if it is only text."""
        source = self._source
        if source.startswith("<!--", at):
            end = self._find("-->", at + 4)
            if end >= 0:
                return end + 3, None
        if source.startswith(("<!", "<?"), at):
            end = self._find(">", at)
            return (end + 1 if end >= 0 else at), None
        found = _NAME.match(source, at)
        if not found:
            return at, None
        end = self._end_of_tag(found.end())
        if end < 0:
            return at, None
        name = found[1].lower()
        attributes: tuple[tuple[str, str], ...] = ()
        if name in self._attributes_of:
            pairs = islice(_ATTRIBUTE.finditer(source, found.end(), end), _MOST_ATTRIBUTES)
            attributes = tuple(
                (pair[1].lower(), _unescape(pair[2] or pair[3] or pair[4] or "")) for pair in pairs
            )
        elif source[at + 1] != "/" and _MAY_HIDE.search(source, found.end(), end):
            attributes = self._hiding(found.end(), end)
        empty = source[end - 1] == "/"
        return end + 1, Tag(name, source[at + 1] == "/", empty, attributes)

    def _hiding(self, start: int, end: int) -> tuple[tuple[str, str], ...]:
        pairs = ((pair[1].lower(), pair) for pair in _HIDING.finditer(self._source, start, end))
        return tuple(
            (name, _unescape(pair[2] or pair[3] or pair[4] or ""))
            for name, pair in pairs
            if name in ("style", "hidden")
        )

    def _end_of_tag(self, at: int) -> int:
        """The `>` that is not inside a quoted value; any `>` once quotes have proved unreliable."""
        source, begin = self._source, at
        while "quotes" not in self._missing:
            found = _STOP.search(source, at)
            if found and found[0] == ">":
                return found.start()
            if found and not source[at : found.start()].rstrip().endswith("="):
                at = found.end()  # an apostrophe, not the begin of a value
                continue
            at = source.find(found[0], found.end()) + 1 if found else 0
            if at == 0:  # seen to the end in vain: never look that far again
                self._missing.add("quotes")
        return self._find(">", begin)

    def _end_of_raw(self, name: str, at: int) -> int:
        found = re.compile(rf"</{name}[\s/>]", re.IGNORECASE).search(self._source, at)
        return found.start() if found else len(self._source)

    def _find(self, what: str, at: int) -> int:
        """`str.find` that remembers a vain search, so that many of them stay cheap."""
        if what in self._missing:
            return -1
        found = self._source.find(what, at)
        if found < 0:
            self._missing.add(what)
        return found

    def _text(self, start: int, end: int) -> Iterator[Text]:
        """The text between two tags, line by line, with its character references resolved."""
        self._line += self._source.count("\n", self._counted, start)
        self._counted = start
        for n, row in enumerate(self._source[start:end].split("\n") if end > start else ()):
            yield Text(("\n" if n else "") + _unescape(row).replace("\n", " "), self._line + n)


def _unescape(text: str) -> str:
    if "&" not in text:
        return text
    try:
        return html.unescape(text)
    except ValueError:  # a number with thousands of digits
        return text
