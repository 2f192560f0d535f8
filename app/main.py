"""Where `cairn` starts: a short way for questions, the full command line for the rest, and for the
command alone, on a terminal, the terminal UI.

A plain `ask` or `search` is parsed here and sent to the daemon without loading the command-line
library, which would take longer than the answer. Errors end here as one line, a hint and a code.
"""

from __future__ import annotations

import io
import os
import sys

from cairn.app import asking, narrowing, piped, render
from cairn.core.errors import CairnError


def main() -> None:
    arguments = sys.argv[1:]
    if sys.stdout is None:  # it was closed by whoever started us
        sys.stdout = open(os.devnull, "w")  # noqa: SIM115
    for stream in (sys.stdout, sys.stderr):
        if isinstance(
            stream, io.TextIOWrapper
        ):  # a terminal that lacks a letter still shows the rest
            stream.reconfigure(errors="backslashreplace")
    try:
        code = _understood(arguments)
        sys.stdout.flush()
    except CairnError as error:
        code = error.exit_code
        if "--json" in arguments:
            kind = type(error).__name__
            render.error_envelope(_command(arguments), kind, error.message, error.hint, code)
        else:
            render.error(error.message, error.hint)
    except KeyboardInterrupt:
        render.note("stopped")
        code = 130
    except BrokenPipeError:
        # The reader of a pipe has seen enough.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 0
    except OSError as error:
        where = f": {error.filename}" if error.filename else ""
        render.error(f"{error.strerror or error}{where}", "check path, rights and disk")
        code = 3
    except Exception as error:
        from cairn.app.log import log_bug

        render.error(f"something broke inside cairn ({type(error).__name__})", "run `cairn doctor`")
        log_bug(error)
        code = 70
    sys.exit(code)


_GROUPS = {
    "tree": ("show", "log", "diff", "undo", "restore", "import"),
    "daemon": ("start", "stop", "restart", "status", "pause", "resume"),
    "sources": ("detect", "add", "remove"), "bench": ("self",), "config": ("get", "set", "edit"),
    "private": ("on", "off", "status"), "service": ("install", "uninstall", "status"),
    "model": ("list", "recommend", "pull", "add", "use", "remove", "bench"),
}  # fmt: skip


def _command(arguments: list[str]) -> str:
    """As the answer would name it: `tree show`, though `tree garden` is `tree`."""
    group, *rest = arguments
    return f"{group} {rest[0]}" if rest and rest[0] in _GROUPS.get(group, ()) else group


def _understood(arguments: list[str]) -> int:
    try:
        return _run(arguments)
    except UnicodeEncodeError as error:  # a path may have what a text may not
        if piped.is_text(arguments):
            raise
        raise piped.no_text() from error


def _run(arguments: list[str]) -> int:
    if len(arguments) == 1 and " " in arguments[0].strip():
        return asking.ask(arguments[0])
    if not arguments:
        from cairn.app.tui import start

        if start.is_possible():
            return start.run()
    plain = _parse_plain(arguments)
    if plain is not None:
        return plain()
    from cairn.app.cli import run

    return run()


def _parse_plain(arguments: list[str]) -> asking.Command | None:
    """`ask` or `search` with words and plain options; anything else is not for here."""
    if not arguments or arguments[0] not in ("ask", "search"):
        return None
    words, as_json, quick, limit = [], False, False, None
    follows = ""
    only: dict[str, str] = {}
    rest = iter(arguments[1:])
    for argument in rest:
        if argument == "--json":
            as_json = True
        elif argument == "--quick" and arguments[0] == "ask":
            quick = True
        elif argument in ("-c", "--continue") and arguments[0] == "ask":
            follows = "always"
        elif argument == "-n" and arguments[0] == "search":
            number = next(rest, "")
            if not number.isascii() or not number.isdigit() or not 1 <= int(number) <= 1000:
                return None
            limit = int(number)
        elif argument.startswith("--") and argument[2:] in narrowing.NAMES:
            if not (value := next(rest, "")) or value.startswith("-"):
                return None
            only[argument[2:]] = value
        elif argument.startswith("-"):
            return None
        else:
            words.append(argument)
    text = " ".join(words)
    if not text:
        return None
    if arguments[0] == "ask":
        chosen = narrowing.narrowed(only)
        return lambda: asking.ask(text, as_json=as_json, only=chosen, quick=quick, follows=follows)
    return lambda: asking.search(text, limit=limit, as_json=as_json, only=narrowing.narrowed(only))
