"""File paths ⇄ citation addresses: `file:~/notes/garden.md`, `file:~/trip.eml!/plan.docx`.

Used wherever a path is stored or shown, because a path may hold bytes that are not text. The
form is reversible, stays readable, and `~` lets a home move to another user's folder.
"""

from __future__ import annotations

import os
import re
import shlex
from pathlib import Path

_SCHEME = "file:"
INSIDE = "!/"
"""Between a file and what lies inside it, such as a mail and its attachment."""
_TREE = "tree:"
# What would break an address or a terminal: separators, the escape itself, control characters.
_UNSAFE = re.compile(r"[%#\x00-\x1f\x7f\ud800-\udfff]|!(?=/|\Z)")
_PLAIN = re.compile(r"[\w@%+=:,./~#-]+")
"""What no shell takes for anything else within a word."""
_UNSAFE_TYPED = re.compile(r"%(?![0-9A-F]{2})|[#\x00-\x1f\x7f]|!(?=!/|\Z)")


def file_uri(path: Path) -> str:
    text = str(path)
    home = os.path.expanduser("~")
    if home != "/" and (text == home or text.startswith(home + os.sep)):
        text = "~" + text[len(home) :]
    return _SCHEME + _UNSAFE.sub(_escape, text)


def part_uri(uri: str, name: str) -> str:
    """The address of what lies inside a file under a name, which is not to be taken for a path."""
    name = name.encode("utf-8", "replace").decode().replace("/", "_")
    return uri + INSIDE + _UNSAFE.sub(_escape, name)


def part_name(part: str) -> str:
    """What follows `INSIDE` as an address has it, also where somebody typed it as it is shown."""
    return _UNSAFE_TYPED.sub(_escape, part.encode("utf-8", "replace").decode())


def folder_uris(path: Path) -> tuple[str, ...]:
    """What the addresses of everything at or below a folder begin with."""
    home = Path("~").expanduser()
    below = (_SCHEME + "~",) if home != path and home.is_relative_to(path) else ()
    return (file_uri(path), *below)


def tree_uri(uri: str, root: Path) -> str:
    """Of what lies in the tree at `root` its place there, `tree:garden/plan.md`, which is the same
    in whatever home; any other address as it is."""
    lead = file_uri(root) + "/"
    return _TREE + uri[len(lead) :] if uri.startswith(lead) else uri


def from_tree_uri(uri: str, root: Path) -> str:
    """The address of such a place in the tree at `root`."""
    return f"{file_uri(root)}/{uri[len(_TREE) :]}" if uri.startswith(_TREE) else uri


def uri_path(uri: str) -> Path:
    """The path of a `file:` address, of the containing file where it names something inside it."""
    text = container(uri.removeprefix(_SCHEME).partition("#")[0])
    raw = re.sub(rb"%([0-9A-F]{2})", lambda match: bytes([int(match[1], 16)]), text.encode("utf-8"))
    return Path(os.fsdecode(raw)).expanduser()


def pasted(word: str) -> str:
    """A path or an address within a command that is suggested: whoever named the file, it is one
    word to the shell that the command is pasted into."""
    return word if _PLAIN.fullmatch(word) else shlex.quote(word)


def container(uri: str) -> str:
    """The address of the file itself, for what lies inside one."""
    return uri.partition(INSIDE)[0]


def _escape(match: re.Match[str]) -> str:
    return "".join(f"%{byte:02X}" for byte in os.fsencode(match[0]))
