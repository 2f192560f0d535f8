"""Commands that change entries: `edit`, `move`, `merge`, `archive`, `wrong`; `profile`.

Each is one operation that can be undone.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from cairn.app import keys, last, render, tree_lines
from cairn.app.commands.forget import forget_this
from cairn.app.commands.options import AsJson, NoDaemon
from cairn.app.commands.tree import Entry, folder_of, tell_done
from cairn.app.tree_client import call
from cairn.core.errors import CairnError, ConfigError

Json = dict[str, Any]
_LARGEST = 2_000_000
Entries = Annotated[
    list[str], typer.Argument(help="Ids, titles or paths in the tree.", metavar="ENTRY...")
]


def edit(
    entry: Entry,
    source: Annotated[
        str, typer.Option("--from", help="A file with the new text, or - for stdin.")
    ] = "",
    as_json: AsJson = False,
    no_daemon: NoDaemon = False,
) -> None:
    """Open an entry in $VISUAL or $EDITOR; what you write wins over every curator.

    Examples: `cairn edit e_7k2m9q`, `cairn edit garden budget`, `cairn edit e_7k2m9q --from -`
    """
    data = edit_entry(" ".join(entry), source, no_daemon=no_daemon)
    if data is not None:
        tell_done("edit", data, as_json=as_json)
    elif as_json:
        render.envelope("edit", {"operation": None})


def edit_entry(name: str, source: str = "", *, no_daemon: bool = False) -> Json | None:
    """The operation that it came to; None where the text was left as it is."""
    was = call("tree_text", {"name": name}, no_daemon=no_daemon)

    def keep(text: str) -> Json:
        args = {"name": was["id"], "text": text, "hash": was["hash"]}
        return call("tree_edit", args, no_daemon=no_daemon)

    return keep(_read(source)) if source else in_editor(was, keep)


def in_editor(was: Json, keep: Any) -> Json | None:
    """Edit a copy; where the text is refused the copy stays, and its place is told."""
    from cairn.app import editing

    copy = editing.copy_of(was["text"], was["id"])
    try:
        text = editing.edited(copy, was["file"])
        done: Json | None = keep(text) if text != was["text"] else None
    except CairnError as error:
        if copy.read_text("utf-8", "replace") == was["text"]:
            editing.discard(copy)
            raise
        again = f"cairn edit {was['id']} --from {render.quoted(str(copy))}"
        raise type(error)(error.message, editing.kept_for_later(copy, again)) from error
    editing.discard(copy)
    if done is None:
        render.note("nothing was changed")
    return done


def _read(source: str) -> str:
    """Raises ConfigError for what can't be an entry's text, such as a device that never ends."""
    if source == "-":
        import sys

        data = sys.stdin.buffer.read(_LARGEST + 1)
    else:
        with Path(source).expanduser().open("rb") as file:
            data = file.read(_LARGEST + 1)
    if len(data) > _LARGEST:
        raise ConfigError("the text is too long for an entry", "put it into a watched folder")
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        raise ConfigError("the text is not UTF-8", "save it as UTF-8") from error


def move(
    entry: Annotated[str, typer.Argument(help="Its id, title or path in the tree.")],
    folder: Annotated[str, typer.Argument(help="Of the tree; or a path that ends in .md.")],
    as_json: AsJson = False,
    no_daemon: NoDaemon = False,
) -> None:
    """Put an entry into another folder of the tree; it stays where you put it.

    Examples: `cairn move e_7k2m9q work/garden`, `cairn move e_7k2m9q garden/budget.md`
    """
    args = {"name": entry, "to": folder_of(folder)}
    data = call("tree_move", args, no_daemon=no_daemon)
    tell_done("move", data, as_json=as_json)


def merge(
    keep: Annotated[str, typer.Argument(help="The entry that stays.")],
    others: Annotated[list[str], typer.Argument(help="Those that go into it.", metavar="OTHER...")],
    as_json: AsJson = False,
    no_daemon: NoDaemon = False,
) -> None:
    """Make several entries one, which rests on the sources of all; the others go to the archive.

    Examples: `cairn merge e_7k2m9q e_4hd81x`, `cairn merge "garden budget" e_4hd81x`
    """
    data = call("tree_merge", {"names": [keep, *others]}, no_daemon=no_daemon)
    tell_done("merge", data, as_json=as_json)


def archive(
    entries: Entries,
    wrong: Annotated[
        bool, typer.Option("--wrong", help="It is wrong: never propose it again.")
    ] = False,
    as_json: AsJson = False,
    no_daemon: NoDaemon = False,
) -> None:
    """Put entries out of the way; they are still found, and `cairn tree restore` brings them back.

    Examples: `cairn archive e_7k2m9q`, `cairn archive --wrong e_7k2m9q`
    """
    data = call("tree_archive", {"names": entries, "wrong": wrong}, no_daemon=no_daemon)
    tell_done("archive", data, as_json=as_json)


def profile(
    edit: Annotated[bool, typer.Option("--edit", help="Open it in $VISUAL or $EDITOR.")] = False,
    path: Annotated[bool, typer.Option("--path", help="Only print where it is.")] = False,
    as_json: AsJson = False,
    no_daemon: NoDaemon = False,
) -> None:
    """Print the page about you: only what you said yourself and what is borne out, each cited.

    Lines that you add are kept, and lines that you delete do not come back.

    Exit status 1 while there is nothing to tell.

    Examples: `cairn profile`, `cairn profile --edit`
    """
    data = call("profile", no_daemon=no_daemon)
    if as_json:
        render.envelope("profile", data)
    elif path:
        render.out(data["file"])
    elif edit and data["text"]:
        from cairn.app.editing import run_editor

        run_editor(Path(data["file"]))
    elif data["text"]:
        shown = [line for line in data["text"].splitlines() if not line.startswith("<!-- cairn:")]
        render.lines([render.clean(line.expandtabs(4)) for line in shown])
    else:
        render.note("nothing is certain about you yet; it fills from what you say and write")
    raise typer.Exit(0 if data["text"] or path else 1)


# -- "this is wrong"


def wrong(
    what: Annotated[
        list[str] | None, typer.Argument(help="The number of a citation, or an entry.")
    ] = None,
    throw_out: Annotated[
        bool, typer.Option("--archive", help="Put it away and never propose it again.")
    ] = False,
    until: Annotated[
        str, typer.Option("--until", help="It was true until then.", metavar="DATE")
    ] = "",
    as_json: AsJson = False,
    no_daemon: NoDaemon = False,
) -> None:
    """From a citation of the last answer to the entry and its source, to put it right.

    Examples: `cairn wrong`, `cairn wrong 2`, `cairn wrong 2 --until 2026-07-01`,
    `cairn wrong e_7k2m9q --archive`
    """
    data = call("wrong", {"target": last.resolve(" ".join(what or ["1"]))}, no_daemon=no_daemon)
    if throw_out or until:
        done = _correct(data, throw_out=throw_out, until=until, no_daemon=no_daemon)
        tell_done("wrong", done, as_json=as_json)
    elif as_json:
        render.envelope("wrong", data)
    else:
        _lead_to(data, no_daemon)


def _correct(data: Json, *, throw_out: bool, until: str, no_daemon: bool) -> Json:
    if len(data["entries"]) != 1:
        ids = ", ".join(each["id"] for each in data["entries"]) or "there is none"
        raise ConfigError("say which entry is wrong", f"those that rest on this source: {ids}")
    name = data["entries"][0]["id"]
    if throw_out:
        return call("tree_archive", {"names": [name], "wrong": True}, no_daemon=no_daemon)
    from cairn.app.moments import on_day

    args = {"name": name, "until": on_day(until)}
    return call("tree_end", args, no_daemon=no_daemon)


def _lead_to(data: Json, no_daemon: bool) -> None:
    address = data["address"] or next(
        (each["address"] for one in data["entries"] for each in one["sources"]), ""
    )
    if data["address"]:
        render.out(f"the answer quotes its source directly: {render.place(data['place'])}")
        if not data["entries"]:
            render.note("no entry rests on it: correct the text there, and cairn follows")
            render.note(f"`cairn open {render.quoted(address)}` opens it")
            return
        if len(data["entries"]) == 1:
            render.out("1 entry rests on it, or on what is close to it:")
        else:
            render.out(f"{len(data['entries'])} entries rest on it, or on what is close to it:")
    one = _chosen(data["entries"])
    if one is None:
        render.told([tree_lines.entry_line(each) for each in data["entries"]])
        render.note("`cairn wrong ENTRY` shows one of them, and what can be done about it")
        return
    render.told(tree_lines.entry(one))  # the numbers stay those of the answer
    if keys.is_interactive():
        _act(one["id"], address, no_daemon)
    else:
        _tell_commands(one["id"], address)


def _chosen(entries: list[Json]) -> Json | None:
    if len(entries) == 1 or not keys.is_interactive():
        return entries[0] if len(entries) == 1 else None
    for number, each in enumerate(entries[:9], start=1):
        render.out(f"  {number}  {render.clean(each['title'])}  {each['id']}")
    pressed = keys.ask("which one is wrong?  1-9, [q]uit", "123456789"[: len(entries)] + "q")
    if pressed == "q":
        raise typer.Exit(0)
    return entries[int(pressed) - 1]


def _tell_commands(id: str, address: str) -> None:
    render.note(f"`cairn edit {id}` corrects it, `cairn wrong {id} --archive` throws it out,")
    render.note(f"`cairn wrong {id} --until DATE` ends it, `cairn forget {id}` erases it")
    if address:
        render.note(f"`cairn open {render.quoted(address)}` opens its source")


def _act(id: str, address: str, no_daemon: bool) -> None:
    question = "[e]dit  [x] it is wrong, put it away  [u]ntil …  [f]orget  [o]pen source  [q]uit"
    pressed = keys.ask(question, "exufoq")
    if pressed == "e":
        done = edit_entry(id, no_daemon=no_daemon)
    elif pressed == "x":
        done = call("tree_archive", {"names": [id], "wrong": True}, no_daemon=no_daemon)
    elif pressed == "u":
        day = _until()
        args = {"name": id, "until": day}
        done = call("tree_end", args, no_daemon=no_daemon) if day else None
    elif pressed == "f":
        return forget_this(id, no_daemon=no_daemon)
    elif pressed == "o" and address:
        from cairn.app import opening

        raise typer.Exit(opening.open_citation(address))
    else:
        return
    if done:
        tell_done("wrong", done, as_json=False)


def _until() -> str:
    import sys

    from cairn.app.moments import on_day

    render.prompt("true until when? (2026-07-01, last March)")
    return on_day(sys.stdin.readline().strip())
