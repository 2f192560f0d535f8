"""A noun phrase → what it is about and which of its properties, in one spelling.

Called by the rules for decisions and attributes: what supersedes what rests on it. "The budget for
the garden" and "our garden budget" are both (`garden`, `budget`). Linear in the phrase.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from cairn.core.tree.curate.material import Utterance
from cairn.core.tree.curate.rules.written import undated

Sort = Literal["money", "date", "name", "number", "phone", "mail", "address", "text"]
"""What the value of an attribute has to look like."""


@dataclass(frozen=True, slots=True)
class Property:
    name: str
    sort: Sort


@dataclass(frozen=True, slots=True)
class About:
    """One property of one thing; an empty attribute means that the phrase names only a thing."""

    subject: str
    attribute: str
    sort: Sort = "text"


_WORDS: dict[tuple[str, Sort], str] = {
    ("budget", "money"): "budget|presupuesto",
    ("rent", "money"): "rent|monthly rent|miete|kaltmiete|warmmiete|loyer|alquiler",
    ("price", "money"): "price|cost|costs|total cost|preis|kosten|prix|coût|precio|coste",
    ("salary", "money"): "salary|gehalt|salaire|salario|sueldo",
    ("fee", "money"): "fee|fees|membership fee|monthly fee|annual fee|gebühr|beitrag",
    ("deposit", "money"): "deposit|kaution|caution|fianza",
    ("rate", "number"): "rate|interest rate|hourly rate|daily rate|day rate|zinssatz|stundensatz",
    ("due", "date"): "deadline|delivery date|date of delivery|due date|submission deadline|frist|"
    "abgabetermin|date limite|"
    "échéance|fecha límite|plazo",
    ("date", "date"): "date|new date|termin|datum|fecha",
    ("start", "date"): "start date|starting date|beginning|beginn|move-in date|start",
    ("end", "date"): "end date|expiry date|expiration date|end|ende|ablaufdatum",
    ("launch", "date"): "launch|launch date|release date|go-live|go-live date|release",
    ("birthday", "date"): "birthday|date of birth|geburtstag|anniversaire|cumpleaños",
    ("time", "text"): "start time|starting time|time slot|departure time|arrival time|uhrzeit",
    ("lead", "name"): "lead|leader|project lead|project leader|team lead|owner|project owner|"
    "head|project manager|manager|coordinator|leiter|leiterin|projektleiter|projektleiterin|"
    "leitung|projektleitung|chef de projet|responsable",
    ("contact", "name"): "contact|contact person|point of contact|ansprechpartner|"
    "ansprechpartnerin|ansprechperson|contacto",
    ("phone", "phone"): "phone|phone number|telephone|telephone number|tel|tel.|number|"
    "telefon|telefonnummer|téléphone|numéro de téléphone|teléfono|número de teléfono|new number|"
    "landline|office number|work number",
    ("mobile", "phone"): "mobile|mobile number|cell|cell number|cell phone|handy|handynummer|"
    "portable|móvil",
    ("email", "mail"): "email|e-mail|mail|mail address|email address|e-mail address|"
    "e-mail-adresse|courriel|correo|correo electrónico",
    ("address", "address"): "address|postal address|home address|adresse|anschrift|dirección",
    ("place", "address"): "location|venue|place|meeting place|meeting point|ort|treffpunkt|"
    "lieu|lugar",
    ("room", "text"): "room|meeting room|raum",
    ("status", "text"): "status|stand",
    ("name", "text"): "name|working title|codename|code name",
    ("version", "text"): "version",
    ("goal", "text"): "goal|target|ziel|objectif|objetivo",
    ("capacity", "number"): "capacity|headcount|number of guests|guest count|"
    "number of participants|number of seats|team size|group size",
    ("size", "text"): "size|shoe size|dress size|shirt size|größe|taille|talla",
    ("number", "text"): "customer number|contract number|policy number|membership number|"
    "account number|order number|booking number|booking reference|reference number|"
    "insurance number|invoice number|serial number|vertragsnummer|kundennummer|"
    "versicherungsnummer|rechnungsnummer|plate|licence plate|license plate|kennzeichen",
    ("hours", "text"): "opening hours|office hours|hours|öffnungszeiten|sprechzeiten",
    ("provider", "text"): "provider|internet provider|supplier|vendor|anbieter|lieferant",
    ("dose", "number"): "dose|dosage|dosis",
    ("limit", "number"): "limit|rate limit|daily limit|quota|timeout|port",
    ("period", "text"): "notice period|kündigungsfrist|warranty period|trial period",
    ("colour", "text"): "colour|color|farbe|couleur|color",
    ("schedule", "text"): "schedule",
}  # fmt: skip
PROPERTIES: dict[str, Property] = {
    word: Property(name, sort)
    for (name, sort), words in _WORDS.items()
    for word in words.split("|")
}
_LONGEST = max(len(word.split()) for word in PROPERTIES)
_NUMBERED = {"number": "number"}
ROLES = frozenset(
    "dentist doctor gp paediatrician pediatrician vet physio physiotherapist therapist landlord "
    "landlady plumber electrician lawyer accountant babysitter caretaker hausarzt zahnarzt "
    "vermieter hausverwalter kinderarzt steuerberater boss supervisor advisor mentor".split()
)
"""Whoever has one has one at a time: "our dentist is Dr Weber"."""

_DETERMINERS = frozenset(
    "the a an this that these those our my your his her their its every each all any some "
    "der die das den dem des ein eine einen unser unsere unseren mein meine meinen dein deine "
    "ihr ihre le la les l' un une notre nos mon ma mes votre vos el los las una nuestro nuestra "
    "mi mis su sus".split()
)
_LOOSE = frozenset(
    "next upcoming new current total overall agreed final updated revised latest old original "
    "whole full exact "
    "actual official max maximum planned expected neue neuer neues neuen aktuelle aktueller "
    "nouveau "
    "nouvelle nuevo nueva now main primary project projekt projet proyecto "
    "year month week".split()
)
_LINKS = frozenset(
    "of for in at with on from to about by von für im in am zum zur vom beim mit de du des d' "
    "pour "
    "del para en au aux à".split()
)
_NEVER = frozenset(
    "i you he she it we they who which what when where why how if that's there here this that "
    "is are was were be been am do does did have has had will would can could should may might "
    "must not never and or but because so than then as ich er sie es wir wer was wenn nicht und "
    "oder aber je tu il elle nous vous qui que si et ou yo tú él ella nosotros y o pero me him "
    "them us one ones someone anyone everyone something anything everything nothing thing things "
    "since especially considering like as after before while during "
    "only just even still also already maybe probably think guess know".split()
)
_TOKEN = re.compile(r"[^\W_][\w&/+#.-]*(?:['’]\w+)?|[ld]['’]", re.UNICODE)
_OWNERS = frozenset(
    "my our your his her their mein meine unser unsere mon ma notre mi nuestro".split()
)
_POSSESSIVE = re.compile(r"['’]s$|(?<=s)['’]$")
_MOST_WORDS = 9


def read_phrase(phrase: str) -> About | None:
    """None for what is no noun phrase, such as one with a verb or pronoun in it."""
    words = _tokens(phrase)
    if words is None:
        return None
    head, rest = _at_link(words)
    found = _property_at_end(head)
    if found is None and rest:
        head = [*head, *rest]
    if found is None:
        subject = _subject(head)
        return About("" if _is_loose(subject) else subject, "") if head else None
    prop, before = found
    subject = _subject([*before, *rest])
    return About("" if _is_loose(subject) else subject, prop.name, prop.sort)


def _is_loose(subject: str) -> bool:
    return all(word in _LOOSE or word.isdigit() for word in subject.split())


def determiner(phrase: str) -> str:
    first = phrase.split(maxsplit=1)
    return first[0].casefold() if first and first[0].casefold() in _DETERMINERS else ""


def _tokens(phrase: str) -> list[str] | None:
    if any(mark in phrase for mark in '"“”„'):
        return None
    words: list[str] = []
    for raw in _TOKEN.findall(phrase.casefold().replace("’", "'")):
        if words and raw in _OWNERS and words[-1] not in _LINKS:
            return None
        word = _POSSESSIVE.sub("", raw).rstrip(".") if raw not in PROPERTIES else raw
        if word.startswith(("l'", "d'")) and len(word) > 2:
            words += ["de"] * word.startswith("d'") + [word[2:]]
        elif word in _NEVER or (raw.endswith(("'re", "'ll", "n't", "'ve", "'d", "'m"))):
            return None
        elif word:
            words.append(word)
    while words and words[0] in _DETERMINERS:
        words.pop(0)
    return words if 0 < len(words) <= _MOST_WORDS else None


def _at_link(words: list[str]) -> tuple[list[str], list[str]]:
    """Before and after the first preposition that is no part of an attribute's own name."""
    for at, word in enumerate(words):
        if at and word in _LINKS and not _is_inside_property(words, at):
            return words[:at], words[at:]
    return words, []


def _is_inside_property(words: list[str], at: int) -> bool:
    return any(
        " ".join(words[start:end]) in PROPERTIES
        for start in range(max(0, at - 2), at)
        for end in range(at + 2, min(len(words), at + 4) + 1)
    )


def _property_at_end(words: list[str]) -> tuple[Property, list[str]] | None:
    for size in range(min(_LONGEST, len(words)), 0, -1):
        prop = PROPERTIES.get(" ".join(words[-size:]))
        if prop is not None:
            return prop, words[:-size]
    return None


def _subject(words: list[str]) -> str:
    """`trip to the lake` and `lake trip` are one: what stands behind a preposition comes first."""
    groups: list[list[str]] = [[]]
    for word in words:
        if word in _LINKS:
            groups.append([])
        elif word not in _DETERMINERS:
            groups[-1].append(word)
    ordered = [word for group in reversed(groups) for word in group]
    kept = [word for word in ordered if word not in _LOOSE]
    return " ".join(dict.fromkeys(kept or ordered))


_DATED = re.compile(
    r"\b(?:19|20)\d\d(?:-\d\d(?:-\d\d)?)?\b|\b\d{1,2}[./]\d{1,2}[./]?(?:\d{2,4})?\b"
)
_OCCASION = re.compile(
    r"\b(?:meetings?|minutes|notes?|calls?|stand-?up|workshop|sync|session|visit|interview|review|"
    r"retro|kick-?off|journal|diary|log|entry|day|week|month|talks?|chat|lunch|dinner|with|status|"
    r"updates?|besprechung|protokoll|notizen|termin|sitzung|treffen|anruf|gespräch|tagebuch|tag|"
    r"woche|besuch|mit|réunion|appel|visite|entretien|semaine|avec|"
    r"reunión|llamada|visita|acta|semana|con)\b",
    re.IGNORECASE,
)
"""Something that took place on that day, and not what it was about."""
_FILING = frozenset(
    "plan plans plan: planning note notes notizen list liste page minutes protokoll meeting "
    "agenda sync standup session workshop retro call besprechung sitzung termin réunion reunión "
    "project projekt info infos information details overview übersicht summary re fwd fw aw wg "
    "update "
    "updates draft doc document file log journal diary tagebuch misc general todo todos ideas "
    "facts data key contacts contact people budget chat conversation untitled readme index about "
    "questions decisions decision open action actions items next steps step how to question money "
    "thread group news hello hi hey hallo greetings grüße the a an of for and on our my your "
    "quick short weekly daily monthly "
    "status report jan feb mar apr may jun jul aug sep oct nov dec monday tuesday wednesday "
    "thursday "
    "friday saturday sunday january february march april june july august september october "
    "november december".split()
)


def topic_of(utterance: Utterance) -> str:
    """What a document says it is about, for "the budget is 400"; empty where it doesn't say."""
    if utterance.kind == "chat":
        return _filed(utterance.project.rstrip("/").rpartition("/")[2])
    return next(filter(None, map(_filed, _names(utterance))), "")


def _names(utterance: Utterance) -> Iterator[str]:
    """What may say it, the nearest first. An entry of a diary is about what the diary is about,
    but "Project Falcon, 2026-04-01" is about Falcon, whatever the file is called."""
    names = (*reversed(utterance.heading), utterance.title)
    for name in names:
        if not _DATED.search(name):
            yield name
        elif thing := _thing_with_day(name):
            yield thing
    yield from names


def _thing_with_day(text: str) -> str:
    """A heading that ends with its day, without that, if it names a thing and no occasion."""
    bare = undated(text).rstrip(" ,;:()[]–—-")
    is_behind = bool(bare) and bare != text and text.startswith(bare)
    return bare if is_behind and not _DATED.search(bare) and not _OCCASION.search(bare) else ""


def _filed(text: str) -> str:
    plain = _DATED.sub(" ", undated(text).casefold())
    words = _TOKEN.findall(plain.replace("_", " ").replace("-", " "))
    kept = [word for word in words if word not in _FILING]
    says_something = not all(word.isdigit() for word in kept)
    return " ".join(kept) if says_something and len(kept) <= 4 else ""


def topic_name(utterance: Utterance) -> str:
    """The heading or title that the topic was read from, as it is written."""
    named = next(filter(_filed, _names(utterance)), utterance.title)
    return named.strip(" :") if _filed(named) else named
