"""`cairn doctor`: one check for each part, with the next command to run where one is not well.

Looks for itself wherever it can, and asks the daemon only for what only the daemon knows, so that
it still works when the daemon does not.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from cairn.app import client, render
from cairn.app.doctor import machine, memory, safety
from cairn.app.doctor.machine import Finding
from cairn.core.config import load_config
from cairn.core.errors import CairnError, Unavailable
from cairn.core.home import home_path

Json = dict[str, Any]


def examine(*, deep: bool = False) -> Json:
    checks = {**machine.CHECKS, **safety.CHECKS}
    found = [_run(name, check) for name, check in checks.items()]
    found += _of_memory(_Told())
    return {"checks": [*found, *(_deep() if deep else ())]}


def _of_memory(told: _Told) -> list[Json]:
    """What keeps the memory from being opened at all is told once, not for each of its parts."""
    found = {name: _run(name, partial(check, told)) for name, check in memory.CHECKS.items()}
    if told.lost is None:
        return list(found.values())
    known = [each for each in found.values() if each["message"] != told.lost.message]
    return [_check("memory", "fail", told.lost.message, told.lost.hint), *known]


def _deep() -> list[Json]:
    """Every document by a sentence of its own, and everything that does not add up."""
    try:
        wrong = client.call("deep")["mismatches"]
        tried = client.call("findability", {}, render.progress)
    except CairnError as error:
        return [_check("deep", "fail", error.message, error.hint)]
    finally:
        render.end_progress()
    counts = [_check(each["part"], "warn", each["said"], each["next"]) for each in wrong]
    whole = f"{tried['found']} of {tried['tried']} documents are found by a sentence of their own"
    command = "cairn findability" if tried["lost"] else ""
    lost = _check("findable", "warn" if tried["lost"] else "ok", whole, command)
    adds_up = _check("counts", "ok", "journal, tree, index, shelf and vectors add up", "")
    return [*(counts or [adds_up]), lost]


def repair() -> list[Json]:
    """In this process, as the daemon may be what can't start."""
    from dataclasses import asdict

    from cairn.core.repair import Repair

    client.stop()
    return [asdict(deed) for deed in Repair(home_path(), load_config()).run()]


def _check(name: str, state: str, message: str, command: str) -> Json:
    return {"name": name, "state": state, "message": message, "next": command}


def _run(name: str, check: Callable[[], Finding]) -> Json:
    try:
        state, message, command = check()
    except CairnError as error:
        state, message, command = "fail", error.message, error.hint
    except Exception as error:  # a check that breaks is a finding, not the end of the report
        state, message, command = "fail", f"the check broke ({type(error).__name__})", ""
    return _check(name, state, message, command)


class _Told:
    """What the daemon said: each thing is asked once, and a daemon that can't be had no more."""

    def __init__(self) -> None:
        self._said: dict[str, Json] = {}
        self.lost: Unavailable | None = None

    def __call__(self, op: str, args: Json | None = None) -> Json:
        if self.lost:
            raise self.lost
        if op not in self._said:
            try:
                self._said[op] = client.call(op, args or {})
            except Unavailable as error:
                self.lost = error
                raise
        return self._said[op]
