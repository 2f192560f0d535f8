"""`ask` and `search`: a question to the daemon (or an engine in this process), the reply on stdout.

Shared by the short way in main.py and the full command line in cli.py.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from cairn.app import client, last, protocol, render

Command = Callable[[], int]
DEFAULT_LIMIT = 10


def ask(
    question: str,
    *,
    as_json: bool = False,
    no_daemon: bool = False,
    as_of: str = "",
    known_at: str = "",
) -> int:
    """Exit status 0 with an answer, 1 when it is not in the memory.

    `as_of` and `known_at` are ISO: what was true then, as far as was known then.
    """
    args = {"question": question, "as_of": as_of, "known_at": known_at}
    data = _ask_here(args) if no_daemon else client.call("ask", args)
    if as_json:
        render.envelope("ask", data)
    else:
        render.answer(data)
    _keep([citation["address"] for citation in data["citations"]])
    return 0 if data["answered"] else 1


def search(
    query: str, *, limit: int = DEFAULT_LIMIT, as_json: bool = False, no_daemon: bool = False
) -> int:
    """Exit status 0 with hits, 1 without."""
    args = {"query": query, "limit": limit}
    data = _search_here(query, limit) if no_daemon else client.call("search", args)
    if as_json:
        render.envelope("search", data)
    else:
        render.results(data)
    _keep([hit["address"] for hit in data["hits"]])
    return 0 if data["hits"] else 1


def _keep(addresses: list[str]) -> None:
    """So that `cairn show 2` knows what is meant."""
    if addresses:
        last.remember_last(protocol.home_of(), addresses)


def _ask_here(args: dict[str, str]) -> dict[str, Any]:
    from cairn.app import wire
    from cairn.core.engine import Engine

    engine = Engine.open()
    try:
        return wire.answer(
            engine.ask(args["question"], as_of=args["as_of"], known_at=args["known_at"])
        )
    finally:
        engine.close()


def _search_here(query: str, limit: int) -> dict[str, Any]:
    from cairn.app import wire
    from cairn.core.engine import Engine

    engine = Engine.open()
    try:
        return wire.results(engine.search(query, limit))
    finally:
        engine.close()
