"""`add`, `remove`, `remember`: what comes into memory, and what leaves it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from cairn.app import client, piped, render
from cairn.app.commands.options import AsJson, NoDaemon, Policy


def add(
    path: Annotated[list[Path], typer.Argument(help="Folders or files to read and watch.")],
    wait: Annotated[
        bool, typer.Option("--wait/--no-wait", help="Wait until everything is indexed.")
    ] = True,
    policy: Annotated[
        Policy | None,
        typer.Option("--policy", help="Read it in `full`, by its `names` only, or `never`."),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only say what would be read and left out.")
    ] = False,
    as_json: AsJson = False,
    no_daemon: NoDaemon = False,
) -> None:
    """Watch folders and index what is in them. Files are only ever read.

    Exit status 4 when a file of a readable type could not be read.

    Examples: `cairn add ~/notes ~/letters`, `cairn add --dry-run ~/Documents`,
    `cairn add --policy names ~/Pictures`
    """
    from cairn.app import adding

    paths, depth = [_absolute(each) for each in path], policy and policy.value
    if dry_run:
        raise typer.Exit(adding.preview(paths, policy=depth, as_json=as_json))
    raise typer.Exit(
        adding.add(paths, policy=depth, wait=wait, as_json=as_json, no_daemon=no_daemon)
    )


def _absolute(path: Path) -> Path:
    """Without `..`, as nobody wants to read it in a path later."""
    return Path(os.path.abspath(path.expanduser()))


def remove(
    path: Annotated[Path, typer.Argument(help="A watched folder.")], as_json: AsJson = False
) -> None:
    """Stop watching a folder and take its files out of the index.

    Examples: `cairn remove ~/old-notes`, `cairn remove .`
    """
    data = client.call("remove", {"path": str(_absolute(path))})
    if as_json:
        return render.envelope("remove", data)
    render.note(f"{data['withdrawn']} files are no longer part of the memory")


def remember(
    text: Annotated[list[str], typer.Argument(help="The thought, or - to read it from stdin.")],
    as_json: AsJson = False,
) -> None:
    """Put a thought straight into memory, as a Markdown file in the tree's inbox.

    Examples: `cairn remember "the boiler code is 4711"`, `echo "some note" | cairn remember -`
    """
    thought = piped.whole() if text == ["-"] else piped.typed(" ".join(text))
    data = client.call("remember", {"text": thought})
    if as_json:
        render.envelope("remember", data)
        return
    render.out(data["path"])
    if data["redacted"]:
        render.note(f"left out, as it looks secret: {', '.join(data['redacted'])}")
    if data["forgotten"]:
        render.note("you had this forgotten; what you type yourself is kept all the same")
    if not data["searchable"]:
        render.note("it will be searchable when the queue has reached it; see `cairn status`")
