"""`mcp`: the memory for assistants on this machine."""

from __future__ import annotations

import json
import os
import signal
import sys
from importlib.util import find_spec
from typing import Annotated

import typer

from cairn.app import protocol, render
from cairn.core.errors import Unavailable

_PACKAGE = "mcp"


def mcp(
    allow_write: Annotated[
        bool, typer.Option("--allow-write", help="Also let it put thoughts into memory.")
    ] = False,
    print_config: Annotated[
        bool, typer.Option("--print-config", help="Print what an assistant's settings need.")
    ] = False,
) -> None:
    """Let an assistant on this machine search and ask your memory, over MCP on stdin and stdout.
    An assistant starts it by itself. It can only read, unless you say otherwise here or with
    `cairn config set mcp.allow_write true`.

    Examples: `cairn mcp --print-config`, `claude mcp add cairn -- cairn mcp`
    """
    if print_config:
        render.out(json.dumps(_settings(allow_write), indent=2))
        return
    if find_spec(_PACKAGE) is None:
        raise Unavailable(
            "the parts that speak MCP are not installed", f"{_python()} -m pip install 'cairn[mcp]'"
        )
    from cairn.app.mcp.server import serve
    from cairn.core.config import load_config

    # Nothing is lost, and whoever waits for a line on stdin can't be told otherwise.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    if sys.stdin.isatty():
        render.note("this is for an assistant to start; `--print-config` says how. Ctrl-C ends it")
    serve(may_write=allow_write or load_config().mcp.allow_write)


def _settings(allow_write: bool) -> dict[str, object]:
    """With the whole path: assistants are seldom started from a shell."""
    arguments = ["-P", "-m", "cairn.app", "mcp", *(["--allow-write"] if allow_write else [])]
    env = {name: os.environ[name] for name in ("CAIRN_HOME", "CAIRN_CONFIG") if name in os.environ}
    if "CAIRN_HOME" in env:
        env["CAIRN_HOME"] = protocol.home_of()
    server = {"command": sys.executable, "args": arguments, **({"env": env} if env else {})}
    return {"mcpServers": {"cairn": server}}


def _python() -> str:
    return render.quoted(sys.executable)
