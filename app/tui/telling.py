"""Operations and questions of the tree → how the terminal UI says them; the words of the commands,
in its colours. Used by the entry's view, the log and the questions.
"""

from __future__ import annotations

from textual.content import Content

from cairn.app import render, tree_lines
from cairn.app.tui import text
from cairn.app.tui.shell import Json

_DEEDS = {
    "ADD": "added", "UPDATE": "updated", "MERGE": "merged", "SUPERSEDE": "replaced",
    "LINK": "linked", "ARCHIVE": "put away", "EDIT": "edited", "MOVE": "moved",
    "DELETE": "deleted", "SPLIT": "split", "UNDO": "taken back", "RESTORE": "brought back",
}  # fmt: skip
_DIFF = {"+": "$success", "-": "$error", "@": "$secondary"}


def deed(operation: Json) -> str:
    who = "you" if operation["author"] == "user" else text.line(operation["author"]).split(":")[0]
    return f"{_DEEDS.get(operation['type'], operation['type'].lower())} by {who}"


def change(operation: Json, *, named: bool = False) -> Content:
    """`2026-05-03 18:20  replaced by you  Rent  the reason`"""
    return Content.assemble(
        (render.local(operation["at"]), text.FAINT), f"  {deed(operation)}",
        (f"  {titles(operation)}" if named else "", "bold"),
        (f"  {text.line(operation['reason'])}" if operation["reason"] else "", text.QUIET),
        ("  taken back" if operation["undone_by"] else "", "$warning"),
    )  # fmt: skip


def titles(operation: Json) -> str:
    found = list(dict.fromkeys(text.line(each["title"]) for each in operation["entries"]))
    more = f" and {len(found) - 3} more" if len(found) > 3 else ""
    return (", ".join(found[:3]) or "(forgotten)") + more


def difference(diff: str) -> Content:
    """Lines that come and go in colours; each stays as it is."""
    rows = []
    for line in text.safe(diff).split("\n"):
        style = text.FAINT if line.startswith(("---", "+++")) else _DIFF.get(line[:1], "")
        rows.append(Content.styled(line, style))
    return Content("\n").join(rows)


def failure(message: str, hint: str) -> Content:
    told = Content.styled(text.line(message), "$warning")
    return Content("\n").join([told, Content.styled(text.line(hint), text.QUIET)]) if hint else told


def side(entry: Json, role: str) -> Content:
    """One of the entries that a question is about: what it says, since when, where it is from."""
    if entry.get("gone"):
        return Content.styled(f"{text.line(entry['id'])} is no longer there", text.QUIET)
    when = tree_lines.period(entry["valid_from"] or entry["created"], entry["valid_until"])
    claim = text.line(entry["body"])[:600] or text.line(entry["title"])
    rows = [
        Content.assemble((f" {role} ", "$background on $secondary"), "  ") if role else Content(""),
        Content.styled(claim, "bold"),
    ]
    facts = "  ".join(filter(None, (text.line(entry["kind"]), when, entry["id"])))
    lines = [Content("").join(rows), Content.styled(facts, text.QUIET)]
    for source in entry["sources"][:3]:
        lines.append(Content.styled(text.place(source), "$secondary"))
        if source["quote"]:
            lines.append(Content.styled(f"  “{text.line(source['quote'])}”", text.QUIET))
    if len(entry["sources"]) > 3:
        lines.append(Content.styled(f"… and {len(entry['sources']) - 3} more sources", text.FAINT))
    return Content("\n").join(lines)
