"""A folder somebody wants to add: how much it is, before anything is read, and how deep to read it.

Opened by Sources. Only names are looked at; `look closer` reads it as `cairn add --dry-run` does,
and stores nothing. Dismissed with the depth.
"""

from __future__ import annotations

from textual.content import Content

from cairn.app import render
from cairn.app.tui import coverage, door, estimates, text
from cairn.app.tui.screens.choosing import Choosing, way
from cairn.app.tui.shell import Json
from cairn.app.tui.widgets.rows import Row, Rows
from cairn.core.errors import CairnError

_CLOSER = "closer"
_MOST = 4


class Offering(Choosing):
    def __init__(self, path: str) -> None:
        head = Content.styled(render.home_path(path), "bold $secondary")
        self._head = head
        self._path = path
        counting = Content.styled("counting its files …", text.QUIET)
        super().__init__("Add this folder?", Content("\n").join([head, counting]), _WAYS)

    def on_mount(self) -> None:
        super().on_mount()
        door.work(self, self._count(), group="preview")

    async def _count(self) -> None:
        await self._preview("names")

    async def _closer(self) -> None:
        await self._preview("full")

    async def _preview(self, policy: str) -> None:
        try:
            args = {"path": self._path, "policy": policy}
            found = await door.call("preview", args, self._reading)
        except CairnError as error:
            self._say([Content.styled(text.line(error.message), "$error"),
                       Content.styled(text.line(error.hint), text.QUIET)])  # fmt: skip
            self.offer([way("", "close")])
            return
        self._say(_counted(found) if policy == "names" else _read(found))
        ways = _WAYS if policy == "names" else [each for each in _WAYS if each.id != _CLOSER]
        self.offer(ways, self.ways.at)

    def _reading(self, now: Json) -> None:
        if now["total"] and now["done"]:
            told = f"reading {coverage.number(now['done'])} of {coverage.number(now['total'])} …"
            self._say([Content.styled(told, text.QUIET)])

    def _say(self, rows: list[Content]) -> None:
        self.tell(Content("\n").join([self._head, *rows]))

    def on_rows_chosen(self, chosen: Rows.Chosen) -> None:
        if chosen.row.id == _CLOSER:
            chosen.prevent_default()
            self._say([Content.styled("reading, nothing is stored …", text.QUIET)])
            door.work(self, self._closer(), group="preview")


_WAYS: list[Row] = [
    way("full", "read it in full", "found by meaning and by words"),
    way("names", "know its files by name only", "nothing in them is read"),
    way(_CLOSER, "look closer first", "reads it, stores nothing"),
    way("", "not now"),
]


def _counted(found: Json) -> list[Content]:
    files, size = found["files"], found["size"]
    if not files:
        return [Content("no files that cairn would read are in it")]
    took = estimates.about(files, size)
    return [
        Content.assemble((estimates.counted(files, size), "bold"), f"; reading takes {took}"),
        *_listed("passed over", found["passed_over"]),
    ]


def _read(found: Json) -> list[Content]:
    rows = [Content.assemble(
        (f"{coverage.number(found['read'])} of {coverage.number(found['files'])}", "bold"),
        f" files can be read, as {render.count(found['passages'], 'passage')}; nothing was stored",
    )]  # fmt: skip
    kinds = ", ".join(f"{count} × {text.line(kind)}" for kind, count in found["kinds"])
    rows += _listed(f"secrets would be left out ({kinds})", found["redacted"])
    rows += _listed("known by name only", found["skipped"])
    return rows + _listed("passed over", found["passed_over"])


def _listed(what: str, files: list[Json]) -> list[Content]:
    if not files:
        return []
    rows = [Content(f"{what}: {coverage.number(len(files))}")]
    for file in files[:_MOST]:
        rows.append(Content.styled(
            f"  {render.home_path(file['path'])}: {text.line(file['reason'])}", text.QUIET
        ))  # fmt: skip
    if len(files) > _MOST:
        rows.append(Content.styled(f"  … and {len(files) - _MOST} more", text.QUIET))
    return rows
