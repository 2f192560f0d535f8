"""The log of changes that VS Code keeps of a chat session → the session, and what left it.

Each line sets a value, cuts a list and adds to it, or takes a value away, in the state that the
first line gives. Only what a reader wants is kept, so that a log takes little memory.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from cairn.core.chats.agents.copilot_parts import id_of
from cairn.core.chats.source import Line, Transcript

_SESSION = frozenset({"sessionId", "customTitle", "version", "requests"})
_REQUEST = frozenset(
    {
        "requestId", "timestamp", "message", "response", "variableData", "isSystemInitiated",
        "confirmation", "shouldBeRemovedOnSend", "isHidden", "isCanceled", "modelState", "result",
    }
)  # fmt: skip
_RESULT = frozenset({"toolCallRounds", "toolCallResults"})
_KINDS = {0: "initial", 1: "set", 2: "push", 3: "delete"}
_MOST_BYTES = 128 << 20
"""Of changes that were applied: beyond this, later ones are passed over."""
_MOST_GONE = 1_000
_DEEPEST = 50


@dataclass(slots=True)
class Replayed:
    """A session as its log leaves it."""

    session: dict[str, Any] = field(default_factory=lambda: {"requests": []})
    passed: Counter[tuple[str, bool]] = field(default_factory=Counter)
    """How many lines there were of each kind, and whether the kind is known."""
    lines: dict[str, int] = field(default_factory=dict)
    """Where each request came in first."""
    gone: dict[str, tuple[int, dict[str, Any]]] = field(default_factory=dict)
    """Requests that were taken out, and at which place they had stood."""
    size: int = 0
    """Of the lines that it was made from."""

    @property
    def requests(self) -> list[Any]:
        found = self.session.get("requests")
        return found if isinstance(found, list) else []

    def all(self) -> Iterator[tuple[Any, int, bool]]:
        """Requests in order, each with its line and whether it was taken out."""
        live = {id_of(request) for request in self.requests}
        gone: dict[int, list[dict[str, Any]]] = {}
        for id, (place, request) in self.gone.items():
            if id not in live:
                gone.setdefault(min(place, len(self.requests)), []).append(request)
        for place, request in enumerate([*self.requests, None]):
            for left in gone.get(place, ()):
                yield left, self.lines.get(id_of(left), 0), True
            if place < len(self.requests):
                yield request, self.lines.get(id_of(request), 0), False

    def apply(self, entry: Any, line: Line) -> bool:
        """Make one change; false when it is none that can be made."""
        entry = entry if isinstance(entry, dict) else {}
        kind, path, value = entry.get("kind"), _path(entry.get("k")), entry.get("v")
        if kind == 0 and isinstance(value, dict):
            self.size = len(line.data)
            self.session = {"requests": []} | _only(value, _SESSION)
            self.session["requests"] = self._come_in(self.requests, line.number)
            return True
        if kind not in (1, 2, 3) or not path:
            return False
        if not _is_wanted(path):
            return True
        self.size += len(line.data)
        if self.size > _MOST_BYTES:
            return False
        if path == ["requests"]:
            value = self._come_in(value, line.number)
        elif path[0] == "requests" and len(path) == 2:
            value = self._come_in([value], line.number)[0]
        elif path[0] == "requests" and path[2:] == ["result"]:
            value = _result(value)
        if kind == 2:
            return self._push(path, value, entry.get("i"))
        return self._set(path, value, is_delete=kind == 3)

    def _come_in(self, requests: Any, line: int) -> list[Any]:
        found = []
        for request in requests if isinstance(requests, list) else ():
            if isinstance(request, dict):
                request = _only(request, _REQUEST)
                request["result"] = _result(request.get("result"))
                self.lines.setdefault(id_of(request), line)
            found.append(request)
        return found

    def _go_out(self, place: int, requests: list[Any]) -> None:
        for request in requests:
            if isinstance(request, dict) and len(self.gone) < _MOST_GONE:
                self.gone[id_of(request)] = (place, request)

    def _push(self, path: list[str | int], values: Any, start: Any) -> bool:
        holder, name = self._holder(path), path[-1]
        if isinstance(holder, dict):
            known = holder[name] = [] if holder.get(name) is None else holder[name]
        else:
            known = holder[name] if _is_in(holder, name) else None
        if not isinstance(known, list):
            return False
        if isinstance(start, int) and not isinstance(start, bool) and start >= 0:
            if path == ["requests"]:
                self._go_out(start, known[start:])
            del known[start:]
        if isinstance(values, list):
            known.extend(values)
        return values is None or isinstance(values, list)

    def _set(self, path: list[str | int], value: Any, *, is_delete: bool) -> bool:
        holder, name = self._holder(path), path[-1]
        if path == ["requests"] and not is_delete:
            self._go_out(0, self.requests)
        if isinstance(holder, dict):
            holder[name] = None if is_delete else value
        elif _is_in(holder, name):
            if path[0] == "requests" and len(path) == 2 and isinstance(name, int):
                self._go_out(name, [holder[name]])
            holder[name] = None if is_delete else value
        elif isinstance(holder, list) and name == len(holder) and not is_delete:
            holder.append(value)
        else:
            return False
        return True

    def _holder(self, path: list[str | int]) -> Any:
        """What the last step of a path is in."""
        found: Any = self.session
        for step in path[:-1]:
            if isinstance(found, dict):
                found = found.get(step)
            else:
                found = found[step] if _is_in(found, step) else None
        return found


def replay(source: Transcript) -> Replayed:
    result = Replayed()
    for line in source.lines({}):
        entry = line.json()
        kind = entry.get("kind") if isinstance(entry, dict) else None
        word = _KINDS.get(kind, "") if isinstance(kind, int) else ""
        is_made = result.apply(entry, line)
        result.passed[word or "line", bool(word) and is_made] += 1
    return result


def _only(value: dict[str, Any], names: frozenset[str]) -> dict[str, Any]:
    return {name: kept for name, kept in value.items() if name in names}


def _result(value: Any) -> dict[str, Any]:
    metadata = value.get("metadata") if isinstance(value, dict) else None
    return {"metadata": _only(metadata, _RESULT)} if isinstance(metadata, dict) else {}


def _path(steps: Any) -> list[str | int]:
    """Empty for what is none."""
    is_short = isinstance(steps, list) and len(steps) <= _DEEPEST
    return steps if is_short and all(type(step) in (str, int) for step in steps) else []


def _is_wanted(path: list[str | int]) -> bool:
    if path[0] != "requests" or len(path) < 3:
        return path[0] in _SESSION
    return path[2] in _REQUEST


def _is_in(holder: Any, place: Any) -> bool:
    return isinstance(holder, list) and type(place) is int and 0 <= place < len(holder)
