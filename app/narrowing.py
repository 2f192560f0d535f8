"""`--in`, `--kind`, `--from`, `--origin`, `--since`, `--until`: options → what the engine is asked.

Shared by the short way in main.py and the full command line. Paths become absolute and days ISO
here, where the user is; what nobody can mean is refused by the engine.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping

from cairn.core.errors import ConfigError

NAMES = ("in", "kind", "from", "origin", "since", "until")
"""Of the options, without their dashes, and of the fields of `filters` in JSON."""
Words = dict[str, str]


def narrowed(given: Mapping[str, str]) -> Words:
    """What was given, by the names of the options; empty ones are left out."""
    found = {name: given[name].strip() for name in NAMES if name in given}
    for name, text in found.items():
        if not text and given[name]:
            raise ConfigError(f"`--{name}` is empty", f"say what, or leave out `--{name}`")
    if "in" in found:
        found["in"] = _place(found["in"])
    if found.get("since") or found.get("until"):
        from cairn.app.moments import first_day, on_day

        found["since"] = first_day(found.get("since", ""))
        found["until"] = on_day(found.get("until", ""))
    return {name: text for name, text in found.items() if text}


def _place(text: str) -> str:
    """A path as it is from here; a name that is none here is looked for in the memory."""
    if text.startswith(("chat:", "file:")) and not os.path.lexists(text):
        return text
    path = os.path.expanduser(text)
    is_path = os.sep in text or text in (".", "..") or os.path.lexists(path)
    return os.path.abspath(path) if is_path else text


def left_out(names: Iterable[str]) -> str:
    """For whoever finds nothing and has forgotten what was given."""
    given = [f"`--{name}`" for name in names]
    listed = " and ".join(filter(None, (", ".join(given[:-1]), *given[-1:])))
    return f"{listed} {'leaves' if len(given) == 1 else 'leave'} the rest out" if given else ""
