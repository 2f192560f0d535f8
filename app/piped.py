"""What is typed or piped into a command → text, without waiting for a writer that never writes.

Called by the commands. A question may be asked by a program that holds its pipe open, so only a
pipe that says something soon is read. A text that is kept is whole: what is not UTF-8 is refused.
"""

from __future__ import annotations

import json
import os
import select
import stat
import sys
from typing import Any

from cairn.core.errors import ConfigError

_SOON_S = 1.0
_MOST = 1 << 20


def whole() -> str:
    """All of stdin, however long it takes."""
    try:
        return sys.stdin.buffer.read().decode()
    except UnicodeDecodeError as error:
        raise no_text() from error


def typed(text: str) -> str:
    """An argument that is no path; it may be UTF-8 also where the system's locale is not."""
    try:
        return text if is_text(text) else os.fsencode(text).decode()
    except UnicodeError as error:
        raise no_text() from error


def is_text(arguments: Any) -> bool:
    """Not so where there are bytes in it that are no UTF-8, such as file names may have."""
    try:
        json.dumps(arguments, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return False
    return True


def no_text() -> ConfigError:
    return ConfigError(
        "what was typed or piped in is not UTF-8 text",
        "pipe it through `iconv -f latin1 -t utf-8`, or name the encoding it is in",
    )


def beside() -> str:
    """The beginning of what comes through a pipe; "" from a terminal, a file or nowhere.

    A file is left alone: it may be what a loop around the command reads its lines from.
    """
    try:
        if not stat.S_ISFIFO(os.fstat(0).st_mode) or not select.select([0], [], [], _SOON_S)[0]:
            return ""
        with open(0, "rb", closefd=False) as pipe:
            return pipe.read(_MOST).decode("utf-8", "replace").strip()
    except (OSError, ValueError):  # closed by whoever started us
        return ""
