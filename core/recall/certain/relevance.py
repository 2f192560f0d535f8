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

from cairn.core.recall.beside import Subject
from cairn.core.recall.certain.forms import told_by_form
from cairn.core.recall.question.analyze import Question
from cairn.core.recall.scoring import Column
from cairn.core.recall.signals.speaker import NO_NAMES, is_by_program, make_subject, of_one
from cairn.core.recall.tally import Tally
from cairn.core.recall.units import Units
from cairn.core.records import Chunk

# Fitted by `python -m tests.bench.abstain`: questions on their own against foreign conversations,
# and against those in which somebody else did it. The last two are held back: what the fit gives
# leaves too many questions without an answer, and other conversations are told apart less well.
_BIAS, _COVERAGE, _COSINE = -3.55, 2.8, 5.2
_ASKED, _LEAD = -0.8, 4.5
_MOST_APART = 0.5
"""What is further apart than this says no more."""
_LOOKED_AT = 20
"""Units, the best."""
BY_NAME = make_subject()
_GREETING = r"\b(?:hey|hi|hello|thanks|thank you|dear|hallo|danke|salut|merci|hola|gracias)\s+"


def weigh(
    question: Question, pool: Sequence[Chunk], tally: Tally | None = None
) -> tuple[dict[str, float], tuple[str, ...]]:
    """How much each stem of the question says, by its rarity among the word hits.

    A rare word pulls its passages into the pool, so a word that is in none of them is nowhere.
    """
    counts = (tally or Tally.of(question.stems, pool)).holders(pool)
    weights: dict[str, float] = {}
    held: dict[str, bool] = {}
    for word, stem in zip(question.words, question.stems, strict=True):
        holders = counts[stem]
        weights[stem] = math.log(1 + (len(pool) + 1) / (holders + 0.5))
        held[word] = held.get(word, False) or holders > 0
    return weights, tuple(word for word, found in held.items() if not found)


def coverage(stems_of_text: frozenset[str], weights: Mapping[str, float]) -> float:
    """Share of the question's weight that a text accounts for."""
    total = sum(weights.values())
    return sum(w for stem, w in weights.items() if stem in stems_of_text) / total if total else 0.0


def relevance(
    passage: Chunk,
    weights: Mapping[str, float],
    cosine: float | None,
    shift: float = 0.0,
    tally: Tally | None = None,
) -> float:
    """`cosine` is that of the passage; without vectors it is judged by words alone. `shift`, in
    logits, is what speaks for or against all that was found."""
    held = (tally or Tally.of(weights, [passage])).held(passage)
    covered = coverage(held | told_by_form(weights, passage.text), weights)
    near = covered / 2 if cosine is None else cosine
    return round(1 / (1 + math.exp(-(_BIAS + shift + _COVERAGE * covered + _COSINE * near))), 4)


def by_subject(
    question: Question, units: Sequence[Chunk], scores: Column, subject: Subject = BY_NAME
) -> float:
    """In logits, of units in their order: what it says of the answer that it is from the one who is
    asked about, or isn't."""
    lead = lead_of_subject(question, units, scores, subject)
    return 0.0 if lead is None else _ASKED + _LEAD * lead


def lead_of_subject(
    question: Question, units: Sequence[Chunk], scores: Column, subject: Subject = BY_NAME
) -> float | None:
    """How far what somebody said, or what tells of them, is ahead of what others said: as a share
    of the best score. None where a question is about nobody who speaks, or about several, where
    there is nobody else, and where what was found first is not said at all."""
    best = Units.of(units)[:_LOOKED_AT]
    are_turns = of_one(best)
    speakers = {who for who, is_one in zip(best.whos, are_turns, strict=True) if is_one}
    asked = subject(question, speakers)
    if not asked or scores[0] <= 0:
        return None
    theirs, others = 0.0, None
    best_scores = scores[: len(best)].tolist()
    for at, (who, is_one, score) in enumerate(zip(best.whos, are_turns, best_scores, strict=True)):
        if (is_one and who in asked) or any(_tells_of(best, at, is_one, each) for each in asked):
            theirs = max(theirs, score)
        elif is_one and not (question.is_own and is_by_program(best.wholes[at], who)):
            others = max(others or 0.0, score)
        elif at == 0 and not is_one:
            return None
    if others is None:
        return None
    lead: float = (theirs - others) / float(scores[0])
    return max(-_MOST_APART, min(_MOST_APART, lead))


def _tells_of(units: Units, at: int, is_turn: bool, who: str) -> bool:
    """By their first name, and not only to them. What cairn says of a sitting names all in it."""
    first = who.split()[0].casefold()
    kind, text = units.wholes[at].kind, units.texts[at]
    if kind == "episode" or who in NO_NAMES or first not in text.casefold():
        return False
    named, called = _mentions(first)
    said = text.partition(": ")[2] if is_turn else text
    spoken_to = len(called.findall(said)) if kind == "chat" else 0
    return len(named.findall(said)) > spoken_to


@lru_cache(maxsize=64)
def _mentions(name: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """In a text, and of these where somebody is spoken to."""
    word = rf"\b{re.escape(name)}\b"
    called = rf"{_GREETING}{word}|,\s*{word}\s*[.…]|{word}\s*(?:[,!?]|$)"
    return re.compile(word, re.IGNORECASE), re.compile(called, re.IGNORECASE)
