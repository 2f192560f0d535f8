"""The plain forms of following up in German, French and Spanish → the question that is meant.

Called by `resolve`. As in English, the earlier question is asked again with another asking word, or
with something else in it; pronouns are left to the reader of the answer.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from cairn.core.answer.following.exchange import Exchange
from cairn.core.recall.question.named import names_in
from cairn.core.times.phrases import find
from cairn.core.tree.graph.name_words import GIVEN, fold

LANGUAGES = ("de", "fr", "es")


@dataclass(frozen=True, slots=True)
class _Forms:
    """How one language says it; `lead` is what a question begins with."""

    joined: re.Pattern[str]
    lead: re.Pattern[str]
    bare: re.Pattern[str]
    """An asking word alone, or with "was that" behind."""
    about: re.Pattern[str]
    other: re.Pattern[str]
    """`who else`; its group names the asking word."""
    other_word: str
    more: re.Pattern[str]
    articles: str
    places: str


def _forms(
    *,
    joined: str,
    lead: str,
    was: str,
    about: str,
    other: str,
    other_word: str,
    more: str,
    articles: str,
    places: str,
) -> _Forms:
    def made(pattern: str) -> re.Pattern[str]:
        return re.compile(pattern, re.IGNORECASE)

    return _Forms(
        made(rf"^(?:{joined})[ ,]+"), made(rf"(?:{lead})\b"), made(rf"(?P<lead>{lead})(?:{was})?"),
        made(rf"(?:{about}) "), made(other), other_word, made(more), articles, places,
    )  # fmt: skip


_BY_LANGUAGE = {
    "de": _forms(
        joined="und|aber|oder|auch",
        lead=r"(?:seit|bis|ab) wann|wie (?:viel|lange|oft|teuer|alt)|wann|wo|warum|wieso|weshalb"
        r"|wie|wer|wem|wen|mit wem|von wem|wohin|woher|was|welche[rsnm]?",
        was=r" (?:war|ist|wurde|geschah|passierte)(?: denn)? (?:das|es|dies)"
        r"(?: genau| noch(?:mal)?)?| genau| denn| nicht",
        about=r"was ist mit|wie (?:ist es|sieht es aus|sieht's aus|steht es) mit|ich meine|nein,",
        other=r"(?P<lead>wer|was|wen|wem|wo|wann) (?:denn )?(?:noch|sonst)(?: noch)?",
        other_word="noch",
        more=r"(?:erzähl(?:e)? mir |sag(?:e)? mir )?mehr(?: darüber| dazu)?|weiter|genauer",
        articles="der|die|das|den|dem|des|ein|eine|einen|meine?[nmrs]?|unsere?[nmrs]?",
        places="in|im|bei|aus|nach|mit",
    ),
    "fr": _forms(
        joined="et|mais|ou",
        lead=r"depuis quand|jusqu'à quand|combien(?: de temps)?|quand|où|pourquoi|comment|avec qui"
        r"|par qui|qui|qu'est-ce que|que|quoi|quels?|quelles?",
        was=r" (?:est-ce que )?(?:c'était|était-ce|c'est|est-ce)(?: exactement)?| ça| exactement"
        r"| donc| pas",
        about=r"qu'en est-il (?:de|d'|du)|et pour|je veux dire|non,",
        other=r"(?P<lead>qui|quoi|où|quand) d'autre",
        other_word="d'autre",
        more=r"(?:dis-m'en |dites-m'en )?(?:plus|davantage)(?: là-dessus)?|continue|en détail",
        articles="le|la|les|l'|un|une|mon|ma|mes|notre|nos",
        places="à|au|en|dans|avec|chez|de",
    ),
    "es": _forms(
        joined="y|e|pero|o",
        lead=r"desde cuándo|hasta cuándo|cuánto tiempo|cuánt[oa]s?|cuándo|dónde|por qué|cómo"
        r"|con quién|quién|quiénes|qué|cuál(?:es)?",
        was=r" (?:fue|era|es)(?: eso| esto)?(?: exactamente)?| exactamente| no",
        about=r"qué (?:hay|pasa|tal) (?:de|con)|quiero decir|no,",
        other=r"(?P<lead>quién|qué|dónde|cuándo) más",
        other_word="más",
        more=r"(?:dime |cuéntame )?más(?: sobre eso)?|continúa|en detalle",
        articles="el|la|los|las|un|una|mi|mis|nuestr[oa]s?",
        places="en|con|a|de|para",
    ),
}
_MARKS = " ?¿!¡.…,;:"
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_ANY_DAY = date(2000, 1, 5)


def follow(text: str, exchange: Exchange, language: str) -> str:
    """ "" where the text is none of these forms."""
    forms = _BY_LANGUAGE[language]
    whole = " ".join(text.replace("’", "'").split()).strip(_MARKS)
    said = forms.joined.sub("", whole).strip(_MARKS)
    asked = " ".join(exchange.question.replace("’", "'").split()).strip(_MARKS)
    found = (
        _again(said, asked, forms)
        or _other(said, asked, forms)
        or (asked if forms.more.fullmatch(said) else "")
        or _instead(said, whole, asked, forms, language)
    )
    if not found or found == whole:
        return ""
    return f"¿{found}?" if language == "es" else f"{found} ?" if language == "fr" else f"{found}?"


def _again(said: str, asked: str, forms: _Forms) -> str:
    found = forms.bare.fullmatch(said)
    lead = forms.lead.match(asked)
    if not found or not lead:
        return ""
    word = found["lead"]
    return word[:1].upper() + word[1:] + asked[lead.end() :]


def _other(said: str, asked: str, forms: _Forms) -> str:
    found = forms.other.fullmatch(said)
    lead = forms.lead.match(asked)
    if not found or not lead:
        return ""
    return f"{lead[0]} {forms.other_word}{asked[lead.end() :]}"


def _instead(said: str, whole: str, asked: str, forms: _Forms, language: str) -> str:
    about = forms.about.match(f"{said} ")
    new = said[about.end() :].strip(_MARKS) if about else said
    if not new or len(new.split()) > 6 or forms.lead.match(new):
        return ""
    if not about and said == whole and not _is_name(new, language):
        return ""
    return (
        _time_for_time(new, asked, language)
        or _name_for_name(new, asked, language)
        or (_thing_for_thing(new, asked, forms))
    )


def _time_for_time(new: str, asked: str, language: str) -> str:
    if _YEAR.fullmatch(new) and _YEAR.search(asked):
        return _YEAR.sub(new, asked, count=1)
    mine, theirs = find(new, _ANY_DAY, language), find(asked, _ANY_DAY, language)
    if not mine or len(new) - len(mine[0].text) > 3:
        return ""
    if not theirs:
        return f"{asked} {new}"
    return asked[: theirs[0].start] + new + asked[theirs[0].end :]


def _is_name(text: str, language: str) -> bool:
    return names_in(f"x {text}", language)[:1] == (text,)


def _name_for_name(new: str, asked: str, language: str) -> str:
    """Behind a preposition, too: `und in Wien`."""
    names = sorted(names_in(asked, language), key=lambda each: fold(each) in GIVEN)
    before, _, bare = new.rpartition(" ")
    if before and re.search(rf"\b{re.escape(before)} (?=[A-ZÀ-Þ])", asked, re.IGNORECASE):
        pattern = rf"\b({re.escape(before)}) [A-ZÀ-Þ][\w-]+"
        return re.sub(pattern, lambda m: f"{m[1]} {bare}", asked, count=1, flags=re.IGNORECASE)
    if not names or not _is_name(new, language):
        return ""
    return re.sub(rf"\b{re.escape(names[-1])}\b", lambda _: new, asked)


def _thing_for_thing(new: str, asked: str, forms: _Forms) -> str:
    """With an article, the last that has one; a name for "I" goes to the end."""
    if not re.match(rf"(?:{forms.articles}|{forms.places})\b", new, re.IGNORECASE):
        return f"{asked} {new}" if new[:1].isupper() else ""
    found = list(re.finditer(rf"\b(?:{forms.articles})\b ?[^\W\d_][\w-]*", asked, re.IGNORECASE))
    if not found or not re.match(rf"(?:{forms.articles})\b", new, re.IGNORECASE):
        return f"{asked} {new}"
    return asked[: found[-1].start()] + new + asked[found[-1].end() :]
