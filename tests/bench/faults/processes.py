"""Each process of a home killed, or stopped for good: is one left behind, or not replaced?"""

from __future__ import annotations

import os
import random
import shutil
import signal
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from tests.bench.common import say
from tests.bench.faults.calls import Tally
from tests.bench.faults.lived import Lived, lived, wait_for

CHILDREN = ("worker", "reader", "extractor", "runner")
VICTIMS = ("daemon", "stopped", "beginning", "home", *CHILDREN)
"""What is killed: `stopped` is a daemon whose children are all stopped, `beginning` one that just
starts; a `home` is deleted under it."""


def run(base: Path, points: int, seed: int, victims: Sequence[str] = VICTIMS) -> Tally:
    chance, tally = random.Random(seed), Tally()
    for number in range(points):
        victim = victims[number % len(victims)]
        with lived(base / f"left{number}") as life:
            wrong = list(_point(life, victim, chance))
        tally.injected += 1
        tally.faults += [f"{victim} {number} -- {each}" for each in wrong]
        for each in wrong:
            say(f"{victim} {number} -- {each}")
    return tally


def _point(life: Lived, victim: str, chance: random.Random) -> Iterator[str]:
    if victim == "beginning":
        yield from _beginning(life, chance)
        return
    if missing := _all_at_work(life):
        yield f"never came: {missing}"
        return
    if victim in CHILDREN:
        _kill(life, victim)
        life.write("zqlater")
        if not wait_for(lambda: life.finds("zqlater")):
            yield "what came later is not found"
        left = life.stop()
    elif victim == "home":
        wait_for(lambda: _is_deleted(life.home))
        left = life.left()
        if life.home.exists():
            yield "the home has come back"
    else:
        if victim == "stopped":
            for pid, role in life.alive().items():
                if role != "daemon":
                    os.kill(pid, signal.SIGSTOP)
        _kill(life, "daemon")
        left = life.left()
    if left:
        yield f"left behind: {left}"


def _is_deleted(home: Path) -> bool:
    shutil.rmtree(home, ignore_errors=True)  # the daemon may just write into it
    return not home.exists()


def _all_at_work(life: Lived) -> set[str]:
    """Have every process there is begin; those that did not."""
    life("add", str(life.life))
    life.write("zqnow")
    life("ask", "what is the garden budget of zqnote1?")
    wanted = {"daemon", *CHILDREN}
    wait_for(lambda: wanted <= set(life.alive().values()))
    return wanted - set(life.alive().values())


def _kill(life: Lived, role: str) -> None:
    for pid, name in life.alive().items():
        if name == role:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)


def _beginning(life: Lived, chance: random.Random) -> Iterator[str]:
    """At a random moment after it was started; the command that did so may start another."""
    with life.begun("add", str(life.life)) as command:
        wait_for(lambda: "daemon" in life.alive().values() or command.poll() is not None)
        time.sleep(chance.uniform(0, 2))
        _kill(life, "daemon")
        command.communicate()
    if command.returncode:
        yield f"the command ended with {command.returncode}"
    yield from life.differences()
    if left := life.stop():
        yield f"left behind: {left}"
