"""A question and what was asked before it → the question that is meant.

Called by the session for a conversation. Rules alone: what stands by itself is left as it is,
letter by letter, and so are a long text and what nothing is known for.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from cairn.core.answer.following import elsewhere, moments, pronouns
from cairn.core.answer.following.again import again, measured, with_lead
from cairn.core.answer.following.anatomy import Clause, plain, take_apart
from cairn.core.answer.following.exchange import Exchange
from cairn.core.answer.following.instead import given, instead
from cairn.core.answer.following.referents import Earlier, read, topic_text
from cairn.core.answer.following.words import (
    ABOUT,
    ADVERBS,
    AUXILIARIES,
    PRONOUNS,
    TOLD_SOMEBODY,
    base,
)
from cairn.core.recall.question.kinds import language_of

_LONGEST = 240
_MOST_WORDS = 30
_FEW = 3
"""Words that don't tell a language."""
_BACK = 3
"""Exchanges that are tried, the latest first."""
_JOINED = re.compile(
    r"^(?:(?:and|but|or|also|plus|then|yes|yeah)\b[, ]*|no, *)(?:then\b[, ]*)?", re.IGNORECASE
)
_HAPPENED = re.compile(
    r"(?P<lead>when|where|why|how|since when|how long ago)(?: exactly)?"
    r" (?:did|does|has|was|is|will|do|had) (?:(?:that|it|this|all this)"
    r" (?:happen|happened|take place|come about|start|occur|be)"
    r"|(?:we|i|they|he|she|you) (?:do|done) (?:that|it|this|so))(?: exactly)?"
    r"|(?P<then>(?:at )?what time|what day|which day|on which day|what date)"
    r" (?:was|did) (?:that|it|this)(?: happen| take place)?",
    re.IGNORECASE,
)
_DID = re.compile(
    r"(?:who|which of (?:us|them|you)) (?:did|does|has done) (?:that|it|this|so)", re.IGNORECASE
)


def follow(text: str, earlier: Sequence[Exchange], now: date | None = None) -> str:
    """`earlier` with the latest last. The very text where it stands alone."""
    if not text.strip() or len(text) > _LONGEST or len(text.split()) > _MOST_WORDS:
        return text
    if "\n" in text.strip() or '"' in text or "“" in text:
        return text
    language = _language(text)
    for exchange in [each for each in reversed(earlier) if each.question.strip()][:_BACK]:
        if len(exchange.question) > _LONGEST:
            continue
        if said := _meant(text, exchange, language, now):
            return said
    return text


def _language(text: str) -> str:
    return "es" if "¿" in text else language_of(text.casefold().replace("’", "'"))


def _meant(text: str, exchange: Exchange, language: str, now: date | None) -> str:
    """ "" where it doesn't lean on that exchange."""
    before = _language(exchange.question)
    if language and before and language != before and len(text.split()) > _FEW:
        return ""
    spoken = before or language
    if spoken in elsewhere.LANGUAGES:
        return elsewhere.follow(text, exchange, spoken)
    said = _in_english(plain(text), read(exchange), now)
    return _ended(said) if said and said != plain(text) else ""


def _in_english(whole: str, earlier: Earlier, now: date | None) -> str:
    text = _JOINED.sub("", whole).strip(" ,")
    if not text:
        return again("more", earlier) if whole else ""
    is_joined = text != whole and not whole.casefold().startswith(("yes", "yeah", "no", "then"))
    if said := _event(text, earlier) or again(text, earlier):
        return said
    timed = moments.at_the_time(text, earlier, now)
    clause = take_apart(timed)
    new = given(timed, is_joined=is_joined, is_question=clause.is_question)
    if new and (said := instead(pronouns.put_in(take_apart(new), earlier), earlier)):
        return said
    said = pronouns.put_in(clause, earlier)
    said = _completed(take_apart(said), earlier) or said
    return "" if said == text else said


def _event(text: str, earlier: Earlier) -> str:
    """`when did that happen`, `who did it`: all of the earlier question is meant."""
    if found := _HAPPENED.fullmatch(text):
        return with_lead((found["lead"] or found["then"]).casefold(), earlier)
    if _DID.fullmatch(text) and earlier.clause.aux:
        clause = earlier.clause
        if clause.is_counted and measured(clause) and (about := topic_text(clause)):
            return f"who did {about}"
        verb = next((token for token in clause.tokens if token.is_verb), None)
        if verb:
            return f"who {clause.aux} {clause.text[verb.start :]}"
    return ""


def _completed(clause: Clause, earlier: Earlier) -> str:
    """`who paid?`, `what did Ben say?`: verbs that say nothing without what they are about."""
    if not clause.is_question or clause.has_own_content or clause.times or clause.noun:
        return ""
    verb = base(clause.verb)
    behind = [token for token in clause.tokens if token.start > _verb_start(clause)]
    told = clause.names if verb in TOLD_SOMEBODY else ()
    named = {part for name in told for part in name.casefold().split()}
    if verb not in ABOUT or any(not _is_idle(token.low, named) for token in behind):
        return ""
    tail = _same_tail(verb, earlier.clause)
    if tail:
        return f"{clause.text} {tail}"
    about = topic_text(earlier.clause)
    if not about or base(earlier.clause.verb) == verb:
        return ""
    joined = ABOUT[verb]
    return f"{clause.text} {joined} {about}" if joined else f"{clause.text} {about}"


def _verb_start(clause: Clause) -> int:
    return next((token.start for token in clause.tokens if token.is_verb), -1)


def _is_idle(low: str, named: set[str]) -> bool:
    return low in ADVERBS or low in AUXILIARIES or low in PRONOUNS or low in named


def _same_tail(verb: str, clause: Clause) -> str:
    """What stood behind the same verb before."""
    for token in clause.tokens:
        if token.is_verb and base(token.low) == verb:
            return clause.text[token.end :].strip()
    return ""


def _ended(said: str) -> str:
    said = " ".join(said.split())
    is_asked = take_apart(said).is_question or not said.casefold().startswith("tell me")
    return f"{said}?" if is_asked and not said.endswith("?") else said
