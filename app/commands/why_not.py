"""`why-not` and `findability`: why something is not found, told step by step.

Both ask the daemon, which searches as it always does; what comes back is laid out by explaining.py.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated, Any

import typer

from cairn.app import client, explaining, last, render, showing
from cairn.app.commands.options import (
    AsJson,
    AsOf,
    From,
    In,
    KindOf,
    KnownAt,
    Origin,
    Since,
    Until,
    only,
)
from cairn.core.locate import parse_citation

Json = dict[str, Any]
_THERE = ("in memory", "by words", "by name", "waiting", "superseded")
_SAMPLE = 500


def why_not(
    target: Annotated[
        list[str],
        typer.Argument(help="A file, a folder, a citation, a turn's address, or an entry."),
    ],
    question: Annotated[
        str, typer.Option("--for", help="The question that should find it.", metavar="QUESTION")
    ] = "",
    limit: Annotated[
        int | None,
        typer.Option(
            "-n", "--limit", min=1, max=1000, show_default="10",
            help="Results that it must be among.",
        ),
    ] = None,
    as_of: AsOf = "",
    known_at: KnownAt = "",
    within: In = "",
    kind: KindOf = "",
    person: From = "",
    origin: Origin = "",
    since: Since = "",
    until: Until = "",
    as_json: AsJson = False,
) -> None:  # fmt: skip
    """Say why something is, or is not, in your memory, or why a question does not find it.

    Exit status 1 when it is not in your memory, or not among the results.

    Examples: `cairn why-not ~/notes/plan.md`, `cairn why-not 'chat:whatsapp/ben#t41'`,
    `cairn why-not ~/lease.pdf --for "when does the lease end"`
    """
    from cairn.app.moments import on_day

    args = {
        "target": _target(" ".join(target)), "question": question, "limit": limit or 0,
        "as_of": on_day(as_of), "known_at": on_day(known_at),
        "filters": only(within, kind, person, origin, since, until),
    }  # fmt: skip
    data = client.call("why_not", args)
    if as_json:
        render.envelope("why-not", data)
    else:
        render.lines(explaining.why_not(data))
        render.private(data)
    if question:
        raise typer.Exit(0 if data["search"] and data["search"]["rank"] else 1)
    raise typer.Exit(0 if data["state"] in _THERE else 1)


def _target(given: str) -> str:
    """An absolute path, an address, or an entry's id: the daemon lives in another folder."""
    if name := showing.entry_named(given):
        return name
    if os.path.lexists(path := os.path.expanduser(given)):
        return os.path.abspath(path)
    target = parse_citation(last.resolve(given))
    return target.address if target.chat or target.unit or target.part else str(target.path)


def findability(
    folder: Annotated[
        Path | None, typer.Argument(help="Only what is in this folder; without one, everything.")
    ] = None,
    limit: Annotated[
        int, typer.Option("--limit", min=1, help="Documents at most, the newest first.")
    ] = _SAMPLE,
    as_json: AsJson = False,
) -> None:
    """Try to find every document by a sentence of its own; list those that are not found, and why.

    Exit status 1 when there are such. Ctrl-C stops it and tells what was seen so far.

    Examples: `cairn findability`, `cairn findability ~/notes --limit 50`
    """
    below = str(folder.expanduser().absolute()) if folder else ""
    seen: Json = {"folder": below, "documents": 0, "tried": 0, "found": 0, "lost": [], "aside": []}

    def follow(now: Json) -> None:
        _note(seen, now)
        render.progress(now)

    try:
        data = client.call("findability", {"folder": below, "limit": limit}, follow)
    except KeyboardInterrupt:
        data = {**seen, "stopped": True}
    render.end_progress()
    if as_json:
        render.envelope("findability", data)
    else:
        render.lines(explaining.findability(data))
    raise typer.Exit(130 if data["stopped"] else 1 if data["lost"] else 0)


def _note(seen: Json, now: Json) -> None:
    """What is known so far, should somebody stop it."""
    seen["documents"], seen["aside"] = now["documents"], now["aside"]
    if one := now["document"]:
        seen["tried"] += 1
        seen["found"] += one["found"]
        seen["lost"] += [] if one["found"] else [one]
