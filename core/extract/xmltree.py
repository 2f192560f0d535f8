"""XML bytes → a tree whose names carry the usual prefix of their namespace: `w:p`, `text:h`.

Called by the readers of office documents and books. Expat reads it here, so that entities are
refused, and depth and number of elements are bounded; damaged XML gives what came before it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers import expat

from cairn.core.errors import ExtractError

_MOST_ELEMENTS = 3_000_000
_MOST_DEPTH = 200
_STEP = 1 << 20
_OPEN = "http://schemas.openxmlformats.org/"
_STRICT = "http://purl.oclc.org/ooxml/"
_ODF = "urn:oasis:names:tc:opendocument:xmlns:"
_PREFIXES = {
    "http://purl.org/dc/elements/1.1/": "dc",
    "http://purl.org/dc/terms/": "dcterms",
    "http://schemas.openxmlformats.org/markup-compatibility/2006": "mc",
    "http://schemas.openxmlformats.org/package/2006/metadata/core-properties": "cp",
    "http://schemas.microsoft.com/office/powerpoint/2018/8/main": "p188",
    "http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments": "tc",
    "http://www.w3.org/1999/xlink": "xlink",
    "http://www.w3.org/1998/Math/MathML": "math",
    "http://www.w3.org/XML/1998/namespace": "xml",
    f"{_ODF}xsl-fo-compatible:1.0": "fo",
    f"{_ODF}svg-compatible:1.0": "svg",
    **{
        f"{_ODF}{name}:1.0": short
        for name, short in (
            ("office", "office"), ("text", "text"), ("table", "table"), ("style", "style"),
            ("drawing", "draw"), ("presentation", "presentation"), ("meta", "meta"),
            ("chart", "chart"), ("manifest", "manifest"),
        )
    },
    **{
        start: short
        for name, short in (
            ("wordprocessingml", "w"), ("officeDocument", "o"), ("presentationml", "p"),
            ("spreadsheetml", "x"), ("drawingml", "a"),
        )
        for start in (f"{_OPEN}{name}/2006/main", f"{_STRICT}{name}/main")
    },
    **{
        start: short
        for name, short in (("relationships", "r"), ("math", "m"))
        for start in (f"{_OPEN}officeDocument/2006/{name}", f"{_STRICT}officeDocument/{name}")
    },
    **{
        start: short
        for name, short in (("chart", "c"), ("diagram", "dgm"), ("wordprocessingDrawing", "wp"))
        for start in (f"{_OPEN}drawingml/2006/{name}", f"{_STRICT}drawingml/{name}")
    },
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Tree:
    root: Element
    damaged: bool
    """The XML ends early or is malformed; the tree holds what came before."""


def read_tree(data: bytes) -> Tree:
    """Raises ExtractError for entities, too much depth or size, and XML without any element."""
    return _Reader().read(data)


def read_each(data: bytes, name: str) -> Iterator[Tree]:
    """The elements of one name, each given away when it ends, so that few are in memory at once.

    The last one, which may be empty, is marked as damaged where the XML is.
    """
    return _Stream(name).each(data)


def children(node: Element | None, *path: str) -> Iterator[Element]:
    """The elements at the end of a path of names below a node."""
    if node is None:
        return
    if not path:
        yield node
        return
    for child in node:
        if child.tag == path[0]:
            yield from children(child, *path[1:])


def child(node: Element | None, *path: str) -> Element | None:
    return next(children(node, *path), None)


def text_of(node: Element | None) -> str:
    """All text below a node, as it stands."""
    return "".join(node.itertext()) if node is not None else ""


def words_of(node: Element | None) -> str:
    """All text below a node on one line."""
    return " ".join(text_of(node).split())


class _Reader:
    def __init__(self) -> None:
        self._builder = TreeBuilder()
        self._names: dict[str, str] = {}
        self._open: list[str] = []
        self._count = 0

    def read(self, data: bytes) -> Tree:
        damaged = self._feed(self._parser(), data, True)
        while self._open:
            self._end("")
        return Tree(self._builder.close(), damaged)

    def _parser(self) -> expat.XMLParserType:
        parser = expat.ParserCreate(namespace_separator="}")
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text
        parser.EntityDeclHandler = _refuse
        return parser

    def _feed(self, parser: expat.XMLParserType, data: bytes, is_last: bool) -> bool:
        """Whether the XML proves to be damaged."""
        try:
            parser.Parse(data, is_last)
        except expat.ExpatError:
            if not self._count:
                raise ExtractError("broken", "its XML is damaged") from None
            return True
        except (LookupError, ValueError):  # an encoding that Python doesn't know
            raise ExtractError("broken", "its XML is in an unknown encoding") from None
        return False

    def _text(self, text: str) -> None:
        self._builder.data(text)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._count += 1
        if len(self._open) >= _MOST_DEPTH:
            raise ExtractError("broken", "it is nested too deeply")
        if self._count > _MOST_ELEMENTS:
            raise ExtractError("too-large", "it has too many parts to be read", skipped=True)
        named = {self._short(key): value for key, value in attributes.items()}
        self._open.append(self._short(name))
        self._builder.start(self._open[-1], named)

    def _end(self, name: str) -> None:
        self._builder.end(self._open.pop())

    def _short(self, name: str) -> str:
        if (short := self._names.get(name)) is None:
            space, _, local = name.rpartition("}")
            prefix = _PREFIXES.get(space, "")
            short = f"{prefix}:{local}" if prefix else local
            if len(self._names) < 10_000:
                self._names[name] = short
        return short


class _Stream(_Reader):
    """Builds only what is below elements of one name."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self._name = name
        self._inside = 0
        """How many elements are open from the one of that name on."""
        self._done: list[Element] = []

    def each(self, data: bytes) -> Iterator[Tree]:
        parser = self._parser()
        for at in range(0, len(data), _STEP):
            damaged = self._feed(parser, data[at : at + _STEP], at + _STEP >= len(data))
            yield from (Tree(root, False) for root in self._done)
            self._done.clear()
            if damaged:
                while self._inside:
                    self._end("")
                yield Tree(self._done[0] if self._done else Element(self._name), True)
                return

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if self._inside or self._short(name) == self._name:
            self._inside += 1
            super()._start(name, attributes)
        else:
            self._count += 1

    def _end(self, name: str) -> None:
        if not self._inside:
            return
        self._inside -= 1
        super()._end(name)
        if not self._inside:
            self._done.append(self._builder.close())
            self._builder = TreeBuilder()

    def _text(self, text: str) -> None:
        if self._inside:
            super()._text(text)


def _refuse(*_: object) -> None:
    raise ExtractError("broken", "its XML defines entities, which are not read")
