"""One key on the terminal → what was pressed, without waiting for enter.

Called where a person goes through questions. Keys that were pressed before the question was there
do not answer it.
"""

from __future__ import annotations

import os
import sys

from cairn.app import render


def is_interactive() -> bool:
    """Can somebody be asked?"""
    return sys.stdin.isatty() and sys.stderr.isatty()


def ask(question: str, allowed: str) -> str:
    """One of the allowed keys; "q" when the terminal is gone."""
    while True:
        render.prompt(question)
        pressed = _read().casefold()
        render.note(pressed if pressed.isprintable() else "")
        if pressed in ("", "\x04"):
            return "q"
        if len(pressed) == 1 and pressed in allowed:
            return pressed


def _read() -> str:
    import termios
    import tty

    keyboard = sys.stdin.fileno()
    before = termios.tcgetattr(keyboard)
    try:
        tty.setcbreak(keyboard)
        return os.read(keyboard, 16).decode("utf-8", "replace")
    except OSError:  # the terminal was closed
        return ""
    finally:
        termios.tcsetattr(keyboard, termios.TCSADRAIN, before)
