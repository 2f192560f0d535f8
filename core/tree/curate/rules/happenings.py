"""Utterances → dated events of others and of notes: what happened, and what somebody has ahead.

Called by `rules.propose`. What people tell each other of themselves is left to `facts`, which
weighs it against the rest of a conversation. The day must be sure, whoever it is must be named,
and what happens on any day ("Tom slept late yesterday") is none. Linear.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from cairn.core.times.phrases import When
from cairn.core.tree.curate.material import Proposal, Utterance
from cairn.core.tree.curate.rules.clauses import Clause, clauses
from cairn.core.tree.curate.rules.cues import CUES
from cairn.core.tree.curate.rules.documents import own_words
from cairn.core.tree.curate.rules.people import person, thing
from cairn.core.tree.curate.rules.stated import is_sure, parts
from cairn.core.tree.curate.rules.telling import (
    ahead,
    dates_in,
    plain,
    said_on,
    source,
    titled,
    told,
)
from cairn.core.tree.curate.rules.topics import content_words
from cairn.core.tree.curate.rules.verbs import is_past

_LONGEST = 160
_SAY = (
    r"(?P<s>(?:I|[Ww]e|(?:[A-ZÀ-Þ][\w'’.-]*|[Mm]y|[Oo]ur|[Tt]he|[Uu]nser[e]?|[Mm]eine?)"
    r"(?:\s[\w'’-]+){0,4}?))"
)
_ADVERBS = frozenset("finally just already then also officially both has have had".split())
_SUBJECT_WORDS = 5
_HAS = re.compile(
    rf"{_SAY}(?:\s(?:also|now|finally))?(?:\s(?:has got|have got|has|have|had|hat|habe|haben|"
    r"got)|['’]s got|['’]ve got)\s(?P<what>(?:an?|the|his|her|their|my|our|another|ein\w*|sein\w*|"
    r"ihr\w*|mein\w*|unser\w*|den|das|die)\s\S.{2,70})"
)
_HAS_AHEAD = re.compile(
    rf"(?:hat|habe|haben)\s{_SAY}\s(?P<what>(?:ein\w*|sein\w*|ihr\w*|mein\w*|den|das|"
    rf"die)\s\S.{{2,70}})"
)
_TO_COME = re.compile(
    r"(?P<what>(?:the|my|our|his|her|their|[A-ZÀ-Þ][\w-]+['’]s)\s[^,;:]{3,60}?)\s(?:is|are|will "
    r"be)"
    r"(?:\s(?:coming up|planned|scheduled|set|booked|due to take place|held))?[.!]*$"
)
_LITTLE = frozenset(
    "said told asked thought felt seemed looked wanted needed hoped knew liked loved hated forgot "
    "talked slept ate drank woke was were had did got saw heard watched read sat stayed spent "
    "been believed meant kept let put used tried enjoyed missed planned called texted wrote came "
    "went noticed realized realised wondered remembered decided agreed promised walked drove "
    "cooked "
    "made took gave supposed worked played waited rested could would should might".split()
)
_BIG = re.compile(
    r"(?:went (?:in|live|bankrupt|missing|into (?:labour|hospital|liquidation|production))|"
    r"took (?:down|out|over|away|apart)|gave (?:birth|notice|(?:our|my|us|me|him|her) "
    r"[^.]{3,30}prize)|"
    r"made (?:it (?:to|into)|the final|partner)|came (?:first|second|third|out of hospital)|"
    r"(?:was|were) (?:\w+ed|born|hit|stolen|sold|built|broken|taken|given|torn|found)\b|"
    r"got (?:married|engaged|divorced|promoted|fired|hired|the (?:job|keys|visa|permit|loan)|"
    r"(?:his|her|their|my|our) (?:\w+ )?(?:licence|license|degree|results|diploma|passport|visa))|"
    r"caught fire|broke (?:his|her|their|my|an?|the) \w+|put down the deposit|there was)\b"
)
_THERE_WAS = re.compile(
    r"[Tt]here was (?P<rest>an? (?:small |big |bad |huge |serious )?(?:fire|flood|accident|leak|"
    r"break-in|burglary|storm|power cut|blackout|crash|explosion)\b.*)"
)
_NO_EVENT = re.compile(
    r"(?:an? (?:\w+ ){0,2}(?:day|week|weekend|night|morning|evening|time|flu|cold|pain)|a "
    r"(?:lot|bit|few|great|good|nice|bad|long|busy|cold|headache|feeling|look|break|rest|"
    r"drink|"
    r"coffee|beer|walk|chat|talk|nap|time|day|question|plan|idea)|the (?:time|day|feeling|idea|"
    r"chance|"
    r"money|same|whole|afternoon|morning|evening|weekend)|(?:a|the) (?:day|week) off|lunch|dinner|"
    r"breakfast|no \w+|to\b)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Event:
    when: When
    who: str


def propose(utterances: Sequence[Utterance]) -> list[Proposal]:
    if any(each.origin in ("assistant", "tool") for each in utterances):
        return []
    found = []
    for utterance in own_words(utterances):
        if utterance.kind not in ("chat", "note", "text", "mail"):
            continue
        for clause in clauses(utterance):
            event = _event(clause)
            if event is not None:
                found.append(_proposal(clause, event))
    return found


def _event(clause: Clause) -> _Event | None:
    text = plain(clause.text)
    if clause.mark not in ("", "greeting") or len(text) > _LONGEST or not is_sure(text):
        return None
    said = said_on(clause.utterance)
    days = [each for each in dates_in(text, said) if _is_a_day(each)]
    if said is None or len(days) != 1 or CUES["small"].is_in(text):
        return None
    day = days[0]
    bare = _without(text, day)
    is_told = clause.utterance.kind != "chat"
    for part in parts(bare):
        part = part.strip(" ,.!")
        who = _past(part, clause, is_told=is_told) if day.first <= said else ""
        coming = ahead(day, said)
        who = who or (_coming(part, clause) if coming.first >= said else "")
        if who:
            return _Event(coming if day.first > said else day, who)
    return None


def _is_a_day(when: When) -> bool:
    sure = not (when.is_vague or when.repeats or when.bound in ("by", "since", "until"))
    return sure and when.grain in ("day", "weekend", "moment", "hour", "minute")


def _without(text: str, when: When) -> str:
    before = re.sub(r"\s?\b(?:on|am|at|in|by|um)\s*$", "", text[: when.start])
    after = re.sub(r"^\s?(?:at|um)?\s?\d{1,2}(?::\d\d)?\s?(?:am|pm|Uhr)?\b|^\s?at noon\b", "",
                   text[when.end :])  # fmt: skip
    return " ".join(f"{before} {after.lstrip(' ,:') if not before.strip() else after}".split())


def _past(part: str, clause: Clause, *, is_told: bool) -> str:
    """Who did what, if it is worth telling; empty if not."""
    owner = clause.utterance.who
    there = _THERE_WAS.match(part)
    if there:
        return owner or "note"
    words = part.split()
    for at in range(1, min(_SUBJECT_WORDS, len(words) - 1) + 1):
        deed = words[at:]
        while len(deed) > 1 and deed[0] in _ADVERBS:
            deed = deed[1:]
        if _is_deed(deed):
            return _who(" ".join(words[:at]), owner, is_told=is_told)
    return ""


def _is_deed(words: Sequence[str]) -> bool:
    said = " ".join(words)
    if _BIG.match(said):
        return True
    is_new = words[0].islower() and words[0] not in _LITTLE and is_past(words[0])
    return is_new and bool(content_words(" ".join(words[1:])))


def _who(phrase: str, owner: str, *, is_told: bool) -> str:
    if phrase in ("I", "we", "We"):
        return (owner or "note") if is_told or phrase != "I" else ""
    return person(phrase, owner) or thing(phrase) or _pair(phrase)


def _pair(phrase: str) -> str:
    both = phrase.split(" and ")
    return phrase if len(both) == 2 and all(person(each, "") for each in both) else ""


def _coming(part: str, clause: Clause) -> str:
    """Who has what ahead."""
    owner = clause.utterance.who
    found = _HAS.match(part) or _HAS_AHEAD.match(part)
    if found:
        who = found["s"]
        what = found["what"].split(",")[0]
        if _NO_EVENT.match(what) or not content_words(what):
            return ""
        if who in ("I", "we", "We"):
            return owner or ("note" if clause.utterance.kind != "chat" else "")
        return person(who, owner) or thing(who)
    come = _TO_COME.match(part.split(",")[0])
    return come["what"] if come and content_words(come["what"]) else ""


def _proposal(clause: Clause, event: _Event) -> Proposal:
    utterance = clause.utterance
    body = told(clause.text, utterance, is_either=False)
    day = event.when.first.isoformat()
    who = "" if event.who == "note" else event.who
    return Proposal(
        kind="event", title=titled(body), body=body,
        sources=(source(utterance, clause.text),), origin=utterance.origin,
        subject=who, valid_from=day, mentions=(who,) if who else (), certainty=0.55,
    )  # fmt: skip
