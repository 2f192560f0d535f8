"""Utterances → preferences: what somebody likes, avoids, or always does, said outright.

Called by `rules.propose`. What people only love in passing is left to `facts`, which weighs it
against everything else in a conversation; a note, a letter, or what a program is told says it to be
kept. What is liked must be named: "I love it" is none. Linear.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from cairn.core.tree.curate.material import Proposal, Utterance
from cairn.core.tree.curate.rules import about
from cairn.core.tree.curate.rules.clauses import Clause, clauses
from cairn.core.tree.curate.rules.documents import own_words
from cairn.core.tree.curate.rules.telling import (
    is_quoted,
    plain,
    source,
    subject_of,
    titled,
    told,
)
from cairn.core.tree.curate.rules.topics import content_words

_ADVERB = (
    r"(?:\s(?:really|always|much|absolutely|just|simply|generally|usually|still|also|actually|"
    r"definitely|strongly|truly|even|personally|now|have|do|never|honestly)){0,3}"
)
_I = rf"I(?:['’]d|['’]ve|['’]m| am| would)?{_ADVERB}\s"
_NOT = r"(?:don['’]t|do not|no longer|never)(?:\sreally|\seven)?\s"
_FAN = r"(?:a |much of a |the biggest |an? (?:big|huge) )?fan of|fond of|keen on"
_STRONG = re.compile(
    rf"{_I}(?:prefer|hate|dislike|detest|loathe|despise|avoid|adore|rather(?= .* than )|"
    r"(?:can['’]t|cannot|could never) (?:stand|bear|abide|drink|eat|sleep)|"
    rf"{_NOT}(?:like|care for|eat|drink|enjoy|take|use|touch|buy|wear)|"
    rf"not(?: really| exactly)? (?:{_FAN})|had a (?:soft spot|weakness) for|"
    r"(?:have|got) a (?:soft spot|weakness) for|a (?:soft spot|weakness) for|"
    r"come to (?:love|like|hate|prefer|dislike)|gone off|went off|(?:could|can) do without|"
    r"favou?r)\s(?P<what>\S.*)",
)
_SOFT = re.compile(
    rf"I{_ADVERB}\s(?:love|like|enjoy)\s(?P<what>\S.*)|"
    rf"(?:I['’]m|I am){_ADVERB}\s(?:{_FAN})\s(?P<fan>\S.*)",
)
_HABIT = re.compile(
    r"(?:ever since [^,]{3,30}?,? |when I can choose,? |whenever I can,? |given the choice,? |"
    r"for me,? )?I (?:always|never|usually|only ever|no longer|prefer to) "
    r"(?P<what>(?!\w+ed\b|had\b|got\b|knew|went|saw|thought|did\b|was\b|made\b|came\b|found\b|"
    r"took\b|felt\b|said\b|know\b|think\b|thought\b|understand|see\b|want|wonder|forget|remember)"
    r"[a-z]+ \S.*)",
    re.IGNORECASE,
)
_CHOOSES = re.compile(
    r"(?:when(?:ever)? I can(?: choose)?|given the choice|if I can|ever since [^,]{3,30}?),? I "
    r"(?P<what>[a-z]+ \S.*)",
    re.IGNORECASE,
)
_MY_WAY = re.compile(
    r"I (?:drink|take|like|have|eat) my (?P<thing>coffee|tea|eggs?|steak|toast|pizza|porridge|"
    r"meat|pasta|salad|sandwich(?:es)?|burger)\s(?P<what>(?!in the|at|from|to)\S.*)",
    re.IGNORECASE,
)
_NEW_WAY = re.compile(
    r"I (?:no longer|don['’]t) (?:drink|take|like|have|eat) my (?P<thing>coffee|tea|eggs?|steak|"
    r"toast|pizza|porridge|meat|pasta|salad|sandwich(?:es)?|burger)\s[^,;]{3,40}[,;]\s(?:and |but |"
    r"now )?I (?:now )?(?:drink|take|like|have|eat) (?:it|them) "
    r"(?P<what>(?!in the|at|from|to)\S.*)",
    re.IGNORECASE,
)
_THESE_DAYS = re.compile(r"\s(?:these days|nowadays|now|instead)(?=\W*$)")
_FAVOURITE = re.compile(
    r"[Mm]y (?:all-time |absolute |personal )?favou?rite [a-z][\w' -]{2,40}? (?:is|are|has always "
    r"been|will always be) (?P<what>\S.*)"
)
_IDIOM = re.compile(
    r"(?:please )?(?:give me (?P<what>\S.{2,40}?) over .{2,40}"
    r"|no (?P<no>[a-z][\w' -]{2,40}?) for me,? (?:please|thanks|thank you|ever)\b.*"
    r"|(?:please )?spare me (?!the details)(?P<spare>\S.{2,40})"
    r"|nothing beats (?P<best>\S.{2,40})"
    r"|there(?:['’]s| is) (?:no better|nothing better) .{0,30}?than (?P<better>\S.{2,50})"
    r"|(?:between|out of) .{2,40} I (?:take|choose|go for|pick) (?P<pick>\S.{2,40})"
    r"|for me it(?:['’]s| is| has to be) (?P<me>\S.{2,40}?) (?:every time|any day|always).*"
    r"|(?P<never>[A-Z][\w' -]{2,40}?): never again.*)[.!]*$",
    re.IGNORECASE,
)
_FOREIGN = re.compile(
    r"(?:(?:ich|und ich) (?:mag|liebe|hasse|bevorzuge|verabscheue) (?!dich|euch|es\b|das\b|sie\b)"
    r"|am liebsten (?:ist|sind|esse|trinke|fahre|lese|habe|mag|nehme|schlafe|gehe)\b"
    r"|.{2,40} (?:ist|sind) mir (?:viel )?lieber\b"
    r"|ich (?:nehme|trinke|esse|fahre|kaufe|lese|schreibe|gehe) (?:immer|lieber|nie|"
    r"grundsätzlich) "
    r"|(?:mit|ohne) .{2,40} kann ich nichts anfangen|ich kann .{2,40} nicht (?:leiden|ausstehen)"
    r"|meine? lieblings\w+ (?:ist|sind)\b"
    r"|je (?:préfère|déteste|adore|n['’]aime pas) (?!ça|cela)|prefiero |no soporto |odio )",
    re.IGNORECASE,
)
_WISH = re.compile(
    r"I (?:want|like|expect|prefer|need) (?:all |my |your )?(?:commit messages|commits|answers|"
    r"replies|responses|comments|tests|explanations|variable names|names|summaries|docstrings|"
    r"e-?mails|letters|messages|recipes|lists|code) (?:to be |in|with|without|as|short|brief)\b.*",
    re.IGNORECASE,
)
_NOTHING = re.compile(
    r"(?:it|that|this|these|those|them|him|her|you|your|u|how|when you|when it|when (?:he|she|"
    r"they|people)|what|to (?:hear|see|say|think|admit|be|know|do|tell|ask|let)|being|so much|"
    r"both|all of|doing (?:it|that|this)|not\b|the (?:idea|way|fact|sound|look|thought) of|"
    r"(?:every|each) (?:second|minute|bit|moment)|myself|about|about it|the new|the one)\b",
    re.IGNORECASE,
)
_DOUBT = re.compile(
    r"\b(?:maybe|perhaps|not sure|i think|i guess|would you|might|could you|today|tonight|"
    r"right now|this (?:time|morning|evening|week|one|song|picture|film|movie|book)|"
    r"tomorrow|yesterday|error|function|api|script)\b",
    re.IGNORECASE,
)
_IRONY = re.compile(r"(?:oh sure|yeah right|sure|oh great|yeah|of course|right)[,.!]?\s+$", re.I)
_MOST_WORDS = 16


def propose(utterances: Sequence[Utterance]) -> list[Proposal]:
    has_program = any(each.origin in ("assistant", "tool") for each in utterances)
    return [
        _proposal(clause)
        for utterance in own_words(utterances)
        for clause in clauses(utterance)
        if _is_preference(clause, has_program=has_program)
    ]


def _is_preference(clause: Clause, *, has_program: bool) -> bool:
    text = plain(clause.text)
    if clause.mark not in ("", "greeting") or is_quoted(text, 0) or _DOUBT.search(text):
        return False
    if clause.utterance.origin not in ("user", "other") and clause.utterance.kind != "note":
        return False
    if _IRONY.search(clause.utterance.text[max(0, clause.start - 14) : clause.start]):
        return False
    if _FOREIGN.match(text) or (has_program and _WISH.match(text)):
        return len(text.split()) <= _MOST_WORDS
    is_kept = clause.utterance.kind != "chat" or has_program
    if about.known(text, clause.utterance.who, "diet"):
        return True
    forms = (_STRONG, _NEW_WAY, _IDIOM, _MY_WAY, _CHOOSES, _FAVOURITE)
    for form in (*forms, _SOFT, _HABIT) if is_kept else forms:
        found = form.match(text)
        what = next((each for each in reversed(found.groups()) if each), "") if found else ""
        if what and _is_named(what):
            return True
    return False


def _is_named(what: str) -> bool:
    words = what.split()
    return not _NOTHING.match(what) and len(words) <= _MOST_WORDS and bool(content_words(what))


def _proposal(clause: Clause) -> Proposal:
    utterance = clause.utterance
    text = plain(clause.text)
    has_name = bool(utterance.who) or utterance.origin == "user"
    found = about.known(text, utterance.who) if has_name else None
    way = _NEW_WAY.match(text) or _MY_WAY.match(text)
    subject = found.subject if found else subject_of(utterance) if has_name else ""
    attribute = found.attribute if found else way["thing"].casefold() if way and has_name else ""
    way_now = _THESE_DAYS.sub("", way["what"].split(",")[0]) if way else ""
    value = found.value if found else way_now if has_name else ""
    body = told(text, utterance)
    return Proposal(
        kind="preference", title=titled(body), body=body,
        sources=(source(utterance, clause.text),), origin=utterance.origin,
        subject=subject, attribute=attribute, value=value.strip(" ."),
        mentions=tuple(filter(None, (utterance.who,))), certainty=0.6,
    )  # fmt: skip
