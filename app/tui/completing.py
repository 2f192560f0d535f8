"""What is typed of a path → the folders, or files as well, that it may become.

Used wherever a path is typed; `~` is understood, hidden names only when their dot is typed.
"""

from __future__ import annotations

import os

_MOST = 200


def completions(typed: str, *, files: bool = False) -> list[str]:
    """As one would type them, folders with a slash at the end; in the order of their names."""
    folder, name = os.path.split(typed)
    if typed == "~":
        return ["~/"]
    place = os.path.expanduser(folder or ".")
    found: list[tuple[str, bool]] = []
    try:
        with os.scandir(place) as entries:
            for entry in entries:
                is_hidden = entry.name.startswith(".") and not name.startswith(".")
                if is_hidden or not entry.name.casefold().startswith(name.casefold()):
                    continue
                is_folder = _is_folder(entry)
                if is_folder or files:
                    found.append((entry.name, is_folder))
                if len(found) >= _MOST:
                    break
    except (OSError, ValueError):
        return []
    ordered = sorted(found, key=lambda pair: (not pair[1], pair[0].casefold()))
    return [os.path.join(folder, name) + ("/" if is_folder else "") for name, is_folder in ordered]


def common(typed: str, found: list[str]) -> str:
    """As far as all of them agree; what is typed already where they don't."""
    if not found:
        return typed
    names = [one.casefold() for one in found]
    least, most = min(names), max(names)
    shared = next((n for n, char in enumerate(least) if most[n : n + 1] != char), len(least))
    return found[0][:shared] if shared > len(typed) else typed


def meant(typed: str) -> str:
    """The path itself, absolute."""
    return os.path.abspath(os.path.expanduser(typed.strip()))


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:
        return False
