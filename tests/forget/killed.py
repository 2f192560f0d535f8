"""Forgets something and kills itself at a step: `… -m tests.forget.killed HOME SELECTOR STEP`."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

from cairn.core.config import Config
from cairn.core.engine import Engine
from cairn.core.forget import forgetting
from cairn.core.home import open_home

STEPS = (
    "accepted", "index changed", "index renewed", "entries erased", "entries thinned",
    "rows erased", "summed up", "shrunk", "proved", "closed",
)  # fmt: skip


def main() -> None:
    home, selector, step = sys.argv[1:]
    engine = Engine(open_home(Path(home)), Config())
    doing = engine.keeping.forgetting
    places: dict[str, tuple[object, str]] = {
        "accepted": (doing, "complete"),
        "index changed": (doing, "_drop"),
        "index renewed": (engine.asking, "let_go"),
        "entries erased": (doing._entries, "erase"),
        "entries thinned": (doing._entries, "thin"),
        "rows erased": (doing._rows, "erase"),
        "summed up": (engine.upkeep, "sum_up"),
        "shrunk": (engine.journal, "shrink"),
        "proved": (forgetting, "prove"),
        "closed": (doing, "_close"),
    }
    place, name = places[step]
    done = getattr(place, name)

    def kill(*arguments: object, **named: object) -> None:
        if step != "accepted":
            done(*arguments, **named)
        os.kill(os.getpid(), signal.SIGKILL)

    setattr(place, name, kill)
    engine.apply(engine.plan_forget(selector))


if __name__ == "__main__":
    main()
