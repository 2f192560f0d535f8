"""`cairn add`: register a folder, follow the indexing, and say honestly what came of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from cairn.app import client, render

Json = dict[str, Any]


def add(path: Path, *, policy: str | None, wait: bool, as_json: bool, no_daemon: bool) -> int:
    """Exit status 0; 4 when a readable file failed; 3 when the work itself had to stop."""
    if no_daemon:
        data = _add_here(path, policy)
    else:
        try:
            args = {"path": str(path), "wait": wait, "policy": policy}
            data = client.call("add", args, render.progress)
        except KeyboardInterrupt:
            render.note("indexing goes on in the background; `cairn daemon pause` pauses it")
            return 130
    render.end_progress()
    if as_json:
        render.envelope("add", data)
    else:
        _tell(path, data, wait)
    if data["trouble"]:
        return 3
    return 4 if data["failed_here"] else 0


def _tell(path: Path, data: Json, wait: bool) -> None:
    if data["trouble"]:
        render.error(data["trouble"], "")
    waiting = data["counts"]["queued"] + data["counts"]["to_embed"]
    if waiting and data["resting"]:
        more = "; `cairn daemon resume` goes on" if data["paused"] else ""
        render.note(f"{data['resting']}, so {waiting} files wait{more}")
    elif waiting and not wait:
        render.note(f"{waiting} files are being indexed in the background; see `cairn status`")
    if data["policy_here"] == "never":
        render.note(f"{render.clean(str(path))}: never read; what was known of it has left")
        return
    named = f", {data['named_here']} by name only" if data["named_here"] else ""
    render.note(
        f"{render.clean(str(path))}: {data['queued']} new or changed, "
        f"{data['indexed_here']} indexed{named}, {data['skipped_here']} skipped, "
        f"{data['failed_here']} failed"
    )
    if data["redacted_here"]:
        render.note(f"secrets were left out of {render.count(data['redacted_here'], 'file')} of it")
    if data["failed_here"]:
        render.note("`cairn status --failed` says why")
    if data["degraded"]:
        render.note(f"note: {data['degraded']}")
    if "daemon" in data and not data["daemon"]["keep"]:
        render.note("`cairn daemon start` keeps watching it; as it is, that ends when you leave")


def preview(path: Path, *, policy: str | None, as_json: bool) -> int:
    """What adding would come to; nothing is stored."""
    data = client.call("preview", {"path": str(path), "policy": policy}, render.progress)
    render.end_progress()
    if as_json:
        render.envelope("add --dry-run", data)
    else:
        render.preview(data)
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
