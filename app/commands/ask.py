"""`ask` and `search` with all their options; asking.py does what was typed."""

from __future__ import annotations

from typing import Annotated

import typer

from cairn.app import asking
from cairn.app.commands.options import (
    AsJson,
    AsOf,
    Explain,
    From,
    In,
    KindOf,
    KnownAt,
    NoDaemon,
    Origin,
    Since,
    Until,
    only,
)

_MOST_AROUND = 20


def ask(
    question: Annotated[list[str], typer.Argument(help="With or without quotes.")],
    within: In = "",
    kind: KindOf = "",
    person: From = "",
    origin: Origin = "",
    since: Since = "",
    until: Until = "",
    as_of: AsOf = "",
    known_at: KnownAt = "",
    continued: Annotated[
        bool, typer.Option("-c", "--continue", help="It follows on what was asked before.")
    ] = False,
    think: Annotated[
        bool, typer.Option("--think", help="Take it apart and ask in several steps.")
    ] = False,
    quick: Annotated[
        bool, typer.Option("--quick", help="Only quote; let no model write the answer.")
    ] = False,
    explain: Explain = False,
    as_json: AsJson = False,
    no_daemon: NoDaemon = False,
) -> None:
    """Answer a question from your memory, every sentence cited. What is piped in is what "this"
    means. Exit status 1 when the answer is not there; Ctrl-C ends the writing of a model.

    Examples: `cairn ask "what did we agree on for the garden budget?"`,
    `cairn ask --as-of "last March" what is the rent`,
    `git diff | cairn ask "did we decide this?"`
    """
    from cairn.app.moments import on_day

    times = {"as_of": on_day(as_of), "known_at": on_day(known_at)}
    chosen = only(within, kind, person, origin, since, until)
    code = asking.ask(
        " ".join(question), explain=explain, as_json=as_json, no_daemon=no_daemon, only=chosen,
        quick=quick, follows="always" if continued else "", think=think, **times,
    )  # fmt: skip
    raise typer.Exit(code)


def search(
    query: Annotated[list[str], typer.Argument(help="Words to look for.")],
    limit: Annotated[
        int | None,
        typer.Option(
            "-n", "--limit", min=1, max=1000, show_default="10",
            help="Passages at most; or files, where files are asked for.",
        ),
    ] = None,
    around: Annotated[
        int,
        typer.Option(
            "-C", "--around", min=0, max=_MOST_AROUND, metavar="N",
            help="Also N turns, sentences or lines on each side.",
        ),
    ] = 0,
    paths: Annotated[
        bool, typer.Option("-l", "--paths", help="Only the paths of the files, each once.")
    ] = False,
    ended_by_zero: Annotated[
        bool, typer.Option("-0", "--null", help="With -l: a zero byte after each, for xargs -0.")
    ] = False,
    within: In = "",
    kind: KindOf = "",
    person: From = "",
    origin: Origin = "",
    since: Since = "",
    until: Until = "",
    explain: Explain = False,
    as_json: AsJson = False,
    no_daemon: NoDaemon = False,
) -> None:  # fmt: skip
    """List the best passages: path:line, date, snippet. Which files: one line for each file.
    Exit status 1 when nothing is found.

    Examples: `cairn search -n 1 --around 2 garden budget`,
    `cairn search --kind pdf,mail --since "last March" boiler`,
    `cairn search -l -0 budget | xargs -0 wc -l`
    """
    chosen = only(within, kind, person, origin, since, until)
    code = asking.search(
        " ".join(query), limit=limit, around=around, only=chosen, explain=explain, as_json=as_json,
        no_daemon=no_daemon, as_paths="\0" if ended_by_zero else "\n" if paths else "",
    )  # fmt: skip
    raise typer.Exit(code)
