"""What several rules ask of the same sentence, worked out once while a text is read.

Nothing is kept after that: what is forgotten must not stay in a process that goes on for weeks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import Any, ParamSpec, TypeVar

_P = ParamSpec("_P")
_R = TypeVar("_R")
_KNOWN: ContextVar[dict[Any, Any] | None] = ContextVar("known", default=None)


@contextmanager
def reading() -> Iterator[None]:
    """A text, by all the rules."""
    token = _KNOWN.set({})
    try:
        yield
    finally:
        _KNOWN.reset(token)


def once(function: Callable[_P, _R]) -> Callable[_P, _R]:
    """For what depends on its arguments alone, and gives what nobody changes."""

    @wraps(function)
    def asked(*args: _P.args, **kwargs: _P.kwargs) -> _R:
        known = _KNOWN.get()
        if known is None:
            return function(*args, **kwargs)
        key = (function, args, *sorted(kwargs.items()))
        if key not in known:
            known[key] = function(*args, **kwargs)
        found: _R = known[key]
        return found

    return asked
