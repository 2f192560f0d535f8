"""`daemon`, `watch`, `private`: the background process, and what it may take in."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from cairn.app import client, render, service, state
from cairn.app.commands.options import AsJson
from cairn.app.manual import group
from cairn.core.errors import ConfigError

daemon_app = group(
    "Start, stop and pause the background process. Any command starts one when it needs it; it "
    "leaves when nothing was asked for a while, unless it was started here or is a service.\n\n"
    "Examples: `cairn daemon start`, `cairn daemon pause`",
    no_args_is_help=True,
)
private_app = group(
    "Stop and resume taking anything new in. What is known can be asked all the while.\n\n"
    "Examples: `cairn private on --for 2h`, `cairn private off`",
    no_args_is_help=True,
)


@daemon_app.command("start")
def daemon_start(as_json: AsJson = False) -> None:
    """Start the background process; it stays until `cairn daemon stop`.

    Examples: `cairn daemon start`, `cairn daemon start && cairn status`
    """
    connection = client.connect()
    if connection is None:
        if not service.restart():
            client.start(keep=True).close()
    else:
        connection.close()
        client.call("keep")
    _tell("daemon start", "the daemon is running", as_json)


@daemon_app.command("stop")
def daemon_stop(as_json: AsJson = False) -> None:
    """Stop the background process; what is queued waits for the next one.

    Examples: `cairn daemon stop`, `cairn daemon stop --json`
    """
    was_there = client.stop()
    words = "the daemon has stopped" if was_there else "the daemon was not running"
    _tell("daemon stop", words, as_json, stopped=was_there)


@daemon_app.command("restart")
def daemon_restart(as_json: AsJson = False) -> None:
    """Stop it and start it again, with the settings of now.

    Examples: `cairn daemon restart`, `cairn config set watch.hidden true && cairn daemon restart`
    """
    if not service.restart():
        client.stop()
        client.start(keep=True).close()
    _tell("daemon restart", "the daemon is running", as_json)


@daemon_app.command("status")
def daemon_status(as_json: AsJson = False) -> None:
    """Say whether it runs, without starting it. Exit status 3 when it does not.

    Examples: `cairn daemon status`, `cairn daemon status || cairn daemon start`
    """
    data = client.call_running("status")
    if as_json:
        render.envelope("daemon status", {"running": data is not None, **(data or {})})
    elif data is None:
        render.out("not running")
    else:
        state.status(data)
    raise typer.Exit(0 if data else 3)


Of = Annotated[Path | None, typer.Argument(help="Only that folder, or source of conversations.")]


@daemon_app.command("pause")
def daemon_pause(path: Of = None, as_json: AsJson = False) -> None:
    """Stop indexing until `resume`; searching goes on. Kept across restarts.

    Examples: `cairn daemon pause`, `cairn daemon pause ~/archive`
    """
    data = client.call("pause", {"paused": True, **_place(path)})
    waiting = data["counts"]["queued"]
    if path:
        words = f"{render.clean(str(path))} is paused; what was read of it stays searchable"
        return _tell("daemon pause", words, as_json, waiting=waiting)
    _tell("daemon pause", f"paused with {waiting} files waiting", as_json, waiting=waiting)


@daemon_app.command("resume")
def daemon_resume(path: Of = None, as_json: AsJson = False) -> None:
    """Go on indexing.

    Examples: `cairn daemon resume`, `cairn daemon resume ~/archive`
    """
    counts = client.call("pause", {"paused": False, **_place(path)})["counts"]
    waiting = counts["queued"] + counts["to_embed"]
    _tell("daemon resume", f"going on with {waiting} files", as_json, waiting=waiting)


@private_app.command("on")
def private_on(
    for_: Annotated[
        str, typer.Option("--for", metavar="TIME", help="Such as 30m, 2h or 1d; else until `off`.")
    ] = "",
    as_json: AsJson = False,
) -> None:
    """From now on nothing is read, noted or remembered; asking goes on.

    Examples: `cairn private on`, `cairn private on --for 2h`
    """
    words = client.call("private", {"on": True, "for_s": _seconds(for_)})["private"]
    _tell("private on", words, as_json, private=words)


@private_app.command("off")
def private_off(as_json: AsJson = False) -> None:
    """Take in again what is new. Files that changed meanwhile are read as they are now.

    Examples: `cairn private off`, `cairn private off && cairn status`
    """
    client.call("private", {"on": False})
    _tell("private off", "private mode is off", as_json, private="")


@private_app.command("status")
def private_status(as_json: AsJson = False) -> None:
    """Say whether it is on. Exit status 1 when it is off.

    Examples: `cairn private status`, `cairn private status || cairn private on`
    """
    words = client.call("status")["private"]
    if as_json:
        render.envelope("private status", {"private": words})
    else:
        render.out(words or "private mode is off")
    raise typer.Exit(0 if words else 1)


def _place(path: Path | None) -> dict[str, str]:
    return {"path": os.path.abspath(path.expanduser())} if path else {}


def _tell(command: str, words: str, as_json: bool, **fields: object) -> None:
    if as_json:
        render.envelope(command, fields)
    else:
        render.note(words)


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


def watch() -> None:
    """Keep the index in step with your folders, in the foreground, until Ctrl-C.

    Examples: `cairn watch`, `CAIRN_WATCH_QUIET_S=10 cairn watch`
    """
    from cairn.app import watching

    watching.watch()
