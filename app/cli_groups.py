"""The groups of the command line: `cairn daemon …`, `config …`, `private …`, `sources …`."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any

import typer

from cairn.app import client, render, state
from cairn.core.errors import ConfigError

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]
Explain = Annotated[
    bool, typer.Option("--explain", help="Show how each result was found and what it scores.")
]
daemon_app = typer.Typer(help="Start, stop and pause the background process.", no_args_is_help=True)
config_app = typer.Typer(help="Show and change settings.", invoke_without_command=True)
sources_app = typer.Typer(
    help="The conversations that are read: list, find, follow.", invoke_without_command=True
)
private_app = typer.Typer(help="Stop and resume taking anything new in.", no_args_is_help=True)


class Policy(StrEnum):
    """How deep a folder is read."""

    full = "full"
    names = "names"
    never = "never"


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
        state.status(data)
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


@private_app.command("on")
def private_on(
    for_: Annotated[
        str, typer.Option("--for", help="How long, such as 30m, 2h or 1d; until `off` without.")
    ] = "",
) -> None:
    """From now on nothing is read, noted or remembered; asking goes on."""
    data = client.call("private", {"on": True, "for_s": _seconds(for_)})
    render.note(data["private"])


@private_app.command("off")
def private_off() -> None:
    """Take in again what is new. Files that changed meanwhile are read as they are now."""
    client.call("private", {"on": False})
    render.note("private mode is off")


@private_app.command("status")
def private_status() -> None:
    """Say whether it is on. Exit status 1 when it is off."""
    words = client.call("status")["private"]
    render.out(words or "private mode is off")
    raise typer.Exit(0 if words else 1)


def _seconds(text: str) -> float:
    units = {"s": 1, "m": 60, "h": 3600, "d": 86400}
    number, unit = text[:-1], text[-1:]
    if not text:
        return 0
    try:
        seconds = float(number) * units[unit]
    except (ValueError, KeyError):
        seconds = 0
    if not 0 < seconds <= 366 * 86400:
        raise ConfigError(f"`{text}` is no length of time", "write it as 30m, 2h or 1d")
    return seconds


@sources_app.callback()
def sources(context: typer.Context, as_json: AsJson = False) -> None:
    """List the conversations that are read, and what was found in them."""
    if context.invoked_subcommand is None:
        from cairn.app import chats

        raise typer.Exit(chats.list_sources(as_json=as_json))


@sources_app.command("detect")
def sources_detect(
    yes: Annotated[
        bool, typer.Option("--yes", help="Follow all of it, save what must be named.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Find the conversations on this machine and ask about each before it is read.

    Shell histories and IRC logs are followed only on an explicit yes.
    """
    from cairn.app import chats

    raise typer.Exit(chats.detect(yes=yes, as_json=as_json))


Me = Annotated[
    list[str] | None, typer.Option("--me", help="Your name in it; may be given several times.")
]


@sources_app.command("add")
def sources_add(
    what: Annotated[str, typer.Argument(help="A file, a folder or a kind such as claude-code.")],
    me: Me = None,
    as_json: AsJson = False,
) -> None:
    """Read a store of conversations and whatever comes to it from now on.

    Examples: `cairn sources add claude-code`, `cairn sources add ~/irclogs --me ana`
    """
    from cairn.app import chats

    raise typer.Exit(chats.add_source(what, me=me or [], as_json=as_json))


@sources_app.command("remove")
def sources_remove(
    what: Annotated[
        str, typer.Argument(help="Its path, a kind, `cairn`, or the address of a conversation.")
    ],
    drop: Annotated[
        bool, typer.Option("--drop", help="Take what only it brought out of the memory, too.")
    ] = False,
) -> None:
    """Read a source no more. What was read of it stays, unless you say `--drop`.

    Examples: `cairn sources remove claude-code`, `cairn sources remove ~/chatgpt.zip --drop`,
    `cairn sources remove chat:whatsapp/ben --drop`
    """
    from cairn.app import chats

    raise typer.Exit(chats.remove_source(what, drop=drop))
