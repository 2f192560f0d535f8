"""Where words that a reader found begin and end → where what they are part of does.

Called by `spans`. A number keeps its plus and its digits, an address its town, and three things
that are named in a row stay together.
"""

from __future__ import annotations

import re

from cairn.core.recall.question.analyze import Question

_FRACTION = re.compile(r"\d+[.,]\Z")
_PHONE = re.compile(r"(?:\+|\b00)\d[\d /()-]{4,20}\d|\b0\d{2,5}[ /-]\d[\d -]{3,14}\d")
_TOWN = r"[A-ZÀ-Þ][\w-]+(?: (?:am|an der|upon|sur|de|la|[A-ZÀ-Þ][\w-]+))*"
_BEHIND_STREET = re.compile(rf",? \d{{4,5}},? {_TOWN}")
_CUT_STREET = re.compile(r"(?:,? |\A)[^\W\d_]+[Ss]tr\.?\Z")
_HOUSE = re.compile(r"\.? \d{1,4}[a-z]?\b")
_BEHIND_CODE = re.compile(rf",? {_TOWN}")
_STREET = re.compile(r"[^\W\d_]{3,}\.? \d{1,4}[a-z]?\Z|\A\d{1,4} [A-ZÀ-Þ]\w+")
_CODE = re.compile(r"\b\d{4,5}\Z")
_EACH = re.compile(r"\b(?:every|each|once (?:a|per)|twice (?:a|per)) (?:\w+ )?\Z", re.IGNORECASE)
_UNTIL = re.compile(r"\b(?:until|till|since) (?:the )?\Z", re.IGNORECASE)
_AND = r",? (?:and|or|und|oder|et|y) "
_OTHER = r"(?!(?:i|he|she|we|they|it|you|is|was|were|then|so|but|who|which|that|not)\b)"
_THING = rf"(?:(?:an? |the |my |our |his |her |some )?{_OTHER}[\w’'-]+(?: {_OTHER}[\w’'-]+)?)"
_LAST = rf"{_AND}{_THING}(?=\s*(?:[.!?;)\n]|\Z))"
_FURTHER = re.compile(rf"(?:, {_THING}){{1,8}}?{_LAST}", re.IGNORECASE)
_LAST_ONE = re.compile(_LAST, re.IGNORECASE)
_NAME = r"[A-ZÀ-Þ][\w’'-]+(?: [A-ZÀ-Þ][\w’'-]+)?"
_FURTHER_NAMES = re.compile(rf"(?:, {_NAME}){{1,8}}{_AND}{_NAME}")
_LAST_NAME = re.compile(rf"{_AND}{_NAME}")
_ENDS_IN_NAME = re.compile(r"(?:\A|[ (])[A-ZÀ-Þ][\w’'-]+\Z")
_FORMER = re.compile(rf"(?<=[\w:] )(?:{_OTHER}[\w’'-]+, ){{1,8}}\Z", re.IGNORECASE)
_IS_LAST = re.compile(r" (?:and|or|und|oder|et|y) ")


def whole(question: Question, text: str, start: int, end: int) -> tuple[int, int]:
    """`text` is that of the sentence."""
    start, end = _without_cut_words(text, start, end)
    for number in _PHONE.finditer(text):
        if number.start() < end and start < number.end():
            start, end = min(start, number.start()), max(end, number.end())
    if street := _CUT_STREET.search(text[start:end]):
        behind = _HOUSE.match(text, end)
        if question.kind == "who" and street.start():
            end = start + street.start()
        elif behind:
            end = behind.end()
    if question.kind in ("where", "fact") and _STREET.search(text[start:end]):
        end = _behind(_BEHIND_STREET, text, end)
    if question.kind in ("where", "fact") and _CODE.search(text[start:end]):
        end = _behind(_BEHIND_CODE, text, end)
    if "how often" in question.text.casefold() and (each := _EACH.search(text, 0, start)):
        start = each.start()
    if "how long" in question.text.casefold() and (until := _UNTIL.search(text, 0, start)):
        start = until.start()
    return _of_list(text, start, end) if question.kind in ("list", "who") else (start, end)


def _without_cut_words(text: str, start: int, end: int) -> tuple[int, int]:
    while 0 < start < end and text[start].isalnum() and text[start - 1].isalnum():
        start -= 1
    while start < end and (number := _FRACTION.search(text, max(0, start - 20), start)):
        if not text[start].isdigit():
            break
        start = number.start()
    while start < end < len(text) and text[end].isalnum() and text[end - 1].isalnum():
        end += 1
    return start, end


def _of_list(text: str, start: int, end: int) -> tuple[int, int]:
    """All of three or more things in a row, where some of them were found."""
    found = text[start:end]
    are_names = _ENDS_IN_NAME.search(found)
    if ", " in found and not _IS_LAST.search(found):
        end = _behind(_LAST_NAME if are_names else _LAST_ONE, text, end)
    end = _behind(_FURTHER_NAMES if are_names else _FURTHER, text, end)
    if _IS_LAST.search(text[start:end]) and (former := _FORMER.search(text, 0, start)):
        start = former.start()
    return start, end


def _behind(pattern: re.Pattern[str], text: str, end: int) -> int:
    found = pattern.match(text, end)
    return found.end() if found else end
