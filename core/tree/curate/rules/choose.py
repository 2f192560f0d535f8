"""All proposals of a window → the few that are kept: no repeats, at most a quarter of its turns.

Called by the curator after every rule has proposed. The order of what is kept is that in which it
was said; a more telling kind wins over a plainer one that rests on the same words.
"""

from __future__ import annotations

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
    kept: list[Proposal] = []
    for proposal in sorted(proposals, key=_worth, reverse=True):
        at = next((at for at, other in enumerate(kept) if _repeats(proposal, other)), None)
        if at is None:
            if not any(_shares_words(proposal, other) for other in kept):
                kept.append(proposal)
        else:
            kept[at] = _merged(kept[at], proposal)
    most = max(1, (turns + _TURNS_EACH // 2) // _TURNS_EACH) if turns else 0
    first = {proposal.key: at for at, proposal in reversed(list(enumerate(proposals)))}
    return sorted(kept[:most], key=lambda proposal: first[proposal.key])


def _worth(proposal: Proposal) -> float:
    telling = _TELLING.get(proposal.kind, 0) + bool(proposal.attribute)
    return proposal.certainty + _AHEAD * telling


def _repeats(one: Proposal, other: Proposal) -> bool:
    if one.kind != other.kind or one.subject != other.subject or one.value != other.value:
        return False
    first, second = content_words(one.body), content_words(other.body)
    return len(first & second) >= _SAME * len(first | second)


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
