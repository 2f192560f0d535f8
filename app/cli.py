"""The command line: typer commands that ask the daemon and hand the reply to render.py.

Nothing here imports the engine at module level: the help must come at once.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from cairn.app import asking, client, render
from cairn.core.errors import ConfigError

app = typer.Typer(
    name="cairn",
    help="A personal memory that lives on this machine: watch folders, ask, get cited answers.",
    epilog="Start with `cairn demo`, then `cairn add FOLDER` and `cairn ask QUESTION`.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
daemon_app = typer.Typer(help="Start, stop and pause the background process.", no_args_is_help=True)
config_app = typer.Typer(help="Show and change settings.", invoke_without_command=True)
app.add_typer(daemon_app, name="daemon")
app.add_typer(config_app, name="config")

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]
NoDaemon = Annotated[bool, typer.Option("--no-daemon", help="Do it in this process.")]


def run() -> int:
    """Parse the command line and do it; the exit status."""
    try:
        app()
    except SystemExit as stop:
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


@app.command()
def ask(
    question: Annotated[list[str], typer.Argument(help="The question, with or without quotes.")],
    as_json: AsJson = False,
    no_daemon: NoDaemon = False,
) -> None:
    """Answer a question from your memory, every sentence cited.

    Exit status 1 when the answer is not in your memory.

    Examples: `cairn ask "what did we agree on for the garden budget?"`,
    `cairn ask --json when does the lease end`
    """
    raise typer.Exit(asking.ask(" ".join(question), as_json=as_json, no_daemon=no_daemon))


@app.command()
def search(
    query: Annotated[list[str], typer.Argument(help="Words to look for.")],
    limit: Annotated[
        int, typer.Option("-n", "--limit", min=1, max=1000, help="Passages at most.")
    ] = asking.DEFAULT_LIMIT,
    as_json: AsJson = False,
    no_daemon: NoDaemon = False,
) -> None:
    """List the best passages: path:line, date, snippet.

    Examples: `cairn search garden budget`, `cairn search -n 3 lease | cut -f1`
    """
    text = " ".join(query)
    raise typer.Exit(asking.search(text, limit=limit, as_json=as_json, no_daemon=no_daemon))


@app.command()
def add(
    path: Annotated[Path, typer.Argument(help="A folder or file to read and watch.")],
    wait: Annotated[
        bool, typer.Option("--wait/--no-wait", help="Wait until everything is indexed.")
    ] = True,
    as_json: AsJson = False,
    no_daemon: NoDaemon = False,
) -> None:
    """Watch a folder and index what is in it. Files are only ever read.

    Exit status 4 when a file of a readable type could not be read.

    Examples: `cairn add ~/notes`, `cairn add --no-wait ~/Documents`
    """
    from cairn.app import adding

    path = path.expanduser().absolute()
    raise typer.Exit(adding.add(path, wait=wait, as_json=as_json, no_daemon=no_daemon))


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
        render.status(data)


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


@daemon_app.command("start")
def daemon_start() -> None:
    """Start the background process; it stays until `cairn daemon stop`."""
    connection = client.connect()
    if connection is None:
        client.start(keep=True).close()
    else:
        connection.close()
        client.call("keep")
    render.note("the daemon is running")


@daemon_app.command("stop")
def daemon_stop() -> None:
    """Stop the background process; what is queued waits for the next one."""
    render.note("the daemon has stopped" if client.stop() else "the daemon was not running")


@daemon_app.command("restart")
def daemon_restart() -> None:
    """Stop it and start it again, with the settings of now."""
    client.stop()
    client.start(keep=True).close()
    render.note("the daemon is running")


@daemon_app.command("status")
def daemon_status(as_json: AsJson = False) -> None:
    """Say whether it runs, without starting it. Exit status 3 when it does not."""
    data = client.call_running("status")
    if as_json:
        render.envelope("daemon status", {"running": data is not None, **(data or {})})
    elif data is None:
        render.out("not running")
    else:
        render.status(data)
    raise typer.Exit(0 if data else 3)


@daemon_app.command("pause")
def daemon_pause() -> None:
    """Stop indexing until `resume`; searching goes on."""
    data = client.call("pause", {"paused": True})
    render.note(f"paused with {data['counts']['queued']} files waiting")


@daemon_app.command("resume")
def daemon_resume() -> None:
    """Go on indexing."""
    data = client.call("pause", {"paused": False})
    counts = data["counts"]
    render.note(f"going on with {counts['queued'] + counts['to_embed']} files")


@config_app.callback()
def config_top(context: typer.Context, as_json: AsJson = False) -> None:
    """Show every setting, its value and where it was set; `get`, `set` and `edit` are below."""
    if context.invoked_subcommand is None:
        from cairn.app import settings

        rows: list[dict[str, Any]] = settings.listing()
        if as_json:
            render.envelope("config", {"settings": rows})
        else:
            render.pairs([(row["name"], f"{row['value']!s:<8} {row['origin']}") for row in rows])


@config_app.command("get")
def config_get(name: str) -> None:
    """Print one setting's value, such as `watch.quiet_s`."""
    from cairn.app import settings

    found = [row for row in settings.listing() if row["name"] == name]
    if not found:
        raise ConfigError(f"there is no setting `{name}`", "`cairn config` lists every setting")
    render.out(str(found[0]["value"]))


@config_app.command("set", context_settings={"ignore_unknown_options": True})
def config_set(name: str, value: str) -> None:
    """Change one setting in the file, such as `cairn config set recall.min_relevance 0.4`."""
    from cairn.app import settings

    render.note(f"written to {settings.store(name, value)}")
    running = client.call_running("status")
    if running and running["daemon"]["keep"]:
        render.note("the running daemon will use it after `cairn daemon restart`")


@config_app.command("edit")
def config_edit() -> None:
    """Open the settings file in $VISUAL or $EDITOR."""
    from cairn.app import settings

    settings.edit()
