"""A question that asks for several things, or in two steps → the questions that it is made of.

Called by `deliberate`. Rules alone, for English, and for "and" before an asking word in German,
French and Spanish; whatever is no such question gives no parts.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

from cairn.core.answer.following.anatomy import Clause, plain, take_apart
from cairn.core.answer.following.exchange import Exchange
from cairn.core.answer.following.referents import people
from cairn.core.answer.following.resolve import follow
from cairn.core.answer.following.words import DETERMINERS

_LONGEST = 400
_MOST = 6
_NEXT = re.compile(
    r"\s*[,;]?\s+(?:and|und|et|y)(?: also)? (?=(?:when|where|who|whom|why|how|what|which"
    r"|wann|wo|wer|warum|wie|quand|où|qui|pourquoi|comment|combien|cuándo|dónde|quién|por qué"
    r"|cuánto|cómo)\b)"
    r"|\?\s+(?=\w)",
    re.IGNORECASE,
)
_TWO = r"(?P<one>[^,?]{{1,80}}?),? {join} (?P<other>[^,?]{{1,80}}?)"
_COMPARED = (
    re.compile(
        r"(?:what (?:is|are|was|were) )?(?:the )?differences? between "
        + _TWO.format(join="and"), re.IGNORECASE,
    ),
    re.compile(r"compare " + _TWO.format(join="(?:and|with|to)"), re.IGNORECASE),
    re.compile(_TWO.format(join="(?:versus|vs\\.?)"), re.IGNORECASE),
    re.compile(
        r"(?:which|who|what)(?: one)? (?P<verb>is|was|are|were|costs?|cost|came|comes|has|had)"
        r" (?:the )?(?P<how>\w+(?: \w+)?)[,:]? " + _TWO.format(join="or"), re.IGNORECASE,
    ),
    re.compile(
        r"(?P<verb>is|was|are|were) " + _TWO.format(join="or") + r" (?P<how>\w+)", re.IGNORECASE
    ),
)  # fmt: skip
_MEASURES = {
    **dict.fromkeys("cheaper dearer costlier expensive more less".split(), "how much does {} cost"),
    **dict.fromkeys("older younger newer".split(), "how old is {}"),
    **dict.fromkeys("earlier later first last sooner next".split(), "when is {}"),
    **dict.fromkeys("bigger larger smaller longer shorter taller heavier".split(), "how big is {}"),
    **dict.fromkeys("nearer closer farther further".split(), "how far is {}"),
}
_BRIDGES = (
    re.compile(
        r"(?P<head>.{3,80}?) (?P<of>of|for|from|with|by|to) (?:the|a|an|that|whoever)"
        r" ?(?P<who>[\w-]{0,30}(?: [\w-]{1,30})?) (?:who|that|which|whom) (?P<did>.{3,120})",
        re.IGNORECASE,
    ),
    re.compile(
        r"(?P<head>.{3,60}? (?:is|does|did|was)) (?:the|that) (?P<who>[\w-]{1,30})"
        r" (?:who|that) (?P<did>.{3,100}?) (?P<rest>live|work|charge|cost|called|born|from)\b",
        re.IGNORECASE,
    ),
)
_OWNED = re.compile(
    r"(?P<head>.{3,80}? (?:of|for|from|with)) (?P<owner>[A-ZÀ-Þ][\w-]+'s|my|our) (?P<who>[\w-]+)",
)
_KIN = frozenset(
    """landlord landlady boss sister brother mother father mum dad wife husband plumber dentist
    doctor teacher neighbour neighbor lawyer accountant partner friend daughter son vet
    agent""".split()
)
_ONE_EACH = re.compile(
    r"\b(birthday|birth date|name|surname|number|flight|wedding|home|age)s(?= of $| *$)"
)
_ONE = re.compile(r"\bones?\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Bridge:
    """Two steps: whom the first finds is asked about in the second."""

    first: str
    then: str
    """With `{}` in place of the name."""


@dataclass(frozen=True, slots=True)
class Plan:
    parts: tuple[str, ...] = ()
    """Each stands alone; empty where there is nothing to split."""
    always: bool = False
    """Do the parts ask for different things, so that an answer to all at once holds but one?"""
    bridge: Bridge | None = None


def split(text: str) -> Plan:
    if len(text) > _LONGEST or '"' in text or "\n" in text.strip():
        return Plan()
    if parts := _asked_in_turn(text):
        return Plan(parts, always=True)
    whole = plain(text)
    if parts := _compared(whole):
        return Plan(parts, always=True)
    if bridge := bridge_in(whole):
        return Plan(bridge=bridge)
    clause = take_apart(whole)
    return Plan(_listed(clause) or _side_by_side(clause))


def bridge_in(whole: str) -> Bridge | None:
    for pattern in _BRIDGES:
        if match := pattern.fullmatch(whole):
            parts = match.groupdict()
            who = f"which {parts['who']}" if parts["who"] not in ("", "one", "person") else "who"
            who = "who" if who.split()[-1] in ("person", "one", "guy", "woman", "man") else who
            head = f"{parts['head']} {parts['of']}" if parts.get("of") else parts["head"]
            rest = f" {parts['rest']}" if parts.get("rest") else ""
            return Bridge(f"{who} {parts['did']}?", f"{head} {{}}{rest}?")
    match = _OWNED.fullmatch(whole)
    if match and match["who"].casefold() in _KIN:
        return Bridge(f"who is {match['owner']} {match['who']}?", f"{match['head']} {{}}?")
    return None


def _asked_in_turn(text: str) -> tuple[str, ...]:
    """`when does it end and how much does it cost?`: each leans on the one before."""
    pieces = [piece.strip(" ?,;") for piece in _NEXT.split(text.strip(" ?")) if piece.strip(" ?,;")]
    if not 1 < len(pieces) <= _MOST or not take_apart(plain(pieces[0])).is_question:
        return ()
    parts: list[str] = []
    for piece in pieces:
        before = [Exchange(part) for part in parts]
        parts.append(_asked(follow(f"{piece}?", before)))
    return tuple(parts)


def _compared(whole: str) -> tuple[str, ...]:
    for pattern in _COMPARED:
        if match := pattern.fullmatch(whole):
            one, other = _alike(match["one"], match["other"])
            how = match.groupdict().get("how") or ""
            measure = next((_MEASURES[word] for word in how.casefold().split()
                            if word in _MEASURES), "")  # fmt: skip
            if measure:
                return _asked(measure.format(one)), _asked(measure.format(other))
            about = f" {how}" if how else ""
            return _asked(f"what about {one}{about}"), _asked(f"what about {other}{about}")
    return ()


def _alike(one: str, other: str) -> tuple[str, str]:
    """`the March and the April budget`, `the old heater or the new one`: both in full."""
    last = other.split()[-1]
    head = one.split()[-1]
    if _ONE.search(other) and len(one.split()) > 1:
        return one, _ONE.sub(head, other)
    words = [word for word in one.split() if word.casefold() not in DETERMINERS]
    others = [word for word in other.split() if word.casefold() not in DETERMINERS]
    if len(words) == 1 and len(others) == 2:
        return f"{one} {last}", other
    return one, other


def _listed(clause: Clause) -> tuple[str, ...]:
    """`Anna's, Ben's and Carl's birthdays`: the question for each of them."""
    names = people(clause)
    if len(names) < 2:
        return ()
    each = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))
    listing = re.search(
        rf"(?:{each})(?:'s)?(?:(?:, (?:{each})(?:'s)?)*,? (?:and|or)|(?:, (?:{each})(?:'s)?)+,)"
        rf" (?:{each})(?P<own>'s)?",
        clause.text,
    )
    if not listing:
        return ()
    found = re.findall(each, listing[0])
    own = listing["own"] or ""
    return tuple(
        _asked(_of_one(clause.text[: listing.start()], name + own, clause.text[listing.end() :]))
        for name in dict.fromkeys(found)
    )[:_MOST]


def _of_one(before: str, name: str, after: str) -> str:
    """`when are` + `Anna's` + ` birthdays`: each of them has but one."""
    head = _ONE_EACH.sub(r"\1", before)
    tail = _ONE_EACH.sub(r"\1", after) if name.endswith("'s") else after
    if head + tail != before + after:
        head = re.sub(r"^(when|where|what|who) are\b", r"\1 is", head)
    return head + name + tail


def _side_by_side(clause: Clause) -> tuple[str, ...]:
    """`about the lease and the deposit`: the question with each."""
    for one, other in pairwise(clause.phrases):
        between = clause.text[one.end : other.start]
        if between in (" and ", " or ") and other.text.split()[0].casefold() in DETERMINERS:
            head, tail = clause.text[: one.start], clause.text[other.end :]
            return _asked(head + one.text + tail), _asked(head + other.text + tail)
    return ()


def _asked(text: str) -> str:
    return f"{text.strip(' ?')}?"
