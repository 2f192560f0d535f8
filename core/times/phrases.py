"""A text → the phrases in it that name a time, each with the days it means and where it stands.

Called by the curators and by recall's analysis of questions. Nothing is guessed from a model: what
the rules don't know is left alone, and nothing is counted from a day that isn't known.
"""

from __future__ import annotations

from datetime import date, datetime
from functools import lru_cache

from cairn.core.times import english, french, german, grammar, lexer, numeric, spanish
from cairn.core.times.context import Context
from cairn.core.times.nodes import NO_YEAR, Grain, Node, Stretch
from cairn.core.times.spelling import iso, placed, spell
from cairn.core.times.tense import Clauses
from cairn.core.times.when import When

__all__ = ["Grain", "When", "find", "iso", "placed", "spell"]

_WORDS = {"en": english.WORDS, "de": german.WORDS, "fr": french.WORDS, "es": spanish.WORDS}


def find(text: str, said: date | datetime | None, language: str = "en") -> list[When]:
    """In order and apart from each other; without `said`, only those that need no such day."""
    day = said.date() if isinstance(said, datetime) else said
    base = language.lower().partition("-")[0] or "en"
    nodes = lexer.read(text, _lexicon(base), numeric.day_first(text, language))
    if not nodes:
        return []
    context = Context(text, day, base, Clauses(text))
    return [
        _when(text, node, node.stretch)
        for node in grammar.parse(nodes, context)
        if node.stretch and not node.stretch.is_loose and node.stretch.first.year != NO_YEAR
    ]


def _when(text: str, node: Node, stretch: Stretch) -> When:
    return When(
        node.start,
        node.end,
        text[node.start : node.end],
        stretch.first,
        stretch.last,
        stretch.grain,
        is_vague=stretch.is_vague,
        repeats=stretch.repeats,
        bound=stretch.bound,
        anchor=stretch.anchor,
        clock=stretch.clock,
    )


@lru_cache(maxsize=8)
def _lexicon(language: str) -> lexer.Lexicon:
    """Of a language it doesn't know: no words, so that only dates in digits are found."""
    words = _WORDS.get(language)
    return lexer.build(words) if words else {}
