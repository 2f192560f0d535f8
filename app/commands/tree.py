"""`cairn tree …` and `cairn graph`: what is kept, how it came about, and taking that back.

Thin: each asks the daemon (or an engine in this process) and hands the lines to render.py.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from cairn.app import keys, last, protocol, render, tree_lines
from cairn.app.commands.options import AsJson, NoDaemon, Yes
from cairn.app.manual import Group, group
from cairn.app.tree_client import call
from cairn.core.errors import ConfigError

Json = dict[str, Any]
_LIST = "list"
Entry = Annotated[
    list[str], typer.Argument(help="Its id, its title, or its path in the tree.", metavar="ENTRY")
]
OperationId = Annotated[int, typer.Argument(help="Its number in `cairn tree log`.", metavar="OP")]


class _Group(Group):
    """`cairn tree FOLDER` is short for `cairn tree list FOLDER`."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        if not args or (args[0] not in self.commands and args[0] not in ("-h", "--help")):
            args = [_LIST, *args]
        return super().parse_args(ctx, args)


tree_app = group(
    cls=_Group,
    help="What cairn keeps, folder by folder: `cairn tree [FOLDER]`. Each entry is a Markdown file "
    "that you can edit; every change is in `cairn tree log` and can be undone.\n\n"
    "Examples: `cairn tree`, `cairn tree work/garden`, `cairn tree undo`",
)


@tree_app.command(_LIST)
def list_(
    folder: Annotated[str, typer.Argument(help="Only what is in this folder.")] = "",
    kind: Annotated[str, typer.Option("--kind", help="Such as decision, fact, promise.")] = "",
    archived: Annotated[bool, typer.Option("--archived", help="What is put away.")] = False,
    whole: Annotated[bool, typer.Option("--all", help="Every entry, however many.")] = False,
    as_json: AsJson = False,
    no_daemon: NoDaemon = False,
) -> None:
    """List folders and entries: ★ is certain, ✓ is borne out, · was said once.

    Exit status 1 when there are none.

    Examples: `cairn tree`, `cairn tree work/garden`, `cairn tree --kind decision | cut -f7`
    """
    args = {"folder": folder_of(folder), "kind": kind, "archived": archived}
    data = call("tree", args, no_daemon=no_daemon)
    if as_json:
        render.envelope("tree", data)
    elif render.is_terminal():
        render.told(tree_lines.outline(data, whole=whole))
        _tell_about(data, whole)
    else:
        render.lines([tree_lines.plain_leaf(each) for each in data["entries"]])
        _tell_about(data, True)
    raise typer.Exit(0 if data["entries"] else 1)


def folder_of(folder: str) -> str:
    """A folder of the tree, also as a path of the system."""
    path = Path(folder).expanduser()
    root = Path(protocol.home_of()) / "tree"
    if path.is_absolute():
        if not path.is_relative_to(root):
            raise ConfigError(f"{path} is not in the tree", f"its folders are in {root}")
        folder = path.relative_to(root).as_posix()
    return "" if folder in (".", "/") else folder


def _tell_about(data: Json, whole: bool) -> None:
    if tree_lines.is_cut(data, whole=whole):
        count = len(data["entries"])
        render.note(f"{count} entries: `cairn tree FOLDER` lists one folder's, `--all` lists all")
    if not data["entries"]:
        render.note("nothing is kept there yet; `cairn remember` and `cairn add` bring something")
    if data["waiting"]:
        many = render.count(data["waiting"], "question")
        render.note(f"{many} for you: `cairn review`")
    for line in tree_lines.troubles(data["troubles"]):
        render.note(f"{render.style('trouble: ', 'yellow')}{line}")
    if data["troubles"]:
        render.note(f"correct such files in {render.home_path(data['root'])}; cairn follows")
    render.private(data)


@tree_app.command("show")
def show_(entry: Entry, as_json: AsJson = False, no_daemon: NoDaemon = False) -> None:
    """Show an entry: since when, who said it and where, what it has to do with others.

    Examples: `cairn tree show e_7k2m9q`, `cairn tree show garden budget`
    """
    show(" ".join(entry), as_json=as_json, no_daemon=no_daemon)


def show(name: str, *, as_json: bool = False, no_daemon: bool = False) -> None:
    """The sources' numbers are then those of `cairn open`."""
    data = call("tree_entry", {"name": name}, no_daemon=no_daemon)
    if as_json:
        render.envelope("tree show", data)
    else:
        tell(data)


def tell(data: Json) -> None:
    render.told(tree_lines.entry(data))
    last.remember_last(protocol.home_of(), [each["address"] for each in data["sources"]])


@tree_app.command("log")
def log(
    entry: Annotated[
        list[str] | None, typer.Argument(help="Only of this one; of a deleted one by its id.")
    ] = None,
    limit: Annotated[int, typer.Option("-n", "--limit", min=1, help="Operations at most.")] = 20,
    as_json: AsJson = False,
    no_daemon: NoDaemon = False,
) -> None:
    """List what was done to the tree, the latest first: when, what, by whom, why.

    Examples: `cairn tree log`, `cairn tree log -n 3 e_7k2m9q`
    """
    args = {"name": " ".join(entry or []), "limit": limit}
    data = call("tree_log", args, no_daemon=no_daemon)
    if as_json:
        render.envelope("tree log", data)
        return
    render.told([tree_lines.operation(each) for each in data["operations"]])
    if not data["operations"]:
        render.note("nothing has been done to the tree yet")


@tree_app.command("diff")
def diff(operation: OperationId, as_json: AsJson = False, no_daemon: NoDaemon = False) -> None:
    """Show what an operation changed in which file.

    Examples: `cairn tree diff 41`, `cairn tree diff 41 --json`
    """
    data = call("tree_diff", {"operation": operation}, no_daemon=no_daemon)
    if as_json:
        render.envelope("tree diff", data)
    else:
        render.lines(tree_lines.difference(data))


@tree_app.command("undo")
def undo(
    operation: Annotated[
        int | None,
        typer.Argument(help="Its number in `cairn tree log`; without, your latest.", metavar="OP"),
    ] = None,
    as_json: AsJson = False,
    no_daemon: NoDaemon = False,
) -> None:
    """Take back one operation, or the last one that was yours; what was changed since stays.

    An undo can be undone as well, by its number.

    Examples: `cairn tree undo`, `cairn tree undo 41`
    """
    data = call("tree_undo", {"operation": operation}, no_daemon=no_daemon)
    if operation is None and not as_json:
        render.told([tree_lines.operation(data["undone"])])
    tell_done("tree undo", data, as_json=as_json)


@tree_app.command("restore")
def restore(
    entry: Annotated[
        list[str] | None, typer.Argument(help="Brought back from the archive.", metavar="ENTRY")
    ] = None,
    as_of: Annotated[
        str, typer.Option("--as-of", help="Have the whole tree as it was then.", metavar="TIME")
    ] = "",
    yes: Yes = False,
    as_json: AsJson = False,
    no_daemon: NoDaemon = False,
) -> None:
    """Bring an entry back from the archive, or the whole tree to how it was.

    Examples: `cairn tree restore e_7k2m9q`, `cairn tree restore --as-of yesterday`,
    `cairn tree restore --as-of 2026-03-01T18:00 --yes`
    """
    name = " ".join(entry or [])
    if bool(name) == bool(as_of):
        raise ConfigError(
            "say what to restore: an entry, or the tree `--as-of` a time",
            "`cairn tree --archived` lists what is put away",
        )
    if as_of:
        data = _as_of(as_of, yes, no_daemon)
    else:
        data = call("tree_restore", {"name": name}, no_daemon=no_daemon)
    tell_done("tree restore", data, as_json=as_json)


def _as_of(text: str, yes: bool, no_daemon: bool) -> Json:
    from cairn.app.moments import parse_moment

    moment = parse_moment(text, datetime.now().astimezone()).isoformat()
    args: Json = {"moment": moment}
    if not yes:
        plan = call("tree_restore_as_of", args, no_daemon=no_daemon)
        if not plan["changes"]:
            raise ConfigError("the tree has not changed since then", "`cairn tree log`")
        many = render.count(plan["changes"], "file")
        ask_first(f"change {many} of the tree to how it was on {moment[:16].replace('T', ' ')}?")
    return call("tree_restore_as_of", {**args, "yes": True}, no_daemon=no_daemon)


def ask_first(question: str) -> None:
    """Raises where nobody says yes."""
    if not keys.is_interactive():
        raise ConfigError(f"not done without a yes: {question}", "`--yes` says it")
    if not render.confirm(question, False):
        render.note("nothing was done")
        raise typer.Exit(1)


def tell_done(command: str, data: Json, *, as_json: bool) -> None:
    if as_json:
        render.envelope(command, data)
        return
    if done := data["operation"]:
        render.told([tree_lines.operation(done)])
        render.note(f"`cairn tree undo {done['id']}` takes it back")
    render.private(data)


@tree_app.command("export", hidden=True)
def export(
    folder: Annotated[Path, typer.Argument(help="A new folder.")],
    as_json: AsJson = False,
    no_daemon: NoDaemon = False,
) -> None:
    """Write the memory into a folder that can be read without cairn: the tree with its history,
    the conversations, which folders are watched, and the settings. Your files stay where they
    are. `cairn restore` takes it over elsewhere.

    Examples: `cairn export ~/cairn-2026-03`, `cairn export --json /media/usb/cairn`
    """
    data = call("tree_export", {"path": _absolute(folder)}, no_daemon=no_daemon)
    if as_json:
        render.envelope("export", data)
    else:
        many = render.count(data["entries"], "entry", "entries")
        turns = render.count(data["turns"], "turn")
        render.note(f"{many} and {turns} written to {render.home_path(data['folder'])}")


@tree_app.command("import")
def import_(
    folder: Annotated[Path, typer.Argument(help="What `cairn export` has written.")],
    as_json: AsJson = False,
    no_daemon: NoDaemon = False,
) -> None:
    """Take over what was exported, with its history, into a memory that is empty. Files in watched
    folders are read again where they lie.

    Examples: `cairn tree import ~/cairn-2026-03`, `cairn tree import --json /media/usb/cairn`
    """
    data = call("tree_import", {"path": _absolute(folder)}, no_daemon=no_daemon)
    if as_json:
        render.envelope("tree import", data)
    else:
        many = render.count(data["entries"], "entry", "entries")
        render.note(f"{many} and {render.count(data['turns'], 'turn')} taken over")


def _absolute(path: Path) -> str:
    return str(path.expanduser().absolute())


def graph(
    topic: Annotated[list[str], typer.Argument(help="A folder, a person, a thing or an entry.")],
    to: Annotated[str, typer.Option("--to", help="Another one: how do they hang together?")] = "",
    depth: Annotated[int, typer.Option("--depth", min=1, max=6, help="Steps from there.")] = 2,
    format: Annotated[str, typer.Option("--format", help="text, mermaid or graphml.")] = "text",
    output: Annotated[Path | None, typer.Option("-o", "--output", help="Write it there.")] = None,
    as_json: AsJson = False,
    no_daemon: NoDaemon = False,
) -> None:
    """Draw what somebody or something has to do with what.

    Examples: `cairn graph garden`, `cairn graph Ana --to "garden budget"`,
    `cairn graph garden --format mermaid -o garden.mmd`
    """
    args = {
        "topic": " ".join(topic), "to": to, "depth": depth, "format": format,
        "width": render.width(),
    }  # fmt: skip
    data = call("graph", args, no_daemon=no_daemon)
    if as_json:
        render.envelope("graph", data)
    elif output:
        output.expanduser().write_text(data["text"], "utf-8")
        render.note(f"written to {render.home_path(_absolute(output))}")
    else:
        render.lines([render.clean(line) for line in data["text"].splitlines()])
    if data["others"] and not as_json:
        render.note(f"it is also the name of: {', '.join(map(render.clean, data['others']))}")
