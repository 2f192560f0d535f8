"""`ask` and `search`: a question to the daemon (or an engine in this process), the reply on stdout.

Shared by the short way in main.py and the full command line in cli.py.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from cairn.app import client, last, piped, protocol, render

if TYPE_CHECKING:
    from cairn.app.live import Live

Command = Callable[[], int]
Words = Mapping[str, str]
NO_FILTERS: Words = MappingProxyType({})


def ask(
    question: str,
    *,
    explain: bool = False,
    as_json: bool = False,
    no_daemon: bool = False,
    as_of: str = "",
    known_at: str = "",
    only: Words = NO_FILTERS,
    quick: bool = False,
    follows: str = "",
    think: bool = False,
) -> int:
    """Exit status 0 with an answer, 1 when it is not in the memory. A text that is piped in is what
    the question is about.

    `as_of` and `known_at` are ISO: what was true then, as far as was known then. `only` is what
    `narrowing` makes of options. `quick` is without a model that writes. `follows`: may it
    lean on what was asked before, `lately` or `always`? `think`: may it take several
    steps?
    """
    args = {
        "question": piped.typed(question), "piped": piped.beside(), "filters": dict(only),
        "as_of": as_of, "known_at": known_at, "quick": quick, "follows": follows, "think": think,
        "ticket": os.urandom(8).hex(),
    }  # fmt: skip
    data = _ask_here(args) if no_daemon else _ask_daemon(args)
    if as_json:
        render.envelope("ask", data)
    else:
        render.answer(data)
        _tell_related(data)
        if explain:
            from cairn.app import explaining

            render.lines(explaining.answer(data))
    _keep([citation["address"] for citation in data["citations"]])
    return 0 if data["answered"] else 1


def search(
    query: str,
    *,
    limit: int | None = None,
    around: int = 0,
    only: Words = NO_FILTERS,
    explain: bool = False,
    as_json: bool = False,
    no_daemon: bool = False,
    as_paths: str = "",
) -> int:
    """Exit status 0 with hits, 1 without. `around` is how much to show on each side of a hit;
    `as_paths` is what ends each path where only paths are wanted."""
    args = {"query": piped.typed(query), "limit": limit, "around": around, "filters": dict(only)}
    data = _search_here(args) if no_daemon else client.call("search", args)
    if as_json:
        render.envelope("search", data)
    elif as_paths:
        render.paths(data, as_paths)
    elif explain and data["hits"]:
        from cairn.app import explaining

        render.lines(explaining.results(data))
    else:
        render.results(data)
    _keep([hit["address"] for hit in data["hits"]])
    return 0 if data["hits"] else 1


def _tell_related(data: dict[str, Any]) -> None:
    """What the memory holds of a text that was piped in, where that is no answer."""
    if "words" not in data or data["answered"]:
        return
    if not data["words"]:
        render.note("none of the piped text's words is in your memory")
    elif data["related"]:
        render.note("the nearest to what was piped in:")
        render.hits(data["related"])


def _keep(addresses: list[str]) -> None:
    """So that `cairn show 2` knows what is meant."""
    if addresses:
        last.remember_last(protocol.home_of(), addresses)


def _ask_daemon(args: dict[str, Any]) -> dict[str, Any]:
    ticket = {"ticket": args["ticket"]}
    watched = _Watched(lambda: client.call_running("enough", ticket))
    try:
        return client.call("ask", args, watched.hear)
    finally:
        watched.close()


def _ask_here(args: dict[str, Any]) -> dict[str, Any]:
    from cairn.app import questioning
    from cairn.app.underway import Underway
    from cairn.core.engine import Engine

    engine, underway = Engine.open(), Underway()
    watched = _Watched(lambda: underway.enough(args["ticket"]))
    try:
        manner = underway.manner(args, watched.hear)
        return questioning.ask(engine, args, manner)
    finally:
        watched.close()
        engine.close()


class _Watched:
    """Shows that an answer is being written, once one is: most are there at once."""

    def __init__(self, enough: Callable[[], object]) -> None:
        self._enough = enough
        self._live: Live | None = None

    def hear(self, now: dict[str, Any]) -> None:
        if self._live is None:
            from cairn.app.live import Live

            self._live = Live(self._enough)
        self._live.hear(now)

    def close(self) -> None:
        if self._live is not None:
            self._live.close()


def _search_here(args: dict[str, Any]) -> dict[str, Any]:
    from cairn.app import questioning
    from cairn.core.engine import Engine

    engine = Engine.open()
    try:
        return questioning.search(engine, args)
    finally:
        engine.close()
