"""A command's question about the tree → the daemon, or an engine in this process.

Nothing of the engine is imported unless it is needed here.
"""

from __future__ import annotations

from typing import Annotated, Any

import typer

from cairn.app import client

Json = dict[str, Any]
NoDaemon = Annotated[bool, typer.Option("--no-daemon", help="Do it in this process.")]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")]
PANEL = "The context tree"


def call(op: str, args: Json | None = None, *, no_daemon: bool = False) -> Json:
    return _here(op, args or {}) if no_daemon else client.call(op, args or {})


def _here(op: str, args: Json) -> Json:
    from cairn.app import tree_operations
    from cairn.core.engine import Engine

    engine = Engine.open()
    try:
        engine.memory.notice()  # nobody has watched the files
        return tree_operations.run(engine, op, args)
    finally:
        engine.close()
