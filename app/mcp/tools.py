"""What an assistant may ask: each tool's name, words and arguments → a request to the daemon.

Called by server.py. Arguments are held to what is written here, and a wrong one is told in plain
words; nothing here knows of the protocol.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from cairn.app.mcp.telling import taken
from cairn.app.narrowing import NAMES, narrowed
from cairn.core.errors import ConfigError

Json = dict[str, Any]
_MOST, _USUAL = 50, 8
_PLACES = ("file:", "chat:", "/", "~/")
"""What the addresses of all but entries begin with."""
_TEXT: Json = {"type": "string"}


@dataclass(frozen=True, slots=True)
class Request:
    """What the daemon is asked."""

    op: str
    args: Json
    ticket: str = ""
    """Ends an answer that is being written, should nobody wait for it any more."""


@dataclass(frozen=True, slots=True)
class Tool:
    name: str
    title: str
    about: str
    arguments: Mapping[str, Json]
    """By name, as JSON Schema has them."""
    required: tuple[str, ...]
    request: Callable[[Json], Request]
    writes: bool = False

    @property
    def schema(self) -> Json:
        return {
            "type": "object", "properties": dict(self.arguments), "required": [*self.required],
            "additionalProperties": False,
        }  # fmt: skip

    def asked(self, given: Json) -> Request:
        """Raises ConfigError for arguments that it doesn't have."""
        for name in self.required:
            if name not in given:
                raise ConfigError(f"`{self.name}` needs `{name}`", self._hint)
        for name, value in given.items():
            self._check(name, value)
        return self.request(given)

    def _check(self, name: str, value: Any) -> None:
        if name not in self.arguments:
            raise ConfigError(f"`{self.name}` has no `{name}`", self._hint)
        schema = self.arguments[name]
        kinds = {"string": str, "integer": int, "boolean": bool}
        if type(value) is not kinds[schema["type"]]:
            raise ConfigError(f"`{name}` must be of type {schema['type']}", self._hint)
        least, most = schema.get("minimum", value), schema.get("maximum", value)
        if schema["type"] == "integer" and not least <= value <= most:
            raise ConfigError(f"`{name}` must be from {least} to {most}", self._hint)
        if isinstance(value, str) and not _is_text(value):
            raise ConfigError(f"`{name}` has signs that no text has", self._hint)
        if value not in schema.get("enum", (value,)):
            raise ConfigError(f"`{name}` must be one of {', '.join(schema['enum'])}", self._hint)

    @property
    def _hint(self) -> str:
        return f"its arguments are {', '.join(self.arguments)}"


def _is_text(value: str) -> bool:
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return "\0" not in value


def _string(about: str) -> Json:
    return {**_TEXT, "description": about}


_FILTERS: Json = {
    "in": _string("Only in this folder, file (absolute path) or conversation (its address)."),
    "kind": _string("Only of these kinds, with commas: pdf, mail, chat, note, table, code, …"),
    "from": _string("Only said or written by this person, or with them; `me` is the user."),
    "origin": _string("Only by these: user, other, assistant, tool, document."),
    "since": _string("From that day on: 2026-03-01, 2026-03, yesterday, last May."),
    "until": _string("Up to that day, with it."),
}


def _filters(given: Json) -> dict[str, str]:
    return narrowed({name: given[name] for name in NAMES if name in given})


def _search(given: Json) -> Request:
    limit = given.get("limit", _USUAL)
    args = {"query": given["query"], "limit": limit, "filters": _filters(given)}
    return Request("search", args)


def _ask(given: Json) -> Request:
    from cairn.app.moments import on_day

    ticket = os.urandom(8).hex()
    args = {
        "question": given["question"], "filters": _filters(given), "ticket": ticket,
        "as_of": on_day(given.get("as_of", "")), "known_at": "", "follows": "", "think": False,
        "quick": given.get("quick", False), "aside": True,
    }  # fmt: skip
    return Request("ask", args, ticket)


def _show(given: Json) -> Request:
    from cairn.app.showing import usual_context
    from cairn.core.locate import parse_address

    address = taken(given["address"].strip())
    if not address.startswith(_PLACES):
        return Request("tree_entry", {"name": address})
    target = parse_address(address)
    context = given.get("context", usual_context(target))
    return Request("show", {"address": target.address, "context": context, "kept_only": True})


def _timeline(given: Json) -> Request:
    if given.get("what", "day") == "changes":
        chosen = narrowed({name: given[name] for name in ("since", "until") if name in given})
        place = narrowed({"in": given["in"]}).get("in", "") if given.get("in") else ""
        return Request("changes", {"place": place, **chosen})
    from cairn.app.days import parse_day

    start, end = parse_day(given.get("day", "today"), date.today())
    return Request("day", {"start": start.isoformat(), "end": end.isoformat()})


def _remember(given: Json) -> Request:
    return Request("remember", {"text": given["text"], "origin": "assistant"})


TOOLS = (
    Tool(
        "search", "Search the user's memory",
        "Find passages in the user's files, mails, chats and notes by words and meaning. Each has "
        "an address for `show`.",
        {
            "query": _string("Words or a sentence."),
            "limit": {"type": "integer", "minimum": 1, "maximum": _MOST, "default": _USUAL,
                      "description": "Passages at most."},
            **_FILTERS,
        },
        ("query",), _search,
    ),
    Tool(
        "ask", "Ask the user's memory",
        "Answer a question from the user's memory, every sentence cited, or say that it is not in "
        "there. Prefer it to `search` for a question of fact.",
        {
            "question": _string("A whole question that stands alone."),
            "as_of": _string("What was true then: a day."),
            "quick": {"type": "boolean", "default": False,
                      "description": "Only quote; let no local model write the answer."},
            **_FILTERS,
        },
        ("question",), _ask,
    ),
    Tool(
        "show", "Show a place",
        "The text at an address that `search` or `ask` named, with what is around it; or an entry "
        "of the memory by its id.",
        {
            "address": _string("Such as file:/home/ana/lease.pdf#p3, chat:whatsapp/ben#t41."),
            "context": {"type": "integer", "minimum": 0, "maximum": 200,
                        "description": "Neighbouring lines or turns on each side."},
        },
        ("address",), _show,
    ),
    Tool(
        "timeline", "What happened when",
        "What the user worked on in a day, or which files, entries and conversations changed.",
        {
            "what": {"type": "string", "enum": ["day", "changes"], "default": "day",
                     "description": "`day`: sessions of work. `changes`: what is new."},
            "day": _string("For `day`: today, yesterday, tuesday, 2026-05-03, this week."),
            "since": _string("For `changes`: from that day on; a week ago without it."),
            "until": _string("For `changes`: up to that day, with it."),
            "in": _string("For `changes`: only in this folder, file or conversation."),
        },
        (), _timeline,
    ),
    Tool(
        "remember", "Put a thought into memory",
        "Keep a short text as an entry of the memory, marked as said by an assistant. Only what "
        "the user asked to be remembered.",
        {"text": _string("A sentence or a short paragraph.")},
        ("text",), _remember, writes=True,
    ),
)  # fmt: skip


def offered(*, may_write: bool) -> dict[str, Tool]:
    return {tool.name: tool for tool in TOOLS if may_write or not tool.writes}
