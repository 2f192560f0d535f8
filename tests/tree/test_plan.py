"""Plans are kept as JSON and checked when they are read."""

from __future__ import annotations

import json

import pytest

from cairn.core.tree.plan import Step, steps_from_json, steps_to_json

PLAN = (
    Step("supersede", ("e_old", "e_new"), {"until": "2026-07-01"}),
    Step("add", (), {"title": "Gärten", "sources": [{"uri": "file:~/a.md#L1", "quote": "\ud800"}]}),
    Step("merge", ("e_1", "e_2", "straße.1")),
    Step("relate", ("e_1", "e_2"), {"type": "contradicts"}),
    Step("alias", ("e_1",), {"name": "Katrin Weiß"}),
    Step("promote", ("e_1",)),
    Step("archive", ("e_1",)),
)


def test_a_plan_is_read_as_it_was_kept() -> None:
    assert steps_from_json(steps_to_json(PLAN)) == PLAN
    assert steps_from_json(steps_to_json(())) == ()
    assert steps_to_json(PLAN).isascii()


@pytest.mark.parametrize(
    "plan",
    [
        (Step("merge", ("e_1",)),),
        (Step("merge", ("e_1", "e_1")),),
        (Step("archive", ("../../etc/passwd",)),),
        (Step("relate", ("a", "b"), {"type": "owns"}),),
        (Step("alias", ("a",), {}),),
        (Step("alias", ("a",), {"name": " "}),),
        (Step("alias", ("a",), {"name": "x" * 121}),),
        (Step("alias", ("a", "b"), {"name": "Anna"}),),
        (Step("add", (), {"n": float("nan")}),),
        (Step("add", (), {"n": (1, 2)}),),
        (Step("add", (), {"text": "x" * 300_000}),),
        (Step("archive", ("a",)),) * 21,
    ],
)
def test_a_plan_that_could_not_be_read_again_is_refused(plan: tuple[Step, ...]) -> None:
    with pytest.raises(ValueError):
        steps_to_json(plan)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{}",
        "null",
        "[" * 5000,
        '[["erase", ["a"], {}]]',
        '[["archive", "abc", {}]]',
        '[["archive", [1], {}]]',
        '[["archive", ["a"], []]]',
        '[["archive", ["a"]]]',
        '[["add", [], {"n": NaN}]]',
        '[["add", [], {"a": ' + "[" * 20 + "]" * 20 + "}]]",
        '[[["archive"], ["a"], {}]]',
        '[["archive", ["a\\u0000"], {}]]',
        json.dumps([["archive", ["a"], {}]] * 21),
        json.dumps([["add", [], {"text": "x" * 300_000}]]),
    ],
)
def test_a_strangers_plan_is_none(text: str) -> None:
    assert steps_from_json(text) is None
