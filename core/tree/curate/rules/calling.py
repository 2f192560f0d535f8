"""A thing's property and its value → the title that a person would write over it.

Called by `attributes`: "Boiler service due November 2026", "Lena's allergy: nuts", "Running goal:
under 1:55". Nothing stands in it twice, and no pronoun stands for whom it is about.
"""

from __future__ import annotations

import re

from cairn.core.tree.curate.material import Utterance
from cairn.core.tree.curate.rules.naming import ROLES, About, determiner, read_phrase, topic_of
from cairn.core.tree.curate.rules.people import KIN, is_name
from cairn.core.tree.curate.rules.voice import ME, possessive

_ANOTHERS = frozenset(("his", "her", "their"))
_OURS = frozenset(("my", "our", "your", "mein", "meine", "unser", "unsere"))
_ARTICLE = re.compile(
    r"^(?:the|our|a|an|this|that|der|die|das|unser\w{0,2}|le|la|les|el|los|las)\s+", re.I
)
_LOOSE = re.compile(r"^(?:(?:next|new|upcoming|current|my|our|your)\s+)+", re.I)
_GROUPS = frozenset(
    "family friends people relatives birthday birthdays contacts kids children parents colleagues "
    "team health home work school personal private gifts presents christmas calendar dates garden "
    "house neighbours neighbors guests members class grandchildren familie freunde geburtstage "
    "kontakte gesundheit".split()
)
_NO_FIRST_NAME = re.compile(rf"^(?:{'|'.join(sorted(_GROUPS))})$|(?:s|ing|tion)$", re.IGNORECASE)
"""A heading of one word that is more likely of many things than of one person."""
_UNNAMED = frozenset("measure date day amount relation place choice".split())
_OF_PEOPLE = frozenset(
    "birthday allergy diet job school employer home origin size pet language medicine car "
    "instrument salary".split()
)
_WITHOUT_COLON = {"due": "due", "end": "until", "start": "starts"}
_KIN_LAST = re.compile(rf"{KIN}$", re.IGNORECASE)
_SAID_TWICE = re.compile(r"\b([^\W_]+)\s+\1\b", re.IGNORECASE)
_FIRST = r"\1"


def whose(phrase: str, utterance: Utterance) -> str | None:
    """Whom "her birthday" is about: the person in the heading or title; None where nobody is.

    Empty for a phrase that isn't about another person.
    """
    if determiner(phrase) not in _ANOTHERS:
        return ""
    if utterance.kind not in ("note", "text"):
        return None
    for text in (*reversed(utterance.heading), utterance.title):
        name = text.strip(" :")
        is_word = " " not in name and bool(_NO_FIRST_NAME.search(name))
        if is_name(name) and not is_word and topic_of_one(name):
            return name
    return None


def topic_of_one(text: str) -> str:
    return topic_of(Utterance("", "", title=text, kind="note"))


def with_owner(phrase: str, who: str) -> str:
    """ "Her birthday" → "Lena's birthday"."""
    return f"{possessive(who)} {phrase.split(None, 1)[1]}" if who else phrase


def called(phrase: str, about: About, topic: str) -> str:
    """What comes before the value. `topic` is how the heading that tells which one is written."""
    word = about.attribute.split(" ")[0]
    read = read_phrase(phrase)
    name = _ARTICLE.sub("", phrase.strip(" ,:"))
    if determiner(phrase) in _OURS and read and not read.subject and about.subject[:1].isupper():
        name = with_owner(phrase, about.subject)
    elif read is None or determiner(phrase) in _OURS:
        is_own = read is None or bool(_KIN_LAST.search(phrase)) or about.subject in ME
        name = _of_subject(name, about, has_phrase=read is not None) if is_own else name
    elif which := _which(name, about, read, topic):
        name = _joined(which, _LOOSE.sub("", name), word)
    if read is not None and read.attribute and word not in _WITHOUT_COLON:
        return _end(name, ":")
    return _end(*_with_word(name, word, about, has_word=bool(read and read.attribute)))


def _of_subject(name: str, about: About, *, has_phrase: bool) -> str:
    if about.subject in ME:
        return name if has_phrase else ""
    return about.subject if not has_phrase or name.split()[0].casefold() in _OURS else name


def _which(name: str, about: About, read: About, topic: str) -> str:
    """What its subject has that its phrase doesn't."""
    words = set(re.findall(r"[^\W_]+", name.casefold()))
    which = about.subject.casefold().removesuffix(read.subject.casefold()).strip()
    if not which or which in ME or words.issuperset(re.findall(r"[^\W_]+", which)):
        return ""
    if not about.subject.casefold().endswith(read.subject.casefold()):
        return ""
    if topic_of_one(topic) == which:
        return topic
    return about.subject[: len(which)][:1].upper() + about.subject[1 : len(which)]


def _joined(which: str, name: str, word: str) -> str:
    if word == "name" and which.split()[-1].casefold() in ROLES:
        return which
    is_plain = name[:1].isupper() and name[1:2].islower()
    rest = name[:1].lower() + name[1:] if is_plain else name
    is_person = word in _OF_PEOPLE and is_name(which) and " " in which
    return f"{possessive(which) if is_person else which} {rest}"


def _with_word(name: str, word: str, about: About, *, has_word: bool) -> tuple[str, str]:
    last = name.split()[-1].casefold() if name else ""
    if has_word:
        return name, ":"
    if word in _UNNAMED or (word == "name" and (last in ROLES or _KIN_LAST.search(name))):
        return name, ":"
    if word in _WITHOUT_COLON:
        is_there = last == _WITHOUT_COLON[word]
        return (name if is_there else f"{name} {_WITHOUT_COLON[word]}"), ""
    if not name:
        return word.capitalize(), ":"
    if word in name.casefold().split() or not word:
        return name, ":"
    return f"{possessive(name) if word in _OF_PEOPLE else name} {word}", ":"


def _end(name: str, mark: str) -> str:
    return f"{_SAID_TWICE.sub(_FIRST, name)}{mark} " if name.strip() else ""
