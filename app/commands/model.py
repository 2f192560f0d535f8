"""`cairn model …`: which models there are, what fits, fetching, choosing, measuring, forgetting.

Thin: each asks the daemon and hands the lines to render.py. Nothing is fetched without a yes.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from cairn.app import client, model_lines, render
from cairn.app.commands.options import AsJson, Yes
from cairn.app.manual import group
from cairn.core.errors import ConfigError, Unavailable

Json = dict[str, Any]
_NONE = "none"
Name = Annotated[str, typer.Argument(help="Its name in `cairn model list`.", metavar="NAME")]

model_app = group(
    "The models that write and search. cairn works without any; one that writes puts answers into "
    "its own words.\n\nExamples: `cairn model recommend`, `cairn model pull qwen3-4b`",
    no_args_is_help=True,
)


@model_app.command("list")
def list_(as_json: AsJson = False) -> None:
    """List what is here and what can be pulled: size, licence, use, and whether it fits.

    Into a pipe: name, state, kind, bytes, quantization, licence, fits, place; with tabs between.
    `partly` fits what is read from the disk as it is needed.

    Examples: `cairn model list`, `cairn model list --json`
    """
    data = _call("model_list")
    if as_json:
        render.envelope("model list", data)
        return
    render.lines(model_lines.models(data))
    if render.is_terminal():
        render.note("`cairn model recommend` says which to take, `cairn model use NAME` takes one")


@model_app.command()
def recommend(as_json: AsJson = False) -> None:
    """Say which models fit this machine now and how fast they would be; fetch nothing.

    Exit status 1 when none fits.

    Examples: `cairn model recommend`, `cairn model recommend --json`
    """
    data = _call("model_recommend")
    if as_json:
        render.envelope("model recommend", data)
    else:
        render.out(model_lines.machine(data["machine"]))
        for each in data["offers"]:
            render.lines(model_lines.offer(each, data["best"]))
        if data["best"]:
            render.note(f"`cairn model pull {data['best']}` fetches the recommended one")
        else:
            render.note("none fits now; close some programs and try again")
        if data["beyond"]:
            render.note(model_lines.beyond(data))
    raise typer.Exit(0 if data["best"] else 1)


@model_app.command()
def pull(
    what: Annotated[
        str, typer.Argument(help="A name, or the address of a GGUF file.", metavar="NAME|URL")
    ],
    yes: Yes = False,
    as_json: AsJson = False,
) -> None:
    """Fetch a model, after telling its size, licence and host. Stopped, it goes on the next time.

    What comes is held to its checksum, looked through, and tried before it may be used.

    Examples: `cairn model pull qwen3-4b`, `cairn model pull https://example.org/some-model.gguf`
    """
    deal = _call("model_deal", {"what": what})
    if deal["here"]:
        raise ConfigError(f"`{deal['name']}` is here already", f"`cairn model use {deal['name']}`")
    if not as_json:
        for line in model_lines.deal(deal):
            render.note(line)
    if not yes:
        _agree(f"fetch it from {render.clean(deal['host'])}?", f"cairn model pull {what} --yes")
    running = client.call_running("status")
    if running and running["daemon"].get("service"):
        raise Unavailable(
            "the service can't reach a network",
            f"`cairn daemon stop`, `cairn model pull {what}`, then `cairn daemon restart`",
        )
    try:
        data = _call("model_pull", {"what": what})
    except KeyboardInterrupt:
        render.note("the same command goes on from here; `cairn model list` shows what has come")
        raise
    if as_json:
        render.envelope("model pull", data)
        return
    render.out(data["path"])
    if not deal["sha256"]:
        sums = data["sha256"].split()
        what = "its checksum" if len(sums) == 1 else "the checksums of its parts"
        render.note(f"{what}, kept from now on: {' '.join(sums)}")
    render.note(f"`cairn model use {data['name']}` has it write answers")


@model_app.command()
def add(
    path: Annotated[Path, typer.Argument(help="A GGUF file; of a split one the first part.")],
    copy: Annotated[bool, typer.Option("--copy", help="Keep a copy in cairn's home.")] = False,
    as_json: AsJson = False,
) -> None:
    """Know a model file by name, where it lies; it is looked through and tried first.

    Examples: `cairn model add ~/models/qwen3-4b.gguf`, `cairn model add --copy /media/usb/m.gguf`
    """
    args = {"path": str(path.expanduser().absolute()), "copy": copy}
    data = _call("model_add", args)
    if as_json:
        render.envelope("model add", data)
        return
    render.out(data["name"])
    render.note(f"`cairn model use {data['name']}` takes it into use")


@model_app.command()
def use(name: Name, as_json: AsJson = False) -> None:
    """Have a model write answers, or search by meaning, whichever it is for; `none` writes no more.

    It is tried first, and has to fit. Sets `models.generator` or `models.embedder`.

    Examples: `cairn model use qwen3-4b`, `cairn model use none`
    """
    from cairn.app import settings

    data = {"name": _NONE, "kind": "generator", "path": ""}
    if name != _NONE:
        data = _call("model_use", {"name": name})
    value = "" if name in (_NONE, "shipped") else data["path"]
    where = settings.store(f"models.{data['kind']}", value)
    if as_json:
        render.envelope("model use", {**data, "config": where})
    elif name == _NONE:
        render.note("answers are put together from your own words again")
    else:
        render.note(f"{render.clean(name)} is in use; {model_lines.fit(data)}")
        if data["packing"]:
            render.note(model_lines.packing(data))
    if data["kind"] == "embedder":
        render.note("`cairn rebuild` makes the index anew with it; until then words alone count")
    running = client.call_running("status")
    if running and running["daemon"]["keep"]:
        render.note("the running daemon will use it after `cairn daemon restart`")


@model_app.command()
def pack(name: Name, as_json: AsJson = False) -> None:
    """Make a model faster that does not fit in memory, if most of its neurons rest.

    Writes a file beside it, with what only some words need in small pieces. It can be stopped, and
    goes on there the next time; `cairn model remove` deletes it with the model.

    Examples: `cairn model pack minitron-4b`, `cairn model pack minitron-4b --json`
    """
    data = _call("model_pack", {"name": name})
    if as_json:
        render.envelope("model pack", data)
    else:
        render.note(f"{render.clean(name)} is packed: {model_lines.amount(data['size'])} more")


@model_app.command()
def remove(name: Name, yes: Yes = False, as_json: AsJson = False) -> None:
    """Forget a model. A file is deleted only if cairn fetched or copied it, and after a yes.

    Examples: `cairn model remove qwen3-4b`, `cairn model remove old-model --yes`
    """
    files = _call("model_forget", {"name": name})["files"]
    if files and not yes:
        for file in files:
            render.note(f"to be deleted: {render.home_path(file)}")
        _agree("delete it?", f"cairn model remove {name} --yes")
    data = _call("model_remove", {"name": name})
    if as_json:
        render.envelope("model remove", data)
    elif data["deleted"]:
        render.note(f"{render.clean(name)} is forgotten and deleted")
    else:
        render.note(f"{render.clean(name)} is forgotten; its file stays where it is")


@model_app.command()
def bench(
    name: Annotated[str, typer.Argument(help="Its name; the one that is in use without.")] = "",
    as_json: AsJson = False,
) -> None:
    """Measure a model: how fast it reads and writes, and its memory, beside what was expected.

    Examples: `cairn model bench`, `cairn model bench qwen3-4b --json`
    """
    data = _call("model_bench", {"name": name})
    if as_json:
        render.envelope("model bench", data)
    else:
        render.lines(model_lines.bench(data))


def _call(op: str, args: Json | None = None) -> Json:
    try:
        return client.call(op, args or {}, on_progress=render.progress)
    finally:
        render.end_progress()


def _agree(question: str, otherwise: str) -> None:
    """Go on after a yes only."""
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise ConfigError("nobody is here to agree", f"`{otherwise}` agrees beforehand")
    if not render.confirm(question, False):
        render.note("nothing was done")
        raise typer.Exit(1)
