"""`cairn add`: register a folder, follow the indexing, and say honestly what came of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from cairn.app import client, render, state

Json = dict[str, Any]
_HERE = (
    "indexed_here",
    "named_here",
    "skipped_here",
    "failed_here",
    "redacted_here",
    "policy_here",
)


def add(
    paths: list[Path], *, policy: str | None, wait: bool, as_json: bool, no_daemon: bool
) -> int:
    """Exit status 0; 4 when a readable file failed; 3 when the work itself had to stop. Of several
    folders the worst, and one JSON document."""
    replies: list[Json] = []
    for path in paths:
        try:
            replies.append(_add(path, policy, wait, no_daemon))
        except KeyboardInterrupt:
            render.note("indexing goes on in the background; `cairn daemon pause` pauses it")
            return 130
        render.end_progress()
        if not as_json:
            _tell(path, replies[-1], wait, is_last=path is paths[-1])
    if as_json:
        each = [
            {"path": str(path), **{name: reply[name] for name in ("queued", *_HERE)}}
            for path, reply in zip(paths, replies, strict=True)
        ]
        render.envelope("add", {**replies[-1], "added": each})
    return max(_status(reply) for reply in replies)


def _add(path: Path, policy: str | None, wait: bool, no_daemon: bool) -> Json:
    if no_daemon:
        return _add_here(path, policy)
    return client.call("add", {"path": str(path), "wait": wait, "policy": policy}, render.progress)


def _status(reply: Json) -> int:
    if reply["trouble"]:
        return 3
    return 4 if reply["failed_here"] else 0


def _tell(path: Path, data: Json, wait: bool, *, is_last: bool) -> None:
    if data["trouble"]:
        render.error(data["trouble"], "")
    waiting = data["counts"]["queued"] + data["counts"]["to_embed"]
    if waiting and data["resting"]:
        more = "; `cairn daemon resume` goes on" if data["paused"] else ""
        render.note(f"{data['resting']}, so {waiting} files wait{more}")
    elif waiting and not wait:
        render.note(f"{waiting} files are being indexed in the background; see `cairn status`")
    if data["policy_here"] == "never":
        render.note(f"{render.home_path(str(path))}: never read; what was known of it has left")
        return
    named = f", {data['named_here']} by name only" if data["named_here"] else ""
    render.note(
        f"{render.home_path(str(path))}: {data['queued']} new or changed, "
        f"{data['indexed_here']} indexed{named}, {data['skipped_here']} skipped, "
        f"{data['failed_here']} failed"
    )
    if data["redacted_here"]:
        render.note(f"secrets were left out of {render.count(data['redacted_here'], 'file')} of it")
    if data["failed_here"]:
        render.note("`cairn status --failed` says why")
    if is_last:
        _tell_more(data)


def _tell_more(data: Json) -> None:
    if data["degraded"]:
        render.note(f"note: {data['degraded']}")
    if "daemon" in data and not data["daemon"]["keep"]:
        render.note("`cairn daemon start` keeps watching it; as it is, that ends when you leave")


def preview(paths: list[Path], *, policy: str | None, as_json: bool) -> int:
    """What adding would come to; nothing is stored."""
    replies = []
    for path in paths:
        args = {"path": str(path), "policy": policy}
        replies.append(client.call("preview", args, render.progress))
        render.end_progress()
        if not as_json:
            state.preview(replies[-1])
    if as_json:
        render.envelope("add --dry-run", {**replies[-1], "folders": replies})
    return 0


def _add_here(path: Path, policy: str | None) -> Json:
    import threading

    from cairn.app import wire
    from cairn.core.engine import Engine

    engine = Engine.open()
    try:
        queued = engine.add(path, policy)  # type: ignore[arg-type]
        finished = threading.Event()

        def show() -> None:
            while not finished.wait(0.2):
                render.progress(wire.progress(engine.progress))

        threading.Thread(target=show, daemon=True).start()
        try:
            engine.work()
            engine.compact()
        finally:
            finished.set()
        return {
            "queued": queued, "trouble": "", **wire.status(engine.status()),
            **wire.folder(engine.folder(path)),
        }  # fmt: skip
    finally:
        engine.close()
