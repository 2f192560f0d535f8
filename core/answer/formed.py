"""Words that a reader found → the address or number that is asked for, where its form shows it.

Called by `spans` and `brief`. The reader points near it: at a name, at "phone", at half a street.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from cairn.core.recall.certain.forms import form_asked
from cairn.core.recall.question.analyze import Question
from cairn.core.recall.words import stems
from cairn.core.sentences import quotes

if TYPE_CHECKING:
    from cairn.core.answer.spans import Spoken

_TOWN = r"[A-ZÀ-Þ][\w-]+(?: (?:am|an der|upon|sur|de|la|[A-ZÀ-Þ][\w-]+))*"
_BEHIND = re.compile(rf"[a-z]?(?:,? \d{{4,5}})?(?:,? {_TOWN})?(?=[,.;)\n]|\s*\Z| )")


def formed(question: Question, sentence: str, text: str) -> str:
    """`text`, or what has the form that is asked for, if the sentence has that once."""
    form = _form(question)
    if form is None or form.search(text):
        return text
    found = list(form.finditer(sentence))
    if len(found) != 1:
        return text
    start, end = found[0].span()
    behind = _BEHIND.match(sentence, end) if not found[0][0].strip("+").isdigit() else None
    return sentence[start : behind.end() if behind and _is_street(found[0][0]) else end].strip()


def fits_form(question: Question, text: str) -> float:
    form = _form(question)
    return 0.0 if form is None else 1.0 if form.search(text) else -1.0


def of_topic_first(question: Question, found: Sequence[Spoken]) -> list[Spoken]:
    """Of several such, the one beside which most of the question stands: whose number it is. That
    may be one that the reader passed over, in the same text."""
    if _form(question) is None or not found:
        return list(found)
    asked = {*question.stems}
    beside = [
        replace(each, text=text, quote=quote)
        for each in found[:1]
        for quote in quotes(each.quote.chunk)
        if (text := formed(question, quote.text, ""))
    ]
    return sorted([*found, *beside], key=lambda each: -len(asked & stems(each.quote.text)))


def _form(question: Question) -> re.Pattern[str] | None:
    """Whose number it is, and when it changed, are other questions."""
    return None if question.kind in ("who", "when") else form_asked(question.stems)


def _is_street(text: str) -> bool:
    return any(map(str.isalpha, text)) and "@" not in text
