"""A folder or a source of conversations as the daemon tells it → rows and pages for Sources.

What can be found how is drawn as a bar: by meaning, by its words so far, by its name, not at all.
"""

from __future__ import annotations

from collections.abc import Iterable

from textual.content import Content

from cairn.app import render
from cairn.app.tui import text
from cairn.app.tui.shell import Json
from cairn.app.tui.widgets.rows import Row

MEANING, WORDS, NAMES, FAILED = "$success", "$secondary", text.FAINT, "$error"
_BAR, _WIDE_BAR = 12, 36
DEPTHS = {"full": "read in full", "names": "by names only", "never": "never read"}
_MOST = 5


def folders(state: Json) -> list[Json]:
    """Those that somebody named; cairn's own tree is none of them."""
    return [root for root in state["roots"] if not root["path"].startswith(state["home"] + "/")]


def parts(root: Json) -> list[tuple[str, int, str]]:
    """How it can be found, of how many files, and the style of that."""
    embedded = min(root.get("embedded", root["indexed"]), root["indexed"])
    return [
        ("found by meaning", embedded, MEANING),
        ("found by their words, by meaning soon", root["indexed"] - embedded, WORDS),
        ("known by name, read later" if root["policy"] == "full" else "known by name only",
         root["named"], NAMES),
        ("can’t be read, known by name", root["skipped"], NAMES),
        ("failed", root["failed"], FAILED),
    ]  # fmt: skip


def number(count: int) -> str:
    return f"{count:,}".replace(",", "\N{NARROW NO-BREAK SPACE}")


def bar(shares: list[tuple[str, int, str]], total: int, width: int) -> Content:
    """Each part at least one cell wide, however few there are of it."""
    cells = [max(1, round(width * count / total)) if count and total else 0
             for _, count, _ in shares]  # fmt: skip
    while sum(cells) > width:
        cells[cells.index(max(cells))] -= 1
    drawn = [("━" * cell, style) for cell, (_, _, style) in zip(cells, shares, strict=True)]
    return Content.assemble(*drawn, ("━" * (width - sum(cells)), "$panel"))


# -- rows


def folder_row(root: Json, problem: str, *, plain: bool) -> Row:
    problem = root["problem"] or problem or ("paused" if root["paused"] else "")
    left = Content.assemble("  ", (render.home_path(root["path"]), "bold"))
    if problem:
        told = Content.styled(text.line(problem), "$warning")
    elif root["policy"] != "full":
        told = Content.styled(DEPTHS[root["policy"]], text.QUIET)
    else:
        failed = (f"{number(root['failed'])} failed  ", FAILED) if root["failed"] else ""
        told = Content.assemble(failed, (_files(root["files"]), text.QUIET))
    drawn = Content("") if plain else Content("  ") + bar(parts(root), root["files"], _BAR)
    return Row(f"folder:{root['path']}", left, Content("").join([told, drawn, Content(" ")]))


def chat_row(source: Json) -> Row:
    left = Content.assemble(
        "  ", (text.line(source["words"] or "not known yet"), "bold"),
        (f"  {render.home_path(source['path'])}", text.QUIET),
    )  # fmt: skip
    told = []
    if source["problems"]:
        told.append((f"{len(source['problems'])} not read  ", FAILED))
    if source["paused"]:
        told.append(("paused  ", "$warning"))
    if source["waiting"]:
        told.append((f"{number(source['waiting'])} waiting  ", WORDS))
    told.append((render.count(source["conversations"], "conversation") + " ", text.QUIET))
    return Row(f"chat:{source['path']}", left, Content.assemble(*told))


def drawn(rows: Iterable[Row]) -> list[tuple[str, str, str]]:
    """What can be seen of them; contents are alike to Textual as soon as their words are."""
    return [(row.id, row.left.markup, row.right.markup) for row in rows]


def heading(words: str) -> Row:
    return Row(f"heading:{words}", Content.styled(f" {words}", "bold $primary"), is_heading=True)


def _files(count: int) -> str:
    return f"{number(count)} {'file' if count == 1 else 'files'}"


# -- pages


def folder_page(root: Json, problem: str, *, plain: bool) -> Content:
    head = Content.styled(render.home_path(root["path"]), "bold $secondary")
    seen = f"newest change {root['changed']}" if root.get("changed") else ""
    now = "paused: p goes on" if root["paused"] else ""
    facts = ", ".join(filter(None, (DEPTHS[root["policy"]], now, seen)))
    rows = [head, Content.styled(facts, text.QUIET)]
    rows += [Content.styled(text.line(told), "$warning") for told in (root["problem"], problem)
             if told]  # fmt: skip
    if not root["files"]:
        return Content("\n").join([*rows, _hint("no file of it is known yet")])
    if not plain:
        rows.append(bar(parts(root), root["files"], _WIDE_BAR))
    rows += [
        Content.assemble((number(count).rjust(7), f"bold {style}"), f"  {words}")
        for words, count, style in parts(root) if count
    ]  # fmt: skip
    if root["redacted"]:
        rows.append(Content.assemble(
            (number(root["redacted"]).rjust(7), "bold"), "  had secrets in them, left out"
        ))  # fmt: skip
    if root["skipped"] + root["failed"]:
        rows.append(_hint("enter lists what was not read, and why"))
    return Content("\n").join(rows)


def chat_page(source: Json) -> Content:
    rows = [
        Content.styled(text.line(source["words"] or "not known yet"), "bold $secondary"),
        Content.styled(render.home_path(source["path"]), text.QUIET),
    ]  # fmt: skip
    how = "followed" if source["is_live"] else "imported once"
    many = render.count(source["conversations"], "conversation")
    rows.append(Content(f"{how}: {many}, {render.count(source['turns'], 'turn')}"))
    days = " to ".join(dict.fromkeys(filter(None, (source["since"], source["latest"]))))
    if days:
        rows.append(Content.styled(days, text.QUIET))
    if source["waiting"]:
        rows.append(Content.styled(f"{number(source['waiting'])} waiting to be read", WORDS))
    if source["paused"]:
        rows.append(Content.styled("paused: p goes on", "$warning"))
    if source["expires"]:
        told = f"{source['expires']}; what was read of it stays"
        rows.append(Content.styled(text.line(told), "$warning"))
    if source["redacted"]:
        rows.append(Content(f"secrets left out: {_kinds(source['redacted'])}"))
    if source["unknown"]:
        rows.append(Content.styled(f"not known here: {_kinds(source['unknown'])}", "$warning"))
    if source["people"]:
        me = f" (you: {', '.join(source['me'])})" if source["me"] else ""
        people = text.line(", ".join(source["people"][:_MOST]) + me)
        rows.append(Content.styled(f"with {people}", text.QUIET))
    if source["problems"]:
        rows += [Content(""), Content.styled(
            f"{len(source['problems'])} could not be read", FAILED
        ), _hint("enter lists them, and why")]  # fmt: skip
    return Content("\n").join(rows)


def _hint(words: str) -> Content:
    return Content.styled(words, text.QUIET)


def _kinds(kinds: Json) -> str:
    most = sorted(kinds.items(), key=lambda pair: (-pair[1], pair[0]))
    return text.line(", ".join(f"{number(count)} {kind}" for kind, count in most[:_MOST]))
