"""Opens the terminal UI and says how it ended; called for `cairn` alone on a terminal."""

from __future__ import annotations

import os
import sys

from cairn.app import protocol, render
from cairn.core.config import load_config

_BUG = 70


def is_possible() -> bool:
    """Is there a terminal on both sides, and one that can be drawn on?"""
    if os.environ.get("TERM", "dumb") == "dumb":
        return False
    return sys.stdin.isatty() and sys.stdout.isatty()


def run() -> int:
    """Exit status 0, or 70 after a bug, which is in the log."""
    settings = load_config().tui
    from cairn.app.tui.app import Cairn

    app = Cairn(settings)
    status = app.run()
    if app.bug is None:
        return status or 0
    log = _note(app.bug)
    what = f"something broke inside cairn ({type(app.bug).__name__})"
    render.error(what, f"see {log}, and run `cairn doctor`; nothing is lost")
    return _BUG


def _note(bug: Exception) -> str:
    from cairn.app.log import log_bug

    path = os.path.join(protocol.home_of(), "logs", "screen.log")
    try:
        with open(path, "a", encoding="utf-8") as file:
            log_bug(bug, file)
    except OSError:
        return "the folder of logs"
    return path
