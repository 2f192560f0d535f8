"""What somebody does with what is watched: add, remove, how deep, pause, import, choose a model.

Called by Sources. Each asks where it has to, does it, and says what came of it; nothing is read
before a yes.
"""

from __future__ import annotations

from textual.content import Content

from cairn.app import render
from cairn.app.tui import coverage, door, text
from cairn.app.tui.shell import Json, Shell


async def add_folder(shell: Shell) -> None:
    from cairn.app.tui.screens.offering import Offering
    from cairn.app.tui.screens.paths import Paths

    path = await shell.push_screen_wait(Paths("Add which folder?"))
    policy = await shell.push_screen_wait(Offering(path)) if path else ""
    if policy:
        await watch(path, policy)
        shell.say(f"{render.home_path(path)} is in; it is read in the background")
        shell.look()


async def watch(path: str, policy: str = "full") -> None:
    await door.call("add", {"path": path, "policy": policy, "wait": False})


async def change_depth(shell: Shell, root: Json) -> None:
    from cairn.app.tui.screens.choosing import Choosing, way

    ways = [
        way("full", "in full", "found by meaning and by words"),
        way("names", "by names only", "nothing in its files is read"),
        way("never", "never", "what is known of it leaves the memory"),
    ]
    head = Content.styled(render.home_path(root["path"]), "bold $secondary")
    policy = await shell.push_screen_wait(
        Choosing("How deep is it read?", head, ways, root["policy"])
    )
    if policy and policy != root["policy"]:
        await watch(root["path"], policy)
        shell.say(f"{render.home_path(root['path'])}: {coverage.DEPTHS[policy]} from now on")
        shell.look()


async def remove_folder(shell: Shell, root: Json) -> None:
    from cairn.app.tui.screens.sure import Sure

    path, files = render.home_path(root["path"]), render.count(root["files"], "file")
    body = Content.assemble(
        (path, "bold $secondary"), "\n\n",
        ("  leaves ", "bold $warning"), f"{files} of it: they are not found any more\n",
        ("  leave  ", "bold $warning"), "entries that rest on them alone, into the archive\n",
        ("  stay   ", "bold $success"), "the files themselves, as they are",
    )  # fmt: skip
    if await shell.push_screen_wait(Sure("Remove this folder?", body, "take it out of the memory")):
        data = await door.call("remove", {"path": root["path"]})
        shell.say(f"{render.count(data['withdrawn'], 'file')} left the memory")
        shell.look()


async def remove_chats(shell: Shell, source: Json) -> None:
    from cairn.app.tui.screens.choosing import Choosing, way

    many = render.count(source["conversations"], "conversation")
    head = Content.assemble(
        (text.line(source["words"] or "conversations"), "bold $secondary"),
        (f"  {render.home_path(source['path'])}", text.QUIET),
        f"\n{many}, {render.count(source['turns'], 'turn')}",
    )  # fmt: skip
    ways = [
        way("stop", "read no more of it", "what was read stays"),
        way("drop", "take it out of the memory", "what only it brought leaves"),
        way("", "leave it as it is"),
    ]
    chosen = await shell.push_screen_wait(Choosing("Remove this source?", head, ways, ""))
    if chosen:
        args = {"path": source["path"], "drop": chosen == "drop"}
        data = await door.call("unfollow", args)
        turns = render.count(data["turns"], "turn")
        shell.say(f"{turns} left the memory" if chosen == "drop" else "it is read no more")
        shell.look()


async def add_chats(shell: Shell) -> None:
    """Those that lie on this machine; an export that was found is taken in once."""
    from cairn.app.tui.screens.found import Found

    chosen = await shell.push_screen_wait(Found())
    for each in chosen or ():
        await follow(each)
    if chosen:
        shell.say(f"{render.count(len(chosen), 'source')} being read in the background")
        shell.look()


async def follow(found: Json) -> None:
    op = "follow" if found["live"] else "import"
    await door.call(op, {"path": found["path"], "kind": found["kind"], "wait": False})


async def take_in(shell: Shell) -> None:
    from cairn.app.tui.screens.paths import Paths

    path = await shell.push_screen_wait(Paths("Which export of conversations?", files=True))
    if path:
        data = await door.call("import", {"path": path, "kind": "", "wait": False})
        words = text.line(data["source"]["words"] or "the export")
        shell.say(f"{words}: being read in the background")
        shell.look()


async def pause(shell: Shell, place: Json) -> None:
    is_paused, path = place["paused"], place["path"]
    await door.call("pause", {"path": path, "paused": not is_paused})
    told = "goes on" if is_paused else "is paused and stays searchable; p goes on"
    shell.say(f"{render.home_path(path)} {told}")
    shell.look()


async def pause_all(shell: Shell) -> None:
    is_paused = bool(shell.latest.state and shell.latest.state["paused"])
    await door.call("pause", {"paused": not is_paused})
    shell.say("indexing goes on" if is_paused else "all indexing is paused; P goes on")
    shell.look()


async def choose_model(shell: Shell) -> None:
    from cairn.app.tui import modelling
    from cairn.app.tui.screens.models import Models

    chosen = await shell.push_screen_wait(Models())
    if chosen:
        await modelling.take(shell, chosen)
        shell.look()
