"""`cairn review`: what waits for a person, one key for each answer.

On a terminal it goes through the open questions; elsewhere it lists them, and `cairn review N
--accept` and the like answer one. Nothing has to be answered.
"""

from __future__ import annotations

from typing import Annotated, Any

import typer

from cairn.app import keys, last, protocol, render, tree_lines
from cairn.app.commands.entries import in_editor
from cairn.app.commands.options import AsJson, NoDaemon
from cairn.app.commands.tree import tell_done
from cairn.app.tree_client import call
from cairn.core.errors import CairnError, ConfigError, NotFound

Json = dict[str, Any]
_KEYS = {"a": "accept", "e": "edit", "r": "reject", "b": "keep-both"}
_ASK = "[a]ccept  [e]dit the newer  [r]eject  keep [b]oth  [o]pen  [s]kip  [q]uit"


def review(
    number: Annotated[
        int | None, typer.Argument(help="Only this question.", metavar="N", show_default=False)
    ] = None,
    accept: Annotated[bool, typer.Option("--accept", help="Do what is proposed.")] = False,
    reject: Annotated[
        bool, typer.Option("--reject", help="It is wrong; it is not proposed again.")
    ] = False,
    keep_both: Annotated[bool, typer.Option("--keep-both", help="Both are right.")] = False,
    edit: Annotated[bool, typer.Option("--edit", help="Correct the newer one.")] = False,
    reopen: Annotated[bool, typer.Option("--reopen", help="Ask it again.")] = False,
    as_json: AsJson = False,
    no_daemon: NoDaemon = False,
) -> None:
    """Go through what cairn is not sure of. Leaving it for ever is fine: nothing is lost.

    Exit status 1 when nothing waits.

    Examples: `cairn review`, `cairn review 12`, `cairn review 12 --accept`
    """
    flags = {
        "accept": accept, "reject": reject, "keep-both": keep_both, "edit": edit, "reopen": reopen,
    }  # fmt: skip
    given = [name for name, is_given in flags.items() if is_given]
    if len(given) > 1 or (given and number is None):
        raise ConfigError("give one answer to one question", "such as `cairn review 12 --accept`")
    if number is not None and given:
        done = _answer(number, given[0], no_daemon)
        if done is not None:
            _tell_answer(done, as_json=as_json)
        return
    raise typer.Exit(_show(number, as_json, no_daemon))


def _show(number: int | None, as_json: bool, no_daemon: bool) -> int:
    """All that wait, or one; gone through where somebody can answer."""
    if number is None:
        data = call("reviews", no_daemon=no_daemon)
    else:
        one = call("review", {"id": number}, no_daemon=no_daemon)
        data = {**one, "questions": [one["question"]]}
    if as_json:
        render.envelope("review", data)
    elif not data["questions"]:
        render.note("nothing waits for you")
        render.private(data)
    elif keys.is_interactive() and render.is_terminal() and _can_answer(data["questions"]):
        _go_through([each["id"] for each in data["questions"]], no_daemon)
    elif number is not None:
        render.told(tree_lines.question(data["questions"][0]))
    else:
        render.lines([tree_lines.question_line(each) for each in data["questions"]])
        render.note("`cairn review N` shows one, `cairn review N --accept` answers it")
    return 0 if data["questions"] else 1


def _can_answer(questions: list[Json]) -> bool:
    """Not one that is answered already, which somebody has named to see it again."""
    return any(each["state"] in ("open", "lapsed") for each in questions)


def _go_through(ids: list[int], no_daemon: bool) -> None:
    for at, id in enumerate(ids, start=1):
        try:
            asked = call("review", {"id": id}, no_daemon=no_daemon)["question"]
        except NotFound:
            continue  # an answer before has settled it
        if not _can_answer([asked]):
            continue
        render.out(render.style(f"{at} of {len(ids)}  (question {id})", "dim"))
        render.told(tree_lines.question(asked))
        if not _decided(asked, no_daemon):
            return


def _decided(asked: Json, no_daemon: bool) -> bool:
    """Goes on asking until the question is answered or passed over; False to leave."""
    while True:
        pressed = keys.ask(_ASK, "aerbosq")
        if pressed in "sq":
            return pressed == "s"
        try:
            if pressed == "o":
                _open_source(asked)
                continue
            done = _answer(asked["id"], _KEYS[pressed], no_daemon)
        except CairnError as error:
            render.error(error.message, error.hint)
            continue
        if done is not None:
            _tell_answer(done, as_json=False)
            render.out()
            return True


def _answer(id: int, verdict: str, no_daemon: bool) -> Json | None:
    """None where an editor was left without a change."""

    def decide(**more: str) -> Json:
        args = {"id": id, "verdict": verdict, **more}
        return call("review_decide", args, no_daemon=no_daemon)

    if verdict != "edit":
        return decide()
    asked = call("review", {"id": id}, no_daemon=no_daemon)["question"]
    was = call("tree_text", {"name": asked["entries"][-1]["id"]}, no_daemon=no_daemon)
    return in_editor(was, lambda text: decide(text=text, hash=was["hash"]))


def _tell_answer(data: Json, *, as_json: bool) -> None:
    if not as_json and data["operation"] is None:
        asked = data["question"]
        render.note(f"question {asked['id']}: {tree_lines.answer(asked['state'])}")
    tell_done("review", data, as_json=as_json)


def _open_source(asked: Json) -> None:
    """The latest of its sources, in the user's editor or viewer."""
    from cairn.app import opening

    entries = [each for each in asked["entries"] if not each.get("gone")]
    addresses = [each["address"] for one in reversed(entries) for each in one["sources"]]
    if not addresses:
        render.note("there is no source to open")
        return
    last.remember_last(protocol.home_of(), addresses)
    opening.open_citation(addresses[0])
