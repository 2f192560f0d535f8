"""What a request may ask of the daemon: one function for each operation, JSON in and out."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cairn.app import (
    backup_operations,
    benching,
    model_operations,
    protocol,
    questioning,
    showing,
    tree_operations,
    wire,
)
from cairn.core.errors import ConfigError
from cairn.core.locate import parse_address, parse_citation
from cairn.core.recall.entries.pointers import When
from cairn.core.recall.reasons.findability import Probed
from cairn.core.records import Origin

if TYPE_CHECKING:
    from cairn.app.daemon import Daemon

Json = dict[str, Any]
Send = Callable[[Json], None]
_TICK_S = 0.1
_MOMENT_S = 10.0


def run(daemon: Daemon, op: str, args: Json, send: Send) -> Json:
    operation = _OPERATIONS.get(op)
    if operation is None:
        raise ConfigError(f"the daemon does not know `{op}`", "run `cairn daemon restart`")
    data = operation(daemon, args, send)
    return {"private": daemon.engine.private.words, **data}


def _ask(daemon: Daemon, args: Json, send: Send) -> Json:
    ticket = str(args.get("ticket", ""))
    manner = daemon.underway.manner(args, send)
    try:
        return questioning.ask(daemon.engine, args, manner)
    finally:
        daemon.underway.done(ticket)


def _enough(daemon: Daemon, args: Json, send: Send) -> Json:
    """Whoever asked wants no more of an answer to be written."""
    return {"stopped": daemon.underway.enough(str(args["ticket"]))}


def _asked(daemon: Daemon, args: Json, send: Send) -> Json:
    """The last questions, the oldest first."""
    given = daemon.engine.asking.session.latest()
    return {"asked": [{"question": each.exchange.question, "at": each.exchange.at}
                      for each in given]}  # fmt: skip


def _search(daemon: Daemon, args: Json, send: Send) -> Json:
    return questioning.search(daemon.engine, args)


def _add(daemon: Daemon, args: Json, send: Send) -> Json:
    daemon.pump.trouble = ""  # of before; it comes again if it is still there
    queued = daemon.engine.add(Path(args["path"]), args.get("policy"))
    daemon.pump.nudge(renew=bool(args.get("policy")))
    if args.get("wait", True):
        _follow(daemon, send)
        if queued and not daemon.engine.waiting:
            daemon.pump.compact_now()
    return {
        "queued": queued,
        **_state(daemon),
        **wire.folder(daemon.engine.folder(Path(args["path"]))),
    }


def _follow(daemon: Daemon, send: Send) -> None:
    """Report progress until the queue is empty or nobody works on it."""
    while daemon.engine.waiting and not daemon.engine.resting:
        send(wire.progress(daemon.engine.progress))
        if daemon.pump.trouble:
            return
        time.sleep(_TICK_S)


def _remove(daemon: Daemon, args: Json, send: Send) -> Json:
    withdrawn = daemon.engine.remove(Path(args["path"]))
    daemon.pump.nudge(renew=True)
    _await(daemon, lambda: not daemon.engine.journal.waiting("file"))
    return {"withdrawn": withdrawn}


def _await(daemon: Daemon, done: Callable[[], bool]) -> None:
    """Give a small piece of work the moment it needs, unless it is stuck or paused."""
    deadline = time.monotonic() + _MOMENT_S
    while time.monotonic() < deadline and not daemon.pump.trouble and not daemon.engine.paused:
        if done():
            return
        time.sleep(0.05)


def _remember(daemon: Daemon, args: Json, send: Send) -> Json:
    # Whoever speaks for the user here can't be told apart from them by any word in the text.
    origin: Origin = "assistant" if args.get("origin") == "assistant" else "user"
    request = str(args.get("request", ""))
    path, redacted = daemon.engine.memory.remember(args["text"], origin, request)
    daemon.pump.nudge()
    _await(daemon, lambda: not daemon.engine.is_pending(path))
    searchable = not daemon.engine.is_pending(path)
    known = bool(daemon.engine.memory.tombstones.spans(args["text"], ""))
    return {
        "path": str(path), "searchable": searchable, "redacted": list(redacted), "forgotten": known,
    }  # fmt: skip


def _status(daemon: Daemon, args: Json, send: Send) -> Json:
    return _state(daemon)


def _failed(daemon: Daemon, args: Json, send: Send) -> Json:
    return wire.troubled(daemon.engine.troubled())


def _rebuild(daemon: Daemon, args: Json, send: Send) -> Json:
    with ThreadPoolExecutor(1) as pool:
        work = pool.submit(daemon.engine.rebuild, daemon.is_stopping)
        while not work.done():
            send(wire.progress(daemon.engine.progress))
            time.sleep(_TICK_S)
    return {"complete": work.result(), **_state(daemon)}


def _pause(daemon: Daemon, args: Json, send: Send) -> Json:
    if place := args.get("path"):
        daemon.engine.pausing.turn(Path(place), on=bool(args["paused"]))
    else:
        daemon.engine.pause(bool(args["paused"]))
    daemon.pump.nudge()
    return _state(daemon)


def _preview(daemon: Daemon, args: Json, send: Send) -> Json:
    def tell(done: int, total: int) -> None:
        share = done / total if total else 0.0
        send({"stage": "reading", "done": done, "total": total, "share": share, "eta_s": None})

    return asdict(daemon.engine.preview(Path(args["path"]), args.get("policy") or "full", tell))


def _why_not(daemon: Daemon, args: Json, send: Send) -> Json:
    when = When(str(args.get("as_of", "")), str(args.get("known_at", "")))
    told = daemon.engine.finding.why_not(
        str(args["target"]), str(args.get("question", "")), int(args.get("limit", 0)), when,
        questioning.filters_of(args),
    )  # fmt: skip
    return wire.why_not(told)


def _findability(daemon: Daemon, args: Json, send: Send) -> Json:
    """Document by document, so that whoever waits sees it go on, and may leave."""
    below = Path(args["folder"]) if args.get("folder") else None
    documents = daemon.engine.finding.documents(below, int(args.get("limit", 0)))
    tried: list[Probed] = []
    whole = wire.documents(documents, args.get("folder", ""))
    send(wire.probing(whole, len(documents.tried), 0))
    for one in daemon.engine.finding.findability(documents):
        tried.append(one)
        send(wire.probing(whole, len(documents.tried), len(tried), one))
        if daemon.is_stopping():
            break
    lost = [wire.probed(one) for one in tried if not one.found]
    return {
        **whole, "tried": len(tried), "found": len(tried) - len(lost), "lost": lost,
        "stopped": len(tried) < len(documents.tried),
    }  # fmt: skip


def _show(daemon: Daemon, args: Json, send: Send) -> Json:
    """`kept_only`: for an assistant, who is not even told whether anything else is there."""
    kept_only = bool(args.get("kept_only"))
    target = (parse_address if kept_only else parse_citation)(args["address"])
    context = int(args.get("context", 0))
    return showing.data(daemon.engine.passage(target, context, kept_only=kept_only))


def _changes(daemon: Daemon, args: Json, send: Send) -> Json:
    return questioning.changes(daemon.engine, args)


def _day(daemon: Daemon, args: Json, send: Send) -> Json:
    start, end = (date.fromisoformat(args[name]) for name in ("start", "end"))
    return asdict(daemon.engine.behaviour.day(start, end))


def _habits(daemon: Daemon, args: Json, send: Send) -> Json:
    return asdict(daemon.engine.behaviour.habits())


def _forget_traces(daemon: Daemon, args: Json, send: Send) -> Json:
    return {"deleted": daemon.engine.behaviour.forget()}


def _private(daemon: Daemon, args: Json, send: Send) -> Json:
    if args["on"]:
        daemon.engine.private.begin(float(args.get("for_s", 0)))
    else:
        daemon.engine.private.end()
    daemon.pump.nudge()
    return _state(daemon)


def _sources(daemon: Daemon, args: Json, send: Send) -> Json:
    return {"sources": [wire.source(each) for each in daemon.engine.conversations.status()]}


def _detect(daemon: Daemon, args: Json, send: Send) -> Json:
    conversations, env = daemon.engine.conversations, args["env"]
    found = []
    for each, followed in conversations.detect(env):
        expiry = conversations.expiry(each.kind, env) if each.live else None
        expires = expiry.words if expiry else ""
        found.append(
            {**asdict(each), "path": str(each.path), "followed": followed, "expires": expires}
        )
    return {"found": found}


def _follow_source(daemon: Daemon, args: Json, send: Send) -> Json:
    return _read_chats(daemon, args, send, daemon.engine.conversations.follow)


def _import(daemon: Daemon, args: Json, send: Send) -> Json:
    return _read_chats(daemon, args, send, daemon.engine.conversations.take_in)


def _read_chats(
    daemon: Daemon, args: Json, send: Send, read: Callable[[Path, str, list[str]], int]
) -> Json:
    daemon.pump.trouble = ""
    path, conversations = Path(args["path"]), daemon.engine.conversations
    before = conversations.brought(path)
    daemon.engine.pausing.let_go(path)
    read(path, args.get("kind", ""), args.get("me", []))
    daemon.pump.nudge(renew=True)
    if args.get("wait", True):
        _follow(daemon, send)
    counts = daemon.engine.journal.counts()
    return {
        "source": wire.source(conversations.state_of(path)),
        "added": conversations.brought(path) - before,
        "waiting": counts.queued + counts.to_embed,
        "trouble": daemon.pump.trouble,
    }


def _unfollow(daemon: Daemon, args: Json, send: Send) -> Json:
    """Of a path, of all sources of a kind, or, by its address, of one conversation."""
    conversations, drop = daemon.engine.conversations, bool(args.get("drop"))
    if "chat" in args:
        dropped = conversations.remove_chat(parse_citation(args["chat"]).chat)
    elif "kind" in args:
        dropped = conversations.remove_kind(args["kind"], drop=drop)
    else:
        dropped = conversations.remove(Path(args["path"]), drop=drop)
    daemon.pump.nudge(renew=True)
    _await(daemon, lambda: not daemon.engine.journal.waiting("file"))
    return {"dropped": dropped.conversations, "turns": dropped.turns}


def _chats(daemon: Daemon, args: Json, send: Send) -> Json:
    words, kind, project = (str(args.get(name, "")) for name in ("words", "kind", "project"))
    limit = int(args.get("limit", 20))
    found = daemon.engine.conversations.latest(words, kind, project, limit)
    return {"chats": [wire.chat(each) for each in found]}


def _turn_source(daemon: Daemon, args: Json, send: Send) -> Json:
    """Where a turn was copied from, for an editor."""
    target = parse_citation(args["address"])
    path, line = daemon.engine.conversations.origin_of(target.chat, max(1, target.first))
    return {"path": str(path), "line": line}


def _of_the_tree(op: str) -> Callable[[Daemon, Json, Send], Json]:
    def run(daemon: Daemon, args: Json, send: Send) -> Json:
        data = tree_operations.run(daemon.engine, op, args)
        daemon.pump.nudge()  # what it changed is to be searchable
        return data

    return run


def _of_models(op: str) -> Callable[[Daemon, Json, Send], Json]:
    def run(daemon: Daemon, args: Json, send: Send) -> Json:
        return model_operations.run(daemon.engine.models, op, args, send, daemon.is_stopping)

    return run


def _of_backups(op: str) -> Callable[[Daemon, Json, Send], Json]:
    return lambda daemon, args, send: backup_operations.OPERATIONS[op](daemon.engine, args)


def _bench(daemon: Daemon, args: Json, send: Send) -> Json:
    return benching.run(daemon.engine, args, send, daemon.is_stopping)


def _benches(daemon: Daemon, args: Json, send: Send) -> Json:
    return benching.runs(daemon.engine)


def _check(daemon: Daemon, args: Json, send: Send) -> Json:
    tried = daemon.engine.asking.trial.tried
    room = asdict(daemon.engine.index.room())
    return asdict(daemon.engine.check()) | {"tried": tried and asdict(tried), "room": room}


def _deep(daemon: Daemon, args: Json, send: Send) -> Json:
    from cairn.core.deep import mismatches

    return {"mismatches": [asdict(each) for each in mismatches(daemon.engine)]}


def _keep(daemon: Daemon, args: Json, send: Send) -> Json:
    daemon.keep = True
    return _state(daemon)


def _state(daemon: Daemon) -> Json:
    return {
        **wire.status(daemon.engine.status()),
        "tree": tree_operations.counts(daemon.engine),
        "effort_limit_min": daemon.engine.config.watch.daily_minutes,
        "progress": wire.progress(daemon.engine.progress),
        "model": Path(daemon.engine.config.models.generator).stem,
        "busy": daemon.pump.busy,
        "trouble": daemon.pump.trouble,
        "watch_problems": daemon.pump.problems,
        "daemon": {
            "pid": os.getpid(),
            "version": protocol.VERSION,
            "keep": daemon.keep,
            "service": daemon.is_service,
            "uptime_s": round(time.time() - daemon.started),
        },
    }


_OPERATIONS: dict[str, Callable[[Daemon, Json, Send], Json]] = {
    "ask": _ask,
    "enough": _enough,
    "asked": _asked,
    "bench": _bench,
    "benches": _benches,
    "search": _search,
    "add": _add,
    "remove": _remove,
    "remember": _remember,
    "status": _status,
    "failed": _failed,
    "rebuild": _rebuild,
    "pause": _pause,
    "keep": _keep,
    "check": _check,
    "deep": _deep,
    "sources": _sources,
    "detect": _detect,
    "follow": _follow_source,
    "import": _import,
    "unfollow": _unfollow,
    "chats": _chats,
    "turn_source": _turn_source,
    "preview": _preview,
    "why_not": _why_not,
    "findability": _findability,
    "show": _show,
    "private": _private,
    "day": _day,
    "changes": _changes,
    "habits": _habits,
    "forget_traces": _forget_traces,
    **{op: _of_the_tree(op) for op in tree_operations.OPERATIONS},
    **{op: _of_backups(op) for op in backup_operations.OPERATIONS},
    **{op: _of_models(op) for op in model_operations.OPERATIONS},
}
