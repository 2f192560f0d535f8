"""`cairn bench self` for whoever asked: the questions one by one, then the run with what changed.

Used by the daemon; the JSON is that of docs/json.md.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from cairn.core.errors import Unavailable

if TYPE_CHECKING:
    from cairn.core.engine import Engine
    from cairn.core.personal.bench import Bench, Benched
    from cairn.core.personal.runs import Run
    from cairn.core.personal.trying import Outcome

Json = dict[str, Any]


def run(engine: Engine, args: Json, send: Callable[[Json], None], stop: Callable[[], bool]) -> Json:
    engine.private.refuse("nothing is noted now")
    bench = _bench(engine, quick=bool(args.get("quick")))
    began = time.monotonic()
    made = bench.cases(int(args.get("limit", 0)) or 60)
    outcomes: list[Outcome] = []
    for case in made:
        send(_progress(len(outcomes), len(made), time.monotonic() - began))
        outcomes.append(bench.attempt(case))
        if stop():
            raise Unavailable("the benchmark was stopped, nothing of it is kept", "run it again")
    return _told(bench.keep(outcomes, time.monotonic() - began))


def runs(engine: Engine) -> Json:
    return {"runs": [_brief(each) for each in _bench(engine).runs()]}


def _bench(engine: Engine, *, quick: bool = False) -> Bench:
    from cairn.core.personal.bench import Bench

    return Bench(engine.asking, engine.index, engine.journal, engine.config, quick)


def _progress(done: int, total: int, spent_s: float) -> Json:
    left = spent_s / done * (total - done) if done else None
    return {"stage": "asking", "done": done, "total": total, "share": done / total, "eta_s": left}


def _told(benched: Benched) -> Json:
    by_id = {each.case.id: each for each in benched.outcomes}
    compared = benched.compared
    return {
        **_brief(benched.run),
        "wrong": [_outcome(each) for each in benched.outcomes if not each.right],
        "compared": None if compared is None else {
            "before": _brief(compared.before), "changed": list(compared.changed),
            "both": compared.both, "right_before": compared.right_before,
            "right_now": compared.right_now,
            "better": [_outcome(by_id[id]) for id in compared.better],
            "worse": [_outcome(by_id[id]) for id in compared.worse],
        },
    }  # fmt: skip


def _brief(run: Run) -> Json:
    from cairn.core.personal.cases import KINDS

    counts = {kind: run.count(kind) for kind in KINDS}
    return {
        "id": run.id, "at": run.at, "fingerprint": run.fingerprint, "made": dict(run.made),
        "seconds": run.seconds, "asked": len(run.outcomes),
        "right": sum(right for right, _ in counts.values()),
        "kinds": {kind: {"right": right, "asked": asked}
                  for kind, (right, asked) in counts.items() if asked},
    }  # fmt: skip


def _outcome(each: Outcome) -> Json:
    return {
        "id": each.case.id, "kind": each.case.kind, "question": each.case.text,
        "source": each.case.uri, "value": each.case.value, "rank": each.rank,
        "answered": each.answered, "said": each.said,
    }  # fmt: skip
