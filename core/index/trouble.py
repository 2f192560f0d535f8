"""What LanceDB raises → what is wrong with the index and what to do about it, in words.

Around every call to the library: a file that is damaged can make it raise anything, panics of its
native code included, which are no `Exception`.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from cairn.core.errors import CairnError, Unavailable

_PANIC = "PanicException"
_LEAD, _WITHIN = "lance error: ", ", /rustc/"
"""Where in the library it happened says nothing to a user."""
_LONGEST = 200


@contextmanager
def translated(where: str) -> Iterator[None]:
    """`where` is the table, or the address, that is worked on inside."""
    try:
        yield
    except CairnError:
        raise
    except Exception as error:
        raise _unavailable(where, error) from error
    except BaseException as error:
        if type(error).__name__ != _PANIC:
            raise
        raise _unavailable(where, error) from error


def _unavailable(where: str, error: BaseException) -> Unavailable:
    reason = " ".join(str(error).split()).partition(_WITHIN)[0].removeprefix(_LEAD)[:_LONGEST]
    if "No space left" in reason or "os error 28" in reason:
        return Unavailable(
            f"the disk of the index is full ({where})",
            "free some space; nothing accepted so far is lost",
        )
    return Unavailable(
        f"the index {where} can't be used: {reason}",
        "`cairn rebuild` makes the index anew, and so does `cairn doctor --repair`",
    )
