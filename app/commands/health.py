"""`status`, `doctor`, `rebuild`, `demo`: how things are, and what to do about it."""

from __future__ import annotations

from typing import Annotated

import typer

from cairn.app import client, render, state
from cairn.app.commands.options import AsJson


def status(
    failed: Annotated[
        bool, typer.Option("--failed", help="List files that were not read, and why.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Show what is watched, indexed, queued and running.

    Examples: `cairn status`, `cairn status --failed`
    """
    data = client.call("failed" if failed else "status")
    if as_json:
        render.envelope("status", data)
    elif failed:
        state.troubled(data)
    else:
        state.status(data)


def rebuild(as_json: AsJson = False) -> None:
    """Make the index anew from your files and the tree; the old one serves until it is done.

    Examples: `cairn rebuild`, `cairn rebuild --json`
    """
    data = client.call("rebuild", on_progress=render.progress)
    render.end_progress()
    if as_json:
        render.envelope("rebuild", data)
    elif data["complete"]:
        render.note(f"rebuilt: {data['counts']['chunks']} passages")
    else:
        render.error("the rebuild was stopped; the old index still serves", "run it again")
    raise typer.Exit(0 if data["complete"] else 3)


def doctor(
    deep: Annotated[
        bool, typer.Option("--deep", help="Also try every document, and compare all counts.")
    ] = False,
    repair: Annotated[
        bool, typer.Option("--repair", help="Mend what is damaged; nothing is deleted.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Check every part and say what to do about what is wrong. Exit status 4 on a failure.

    `--repair` makes anew what can be, saves what can be read of the rest, and puts what it
    replaces into `quarantine` in the home.

    Examples: `cairn doctor`, `cairn doctor --repair`,
    `cairn doctor --deep --json | jq '.data.checks[] | select(.state != "ok")'`
    """
    from cairn.app import doctor as checks

    done = checks.repair() if repair else None
    data = checks.examine(deep=deep)
    if as_json:
        render.envelope("doctor", data if done is None else {**data, "repaired": done})
    else:
        state.repaired(done)
        state.checks(data)
    raise typer.Exit(4 if any(check["state"] == "fail" for check in data["checks"]) else 0)


def demo(
    keep: Annotated[
        bool, typer.Option("--keep", help="Keep the sample home to play with.")
    ] = False,
) -> None:
    """Try cairn on a small sample life in a temporary home. Nothing of yours is touched.

    Examples: `cairn demo`, `cairn demo --keep`
    """
    from cairn.app import demo as show

    raise typer.Exit(show.run(keep=keep))
