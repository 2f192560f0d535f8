"""`day`, `habits`, `changes`: what was done, and when."""

from __future__ import annotations

from typing import Annotated

import typer

from cairn.app import client, render
from cairn.app.commands.options import AsJson, NoDaemon
from cairn.app.narrowing import narrowed


def day(
    date: Annotated[
        list[str] | None, typer.Argument(help="today, yesterday, tuesday, 2026-05-03, …")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Tell what you worked on that day, from the changes of your files alone.

    Examples: `cairn day`, `cairn day yesterday`, `cairn day 2026-05-03`
    """
    from cairn.app import days

    raise typer.Exit(days.day(" ".join(date or ["today"]), as_json=as_json))


def habits(
    forget: Annotated[
        bool, typer.Option("--forget", help="Delete what habits and days are told from.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Tell your habits of work, each with its evidence. `watch.traces` turns it off.

    Examples: `cairn habits`, `cairn habits --forget`
    """
    if forget:
        data = client.call("forget_traces")
        render.note(f"{data['deleted']} noted changes of files are deleted")
        return
    from cairn.app import days

    raise typer.Exit(days.habits(as_json=as_json))


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
