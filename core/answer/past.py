"""The exchanges before a question → what of them fits a model's room, the last ones whole.

For whoever builds a prompt. Older ones are told in a line each, the oldest left out first; what
stands in them can't pass for a mark of the model's or for a number of evidence.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from cairn.core.answer.context import guarded
from cairn.core.answer.following.exchange import Exchange

Count = Callable[[Sequence[str]], tuple[list[int], int]]
"""Tokens of each text, and how many the model takes in."""
_END = re.compile(r"(?<=[.!?]) ")
_WHOLE = 2
_LONGEST_LINE = 160
_NOTHING = "it was not in the memory"


def told(exchanges: Sequence[Exchange], room: int, count: Count) -> str:
    """The latest last; "" where none fits into so many tokens."""
    if not exchanges or room <= 0:
        return ""
    recent, older = exchanges[-_WHOLE:], exchanges[:-_WHOLE]
    texts = [*(_line(each) for each in older), *(_whole(each) for each in recent)]
    short = [*texts[: len(older)], *(_line(each) for each in recent)]
    sizes, _ = count([*texts, *short])
    kept: list[str] = []
    for at in reversed(range(len(texts))):
        for text, size in ((texts[at], sizes[at]), (short[at], sizes[len(texts) + at])):
            if size + 1 <= room:
                kept.append(text)
                room -= size + 1
                break
        else:
            break
    return "\n".join(reversed(kept))


def _whole(exchange: Exchange) -> str:
    answer = exchange.answer or f"({_NOTHING})"
    return f"Asked: {_flat(exchange.question)}\nAnswered: {_flat(answer)}"


def _line(exchange: Exchange) -> str:
    """The question with the first sentence of what was answered."""
    first = exchange.short or _END.split(exchange.answer, maxsplit=1)[0] or _NOTHING
    return f"Before: {_cut(_flat(exchange.question))} - {_cut(_flat(first))}"


def _flat(text: str) -> str:
    return " ".join(guarded(text).split())


def _cut(text: str) -> str:
    if len(text) <= _LONGEST_LINE:
        return text
    return text[:_LONGEST_LINE].rpartition(" ")[0] + " …"
