"""A text → the language it is written in, for telling a user what the embedder can't understand.

Called in the extractor process only: the classifier takes a second to load and 100 MB. Unsure, too
short or not prose (code, tables) is "", so that nothing wrong is claimed. Time is bounded.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

_PART = 700
"""Characters looked at in each of three places: a letter may begin with a foreign heading."""
_LEAST_LETTERS = 24
_LEAST_SIGNS = 6
"""Of a script whose single characters say as much as several letters."""
_PROSE = 0.7
"""Letters among all that is visible; lists of numbers and code have fewer."""
_CODE = 0.04
_SURE = 0.6
_NOT_WORDS = re.compile(r"\S*(?:[/\\@_#=<>]|\w[.:]\w)\S*")
_CODE_MARKS = re.compile(r"[{}\[\]();=<>|\\$&*+^~`]")
_MARK, _OTHER = "mark", "other"
_SIGNS = frozenset(("CJK", "HIRAGANA", "KATAKANA", "HANGUL"))
_JAPANESE = 0.1
# Scripts that are written in one language, or almost so; any other is left to the classifier.
_ONE_LANGUAGE = {
    "GREEK": "el", "ARMENIAN": "hy", "GEORGIAN": "ka", "HEBREW": "he", "ETHIOPIC": "am",
    "THAI": "th", "LAO": "lo", "KHMER": "km", "MYANMAR": "my", "HANGUL": "ko", "TAMIL": "ta",
    "TELUGU": "te", "KANNADA": "kn", "MALAYALAM": "ml", "GUJARATI": "gu", "GURMUKHI": "pa",
    "SINHALA": "si", "ORIYA": "or", "BENGALI": "bn",
}  # fmt: skip
_CANDIDATES = {
    "LATIN": "af az bs ca cs cy da de en es et eu fi fr ga gl hr ht hu id is it lt lv mt nl no pl "
    "pt ro sk sl sq sv sw tl tr uz vi".split(),
    "CYRILLIC": "be bg kk ky mk mn ru sr tg tt uk".split(),
    "ARABIC": "ar fa ku ps ug ur".split(),
    "DEVANAGARI": "hi mr ne".split(),
}


def detect(text: str) -> str:
    """The ISO 639-1 code of a text's language, or "" when that is not certain."""
    words = _NOT_WORDS.sub(" ", _sample(text))
    scripts = Counter(script for char in words if (script := _script(char)))
    visible = scripts.total() - scripts[_MARK]
    letters = visible - scripts.pop(_OTHER, 0)
    del scripts[_MARK]
    if not letters or letters < visible * _PROSE:
        return ""
    if len(_CODE_MARKS.findall(words)) > visible * _CODE:
        return ""
    signs = sum(scripts[script] for script in _SIGNS)
    script, count = scripts.most_common(1)[0]
    if signs >= _LEAST_SIGNS and signs * 2 > letters:
        return _of_signs(scripts)
    if count < _LEAST_LETTERS or count * 2 < letters:
        return ""
    return _ONE_LANGUAGE.get(script) or _classify(words, script)


def covered(language: str) -> bool:
    """Does the shipped embedder understand it? It was trained on English."""
    return language in ("", "en")


def _sample(text: str) -> str:
    if len(text) <= 3 * _PART:
        return text
    middle, end = (len(text) - _PART) // 2, len(text) - _PART
    return " ".join(text[start : start + _PART] for start in (0, middle, end))


@lru_cache(maxsize=4096)
def _script(char: str) -> str:
    """The first word of a letter's name is its script; empty for white space."""
    category = unicodedata.category(char)[0]
    if category != "L":
        return _MARK if category == "M" else "" if char.isspace() else _OTHER
    name = unicodedata.name(char, "").removeprefix("HALFWIDTH ").removeprefix("FULLWIDTH ")
    return name.partition(" ")[0].removesuffix("-HIRAGANA").partition("-")[0]


def _of_signs(scripts: Counter[str]) -> str:
    kana = scripts["HIRAGANA"] + scripts["KATAKANA"]
    if scripts["HANGUL"] > scripts["CJK"] + kana:
        return "ko"
    return "ja" if kana > _JAPANESE * (kana + scripts["CJK"]) else "zh"


def _classify(words: str, script: str) -> str:
    candidates = _CANDIDATES.get(script)
    if candidates is None:
        return ""
    identifier = _identifier(script)
    if identifier is None:
        return ""
    language, share = identifier.classify(" ".join(words.split()))
    return str(language) if share >= _SURE else ""


@lru_cache(maxsize=len(_CANDIDATES))
def _identifier(script: str) -> LanguageIdentifier | None:
    from copy import copy

    identifier = copy(_all_languages())
    if identifier is None:
        return None
    identifier.set_languages(_CANDIDATES[script])
    return identifier


@lru_cache(maxsize=1)
def _all_languages() -> LanguageIdentifier | None:
    """None where the disk has no room for the model, which is unpacked into a temporary file."""
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    try:
        return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    except OSError:
        return None
