"""What stands behind "is" or a colon → a value of its sort, or nothing.

Called by `stated` and `attributes`. A value ends with its part of the sentence; what is vague
("tight", "still open") is none. Linear in the text.
"""

from __future__ import annotations

import re
from datetime import date

from cairn.core.tree.curate.rules.naming import Sort
from cairn.core.tree.curate.rules.telling import day_of

_MOST_VALUE_WORDS = 10
NAME = (
    r"[A-ZÀ-Þ][\w'’.-]{1,24}"
    r"(?:\s+(?:(?:von|van|de|der|di|da|la|le|bin|al)\s+)?[A-ZÀ-Þ][\w'’.-]{0,24}){0,3}"
)
IS_NAME = re.compile(rf"(?:(?:Mr|Mrs|Ms|Dr|Prof|Herr|Frau)\.?\s+)?{NAME}$")
_MONEY = re.compile(
    r"(?:about |around |roughly |up to |only |just |under |exactly |(?:a )?(?:max(?:imum)?|"
    r"total) of |ca\.? )?"
    r"(?:(?-i:[A-Z]{3})\s?|[$€£¥]\s?)?\d[\d.,' ]*(?:\s?(?:k|million|mio|m)\b)?"
    r"(?:\s?(?:[$€£¥]|%|(?-i:[A-Z]{3})\b|(?:euros?|eur|dollars?|pounds?|bucks|francs?|francos|"
    r"pesos?|"
    r"franken|cents?|yen|quid|crowns?|kr)\b))?"
    r"(?:\s?(?:/|per|a|pro|par|al)\s?(?:month|week|year|day|hour|person|night|metre|meter|monat|"
    r"jahr|woche|mois|mes|año|an|head|unit|item|piece|seat|user)\b)?",
    re.IGNORECASE,
)
_PHONE = re.compile(r"\+?\(?\d[\d ()/.-]{4,24}\d")
_MAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,64}(?:\.[\w-]{1,32}){1,4}")
_NUMBER = re.compile(
    r"(?:about |around |roughly |up to |only |exactly )?\d[\d.,']*(?:\s?%|"
    r"\s+[^\W\d_][\w/]*(?:\s+(?:per|a)\s+\w+)?)?"
)
_END_OF_VALUE = re.compile(
    r"\s*(?:[,;!?(–—]|(?<!\bDr)(?<!\bMr)(?<!\bSt)(?<!\bMs)(?<!\bMrs)(?<!\bProf)\.(?!\d)|:\s|\s-\s|"
    r"\b(?:but|because|so that|which|who|although|if|when|and (?:the|we|i|he|she|it|they|that|is|"
    r"not)|instead of|"
    r"rather than|not the|down from|up from|weil|aber|statt|anstatt|au lieu|en vez|starting|"
    r"thanks|please|as discussed|until then|, as)\b)",
    re.IGNORECASE,
)
_VAGUE = re.compile(
    r"(?:not|very|so|too|quite|really|pretty|still|good|great|nice|fine|bad|tight|high|low|big|"
    r"small|important|"
    r"clear|unclear|unknown|tbd|tba|\?+|here|there|about to|going|getting|being|n/?a|none|nothing|"
    r"open|done|the same|different|ok|okay|up to you|what|how|where|why|to|in|on|based|"
    r"nicht|sehr|noch|gut|offen|wichtig|pas|très|no|muy|a|an|more|less|much|also|already|always|"
    r"never|"
    r"required|needed|coming|wrong|correct|right|easy|hard|possible|likely|due|that|it|just)\b",
    re.IGNORECASE,
)


def value_of(text: str, sort: Sort, said: date | None, *, is_label: bool = False) -> str:
    """The value at the beginning of a text, empty where none of that sort stands there.

    What stands behind a label is a value, whatever it is.
    """
    text = text.strip().lstrip("\"“„'")
    if sort == "date":
        return day_of(text, said, at_start=True)
    if sort == "money":
        found = _MONEY.match(text)
        return found[0].strip(" .,'") if found else ""
    if sort in ("phone", "mail", "number"):
        pattern = {"phone": _PHONE, "mail": _MAIL, "number": _NUMBER}[sort]
        found = pattern.match(text)
        return _NOW.sub("", found[0].strip(" .,")) if found else ""
    value = clip(text) if sort != "address" else _END_OF_ADDRESS.split(text[:200])[0].strip(" ,.")
    if sort == "name":
        return value if IS_NAME.match(value) else ""
    value = _NOW.sub("", _OWNER.sub("", value))
    if is_label and len(value.split()) <= _MOST_VALUE_WORDS:
        return value
    return "" if _is_no_value(value) else value


_NOW = re.compile(r"\s+(?:now|again|already|today|currently|jetzt)$", re.IGNORECASE)
_OWNER = re.compile(r"\b(?:my|our|your)\s+", re.IGNORECASE)
_END_OF_ADDRESS = re.compile(r"\s*[;(!?]|\.(?:\s|$)|,?\s(?:and|but|so|from|until|where|which)\s")
_DOING = re.compile(r"[a-zà-ÿ]+(?:ing|ed)\b")


def _is_no_value(value: str) -> bool:
    words = value.split()
    return not 0 < len(words) <= _MOST_VALUE_WORDS or bool(
        _VAGUE.match(value) or _DOING.match(value)
    )


def clip(text: str) -> str:
    """Up to where the value ends."""
    text = text[:200].strip()
    end = _END_OF_VALUE.search(text, 1)
    return (text[: end.start()] if end else text).strip(" .,;!\"'“”")
