"""Unticked boxes of a note → what its author means to do: a promise, due only on a day it names.

Called by `rules.propose`. Lists of things to buy, pack, read or do every day are no promises.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from cairn.core.tree.curate.material import Proposal, Utterance
from cairn.core.tree.curate.rules.documents import own_words
from cairn.core.tree.curate.rules.naming import topic_of
from cairn.core.tree.curate.rules.telling import (
    ahead,
    dates_in,
    plain,
    said_on,
    source,
    subject_of,
    titled,
    told,
)

_BOX = re.compile(r"(?:[-*+]\s+)?\[ \]\s+(?P<what>\S.*)")
_LIST = re.compile(
    r"\b(?:shopping|groceries|grocery|packing|pack|einkauf\w*|packliste|wish ?list|courses|"
    r"compras?|reading|watch|films?|movies|books|bucket|template|routine|daily|habit\w*|"
    r"checklist)\b",
    re.IGNORECASE,
)
_DONE = re.compile(r"\b(?:done|solved|resolved|fixed|answered|erledigt|✓|✅)\b|~~", re.IGNORECASE)
_WORD = re.compile(r"[^\W_]+")
_LEAST_WORDS = 3
_VAGUE = frozenset(
    "it this that and or them something stuff things more later here there etc what how why "
    "check".split()
)


def propose(utterances: Sequence[Utterance]) -> list[Proposal]:
    return [
        _proposal(box, each)
        for each in own_words(utterances)
        if each.kind != "chat" and not _LIST.search(" ".join((each.title, *each.heading)))
        for box in boxes_in(each)
        if _is_task(box["what"])
    ]


def boxes_in(utterance: Utterance) -> list[re.Match[str]]:
    """The lines with a box that isn't ticked."""
    lines = (line.strip() for line in utterance.text.split("\n"))
    return [box for line in lines if (box := _BOX.fullmatch(line))]


def _is_task(text: str) -> bool:
    words = [word.casefold() for word in _WORD.findall(text)]
    is_telling = len(words) >= _LEAST_WORDS and not all(word in _VAGUE for word in words[1:])
    return is_telling and not text.endswith("?") and not _DONE.search(text)


def _proposal(box: re.Match[str], utterance: Utterance) -> Proposal:
    what = plain(box["what"])
    is_known = bool(utterance.who) or utterance.origin == "user"
    return Proposal(
        kind="promise",
        title=titled(what),
        body=told(what, utterance, is_ahead=True),
        sources=(source(utterance, box[0]),),
        origin=utterance.origin,
        subject=subject_of(utterance) if is_known else "",
        valid_from=utterance.when[:10],
        valid_until=_due(what, utterance),
        tags=tuple(filter(None, (topic_of(utterance),))),
        mentions=tuple(filter(None, (utterance.who,))),
        certainty=0.5,
    )


def _due(text: str, utterance: Utterance) -> str:
    said = said_on(utterance)
    for when in (ahead(each, said) for each in dates_in(text, said)):
        if not (when.is_vague or when.repeats):
            return when.last.isoformat()
    return ""
