"""A sentence without its "I", as chats have them → the same with it: "Been reading" → "I've been
reading".

Called by `voice`. Only openings that can hardly be anything else: where a gerund may be the subject
or somebody else may be meant, the sentence stays as it is.
"""

from __future__ import annotations

import re

from cairn.core.tree.curate.rules.verbs import is_past

_OPENING = re.compile(
    r"(?:(just|also|recently|finally|still|always|never|usually|currently|lately)\s+)?"
    r"([^\W\d_]+(?:['’]t)?)(?=\s)(?:\s+([^\W\d_]+))?",
    re.IGNORECASE,
)
_FINITE = re.compile(
    r"\b(?:is|are|was|were|has|have|had|isn['’]t|wasn['’]t|makes?|made|helps?|helped|gives?|gave|"
    r"can|could|will|would|seems?|feels?|felt|takes?|took|means?|brings?|brought|sounds?|"
    r"\w+['’]s|keeps?|kept|requires?|became|becomes?|does|did|might|must|should)\b",
    re.IGNORECASE,
)
_FEELING = re.compile(
    r"(?:(?:so|really|super|pretty|very|also|just|kinda|a bit|a little)\s){0,2}"
    r"(?:excited|happy|glad|proud|thankful|grateful|stoked|thrilled|sad|tired|nervous|lucky|"
    r"blessed|"
    r"ready|pumped|hooked|keen|worried|scared|free|busy|interested|obsessed|addicted)\s"
    r"(?:to|for|about|of|with|that|by|in|on|and|i)\b",
    re.IGNORECASE,
)
_NOBODY = re.compile(r"(?:gonna|going to) be (?:a|an|the|so|great|fun|awesome|amazing)\b", re.I)
_AFTER_GERUND = frozenset(
    "a an the my our some this that on at to for with in into about as from of up out forward it "
    "hard lots more new".split()
)
_NO_GERUND = frozenset(
    "something nothing anything everything evening morning during including according being "
    "having speaking talking".split()
)
_HELPING = frozenset("can't can’t couldn't didn't haven't wanna gotta".split())
_KNOWING = frozenset("have know think like want need see mind".split())
"""After "don't" they are no order."""
_LIKING = frozenset("love hate prefer miss hope".split())
_NO_OBJECT = frozenset(["", "to", "you", "your", "that", "and", "at", "of"])
_NOT_MINE = frozenset(
    "based glad excited tired bored interested inspired born known used given made compared "
    "agreed "
    "loved red said thought set cut put let hit cost hurt read left felt led built "
    "supposed".split()
)
_NOT_AFTER_PAST = frozenset(["", "by", "you", "i", "is", "was"])
_SINCE_WHEN = frozenset("a ages forever so too quite an".split())
"""After "been" they tell how long it has been."""


def with_subject(text: str) -> str:
    """The sentence with "I", "I'm" or "I've" before it where that was left out."""
    if _FEELING.match(text):
        return f"I'm {_lower(text)}"
    lead = _OPENING.match(text)
    if not lead:
        return text
    adverb = f"{lead[1].lower()} " if lead[1] else ""
    verb, after = lead[2].casefold(), (lead[3] or "").casefold()
    rest = text[lead.start(2) :]
    said = _said(verb, after, rest)
    return f"{said} {adverb}{_lower(rest)}" if said else text


def _said(verb: str, after: str, rest: str) -> str:
    """What was left out before a verb; empty if nothing was."""
    if verb == "been":
        return "" if after in _SINCE_WHEN else "I've"
    if verb in ("gonna", "going") and (verb == "gonna" or after == "to"):
        return "" if _NOBODY.match(rest) or (verb == "going" and _FINITE.search(rest)) else "I'm"
    if verb in _HELPING or (verb in ("don't", "don’t") and after in _KNOWING):
        return "I"
    if verb.endswith("ing") and len(verb) > 5:
        is_subject = verb in _NO_GERUND or _FINITE.search(rest.partition(",")[0])
        return "" if is_subject or after not in _AFTER_GERUND else "I'm"
    if verb in _LIKING:
        is_noun = _FINITE.fullmatch(after) or (after == "the" and _FINITE.search(rest))
        return "" if is_noun or after in _NO_OBJECT else "I"
    is_mine = is_past(verb) and verb not in _NOT_MINE and after not in _NOT_AFTER_PAST
    return "I" if is_mine else ""


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]
