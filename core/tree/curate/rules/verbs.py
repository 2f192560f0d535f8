"""English verbs: is this word a past form, and what is its third person?

Called by `voice`, which makes verbs agree with a name. A word list of irregular forms, and rules.
"""

from __future__ import annotations

_PAST = frozenset(
    "was were had did went got took made said thought saw came knew gave found told became left "
    "felt brought began kept held wrote stood heard meant met ran paid sat spoke led grew lost "
    "fell sent built understood drew broke spent rose drove bought wore chose ate slept won "
    "taught "
    "caught fought sold threw flew forgot hid woke rode swam sang drank forgave shot stuck struck "
    "swore tore dealt dreamt burnt learnt lent bent dug fed fled froze hung laid lit shook shone "
    "sought sank spun stole swept swung wept wound bit blew bred crept leapt overcame overslept "
    "withdrew knelt rang slid stung wove bound undertook redid undid outgrew rebuilt proved "
    "signed been done gone seen taken been".split()
)
_BASE_ED = frozenset(
    "need feed succeed proceed exceed speed breed bleed seed weed embed shed wed heed bed".split()
)
_BASE_LY = frozenset("rely apply fly reply supply imply multiply comply ally rally tally".split())
_SAME = frozenset(
    "put cut hit set let cost quit hurt beat shut spread bet read burst split".split()
)
"""Present and past are written alike: what was said of oneself is mostly past."""


def is_past(word: str) -> bool:
    low = word.casefold()
    if low in _PAST or low in _SAME:
        return True
    return len(low) > 3 and low.endswith("ed") and low not in _BASE_ED


def is_base(word: str) -> bool:
    """Whether a word that looks like an adverb is a verb."""
    return word.casefold() in _BASE_LY


def present(verb: str) -> str:
    """Its third person: "go" → "goes"; a form that is no base form stays as it is."""
    low = verb.casefold()
    if low in ("have", "do", "go"):
        return {"have": "has", "do": "does", "go": "goes"}[low]
    if low in ("don't", "haven't"):
        return {"don't": "doesn't", "haven't": "hasn't"}[low]
    if low.endswith("s") and not low.endswith("ss") and low not in ("focus", "bus", "gas"):
        return verb
    if low.endswith("y") and low[-2:-1] not in "aeiou":
        return verb[:-1] + "ies"
    if low.endswith(("s", "x", "z", "ch", "sh", "o")):
        return verb + "es"
    return verb + "s"
