"""A text → its row of nodes: the words of a lexicon and runs of digits, the rest as gaps.

Called by `phrases.find`. A word that is part of an address, a path, a name of a file or a price is
no node, whatever it says.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from cairn.core.times import numeric
from cairn.core.times.nodes import Node

_TOKEN = re.compile(
    r"(?<!\w)[QHTqht][1-4](?!\w)"
    r"|[^\W\d_]+"
    r"|'\d\d(?:s\b|(?!\w))"
    r"|\d+(?:st|nd|rd|th|s|er|º|ª)\b"
    r"|\d+(?:[.,:/–-]\d+)*(?:T\d\d:?\d\d[\d:.]*(?:Z|[+-]\d\d:?\d\d)?(?!\w))?"
    r"|\n\s*|\t|[^\w\s]"
)
_MARKS = {",": "comma", "-": "dash", "–": "dash", "—": "dash", ".": "dot"}
_SUFFIX = re.compile(r"(?:am|pm|h|uhr)\b", re.IGNORECASE)
_OTHERS = frozenset("0123456789',-–—.")
_GLUED_BEFORE = frozenset("_@#/\\$€£&=~+%")
_GLUED_AFTER = frozenset("_@\\=%€$")


@dataclass(frozen=True, slots=True)
class Phrase:
    """One entry of a lexicon: the words it consists of and the node they make."""

    rest: tuple[str, ...]
    """All but the first."""
    name: str
    number: int
    word: str


Lexicon = Mapping[str, tuple[Phrase, ...]]


def build(*tables: Mapping[str, str]) -> Lexicon:
    """Tables of `name: "one=1 the_day_after_tomorrow=2"`, the longest first for each first word."""
    found: dict[str, list[Phrase]] = {}
    for table in tables:
        for name, entries in table.items():
            for entry in entries.split():
                spelled, _, value = entry.partition("=")
                first, *rest = _words(spelled.replace("_", " "))
                is_number = value.lstrip("-").isdecimal()
                phrase = Phrase(tuple(rest), name, int(value) if is_number else 0, value or spelled)
                found.setdefault(first, []).append(phrase)
    return {
        first: tuple(sorted(phrases, key=lambda phrase: -len(phrase.rest)))
        for first, phrases in found.items()
    }


def read(text: str, lexicon: Lexicon, is_day_first: bool) -> list[Node]:
    nodes: list[Node] = []
    text = text.replace("’", "'")
    tokens = [match.span() for match in _TOKEN.finditer(text) if not _ends_line(match[0])]
    words = [text[start:end].lower() for start, end in tokens]
    position, is_gap = 0, False
    while position < len(tokens):
        word = words[position]
        if word not in lexicon and word[0] not in _OTHERS:
            position += 1
            is_gap = True
            continue
        node, used = _node(text, tokens, words, position, lexicon, is_day_first)
        position += used
        if node is None:
            is_gap = True
            continue
        if is_gap and nodes:
            nodes.append(Node("gap", node.start, node.start))
        is_gap = False
        nodes.append(node)
    return nodes


def _node(
    text: str,
    tokens: list[tuple[int, int]],
    words: list[str],
    position: int,
    lexicon: Lexicon,
    is_day_first: bool,
) -> tuple[Node | None, int]:
    """The node that begins at a token, and how many tokens it takes."""
    word = words[position]
    start, end = tokens[position]
    if phrases := lexicon.get(word):
        for phrase in phrases:
            size = len(phrase.rest)
            if size and tuple(words[position + 1 : position + 1 + size]) != phrase.rest:
                continue
            end = tokens[position + size][1]
            if not _stands_alone(text, start, end):
                return None, 1
            return Node(phrase.name, start, end, phrase.number, phrase.word), size + 1
        if not word[0].isdecimal():  # "4th" is more than the beginning of "4th of July"
            return None, 1
    if mark := _MARKS.get(word):
        return Node(mark, start, end), 1
    first = word[0]
    if first.isdecimal() or (first == "'" and len(word) > 1):
        return _digits(text, word, start, end, is_day_first), 1
    return None, 1


def _digits(text: str, word: str, start: int, end: int, is_day_first: bool) -> Node | None:
    before = text[start - 1] if start else " "
    if before.isalnum() or before in _GLUED_BEFORE or (before in ".,:-–" and _joined(text, start)):
        return None
    after = text[end : end + 1]
    if (after.isalnum() and not _is_suffix(text, end)) or (after in _GLUED_AFTER and after):
        return None
    if word[-1].isdecimal() and word[0].isdecimal():
        return numeric.read(word, start, is_day_first)
    moment = re.fullmatch(r"(\d{4}-\d\d-\d\d)t(\d\d):?(\d\d).*", word)
    if moment:
        node = numeric.read(moment[1], start, is_day_first)
        if node and node.stretch:
            clock = f"{moment[2]}:{moment[3]}"
            return Node(
                "fixed", start, end, stretch=replace(node.stretch, grain="moment", clock=clock)
            )
        return None
    return _with_suffix(word, start, end)


def _with_suffix(word: str, start: int, end: int) -> Node | None:
    """12th, 90s, '90s, 1990s, '23"""
    figures = re.sub(r"\D", "", word)
    number = int(figures) if len(figures) <= 4 else 0
    if word.endswith("s") and not word.endswith("'s"):
        if number % 10 or len(figures) not in (2, 4):
            return None
        return Node("decade", start, end, number if len(figures) == 4 else 1900 + number, word)
    if word[0] == "'":
        return Node("yy", start, end, numeric.full_year(number))
    return Node("ordinal", start, end, number) if 1 <= number <= 31 else None


def _is_suffix(text: str, end: int) -> bool:
    """3pm, 10h, 5d: letters that a lexicon may know follow the digits at once."""
    return bool(_SUFFIX.match(text, end))


def _joined(text: str, start: int) -> bool:
    """Whether what stands before a mark belongs to it: `v1.2`, `x-3`, `a:5`."""
    return start > 1 and text[start - 2].isalnum()


def _stands_alone(text: str, start: int, end: int) -> bool:
    before = text[start - 1] if start else " "
    if before in _GLUED_BEFORE or (before in ".:" and _joined(text, start)):
        return False
    after = text[end : end + 2]
    if after[:1] in _GLUED_AFTER and after:
        return False
    return not (len(after) == 2 and after[0] in ".:/" and after[1].isalnum())


def _ends_line(token: str) -> bool:
    """A line may be broken within a phrase, a paragraph may not."""
    return token[0] == "\n" and "\n" not in token[1:]


def _words(text: str) -> list[str]:
    return [match[0].lower() for match in _TOKEN.finditer(text)]
