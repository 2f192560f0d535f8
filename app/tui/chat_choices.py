"""What was detected of conversations → choices, what to say of each, and those that were taken."""

from __future__ import annotations

from textual.content import Content

from cairn.app import render
from cairn.app.tui import text
from cairn.app.tui.shell import Json
from cairn.app.tui.widgets.choices import Choice


def choices(found: list[Json], *, preset: bool) -> list[Choice]:
    """With `preset`, what `cairn sources detect --yes` would take is taken already."""
    return [_choice(number, each, preset) for number, each in enumerate(found)]


def _choice(number: int, found: Json, preset: bool) -> Choice:
    barred = bool(found["problem"] or found["followed"])
    taken = preset and found["live"] and not found["opt_in"] and not barred
    left = Content.assemble(
        (text.line(found["words"]), "bold"), (f"  {render.home_path(found['path'])}", text.QUIET)
    )
    if found["followed"]:
        return Choice(str(number), left, Content.styled("followed already ", "$success"),
                      barred=True)  # fmt: skip
    if found["problem"]:
        return Choice(str(number), left, Content.styled("closed ", "$warning"), barred=True)
    many = render.count(found["conversations"], "conversation") if found["conversations"] else ""
    told = ", ".join(filter(None, (many, render.size(found["size"]))))
    mark = ("expires  ", "$warning") if found["expires"] else ""
    return Choice(str(number), left, Content.assemble(mark, (f"{told} ", text.QUIET)), taken)


def about(found: list[Json], id: str) -> str:
    """Two lines: whence and since when, and what one should know."""
    each = found[int(id)]
    how = "followed from now on" if each["live"] else "an export, taken in once"
    since = f"reaches back to {each['since']}" if each["since"] else ""
    first = ", ".join(filter(None, (how, since)))
    return "\n".join([first, text.line(each["problem"] or each["expires"])])


def taken(found: list[Json], ids: list[str]) -> list[Json]:
    return [found[int(id)] for id in ids]
