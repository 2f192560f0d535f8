"""`python -m tests.bench.faults.nursery`: has everything imported, and forks a process for each
task that a line of its input names. Started with the shim, which each of them switches for itself.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import traceback
import warnings
from pathlib import Path
from typing import Any

from cairn.core.errors import CairnError
from tests.bench.faults import forked
from tests.bench.faults.damage import endure
from tests.bench.faults.deeds import SCENARIOS, opened, prepare
from tests.bench.faults.shim import How, Shim
from tests.bench.faults.world import Place, Teller, differences

_LONGEST_S = 300.0
"""After it a process hangs, however busy the machine is."""


def main() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import lancedb
        import lancedb.index
        import lancedb.query
        import pyarrow as pa

        assert lancedb and pa
        forked.warm_up()
        for line in sys.stdin:
            pid = os.fork()
            if pid == 0:
                _be_born(json.loads(line))
            _, status = os.waitpid(pid, 0)
            print(os.waitstatus_to_exitcode(status), flush=True)


def _be_born(task: dict[str, Any]) -> None:
    signal.setitimer(signal.ITIMER_REAL, _LONGEST_S)
    place = Place(Path(task["base"]))
    tell = Teller(place)
    shim = Shim()
    subprocess.Popen = forked.start  # type: ignore[assignment, misc]
    try:
        _TASKS[task["do"]](task, place, tell, shim)
        os._exit(0)
    except BaseException as error:  # a panic of a library is none of Exception's
        shim.disarm()
        frames = traceback.extract_tb(error.__traceback__)[-4:]
        where = " < ".join(f"{Path(each.filename).name}:{each.lineno}" for each in reversed(frames))
        tell(bug=f"{type(error).__name__}: {str(error)[:200]} at {where}")
        os._exit(70)


def _prepare(task: dict[str, Any], place: Place, tell: Teller, shim: Shim) -> None:
    prepare(place, tell)


def _suffer(task: dict[str, Any], place: Place, tell: Teller, shim: Shim) -> None:
    """Do as the scenario says; where the fault leaves the process alive, mend and look at once."""
    before, deed = SCENARIOS[task["scenario"]]
    before(place)
    tell = Teller(place)  # it may have begun anew
    shim.arm(place.home, How(task["how"]), task["number"])
    engine = None
    try:
        engine = opened(place)
        deed(engine, tell)
    except (CairnError, OSError) as error:
        shim.disarm()
        hint = getattr(error, "hint", "")
        tell(error=type(error).__name__, message=str(error), hint=hint)
    writes, reads = shim.counted()
    shim.disarm()
    tell(writes=writes, reads=reads)
    if task["goes_on"]:
        engine = engine or opened(place)
        for found in differences(engine, place):
            tell(found=found)
    if engine:
        engine.close()


def _examine(task: dict[str, Any], place: Place, tell: Teller, shim: Shim) -> None:
    engine = opened(place)
    for found in differences(engine, place):
        tell(found=found)
    engine.close()


def _endure(task: dict[str, Any], place: Place, tell: Teller, shim: Shim) -> None:
    endure(place, task["damaged"], tell)


_TASKS = {"prepare": _prepare, "suffer": _suffer, "examine": _examine, "endure": _endure}

if __name__ == "__main__":
    main()
