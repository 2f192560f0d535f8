"""One parser, fuzzed in this process: `python -m tests.bench.fuzz_child FOLDER ASKED`.

Inputs that reach new steps from line to line are kept and changed further. The input at hand is in
FOLDER/now before it is tried, so that it is known when the process dies; FOLDER/report.json says
what was found so far.
"""

from __future__ import annotations

import json
import os
import random
import resource
import signal
import sys
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

from tests.bench.fuzz_targets import EXPECTED, TARGETS, Target

_LONGEST = 32 << 10
_MOST_MEMORY = 3 << 30
_HANG_S = 20.0
"""Of processor time, for something that takes milliseconds; tracing slows it ten times."""
_SEEDS = 60
_SPECIAL = (
    b"\0", b"\xff", b"\xff\xfe", b"\n", b"\r\n", b"-1", b"0", b"99999999999999999999",
    b"\xe2\x80\xae", b"\xed\xa0\x80", b"%s", b"1e999", b"NaN", b"[" * 200,
    b"(" * 200, b">" * 200, b"{" * 200,
    b"\x7f\xff\xff\xff", b"\xff\xff\xff\xff", b"0000-00-00", b"9999-12-31", b"29.2.2023", b"25:61",
    "\u0130\u0131\u00df\ufb03\u0660".encode(), b"\x85", b"\x0b", b"=" * 80, b"\\", b'"',
    b"&#x110000;",
)  # fmt: skip


class _Hang(BaseException):
    pass


class Fuzzing:
    def __init__(self, target: Target, folder: Path, seeds: list[bytes], seed: int) -> None:
        self._target, self._folder = target, folder
        self._chance = random.Random(seed)
        self._corpus: list[bytes] = []
        self._edges: set[tuple[int, int, int]] = set()
        self._fresh = False
        self._seeds = seeds
        self._faults: dict[str, str] = {}
        self.tried = 0

    def run(self, seconds: float) -> None:
        until = time.monotonic() + seconds
        for data in self._seeds:
            self._try(data)
            if time.monotonic() > until:
                break
        self._corpus = self._corpus or list(self._seeds)
        while time.monotonic() < until:
            self._try(self._changed())
        self._report()

    def _try(self, data: bytes) -> None:
        (self._folder / "now").write_bytes(data)
        self.tried += 1
        self._fresh = False
        signal.setitimer(signal.ITIMER_VIRTUAL, _HANG_S)
        sys.settrace(self._enter)
        try:
            self._target.run(data, self._folder)
        except EXPECTED:
            pass
        except _Hang:
            self._note("hang", data)
        except Exception as error:
            self._note(_place(error), data)
        finally:
            sys.settrace(None)
            signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        if self._fresh and len(data) <= _LONGEST:
            self._corpus.append(data)

    def _note(self, fault: str, data: bytes) -> None:
        known = self._faults.get(fault)
        if known is None or len(data) < len(known) // 2:
            self._faults[fault] = data.hex()
            self._report()

    def _report(self) -> None:
        said = {"inputs": self.tried, "edges": len(self._edges), "faults": self._faults}
        (self._folder / "report.json").write_text(json.dumps(said))

    def _enter(self, frame: FrameType, event: str, argument: object) -> Callable[..., Any] | None:
        """Follow our own code only."""
        if "/core/" not in frame.f_code.co_filename:
            return None
        code, before = id(frame.f_code), 0

        def step(frame: FrameType, event: str, argument: object) -> Callable[..., Any]:
            nonlocal before
            if event == "line":
                edge = (code, before, frame.f_lineno)
                before = frame.f_lineno
                if edge not in self._edges:
                    self._edges.add(edge)
                    self._fresh = True
            return step

        return step

    # -- changing inputs

    def _changed(self) -> bytes:
        pick = self._chance
        # What was found last leads on most often.
        at = int(len(self._corpus) * pick.random() ** 0.5)
        data = bytearray(self._corpus[at])
        for _ in range(1 << pick.randrange(4)):
            pick.choice(
                (self._flip, self._insert, self._cut, self._repeat, self._splice, self._number)
            )(data)
        return bytes(data[:_LONGEST])

    def _flip(self, data: bytearray) -> None:
        if data:
            data[self._chance.randrange(len(data))] ^= 1 << self._chance.randrange(8)

    def _insert(self, data: bytearray) -> None:
        at = self._chance.randint(0, len(data))
        data[at:at] = self._chance.choice(_SPECIAL)

    def _cut(self, data: bytearray) -> None:
        start, end = self._span(data)
        del data[start:end]

    def _repeat(self, data: bytearray) -> None:
        start, end = self._span(data)
        data[start:start] = data[start:end] * self._chance.choice((1, 2, 50))

    def _splice(self, data: bytearray) -> None:
        other = self._chance.choice(self._corpus)
        start, end = self._span(bytearray(other))
        at = self._chance.randint(0, len(data))
        data[at : at + (end - start) * self._chance.randrange(2)] = other[start:end]

    def _number(self, data: bytearray) -> None:
        """Another digit for one, which lengths and dates are made of."""
        digits = [at for at, byte in enumerate(data[:4096]) if 48 <= byte <= 57]
        if digits:
            data[self._chance.choice(digits)] = self._chance.choice(b"0123456789-")

    def _span(self, data: bytearray) -> tuple[int, int]:
        start = self._chance.randint(0, len(data))
        return start, min(len(data), start + (1 << self._chance.randrange(10)))


def _place(error: BaseException) -> str:
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if "/core/" in frame.filename] or frames
    return f"{type(error).__name__} at {os.path.basename(ours[-1].filename)}:{ours[-1].lineno}"


def _seeds(target: Target, data: Path | None) -> list[bytes]:
    endings = tuple(target.endings.split())
    found = sorted(data.rglob("*")) if data and endings else []
    files = [path for path in found if path.is_file() and path.name.endswith(endings)]
    small = [path for path in files if path.stat().st_size <= _LONGEST]
    return [*target.seeds, *(path.read_bytes() for path in small[:_SEEDS])]


def main() -> None:
    folder, asked = Path(sys.argv[1]), json.loads(sys.argv[2])
    resource.setrlimit(resource.RLIMIT_AS, (_MOST_MEMORY, _MOST_MEMORY))

    def stop(number: int, frame: object) -> None:
        raise _Hang

    signal.signal(signal.SIGVTALRM, stop)
    target = TARGETS[asked["name"]]
    data = Path(asked["data"]) if asked["data"] else None
    fuzzing = Fuzzing(target, folder, _seeds(target, data), asked["seed"])
    fuzzing.run(asked["seconds"])


if __name__ == "__main__":
    main()
