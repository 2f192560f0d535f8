"""What the terminal UI remembers from one time to the next, in the home: colours, the first run.

A home that can't be written to loses only this convenience.
"""

from __future__ import annotations

import contextlib
import json
import os
from typing import Any

from cairn.app import protocol


def get(name: str) -> Any:
    return _all().get(name)


def put(name: str, value: object) -> None:
    with contextlib.suppress(OSError):
        path = _file()
        temporary = f"{path}.{os.getpid()}.tmp"
        with open(temporary, "w", encoding="utf-8") as file:
            json.dump({**_all(), name: value}, file)
        os.replace(temporary, path)


def _all() -> dict[str, Any]:
    try:
        with open(_file(), encoding="utf-8") as file:
            found = json.load(file)
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _file() -> str:
    return os.path.join(protocol.home_of(), "run", "screen.json")
