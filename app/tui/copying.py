"""A text → the system's own clipboard, where a program is there that keeps one.

Called beside OSC 52, which works over ssh, but not in every terminal. Failing is no failure: the
terminal may have understood.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

from cairn.app.tui import door

_PATIENCE_S = 2.0


async def hand_over(words: str) -> None:
    if command := program():
        await door.do(lambda: _feed(command, words))


def program() -> list[str]:
    if sys.platform == "darwin":
        return ["pbcopy"]
    if os.environ.get("WAYLAND_DISPLAY") and shutil.which("wl-copy"):
        return ["wl-copy"]
    if os.environ.get("DISPLAY") and shutil.which("xclip"):
        return ["xclip", "-selection", "clipboard", "-in"]
    return []


def _feed(command: list[str], words: str) -> bool:
    nothing = subprocess.DEVNULL
    try:
        process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=nothing, stderr=nothing, start_new_session=True
        )
        process.communicate(words.encode("utf-8", "replace"), timeout=_PATIENCE_S)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return process.returncode == 0
