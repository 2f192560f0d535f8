"""A transcript → batches of its turns, without secrets, long outputs clipped, ready to be kept.

Runs in the extractor process. One transcript is open at a time and read on from batch to batch; a
batch that ends at a checkpoint says with which state a later process can go on.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from cairn.core.chats.formats import FORMATS, Format, format_of, recognise
from cairn.core.chats.source import Transcript
from cairn.core.chats.turn import About, Checkpoint, Item, Passed, State, Turn, Version
from cairn.core.chats.units import units
from cairn.core.errors import ExtractError
from cairn.core.extract.source import clean, clip, unify_newlines
from cairn.core.records import digest
from cairn.core.redact import redact

_TURNS, _CHARS, _SECONDS = 500, 1_000_000, 2.0
"""A batch ends at the first checkpoint after one of these."""
_AT_MOST = 4
"""And without any checkpoint at so many times as much."""
_TOOL_CHARS, _CONTEXT_CHARS, _MOST_CHARS = 2_000, 400, 200_000
_NAME_CHARS, _COMMAND_CHARS = 200, 500
_MOST_NAMES = 50


class Batches:
    """The batches of one transcript, from where `state` says."""

    def __init__(self, path: Path, kind: str, state: State, me: Sequence[str]) -> None:
        self.path = path
        self._me = frozenset(name.casefold() for name in me)
        self._source = self._reading = Transcript(path)
        self._kind = kind
        self._parts: dict[str, State] = state
        self._items = self._read()

    def next(self) -> dict[str, Any]:
        """The next batch as plain JSON: items of one format in order, and what was counted."""
        started = time.monotonic()
        items: list[dict[str, Any]] = []
        passed: Counter[str] = Counter()
        unknown: Counter[str] = Counter()
        redacted: Counter[str] = Counter()
        kind, version, chars, state = "", "", 0, None
        is_last = True
        for format, item in self._items:
            kind = format.kind
            if isinstance(item, Checkpoint):
                state = {**self._parts, **item.state}
                self._parts = state
                size = max(len(items) / _TURNS, chars / _CHARS)
                if size >= 1 or time.monotonic() - started > _SECONDS or "" not in item.state:
                    is_last = False
                    break
            elif isinstance(item, Passed):
                (passed if item.is_known else unknown)[clip(clean(item.kind), 60)] += item.count
            elif isinstance(item, Version):
                version = clip(clean(item.text), 60)
            else:
                kept = self._keep(item, format, redacted)
                chars += len(kept.text) if isinstance(kept, Turn) else 0
                items.append(_plain(kept))
                state = None
                if max(len(items) / _TURNS, chars / _CHARS) >= _AT_MOST:
                    is_last = False
                    break
        return {
            "kind": kind, "items": items, "passed": passed, "unknown": unknown,
            "redacted": redacted, "version": version, "is_last": is_last,
            "state": _clean(self._parts if is_last else state),
        }  # fmt: skip

    def _read(self) -> Iterator[tuple[Format, Item]]:
        """All items; the states in checkpoints are by the name of the unit."""
        format = format_of(self._kind) if self._kind else recognise(self._source)
        if format is None:
            yield from self._read_units()
            return
        state = dict(self._parts.get("", {}))
        for item in format.read(self._source, state):
            yield format, Checkpoint({"": item.state}) if isinstance(item, Checkpoint) else item
        yield format, Checkpoint({"": state})

    def _read_units(self) -> Iterator[tuple[Format, Item]]:
        """What a folder or ZIP holds; a unit that was read to its end is not read again."""
        found = 0
        foreign: Counter[str] = Counter()
        for unit in units(self._source):
            format = recognise(unit.source)
            if format is None:
                foreign[f"{unit.source.path.suffix or 'other'} file"] += 1
                continue
            found += 1
            if self._parts.get(unit.name, {}).get("read") == unit.stamp:
                continue
            self._reading = unit.source
            for item in format.read(unit.source, {}):
                if not isinstance(item, Checkpoint):
                    yield format, item
            yield format, Checkpoint({unit.name: {"read": unit.stamp}})
        if not found:
            what = "holds no" if self._source.names else "is no"
            raise ExtractError("unknown-type", f"it {what} conversation that cairn knows")
        for kind, count in foreign.items():
            yield FORMATS[0], Passed(kind, count=count)

    def _keep(self, item: Any, format: Format, redacted: Counter[str]) -> Any:
        if isinstance(item, About):
            return replace(
                item,
                title=_name(item.title), project=_name(item.project),
                people=tuple(_name(name) for name in item.people[:_MOST_NAMES]),
            )  # fmt: skip
        if not isinstance(item, Turn):
            return replace(item, key=_key(item.key))
        who = _name(item.who)
        is_mine = format.is_between_people and item.origin == "other" and who.casefold() in self._me
        text, command = self._clean(item, redacted)
        return replace(
            item,
            key=_key(item.key),
            reply_to=_key(item.reply_to) if item.reply_to else "",
            origin="user" if is_mine else item.origin,
            who=who,
            role=clip(clean(item.role), 40),
            text=text,
            command=command,
            attachments=tuple(_name(name) for name in item.attachments[:_MOST_NAMES]),
        )

    def _clean(self, turn: Turn, redacted: Counter[str]) -> tuple[str, str]:
        """The text and the command without secrets, each cut to what is worth keeping."""
        limit = {"tool": _TOOL_CHARS, "context": _CONTEXT_CHARS}.get(turn.origin, _MOST_CHARS)
        text = unify_newlines(clean(turn.text)).strip()
        # Secrets are looked for in more than is kept, so that none is cut in two.
        long = len(text) > 4 * limit
        ends = (text[: 2 * limit], text[-2 * limit :]) if long else (text,)
        parts = [redact(part) for part in ends]
        command = redact(unify_newlines(clean(turn.command))[: 4 * _COMMAND_CHARS])
        for part in (*parts, command):
            redacted.update(found.kind for found in part.found)
        kept = parts[0].text
        if len(text) > limit:
            head, tail = kept[: limit * 3 // 4], parts[-1].text[-limit // 4 :]
            where = f"line {turn.line} of " if turn.line else ""
            left = len(text) - len(head) - len(tail)
            kept = (
                f"{head}\n… {left:,} characters left out, see {where}{self._reading.name} …\n{tail}"
            )
        return kept, clip(command.text, _COMMAND_CHARS)


def _plain(item: Any) -> dict[str, Any]:
    """`asdict` would copy every text, which takes as long as reading them."""
    return {"is": type(item).__name__, **{name: getattr(item, name) for name in item.__slots__}}


def _clean(state: Any) -> Any:
    """What a reader remembers may quote the transcript."""
    if isinstance(state, dict):
        return {key: _clean(value) for key, value in state.items()}
    if isinstance(state, list | tuple):
        return [_clean(value) for value in state]
    return _without_secrets(state) if isinstance(state, str) else state


@lru_cache(65_536)
def _without_secrets(text: str) -> str:
    return redact(text).text


@lru_cache(4096)
def _name(text: str) -> str:
    return clip(redact(clean(text)).text, _NAME_CHARS)


def _key(key: str) -> str:
    return digest(key, size=8)
