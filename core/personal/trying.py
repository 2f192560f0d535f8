"""A question of which the right answer is known → whether it is found, and answered rightly.

Called for `cairn bench self`, one by one. It is asked as anybody would ask it, but nothing of it is
kept, and no entry counts as used.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from cairn.core.answering import Manner
from cairn.core.asking import Asking
from cairn.core.conversing import filters_of, when_of
from cairn.core.personal.cases import Case
from cairn.core.records import Answer

_LOOKED_AT = 10


@dataclass(frozen=True, slots=True)
class Outcome:
    case: Case
    right: bool
    rank: int
    """Of the first result that is the source; 0 where it is not among the first."""
    answered: bool
    said: str = ""
    """What was answered, or why not."""


def attempt(case: Case, asking: Asking, *, quick: bool) -> Outcome:
    when, filters = when_of(case.beside), filters_of(case.beside)
    rank = 0
    if case.uri and case.kind in ("found", "value"):
        found = asking.find(case.text, _LOOKED_AT, when, filters)
        rank = next((item.rank for item in found.evidence if item.chunk.uri == case.uri), 0)
    answer = asking.ask(case.text, None, when, filters, Manner(quick=quick, trial=True))
    said = " ".join(sentence.text for sentence in answer.sentences) or answer.reason
    return Outcome(case, is_right(case, answer), rank, not answer.abstained, said)


def is_right(case: Case, answer: Answer) -> bool:
    cited = {citation.hash for citation in answer.citations}
    if case.kind == "absent":
        return answer.abstained
    if case.kind == "good":
        return bool(cited & {*case.hashes}) if case.hashes else answer.abstained
    if case.kind == "bad":
        return not cited >= {*case.hashes} if case.hashes else not answer.abstained
    if case.kind == "value":
        return _tells(case.value, answer)
    return any(citation.uri == case.uri for citation in answer.citations)


def _tells(value: str, answer: Answer) -> bool:
    text = " ".join((answer.short, *(sentence.text for sentence in answer.sentences)))
    return re.search(rf"(?<![\d.,]){re.escape(value)}(?!\d|[.,]\d)", text) is not None
