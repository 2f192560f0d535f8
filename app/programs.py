"""What is known of other people's programs: how they take a line or a page, which have a window.

Looked up by `open` and `edit`. A program that is not named here is started with the path alone, in
the foreground, which is right for any editor.
"""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

_LINE_FORMS = {
    "+{line} {path}": "vi vim nvim view nvi vis gvim mvim nano pico micro helix hx kak joe mg ne "
    "emacs emacsclient gedit pluma xed geany",
    "-g {path}:{line}": "code code-insiders code-oss codium vscodium cursor windsurf positron",
    "{path}:{line}": "subl zed zeditor",
    "-l {line} {path}": "kate kwrite mousepad mate",
    "--line {line} {path}": "idea pycharm webstorm goland clion rider rustrover phpstorm rubymine",
}
_LINE_FORM_OF = {name: form for form, names in _LINE_FORMS.items() for name in names.split()}
_WINDOWS = frozenset(
    """gvim mvim gedit gnome-text-editor pluma xed geany code code-insiders code-oss codium vscodium
    cursor windsurf positron subl zed zeditor kate kwrite mousepad mate leafpad featherpad xdg-open
    open idea pycharm webstorm goland clion rider rustrover phpstorm rubymine zathura evince okular
    xreader atril""".split()
)
_WAIT_FORMS = {
    "--wait": "code code-insiders code-oss codium vscodium cursor windsurf positron subl zed "
    "zeditor gedit idea pycharm webstorm goland clion rider rustrover phpstorm rubymine",
    "-f": "gvim mvim",
    "--block": "kate",
    "-w": "mate",
}
_WAITS = {name: flag for flag, names in _WAIT_FORMS.items() for name in names.split()}
_VIEWERS = tuple((name, "-P" if name == "zathura" else "-p") for name in (
    "zathura", "evince", "okular", "xreader",
))  # fmt: skip
# Texts that a person reads in another program than an editor.
_PAGES = frozenset((".html", ".htm", ".xhtml"))
_VIEWED = _PAGES | {".eml", ".mhtml", ".mht", ".svg", ".rtf", ".ics", ".vcf", ".ipynb", ".fb2"}
_RUN = frozenset(
    """.desktop .command .tool .terminal .app .workflow .scpt .exe .msi .bat .cmd .com .scr .ps1
    .vbs .jar .appimage .run .lnk .url .webloc .reg .sh .pkg .dmg""".split()
)


def line_form(program: str) -> str:
    """How it is told the line, as a template; "" when that isn't known."""
    return _LINE_FORM_OF.get(_name(program), "")


def has_window(program: str) -> bool:
    return _name(program) in _WINDOWS


def wait_flag(words: list[str]) -> list[str]:
    """What makes an editor with a window end only when the file is closed there."""
    flags = _WAITS.get(_name(words[0]), "").split()
    return [] if set(flags) & set(words[1:]) or "-w" in words[1:] else flags


def page_viewer() -> list[str] | None:
    """The first viewer on this machine that can be told a page."""
    for name, flag in _VIEWERS:
        if shutil.which(name):
            return [name, flag, "{page}", "{path}"]
    return None


def system_opener(*, is_text: bool = False) -> list[str] | None:
    """What opens a file with the program that the user's desktop has for it."""
    if sys.platform == "darwin":
        return ["open", "-t"] if is_text else ["open"]
    return ["xdg-open"] if shutil.which("xdg-open") else None


def would_run(path: Path) -> bool:
    """May a desktop take opening this file for starting it?"""
    return path.suffix.lower() in _RUN


def has_viewer(suffix: str, *, at_line: bool) -> bool:
    """Is there mostly a better program for it than an editor? A page's line needs the editor."""
    return suffix in _VIEWED and not (at_line and suffix in _PAGES)


def _name(program: str) -> str:
    """`/usr/bin/vim.basic` → `vim`."""
    return os.path.basename(program).lower().partition(".")[0]
