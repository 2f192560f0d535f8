"""`config` and `paths`: settings and places."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from cairn.app import client, render
from cairn.app.commands.options import AsJson
from cairn.app.manual import group
from cairn.core.errors import ConfigError

Name = Annotated[str, typer.Argument(help="Such as `watch.quiet_s`; `cairn config` lists them.")]

config_app = group(invoke_without_command=True)


@config_app.callback()
def config_top(context: typer.Context, as_json: AsJson = False) -> None:
    """Show every setting, its value and where it was set.

    Examples: `cairn config`, `cairn config set watch.hidden true`
    """
    if context.invoked_subcommand is None:
        from cairn.app import settings

        rows: list[dict[str, Any]] = settings.listing()
        if as_json:
            render.envelope("config", {"settings": rows})
        else:
            render.pairs([(row["name"], f"{row['value']!s:<8} {row['origin']}") for row in rows])


@config_app.command("get")
def config_get(name: Name, as_json: AsJson = False) -> None:
    """Print one setting's value.

    Examples: `cairn config get watch.quiet_s`, `cairn config get models.generator`
    """
    from cairn.app import settings

    found = [row for row in settings.listing() if row["name"] == name]
    if not found:
        raise ConfigError(f"there is no setting `{name}`", "`cairn config` lists every setting")
    if as_json:
        render.envelope("config get", found[0])
    else:
        value = str(found[0]["value"])
        render.out(render.clean(value) if render.is_terminal() else value)


@config_app.command("set", context_settings={"ignore_unknown_options": True})
def config_set(
    name: Name,
    value: Annotated[str, typer.Argument(help="The new value; `''` for none.")],
    as_json: AsJson = False,
) -> None:
    """Change one setting in the file, keeping what else you wrote there.

    Examples: `cairn config set recall.min_relevance 0.4`, `cairn config set models.generator ''`
    """
    from cairn.app import settings

    where = settings.store(name, value)
    if as_json:
        render.envelope("config set", {"name": name, "value": value, "file": str(where)})
        return
    render.note(f"written to {where}")
    running = client.call_running("status")
    if running and running["daemon"]["keep"]:
        render.note("the running daemon will use it after `cairn daemon restart`")


@config_app.command("edit")
def config_edit() -> None:
    """Open the settings file in $VISUAL or $EDITOR.

    Examples: `cairn config edit`, `EDITOR=nano cairn config edit`
    """
    from cairn.app import settings

    settings.edit()


def paths(as_json: AsJson = False) -> None:
    """Print where everything is kept.

    Examples: `cairn paths`, `cd "$(cairn paths --json | jq -r .data.tree)"`
    """
    from cairn.app import settings

    items = settings.locations()
    if as_json:
        render.envelope("paths", dict(items))
    else:
        render.pairs(items)
