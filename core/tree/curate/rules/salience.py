"""A clause → how much it is worth keeping: what people write down of each other, weighed by cues.

Called by `facts`. For it: who does it, a change, a plan, a habit, a like, a date, a name, family,
work, health; against it: what only answers, praises or supposes. The cues are in `cues`.
"""

from __future__ import annotations

import re

from cairn.core.tree.curate.rules.clauses import Clause
from cairn.core.tree.curate.rules.cues import CUES
from cairn.core.tree.curate.rules.topics import content_words, is_english, names
from cairn.core.tree.curate.rules.voice import speaks_of_self

ENOUGH = 1.7
"""What is lighter is not kept, however little else there is."""


_NEVER = -9.0
_SELF = re.compile(r"(?:[\w,'’]+ ){0,6}?(?:I|I['’]\w+|im|i['’]\w+|[Mm]y)\b")
_LENGTHS = ((9, 1.8), (7, 1.4), (5, 0.7), (4, 0.3), (3, -0.8))


def weigh(clause: Clause) -> float:
    """Above `ENOUGH` for what can stand for itself; very low for what is no statement."""
    if clause.mark or not is_english(clause.text):
        return _NEVER
    text = clause.text
    total = length(content_words(text))
    total += sum(cue.weight for cue in CUES.values() if cue.is_in(text))
    total += 0.6 * bool(_SELF.match(text)) + 0.6 * speaks_of_self(text)
    return total + 0.5 * bool(names(text))


def length(words: frozenset[str]) -> float:
    return next((weight for least, weight in _LENGTHS if len(words) >= least), -2.5)


def has(clause: Clause, cue: str) -> bool:
    return CUES[cue].is_in(clause.text)


_PERSONAL = ("family", "pet", "home", "study", "health", "trip", "have", "work", "hobby", "like")
_MINE = re.compile(r"\b(?:I|I['’](?:m|ve|d|ll)|im|my)\b", re.IGNORECASE)
_TASK = re.compile(
    r"\b(?:i (?:want|need|would like|tried|am trying|have to|get|got|keep getting|see|think|mean|"
    r"asked|was asking|ran|added|changed|use|am using|have a (?:function|class|table|list|file))|"
    r"i['’]d like|i['’]ll|i['’]m (?:trying|getting|using|encountering|facing|seeing|looking for|"
    r"writing|working on|building)|(?:error|exception|bug|api|function)|my (?:code|function|"
    r"script|"
    r"question|query|prompt|file|server|project|app|config|class|table))\b",
    re.IGNORECASE,
)


def is_personal(clause: Clause) -> bool:
    """Among requests to a program: whether a statement tells of the user, not of the task."""
    if not _MINE.search(clause.text) or _TASK.search(clause.text):
        return False
    return any(has(clause, cue) for cue in _PERSONAL)
