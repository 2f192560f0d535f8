"""What "it" stands for: the thing in the clauses before that somebody asked for.

Called by `promises`: "Can you send the invoice?" — "I'll send it on Friday." Linear.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from cairn.core.tree.curate.rules.clauses import Clause
from cairn.core.tree.curate.rules.telling import plain

_ASKED = re.compile(
    r"\b(?:the|your|my|our|that|those|"
    r"an?)\s+((?:[^\W\d_][\w'’-]*\s+){0,2}?[^\W\d_][\w'’-]+(?:\s+(?:of|for|from)\s+(?:the\s+|"
    r"our\s+)?[^\W\d_][\w'’-]+)?)"
    r"(?=\s*(?:[?.,!;:]|$|\s(?:to|by|on|in|at|is|are|was|until|before|please|today|tomorrow|when|"
    r"and|yet|ready|"
    r"this|next|over|back|again|soon|me|with|so|needs?|has)\b))",
    re.IGNORECASE,
)
_THEN = re.compile(r"\s+(?:then|please|now|yet|too|first)$", re.IGNORECASE)
_TIMES = frozenset(
    "day week month year time morning evening afternoon weekend moment minute hour way lot bit"
    " thing".split()
)


def meant(before: Sequence[Clause]) -> tuple[str, Clause] | None:
    """What "it" is: the thing in the last clause that has one, a question for it first."""
    asking = [each for each in reversed(before) if each.mark == "question"]
    for clause in (*asking, *reversed(before)):
        for found in _ASKED.finditer(plain(clause.text)):
            thing = _THEN.sub("", found[1])
            if thing.split()[-1].casefold() not in _TIMES and len(thing) > 2:
                return f"the {thing}", clause
    return None
