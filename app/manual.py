"""What `--help` prints: a command's docstring and options → a page that fits a screen.

The classes that all commands are made of. Examples stand in the docstring, in backticks after
"Examples:", and go to the end, one a line; options that mean the same everywhere share a line.
"""

from __future__ import annotations

import inspect
import re
import shutil
import textwrap
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import typer
from typer.core import TyperCommand, TyperGroup

if TYPE_CHECKING:
    from collections.abc import Callable

Rows = Sequence[tuple[str, str]]
_WIDEST, _NARROWEST = 80, 40
_GAP = 2
_SHARED = {
    "--json": "one JSON document",
    "--no-daemon": "in this process",
    "--yes": "ask nothing",
}
"""Of the options that many commands have: told in one line below the others."""
_EXAMPLES = re.compile(r"^Examples?:", re.MULTILINE)
_QUOTED = re.compile(r"`((?:[^`\\]|\\.)+)`", re.DOTALL)


class Command(TyperCommand):
    """A command whose help is a page of this manual."""

    def format_help(self, ctx: Any, formatter: Any) -> None:
        formatter.write(_page(self, ctx, ()))


class Group(TyperGroup):
    """Several commands under one name, listed with the first sentence of each."""

    def format_help(self, ctx: Any, formatter: Any) -> None:
        found = ((name, self.get_command(ctx, name)) for name in self.list_commands(ctx))
        rows = [(name, _gist(each.help)) for name, each in found if each and not each.hidden]
        formatter.write(_page(self, ctx, rows))


def group(help: str = "", cls: type[TyperGroup] = Group, **settings: Any) -> typer.Typer:
    """An empty group, for a file of commands to fill; without help it takes its callback's."""
    if help:
        settings["help"] = help
    return typer.Typer(cls=cls, add_completion=False, **settings)


def command_of(
    made_of: typer.Typer | Callable[..., Any], name: str, settings: dict[str, Any] | None = None
) -> Any:
    """A function, or a group of them, as the command of that name."""
    if isinstance(made_of, typer.Typer):
        app = made_of
    else:
        app = typer.Typer(add_completion=False)
        app.command(name, context_settings=settings)(made_of)
    for each in app.registered_commands:
        each.cls = Command
    made = typer.main.get_command(app)
    made.name = name
    return made


def _page(command: Any, ctx: Any, below: Rows) -> str:
    about, examples = parts(command.help or "")
    blocks = [_usage(command, ctx), *(_wrapped(each) for each in about)]
    if below:
        blocks.append(_columns(below))
    if options := _options(command, ctx):
        blocks.append(_columns(options))
    if shared := _shared(command, ctx):
        blocks.append(shared)
    if examples:
        blocks.append("\n".join(f"  {each}" for each in examples))
    return "\n\n".join(blocks) + "\n"


def parts(help: str) -> tuple[list[str], list[str]]:
    """The paragraphs of a docstring, and the examples in it."""
    text = inspect.cleandoc(help)
    found = _EXAMPLES.search(text)
    told, shown = (text[: found.start()], text[found.end() :]) if found else (text, "")
    paragraphs = [" ".join(each.split()) for each in told.split("\n\n") if each.strip()]
    return paragraphs, [" ".join(each.split()) for each in _QUOTED.findall(shown)]


def _gist(help: str | None) -> str:
    paragraphs, _ = parts(help or "")
    first = re.split(r"(?<=[.;:]) ", paragraphs[0] if paragraphs else "", maxsplit=1)[0]
    return first.rstrip(".;:")


def _usage(command: Any, ctx: Any) -> str:
    words = [_metavar(each) for each in command.params if each.param_type_name == "argument"]
    words += [command.subcommand_metavar] if isinstance(command, TyperGroup) else []
    return " ".join([f"Usage: {ctx.command_path}", "[OPTIONS]", *words])


def _metavar(argument: Any) -> str:
    name = (argument.metavar or argument.name.rstrip("_")).upper().removesuffix("...")
    name += "..." if argument.nargs == -1 else ""
    return name if argument.required else f"[{name}]"


def _options(command: Any, ctx: Any) -> list[tuple[str, str]]:
    rows = []
    for each in command.params:
        if each.param_type_name == "argument" and each.help:
            rows.append((_metavar(each).strip("[]"), each.help))
    for each in command.params:
        hidden = each.param_type_name == "argument" or each.hidden
        if not hidden and not _is_shared(each):
            rows.append((_names(each), each.help + _default(each)))
    return rows


def _is_shared(option: Any) -> bool:
    return any(name in _SHARED for name in option.opts)


def _shared(command: Any, ctx: Any) -> str:
    given = [each for each in command.params if _is_shared(each)]
    names = {name: each for each in given for name in each.opts if name in _SHARED}
    told = [f"{_names(each)}: {_SHARED[name]}" for name, each in names.items()]
    return _wrapped("  " + "; ".join([*told, "-h: this page"]), "  ")


def _names(option: Any) -> str:
    names = ", ".join(sorted(option.opts, key=len))
    if option.secondary_opts:
        names += " / " + ", ".join(option.secondary_opts)
    if option.is_flag:
        return names
    return f"{names} {option.metavar or _value(option)}"


def _value(option: Any) -> str:
    longest = max(option.opts, key=len).lstrip("-")
    return "N" if isinstance(option.default, int) or longest == "limit" else longest.upper()


def _default(option: Any) -> str:
    shown = option.show_default
    if isinstance(shown, str):
        return f" [{shown}]"
    told = shown and type(option.default) in (int, str) and option.default not in (0, "")
    return f" [{option.default}]" if told else ""


def _columns(rows: Rows) -> str:
    left = min(26, max(len(name) for name, _ in rows))
    lines = []
    for name, words in rows:
        head = f"  {name.ljust(left)}{' ' * _GAP}"
        hang = " " * (left + _GAP + 2)
        lines += [head.rstrip()] if len(name) > left else []
        lines.append(_wrapped(words, hang, hang if len(name) > left else head))
    return "\n".join(lines)


def _wrapped(text: str, hang: str = "", head: str = "") -> str:
    return textwrap.fill(
        text, width(), initial_indent=head, subsequent_indent=hang,
        break_long_words=False, break_on_hyphens=False,
    )  # fmt: skip


def width() -> int:
    return max(_NARROWEST, min(_WIDEST, shutil.get_terminal_size().columns))
