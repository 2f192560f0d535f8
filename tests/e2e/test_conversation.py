"""Following up, judging an answer and the personal benchmark, as a person types them."""

from __future__ import annotations

import json
from pathlib import Path

from tests.conftest import Cairn


def test_a_conversation_with_its_judgement_and_benchmark(cairn: Cairn, life: Path) -> None:
    assert cairn("good").code == 1  # nothing was asked yet
    ran = cairn("add", str(life))
    assert ran.code == 0, ran.err

    assert cairn("ask", "how much did the boiler service cost?").code == 0
    ran = cairn("ask", "-c", "and when was that?")
    assert ran.code == 0, ran.err
    assert ran.out.splitlines()[0] == "understood as: when was the boiler service?"
    assert "November 2025" in ran.out
    ran = cairn("ask", "--continue", "--json", "who paid for it?")
    data = json.loads(ran.out)["data"]
    assert (data["question"], data["understood"]) == (
        "who paid for it?", "who paid for the boiler service?"
    )  # fmt: skip
    ran = cairn("ask", "--json", "and when was that?")
    assert json.loads(ran.out)["data"]["understood"] == ""

    cairn("daemon", "stop")
    ran = cairn("ask", "--explain", "--continue", "what about the garden budget?")
    understood = ran.out.splitlines()[0]
    assert understood == "understood as: who paid for the garden budget?", ran.out + ran.err

    assert cairn("ask", "what did we agree on for the garden budget?").code == 0
    ran = cairn("good")
    assert ran.code == 0
    assert ran.err == (
        "noted as good: the answer to “what did we agree on for the garden budget?”\n"
    )
    assert "already" in cairn("good").err
    assert cairn("good", "--list").out.endswith("\twhat did we agree on for the garden budget?\n")
    wrong = json.loads(cairn("wrong", "1", "--json").out)["data"]
    shown = cairn("tree", "show", wrong["entries"][0]["id"])
    assert "good, " in shown.out and "said of answers that cite it" in shown.out
    assert "noted as bad" in cairn("bad").err
    assert "taken back" in cairn("bad", "--undo").err
    assert cairn("bad", "--list").out == ""
    assert cairn("good", "99").code == 1
    assert cairn("good").code == 0

    ran = cairn("bench", "self", "--limit", "8", "--json")
    assert ran.code == 0, ran.err
    data = json.loads(ran.out)["data"]
    assert data["kinds"]["good"] == {"right": 1, "asked": 1}
    assert data["compared"] is None
    ran = cairn("bench", "self", "--limit", "8")
    assert ran.code == 0, ran.err
    assert "0 better, 0 worse" in ran.out
    assert len(cairn("bench", "self", "--list").out.splitlines()) == 2


def test_a_follow_up_works_without_a_daemon(cairn: Cairn, life: Path) -> None:
    assert cairn("add", str(life), "--no-daemon").code == 0
    assert cairn("ask", "--no-daemon", "how much did the boiler service cost?").code == 0
    ran = cairn("ask", "--no-daemon", "-c", "and when was that?")
    assert ran.out.startswith("understood as: when was the boiler service?"), ran.out + ran.err
    assert "noted as good" in cairn("good", "--no-daemon").err
    ran = cairn(
        "ask",
        "--no-daemon",
        "--json",
        "--think",
        "what is the garden budget and what was the service?",
    )
    data = json.loads(ran.out)["data"]
    assert [step["text"] for step in data["steps"]] == [
        "what is the garden budget?", "what was the service?"
    ]  # fmt: skip
