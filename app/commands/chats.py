"""`sources`, `import`, `chats`: the conversations that are read, and what was found in them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cairn.app.commands.options import AsJson, Me
from cairn.app.manual import group

sources_app = group(invoke_without_command=True)


@sources_app.callback()
def sources(context: typer.Context, as_json: AsJson = False) -> None:
    """List the conversations that are read, and what was found in them.

    Examples: `cairn sources`, `cairn sources detect`
    """
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

    Examples: `cairn sources detect`, `cairn sources detect --yes`
    """
    from cairn.app import chats

    raise typer.Exit(chats.detect(yes=yes, as_json=as_json))


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
    as_json: AsJson = False,
) -> None:
    """Read a source no more. What was read of it stays, unless you say `--drop`.

    Examples: `cairn sources remove claude-code`, `cairn sources remove ~/chatgpt.zip --drop`,
    `cairn sources remove chat:whatsapp/ben --drop`
    """
    from cairn.app import chats

    raise typer.Exit(chats.remove_source(what, drop=drop, as_json=as_json))


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
