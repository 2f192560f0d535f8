"""`sources`, `import` and `chats`: what to read of conversations, and what has been read.

Nothing is read before a person said yes: `detect` looks at names and counts only, and asks.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

from cairn.app import client, last, protocol, render
from cairn.core.chats.formats import OWN, kinds
from cairn.core.errors import ConfigError, NotFound

Json = dict[str, Any]
_CHAT = "chat:"
_KINDS = (*kinds(), OWN.kind)


def list_sources(*, as_json: bool) -> int:
    data = client.call("sources")
    if as_json:
        render.envelope("sources", data)
        return 0
    for source in data["sources"]:
        _tell_source(source)
    if not data["sources"]:
        render.note("no conversations are read yet; `cairn sources detect` looks for some")
    render.private(data)
    return 0


def _tell_source(source: Json) -> None:
    how = "followed" if source["is_live"] else "imported"
    since = f" since {source['since']}" if source["since"] else ""
    waiting = f", {source['waiting']} waiting" if source["waiting"] else ""
    waiting += ", paused" if source["paused"] else ""
    render.out(
        f"{render.style(source['words'] or 'not known yet', 'bold')}  "
        f"{render.home_path(source['path'])}\n    {how}: "
        f"{render.count(source['conversations'], 'conversation')}, "
        f"{render.count(source['turns'], 'turn')}{since}{waiting}"
    )
    if source["redacted"]:
        render.out(f"    secrets left out: {_counts(source['redacted'])}")
    if source["passed"]:
        total = sum(source["passed"].values())
        render.out(f"    {render.count(total, 'record')} without words of their own; see `--json`")
    if source["unknown"]:
        version = f" (written by version {source['version']})" if source["version"] else ""
        render.out(
            f"    {render.style('unknown', 'yellow')} to this cairn{version}: "
            f"{_counts(source['unknown'])}"
        )
    for uri, reason in source["problems"][:_MOST_PROBLEMS]:
        render.out(f"    {render.style('not read', 'red')}: {render.clean(uri)}: {reason}")
    if len(source["problems"]) > _MOST_PROBLEMS:
        render.out(f"    … and {len(source['problems']) - _MOST_PROBLEMS} more; see `--json`")
    if source["expires"]:
        render.out(f"    {source['expires']}; what was read of it stays")


_MOST_PROBLEMS = 5
_MOST_KINDS = 8


def _counts(kinds: dict[str, int]) -> str:
    most = sorted(kinds.items(), key=lambda pair: (-pair[1], pair[0]))
    shown = ", ".join(f"{count:,} {render.clean(kind)}" for kind, count in most[:_MOST_KINDS])
    return shown + (f" and {len(most) - _MOST_KINDS} more kinds" if len(most) > _MOST_KINDS else "")


def detect(*, yes: bool, as_json: bool) -> int:
    """List what lies here and ask about each; exit status 1 when there is nothing."""
    data = client.call("detect", {"env": dict(os.environ)})
    if as_json:
        render.envelope("sources detect", data)
        return 0 if data["found"] else 1
    asks = sys.stdin.isatty() and sys.stderr.isatty()
    chosen = []
    for found in data["found"]:
        _tell_found(found)
        if found["followed"] or found["problem"] or not found["live"]:
            continue
        if (yes and not found["opt_in"]) or (
            asks and not yes and render.confirm("    read it, and follow it?", not found["opt_in"])
        ):
            chosen.append(found)
    if not data["found"]:
        render.note("no conversations were found in the usual places; `cairn import` takes exports")
        return 1
    for found in chosen:
        client.call("follow", {"path": found["path"], "kind": found["kind"], "wait": False})
    if chosen:
        many = render.count(len(chosen), "source")
        render.note(f"{many} being read in the background; see `cairn sources`")
    elif not asks and not yes:
        render.note("nothing was read; `cairn sources detect --yes`, or `cairn sources add KIND`")
    return 0


def _tell_found(found: Json) -> None:
    many = found["conversations"]
    count = f"{render.count(many, 'conversation')}" if many else "conversations"
    since = f" since {found['since']}" if found["since"] else ""
    state = "  (followed)" if found["followed"] else ""
    size = render.size(found["size"])
    render.out(
        f"{render.style(found['words'], 'bold')}  {render.home_path(found['path'])}{state}\n"
        f"    {count}{since}, {size}"
    )
    if found["expires"] and not found["followed"]:
        render.out(f"    {found['expires']}")
    if found["problem"]:
        render.out(f"    {found['problem']}")
    elif not found["live"] and not found["followed"]:
        render.out(f"    an export: `cairn import {render.quoted(found['path'])}`")


def add_source(what: str, *, me: list[str], as_json: bool) -> int:
    """`what` is a path, or a kind of which there is one store on this machine."""
    path = Path(what).expanduser()
    if not path.exists() and os.sep not in what:  # it names a kind
        stores = [
            found
            for found in client.call("detect", {"env": dict(os.environ)})["found"]
            if found["kind"] == what and found["live"]
        ]
        if not stores:
            raise NotFound(
                f"there is neither a file `{what}` nor a store of that kind here",
                "`cairn sources detect` lists what there is",
            )
        return _read_all("follow", [Path(store["path"]) for store in stores], what, me, as_json)
    return _read_all("follow", [path], "", me, as_json)


def import_(path: Path, *, kind: str, me: list[str], as_json: bool) -> int:
    """Exit status 4 when something that was named could not be read."""
    return _read_all("import", [path], kind, me, as_json)


def _read_all(op: str, paths: list[Path], kind: str, me: list[str], as_json: bool) -> int:
    """One JSON document for all of them, and the worst of their exit statuses."""
    replies: list[Json] = []
    for path in paths:
        args = {"path": str(path.expanduser().absolute()), "kind": kind, "me": me}
        try:
            replies.append(client.call(op, args, render.progress))
        except KeyboardInterrupt:
            render.note("reading goes on in the background; `cairn daemon pause` pauses it")
            return 130
        render.end_progress()
        if not as_json:
            _tell_reply(replies[-1])
    if as_json:
        render.envelope(op, _together(replies))
    for trouble in dict.fromkeys(data["trouble"] for data in replies if data["trouble"]):
        render.error(trouble, "")
    return max(_exit_status(data) for data in replies)


def _tell_reply(data: Json) -> None:
    _tell_source(data["source"])
    many = "none" if not data["added"] else f"{data['added']:,}"
    render.note(f"{many} of its turns {'is' if data['added'] == 1 else 'are'} new")
    if data["waiting"]:
        verb = "is" if data["waiting"] == 1 else "are"
        render.note(f"{render.count(data['waiting'], 'part')} {verb} being indexed meanwhile")
    if data["source"]["people"] and not data["source"]["me"]:
        names = ", ".join(render.clean(name) for name in data["source"]["people"][:6])
        render.note(f"hint: if one of these is you, say so with `--me NAME`: {names}")


def _together(replies: list[Json]) -> Json:
    """As for a single source, of which `source` is the first and `sources` has all."""
    return {
        **replies[-1],
        "source": replies[0]["source"],
        "sources": [data["source"] for data in replies],
        "added": sum(data["added"] for data in replies),
        "trouble": next((data["trouble"] for data in replies if data["trouble"]), ""),
    }


def _exit_status(data: Json) -> int:
    if data["trouble"]:
        return 3
    return 4 if data["source"]["problems"] else 0


def remove_source(what: str, *, drop: bool, as_json: bool) -> int:
    """`what` is a path, a kind, or the address of a conversation, which can only be dropped."""
    path = Path(what).expanduser()
    is_chat = what.startswith(_CHAT)
    if is_chat and not drop:
        raise ConfigError(
            "a single conversation can't be left out of its source",
            f"`cairn sources remove {what} --drop` takes it out of the memory",
        )
    if is_chat:
        args = {"chat": what}
    elif what in _KINDS and not path.exists():
        args = {"kind": what}
    else:
        args = {"path": str(path.absolute())}
    data = client.call("unfollow", {**args, "drop": drop})
    if as_json:
        render.envelope("sources remove", data)
        return 0
    if not drop:
        render.note("it is read no more; what was read stays, `--drop` takes it out too")
        return 0
    turns, chats = (
        render.count(data["turns"], "turn"),
        render.count(data["dropped"], "conversation"),
    )
    render.note(f"{turns} of {chats} left the memory")
    if is_chat:
        render.note(
            "it is kept out, also when its source is read again, until `cairn forget --lift`"
        )
    return 0


def list_chats(words: str, *, kind: str, project: str, limit: int, as_json: bool) -> int:
    """Exit status 1 when no conversation fits."""
    if limit < 1:
        raise ConfigError("`-n` must be at least 1", "try `cairn chats -n 20`")
    args = {"words": words, "kind": kind, "project": project, "limit": limit}
    data = client.call("chats", args)
    if as_json:
        render.envelope("chats", data)
    else:
        last.remember_last(protocol.home_of(), [chat["uri"] for chat in data["chats"]])
        for number, chat in enumerate(data["chats"], start=1):
            _tell_chat(number, chat)
        if not data["chats"]:
            render.note("no conversation fits; `cairn sources` says what is read")
        elif render.is_terminal():
            render.note("`cairn show 1` prints the first of them")
    return 0 if data["chats"] else 1


def _tell_chat(number: int, chat: Json) -> None:
    title = render.clean(chat["title"])
    if not render.is_terminal():
        render.out(f"{chat['uri']}\t{chat['ended'][:10]}\t{chat['turns']}\t{title}")
        return
    project = f"  {render.home_path(chat['project'])}" if chat["project"] else ""
    render.out(
        f"{number:>3}  {render.style(chat['ended'][:10].ljust(10), 'yellow')}  {title}\n     "
        + render.style(f"{chat['words']}, {render.count(chat['turns'], 'turn')}{project}", "dim")
    )
