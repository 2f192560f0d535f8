"""Sources that leave the memory → what becomes of the entries that rest on them.

Called when a folder or conversation is withdrawn. An entry with other support loses these sources
only; one without goes, unless its user has had a hand in it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace

from cairn.core.tree.catalogue import Filed, container_of
from cairn.core.tree.ledger import Edit, Plan
from cairn.core.tree.markdown import parse, revise
from cairn.core.tree.tree import Tree


def resting_only_on(tree: Tree, containers: Collection[str]) -> Iterator[tuple[Filed, bool]]:
    """Entries that rest on any of these, and whether they rest on nothing else."""
    seen: set[str] = set()
    for container in containers:
        for filed in tree.catalogue.from_source(container):
            if filed.entry.id not in seen:
                seen.add(filed.entry.id)
                kept = [s for s in filed.entry.sources if container_of(s.uri) not in containers]
                yield filed, not kept


def plans(tree: Tree, containers: Collection[str], reason: str) -> list[Plan]:
    found = []
    troubled = {each.path for each in tree.catalogue.troubles()}
    for filed, is_alone in resting_only_on(tree, containers):
        if filed.path in troubled:
            continue  # its user has begun to change it
        text = tree.text(filed)
        is_users = filed.entry.author == "user" or tree.ledger.is_users(filed.entry.id)
        if is_alone and not is_users:
            edit = Edit(filed.entry.id, filed.path, text, "", "")
            found.append(Plan("DELETE", (edit,), reason, "rules"))
        elif not is_users:
            was = parse(text, filed.entry.id, "")
            kept = tuple(s for s in was.sources if container_of(s.uri) not in containers)
            revised = revise(text, was, replace(was, sources=kept))
            edit = Edit(filed.entry.id, filed.path, text, filed.path, revised)
            found.append(Plan("UPDATE", (edit,), reason, "rules"))
    return found
