"""The leaves of the tree → the rows of an outline: which folders are open, what a filter leaves.

Held by Memory. A folder's rows are made when it is opened, so that a tree of many thousand entries
costs what is looked at.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from textual.content import Content

from cairn.app import tree_lines
from cairn.app.tui import text
from cairn.app.tui.shell import Json
from cairn.app.tui.widgets.rows import Row

_ARCHIVE = "archive"
_OPEN_AT_ONCE = 40
"""Entries of a tree that is small enough to be seen whole."""
_MOST_FOUND = 500
_STYLES = {"core": "$accent", "validated": "$success", "draft": text.FAINT}


@dataclass(slots=True)
class _Folder:
    folders: dict[str, _Folder] = field(default_factory=dict)
    leaves: list[Json] = field(default_factory=list)
    count: int = 0


class Outline:
    def __init__(self) -> None:
        self._root = _Folder()
        self._leaves: dict[str, Json] = {}
        self._open: set[str] = set()
        self._is_new = True
        self._made: dict[tuple[str, int], Row] = {}
        """Rows of entries that were looked at, by how deep they stand."""

    def give(self, entries: Iterable[Json], archived: Iterable[Json]) -> None:
        """In the order of their paths; those in the archive come last."""
        self._root, self._leaves, self._made = _Folder(), {}, {}
        for leaf in (*entries, *archived):
            self._leaves[leaf["id"]] = leaf
            folder = self._root
            folder.count += 1
            for name in leaf["path"].split("/")[:-1]:
                folder = folder.folders.setdefault(name, _Folder())
                folder.count += 1
            folder.leaves.append(leaf)
        if self._is_new and self._leaves:
            self._is_new = False
            self._open = self._at_first()

    def _at_first(self) -> set[str]:
        kept = {name: each for name, each in self._root.folders.items() if name != _ARCHIVE}
        if sum(each.count for each in kept.values()) > _OPEN_AT_ONCE:
            return set(kept) if len(kept) == 1 else set()
        return {path for path, _ in _folders(self._root, "") if path.split("/")[0] != _ARCHIVE}

    def leaf(self, id: str) -> Json | None:
        return self._leaves.get(id)

    def __len__(self) -> int:
        return len(self._leaves)

    # -- folders

    def is_open(self, path: str) -> bool:
        return path in self._open

    def turn(self, path: str, *, opened: bool) -> None:
        (self._open.add if opened else self._open.discard)(path)

    def reveal(self, id: str) -> None:
        """Open what it is in."""
        if leaf := self._leaves.get(id):
            self._open.update(_above(leaf["path"]))

    # -- rows

    def rows(self, filtered: str = "") -> list[Row]:
        if words := filtered.casefold().split():
            return self._found(words)
        return list(self._listed(self._root, "", 0))

    def _listed(self, folder: _Folder, path: str, depth: int) -> Iterator[Row]:
        for name in sorted(folder.folders, key=lambda each: (not path and each == _ARCHIVE, each)):
            inner, below = f"{path}/{name}".lstrip("/"), folder.folders[name]
            is_open = inner in self._open
            is_away = inner.split("/")[0] == _ARCHIVE
            label = Content.assemble(
                ("  " * depth), ("▾ " if is_open else "▸ ", text.FAINT),
                (text.line(name), text.FAINT if is_away else "bold $secondary"),
            )  # fmt: skip
            yield Row(f"/{inner}", label, Content.styled(f" {below.count:,} ", text.FAINT))
            if is_open:
                yield from self._listed(below, inner, depth + 1)
        for leaf in folder.leaves:
            yield self._row(leaf, depth)

    def _row(self, leaf: Json, depth: int) -> Row:
        key = leaf["id"], depth
        if key not in self._made:
            self._made[key] = _leaf(leaf, depth)
        return self._made[key]

    def _found(self, words: list[str]) -> list[Row]:
        """Entries in whose title, path or kind all of the words stand, without their folders."""
        rows: list[Row] = []
        for leaf in self._leaves.values():
            said = f"{leaf['title']} {leaf['path']} {leaf['kind']} {leaf['id']}".casefold()
            if all(word in said for word in words):
                rows.append(self._row(leaf, 0))
                if len(rows) == _MOST_FOUND:
                    break
        return rows


def _folders(folder: _Folder, path: str) -> Iterator[tuple[str, _Folder]]:
    for name, inner in folder.folders.items():
        below = f"{path}/{name}".lstrip("/")
        yield below, inner
        yield from _folders(inner, below)


def _above(path: str) -> list[str]:
    parts = path.split("/")[:-1]
    return ["/".join(parts[: end + 1]) for end in range(len(parts))]


def _leaf(leaf: Json, depth: int) -> Row:
    maturity = leaf["maturity"]
    is_over = leaf["archived"]
    title = text.line(leaf["title"])
    left = Content.assemble(
        "  " * depth, (tree_lines.MARKS.get(maturity, "·"), _STYLES.get(maturity, text.FAINT)), " ",
        (title, text.FAINT if is_over else ""),
    )  # fmt: skip
    return Row(leaf["id"], left, Content.styled(f" {text.line(leaf['kind'])} ", text.FAINT))
