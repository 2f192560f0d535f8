"""What the client and the daemon must agree on; imports next to nothing, to start fast.

A request is one JSON line, a reply is any number of `progress` lines and then one `result` or
`error` line. A daemon of another version is asked to leave and a fresh one is started.
"""

from __future__ import annotations

import os
import time

PROTOCOL = 1
VERSION = "0.1.0"
"""Of the package, as a look into its metadata takes longer than a question."""
SCHEMA_VERSION = 1
"""Of the JSON that `--json` prints."""
MAX_LINE = 64 << 20
_SETTLED_S = 20.0


def home_of(env: dict[str, str] | os._Environ[str] = os.environ) -> str:
    """Where the home is, as `cairn.core.home.home_path` says, without its imports."""
    explicit = env.get("CAIRN_HOME")
    if explicit:
        return os.path.abspath(os.path.expanduser(explicit))
    base = env.get("XDG_DATA_HOME") or "~/.local/share"
    return os.path.join(os.path.abspath(os.path.expanduser(base)), "cairn")


def address_file(home: str) -> str:
    """Where a daemon writes its socket's path, and below it the home that it serves."""
    return os.path.join(home, "run", "address")


def read_address(home: str) -> str:
    """The socket of this home's daemon, or "" if there is none.

    A copy of a home brings the original's address along, so the home's own path is written there
    too: nothing meant for the copy must reach the original.
    """
    try:
        with open(address_file(home), encoding="utf-8", errors="surrogateescape") as file:
            address, _, owner = file.read().partition("\n")
    except OSError:
        return ""
    return address if owner.strip("\n") == os.path.realpath(home) else ""


def config_of(env: dict[str, str] | os._Environ[str] = os.environ) -> str:
    base = env.get("XDG_CONFIG_HOME") or "~/.config"
    path = env.get("CAIRN_CONFIG") or os.path.join(base, "cairn", "config.toml")
    return os.path.abspath(os.path.expanduser(path))


def absolute_environment() -> dict[str, str]:
    """The environment for a daemon, which lives in another folder than the command."""
    return {**os.environ, "CAIRN_HOME": home_of(), "CAIRN_CONFIG": config_of()}


def settings_signature() -> str:
    """Changes whenever a daemon started now would have other settings."""
    path = config_of()
    try:
        stamp = str(os.stat(path).st_mtime_ns)
    except OSError:
        stamp = "none"
    skipped = ("CAIRN_HOME", "CAIRN_CONFIG", "CAIRN_NO_PROGRESS")
    names = sorted(name for name in os.environ if name.startswith("CAIRN_"))
    told = (n for n in names if n not in skipped and not n.startswith("CAIRN_TUI_"))
    return "|".join([path, stamp, *(f"{n}={os.environ[n]}" for n in told)])


def is_replaced() -> bool:
    """Has another version of cairn taken the place of the one that runs, some moments ago?"""
    try:
        changed = os.stat(__file__).st_mtime
        with open(__file__, encoding="utf-8") as file:
            is_same = f'\nVERSION = "{VERSION}"' in file.read()
    except OSError:  # it is being replaced, or was removed: then there is nothing to start
        return False
    return not is_same and time.time() - changed > _SETTLED_S
