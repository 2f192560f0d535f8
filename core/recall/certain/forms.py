"""Words of a question → those that a text answers by its form, without naming them.

Called by relevance, and for answers: "Lindenstr. 4, 50674 Köln" is an address, though it says so
nowhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from cairn.core.recall.words import stem

_ADDRESS = re.compile(
    r"\b[^\W\d_]*(?:[Ss]tr(?:\.|aße|asse)|[Ww]eg|[Gg]asse|[Pp]latz|[Aa]llee|Ring|[Rr]oad|[Ss]treet"
    r"|[Aa]venue|[Ll]ane|[Ss]quare) \d{1,4}\b"
    r"|\b\d{1,4},? (?:[A-ZÀ-Þ][\w’'-]+ ){1,3}(?:Road|Rd|Street|St|Avenue|Ave|Lane|Square|Drive)\b"
    r"|\b\d{1,4},? (?:rue|avenue|boulevard|place) [A-Zdl]|\b(?:calle|plaza) [A-Z]",
)
_PHONE = re.compile(r"(?<![\w.])(?:\+|\b00)?\d[\d /()-]{5,20}\d\b")
_MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_FORMS = {
    stem(word): pattern
    for words, pattern in (
        ("address adresse anschrift dirección", _ADDRESS),
        ("phone telephone telefon telefonnummer handynummer téléphone teléfono", _PHONE),
        ("email mailadresse", _MAIL),
    )
    for word in words.split()
}
_PHONE_NUMBER = frozenset(map(stem, ("phone", "telephone", "number")))


def form_asked(asked: Iterable[str]) -> re.Pattern[str] | None:
    """What the answer must look like."""
    return next((_FORMS[each] for each in asked if each in _FORMS), None)


def told_by_form(asked: Iterable[str], text: str) -> frozenset[str]:
    """`asked` are stems, and so is what comes back."""
    asked = frozenset(asked)
    told = {each for each in asked if (form := _FORMS.get(each)) and form.search(text)}
    if told & _PHONE_NUMBER:
        told |= asked & _PHONE_NUMBER
    return frozenset(told)
