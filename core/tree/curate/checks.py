"""A model's draft of an entry → a proposal, or the reason why it is refused.

Called by the curator that asks a model, for each draft. Whatever a model writes, only what its
evidence says passes: a field that it doesn't say is left empty, and such a claim is refused.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from cairn.core.records import EntryKind, Origin
from cairn.core.tree.curate import schema
from cairn.core.tree.curate.dating import dated
from cairn.core.tree.curate.evidence import Sentence, reads_like_an_order
from cairn.core.tree.curate.material import Proposal
from cairn.core.tree.curate.support import unsupported

_TRUST: tuple[Origin, ...] = ("user", "other", "assistant", "tool", "context", "document")
_SHORTEST, _FEWEST_WORDS, _MOST_SENTENCES = 12, 4, 2
_CERTAINTY = 0.6
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_UNCLEAR = re.compile(
    r"^(?:i|we|he|she|they|it|this|that|these|those|my|our|his|her|their|its|there)\b",
    re.IGNORECASE,
)
_FIRST_PERSON = re.compile(r"\b(?:i|me|my|mine|myself|we|us|our|ours)\b", re.IGNORECASE)
_OPENING = re.compile(
    r"^(?:well|oh|yes|yeah|no|so|and|but|or|also|anyway|actually|ok|okay|hey|hi|thanks|then|plus)\b",
    re.IGNORECASE,
)
_UNFINISHED = re.compile(
    r"\b(?:a|an|the|to|for|of|with|and|or|but|that|is|are|was|were|my|your|his|her|their)\W*$",
    re.IGNORECASE,
)
_TURNING = re.compile(
    r"\b(?:not|never|no|none|nobody|nothing|without|if|unless|only|might|may|could|would|should|"
    r"can|will|cannot|maybe|perhaps|or)\b|n['’]t\b",
    re.IGNORECASE,
)
"""Words without which a title would say something else than its claim."""
_SIGNS: Mapping[str, re.Pattern[str]] = {
    kind: re.compile(pattern, re.IGNORECASE)
    for kind, pattern in (
        ("preference", r"\b(?:like|love|prefer|hate|enjoy|favou?rite|dislike|want|wish|rather|fan|"
                       r"can['’]t stand|avoid|adore|fond|allergic|into)(?:s|d|ed|r+ed|es)?\b"),
        ("decision", r"\b(?:decid|agree|cho[so]|settle|(?:go|going|went) with|will|['’]ll|"
                     r"let['’]?s|plan|picked|opt)"),
        ("promise", r"\b(?:will|going to|gonna|promise|let me|shall)\b|['’]ll\b"),
        ("question", r"\?|\b(?:wonder|find out|figure out|not sure|don['’]t know|need to know)"),
    )
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Draft:
    """What a model wrote, of the right form but not yet believed."""

    kind: EntryKind
    evidence: tuple[int, ...]
    claim: str
    title: str
    subject: str
    attribute: str
    value: str
    when: str


def read_draft(answer: object, kind: EntryKind, numbers: Sequence[int]) -> Draft | None:
    """None for what isn't of the form that was asked for."""
    if not isinstance(answer, dict):
        return None
    fields: dict[str, Any] = answer
    cited = fields.get("evidence")
    names = ("claim", "title", "subject", "attribute", "value", "when")
    texts = [fields.get(name) for name in names]
    if not isinstance(cited, list) or not all(isinstance(text, str) for text in texts):
        return None
    if not cited or not all(type(number) is int and number in numbers for number in cited):
        return None
    plain = [" ".join(str(text).split()) for text in texts]
    return Draft(kind, tuple(dict.fromkeys(cited)), *plain)


def judge(draft: Draft, batch: Sequence[Sentence], author: str) -> Proposal | str:
    """The proposal, or why there is none."""
    cited = [sentence for sentence in batch if sentence.number in draft.evidence]
    claim = draft.claim if draft.claim.endswith((".", "!", "?")) else f"{draft.claim}."
    fault = _form(claim) or _origin(claim, cited, batch) or _kind(draft.kind, claim, cited)
    known = [replace(sentence.source, who=sentence.speaker) for sentence in cited]
    if fault := fault or unsupported(claim, known):
        return fault
    subject, attribute, value = _said_fields(draft, claim)
    origin = max((sentence.origin for sentence in cited), key=_TRUST.index)
    return Proposal(
        kind=draft.kind,
        title=_title(draft.title, claim),
        body=claim,
        sources=tuple(sentence.source for sentence in cited),
        origin=origin,
        subject=subject,
        attribute=attribute,
        value=value,
        valid_from=_since(draft, cited),
        mentions=_mentions(claim, cited),
        certainty=_CERTAINTY,
        author=author,
    )


def _form(claim: str) -> str:
    words = _WORD.findall(claim)
    if not _SHORTEST <= len(claim) <= schema.CLAIM + 1 or len(words) < _FEWEST_WORDS:
        return "it is too short or too long"
    if any(not char.isprintable() for char in claim):
        return "it has signs that can't be shown"
    if len(re.findall(r"[.!?](?=\s|$)", claim)) > _MOST_SENTENCES:
        return "it is too short or too long"
    if _FIRST_PERSON.search(claim.replace("US", "")):
        return "it is not told in the third person"
    if _OPENING.search(claim):
        return "it is not told as a sentence of its own"
    if _UNFINISHED.search(claim):
        return "it is unfinished"
    if _UNCLEAR.match(claim):
        return "it is not clear whom or what it is about"
    if reads_like_an_order(claim):
        return "it reads like an order to a program"
    return ""


def _origin(claim: str, cited: Sequence[Sentence], batch: Sequence[Sentence]) -> str:
    """Only the user's words say something about the user; a question may lead to them."""
    words = {word.casefold().removesuffix("'s") for word in _WORD.findall(claim)}
    names = {_first(sentence.who) for sentence in batch if sentence.is_users}
    if not words & ({"you", "your", "user", "yourself"} | (names - {"", "me"})):
        return ""
    if not any(sentence.is_users for sentence in cited):
        return "only your own words say something about you"
    others = [sentence for sentence in cited if not sentence.is_users]
    if any(not sentence.text.rstrip().endswith("?") for sentence in others):
        return "only your own words say something about you"
    return ""


def _kind(kind: EntryKind, claim: str, cited: Sequence[Sentence]) -> str:
    if not (sign := _SIGNS.get(kind)):
        return ""
    said = any(sign.search(sentence.text) for sentence in cited)
    return "" if said and (kind == "question" or sign.search(claim)) else f"it is no {kind}"


def _first(who: str) -> str:
    return who.casefold().split()[0] if who.split() else ""


def _title(title: str, claim: str) -> str:
    """The model's, if it is a part of the claim that says the same; otherwise the claim itself."""
    turning, kept = (
        {found[0].casefold() for found in _TURNING.finditer(text) if found[0] != "May"}
        for text in (claim, title)
    )
    is_part = bool(title) and f" {_plain(title)} " in f" {_plain(claim)} "
    if is_part and turning == kept and len(title) <= schema.TITLE and len(title.split()) > 1:
        return title[:1].upper() + title[1:]
    whole = claim.rstrip(".")
    if len(whole) <= schema.TITLE:
        return whole
    return whole[: schema.TITLE - 1].rsplit(" ", 1)[0] + " …"


def _plain(text: str) -> str:
    return " ".join(word.casefold() for word in _WORD.findall(text))


def _said_fields(draft: Draft, claim: str) -> tuple[str, str, str]:
    """What can later be superseded; nothing of it unless the claim has all of its words."""
    said = f" {_plain(claim)} "
    fields = (draft.subject, draft.attribute, draft.value)
    if all(_plain(text) and f" {_plain(text)} " in said for text in fields):
        return fields
    return "", "", ""


def _since(draft: Draft, cited: Sequence[Sentence]) -> str:
    """The day it happened if the evidence names it, else the day it was said."""
    named = {
        date.first.isoformat(): date
        for sentence in cited
        for date in dated(sentence.text, sentence.when, "en")
        if not date.repeats and date.first == date.last and not date.bound
    }
    if draft.when in named:
        return draft.when
    said = cited[-1].when[:10]
    return next(iter(named)) if len(named) == 1 and draft.kind == "event" else said


def _mentions(claim: str, cited: Sequence[Sentence]) -> tuple[str, ...]:
    words = _WORD.findall(claim)
    names = [word.removesuffix("'s").removesuffix("’s") for word in words[1:] if word[0].isupper()]
    speakers = [s.who for s in cited if s.who not in ("", "me") and s.who.split()[0] in claim]
    return tuple(dict.fromkeys([*speakers, *names]))
