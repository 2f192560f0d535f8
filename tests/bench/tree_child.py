"""A process that does to a tree what it is told, until it is killed: the victim of `tree_kills`.

Commands come over a pipe as plain data and are answered one by one; an answer is given only after
the operation is closed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Literal

from cairn.core.errors import CairnError
from cairn.core.journal import Journal
from cairn.core.records import Entry
from cairn.core.tree import deeds
from cairn.core.tree.ledger import Edit, Plan
from cairn.core.tree.markdown import render
from cairn.core.tree.noticing import notice
from cairn.core.tree.tree import Tree
from cairn.core.tree.undoing import undo_plan

Deed = Literal[
    "add", "update", "merge", "supersede", "relate", "archive", "bring back", "move", "undo",
    "notice",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Command:
    do: Deed
    ids: tuple[str, ...] = ()
    entry: Entry | None = None
    """Of `add`, or as it is to be after `update`."""
    path: str = ""
    """Where to add it, or the folder to move it to."""
    operation: int = 0


@dataclass(frozen=True, slots=True)
class Reply:
    operation: int
    """0 where nothing was to be done."""
    refused: str = ""


def open_tree(home: Path) -> Tree:
    (home / "tree").mkdir(parents=True, exist_ok=True)
    return Tree(home / "tree", Journal(home / "journal.db"), lambda: datetime.now(UTC))


def work(home: Path, pipe: Connection) -> None:
    """Recover, say so, and go on until the pipe ends."""
    tree = open_tree(home)
    notice(tree)
    pipe.send(Reply(0))
    while True:
        try:
            command = pipe.recv()
        except EOFError:
            tree.journal.close()
            return
        pipe.send(obey(tree, command))


def obey(tree: Tree, command: Command) -> Reply:
    try:
        if command.do == "notice":
            notice(tree)
            return Reply(0)
        return Reply(tree.commit([_PLANS[command.do](tree, command)])[0].id)
    except CairnError as error:
        return Reply(0, error.message)


def _add(tree: Tree, command: Command) -> Plan:
    assert command.entry
    edit = Edit(command.entry.id, "", "", command.path, render(command.entry))
    return Plan("ADD", (edit,), "said so", "rules")


def _update(tree: Tree, command: Command) -> Plan:
    """On the entry as it is known, since that is what a curator has before it."""
    assert command.entry
    known = deeds.known(tree, command.entry.id).entry
    body, value = command.entry.body, command.entry.value
    return deeds.revise_entry(tree, replace(known, body=body, value=value), "said anew")


_PLANS: dict[str, Callable[[Tree, Command], Plan]] = {
    "add": _add,
    "update": _update,
    "merge": lambda tree, command: deeds.merge(tree, command.ids, "the same"),
    "supersede": lambda tree, command: deeds.supersede(tree, *command.ids, "newer"),
    "relate": lambda tree, command: deeds.relate(tree, *command.ids, "mentions", "it does"),
    "archive": lambda tree, command: deeds.archive(tree, command.ids, "old"),
    "bring back": lambda tree, command: deeds.bring_back(tree, command.ids[0], "needed"),
    "move": lambda tree, command: deeds.move(tree, command.ids[0], command.path),
    "undo": lambda tree, command: undo_plan(tree, command.operation),
}
