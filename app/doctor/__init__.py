"""`cairn doctor`: one check for each part, with the next command to run where one is not well.

Looks for itself wherever it can, and asks the daemon only for what only the daemon knows, so that
it still works when the daemon does not.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from cairn.app import client
from cairn.app.doctor import machine, memory, safety
from cairn.app.doctor.machine import Finding
from cairn.core.errors import CairnError, Unavailable

Json = dict[str, Any]


def examine() -> Json:
    told = _Told()
    checks: dict[str, Callable[[], Finding]] = {**machine.CHECKS, **safety.CHECKS}
    for name, check in memory.CHECKS.items():
        checks[name] = partial(check, told)
    return {"checks": [_run(name, check) for name, check in checks.items()]}


def _run(name: str, check: Callable[[], Finding]) -> Json:
    try:
        state, message, command = check()
    except CairnError as error:
        state, message, command = "fail", error.message, error.hint
    except Exception as error:  # a check that breaks is a finding, not the end of the report
        state, message, command = "fail", f"the check broke ({type(error).__name__})", ""
    return {"name": name, "state": state, "message": message, "next": command}


class _Told:
    """What the daemon said: each thing is asked once, and a daemon that can't be had no more."""

    def __init__(self) -> None:
        self._said: dict[str, Json] = {}
        self._lost: Unavailable | None = None

    def __call__(self, op: str, args: Json | None = None) -> Json:
        if self._lost:
            raise self._lost
        if op not in self._said:
            try:
                self._said[op] = client.call(op, args or {})
            except Unavailable as error:
                self._lost = error
                raise
        return self._said[op]
