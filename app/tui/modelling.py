"""The models there are, and those that can be fetched → rows to choose from, and what comes of it.

Used by the dialogue of models and by the first run. Nothing is fetched without a yes that names
size and licence.
"""

from __future__ import annotations

from textual.content import Content

from cairn.app import model_lines, render
from cairn.app.tui import door, text
from cairn.app.tui.shell import Json, Shell
from cairn.app.tui.widgets.rows import Row

NONE, HERE, OFFER = "none", "here:", "offer:"


async def listed() -> Json:
    """All that is here and all that is offered, with the one that is recommended."""
    found = await door.call("model_list")
    advised = await door.call("model_recommend")
    return {**found, "offers": advised["offers"], "best": advised["best"],
            "machine": advised["machine"]}  # fmt: skip


def rows(found: Json) -> list[tuple[Row, Content]]:
    """Each with what there is to say of it."""
    writers = [each for each in found["models"] if each["kind"] == "generator"]
    made = [_none(in_use=not any(each["used"] for each in writers))]
    made += [_here(each) for each in writers]
    return made + [_offer(each, found["best"]) for each in found["offers"] if not each["here"]]


def used(found: Json) -> str:
    """The id of the row of the one that is in use."""
    for each in found["models"]:
        if each["kind"] == "generator" and each["used"]:
            return f"{HERE}{each['name']}"
    return NONE


def _none(*, in_use: bool) -> tuple[Row, Content]:
    mark = Content.styled("in use ", "$success") if in_use else Content("")
    about = "Answers are put together from your own words, at once. That does for most questions."
    return Row(NONE, Content.assemble(" ", ("none", "bold")), mark), Content(about)


def _here(each: Json) -> tuple[Row, Content]:
    mark = Content.styled("in use ", "$success") if each["used"] else Content("here ")
    licence = each["licence"] or "licence not stated"
    facts = ", ".join(filter(None, (model_lines.amount(each["size"]), each["quantization"],
                                    licence)))  # fmt: skip
    trouble = each["trouble"]
    told = f"can’t be used: {trouble}" if trouble else _fit(each)
    about = Content.assemble(text.line(facts), "\n", (text.line(told), "$error" if trouble else ""))
    return Row(f"{HERE}{each['name']}", Content(f" {text.line(each['name'])}"), mark), about


def _offer(each: Json, best: str) -> tuple[Row, Content]:
    size = ("" if each["sha256"] else "about ") + model_lines.amount(each["size"])
    unfit = "from the disk  " if each["runs"] else "does not fit  "
    right = "recommended  " if each["name"] == best else "" if each["fits"] else unfit
    style = "$success" if each["name"] == best else "$warning"
    row = Row(f"{OFFER}{each['name']}", Content(f" {text.line(each['name'])}"),
              Content.assemble((right, style), (f"{size} to fetch ", text.QUIET)))  # fmt: skip
    came = f", {model_lines.amount(each['waiting'])} of it are here" if each["waiting"] else ""
    about = f"{each['about']}: {size}{came}, {each['quantization']}, {each['licence']}"
    return row, Content("\n").join([Content(text.line(about)), Content(text.line(_fit(each)))])


def _fit(each: Json) -> str:
    return model_lines.expectation(each)


def machine(found: Json) -> Content:
    return Content.styled(text.line(model_lines.machine(found["machine"])), text.QUIET)


# -- taking one


async def take(shell: Shell, id: str) -> None:
    """Has it write from now on; fetches it first, after a yes."""
    name = id.removeprefix(HERE).removeprefix(OFFER)
    if id == NONE:
        await _use("")
        shell.say("answers are put together from your own words")
    elif id.startswith(HERE):
        shell.say(f"trying {name} …")
        await use(shell, name)
    elif await agreed(shell, name):
        door.work(shell, fetch(shell, name), group="pull")


async def use(shell: Shell, name: str) -> None:
    data = await door.call("model_use", {"name": name})
    await _use(data["path"])
    shell.say(f"{name} writes from now on")


async def _use(path: str) -> None:
    from cairn.app import settings

    await door.do(lambda: settings.store("models.generator", path))
    await door.call("status")  # a daemon with the new settings takes the place of the old one


async def agreed(shell: Shell, name: str) -> bool:
    from cairn.app.tui.screens.sure import Sure

    deal = await door.call("model_deal", {"what": name})
    if shell.latest.state and shell.latest.state["daemon"].get("service"):
        told = "The service can’t reach a network. End it for this:\n\n"
        told += f"  cairn daemon stop\n  cairn model pull {name}\n  cairn daemon restart"
        dialogue = Sure("Fetch this model?", Content(told))
    else:
        facts = model_lines.deal({key: deal[key] for key in deal if key != "fits"})
        lines = [text.line(line) for line in (*facts, *([_fit(deal)] if "fits" in deal else []))]
        yes = f"fetch it from {render.clean(deal['host'])}"
        dialogue = Sure("Fetch this model?", Content("\n".join(lines)), yes)
    return await shell.push_screen_wait(dialogue)


async def fetch(shell: Shell, name: str) -> None:
    """In the background; the next time it goes on where it stopped."""

    def hear(now: Json) -> None:
        shell.pulling = f"fetching {name}: {now['text']}"

    shell.say(f"{name} is being fetched; Sources tells how far it is")
    try:
        await door.call("model_pull", {"what": name}, hear)
        shell.pulling = f"trying {name} …"
        await use(shell, name)
    finally:
        shell.pulling = ""
