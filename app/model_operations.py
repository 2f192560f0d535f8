"""What a request may ask of the daemon about models: one function for each, JSON in and out.

What takes long runs beside the request, which reports how far it is; it ends when the command
that asked has left, and a download goes on from there the next time.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from cairn.core.models.files.collection import Collection, Listed, Offered
from cairn.core.models.files.kept import Kept
from cairn.core.models.fit.machine import Machine
from cairn.core.models.plan import Plan

Json = dict[str, Any]
Send = Callable[[Json], None]
Stop = Callable[[], bool]
_TICK_S = 0.2
_RATE_OVER_S = 5.0


class _Course:
    """How far something is that takes long, and how fast it goes."""

    def __init__(self, what: str) -> None:
        self._what = what
        self._marks: list[tuple[float, int]] = []
        self.done = self.total = 0

    def tell(self, done: int, total: int) -> None:
        self.done, self.total = done, total

    def state(self) -> Json:
        now = time.monotonic()
        self._marks = [mark for mark in self._marks if now - mark[0] < _RATE_OVER_S]
        self._marks.append((now, self.done))
        (began, first), came = self._marks[0], self.done
        rate = (came - first) / (now - began) if now > began else 0.0
        whole = not self.done or self.done == self.total
        text = self._what if whole else f"{_amount(self.done)} of {_amount(self.total)}"
        if not self.total and self.done:
            text = _amount(self.done)
        if rate > 0 and not whole:
            text += f", {_amount(rate)}/s"
        eta = (self.total - self.done) / rate if rate > 0 and self.total and not whole else None
        share = self.done / self.total if self.total else 0.0
        return {"stage": "model", "text": text, "share": share, "eta_s": eta,
                "done": self.done, "total": self.total}  # fmt: skip


def _amount(count: float) -> str:
    return f"{count / 1e9:.2f} GB" if count >= 1e9 else f"{count / 1e6:.1f} MB"


def run(models: Collection, op: str, args: Json, send: Send, stop: Stop) -> Json:
    return OPERATIONS[op](models, args, send, stop)


def _beside(send: Send, stop: Stop, what: str, work: Callable[[_Course, Stop], Json]) -> Json:
    course, left = _Course(what), threading.Event()
    result: list[Json] = []
    errors: list[Exception] = []

    def attempt() -> None:
        try:
            result.append(work(course, lambda: left.is_set() or stop()))
        except Exception as error:  # it is the request's, and raised there
            errors.append(error)

    worker = threading.Thread(target=attempt, daemon=True)
    worker.start()
    try:
        while worker.is_alive():
            send(course.state())
            worker.join(_TICK_S)
    finally:
        left.set()
    if errors:
        raise errors[0]
    return result[0]


def _list(models: Collection, args: Json, send: Send, stop: Stop) -> Json:
    return {
        "models": [_listed(each) for each in models.all()],
        "offers": [_offered(each) for each in models.offered()],
        "unfinished": [{"url": url, "size": size} for url, size in models.unfinished()],
        "machine": _machine(models.machine(measured=False)),
    }


def _recommend(models: Collection, args: Json, send: Send, stop: Stop) -> Json:
    def work(course: _Course, stop: Stop) -> Json:
        advice = models.advice()
        offers = [_offered(each) for each in advice.offered]
        return {"best": advice.best, "beyond": advice.beyond, "offers": offers,
                "machine": _machine(advice.machine)}  # fmt: skip

    return _beside(send, stop, "measuring this machine", work)


def _deal(models: Collection, args: Json, send: Send, stop: Stop) -> Json:
    def work(course: _Course, stop: Stop) -> Json:
        deal = models.deal(str(args["what"]))
        data = {name: value for name, value in asdict(deal).items() if name != "shape"}
        return data | (_plan(models.plan(deal.shape, models.machine())) if deal.shape else {})

    return _beside(send, stop, "measuring this machine", work)


def _pull(models: Collection, args: Json, send: Send, stop: Stop) -> Json:
    return _beside(
        send, stop, "trying it",
        lambda course, stop: _kept(models.pull(str(args["what"]), course.tell, stop)),
    )  # fmt: skip


def _add(models: Collection, args: Json, send: Send, stop: Stop) -> Json:
    def work(course: _Course, stop: Stop) -> Json:
        path, copy = Path(args["path"]), bool(args.get("copy"))
        return _kept(models.add(path, copy=copy, tell=course.tell, stop=stop))

    return _beside(send, stop, "trying it", work)


def _use(models: Collection, args: Json, send: Send, stop: Stop) -> Json:
    def work(course: _Course, stop: Stop) -> Json:
        kept, planned = models.use(str(args["name"]))
        packing = models.packing(kept.name, planned)
        return {**_kept(kept), **_plan(planned), "packing": packing}

    return _beside(send, stop, "trying it", work)


def _pack(models: Collection, args: Json, send: Send, stop: Stop) -> Json:
    def work(course: _Course, stop: Stop) -> Json:
        path = models.pack(str(args["name"]), course.tell, stop)
        return {"path": str(path), "size": path.stat().st_size}

    return _beside(send, stop, "packing it", work)


def _forget(models: Collection, args: Json, send: Send, stop: Stop) -> Json:
    return {"files": [str(path) for path in models.forget(str(args["name"]))]}


def _remove(models: Collection, args: Json, send: Send, stop: Stop) -> Json:
    return {"deleted": [str(path) for path in models.remove(str(args["name"]))]}


def _bench(models: Collection, args: Json, send: Send, stop: Stop) -> Json:
    def work(course: _Course, stop: Stop) -> Json:
        found = models.bench(str(args.get("name", "")))
        plain = asdict(found.plain) if found.plain else None
        return {
            **_kept(found.kept), "expected": _plan(found.plan), "measured": asdict(found.tried),
            "plain": plain,
        }  # fmt: skip

    return _beside(send, stop, "running it", work)


def _kept(kept: Kept) -> Json:
    return {name: value for name, value in asdict(kept).items() if name != "stamp"}


def _listed(listed: Listed) -> Json:
    planned = _plan(listed.plan) if listed.plan else {}
    return {
        **_kept(listed.kept), "used": listed.used, "trouble": listed.trouble,
        "packing": listed.packing, **planned,
    }  # fmt: skip


def _offered(offered: Offered) -> Json:
    fields = {name: value for name, value in asdict(offered.offer).items() if name != "shape"}
    return {
        **fields, "quantization": offered.offer.shape.quantization, "here": offered.here,
        "waiting": offered.waiting, **_plan(offered.plan),
    }  # fmt: skip


def _plan(chosen: Plan) -> Json:
    away = chosen.offload
    offload = {"stays": away.stays, "of": away.whole} if away else None
    return {
        **asdict(chosen), "fits": chosen.fits, "runs": chosen.runs, "answer_s": chosen.answer_s,
        "offload": offload,
    }  # fmt: skip


def _machine(machine: Machine) -> Json:
    return {**asdict(machine), "reserve": machine.reserve}


OPERATIONS: dict[str, Callable[[Collection, Json, Send, Stop], Json]] = {
    "model_list": _list,
    "model_recommend": _recommend,
    "model_deal": _deal,
    "model_pull": _pull,
    "model_add": _add,
    "model_use": _use,
    "model_pack": _pack,
    "model_forget": _forget,
    "model_remove": _remove,
    "model_bench": _bench,
}
