"""`forget`: shows everything that goes, asks, erases, proves that nothing is left.

What it was is typed by a person and never guessed: where it may be several things, they are listed.
"""

from __future__ import annotations

import os
import re
from typing import Annotated, Any

import typer

from cairn.app import last, protocol, render
from cairn.app.commands.options import AsJson, NoDaemon, Yes
from cairn.app.commands.tree import ask_first
from cairn.app.tree_client import call
from cairn.core.errors import ConfigError

Json = dict[str, Any]
_PLACE = re.compile(r"(?P<path>.+?)(?P<rest>(?::\d+(?:-\d+)?|#[A-Za-z]\w*\S*)?)")


def forget(
    what: Annotated[
        list[str] | None,
        typer.Argument(
            help="A file, folder, citation, conversation, person, entry, or words.", metavar="WHAT"
        ),
    ] = None,
    between: Annotated[
        tuple[str, str] | None,
        typer.Option("--between", metavar="DAY DAY", help="Only from one day through another."),
    ] = None,
    yes: Yes = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would go.")] = False,
    receipts: Annotated[bool, typer.Option("--receipts", help="List what was forgotten.")] = False,
    lift: Annotated[
        str, typer.Option("--lift", metavar="ID", help="Let it in again: a receipt or a path.")
    ] = "",
    resume: Annotated[bool, typer.Option("--resume", help="Finish what was interrupted.")] = False,
    as_json: AsJson = False,
    no_daemon: NoDaemon = False,
) -> None:
    """Erase every copy of something and keep it out. Your own files are only read.

    Words go in every sentence with them. Exit status 2 when it may be several things.

    Examples: `cairn forget --dry-run ~/notes/trip.md`, `cairn forget 2`,
    `cairn forget person:Ben --between 2026-03-01 2026-03-31`, `cairn forget --lift f_3fa91c22d0`
    """
    if receipts or resume:
        op = "forget_resume" if resume else "forget_receipts"
        return _list(call(op, no_daemon=no_daemon), as_json=as_json)
    if lift:
        return _lift(lift, as_json=as_json, no_daemon=no_daemon)
    name = _named(" ".join(what or []))
    forget_this(
        name, between, yes=yes, dry_run=dry_run, as_json=as_json, no_daemon=no_daemon
    )  # fmt: skip


def forget_this(
    name: str,
    between: tuple[str, str] | None = None,
    *,
    yes: bool = False,
    dry_run: bool = False,
    as_json: bool = False,
    no_daemon: bool = False,
) -> None:
    if as_json and not (dry_run or yes):
        raise ConfigError("`--json` asks nothing", "add `--yes`, or `--dry-run` to see what goes")
    args: Json = {"name": name}
    if between:
        args["between"] = _bounds(between)
    if dry_run or not yes:
        plan = call("forget", args, no_daemon=no_daemon)
        if dry_run and as_json:
            render.envelope("forget", plan)
        else:
            _tell_plan(plan)
        if dry_run:
            return
        ask_first(f"erase {render.clean(plan['title'])} for good?")
        args["seen"] = plan["mark"]
    data = call("forget", {**args, "yes": True}, no_daemon=no_daemon)
    if as_json:
        render.envelope("forget", data)
    elif not data["forgotten"]:
        _tell_plan(data)
        raise ConfigError("it has changed meanwhile; nothing was erased", "look, and say it again")
    else:
        _tell_receipt(data)
    if data["forgotten"] and data["proof"]["hits"]:
        raise typer.Exit(4)


def _named(text: str) -> str:
    """What only this process knows: the numbers of the last answer, the folder it runs in."""
    text = last.resolve(text) if text else text
    found = _PLACE.fullmatch(text)
    path = os.path.expanduser(found["path"]) if found else ""
    if found and os.path.lexists(path):
        return os.path.abspath(path) + found["rest"]
    return text


def _bounds(between: tuple[str, str]) -> list[str]:
    from datetime import UTC, date, datetime, time, timedelta

    from cairn.app.moments import first_day, on_day

    first = date.fromisoformat(first_day(between[0]))
    after = date.fromisoformat(on_day(between[1])) + timedelta(days=1)
    if after <= first:
        raise ConfigError("the second day of `--between` is before the first", "swap them")
    moments = (datetime.combine(day, time()).astimezone(UTC) for day in (first, after))
    return [moment.isoformat(timespec="milliseconds") for moment in moments]


def _lift(name: str, *, as_json: bool, no_daemon: bool) -> None:
    place = _named(name)
    if place.startswith("/"):
        from pathlib import Path

        from cairn.core.uris import file_uri

        place = file_uri(Path(os.path.realpath(place)))
    data = call("forget_lift", {"name": place}, no_daemon=no_daemon)
    if as_json:
        return render.envelope("forget", data)
    for each in data["lifted"]:
        render.note(f"{each['id']} is kept out no more: what still exists of it is read again")


def _list(data: Json, *, as_json: bool) -> None:
    if as_json:
        return render.envelope("forget", data)
    for each in data["receipts"]:
        what = sum(copy["count"] for copy in each["copies"])
        state = f"let in again {each['lifted'][:10]}" if each["lifted"] else _state(each)
        render.out(f"{each['id']}  {each['at'][:16].replace('T', ' ')}  {each['what']}, "
                   f"{render.count(what, 'copy', 'copies')}  {state}")  # fmt: skip
    if not data["receipts"]:
        render.note("nothing was forgotten")


def _state(receipt: Json) -> str:
    if not receipt["is_done"]:
        return "not finished: `cairn forget --resume`"
    proof = receipt["proof"]
    if not proof:
        return "kept out"
    return f"found again in {', '.join(proof['hits'])}" if proof["hits"] else "nothing is left"


def _tell_plan(plan: Json) -> None:
    render.out(render.style(render.clean(plan["title"]), "bold"))
    for quote in plan["quotes"]:
        render.out(f"  “{render.clean(quote[:120])}”")
    for copy in plan["copies"]:
        where = f": {render.clean(copy['detail'])}" if copy["detail"] else ""
        render.out(f"  goes from {copy['where']} ({copy['count']}){where}")
    for title in plan["going"]:
        render.out(f"  goes, as it rests on nothing else: {render.clean(title)}")
    for title in plan["losing"]:
        render.out(f"  stays, and loses what it had of it: {render.clean(title)}")
    for what in plan["stays"]:
        render.out(f"  stays: {render.clean(what)}")


def _tell_receipt(data: Json) -> None:
    proof = data["proof"]
    render.note(f"forgotten, and kept out until `cairn forget --lift {data['id']}`")
    looked = (
        f"looked for {render.count(proof['looked_for'], 'string')} in "
        f"{render.count(proof['files'], 'file')} and {render.count(proof['rows'], 'row')} "
        f"of {protocol.home_of()}"
    )
    for place in proof["hits"]:
        render.note(f"still found in {render.clean(place)}")
    for what in proof["unproved"]:
        render.note(f"not proved: {render.clean(what)}")
    render.note(f"{looked}: {'found again' if proof['hits'] else 'none is left'}")
    for what in data["stays"]:
        render.note(f"not touched: {render.clean(what)}")
