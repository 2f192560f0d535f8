"""Every error cairn raises on purpose, each with a message, a hint and an exit code.

    CairnError
    ├── ConfigError      2  a setting, flag or address is wrong; names file, key and remedy
    ├── NotFound         1  nothing matches
    ├── Unavailable      3  try later or repair: daemon, model, disk, permission, newer home
    │   ├── Busy         3  somebody else holds the home
    │   └── Outdated     3  the daemon is of another version or has other settings
    └── ExtractError     4  one file could not be read; `code` says why for counting

Stages raise these; the command line and the daemon translate them. Anything else is a bug (70).
"""

from __future__ import annotations


class CairnError(Exception):
    exit_code = 70

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class ConfigError(CairnError):
    exit_code = 2


class NotFound(CairnError):
    exit_code = 1


class Unavailable(CairnError):
    exit_code = 3


class Busy(Unavailable):
    pass


class Outdated(Unavailable):
    pass


DISK = "disk-error"
"""The code of what may well be read the next time, with the same size and times."""


class ExtractError(CairnError):
    """A file gave no text. `skipped` is a matter of policy or type; otherwise it is a failure."""

    exit_code = 4

    def __init__(self, code: str, message: str, *, skipped: bool = False) -> None:
        super().__init__(message)
        self.code = code
        self.skipped = skipped


def reason_of(error: Exception) -> str:
    """What a user is told of any failure: of a bug its kind only, as its text may quote a file."""
    if isinstance(error, CairnError):
        return error.message
    return f"something broke inside cairn ({type(error).__name__})"


_BY_NAME: dict[str, type[CairnError]] = {
    cls.__name__: cls for cls in (ConfigError, NotFound, Unavailable, Busy, Outdated)
}


def from_wire(name: str, message: str, hint: str) -> CairnError:
    """The error a daemon reported, as the class that carries its exit code."""
    return _BY_NAME.get(name, CairnError)(message, hint)
