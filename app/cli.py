"""Which command is in which file, and what `cairn --help` says of each.

A command's file is imported when the command is run. What is typed comes here from main.py, and
what can't be understood leaves as an error with the next command to run.
"""

from __future__ import annotations

import os
from difflib import get_close_matches
from importlib import import_module
from typing import Annotated, Any, NamedTuple

import typer

from cairn.app import manual, protocol, render
from cairn.core.errors import ConfigError

_STOPPED = 130
_NAME = "cairn"


class Row(NamedTuple):
    """One line of the help: a file of `commands/`, the commands in it, and what they do."""

    file: str
    commands: str
    does: str


SECTIONS: dict[str, tuple[Row, ...]] = {
    "Ask": (
        Row("ask", "ask", "a question; the answer cites every sentence"),
        Row("ask", "search", "list the best passages: path:line, date, snippet"),
        Row("show", "show open", "print the place of a citation; open it"),
        Row("days", "changes day habits", "what changed, what you worked on, and how"),
        Row("judge", "good bad", "say what the last answer was worth"),
        Row("why_not", "why-not findability", "why something is not found; what can't be"),
    ),
    "Take in": (
        Row("folders", "add remove", "watch folders and index them; stop"),
        Row("folders", "remember", "put a thought into memory"),
        Row("chats", "sources import chats", "conversations: follow, read an export, list"),
        Row("daemon", "private", "take nothing new in for a while"),
    ),
    "Keep in order": (
        Row("tree", "tree graph", "what is kept, its history; what relates to what"),
        Row("review", "review", "go through what cairn is not sure of"),
        Row("entries", "edit move merge archive", "change entries"),
        Row("entries", "wrong", "from an answer to what is wrong with it"),
        Row("forget", "forget", "erase every copy of something for good"),
        Row("entries", "profile", "the page about you"),
    ),
    "Look after it": (
        Row("health", "status doctor", "what is indexed and running; what is wrong"),
        Row("daemon", "watch daemon", "keep the index in step, in front or behind"),
        Row("service", "service", "have the system start it whenever you log in"),
        Row("mcp", "mcp", "let an assistant on this machine ask your memory"),
        Row("model", "model", "models that write: what fits, fetch, choose"),
        Row("bench", "bench", "measure how well your memory answers"),
        Row("config", "config paths", "settings; where everything is kept"),
        Row("health", "rebuild", "make the index anew"),
        Row("backup", "backup restore", "keep copies elsewhere; bring one back"),
        Row("tree", "export", "write all of it out as plain files"),
        Row("completion", "completion", "have your shell complete commands"),
        Row("health", "demo", "try it on a small sample life"),
    ),
}
FILES = {
    name: row.file for rows in SECTIONS.values() for row in rows for name in row.commands.split()
}
_SETTINGS: dict[str, dict[str, Any]] = {"remember": {"ignore_unknown_options": True}}


class Commands(manual.Group):
    """All commands, each made when it is asked for."""

    def list_commands(self, ctx: Any) -> list[str]:
        return list(FILES)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        if cmd_name not in FILES:
            return None
        if cmd_name not in self.commands:
            self.commands[cmd_name] = _made(cmd_name)
        return self.commands[cmd_name]

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        name = args[0]
        if name not in FILES and not name.startswith("-"):
            raise ConfigError(f"there is no command `{name}`", _meant(name))
        return super().resolve_command(ctx, args)

    def format_help(self, ctx: Any, formatter: Any) -> None:
        formatter.write(_overview())


def _made(name: str) -> Any:
    module = import_module(f"cairn.app.commands.{FILES[name]}")
    plain = name.replace("-", "_")
    found = next(
        getattr(module, each)
        for each in (f"{plain}_app", f"{plain}_", plain)
        if hasattr(module, each)
    )
    return manual.command_of(found, name, _SETTINGS.get(name))


def _meant(name: str) -> str:
    close = get_close_matches(name, FILES, n=1, cutoff=0.7)
    also = f"`cairn ask {name}` asks for it"
    return f"did you mean `cairn {close[0]}`? {also}" if close else f"{also}, `cairn -h` lists all"


def _overview() -> str:
    lines = [
        f"Usage: {_NAME} COMMAND, or a question: {_NAME} 'when does the lease end?'",
        f"`{_NAME}` alone opens it on the whole terminal.",
    ]
    width = max(len(", ".join(row.commands.split())) for each in SECTIONS.values() for row in each)
    for title, rows in SECTIONS.items():
        lines += [render.style(title, "bold")]
        for row in rows:
            names = ", ".join(row.commands.split()).ljust(width)
            lines.append(f"  {render.style(names, 'cyan')}  {row.does}")
    lines += ["`cairn demo`, then `cairn add FOLDER`; `cairn COMMAND -h` is the manual"]
    return "\n".join(lines) + "\n"


app = typer.Typer(
    name=_NAME,
    cls=Commands,
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def run() -> int:
    """Parse the command line and do it; the exit status."""
    if f"_{_NAME}_COMPLETE".upper() in os.environ:
        from typer.completion import get_completion_inspect_parameters

        get_completion_inspect_parameters()  # makes the shells known
    command: Any = typer.main.get_command(app)
    try:
        status = command.main(prog_name=_NAME, standalone_mode=False) or 0
        if status == _STOPPED:  # all that is left of a Ctrl-C
            raise KeyboardInterrupt
        return int(status)
    except typer.Abort as stop:
        raise KeyboardInterrupt from stop
    except Exception as error:
        return _misunderstood(error)


def _misunderstood(error: Exception) -> int:
    """What the parser says of a wrong option or a missing argument, as any other error."""
    context: Any = getattr(error, "ctx", None)
    if not hasattr(error, "format_message"):
        raise error
    if context is not None and type(error).__name__ == "NoArgsIsHelpError":
        render.out(context.get_help().rstrip())
        return ConfigError.exit_code
    message = error.format_message().rstrip(".")
    path = context.command_path if context is not None else _NAME
    raise ConfigError(message[:1].lower() + message[1:], f"`{path} --help` says how") from error


def _version(wanted: bool) -> None:
    if wanted:
        render.out(f"cairn {protocol.VERSION}")
        raise typer.Exit()


@app.callback()
def top(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """A personal memory that lives on this machine: watch folders, ask, get cited answers."""
