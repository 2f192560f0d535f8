"""What a request may ask about forgetting: a plan, its erasure, receipts, lifting. JSON in and out.

Called as the operations of the tree are.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cairn.core.engine import Engine
    from cairn.core.forget.forgetting import Receipt
    from cairn.core.forget.preview import ForgetPlan

Json = dict[str, Any]


def _forget(engine: Engine, args: Json) -> Json:
    """What it would come to, until somebody has said yes to that very plan."""
    from cairn.core.forget.scope import Between

    bounds = args.get("between")
    between = Between(*map(str, bounds)) if bounds else None
    plan = engine.plan_forget(str(args["name"]), between)
    seen = args.get("seen", plan.mark)
    if not args.get("yes") or seen != plan.mark:
        return {"forgotten": False, **_plan(plan)}
    receipt = engine.apply(plan)
    return {"forgotten": True, **_plan(plan), **_receipt(receipt)}


def _plan(plan: ForgetPlan) -> Json:
    told = {**asdict(plan), "mark": plan.mark, "kind": plan.scope.kind}
    for name in ("scope", "aim", "seen"):
        del told[name]
    return told


def _receipt(receipt: Receipt) -> Json:
    return {**asdict(receipt), "is_done": receipt.is_done}


def _receipts(engine: Engine, args: Json) -> Json:
    return {"receipts": [_receipt(each) for each in engine.keeping.forgetting.receipts()]}


def _resume(engine: Engine, args: Json) -> Json:
    engine.keeping.forgetting.complete()
    return _receipts(engine, args)


def _lift(engine: Engine, args: Json) -> Json:
    lifted = engine.keeping.forgetting.lift(str(args["name"]))
    count = engine.sweep()
    return {"lifted": [_receipt(each) for each in lifted], "queued": count}


OPERATIONS: dict[str, Callable[[Engine, Json], Json]] = {
    "forget": _forget,
    "forget_receipts": _receipts,
    "forget_resume": _resume,
    "forget_lift": _lift,
}
