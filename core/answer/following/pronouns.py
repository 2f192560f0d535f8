"""`it`, `that`, `she`, `her`, `there`, `the other one` → what they stand for.

Called by `resolve`. A word that has its meaning from its own sentence is left alone: "when did Ben
say he would come", "is there", "the house that we saw".
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from cairn.core.answer.following import referents
from cairn.core.answer.following.anatomy import Clause, Token
from cairn.core.answer.following.referents import Earlier
from cairn.core.answer.following.words import (
    ADVERBS,
    AUXILIARIES,
    DETERMINERS,
    JOINS,
    MOTION,
    PERSONS,
    PREPOSITIONS,
    PRONOUNS,
    TIMES,
    is_verb,
)

_PERSON = {"he": "he", "him": "he", "she": "she", "they": "they", "them": "they"}
_OWNER = {"his": "he", "her": "she", "hers": "she", "their": "they", "theirs": "they",
          "its": "it"}  # fmt: skip
_THINGS = ("it", "that", "this", "those", "these")
_EMPTY_IT = re.compile(
    r"\b(?:what (?:time|day|date) (?:is|was) it|how (?:is|was) it going"
    r"|it (?:take|takes|took)\b.* to\b"
    r"|it (?:rain\w*|snow\w*|seems?|looks? like|matters?|turns? out)"
    r"|(?:is|was|would|will) it (?:be )?(?:\w+ )?(?:that|to|going to|who|when|because|if|whether"
    r"|on|in)\b|it (?:is|was) \w+ (?:to|that)\b|does it (?:matter|cost to)\b)",
    re.IGNORECASE,
)
_EMPTY_THERE = re.compile(
    r"\b(?:is|are|was|were|be|been|has|have|had|will) there (?:be |been )?\S"
    r"|\bthere(?: is| are| was| were|'s)\b", re.IGNORECASE,
)  # fmt: skip
_Own = Callable[[Clause, Token], bool]
_WEAK = (*PREPOSITIONS, *AUXILIARIES)


@dataclass(slots=True)
class _Change:
    start: int
    end: int
    text: str


def put_in(clause: Clause, earlier: Earlier) -> str:
    """The text with all of them replaced that something is known for."""
    tokens = _all_tokens(clause)
    changes: list[_Change] = []
    for at, token in enumerate(tokens):
        low = token.low.removesuffix("'s")
        done = None
        if low in _PERSON:
            done = _somebody(clause, tokens, at, earlier)
        elif low in _OWNER:
            done = _owner(clause, tokens, at, earlier)
        elif low in _THINGS:
            done = _something(clause, tokens, at, earlier)
        elif low == "there":
            done = _place(clause, tokens, at, earlier)
        elif low in ("one", "ones"):
            done = _one(clause, tokens, at, earlier)
        if done:
            changes.append(done)
    text = clause.text
    for change in reversed(changes):
        text = text[: change.start] + change.text + text[change.end :]
    return text


def _all_tokens(clause: Clause) -> list[Token]:
    """Those of the rest, which are marked; with the asking words before it."""
    head = [
        Token(match.start(), match.end(), match[0], match[0].casefold())
        for match in re.finditer(r"[\w']+", clause.text[: clause.rest_at])
    ]
    return [*head, *clause.tokens]


def _somebody(clause: Clause, tokens: list[Token], at: int, earlier: Earlier) -> _Change | None:
    token = tokens[at]
    if _has_own(clause, tokens, at, _is_somebody) or _is_with_own(clause, tokens, at):
        return None
    if _PERSON[token.low] == "they" and _has_own(clause, tokens, at, _is_thing):
        return None
    who = _who(_PERSON[token.low], clause, earlier)
    return _Change(token.start, token.end, who) if who else None


def _who(pronoun: str, clause: Clause, earlier: Earlier) -> str:
    named = frozenset(clause.names)
    if pronoun == "they" and not earlier.clause.noun:
        found = referents.topic(earlier.clause)
        if found and (found.head.endswith("s") and not found.head.endswith("ss")):
            return found.text
    who = referents.person(earlier, pronoun, named)
    if not who and pronoun == "they":
        return referents.topic_text(earlier.clause)
    return who


def _owner(clause: Clause, tokens: list[Token], at: int, earlier: Earlier) -> _Change | None:
    token = tokens[at]
    pronoun = _OWNER[token.low]
    after = tokens[at + 1] if at + 1 < len(tokens) else None
    is_owner = token.low in ("hers", "theirs", "its") or (
        after is not None and not after.is_small and not after.is_time
    )
    own = _is_thing if pronoun == "it" else _is_somebody
    if any(own(clause, each) for each in tokens[:at]):
        return None
    if token.low == "her" and not is_owner:
        who = _who("she", clause, earlier)
        return _Change(token.start, token.end, who) if who else None
    if pronoun == "it":
        who = referents.topic_text(earlier.clause)
    else:
        who = _who(pronoun, clause, earlier)
    if not who:
        return None
    owner = who if who.endswith("'s") else f"{who}'" if who.endswith("s") else f"{who}'s"
    return _Change(token.start, token.end, owner)


def _something(clause: Clause, tokens: list[Token], at: int, earlier: Earlier) -> _Change | None:
    token = tokens[at]
    after = tokens[at + 1] if at + 1 < len(tokens) else None
    if token.is_time:
        return None  # "this year"
    if token.low != "it" and after and not _ends(after):
        return _named_thing(clause, tokens, at, earlier)
    if token.low in ("that", "this") and not _stands_alone(tokens, at):
        return None
    if token.low == "it" and _is_empty(clause, token):
        return None
    if _has_own(clause, tokens, at, _is_thing):
        return None
    what = referents.topic_text(earlier.clause)
    return _Change(token.start, token.end, what) if what else None


def _is_empty(clause: Clause, token: Token) -> bool:
    found = _EMPTY_IT.finditer(clause.text)
    return any(match.start() <= token.start < match.end() for match in found)


def _ends(token: Token) -> bool:
    """Is it no noun that "that" could belong to?"""
    return token.is_small or token.is_time or token.is_verb or is_verb(token.low)


def _stands_alone(tokens: list[Token], at: int) -> bool:
    """As in `about that`, `was that decided`; not `the house that we saw`."""
    before = tokens[at - 1] if at else None
    after = tokens[at + 1] if at + 1 < len(tokens) else None
    if before and (before.is_content or before.is_time) and after:
        return False
    if after and (after.low in PRONOUNS or after.low in DETERMINERS):
        return False
    return not before or before.low in _WEAK or before.is_verb or not after or before.low in ADVERBS


def _named_thing(clause: Clause, tokens: list[Token], at: int, earlier: Earlier) -> _Change | None:
    """`that meeting`: as the earlier question had it, or else with what that was about."""
    token = tokens[at]
    if at and (tokens[at - 1].is_content or tokens[at - 1].low in ("say", "said")):
        return None  # "the house that Jack built"
    words: list[Token] = []
    for each in tokens[at + 1 :]:
        if not each.is_content:
            break
        words.append(each)
    if not words or words[-1].low in TIMES:
        return None
    behind = tokens[at + 1 + len(words) :]
    if any(each.is_content for each in behind) or _is_specific(words, clause):
        return None
    for phrase in earlier.clause.phrases:
        if words[-1].low in phrase.words:
            return _Change(token.start, words[-1].end, phrase.text)
    about = referents.topic_text(earlier.clause) or " and ".join(earlier.clause.names)
    if not about:
        return None
    noun = clause.text[words[0].start : words[-1].end]
    return _Change(token.start, words[-1].end, f"the {noun} ({about})")


def _is_specific(words: list[Token], clause: Clause) -> bool:
    named = {part for name in clause.names for part in name.casefold().split()}
    return any(word.low in named for word in words)


def _place(clause: Clause, tokens: list[Token], at: int, earlier: Earlier) -> _Change | None:
    token = tokens[at]
    if any(
        match.start() <= token.start < match.end() for match in _EMPTY_THERE.finditer(clause.text)
    ) and at + 1 < len(tokens):
        return None
    if _has_own(clause, tokens, at, _is_thing) or any(
        each.low == "in" for each in tokens[at + 1 : at + 2]
    ):
        return None
    before, what = referents.place(earlier)
    if not what:
        return None
    former = tokens[at - 1].low if at else ""
    if former in PREPOSITIONS:
        return _Change(token.start, token.end, what)
    goes = any(each.low in MOTION for each in tokens[:at])
    before = "to" if goes else {"to": "at", "from": "in", "into": "in"}.get(before, before)
    return _Change(token.start, token.end, f"{before} {what}")


def _one(clause: Clause, tokens: list[Token], at: int, earlier: Earlier) -> _Change | None:
    """`the red one`, `which one`; not `one of`, `no one`, `one week`."""
    token = tokens[at]
    before = tokens[at - 1] if at else None
    after = tokens[at + 1] if at + 1 < len(tokens) else None
    found = referents.topic(earlier.clause)
    if not before or before.low in ("no", "any", "some", "every", "each") or found is None:
        return None
    if after and (after.low == "of" or not (after.is_small or _ends(after))):
        return None
    if before.is_small and before.low not in ("which", "that", "this", "those", "these", "last"):
        return None
    return _Change(token.start, token.end, found.text.split()[-1])


def _has_own(clause: Clause, tokens: list[Token], at: int, is_it: _Own) -> bool:
    """Is something named before it, in a clause of its own, that it may stand for?"""
    joins = [
        n
        for n in range(1, at + 1)
        if tokens[n].low in JOINS or "," in clause.text[tokens[n - 1].end : tokens[n].start]
    ]
    if not joins:
        return False
    return any(is_it(clause, each) for each in tokens[: joins[-1]])


def _is_somebody(clause: Clause, token: Token) -> bool:
    low = token.low.removesuffix("'s")
    named = {part.casefold() for name in clause.names for part in name.split()}
    return low in named or low in PERSONS


def _is_thing(clause: Clause, token: Token) -> bool:
    return token.is_content and not _is_somebody(clause, token)


def _is_with_own(clause: Clause, tokens: list[Token], at: int) -> bool:
    """`did Ben bring the cake with him`."""
    before = tokens[at - 1].low if at else ""
    return before in ("with", "behind", "around") and any(
        _is_somebody(clause, each) for each in tokens[:at]
    )
