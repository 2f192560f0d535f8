"""`cairn ask`, `cairn search` and `cairn changes` with all their options.

Commands of the command line, which hands what was typed to asking.py.
"""

from __future__ import annotations

from typing import Annotated

import typer

from cairn.app import asking
from cairn.app.cli_groups import AsJson, Explain
from cairn.app.narrowing import narrowed
from cairn.app.tree_client import NoDaemon

_PANEL = "Only what is …"
_MOST_AROUND = 20


def _option(name: str, metavar: str, help: str) -> typer.models.OptionInfo:
    option = typer.Option(name, metavar=metavar, help=help, rich_help_panel=_PANEL)
    assert isinstance(option, typer.models.OptionInfo)
    return option


In = Annotated[
    str, _option("--in", "PLACE", "In a folder, file or conversation: path, address or name.")
]
KindOf = Annotated[
    str, _option("--kind", "KIND", "Of a kind, or several: pdf,mail,chat,note,table,code,…")
]
From = Annotated[
    str, _option("--from", "PERSON", "Said or written by somebody, or with them; `me` is you.")
]
Origin = Annotated[
    str, _option("--origin", "WHO", "By user, other, assistant, tool or document; or several.")
]
Since = Annotated[
    str,
    _option(
        "--since", "DAY", "From that day on. A text without a date is as old as its file's change."
    ),
]
Until = Annotated[
    str, _option("--until", "DAY", "Up to that day, with it: `2026-03`, `yesterday`, `last May`.")
]
Date = "DATE"


def ask(
    question: Annotated[list[str], typer.Argument(help="The question, with or without quotes.")],
    as_of: Annotated[str, typer.Option("--as-of", help="What was true then.", metavar=Date)] = "",
    known_at: Annotated[
        str, typer.Option("--known-at", help="What had been recorded by then.", metavar=Date)
    ] = "",
    within: In = "",
    kind: KindOf = "",
    person: From = "",
    origin: Origin = "",
    since: Since = "",
    until: Until = "",
    continued: Annotated[
        bool, typer.Option("-c", "--continue", help="It follows on what was asked before.")
    ] = False,
    think: Annotated[
        bool, typer.Option("--think", help="Take it apart and ask in several steps, if need be.")
    ] = False,
    quick: Annotated[
        bool, typer.Option("--quick", help="Only quote; let no model write the answer.")
    ] = False,
    explain: Explain = False,
    as_json: AsJson = False,
    no_daemon: NoDaemon = False,
) -> None:
    """Answer a question from your memory, every sentence cited.

    Exit status 1 when the answer is not in your memory. With a model that writes (`cairn model`),
    the answer is in its words, as far as what is cited says them; Ctrl-C ends the writing.

    Examples: `cairn ask "what did we agree on for the garden budget?"`,
    `cairn ask --json when does the lease end`, `cairn ask --as-of "last March" what is the rent`,
    `cairn ask --think "when does the lease end and who signed it?"`,
    `cairn ask -c "and when was that?"`, `cairn ask --in ~/letters which files mention the boiler`,
    `cairn ask what changed in notes since Monday`
    """
    from cairn.app.moments import on_day

    times = {"as_of": on_day(as_of), "known_at": on_day(known_at)}
    chosen = only(within, kind, person, origin, since, until)
    text = " ".join(question)
    code = asking.ask(
        text, explain=explain, as_json=as_json, no_daemon=no_daemon, only=chosen, quick=quick,
        follows="always" if continued else "", think=think, **times,
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
            "-C", "--around", min=0, max=_MOST_AROUND, metavar="N", show_default=False,
            help="Also N turns, sentences or lines before and after each hit.",
        ),
    ] = 0,
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

    Examples: `cairn search garden budget`, `cairn search -n 3 lease | cut -f1`,
    `cairn search -n 1 --around 2 boiler`,
    `cairn search --kind pdf,mail --since "last March" boiler`,
    `cairn search --from ana --in "chat:whatsapp" holiday`,
    `cairn search which files mention the boiler`
    """
    chosen = only(within, kind, person, origin, since, until)
    text = " ".join(query)
    code = asking.search(
        text, limit=limit, around=around, only=chosen, explain=explain, as_json=as_json,
        no_daemon=no_daemon,
    )  # fmt: skip
    raise typer.Exit(code)


def changes(
    place: Annotated[
        list[str] | None,
        typer.Argument(help="A folder, file or conversation; all where none is named."),
    ] = None,
    since: Annotated[
        str,
        typer.Option("--since", metavar="DAY", help="From that day on.", show_default="a week ago"),
    ] = "",
    until: Annotated[
        str, typer.Option("--until", metavar="DAY", help="Up to that day, with it.")
    ] = "",
    as_json: AsJson = False,
    no_daemon: NoDaemon = False,
) -> None:
    """Tell what changed: files, entries of the tree, and new turns of conversations.

    Exit status 1 when nothing did.

    Examples: `cairn changes`, `cairn changes ~/notes --since monday`,
    `cairn changes --since "last month" --until yesterday`
    """
    from cairn.app import changes as telling

    chosen = narrowed({"in": " ".join(place or []), "since": since, "until": until})
    raise typer.Exit(telling.changes(chosen, as_json=as_json, no_daemon=no_daemon))


def only(
    within: str, kind: str, person: str, origin: str, since: str, until: str
) -> dict[str, str]:
    return narrowed(
        {"in": within, "kind": kind, "from": person, "origin": origin, "since": since,
         "until": until}
    )  # fmt: skip
