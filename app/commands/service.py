"""`service`: the daemon as a service of the system, for its user alone."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import typer

from cairn.app import client, render, service
from cairn.app.commands.options import AsJson
from cairn.app.manual import group

service_app = group(
    "Have the system keep your memory in step from login to logout, started again if it falls.\n\n"
    "It may read your files, write to cairn's own folders, and reach no network. Upgrades take "
    "effect by themselves.\n\nExamples: `cairn service install`, `cairn service status`",
    no_args_is_help=True,
)


@service_app.command()
def install(as_json: AsJson = False) -> None:
    """Write the unit, start it now, and whenever you log in. Again: renew it, if it is another.

    Where the system's manager of services can't be reached, it says what to run where it can.

    Examples: `cairn service install`, `CAIRN_HOME=~/work-memory cairn service install`
    """
    now = service.install()
    if as_json:
        render.envelope("service install", asdict(now))
        return
    render.out(now.path)
    if not now.manager:
        render.note(
            "the system's manager of services can't be reached from here; where it can, run"
        )
        for line in service.by_hand():
            render.note(f"  {line}")
        return
    if not now.running:
        render.note("it was started and does not run; `cairn doctor` looks for the reason")
        raise typer.Exit(3)
    render.note("it runs, and will whenever you log in; `cairn service status` tells how it is")
    if not service.stays_after_logout():
        render.note("it ends when you log out; `loginctl enable-linger` has it stay")


@service_app.command()
def uninstall(as_json: AsJson = False) -> None:
    """Stop it and remove the unit. Your memory stays; commands start a daemon when they need one.

    Examples: `cairn service uninstall`, `cairn service uninstall --json`
    """
    was_there = service.uninstall()
    if as_json:
        render.envelope("service uninstall", {"removed": was_there})
    else:
        render.note("the service is removed" if was_there else "there was no service")


@service_app.command()
def status(as_json: AsJson = False) -> None:
    """Say whether it is installed, up to date and running. Exit status 3 when it does not run.

    Examples: `cairn service status`, `cairn service status --json`
    """
    now = service.state()
    running = client.call_running("status") if now.running else None
    if as_json:
        daemon = running["daemon"] if running else None
        render.envelope("service status", {**asdict(now), "daemon": daemon})
    else:
        for line in _lines(now, running):
            render.out(line)
    raise typer.Exit(0 if now.running else 3)


def _lines(now: service.State, running: dict[str, Any] | None) -> list[str]:
    if not now.written:
        return ["not installed; `cairn service install` does it"]
    lines = [f"unit     {now.path}"]
    if not now.current:
        lines.append("         of another version; `cairn service install` renews it")
    if not now.manager:
        return [*lines, "state    not known: the system's manager can't be reached from here"]
    lines.append(f"login    {'starts with it' if now.enabled else 'does not start it'}")
    if running:
        daemon = running["daemon"]
        since = render.duration(daemon["uptime_s"])
        lines.append(
            f"state    runs, pid {daemon['pid']}, version {daemon['version']}, for {since}"
        )
    elif now.running:
        lines.append("state    starting")
    else:
        lines.append(f"state    does not run; `systemctl --user start {service.name()}`")
    return lines
