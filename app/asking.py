"""`ask` and `search`: a question to the daemon (or an engine in this process), the reply on stdout.

Shared by the short way in main.py and the full command line in cli.py.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from cairn.app import client, last, protocol, render

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
) -> int:
    """Exit status 0 with an answer, 1 when it is not in the memory.

    `as_of` and `known_at` are ISO: what was true then, as far as was known then. `only` is what
    `narrowing` makes of options.
    """
    args = {"question": question, "as_of": as_of, "known_at": known_at, "filters": dict(only)}
    data = _ask_here(args) if no_daemon else client.call("ask", args)
    if as_json:
        render.envelope("ask", data)
    else:
        render.answer(data)
        if explain:
            from cairn.app import explaining

            render.lines(explaining.answer(data))
    _keep([citation["address"] for citation in data["citations"]])
    return 0 if data["answered"] else 1


def search(
    query: str,
    *,
    limit: int | None = None,
    only: Words = NO_FILTERS,
    explain: bool = False,
    as_json: bool = False,
    no_daemon: bool = False,
) -> int:
    """Exit status 0 with hits, 1 without."""
    args = {"query": query, "limit": limit, "filters": dict(only)}
    data = _search_here(args) if no_daemon else client.call("search", args)
    if as_json:
        render.envelope("search", data)
    elif explain and data["hits"]:
        from cairn.app import explaining

        render.lines(explaining.results(data))
    else:
        render.results(data)
    _keep([hit["address"] for hit in data["hits"]])
    return 0 if data["hits"] else 1


def _keep(addresses: list[str]) -> None:
    """So that `cairn show 2` knows what is meant."""
    if addresses:
        last.remember_last(protocol.home_of(), addresses)


def _ask_here(args: dict[str, Any]) -> dict[str, Any]:
    from cairn.app import questioning
    from cairn.core.engine import Engine

    engine = Engine.open()
    try:
        return questioning.ask(engine, args)
    finally:
        engine.close()


def _search_here(args: dict[str, Any]) -> dict[str, Any]:
    from cairn.app import questioning
    from cairn.core.engine import Engine

    engine = Engine.open()
    try:
        return questioning.search(engine, args)
    finally:
        engine.close()
