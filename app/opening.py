"""`open`: a citation → the program that shows that place, started without a shell.

Texts open in the user's editor at the line, PDFs in a viewer at the page, anything else in what the
system has for it. Terminal editors run in the foreground; windows are left to themselves.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import quote

from cairn.app import client, last, programs, render
from cairn.app.showing import entry_named
from cairn.core.config import Open, load_config
from cairn.core.errors import ConfigError, NotFound, Unavailable
from cairn.core.locate import Target, parse_citation

_URI = re.compile(r"[a-z][a-z0-9+.-]*://", re.IGNORECASE)
_PLACEHOLDER = re.compile(r"\{([a-z]+)\}")
_PEEK_BYTES = 8192
_EARLY_S = 0.7
"""A window that can't be opened is mostly known within this time."""
_COMMAND, _PAGE_COMMAND = "open.command", "open.page_command"
_EXAMPLE = {
    _COMMAND: 'cairn config set open.command "code -g {path}:{line}"',
    _PAGE_COMMAND: 'cairn config set open.page_command "zathura -P {page} {path}"',
}


@dataclass(frozen=True, slots=True)
class Opening:
    command: tuple[str, ...]
    in_terminal: bool
    """Runs in the foreground, and its exit status is ours."""
    note: str = ""
    """What a user should know, such as that the place can't be passed on."""


def open_citation(citation: str, *, only_print: bool = False) -> int:
    """Exit status 0, or that of a terminal editor."""
    return open_target(target_of(citation), load_config().open, only_print=only_print)


def planned(citation: str) -> Opening:
    """Nothing is started and nothing printed: the terminal UI sees to that."""
    return plan_opening(target_of(citation), load_config().open)


def target_of(citation: str) -> Target:
    """Where the text is that a citation means, by the daemon's word."""
    if name := entry_named(citation):
        citation = client.call("tree_text", {"name": name})["file"]
    target = parse_citation(last.resolve(citation))
    if target.chat:
        origin = client.call("turn_source", {"address": target.address})
        line = origin["line"]
        return Target(Path(origin["path"]), "", "L" if line else None, line, line)
    if not os.path.isfile(target.path):  # whoever knows the files says which may have been meant
        client.call("show", {"address": target.address, "context": 0})
    return target


def open_target(target: Target, settings: Open, *, only_print: bool = False) -> int:
    opening = plan_opening(target, settings)
    if only_print:
        render.out(render.clean(shlex.join(opening.command)))
        return 0
    if opening.note:
        render.note(render.clean(opening.note))
    return start(opening)


def plan_opening(target: Target, settings: Open) -> Opening:
    """Raises NotFound without the file, ConfigError without a program to open it."""
    path = target.path
    if not os.path.isfile(path):
        raise NotFound(f"{path} is not there", "`cairn search` finds where it is now")
    if target.part:
        opening = plan_opening(Target(path), settings)
        return replace(opening, note=f"{target.part} is inside {path.name}, which is opened")
    if path.suffix.lower() == ".pdf":
        return _at_page(target, settings)
    if _is_text(target):
        return _at_line(target, settings)
    return _by_system(target, _COMMAND)


def start(opening: Opening) -> int:
    if opening.in_terminal:
        return _in_foreground(opening.command)
    nothing = subprocess.DEVNULL
    try:
        process = subprocess.Popen(
            opening.command, stdin=nothing, stdout=nothing, stderr=nothing, start_new_session=True
        )
    except OSError as error:
        raise _not_startable(opening, error) from error
    try:
        status = process.wait(_EARLY_S)
    except subprocess.TimeoutExpired:
        process.returncode = 0  # it goes on without us
        return 0
    if status:
        raise Unavailable(
            f"{opening.command[0]} could not open it (exit status {status})",
            f"set another program: `{_EXAMPLE[_COMMAND]}`",
        )
    return 0


def _in_foreground(command: tuple[str, ...]) -> int:
    terminal = None
    if not os.isatty(0):  # at the end of a pipe, an editor still needs the keyboard
        try:
            terminal = os.open("/dev/tty", os.O_RDWR | os.O_CLOEXEC)
        except OSError:
            terminal = None
    try:
        process = subprocess.Popen(command, stdin=terminal)
    except OSError as error:
        raise _not_startable(Opening(command, True), error) from error
    finally:
        if terminal is not None:
            os.close(terminal)
    while True:
        try:
            status = process.wait()
            return status if status >= 0 else 128 - status
        except KeyboardInterrupt:
            continue  # Ctrl-C is the editor's


def _not_startable(opening: Opening, error: OSError) -> ConfigError:
    return ConfigError(
        f"`{opening.command[0]}` can't be started: {error.strerror}",
        f"set another program: `{_EXAMPLE[_COMMAND]}`",
    )


# -- which program


def _at_line(target: Target, settings: Open) -> Opening:
    # The turns of our own format are numbered by the line of their file.
    has_lines = target.unit == "L" or (target.unit == "t" and target.name.endswith("turns.jsonl"))
    line = target.first if has_lines else 0
    if settings.command:
        return _from_template(settings.command, _COMMAND, target, line=line)
    variable = "VISUAL" if os.environ.get("VISUAL") else "EDITOR"
    editor = os.environ.get(variable, "")
    if not editor.strip():
        return _by_system(target, _COMMAND, is_text=True)
    words = _words(editor, variable)
    _check_found(words[0], variable, target.path)
    form = programs.line_form(words[0])
    note = ""
    if line and not form:
        note = f"{words[0]} opens it at its beginning; the place is {target.locator}"
    wanted = form if line and form else "{path}"
    arguments = _filled(shlex.split(wanted), _values(target.path, line, 0), _COMMAND)
    return Opening((*words, *arguments), not programs.has_window(words[0]), note)


def _at_page(target: Target, settings: Open) -> Opening:
    page = target.first if target.unit == "p" else 0
    if settings.page_command:
        return _from_template(settings.page_command, _PAGE_COMMAND, target, page=page)
    viewer = programs.page_viewer() if page else None
    if not viewer:
        return _by_system(target, _PAGE_COMMAND)
    arguments = _filled(viewer, _values(target.path, 0, page), _PAGE_COMMAND)
    return Opening(tuple(arguments), in_terminal=False)


def _by_system(target: Target, setting: str, *, is_text: bool = False) -> Opening:
    opener = programs.system_opener(is_text=is_text)
    if not opener:
        raise ConfigError(
            f"no program was found to open {target.path}", f"set one: `{_EXAMPLE[setting]}`"
        )
    if programs.would_run(target.path) and "-t" not in opener:
        raise ConfigError(
            f"{target.path} might be run instead of opened",
            f"set an editor for it: `{_EXAMPLE[_COMMAND]}`",
        )
    name, place = target.path.name, target.locator
    note = f"{name} opens at its beginning; the place is {place}" if place else ""
    return Opening((*opener, str(target.path)), in_terminal=False, note=note)


def _is_text(target: Target) -> bool:
    """What an editor shows better than the program that the system has for it."""
    suffix = target.path.suffix.lower()
    if programs.has_viewer(suffix, at_line=target.unit == "L"):
        return False
    if target.unit == "L":
        return True
    with target.path.open("rb") as file:
        head = file.read(_PEEK_BYTES)
    try:
        head.decode("utf-8")
    except UnicodeDecodeError as error:
        # A letter may be cut in two where the peek ends.
        return len(head) == _PEEK_BYTES and error.start > _PEEK_BYTES - 4 and b"\0" not in head
    return b"\0" not in head


# -- templates


def _from_template(
    template: str, setting: str, target: Target, *, line: int = 0, page: int = 0
) -> Opening:
    values = _values(target.path, line, page)
    if _URI.match(template):
        raw = os.fsencode(target.path)
        values.update(path=quote(raw), uri=quote(values["uri"], safe=""))
        opener = programs.system_opener()
        if not opener:
            raise ConfigError(
                f"nothing was found that opens the address in `{setting}`; "
                f"the file is {target.path}",
                f"set a program instead: `{_EXAMPLE[setting]}`",
            )
        return Opening((*opener, *_filled([template], values, setting)), in_terminal=False)
    words = _words(template, setting)
    _check_found(words[0], setting, target.path)
    filled = _filled(words, values, setting)
    if not any(name in template for name in ("{path}", "{uri}")):
        filled.append(values["path"])
    window = setting == _PAGE_COMMAND or programs.has_window(words[0])
    return Opening(tuple(filled), in_terminal=not window)


def _values(path: Path, line: int, page: int) -> dict[str, str]:
    """`{uri}` is the file's `file://` address, which other programs understand."""
    return {
        "path": str(path), "line": str(line or 1), "page": str(page or 1), "uri": path.as_uri(),
    }  # fmt: skip


def _filled(words: list[str], values: dict[str, str], setting: str) -> list[str]:
    """Each word with its placeholders filled; a value never becomes a word of its own."""

    def fill(found: re.Match[str]) -> str:
        if found[1] not in values:
            raise ConfigError(
                f"`{setting}` has an unknown placeholder {found[0]}",
                "there are {path}, {line}, {page} and {uri}",
            )
        return values[found[1]]

    return [_PLACEHOLDER.sub(fill, word) for word in words]


def _words(command: str, source: str) -> list[str]:
    try:
        words = shlex.split(command)
    except ValueError:
        words = []
    if not words:
        raise ConfigError(
            f"`{source}` is not a command: {command}", "check its quotes; it needs a program"
        )
    return [os.path.expanduser(words[0]), *words[1:]]


def _check_found(program: str, source: str, path: Path) -> None:
    if not shutil.which(program):
        raise ConfigError(
            f"the program `{program}` that {source} names was not found; the file is {path}",
            f"set {source} to one that is there, or `{_EXAMPLE[_COMMAND]}`",
        )
