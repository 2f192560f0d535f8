"""The model's process hangs, dies whenever it starts, or gets too little memory.

Search by words goes on, is said to be all there is, and the rest comes back by itself.
"""

from __future__ import annotations

import os
import random
import signal
from collections.abc import Iterator, Sequence
from pathlib import Path

from tests.bench.common import say
from tests.bench.faults.calls import Tally
from tests.bench.faults.lived import Lived, lived, wait_for

KINDS = ("hangs", "dies", "starves")
_REQUEST_S = "30"
"""A question waits for half of it."""
_MOST_STARTS = 8
"""Of two processes, in the time that some commands take."""
_SITE = """
import os, resource, signal, sys

if "cairn.core.models.worker" in sys.orig_argv:
    fault = open(os.environ["FAULT"]).read()
    with open(os.environ["FAULT"] + ".starts", "a") as starts:
        starts.write(fault + "\\n")
    if fault == "dies":
        os.kill(os.getpid(), signal.SIGSEGV)
    elif fault == "starves":
        resource.setrlimit(resource.RLIMIT_AS, ({memory} << 20,) * 2)
"""
"""Run by Python before all else: it makes a real process of ours fail as machines have it fail."""
_MEMORY_MB = (60, 120, 200, 300)


def run(base: Path, points: int, seed: int, kinds: Sequence[str] = KINDS) -> Tally:
    chance, tally = random.Random(seed), Tally()
    for number in range(points):
        kind = kinds[number % len(kinds)]
        place = base / f"worker{number}"
        place.mkdir()
        memory = chance.choice(_MEMORY_MB)
        (place / "sitecustomize.py").write_text(_SITE.replace("{memory}", str(memory)))
        fault = place / "fault"
        fault.write_text("")
        env = {"FAULT": str(fault), "PYTHONPATH": str(place)}
        if kind == "hangs":
            env["CAIRN_MODELS_REQUEST_S"] = _REQUEST_S
        with lived(place, env=env) as life:
            wrong = list(_hangs(life) if kind == "hangs" else _fails(life, kind, fault))
        what = f"{kind} {memory} MB" if kind == "starves" else kind
        tally.injected += 1
        tally.faults += [f"{what} {number} -- {each}" for each in wrong]
        for each in wrong:
            say(f"{what} {number} -- {each}")
    return tally


def _hangs(life: Lived) -> Iterator[str]:
    life("add", str(life.life))
    life("ask", "what is the garden budget of zqnote1?")
    stopped = [pid for pid, role in life.alive().items() if role == "reader"]
    for pid in stopped:
        os.kill(pid, signal.SIGSTOP)
    first = life("ask", "what is the garden budget of zqnote2?")
    if first.code or "400 euros" not in first.out:
        yield f"no answer while it hung: {first.code} {first.out} {first.err}"
    if not wait_for(lambda: not set(stopped) & set(life.alive())):
        yield "what hung was not ended"
    if not wait_for(lambda: "note:" not in life("ask", "what is the budget of zqnote3?").err):
        yield "it was not replaced"
    yield from life.differences()
    yield from life.stop()


def _fails(life: Lived, kind: str, fault: Path) -> Iterator[str]:
    fault.write_text(kind)
    life("add", str(life.life))
    for number in range(3):
        ran = life("search", f"zqnote{number}")
        if ran.code or f"zqnote{number}.md" not in ran.out:
            yield f"search by words ended with {ran.code}: {ran.err}"
    starts = len(fault.with_name("fault.starts").read_text().split())
    if kind == "dies" and starts > _MOST_STARTS:
        yield f"it was started {starts} times"
    told = life.json("status")
    is_short = told["counts"]["vectors"] < told["counts"]["chunks"]
    if is_short and not told["degraded"]:
        yield "the status says nothing of it"
    if is_short and not any(each["state"] != "ok" for each in _checks(life, "worker")):
        yield "doctor finds nothing"
    fault.write_text("")
    if not wait_for(lambda: _is_whole(life)):
        yield "what was missed is not made up for"
    yield from life.differences()
    yield from life.stop()


def _checks(life: Lived, name: str) -> list[dict[str, str]]:
    return [each for each in life.json("doctor")["checks"] if each["name"] == name]


def _is_whole(life: Lived) -> bool:
    counts = life.json("status")["counts"]
    return bool(counts["vectors"] == counts["chunks"] > 0)
