"""A clause → what it says of one thing that has one value at a time: "the rent is now 1,200".

Called by the rules for decisions and attributes. Only what stands at the front of a part of the
clause counts, nothing hypothetical, and the value must look like one of its sort. Linear.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from cairn.core.tree.curate.rules.naming import (
    ROLES,
    About,
    determiner,
    read_phrase,
)
from cairn.core.tree.curate.rules.renaming import renamed
from cairn.core.tree.curate.rules.telling import (
    ahead,
    dates_in,
    day_of,
    day_of_year,
    is_quoted,
    when_said,
)
from cairn.core.tree.curate.rules.values import IS_NAME, NAME, clip, value_of

_LONGEST = 400
_UNSURE = re.compile(
    r"\b(?:if|would|could|might|(?-i:may)|maybe|perhaps|probably|hopefully|suppose|imagine|"
    r"pretend|"
    r"let['’]?s say|"
    r"i (?:think|guess|hope|wish|thought|assume)|should (?:be|have)|for example|e\.g|such as|"
    r"what if|"
    r"whether|unless|not sure|unsure|wonder(?:ing)?|typically|usually|generally|"
    r"wenn|falls|vielleicht|könnte|würde|wäre|si|peut-être|quizás|tal vez|ob)\b",
    re.IGNORECASE,
)
_ASKS = re.compile(
    r"(?:how|why|what|when|where|who|which|whose|can|do|does|is|are)\b", re.IGNORECASE
)
_SPLIT = re.compile(
    r"\s*[;–—]\s+|,\s+(?:and\s+|but\s+|so\s+|und\s+|et\s+|y\s+)?|:\s+|"
    r"\s+(?:but|because|although|whereas|while|since|until then|aber|weil)\s+|"
    r"\s+and\s+(?=(?:the|our|my|his|her|their)\s)|\s+\("
)
_LEAD = re.compile(
    r"(?:(?:and|but|so|ok|okay|also|now|then|well|fyi|update|reminder|note|by the way|btw|"
    r"just so you know|(?:it )?turns out(?: that)?|i (?:just )?(?:heard|found out|learned|"
    r"learnt)(?: that)?|"
    r"remember(?: that)?|big news|good to know|for the record|for the calendar|as discussed|"
    r"from now on|und|also|et|y|for now|in fact|actually|"
    r"good news|please note(?: that)?|note that|remember(?: that)?|i confirm(?: that)?|"
    r"we agreed(?: that)?|she said(?: that)?|he said(?: that)?|"
    r"it['’]s (?:official|confirmed)(?: that)?)[,:]?\s+)",
    re.IGNORECASE,
)
_CHANGED = (
    r"(?:set|raised?|lowered|lower|reduce|increase|move|postpone|cut|increased|reduced|changed|"
    r"bumped|dropped|fixed|capped|moved|"
    r"postponed|rescheduled|pushed|brought|delayed|shifted|extended|put|updated|adjusted|"
    r"corrected|"
    r"trimmed|revised|upped)"
)
_COPULA = re.compile(
    r"\s+(?:"
    rf"(?:is|are|was|were|has been|have been|got|gets|will be)\s+(?:now\s+|just\s+|"
    rf"all\s+)?{_CHANGED}"
    r"(?:\s+(?:back|forward|up|down|out|again))?(?:\s+from\s+.{1,40}?)?\s+(?:to|at|until|till|by|"
    r"for)"
    r"|(?:is|are|was|will be|remains|stays|has gone up|went up|goes up|rises|went down)"
    r"(?:\s+(?:now|still|currently|officially))?(?:\s+(?:to|at|on))?"
    r"|(?:is|are|was|will be)(?:\s+now)?\s+(?:planned|scheduled|set|expected|confirmed)\s+(?:for|"
    r"on|in)"
    r"|(?:moves|is moving|shifts|is moved|slips|is put back|goes live|opens|"
    r"launches)(?:\s+(?:back|"
    r"forward))?(?:\s+from\s+.{1,40}?)?\s+(?:to|until|on)"
    r"|(?:cut|raised|lowered|increased|reduced|dropped|rose|has risen|fell|went (?:up|down)|"
    r"goes (?:up|down)|rises|falls|changed)(?:\s+(?:back|again))?(?:\s+from\s+.{1,40}?)?\s+to"
    r"|(?:slipped|moved|postponed|rescheduled|pushed)(?:\s+(?:back|"
    r"forward))?(?:\s+from\s+.{1,40}?)?\s+(?:to|until|till)"
    r"|(?:now|still|currently)\s+(?:is|stands at)|equals|"
    r"(?:ist|sind|heißt|beträgt|bleibt|liegt|wird|lautet)(?:\s+(?:jetzt|nun|ab sofort|weiterhin|"
    r"aktuell))?(?:\s+(?:bei|am))?|"
    r"(?:est|sont)(?:\s+maintenant|\s+désormais)?(?:\s+(?:de|à))?|"
    r"(?:es|son|está)(?:\s+ahora)?(?:\s+(?:de|en))?"
    r")\s+(?=\S)",
    re.IGNORECASE,
)
_MADE = re.compile(
    r"(?P<who>(?:we|i|they|he|she|you|[A-Z][\w-]{1,20}(?: [A-Z][\w-]{1,20})?)(?:['’]ve| have| has|"
    r"['’]s)?\s+"
    r"(?:now |just |already |finally |also )?)"
    rf"(?P<verb>{_CHANGED})\s+(?:up |down |back |forward )?(?P<what>.{{3,60}}?)"
    r"(?:\s+(?:back|forward|up|down|out|again))?(?:\s+from\s+.{1,40}?)?"
    r"(?:\s+(?:to|at|until|till)\s+|(?P<colon>:)\s+)(?P<value>\S.*)",
)
_RUNS = re.compile(
    r"(?P<what>.{3,70}?)\s+(?:(?P<end>ends|expires|runs out|runs until|is valid until|"
    r"is valid till|"
    r"will end|will expire|finishes|lasts until|endet|läuft bis|läuft am|läuft ab|gilt bis|"
    r"se termine|expire|termina|vence)|"
    r"(?P<start>starts|begins|will start|will begin|beginnt|startet|commence|empieza|comienza)|"
    r"(?P<due>(?:is|are)(?: now)? due|must be (?:in|handed in|submitted|paid)|ist fällig)|"
    r"(?P<date>(?:is|are|was)(?: now)? (?:scheduled|planned|set|booked|confirmed|moved|"
    r"rescheduled|"
    r"postponed)(?: for| to)?|takes place|will take place|will be held|is held|is|will be|findet|"
    r"a lieu|se celebra))"
    r"(?P<how>\s+(?:on|in|by|at|for|from|until|till|am|im|bis|zum|ab|le|el|"
    r"vom)?\s*)(?P<value>\S.*)",
    re.IGNORECASE,
)
_LED = re.compile(
    rf"(?P<what>.{{3,60}}?)\s+(?:is|are|will be|wird)\s+(?:now\s+|jetzt\s+)?(?:led|run|headed|"
    rf"managed|owned|coordinated|"
    rf"chaired|geleitet)?\s*(?:by|von)\s+(?P<who>{NAME})(?:\s+geleitet)?"
)
_LEADS = re.compile(
    rf"(?P<who>{NAME}|I|we|We)(?:['’]ll|['’]m|['’]s|\s+will| am| is|)\s+(?:now\s+)?(?:leads?|"
    rf"heads?|leading|heading|"
    r"manages|coordinates?|chairs?|runs|running|leitet|took over|takes? over|taking over|"
    r"(?:the\s+)?(?:new\s+)?(?:lead|leader|owner|head|manager|coordinator|project lead|"
    r"team lead)\s+(?:of|for|on)|"
    r"(?:now\s+)?in charge of|responsible for)\s+(?P<what>(?:the\s+|our\s+|project\s+)?\S.{1,60})"
)
_HANDED = re.compile(
    rf"{NAME}\s+(?:has\s+)?(?:handed|passed)\s+(?:over\s+)?(?P<what>.{{3,50}}?)\s+(?:over\s+|"
    rf"on\s+)?to\s+(?P<who>{NAME})"
)
_NEW_LEAD = re.compile(
    rf"(?P<who>{NAME})\s+is\s+(?:now\s+)?(?:the|our)\s+(?:new\s+)?(?P<what>.{{4,60}})"
)
_COSTS = re.compile(
    r"(?P<what>.{3,60}?)\s+(?:(?:now|currently)\s+)?(?:costs?|will cost|kostet|coûte|cuesta)\s+"
    r"(?:us |me |now |jetzt )?(?P<value>\S.*)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Stated:
    """That a thing's attribute has a value."""

    about: About
    value: str
    phrase: str
    """The thing and its attribute, as it was called."""
    start: str = ""
    """From which day on it holds, where that is said."""


def stated(text: str, said: date | None) -> Stated | None:
    """The first thing that a clause states; None for most."""
    if not is_sure(text):
        return None
    plain = text.replace("*", "").replace("`", "").replace("’", "'").strip(" -•")
    plain, start = since(plain, said)
    for part in parts(plain):
        found = _read(part, said)
        if found is not None:
            return replace(found, start=found.start or start)
    return None


def since(text: str, said: date | None) -> tuple[str, str]:
    """What stands behind "From March 2026", and that day."""
    if not _SINCE.match(text):
        return text, ""
    first = next(iter(dates_in(text, said)), None)
    if first is None or first.start > len("beginning "):
        month = _FROM_MONTH.match(text)
        coming = dates_in(f"it will be in {month[1]}", said) if month else []
        begins = coming[0].first.isoformat() if coming and text[0] in "FfAa" else ""
        return (text[month.end() :].lstrip(" ,"), begins) if month else (text, "")
    day = ahead(first, said) if text[0] in "Ff" else first
    return text[first.end :].lstrip(" ,"), "" if first.is_vague else day.first.isoformat()


_FROM_MONTH = re.compile(
    r"\w+\s(?:of\s)?((?:January|February|March|April|May|June|July|August|September|October|"
    r"November|December)(?:\s\d{4})?)\b(?:\son)?",
    re.IGNORECASE,
)
_SINCE = re.compile(r"(?:from|since|as of|starting|ab|seit|beginning)\s", re.IGNORECASE)


def is_sure(text: str) -> bool:
    """Not asked, supposed, quoted or doubted."""
    if len(text) > _LONGEST or text.rstrip().endswith("?") or _UNSURE.search(text):
        return False
    return not (_ASKS.match(text) or is_quoted(text, 0))


def parts(text: str) -> Iterator[str]:
    """The clause from each of its joints on: a value may reach over a comma, a subject may not."""
    starts = [0, *(joint.end() for joint in _SPLIT.finditer(text))]
    for start in starts[:6]:
        part = text[start:]
        for _ in range(3):
            lead = _LEAD.match(part)
            if lead is None:
                break
            part = part[lead.end() :]
        yield part


def _read(part: str, said: date | None) -> Stated | None:
    for reader in (_renamed, _led, _made, _copula, _runs, _costs):
        found = reader(part, said)
        if found is not None:
            return None if denies(found.phrase) else found
    return None


def denies(phrase: str) -> bool:
    """Is it of nothing, or does what denies its verb stand in it: "the contract no longer" ends?"""
    return _DENIES.search(phrase) is not None


_DENIES = re.compile(
    r"^(?:no|none|neither|kein\w*|aucune?|ning[uú]n\w*)\s|\s(?:no|no longer|no more|ne|ya no)$",
    re.IGNORECASE,
)


def _renamed(part: str, said: date | None) -> Stated | None:
    found = renamed(part)
    return Stated(*found) if found else None


def _led(part: str, said: date | None) -> Stated | None:
    by = _LED.match(part) or _HANDED.match(part)
    leads = None if by else _LEADS.match(part)
    new = None if by or leads else _NEW_LEAD.match(part)
    found = by or leads or new
    if found is None:
        return None
    what, who = _FROM.sub("", clip(found["what"])), found["who"].strip(" .,")
    about = read_phrase(what)
    if about is None or who.casefold() in _PRONOUNS:
        return None
    if new and about.attribute == "lead":
        return Stated(about, who, what)
    if new or about.attribute:
        return None
    if determiner(what) in ("every", "each", "all", "any", "some", "a", "an"):
        return None
    is_named = what[:1].isupper() and not _RUNS_OFTEN.search(found[0])
    if not (by or is_named or determiner(what) or _IS_PROJECT.search(what)):
        return None
    return Stated(About(about.subject, "lead", "name"), who, what)


_FROM = re.compile(r"\s+(?:from [A-ZÀ-Þ].*|now|today)$")
_PRONOUNS = frozenset("it this that he she they we you there what who i the".split())
_RUNS_OFTEN = re.compile(r"\b(?:runs?|manages?|heads?)\b")
_IS_PROJECT = re.compile(
    r"\b(?:project|team|group|projekt|committee|department|initiative)\b", re.I
)


def _made(part: str, said: date | None) -> Stated | None:
    found = _MADE.match(part)
    if found is None:
        return None
    about = read_phrase(found["what"])
    if about is None or not (about.subject or about.attribute):
        return None
    value = found["value"]
    if about.attribute:
        return _checked(about, value, found["what"], said)
    if found["verb"] in _MOVES and about.subject:
        return _moved(about, value, found["what"], said, is_first=not found["colon"])
    return None


_MOVES = frozenset("moved postponed rescheduled pushed brought delayed shifted".split())


def _moved(
    about: About, value: str, phrase: str, said: date | None, *, is_first: bool = True
) -> Stated | None:
    day = day_of(clip(value), said, at_start=is_first)
    if day:
        return Stated(About(about.subject, "date", "date"), day, phrase)
    if clock := _CLOCK.match(value):
        return Stated(About(about.subject, "time"), clock[0], phrase)
    return None


_CLOCK = re.compile(r"\d{1,2}:\d\d(?:\s?[ap]m)?\b|\d{1,2}\s?(?:[ap]m|Uhr)\b", re.IGNORECASE)


def _copula(part: str, said: date | None) -> Stated | None:
    found = _COPULA.search(part, 0, 160)
    if found is None or not 2 < found.start() <= 90:
        return None
    phrase, value = part[: found.start()], part[found.end() :]
    about = read_phrase(phrase)
    if about is None:
        return None
    if about.attribute:
        return _checked(about, value, phrase, said)
    if re.search(rf"\b{_CHANGED}\b", found[0]) and about.subject:
        return _moved(about, value, phrase, said)
    if (
        about.subject.split()[-1:]
        and about.subject.split()[-1] in ROLES
        and (determiner(phrase) in ("our", "my", "unser", "unsere", "mein", "meine"))
    ):
        name = _WHERE.split(clip(value))[0]
        if IS_NAME.match(name):
            return Stated(About(about.subject, "name", "name"), name, phrase)
    return None


def _runs(part: str, said: date | None) -> Stated | None:
    found = _RUNS.match(part)
    if found is None:
        return None
    attribute = next(name for name in ("end", "start", "due", "date") if found[name])
    about = read_phrase(found["what"])
    if about is None or not about.subject or about.attribute:
        return None
    if attribute == "date" and not determiner(found["what"]) and len(about.subject.split()) < 2:
        return None
    day = day_of(found["value"], said, at_start=True)
    if said is not None and day[:10] == said.isoformat():
        return None
    if not day or about.subject.split()[-1] in _DAYS or _REPEATS.search(found["what"]):
        return None
    return Stated(About(about.subject, attribute, "date"), day, found["what"])


_WHERE = re.compile(r"\s(?:in|at|from|on|near|im|am|aus)\s")
_REPEATS = re.compile(r"\b(?:weekly|daily|monthly|every|each|yearly|regular|usual)\b", re.I)
_DAYS = frozenset("today tomorrow yesterday week month year day time weekend morning".split())


def _costs(part: str, said: date | None) -> Stated | None:
    found = _COSTS.match(part)
    if found is None:
        return None
    about = read_phrase(found["what"])
    if about is None or not about.subject or about.attribute or not determiner(found["what"]):
        return None
    return _checked(About(about.subject, "price", "money"), found["value"], found["what"], said)


def _checked(about: About, value: str, phrase: str, said: date | None) -> Stated | None:
    is_yearly = about.attribute == "birthday"
    read = day_of_year(value) if is_yearly else value_of(value, about.sort, said)
    start = when_said(value, said, after=("from", "as of", "starting", "ab", "à partir de"))
    return Stated(about, read, phrase, start) if read else None
