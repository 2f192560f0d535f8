"""A transcript, or a folder or ZIP of them → all that is to be read in it, one after the other.

Called by `batches`, which notes what it has given away. One that can't be read costs itself only:
it is told in `problems`, and tried again with the next import.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Generator, Iterator
from pathlib import Path, PurePosixPath

from cairn.core.chats.cleaning import unit_key
from cairn.core.chats.formats import FORMATS, Format, format_of, recognise
from cairn.core.chats.packed import refuse_too_many
from cairn.core.chats.source import Transcript
from cairn.core.chats.troubles import explained
from cairn.core.chats.turn import Checkpoint, Item, Passed, State
from cairn.core.chats.units import Unit, units
from cairn.core.errors import ExtractError

Event = tuple[Format | None, Item | None]
"""An item with its format; without both, that something was looked at and time has passed."""

_GIVEN, _FOREIGN = "/given", "/foreign"
"""No path of a unit begins so."""
_RAISED = ("busy", "replaced", "unknown-type")
"""Another moment is better for what has such trouble, or it is not to be read at all."""
_MOST_PROBLEMS = 1000
_SUFFIX = re.compile(r"\.[a-z0-9]{1,8}", re.ASCII)
_NOTHING: Event = (None, None)


class Within:
    def __init__(self, source: Transcript, kind: str, state: State) -> None:
        self._source = source
        self._format = format_of(kind) if kind else None
        self._parts: dict[str, State] = dict(state)
        """By unit, how far it was read; as "" the state of a reader of the whole."""
        self._reading, self._at = source, ""
        self._stamp, self._given = "", 0
        """Of what is read just now; `given` counts since its last checkpoint."""
        self._skip = 0
        """So much of it was given by an earlier process, up to the same place."""
        self._unpacked: Counter[Path] = Counter()
        self.problems: list[tuple[str, str]] = []
        self.began_anew = False

    @property
    def name(self) -> str:
        """Of what is read just now, without folders."""
        return self._reading.name

    def note_given(self, event: Event) -> None:
        is_item = event[1] is not None and not isinstance(event[1], Checkpoint)
        self._given += bool(self._stamp) and is_item

    def state(self) -> State:
        """To go on from after all that was given."""
        here = {self._at or _GIVEN: {"stamp": self._stamp, "given": self._given}}
        return self._parts | (here if self._given else {})

    def events(self) -> Iterator[Event]:
        try:
            format = self._format or recognise(self._source.glance())
            yield from self._read_whole(format) if format else self._read_units()
        except Exception as error:  # readers meet whatever a program may have written
            trouble = explained(error)
            if trouble.code in _RAISED:
                raise trouble from error
            self._note_problem("", trouble.message)

    def _read_whole(self, format: Format) -> Iterator[Event]:
        self._source.refuse_bomb()
        known = self._parts.pop(_GIVEN, {})
        self._enter(self._source, "", self._source.stamp(), known)
        state = dict(self._parts.get("", {}))
        # What an earlier process gave of it is gone: it is another file now.
        self.began_anew = bool(known and not state and not self._skip)
        offset, is_first = state.get("offset", 0), True
        for item in format.read(self._source, state):
            # Its reader found out that it is another one, and emptied its state.
            if self._source.began_anew or (is_first and state.get("offset", offset) < offset):
                self._source.began_anew, self.began_anew = False, True
                self._parts.clear()
                self._skip = self._given = 0
            is_first = False
            if not isinstance(item, Checkpoint):
                yield self._next(format, item)
                continue
            if format.is_bundle or self._source.is_sqlite or "offset" in item.state:
                # It can be gone on from; of other formats the whole is read again anyway.
                self._parts[""] = item.state
                self._skip = self._given = 0
            yield format, item
        self._parts[""] = state
        self._leave()
        yield format, Checkpoint(state)

    def _read_units(self) -> Iterator[Event]:
        found = 0
        foreign: Counter[str] = Counter()
        for unit in units(self._source):
            yield _NOTHING
            if (yield from self._read_unit(unit)):
                found += 1
            else:
                foreign[_foreign(unit)] += 1
        if not found:
            what = "holds no" if self._source.path.is_dir() or self._source.names else "is no"
            raise ExtractError("unknown-type", f"it {what} conversation that cairn knows")
        told = dict(self._parts.get(_FOREIGN, {}))
        for name, count in foreign.items():
            if count > told.get(name, 0):
                yield FORMATS[0], Passed(name, count=count - told.get(name, 0))
                told[name] = count
                self._parts[_FOREIGN] = dict(told)
        # The next import tries again what could not be read.
        for key, known in list(self._parts.items()):
            if known.pop("problem", "") and not known["given"]:
                del self._parts[key]

    def _read_unit(self, unit: Unit) -> Generator[Event, None, bool]:
        """False when it is no conversation; one that was read to its end is not read again."""
        key = unit_key(unit.name)
        known = self._parts.get(key, {})
        if unit.stamp and known.get("read") == unit.stamp:
            return True
        problem = unit.problem
        if not problem and known.get("stamp") == unit.stamp:
            problem = known.get("problem", "")
        if not problem:
            try:
                return (yield from self._read_on(unit, key, known))
            except Exception as error:
                problem = explained(error).message
                known = {"stamp": unit.stamp, "given": self._given if self._stamp else 0}
                self._parts[key] = known | {"problem": problem}
                self._leave()
        self._note_problem(unit.title, problem)
        return True

    def _read_on(self, unit: Unit, key: str, known: State) -> Generator[Event, None, bool]:
        source = unit.source
        if unit.is_media:
            return False
        _ = source.head  # what can't be opened is told, and not passed over as foreign
        format = recognise(source)
        if format is None:
            return False
        source.refuse_bomb()
        self._unpacked[source.path] += source.unpacked
        refuse_too_many(source.path.stat().st_size, self._unpacked[source.path])
        self._enter(source, key, unit.stamp, known)
        for item in format.read(source, {}):
            if not isinstance(item, Checkpoint):
                yield self._next(format, item)
        self._parts[key] = {"read": unit.stamp}
        self._leave()
        yield format, Checkpoint({})
        return True

    # -- what is read just now

    def _enter(self, source: Transcript, key: str, stamp: str, known: State) -> None:
        self._reading, self._at, self._stamp = source, key, stamp
        is_same = known.get("stamp") == stamp
        self._skip = self._given = int(known.get("given", 0)) if is_same else 0

    def _leave(self) -> None:
        self._reading, self._at, self._stamp = self._source, "", ""
        self._skip = self._given = 0

    def _next(self, format: Format, item: Item) -> Event:
        if self._skip:
            self._skip -= 1
            return _NOTHING
        return format, item

    def _note_problem(self, name: str, why: str) -> None:
        if len(self.problems) < _MOST_PROBLEMS:
            self.problems.append((name, why))


def _foreign(unit: Unit) -> str:
    suffix = PurePosixPath(unit.source.name.lower()).suffix
    return f"{suffix if _SUFFIX.fullmatch(suffix) else 'other'} file"
