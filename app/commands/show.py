"""`show` and `open`: the place that a citation points to."""

from __future__ import annotations

from typing import Annotated

import typer

from cairn.app.commands.options import AsJson


def show(
    citation: Annotated[
        list[str], typer.Argument(help="An address, PATH:LINE, a citation's number, or an entry.")
    ],
    context: Annotated[
        int | None, typer.Option("-C", "--context", min=0, help="Neighbouring lines to show.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Print the place that a citation points to, with what is around it.

    Examples: `cairn show 1`, `cairn show notes/garden.md:12-18`,
    `cairn show 'file:~/lease.pdf#p3'`
    """
    from cairn.app import showing

    raise typer.Exit(showing.show(" ".join(citation), context=context, as_json=as_json))


def open_(
    citation: Annotated[
        list[str], typer.Argument(help="An address, PATH:LINE, or the number of a citation.")
    ],
    only_print: Annotated[
        bool, typer.Option("--print", help="Only print the command that would be run.")
    ] = False,
) -> None:
    """Open the place that a citation points to in your editor or viewer.

    `cairn config set open.command 'vscode://file{path}:{line}'` chooses another program.

    Examples: `cairn open 1`, `cairn open --print notes/garden.md:12`
    """
    from cairn.app import opening

    raise typer.Exit(opening.open_citation(" ".join(citation), only_print=only_print))
