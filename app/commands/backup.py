"""`backup` and `restore`: copies of the memory elsewhere, and bringing one back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer

from cairn.app import render
from cairn.app.commands.options import AsJson


def backup(
    folder: Annotated[Path, typer.Argument(help="A new folder, or one that holds backups.")],
    keep: Annotated[
        int, typer.Option("--keep", min=0, metavar="N", help="Delete all but the latest N.")
    ] = 0,
    check: Annotated[
        bool, typer.Option("--check", help="Only read all of them back, and list them.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Copy the memory into a folder, while cairn goes on. What was copied before is not copied
    again; every byte is compared with what was meant. Only you can read it there.

    In it: entries and their history, conversations, the index, settings. Not in it: your own files,
    and models. With `--check`, exit status 4 when something is damaged.

    Examples: `cairn backup /media/usb/cairn`, `cairn backup --keep 7 ~/backups/cairn`,
    `cairn backup --check /media/usb/cairn`
    """
    from cairn.app import backing_up

    place = _absolute(folder)
    data = backing_up.check(place) if check else backing_up.back_up(place, keep)
    if as_json:
        render.envelope("backup", data)
    elif check:
        backing_up.tell_checked(data)
    else:
        backing_up.tell_made(data)
    raise typer.Exit(4 if check and data["faults"] else 0)


def restore(
    folder: Annotated[Path, typer.Argument(help="What `backup` or `export` has written.")],
    at: Annotated[
        str, typer.Option("--at", metavar="WHEN", help="The latest backup up to then.")
    ] = "",
    replace: Annotated[
        bool, typer.Option("--replace", help="Also where there is a memory; it is kept beside.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Bring a memory back, all of it or nothing: the same entries, ids, answers and sources, also
    where your files are not there any more. All is checked before anything is changed.

    Examples: `cairn restore /media/usb/cairn`, `cairn restore --at 2026-03-02 ~/backups/cairn`,
    `cairn restore --replace ~/cairn-export`
    """
    from cairn.app import backing_up

    data = backing_up.restore(_absolute(folder), _moment(at), replace)
    if as_json:
        render.envelope("restore", data)
    else:
        backing_up.tell_restored(data)


def _moment(text: str) -> datetime | None:
    """A second means its end, as a listed backup is of some moment within one."""
    if not text:
        return None
    from cairn.app.moments import parse_moment

    return parse_moment(text, datetime.now(UTC)) + timedelta(milliseconds=999)


def _absolute(path: Path) -> Path:
    import os

    return Path(os.path.abspath(path.expanduser()))
