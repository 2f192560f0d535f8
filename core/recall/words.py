"""Text → the stems it is compared by.

Recall and the answer share it, so that "matches" means the same in both. The stemmer is the one
the index uses; what the index can't cut into words by itself, `hidden` tells it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

import Stemmer

from cairn.core.recall.irregular import FORMS, VERB
from cairn.core.recall.unspaced import RUN, UNSPACED, is_unspaced, pairs

_PLAIN_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
# Marks that stand on or beside a letter, which `\w` leaves out: they don't end a word.
_MARKS = (
    "\u0300-\u036f\u0591-\u05bd\u05bf-\u05c7\u0610-\u061a\u064b-\u065f\u0670"
    "\u0900-\u0963\u0966-\u0dff"
)
_LETTERS = f"(?:[^\\W_{UNSPACED}]|[{_MARKS}])+"
WORD = re.compile(f"(?P<run>{RUN})|{_LETTERS}(?:['’]{_LETTERS})?")
_SPECIAL = re.compile(f"[{UNSPACED}{_MARKS}]")
"""Without one of these a text is split by the simpler pattern, three times as fast."""
_BETWEEN_WORDS = {code: " " for code in range(128) if not chr(code).isalnum() and chr(code) != "'"}


def stems(text: str) -> frozenset[str]:
    return frozenset(listed(text))


def listed(text: str) -> list[str]:
    """Its stems in their order, each as often as it stands there."""
    if text.isascii():
        return list(map(stem, _ascii_words(text)))
    normal = unicodedata.normalize("NFKC", text)
    if not _SPECIAL.search(normal):
        return list(map(stem, _PLAIN_WORD.findall(normal)))
    return [stem for _, stem in each_word(normal)]


def _ascii_words(text: str) -> list[str]:
    """What `_PLAIN_WORD` finds, in half the time."""
    parts = text.translate(_BETWEEN_WORDS).split()
    if "'" not in text:
        return parts
    return [
        word for part in parts for word in (_PLAIN_WORD.findall(part) if "'" in part else (part,))
    ]


def hidden(text: str) -> str:
    """The stems of a text that are not found by splitting it at spaces and folding accents.

    Pairs of characters in scripts without spaces, words that touch such characters, and words in
    unusual forms: full width, ligatures, letters followed by their accents.
    """
    if text.isascii():
        return ""
    if not _SPECIAL.search(text):
        return " ".join(stem(word) for word in _PLAIN_WORD.findall(text) if is_hidden(word))
    normal = unicodedata.normalize("NFKC", text)
    found = [pair for match in WORD.finditer(normal) if match["run"] for pair in pairs(match[0])]
    for match in WORD.finditer(text):
        if not match["run"] and (is_hidden(match[0]) or _touches(text, match)):
            found.append(stem(match[0]))
    return " ".join(found)


def _touches(text: str, match: re.Match[str]) -> bool:
    return is_unspaced(text[max(0, match.start() - 1) : match.start()]) or is_unspaced(
        text[match.end() : match.end() + 1]
    )


def each_word(text: str) -> Iterator[tuple[str, str]]:
    """Each word with its stem, and each run without spaces with each of its pairs."""
    for match in WORD.finditer(text):
        if match["run"]:
            yield from ((match[0], pair) for pair in pairs(match[0]))
        else:
            yield match[0], stem(match[0])


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    bare = plain(word).removesuffix("'s")
    return str(_stemmer().stemWord(VERB.get(bare, bare)))


def forms(stem: str) -> tuple[str, ...]:
    """How a verb of this stem is written; nothing for a regular one, whose forms have one stem."""
    return _forms().get(stem, ())


@lru_cache(maxsize=1)
def _forms() -> dict[str, tuple[str, ...]]:
    return {stem(verb): (verb, *forms) for verb, forms in FORMS.items()}


def plain(word: str) -> str:
    """In small letters without accents. й is a letter of its own, as the index has it."""
    if word.isascii():
        return word.lower()
    folded = unicodedata.normalize("NFKC", word).casefold().replace("’", "'")
    return "й".join(_without_marks(part) for part in folded.split("й"))


def _without_marks(text: str) -> str:
    apart = unicodedata.normalize("NFKD", text)
    return "".join(char for char in apart if not unicodedata.combining(char))


@lru_cache(maxsize=50_000)
def is_hidden(word: str) -> bool:
    """Does the index make something else of a word? It stems first and then folds Latin letters."""
    if word.isascii():
        return False
    word = word.replace("’", "'")
    if unicodedata.normalize("NFKC", word) != word:
        return True
    indexed = str(_stemmer().stemWord(word.lower().removesuffix("'s")))
    return "".join(map(_fold_latin, indexed)) != stem(word)


def _fold_latin(char: str) -> str:
    base = _without_marks(char)
    return base if base.isascii() else char


@lru_cache(maxsize=1)
def _stemmer() -> Stemmer.Stemmer:
    return Stemmer.Stemmer("english")
