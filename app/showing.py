"""`show`: a citation → the text at that place, numbered, the cited part marked with ">".

The daemon reads the file and answers with `data`; `lines` lays it out for a terminal or a pipe.
"""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, Any

from cairn.app import client, last, protocol, render
from cairn.core.locate import parse_citation
from cairn.core.uris import INSIDE

if TYPE_CHECKING:
    from cairn.core.locate import Target
    from cairn.core.passage import Passage

Json = dict[str, Any]
_ENTRY = re.compile(r"[en]_[A-Za-z0-9]{4,40}")
_USUAL_CONTEXT = {"L": 3, "r": 3, "n": 2, "t": 1}
"""Pages, slides, cells and mails are long enough to be read alone."""


def show(citation: str, *, context: int | None = None, as_json: bool = False) -> int:
    """Exit status 0, or an error that says what is there instead."""
    if name := entry_named(citation):
        from cairn.app.commands import tree

        tree.show(name, as_json=as_json)
        return 0
    target = parse_citation(last.resolve(citation))
    around = usual_context(target) if context is None else context
    found = client.call("show", {"address": target.address, "context": around})
    if as_json:
        render.envelope("show", found)
    else:
        for line in lines(found):
            render.out(line)
    return 0


def entry_named(citation: str) -> str:
    """What names an entry of the tree: its id, or its file's path there; "" for all else."""
    given = citation.strip()
    if _ENTRY.fullmatch(given) and not os.path.lexists(given):
        return given
    if not given.endswith(".md") or ":" in given:
        return ""
    root = os.path.join(protocol.home_of(), "tree")
    path = os.path.abspath(os.path.expanduser(given))
    if os.path.lexists(path):
        return path if path.startswith(root + os.sep) else ""
    return given if os.path.isfile(os.path.join(root, given)) else ""


def usual_context(target: Target) -> int:
    return _USUAL_CONTEXT.get(target.unit or "", 0)


def data(found: Passage) -> Json:
    """The passage as JSON."""
    target = found.target
    return {
        "address": target.address,
        "uri": target.uri,
        "path": "" if target.chat else os.fsencode(target.path).decode("utf-8", "replace"),
        "part": target.part,
        "locator": target.locator,
        "title": found.title,
        "kind": found.kind,
        "heading": list(found.heading),
        "context": found.context,
        "when": found.when,
        "who": found.who,
        "units": [
            {"locator": piece.locator, "number": piece.number, "text": piece.text,
             "cited": piece.cited}
            for piece in found.pieces
        ],
    }  # fmt: skip


def lines(data: Json) -> list[str]:
    """A header with path, place and section, then every line with its number."""
    units = data["units"]
    labels = [_label(unit) for unit in units]
    width = max(map(len, labels), default=0)
    result = _header(data)
    for unit, label in zip(units, labels, strict=True):
        mark = ">" if unit["cited"] else " "
        for row in unit["text"].split("\n") if unit["text"] or label.isdigit() else ["(no text)"]:
            line = f"{mark} {label:>{width}}  {render.clean(row.expandtabs(4))}".rstrip()
            result.append(render.style(line, "bold") if unit["cited"] else line)
            label = ""  # only a unit's first line bears its number
    return result


def _label(unit: Json) -> str:
    """Lines by their number alone, as everywhere; others as they are cited."""
    locator: str = unit["locator"]
    return locator[1:] if locator[0] == "L" else locator


def _header(data: Json) -> list[str]:
    path = render.home_path(data["path"] or data["uri"])
    path += INSIDE + render.clean(data["part"]) if data["part"] else ""
    place = f"  {data['locator']}" if data["locator"] else ""
    result = [render.style(path + place, "cyan")]
    trail = " › ".join(filter(None, dict.fromkeys((data["title"], *data["heading"]))))
    facts = (
        (trail, data["when"][:10], data["who"], data["context"]) if data["locator"] else (trail,)
    )
    below = "  ".join(render.clean(fact) for fact in facts if fact)
    return [*result, render.style(below, "dim")] if below else result
