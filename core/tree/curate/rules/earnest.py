"""Proposals → those that were meant: not what their speaker laughs or winks at.

Called by `rules.propose` with what the rules found. The laugh may stand behind the quoted words, in
the turn that they were said in.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from cairn.core.tree.curate.material import Proposal, Utterance

_LAUGH = (
    r"(?:\b(?:lo+l|lmf?ao|rofl|jk|just kidding|kidding|only joking|just joking|not really|haha\w*|"
    r"hehe\w*|hihi\w*|mdr|jaja(?:ja)+|scherz|kleiner scherz|spaß beiseite)\b|,\s?ha\b|/s\b|"
    r";-?[)PDp](?=\s|$)|xD\b|[😂🤣😜😉😝😆🙃])"
)
_IN_IT = re.compile(_LAUGH, re.IGNORECASE)
_AFTER = re.compile(rf"[\s.!,…(*_-]{{0,4}}{_LAUGH}", re.IGNORECASE)


def in_earnest(proposals: Sequence[Proposal], utterances: Sequence[Utterance]) -> list[Proposal]:
    said = {each.uri: each.text for each in utterances}
    return [
        each
        for each in proposals
        if not any(_is_laughed_at(one.quote, said.get(one.uri, "")) for one in each.sources)
    ]


def _is_laughed_at(quote: str, said: str) -> bool:
    if not quote:
        return False
    at = said.find(quote)
    return bool(_IN_IT.search(quote) or (at >= 0 and _AFTER.match(said, at + len(quote))))
