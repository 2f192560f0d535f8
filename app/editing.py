"""A text → the user's editor, on a copy in a file → the text as it was left.

Called for entries and settings. The editor is waited for, also where it has a window of its own;
the copy is removed by whoever has taken the text over, and stays where that was refused.
"""

from __future__ import annotations

import os
import secrets
import shlex
import subprocess
from pathlib import Path

from cairn.app import keys, programs, protocol, render
from cairn.core.errors import ConfigError, Unavailable
from cairn.core.home import write_atomic


def copy_of(text: str, name: str) -> Path:
    """In the home's own folder for what passes: for its owner alone."""
    path = Path(protocol.home_of()) / "run" / f"{name}-{secrets.token_hex(3)}.md"
    try:
        write_atomic(path, text)
    except OSError as error:
        raise Unavailable(
            f"{path} can't be written: {error.strerror}", "free some space, or check its rights"
        ) from error
    return path


def edited(path: Path, original: str) -> str:
    """The copy's text when the editor has ended; `original` is what it is a copy of."""
    run_editor(path, original)
    try:
        return path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path} is not a text any more", "save it as UTF-8") from error


def run_editor(path: Path, original: str = "") -> None:
    editor = os.environ.get("VISUAL") or os.environ.get("EDITOR")
    if not editor:
        raise ConfigError(
            "neither VISUAL nor EDITOR is set", f"set one, or open {original or path}"
        )
    try:
        words = shlex.split(editor)
        flag = programs.wait_flag(words)
        status = subprocess.run([*words, *flag, str(path)], check=False).returncode
    except (OSError, ValueError, IndexError) as error:
        raise ConfigError(
            f"the editor `{editor}` can't be started", "set VISUAL or EDITOR to one that is there"
        ) from error
    if status:
        raise Unavailable(f"{words[0]} ended with status {status}", "nothing was changed")
    if programs.has_window(words[0]) and not flag and keys.is_interactive():
        keys.ask("press enter when you have saved it", "\n\r")


def discard(path: Path) -> None:
    path.unlink(missing_ok=True)


def kept_for_later(path: Path, again: str) -> str:
    """What to tell of a text that was refused."""
    return f"your text is in {render.home_path(str(path))}; `{again}` tries again"
