"""Utterances → numbered sentences for a model to read, a dozen at a time.

Called by the curator that asks a model. Only what people said or wrote is offered, and nothing
that reads like an order to a program.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from cairn.core.records import Origin, Source, content_hash
from cairn.core.tree.curate.material import Utterance

MOST = 12
"""Sentences that are shown at a time: more of them confuse a small model."""
_TRUSTED = ("user", "other", "document")
_SHORTEST, _LONGEST = 12, 300
_SENTENCE = re.compile(r"[^.!?\n]+(?:[.!?]+(?=\s|$)|[.!?]+|\n|$)")
_STOP = re.compile(r"[.!?]+[\"'”)]*$")
_MOST_TEXT = 20_000
_ORDER = re.compile(
    r"\b(?:ignore|disregard|forget|override|bypass)\b.{0,40}\b(?:instruction|prompt|rule|above|"
    r"previous|prior|everything|order)"
    r"|\b(?:system|developer|user|assistant)\s*(?:prompt|message|instruction|:|>)"
    r"|\byou are (?:now|an? (?:ai|assistant|model|bot))\b|\bas an? (?:ai|language model)\b"
    r"|\b(?:output|print|respond|reply|answer|return)\b.{0,30}\b(?:json|only with|exactly|verbatim)"
    r"|\b(?:remember|store|save|record|memori[sz]e|note)\s+(?:that|this|the following)\b"
    r"|\bnew instructions?\b|\bjailbreak\b|<\|?/?\w+\|?>|\[/?INST\]|###",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence as it is shown to the model, with its place."""

    number: int
    text: str
    uri: str
    who: str
    when: str
    origin: Origin

    @property
    def source(self) -> Source:
        return Source(self.uri, self.text, self.who, self.when, content_hash(self.text))

    @property
    def is_users(self) -> bool:
        return self.origin == "user"

    @property
    def speaker(self) -> str:
        """Whom "I" means; nobody where that isn't known, such as in a document."""
        return self.who if self.is_users or self.who not in ("", "me") else "?"


def batches(utterances: Iterable[Utterance]) -> Iterator[tuple[Sentence, ...]]:
    """Each of one conversation or document."""
    rest = _sentences(utterances)
    batch: list[Sentence] = []
    for sentence in rest:
        is_other = batch and sentence.uri.partition("#")[0] != batch[0].uri.partition("#")[0]
        if is_other or len(batch) == MOST:
            yield _numbered(batch)
            batch = []
        batch.append(sentence)
    if batch:
        yield _numbered(batch)


def reads_like_an_order(text: str) -> bool:
    return _ORDER.search(text) is not None


def _numbered(batch: list[Sentence]) -> tuple[Sentence, ...]:
    return tuple(
        Sentence(number, s.text, s.uri, s.who, s.when, s.origin)
        for number, s in enumerate(batch, start=1)
    )


def _sentences(utterances: Iterable[Utterance]) -> Iterator[Sentence]:
    for said in utterances:
        if said.origin not in _TRUSTED:
            continue
        for text in _cut(said.text[:_MOST_TEXT]):
            if not reads_like_an_order(text):
                yield Sentence(0, text, said.uri, said.who, said.when, said.origin)


def _cut(text: str) -> Iterator[str]:
    """Pieces that end where a sentence does; `3.5` and `e.g.` are put together again."""
    held = ""
    for match in _SENTENCE.finditer(text):
        held += match[0]
        following = text[match.end() : match.end() + 1]
        if following and not following.isspace() and not held.endswith("\n"):
            continue
        piece = held.strip()
        held = ""
        if _SHORTEST <= len(piece) <= _LONGEST or (piece.endswith("?") and len(piece) <= _LONGEST):
            yield piece


def shown(batch: Iterable[Sentence]) -> str:
    """The sentences as lines of data: whatever they say, each stays within its line and marks."""
    lines = []
    for sentence in islice(batch, MOST):
        who = "the user" if sentence.who in ("", "me") and sentence.is_users else sentence.who
        text = " ".join(sentence.text.split()).replace("«", "<").replace("»", ">")
        name = " ".join(who.split()).replace("«", "").replace("»", "") or "a document"
        lines.append(
            f"{sentence.number}. [{name[:40]}, {sentence.when[:10] or 'no date'}] «{text}»"
        )
    return "\n".join(lines)
