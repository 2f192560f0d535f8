"""An entry of the tree → the user's editor, over the terminal UI → what became of it.

Called by whatever place shows an entry. What the editor leaves is checked by the engine; a text
that is refused stays in a file, which is named.
"""

from __future__ import annotations

from cairn.app.tui import door
from cairn.app.tui.shell import Json, Shell
from cairn.core.errors import CairnError


async def edit_entry(
    shell: Shell, name: str, op: str = "tree_edit", args: Json | None = None
) -> str:
    """What to tell of it. `op` is another one where the text answers a question."""
    from cairn.app import editing

    was: Json = await door.call("tree_text", {"name": name})
    copy = await door.do(lambda: editing.copy_of(was["text"], was["id"]))

    def edit() -> str:
        return editing.edited(copy, was["file"])

    changed = shell.leave_to(edit)
    if changed == was["text"]:
        editing.discard(copy)
        return "nothing was changed"
    try:
        text = {"name": was["id"], "text": changed, "hash": was["hash"]}
        await door.call(op, {**text, **(args or {})})
    except CairnError as error:
        again = f"cairn edit {was['id']} --from {copy}"
        raise type(error)(error.message, editing.kept_for_later(copy, again)) from error
    editing.discard(copy)
    return "changed"
