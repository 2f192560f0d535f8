"""The command line: typer commands that ask the daemon and hand the reply to render.py.

Nothing here imports the engine at module level: the help must come at once.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from cairn.app import (
    bench,
    client,
    entries,
    finding,
    judging,
    model,
    questions,
    render,
    review,
    state,
    tree,
)
from cairn.app.cli_groups import (
    AsJson,
    Me,
    Policy,
    config_app,
    daemon_app,
    private_app,
    sources_app,
)
from cairn.app.tree_client import PANEL, NoDaemon

_STOPPED = 130
app = typer.Typer(
    name="cairn",
    help="A personal memory that lives on this machine: watch folders, ask, get cited answers.",
    epilog="Start with `cairn demo`, then `cairn add FOLDER` and `cairn ask QUESTION`.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.add_typer(daemon_app, name="daemon")
app.add_typer(config_app, name="config")
app.add_typer(private_app, name="private")
app.add_typer(sources_app, name="sources")
app.add_typer(model.model_app, name="model")
app.add_typer(bench.bench_app, name="bench")
app.add_typer(tree.tree_app, name="tree", rich_help_panel=PANEL)
for command in (review.review, tree.graph, entries.profile, entries.edit, entries.move,
                entries.merge, entries.archive, entries.forget, entries.wrong):  # fmt: skip
    app.command(rich_help_panel=PANEL)(command)
app.command("why-not")(finding.why_not)
app.command()(finding.findability)


def run() -> int:
    """Parse the command line and do it; the exit status."""
    try:
        app()
    except SystemExit as stop:
        if stop.code == _STOPPED:
            render.note("stopped")
        return stop.code if isinstance(stop.code, int) else 0
    return 0


def _version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        render.out(f"cairn {version('cairn')}")
        raise typer.Exit()


@app.callback()
def top(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """A personal memory that lives on this machine: watch folders, ask, get cited answers."""


for question in (questions.ask, questions.search, questions.changes, judging.good, judging.bad):
    app.command()(question)


@app.command()
def add(
    path: Annotated[Path, typer.Argument(help="A folder or file to read and watch.")],
    wait: Annotated[
        bool, typer.Option("--wait/--no-wait", help="Wait until everything is indexed.")
    ] = True,
    policy: Annotated[
        Policy | None,
        typer.Option(
            "--policy", help="Read in full, the names only, or never; full for a new one."
        ),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only say what would be read and left out.")
    ] = False,
    as_json: AsJson = False,
    no_daemon: NoDaemon = False,
) -> None:
    """Watch a folder and index what is in it. Files are only ever read.

    Exit status 4 when a file of a readable type could not be read.

    Examples: `cairn add ~/notes`, `cairn add --dry-run ~/Documents`,
    `cairn add --policy names ~/Pictures`, `cairn add --policy never ~/Documents/diary`
    """
    from cairn.app import adding

    path = path.expanduser().absolute()
    if dry_run:
        raise typer.Exit(adding.preview(path, policy=policy and policy.value, as_json=as_json))
    raise typer.Exit(
        adding.add(
            path, policy=policy and policy.value, wait=wait, as_json=as_json, no_daemon=no_daemon
        )
    )


@app.command("import")
def import_(
    path: Annotated[Path, typer.Argument(help="An export: a file, a ZIP or a folder.")],
    kind: Annotated[
        str, typer.Option("--as", help="Its kind, when it is not recognised by its content.")
    ] = "",
    me: Me = None,
    as_json: AsJson = False,
) -> None:
    """Read the conversations of an export; again later, only what is new in it is added.

    Exit status 4 when it could not be read.

    Examples: `cairn import ~/Downloads/chatgpt.zip`,
    `cairn import "WhatsApp Chat with Ben.txt" --me Ana`
    """
    from cairn.app import chats

    raise typer.Exit(chats.import_(path, kind=kind, me=me or [], as_json=as_json))


@app.command()
def chats(
    words: Annotated[
        list[str] | None, typer.Argument(help="Words of the title, project or people.")
    ] = None,
    kind: Annotated[str, typer.Option(help="Such as claude-code, whatsapp, cairn.")] = "",
    project: Annotated[str, typer.Option(help="A part of the folder that was worked in.")] = "",
    limit: Annotated[int, typer.Option("-n", "--limit", help="Conversations at most.")] = 20,
    as_json: AsJson = False,
) -> None:
    """List conversations, the latest first. `cairn search` looks into what was said.

    Examples: `cairn chats`, `cairn chats --project cairn`, `cairn chats --kind whatsapp ana`
    """
    from cairn.app import chats as listing

    raise typer.Exit(
        listing.list_chats(
            " ".join(words or []), kind=kind, project=project, limit=limit, as_json=as_json
        )
    )


@app.command()
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


@app.command("open")
def open_(
    citation: Annotated[
        list[str], typer.Argument(help="An address, PATH:LINE, or the number of a citation.")
    ],
    only_print: Annotated[
        bool, typer.Option("--print", help="Only print the command that would be run.")
    ] = False,
) -> None:
    """Open the place that a citation points to in your editor or viewer.

    Example: `cairn open 1`. `cairn config set open.command 'vscode://file{path}:{line}'` chooses.
    """
    from cairn.app import opening

    raise typer.Exit(opening.open_citation(" ".join(citation), only_print=only_print))


@app.command()
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


@app.command()
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


@app.command()
def remove(path: Annotated[Path, typer.Argument(help="A watched folder.")]) -> None:
    """Stop watching a folder and take its files out of the index.

    Example: `cairn remove ~/old-notes`
    """
    data = client.call("remove", {"path": str(path.expanduser().absolute())})
    render.note(f"{data['withdrawn']} files are no longer part of the memory")


@app.command(context_settings={"ignore_unknown_options": True})
def remember(
    text: Annotated[list[str], typer.Argument(help="The thought, or - to read it from stdin.")],
    as_json: AsJson = False,
) -> None:
    """Put a thought straight into memory, as a Markdown file in the tree's inbox.

    Examples: `cairn remember "the boiler code is 4711"`, `echo "some note" | cairn remember -`
    """
    thought = _read_stdin() if text == ["-"] else " ".join(text)
    data = client.call("remember", {"text": thought})
    if as_json:
        render.envelope("remember", data)
        return
    render.out(data["path"])
    if data["redacted"]:
        render.note(f"left out, as it looks secret: {', '.join(data['redacted'])}")
    if not data["searchable"]:
        render.note("it will be searchable when the queue has reached it; see `cairn status`")


def _read_stdin() -> str:
    return sys.stdin.buffer.read().decode("utf-8", "replace")


@app.command()
def watch() -> None:
    """Keep the index in step with your folders, in the foreground, until Ctrl-C.

    Example: `cairn watch`
    """
    from cairn.app import watching

    watching.watch()


@app.command()
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
        render.troubled(data)
    else:
        state.status(data)


@app.command()
def paths(as_json: AsJson = False) -> None:
    """Print where everything is kept."""
    from cairn.app import settings

    items = settings.locations()
    if as_json:
        render.envelope("paths", dict(items))
    else:
        render.pairs(items)


@app.command()
def rebuild(as_json: AsJson = False) -> None:
    """Make the index anew from your files and the tree; the old one serves until it is done."""
    data = client.call("rebuild", on_progress=render.progress)
    render.end_progress()
    if as_json:
        render.envelope("rebuild", data)
    elif data["complete"]:
        render.note(f"rebuilt: {data['counts']['chunks']} passages")
    else:
        render.error("the rebuild was stopped; the old index still serves", "run it again")
    raise typer.Exit(0 if data["complete"] else 3)


@app.command()
def doctor(as_json: AsJson = False) -> None:
    """Check every part and say what to do about what is wrong. Exit status 4 on a failure."""
    from cairn.app import doctor as checks

    data = checks.examine()
    if as_json:
        render.envelope("doctor", data)
    else:
        render.checks(data)
    raise typer.Exit(4 if any(check["state"] == "fail" for check in data["checks"]) else 0)


@app.command()
def demo(
    keep: Annotated[
        bool, typer.Option("--keep", help="Keep the sample home to play with.")
    ] = False,
) -> None:
    """Try cairn on a small sample life in a temporary home. Nothing of yours is touched."""
    from cairn.app import demo as show

    raise typer.Exit(show.run(keep=keep))
