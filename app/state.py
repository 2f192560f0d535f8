"""What is said of the state of things → the lines of `status`, `doctor` and `add --dry-run`.

Called by the commands that show it; every line goes out through render.py.
"""

from __future__ import annotations

import sys
from typing import Any

from cairn.app import render

Json = dict[str, Any]


def status(data: Json) -> None:
    counts = data["counts"]
    render.out(f"home      {data['home']}")
    if data["private"]:
        render.out(render.style(f"private   {data['private']}", "yellow"))
    named = f"{counts['named']} by name so far, " if counts["named"] else ""
    render.out(
        f"files     {counts['indexed']} indexed, {named}{counts['skipped']} skipped, "
        f"{counts['failed']} failed"
    )
    if counts["redacted"]:
        render.out(f"secrets   left out of {render.count(counts['redacted'], 'file')}")
    if counts["conversations"]:
        chats, turns = (
            render.count(counts["conversations"], "conversation"),
            render.count(counts["turns"], "turn"),
        )
        render.out(f"chats     {chats}, {turns}")
    render.out(f"passages  {counts['chunks']}, {counts['vectors']} of them searchable by meaning")
    if "tree" in data:
        render.out(f"tree      {_tree(data['tree'])}")
    render.out(f"queue     {_queue(data)}")
    for root in data["roots"]:
        problem = f"  ({root['problem']})" if root["problem"] else ""
        problem += "  paused" if root["paused"] else ""
        render.out(f"folder    {render.clean(root['path'])}  {_depth(root)}{problem}")
    limit = f" of {data['effort_limit_min']:g} min" if data["effort_limit_min"] else ""
    render.out(f"effort    {render.duration(data['effort_s'])}{limit} of computing today")
    render.out(f"daemon    {_daemon(data)}")
    for path, reason in data.get("watch_problems", {}).items():
        render.note(f"not watched live: {render.clean(path)}: {render.clean(reason)}")
    if counts["skipped"] + counts["failed"] + counts["dead"]:
        render.note("`cairn status --failed` lists what was not read, with the reason")
    for line in (data["degraded"], data.get("trouble")):
        if line:
            render.note(render.style("note: ", "yellow", stream=sys.stderr) + render.clean(line))


def _tree(tree: Json) -> str:
    told = render.count(tree["entries"], "entry", "entries")
    told += f", {tree['archived']} in the archive" if tree["archived"] else ""
    if tree["waiting"]:
        told += f"; {render.count(tree['waiting'], 'question')} for `cairn review`"
    if tree["troubles"]:
        told += f"; {render.count(len(tree['troubles']), 'file')} in trouble: see `cairn tree`"
    return told


def _depth(root: Json) -> str:
    if root["policy"] == "never":
        return "never read"
    if root["policy"] == "names":
        return f"{root['files']} files by name only"
    return f"{root['indexed']} of {root['files']} files"


def _queue(data: Json) -> str:
    counts = data["counts"]
    waiting = f"{render.count(counts['queued'], 'file')} to read, {counts['to_embed']} to embed"
    if data["paused"]:
        return f"{waiting}, paused; `cairn daemon resume` goes on"
    if not counts["queued"] and not counts["to_embed"]:
        return "empty"
    if data["resting"]:
        return f"{waiting}, waiting: {data['resting']}"
    eta = data.get("progress", {}).get("eta_s")
    return waiting + (f", about {render.duration(eta)} left" if eta is not None else "")


def _daemon(data: Json) -> str:
    daemon = data.get("daemon")
    if not daemon:
        return "not running; it starts by itself when needed"
    stays = "stays" if daemon["keep"] else "leaves when idle"
    since = render.duration(daemon["uptime_s"])
    return f"pid {daemon['pid']}, version {daemon['version']}, for {since}, {stays}"


_SHOWN = 15


def preview(data: Json) -> None:
    size = f"{data['size'] / 1e6:.1f} MB"
    render.out(f"{render.clean(data['path'])}: {data['files']} files, {size}")
    if data["policy"] == "full":
        many = render.count(data["passages"], "passage")
        render.out(f"would be read: {render.count(data['read'], 'file')}, {many}")
    else:
        render.out(
            "would be known by their names only" if data["policy"] == "names" else "never read"
        )
    kinds = ", ".join(f"{count} × {kind}" for kind, count in data["kinds"])
    _listed(f"secrets would be left out ({kinds})", data["redacted"])
    _listed("known by name only", data["skipped"])
    _listed("passed over", data["passed_over"])
    render.note("nothing was stored; run it again without `--dry-run` to add the folder")


def _listed(what: str, files: list[Json]) -> None:
    if not files:
        return
    render.out(f"{what}: {len(files)}")
    for file in files[:_SHOWN]:
        render.out(f"  {render.clean(file['path'])}\t{render.clean(file['reason'])}")
    if len(files) > _SHOWN:
        render.out(f"  … and {len(files) - _SHOWN} more; `--json` has them all")


def troubled(data: Json) -> None:
    for file in data["files"]:
        word = "note" if file["state"] == "indexed" else file["state"]
        render.out(
            f"{word}\t{render.clean(file['path'] or file['uri'])}\t{render.clean(file['reason'])}"
        )
    if not data["files"]:
        render.note("every file was read")
    render.private(data)


def checks(data: Json) -> None:
    colours = {"ok": "green", "warn": "yellow", "fail": "red"}
    hang = " " * 19
    for check in data["checks"]:
        word = render.style(check["state"].ljust(4), colours[check["state"]])
        message = render.hanging(render.clean(check["message"]), hang)
        render.out(f"{word}  {check['name'].ljust(12)} {message}")
        if check["next"]:
            render.out(f"{hang}next: {check['next']}")


def repaired(done: list[Json] | None) -> None:
    """What a repair has done; nothing where none was asked for."""
    for deed in done or ():
        render.out(f"mended  {deed['part'].ljust(12)} {render.clean(deed['said'])}")
        if deed["next"]:
            render.out(f"{' ' * 21}next: {deed['next']}")
    if done == []:
        render.note("nothing is damaged; nothing was changed")
