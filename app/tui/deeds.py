"""What somebody does to an entry: edit, put away, bring back, put right, forget. Each asks where it
has to, does it, and says what came of it; True where something is different now.

Called by Memory for the entry that it shows.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from textual.content import Content

from cairn.app.tui import door, editing, text
from cairn.app.tui.shell import Json, Shell

Deed = Callable[[Shell, Json], Awaitable[bool]]


async def edit(shell: Shell, entry: Json) -> bool:
    told = await editing.edit_entry(shell, entry["id"])
    shell.say(told)
    return told == "changed"


async def put_away(shell: Shell, entry: Json) -> bool:
    """Into the archive, or out of it."""
    if entry["archived"]:
        await door.call("tree_restore", {"name": entry["id"]})
        shell.say("brought back from the archive")
    else:
        await door.call("tree_archive", {"names": [entry["id"]]})
        shell.say("in the archive; x brings it back")
    return True


async def put_right(shell: Shell, entry: Json) -> bool:
    from cairn.app.tui.screens.wrong import Wrong

    wrong = Wrong(entry["title"], entry["id"], is_answer=False)
    done = await shell.push_screen_wait(wrong)
    return bool(done)


async def forget(shell: Shell, entry: Json) -> bool:
    """What would go, then whether it is to go, then what went."""
    from cairn.app.tui.screens.sure import Sure

    args = {"name": f"entry:{entry['id']}"}
    plan = await door.call("forget", args)
    yes = "erase it for good"
    if not await shell.push_screen_wait(Sure("Forget this?", _plan(plan), yes, "keep it")):
        return False
    done = await door.call("forget", {**args, "yes": True})
    await shell.push_screen_wait(Sure("Forgotten", _receipt(done)))
    return True


def _plan(plan: Json) -> Content:
    rows = [Content.styled(text.line(plan["title"]), "bold"), Content("")]
    rows += [Content.assemble(("  goes   ", "bold $error"), _copy(each)) for each in plan["copies"]]
    rows += [
        Content.assemble(("  loses what it had of it   ", "$warning"), text.line(title))
        for title in plan["losing"]
    ]
    rows += [
        Content.assemble(("  stays  ", "$success"), (text.line(what), text.QUIET))
        for what in plan["stays"]
    ]
    rows += [Content(""), Content.styled(
        "This can’t be undone, and cairn does not make it again. What it came from stays as it is.",
        text.QUIET,
    )]  # fmt: skip
    return Content("\n").join(rows)


def _copy(copy: Json) -> Content:
    where = f"from {copy['where']}" + (f" ({copy['count']})" if copy["count"] > 1 else "")
    detail = f"  {text.line(copy['detail'])}" if copy["detail"] else ""
    return Content.assemble(where, (detail, text.QUIET))


def _receipt(done: Json) -> Content:
    """Without a word of what it was."""
    rows = [Content.assemble(("✓ ", "bold $success"), "it is erased, and kept out")]
    rows += [Content(f"  from {each['where']}") for each in done["copies"]]
    proof = done["proof"]
    left = (
        f"still found in {', '.join(proof['hits'])}" if proof["hits"] else "nothing of it is left"
    )
    rows += [Content(f"  {proof['files']} files looked through: {left}")]
    return Content("\n").join(rows)


def words_of(entry: Json) -> str:
    """To be copied: what it says, and where that is from."""
    lines = [entry["title"], "", entry["body"]]
    lines += [f"[{number}] {text.place(each)}" for number, each in enumerate(entry["sources"], 1)]
    return "\n".join(lines).strip()
