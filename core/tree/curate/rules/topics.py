"""A sentence → the words that it is about, and the names in it.

Called by the rules to see whether two sentences are on one thing, and what an entry mentions.
"""

from __future__ import annotations

import re
from functools import lru_cache

import Stemmer

_WORD = re.compile(r"[^\W\d_]{3,}|\d+")
_EMPTY = frozenset(
    "the and you for that this with are was were have has had but not they she his her our your "
    "its it's i'm i've just really very much too also been being from out about all any can could "
    "would will what when who how there here then than them these those some get got did does "
    "don't didn't into like so i'd i'll we're that's such more most lot lots thing things way one "
    "make made know think going gonna".split()
)
_COMMON = frozenset(
    "great good really love loved amazing awesome time times people feel feeling felt always "
    "never since life even help helps helped nice cool happy excited best well want wanted need "
    "look looking looks today year years week last next after before while every because keep "
    "back still first over some with able take took give gave let's".split()
)
"""Too common to tell that two sentences are on one thing."""
_NOT_NAMES = frozenset(
    "i im monday tuesday wednesday thursday friday saturday sunday january february march april "
    "may june july august september october november december god omg lol btw tv ok the a an and "
    "but so it he she we they you my no yes fri sat sun mon tue tues wed thu thur thurs".split()
)
_CAPITAL = r"(?!(?:I|Im|Ive)\b)[A-Z][\w'’&-]*"
_NAMES = re.compile(
    rf"(?<=[\w,;:-] ){_CAPITAL}(?: (?:of |the |de )?(?:{_CAPITAL}|\d+)){{0,4}}"
    r"|[\"“]([A-Z0-9][^\"“”]{1,60})[\"”]"
)
_OTHER = re.compile(
    r"\b(?:und|der|die|das|den|dem|ein|eine|ist|nicht|ich|mich|mein|meine|wir|mit|für|auf|von|zu|"
    r"que|de|la|el|los|una|mi|me gusta|muy|por|para|con|es|est|je|j|les|des|une|du|mon|ma|mes|"
    r"pas|pour|dans|avec|et|il|che|di|non|sono|eu|não|uma|meu|minha|het|een|ik|niet|mijn)\b",
    re.IGNORECASE,
)
_ENGLISH = re.compile(
    r"\b(?:the|and|i|my|to|of|is|was|it|that|with|for|have|but|at|this|we|been|they)\b",
    re.IGNORECASE,
)
_OWNING = re.compile(r"['’]s$|['’-]+$")


def content_words(text: str) -> frozenset[str]:
    words = (word[0].casefold() for word in _WORD.finditer(text))
    return frozenset(word for word in words if word not in _EMPTY)


def topic_words(text: str) -> frozenset[str]:
    """Stems of what a sentence is about, to see whether another goes on."""
    words = (word for word in content_words(text) if len(word) > 3 and word not in _COMMON)
    return frozenset(_stemmer().stemWords(list(words)))


def names(text: str) -> list[str]:
    """Of people, places and things, as they are spelled; not the first word of a sentence."""
    found = (_OWNING.sub("", (match[1] or match[0]).strip()) for match in _NAMES.finditer(text))
    return [name for name in found if name and name.casefold() not in _NOT_NAMES]


def is_english(text: str) -> bool:
    """False for what clearly is another language: its small words stand there."""
    others = len(set(_OTHER.findall(text)))
    return others < 2 or others * 2 <= len(_ENGLISH.findall(text))


@lru_cache(1)
def _stemmer() -> Stemmer.Stemmer:
    return Stemmer.Stemmer("english")
