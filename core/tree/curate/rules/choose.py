"""All proposals of a window → the few that are kept: no repeats, at most a quarter of its turns.

Called by the curator after every rule has proposed. The order of what is kept is that in which it
was said; a more telling kind wins over a plainer one that rests on the same words.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import replace

from cairn.core.tree.curate.material import Proposal
from cairn.core.tree.curate.rules.topics import content_words

_TURNS_EACH = 4
_SAME = 0.75
"""Share of content words in common from which two say the same."""
_TELLING = {
    "decision": 3, "promise": 3, "procedure": 3, "question": 2, "event": 1, "preference": 1,
    "person": 1, "project": 1,
}  # fmt: skip
_AHEAD = 0.1
"""What a more telling kind is worth when there is too much."""


def choose(proposals: Sequence[Proposal], turns: int) -> list[Proposal]:
    kept = _Kept(proposals)
    for proposal in sorted(proposals, key=_worth, reverse=True):
        kept.add(proposal)
    most = max(1, (turns + _TURNS_EACH // 2) // _TURNS_EACH) if turns else 0
    first = {proposal.key: at for at, proposal in reversed(list(enumerate(proposals)))}
    return sorted(kept.proposals[:most], key=lambda proposal: first[proposal.key])


class _Kept:
    """What was taken so far, found by its words and its turns: a window may be a whole history."""

    def __init__(self, proposals: Sequence[Proposal]) -> None:
        self.proposals: list[Proposal] = []
        self._words: list[frozenset[str]] = []
        self._by_word: dict[str, list[int]] = defaultdict(list)
        self._by_turn: dict[str, list[int]] = defaultdict(list)
        self._often = Counter(word for each in proposals for word in content_words(each.body))

    def add(self, proposal: Proposal) -> None:
        """Into what it repeats, or as one more unless its words are taken."""
        words = content_words(proposal.body)
        at = self._repeated(proposal, words)
        if at is not None:
            self.proposals[at] = _merged(self.proposals[at], proposal)
        elif not self._is_taken(proposal):
            at = len(self.proposals)
            self.proposals.append(proposal)
            self._words.append(words)
            for word in self._rare(words):
                self._by_word[word].append(at)
        if at is not None:
            for source in proposal.sources:
                self._by_turn[source.uri].append(at)

    def _repeated(self, proposal: Proposal, words: frozenset[str]) -> int | None:
        near = {at for word in self._rare(words) for at in self._by_word[word]}
        for at in sorted(near):
            other = self._words[at]
            if _is_alike(proposal, self.proposals[at]) and (
                len(words & other) >= _SAME * len(words | other)
            ):
                return at
        return None

    def _rare(self, words: frozenset[str]) -> list[str]:
        """So many of the rarest that two sets with `_SAME` in common share one of them."""
        count = len(words) - math.ceil(_SAME * len(words)) + 1
        return sorted(words, key=lambda word: (self._often[word], word))[:count]

    def _is_taken(self, proposal: Proposal) -> bool:
        near = {at for source in proposal.sources for at in self._by_turn[source.uri]}
        return any(_shares_words(proposal, self.proposals[at]) for at in near)


def _worth(proposal: Proposal) -> float:
    telling = _TELLING.get(proposal.kind, 0) + bool(proposal.attribute)
    return proposal.certainty + _AHEAD * telling


def _is_alike(one: Proposal, other: Proposal) -> bool:
    if one.attribute and one.valid_from[:10] != other.valid_from[:10]:
        return False  # there may have been another value between
    return (one.kind, one.subject, one.value) == (other.kind, other.subject, other.value)


def _merged(kept: Proposal, other: Proposal) -> Proposal:
    sources = (*kept.sources, *(each for each in other.sources if each not in kept.sources))
    return replace(kept, sources=sources)


def _shares_words(one: Proposal, other: Proposal) -> bool:
    """Whether both rest on the same words of the same turn."""
    return any(
        mine.uri == theirs.uri and (mine.quote in theirs.quote or theirs.quote in mine.quote)
        for mine in one.sources
        for theirs in other.sources
    )
