"""`cairn bench self`: how well this memory answers, and what a change of models or settings did.

Thin: the daemon asks the questions; here the lines are made.
"""

from __future__ import annotations

from typing import Annotated, Any

import typer

from cairn.app import client, render
from cairn.app.commands.options import AsJson
from cairn.app.manual import group

Json = dict[str, Any]
_SHOWN = 10
_KINDS = {
    "found": "found by words of a sentence", "value": "number told", "absent": "said not to know",
    "good": "still as good as you said", "bad": "no longer as bad as you said",
}  # fmt: skip

bench_app = group(no_args_is_help=True)


@bench_app.callback()
def bench() -> None:
    """Measure how well your memory answers.

    Examples: `cairn bench self`, `cairn bench self --list`
    """


@bench_app.command("self")
def self_(
    limit: Annotated[
        int, typer.Option("-n", "--limit", min=4, max=1000, help="Questions at most.")
    ] = 60,
    quick: Annotated[
        bool, typer.Option("--quick", help="Let no model write; only what is quoted is judged.")
    ] = False,
    every: Annotated[bool, typer.Option("--list", help="List the runs so far.")] = False,
    as_json: AsJson = False,
) -> None:
    """Ask questions made from your own memory, and compare with the run before.

    Run it before and after a change of models or settings. Answers that you called good must stay,
    those that you called bad must not come back. Nothing of it is kept but which were right.

    Exit status 1 when something is worse than before.

    Examples: `cairn bench self`, `cairn bench self --limit 200`, `cairn bench self --list`
    """
    if every:
        data = client.call("benches")
    else:
        try:
            args = {"limit": limit, "quick": quick}
            data = client.call("bench", args, on_progress=render.progress)
        finally:
            render.end_progress()
    if as_json:
        render.envelope("bench self", data)
    elif every:
        render.lines([_line(each) for each in data["runs"]])
    else:
        _tell(data)
    compared = data.get("compared")
    raise typer.Exit(1 if compared and compared["worse"] else 0)


def _line(run: Json) -> str:
    model = f"  {render.clean(run['made'].get('model', ''))}".rstrip()
    return f"{run['id']}  {render.local(run['at'])}  {run['right']} of {run['asked']} right{model}"


def _tell(data: Json) -> None:
    render.out(f"{data['right']} of {render.count(data['asked'], 'question')} right, "
               f"in {render.duration(data['seconds'])}")  # fmt: skip
    for kind, counts in data["kinds"].items():
        render.out(f"  {_KINDS[kind].ljust(30)} {counts['right']} of {counts['asked']}")
    compared = data["compared"]
    if compared is None:
        render.note("run it again after a change of models or settings to see what it did")
        return
    _tell_change(compared)


def _tell_change(compared: Json) -> None:
    before = compared["before"]
    changed = f"; changed since: {', '.join(compared['changed'])}" if compared["changed"] else ""
    render.out(f"beside the run of {render.local(before['at'])}{changed}")
    render.out(
        f"  of {compared['both']} asked both times {compared['right_before']} were right, "
        f"{compared['right_now']} are now: {len(compared['better'])} better, "
        f"{len(compared['worse'])} worse"
    )
    for each in compared["worse"][:_SHOWN]:
        render.out(f"  worse: {render.clean(each['question'])}")
        render.out(render.style(f"         {_why(each)}", "dim"))
    more = len(compared["worse"]) - _SHOWN
    if more > 0:
        render.out(f"  … and {more} more; `--json` has them all")


def _why(each: Json) -> str:
    said = render.clean(each["said"][:120])
    if each["kind"] == "absent" or each["kind"] == "bad":
        return f"it was answered: {said}"
    where = f" from {render.clean(each['source'])}" if each["source"] else ""
    return f"expected{where}; said: {said}"
