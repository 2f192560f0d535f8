"""What was found → how likely it answers the question, comparable between questions.

Called by the search. Made of raw features only: neither popularity nor age has a say, and weak
evidence is recognised as weak whatever its rank. Whose words it is made of counts where a question
is about one who speaks.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from functools import lru_cache

from cairn.core.recall.question.analyze import Question
from cairn.core.recall.signals.speaker import goes_by
from cairn.core.recall.tally import stems_in, words_in
from cairn.core.recall.words import stems
from cairn.core.records import Chunk

# Fitted by `python -m tests.bench.abstain`: questions on their own against foreign conversations,
# and against those in which somebody else did it.
_BIAS, _COVERAGE, _COSINE, _SUBJECT = -3.55, 2.8, 5.2, 3.0
_MOST_APART = 0.5
"""What is further apart than this says no more."""
_LOOKED_AT = 100
"""Units, the best."""
_GREETING = r"\b(?:hey|hi|hello|thanks|thank you|dear|hallo|danke|salut|merci|hola|gracias)\s+"


def weigh(question: Question, pool: Sequence[Chunk]) -> tuple[dict[str, float], tuple[str, ...]]:
    """How much each stem of the question says, by its rarity among the word hits.

    A rare word pulls its passages into the pool, so a word that is in none of them is nowhere.
    """
    texts = [stems_in(chunk) for chunk in pool]
    weights: dict[str, float] = {}
    held: dict[str, bool] = {}
    for word, stem in zip(question.words, question.stems, strict=True):
        holders = sum(stem in text for text in texts)
        weights[stem] = math.log(1 + (len(texts) + 1) / (holders + 0.5))
        held[word] = held.get(word, False) or holders > 0
    return weights, tuple(word for word, found in held.items() if not found)


def coverage(stems_of_text: frozenset[str], weights: Mapping[str, float]) -> float:
    """Share of the question's weight that a text accounts for."""
    total = sum(weights.values())
    return sum(w for stem, w in weights.items() if stem in stems_of_text) / total if total else 0.0


def relevance(
    passage: Chunk, weights: Mapping[str, float], cosine: float | None, shift: float = 0.0
) -> float:
    """`cosine` is that of the passage; without vectors it is judged by words alone. `shift`, in
    logits, is what speaks for or against all that was found."""
    covered = coverage(stems_in(passage), weights)
    near = covered / 2 if cosine is None else cosine
    return round(1 / (1 + math.exp(-(_BIAS + shift + _COVERAGE * covered + _COSINE * near))), 4)


def by_subject(question: Question, units: Sequence[Chunk], weights: Mapping[str, float]) -> float:
    """In logits, of units in their order: what it says of the answer whose words fit best."""
    return _SUBJECT * fit_of_subject(question, units, weights)


def fit_of_subject(
    question: Question, units: Sequence[Chunk], weights: Mapping[str, float]
) -> float:
    """How much better than turns of others those fit that are of the one who is asked about, or
    tell of them; 0 where a question names nobody who speaks, or several."""
    best = units[:_LOOKED_AT]
    speakers = {unit.who for unit in best if _is_turn(unit)}
    asked = {who for name in question.names for who in speakers if goes_by(who, name)}
    if len(asked) != 1:
        return 0.0
    who = asked.pop()
    names = frozenset[str]().union(*map(stems, speakers))
    rest = {stem: weight for stem, weight in weights.items() if stem not in names}
    theirs = others = 0.0
    for unit in best:
        fit = coverage(frozenset(words_in(unit)[1]), rest)
        if (_is_turn(unit) and unit.who == who) or _tells_of(unit, who):
            theirs = max(theirs, fit)
        elif _is_turn(unit):
            others = max(others, fit)
    return max(-_MOST_APART, min(_MOST_APART, theirs - others))


def _tells_of(unit: Chunk, who: str) -> bool:
    """By their first name, and not only to them. What cairn says of a sitting names all in it."""
    first = who.split()[0].casefold()
    if unit.kind == "episode" or first not in unit.text.casefold():
        return False
    named, called = _mentions(first)
    said = unit.text.partition(": ")[2] if _is_turn(unit) else unit.text
    spoken_to = len(called.findall(said)) if unit.kind == "chat" else 0
    return len(named.findall(said)) > spoken_to


@lru_cache(maxsize=64)
def _mentions(name: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """In a text, and of these where somebody is spoken to."""
    word = rf"\b{re.escape(name)}\b"
    called = rf"{_GREETING}{word}|,\s*{word}\s*[.…]|{word}\s*(?:[,!?]|$)"
    return re.compile(word, re.IGNORECASE), re.compile(called, re.IGNORECASE)


def _is_turn(unit: Chunk) -> bool:
    return unit.kind == "chat" and bool(unit.who) and ", " not in unit.who
