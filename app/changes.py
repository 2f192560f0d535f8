"""`cairn changes`: what changed → a request to the daemon, the reply → lines to print.

Grouped, the newest first; long groups end with how many more there are, and `--json` has them all.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from cairn.app import client, render

Json = dict[str, Any]
_SHOWN = 20


def changes(only: Mapping[str, str], *, as_json: bool = False, no_daemon: bool = False) -> int:
    """Exit status 0 with something to tell, 1 when nothing changed."""
    args = {"place": only.get("in", ""), "since": only.get("since", ""),
            "until": only.get("until", "")}  # fmt: skip
    data = _here(args) if no_daemon else client.call("changes", args)
    if as_json:
        render.envelope("changes", data)
    else:
        render.told(list(lines(data)))
        if not data["noted"]:
            render.note("cairn does not note what happens to files, as you have set it")
    return 0 if data["counts"] != {"turns": 0} else 1


def _here(args: Json) -> Json:
    from cairn.app import questioning
    from cairn.core.engine import Engine

    engine = Engine.open()
    try:
        return questioning.changes(engine, args)
    finally:
        engine.close()


def lines(data: Json) -> Iterator[str]:
    period = f"since {render.local(data['since'])}"
    if render.local(data["until"]) < render.local(data["now"]):
        period = f"from {render.local(data['since'])} to {render.local(data['until'])}"
    where = f" in {render.home_path(data['place'])}" if data["place"] else ""
    if data["counts"] == {"turns": 0}:
        yield f"nothing has changed{where} {period}"
        return
    yield f"{_summary(data)}{where} {period}"
    yield from _group("files", [_file(each) for each in data["files"]])
    yield from _group("entries of the tree", [_entry(each) for each in data["entries"]])
    yield from _group("conversations", [_chat(each) for each in data["conversations"]])


def _summary(data: Json) -> str:
    """`3 files changed, 1 file deleted, 2 entries added, 12 new turns in 2 conversations`."""
    told = []
    for one, many in (("file", "files"), ("entry", "entries")):
        deeds = Counter(each["deed"] for each in data[many])
        told += [f"{render.count(number, one, many)} {deed}" for deed, number in deeds.items()]
    if chats := data["conversations"]:
        turns = render.count(data["counts"]["turns"], "new turn")
        told.append(f"{turns} in {render.count(len(chats), 'conversation')}")
    return ", ".join(told)


def _group(name: str, rows: list[str]) -> Iterator[str]:
    if rows:
        yield render.style(name, "bold")
        yield from (f"  {row}" for row in rows[:_SHOWN])
    if len(rows) > _SHOWN:
        yield f"  … and {len(rows) - _SHOWN} more; `--json` has them all"


def _file(each: Json) -> str:
    was = f"  (was {render.home_path(each['was'])})" if each["was"] else ""
    times = f"  ({each['times']} times)" if each["times"] > 1 and each["deed"] == "changed" else ""
    return f"{_head(each)}  {render.home_path(each['path'])}{was}{times}"


def _entry(each: Json) -> str:
    return f"{_head(each)}  {render.clean(each['title'])}  ({render.clean(each['path'])})"


def _chat(each: Json) -> str:
    turns = render.count(each["turns"], "turn").rjust(10)
    title = render.clean(each["title"])
    return f"{_when(each)}  {turns}  {title}  {each['uri']}#t{each['first']}"


def _head(each: Json) -> str:
    return f"{_when(each)}  {each['deed'].ljust(10)}"


def _when(each: Json) -> str:
    return render.style(render.local(each["at"]).ljust(16), "yellow")
