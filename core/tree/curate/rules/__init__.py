"""The curator without a model: utterances → what is worth keeping of them.

Called by the engine's curation with a conversation, or a window of one, or a document. Each rule
proposes by itself; what a rule for one kind finds comes before a plain fact that rests on the same
words. Nothing here reads files or the clock.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from cairn.core.tree.curate.material import Proposal, Utterance
from cairn.core.tree.curate.rules.once import reading

_TURNS_EACH = 4
"""`choose` keeps one for so many turns. What is rare is kept whatever there is beside it, and a
document says more than a conversation: it was written to be kept."""
_OF_THE_USER = re.compile(r"(?:the )?user\b", re.IGNORECASE)


@reading()
def propose(utterances: Sequence[Utterance]) -> list[Proposal]:
    from cairn.core.tree.curate.rules import (
        attributes,
        choose,
        decisions,
        facts,
        happenings,
        likes,
        procedures,
        promises,
        questions,
        todos,
    )
    from cairn.core.tree.curate.rules.earnest import in_earnest
    from cairn.core.tree.curate.rules.written import dated

    utterances = dated(utterances)
    rules = (decisions, promises, todos, procedures, questions, attributes, likes, happenings)
    telling = [proposal for rule in rules for proposal in rule.propose(utterances)]
    told = in_earnest(_own(telling), utterances)
    kept = choose.choose(told, _TURNS_EACH * len(told))
    spoken = in_earnest(_own(facts.propose(_spoken(utterances))), utterances)
    plain = [each for each in spoken if not _is_told(each, kept)]
    turns = sum(1 if each.kind == "chat" else _TURNS_EACH for each in utterances)
    kept += choose.choose(plain, turns)
    order = {each.uri: at for at, each in reversed(list(enumerate(utterances)))}
    return sorted(kept, key=lambda each: min(order.get(one.uri, 0) for one in each.sources))


def _own(proposals: Sequence[Proposal]) -> list[Proposal]:
    """Without what others say of "the user": nobody does but to whoever keeps a memory of one."""
    return [
        each
        for each in proposals
        if each.origin == "user"
        or not (_OF_THE_USER.fullmatch(each.subject) or _OF_THE_USER.match(each.body))
    ]


def _spoken(utterances: Sequence[Utterance]) -> list[Utterance]:
    """Conversations as they are; of documents what their author wrote."""
    from cairn.core.tree.curate.rules.documents import own_words

    written = own_words([each for each in utterances if each.kind != "chat"])
    return [*(each for each in utterances if each.kind == "chat"), *written]


def _is_told(fact: Proposal, kept: Sequence[Proposal]) -> bool:
    """Whether something that is kept already rests on the same words."""
    return any(
        mine.uri == one.uri and (mine.quote in one.quote or one.quote in mine.quote)
        for each in kept
        for one in each.sources
        for mine in fact.sources
    )
