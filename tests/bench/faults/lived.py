"""A home that real commands and a real daemon use, as a person would, and the processes it has.

Every note and thought has a word of its own, so that what is missing, or there twice, can be named.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

_PATIENCE_S = 120.0
_LONGEST_S = 300.0
_NOBODY = 65534


@dataclass(frozen=True, slots=True)
class Ran:
    code: int
    out: str
    err: str


@dataclass(slots=True)
class Lived:
    base: Path
    env: dict[str, str] = field(default_factory=dict)
    """More than the usual variables."""
    user: int | None = None
    """Who uses it, where that is somebody else."""
    kept: set[str] = field(default_factory=set)
    """Words of thoughts that were accepted."""

    @property
    def home(self) -> Path:
        return self.base / "home"

    @property
    def life(self) -> Path:
        return self.base / "life"

    def __call__(self, *words: str) -> Ran:
        with self.begun(*words) as command:
            out, err = command.communicate(timeout=_LONGEST_S)
        return Ran(command.returncode, out, err)

    def begun(self, *words: str) -> subprocess.Popen[str]:
        mine = {"HOME": str(self.base / "user"), "CAIRN_HOME": str(self.home),
                "CAIRN_CONFIG": str(self.base / "none.toml"),
                "CAIRN_WATCH_QUIET_S": "0.3", "XDG_RUNTIME_DIR": str(self.base)}  # fmt: skip
        return subprocess.Popen(
            [sys.executable, "-P", "-m", "cairn.app", *words],
            env={**os.environ, **mine, **self.env},
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd="/",
            user=self.user, group=self.user, extra_groups=None if self.user is None else [],
        )  # fmt: skip

    def json(self, *words: str) -> dict[str, Any]:
        return dict(json.loads(self(*words, "--json").out).get("data") or {})

    def write(self, name: str) -> None:
        """A note, whose word is its name."""
        path = self.life / f"{name}.md"
        path.write_text(f"# A note\n\nThe garden budget of {name} is 400 euros.\n")
        if self.user is not None:
            os.chown(path, self.user, self.user)

    def keep(self, word: str) -> Ran:
        ran = self("remember", f"What I keep is {word} and no more.")
        if ran.code == 0:
            self.kept.add(word)
        return ran

    def finds(self, word: str) -> bool:
        return word in self("search", word, "-n", "5").out

    def differences(self) -> Iterator[str]:
        """What is not as it should be once all that was left to do is done."""
        notes = {path.stem for path in self.life.glob("*.md")}
        for word in sorted(notes | self.kept):
            if not wait_for(lambda word=word: self.finds(word)):  # type: ignore[misc]
                yield f"not to be found: {word}"
        if not wait_for(self.rests):
            yield "does not come to rest"
        thoughts = [path.read_text() for path in (self.home / "tree").rglob("*.md")
                    if not path.name.startswith("_")]  # fmt: skip
        for word in sorted(self.kept):
            if (count := sum(f"is {word} and" in text for text in thoughts)) != 1:
                yield f"{word} is kept {count} times"
        found = self.json("doctor")
        for check in found.get("checks", ()):
            if check["name"] in ("journal", "index", "queue") and check["state"] != "ok":
                yield f"{check['name']}: {check['message']}"

    def rests(self) -> bool:
        counts = self.json("status").get("counts")
        return counts is not None and not counts["queued"] and not counts["to_embed"]

    def alive(self) -> dict[int, str]:
        """Processes that have to do with this home, and what each of them is."""
        found = {}
        for process in Path("/proc").iterdir():
            with suppress(OSError, ValueError):
                pid = int(process.name)
                is_of_it = os.fsencode(self.home) in (process / "environ").read_bytes()
                if is_of_it and (name := _role(process)):
                    found[pid] = name
        return found

    def stop(self) -> list[str]:
        """Have the daemon leave; whatever is left behind."""
        self("daemon", "stop")
        return self.left()

    def left(self) -> list[str]:
        """What is still alive after a while, which is then ended."""
        wait_for(lambda: not self.alive(), 30)
        left = self.alive()
        for pid in left:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        return sorted(left.values())


_ROLES = {"cairn.app.daemon": "daemon", "cairn.core.extract.child": "extractor"}


def _role(process: Path) -> str:
    """Empty for commands, and for what is dead and has not been buried yet."""
    words = process.joinpath("cmdline").read_bytes().decode(errors="replace").split("\0")
    if "cairn.core.models.worker" in words:
        return "reader" if "prompt" in words else "worker"
    name = next((_ROLES[word] for word in words if word in _ROLES), "")
    if not name:
        return "" if "cairn.app" in words or not words[0] else f"program {words[0]}"
    around = Path("/proc", _parent(process), "cmdline")
    if name == "extractor" and "cairn.core.extract.child" in around.read_text():
        return "runner"
    return name


def _parent(process: Path) -> str:
    return process.joinpath("stat").read_text().rpartition(")")[2].split()[1]


@contextmanager
def lived(base: Path, notes: int = 4, **how: Any) -> Iterator[Lived]:
    """With some notes in it, and nothing alive afterwards."""
    made = Lived(base, **how)
    for folder in (base, made.life, base / "user"):
        folder.mkdir(exist_ok=True)
        if made.user is not None:
            os.chown(folder, made.user, made.user)
    for number in range(notes):
        made.write(f"zqnote{number}")
    try:
        yield made
    finally:
        made.stop()


def somebody() -> int | None:
    """A user without the rights of root to take away, where this process has those."""
    return _NOBODY if os.geteuid() == 0 else None


def wait_for(true: Callable[[], bool], seconds: float = _PATIENCE_S) -> bool:
    deadline = time.monotonic() + seconds
    while not true():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True
