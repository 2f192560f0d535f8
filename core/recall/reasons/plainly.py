"""The names of channels, parts of a score and stages → what a person calls them.

Called wherever recall explains itself. A name that is not known here is shown as it is.
"""

from __future__ import annotations

_CHANNELS = {
    "lexical": "words",
    "vector": "meaning",
}
_PARTS = {
    "own words": "own words",
    "words": "words around",
    "vector": "meaning",
    "speaker": "who says it",
    "moment": "time",
    "phrase": "the very phrase",
    "asks": "asks, not tells",
    "replies": "replies to such a turn",
    "told": "an entry says it",
    "own": "said by a person",
    "kept": "the tree keeps it",
}
_STAGES = {
    "embed": "question to meaning",
    "fetch": "reading passages",
    "score": "weighing",
    "tree": "looking into the tree",
    "judge": "judging",
    "compose": "answering",
    "check": "checking citations",
    "known": "as asked just before",
    "journal": "looking into the journal",
}


def channel(name: str) -> str:
    return _CHANNELS.get(name, name.replace("_", " "))


def part(name: str) -> str:
    return _PARTS.get(name, name.replace("_", " "))


def stage(name: str) -> str:
    return _STAGES.get(name) or channel(name)


def ordinal(number: int) -> str:
    """1st, 2nd, 11th."""
    ending = {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number:,}{'th' if number % 100 in (11, 12, 13) else ending}"


def listed(words: list[str]) -> str:
    """`a`, `b` and `c`."""
    return " and ".join(filter(None, (", ".join(words[:-1]), *words[-1:])))
