"""Differences between the bench's count and the product that are meant, each with its reason."""

from __future__ import annotations

import re

_ASKED = "a question to the user, its answer and a plan are what the two say to each other"
_OPEN = "a call is kept with its result, which this sample ends before"
_KNOWN: tuple[tuple[str, str, str], ...] = (
    (r"/06381696-", r"^(person: counted 2, kept 3|assistant: counted 3, kept 5)$", _ASKED),
    (r"/06381696-", r"^tool: counted 3, kept 1$", _ASKED),
    (r"full-session-two", r"^(person: counted 5, kept 6|assistant: counted 6, kept 9)$", _ASKED),
    (r"full-session-two", r"^tool: counted 10, kept 9$", _ASKED),
    (r"tool-(askuser|exitplan|questions)", r"^\w+: counted (0, kept 1|1, kept 0)$", _ASKED),
    (r"/claude/", r"^text of tool: 'User has answered your questions", _ASKED),
    (r"/claude/full/", r"^passed empty: 0, 1$", "a local command's output without any text"),
    (r"full-session-three", r"^tool: counted 23, kept 20$", _OPEN),
    (r"full-session-three", r"^text of tool: '(cat |git ls-files|/Users/)", _OPEN),
    (r"/individual/tool-", r"^(conversations|tool): counted 1, kept 0$|^text of tool:", _OPEN),
    (r"/individual/function-", r"counted 1, kept 0$|^text of tool:|became nothing$", _OPEN),
    (r"/event-(agent|user)-message", r"^nothing to read", "told by an event only, it is kept"),
    (r"/seoul-", r"^tool: counted 6, kept 4$|^passed empty code: 0, 2$",
     "a call that is a mere command stands with what came back"),
    (r"polylogue.*/claude-ai/", r"^passed synthetic-\d+: 0, 1$",
     "kinds of blocks that were made up; the message's own text is kept"),
    (r"^agents$", r"^gone: chat:claude-code/06381696-.*('Which scroll|user .*'Approach)",
     "the same call is in a file of its own, which is read first: it is kept once"),
    (r"^chats$", r"^new: chat:slack/\S*messages\S* .*'Some question",
     "beside an export's lists of channels the message is one of a channel"),
)  # fmt: skip
"""A pattern of the sample's name, one of the difference, and why it is right."""


def explain(name: str, difference: str) -> str:
    for sample, what, reason in _KNOWN:
        if re.search(sample, name) and re.search(what, difference, re.DOTALL):
            return reason
    return ""
