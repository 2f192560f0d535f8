"""`what about Ben?`, `and in Lyon?`, `and the kitchen?` → the earlier question with that in it.

Called by `resolve` with what is to be put in. It takes the place of what is most like it: a name of
a name, a time of a time, a phrase of one behind the same preposition, a thing of the topic.
"""

from __future__ import annotations

import re
from datetime import date

from cairn.core.answer.following.anatomy import Clause, Phrase
from cairn.core.answer.following.referents import Earlier, people, topic
from cairn.core.answer.following.words import DETERMINERS, PERSONS, PREPOSITIONS
from cairn.core.recall.question.named import names_in
from cairn.core.times.phrases import find

_ABOUT = re.compile(
    r"(?:what|how) (?:about|of|if it (?:was|is))\b|(?:the )?same (?:question )?(?:for|with|about)\b"
    r"|(?:not [^,]{1,40},(?: but\b)?|(?:(?:no|sorry|i mean|i meant|rather)\b[, ]*)+)",
    re.IGNORECASE,
)  # fmt: skip
_TAIL = re.compile(r"(?:,? (?:then|instead|too|as well|please|though|now))+$", re.IGNORECASE)
_DESCRIBED = re.compile(r"(?:the|that) [^\W\d_]+ ones?", re.IGNORECASE)
_ONE = re.compile(r"\bones?\b", re.IGNORECASE)
_OWN = {"me": "I", "us": "we", "i": "I", "we": "we"}
_MINE = {"mine": "my", "ours": "our", "me": "my", "us": "our"}
_DO = {"do": "does", "are": "is", "am": "is", "have": "has", "were": "was"}
_WHOLE = frozenset(
    """rent deposit lease insurance mortgage salary loan tax taxes bill invoice contract
    subscription electricity""".split()
)
"""Stand for a thing by themselves: nobody asks for the rent service."""
_MOST_WORDS = 7


def given(text: str, *, is_joined: bool, is_question: bool = False) -> str:
    """What is to be put in; "" where the text is no such thing. `is_joined`: "and" or "or" was
    said in front of it."""
    found = _ABOUT.match(text)
    rest = text[found.end() :] if found else text
    rest = _TAIL.sub("", rest.strip(" ,:"))
    words = rest.split()
    if not words or len(words) > _MOST_WORDS:
        return ""
    if found or is_question:
        return rest if found else ""
    if _DESCRIBED.fullmatch(rest):
        return rest
    if is_joined or words[0].casefold() in PREPOSITIONS:
        return rest if is_joined or len(words) > 1 else ""
    return rest if _is_only_name(rest) or is_only_time(rest) else ""


def instead(new: str, earlier: Earlier) -> str:
    clause = earlier.clause
    first, _, rest = new.partition(" ")
    before = first.casefold() if first.casefold() in PREPOSITIONS and rest else ""
    bare = rest if before else new
    if is_only_time(new):
        return _at_time(new, clause)
    if bare.casefold() in _OWN or bare.casefold() in _MINE:
        return _own(bare.casefold(), clause)
    if _is_only_name(bare) or _is_relation(bare, clause):
        return _somebody(bare, before, clause)
    return _thing(bare, before, clause)


def is_only_time(text: str) -> bool:
    found = find(text, date(2000, 1, 5))
    if not found:
        return False
    left = text[: found[0].start] + text[found[-1].end :]
    return all(word.casefold() in PREPOSITIONS for word in left.split())


def _is_only_name(text: str) -> bool:
    bare = text.removesuffix("'s")
    names = names_in(f"x {bare}", "en")
    if len(names) == 1 and names[0].casefold() == bare.casefold():
        return True
    return " and ".join(names).casefold() == bare.casefold() if names else False


def _is_relation(text: str, clause: Clause) -> bool:
    """`dad`, `my boss`, where the question was about somebody, too."""
    is_person = text.casefold().split()[-1] in PERSONS
    return is_person and bool(people(clause) or any(each.is_person for each in clause.phrases))


def _at_time(new: str, clause: Clause) -> str:
    if not clause.times:
        lead = "" if new.split()[0].casefold() in PREPOSITIONS or not new[:1].isdigit() else "in "
        return f"{clause.text} {lead}{new}"
    when = clause.times[0]
    was = clause.text[when.start : when.end]
    first = was.split()[0].casefold()
    keeps = first in PREPOSITIONS and new.split()[0].casefold() not in PREPOSITIONS
    is_plain = new[:1].isdigit() or new[:1].isupper()
    put = f"{was.split()[0]} {new}" if keeps and is_plain else new
    return clause.text[: when.start] + put + clause.text[when.end :]


def _own(said: str, clause: Clause) -> str:
    names = people(clause)
    if names:
        owner = f"{names[-1]}'s"
        if owner in clause.text:
            return clause.text.replace(owner, _MINE.get(said, "my"))
        if clause.subject == names[-1]:
            return clause.text.replace(names[-1], _OWN.get(said, "I"), 1)
        return clause.text.replace(names[-1], said)
    return ""


def _somebody(new: str, before: str, clause: Clause) -> str:
    bare = new.removesuffix("'s")
    names = [name for name in clause.names if not before or _stands_after(name, before, clause)]
    if not names and not before:
        names = list(clause.names)
    if names:
        old = _likest(names, clause)
        return re.sub(rf"\b{re.escape(old)}\b", lambda _: bare, clause.text)
    if before:
        return _thing(new, before, clause)
    person = next((phrase for phrase in clause.phrases if phrase.is_person), None)
    if person:
        return clause.text[: person.start] + bare + clause.text[person.end :]
    said = clause.text
    if re.search(r"\b(?:my|our)\b", said, re.IGNORECASE):
        return re.sub(r"\b(?:my|our)\b", f"{bare}'s", said, count=1, flags=re.IGNORECASE)
    if clause.subject.casefold() in ("i", "we", "you", "they", "he", "she"):
        aux = _DO.get(clause.aux, clause.aux)
        start = said.casefold().rfind(clause.aux, 0, clause.rest_at)
        after = clause.text[clause.rest_at + len(clause.subject) :]
        return f"{said[:start]}{aux} {bare}{after}"
    return f"{said} {before or 'for'} {bare}"


def _likest(names: list[str], clause: Clause) -> str:
    mine = people(clause)
    asked = [name for name in names if name in mine] or names
    owners = [name for name in asked if f"{name}'s" in clause.text]
    subject = [name for name in asked if clause.subject == name]
    return (owners or subject or asked)[-1]


def _stands_after(name: str, before: str, clause: Clause) -> bool:
    former = clause.text[: clause.text.find(name)].split()
    return bool(former) and former[-1].casefold() == before


def _thing(new: str, before: str, clause: Clause) -> str:
    behind = [phrase for phrase in clause.phrases if before and phrase.before == before]
    old = behind[-1] if behind else topic(clause)
    if before and not behind:
        return _placed_anew(new, before, clause)
    if old is None:
        return f"{clause.text} {before or 'for'} {new}" if clause.text else ""
    return _put(clause, old, _fitting(new, old))


def _placed_anew(new: str, before: str, clause: Clause) -> str:
    """Behind another preposition than any before: in the place of a like one, or at the end."""
    places = ("in", "at", "on", "near", "from", "to")
    like = [phrase for phrase in clause.phrases if {phrase.before, before} <= {*places}]
    if like:
        start = clause.text.rfind(like[-1].before, 0, like[-1].start)
        return f"{clause.text[:start]}{before} {new}{clause.text[like[-1].end :]}"
    return f"{clause.text} {before} {new}"


def _fitting(new: str, old: Phrase) -> str:
    """`the kitchen` for `the garden budget` is the kitchen budget; `the red one` has its head."""
    head = old.text.split()[-1] if "of" not in old.words else old.head
    if _ONE.search(new):
        return _ONE.sub(head, new)
    words = [word for word in new.casefold().split() if word not in DETERMINERS]
    if new.casefold().endswith("'s"):
        return f"{new} {head}"
    is_short = (
        len(words) == 1 and words[0] not in _WHOLE and len(old.words) == 2 and "of" not in old.words
    )
    if is_short and "'s" not in old.words[0] and words[0] != old.head:
        return f"{new} {head}"
    return new


def _put(clause: Clause, old: Phrase, new: str) -> str:
    first = old.text.split()[0]
    if first.casefold() in DETERMINERS and new.split()[0].casefold() not in DETERMINERS:
        is_common = new[:1].islower() and not new.casefold().endswith("s")
        new = f"{first} {new}" if is_common else new
    return clause.text[: old.start] + new + clause.text[old.end :]
