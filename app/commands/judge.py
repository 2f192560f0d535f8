"""`cairn good` and `cairn bad`: what the user says of one of the last answers.

It is kept for the user to see and for `cairn bench self`; no answer is found by it.
"""

from __future__ import annotations

from typing import Annotated, Any

import typer

from cairn.app import render
from cairn.app.commands.options import AsJson, NoDaemon
from cairn.app.tree_client import call

Json = dict[str, Any]
Ago = Annotated[
    int, typer.Argument(help="Which of the last answers; 1 is the last one.", metavar="N", min=1)
]
Undo = Annotated[bool, typer.Option("--undo", help="Take back what you said of it.")]
Every = Annotated[bool, typer.Option("--list", help="List what you have said so far.")]


def good(
    ago: Ago = 1,
    undo: Undo = False,
    every: Every = False,
    as_json: AsJson = False,
    no_daemon: NoDaemon = False,
) -> None:
    """Say that the last answer was good: `cairn bench self` tells whether it stays so.

    It changes nothing else: no answer is ranked by it. `cairn bad` replaces it.

    Examples: `cairn good`, `cairn good 2`, `cairn good --list`
    """
    _say("good", ago, undo, every, as_json, no_daemon)


def bad(
    ago: Ago = 1,
    undo: Undo = False,
    every: Every = False,
    as_json: AsJson = False,
    no_daemon: NoDaemon = False,
) -> None:
    """Say that the last answer was bad: `cairn bench self` tells whether it comes back.

    It changes nothing else; `cairn wrong` puts right what is wrong. `cairn good` replaces it.

    Examples: `cairn bad`, `cairn bad 3`, `cairn bad --undo`
    """
    _say("bad", ago, undo, every, as_json, no_daemon)


def _say(verdict: str, ago: int, undo: bool, every: bool, as_json: bool, no_daemon: bool) -> None:
    if every:
        data = call("judged", no_daemon=no_daemon)
        data["answers"] = [each for each in data["answers"] if each["verdict"] == verdict]
    elif undo:
        data = call("take_back", {"ago": ago}, no_daemon=no_daemon)
    else:
        data = call("feedback", {"verdict": verdict, "ago": ago}, no_daemon=no_daemon)
    if as_json:
        render.envelope(verdict, data)
    elif every:
        render.lines([f"{each['at'][:10]}\t{render.clean(each['question'])}"
                      for each in data["answers"]])  # fmt: skip
    else:
        render.note(_told(data))


def _told(data: Json) -> str:
    what = f"the answer to “{render.clean(data['question'])}”"
    if not data["verdict"]:
        return f"taken back: {what}" if data["changed"] else f"nothing was said of {what}"
    return f"noted as {data['verdict']}{'' if data['changed'] else ' already'}: {what}"
