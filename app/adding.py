"""`cairn add`: register a folder, follow the indexing, and say honestly what came of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from cairn.app import client, render

Json = dict[str, Any]


def add(path: Path, *, wait: bool, as_json: bool, no_daemon: bool) -> int:
    """Exit status 0; 4 when a readable file failed; 3 when the work itself had to stop."""
    if no_daemon:
        data = _add_here(path)
    else:
        try:
            data = client.call("add", {"path": str(path), "wait": wait}, render.progress)
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
    if waiting and data["paused"]:
        render.note(
            f"indexing is paused with {waiting} files waiting; `cairn daemon resume` goes on"
        )
    elif waiting and not wait:
        render.note(f"{waiting} files are being indexed in the background; see `cairn status`")
    render.note(
        f"{render.clean(str(path))}: {data['queued']} new or changed, "
        f"{data['indexed_here']} indexed, {data['skipped_here']} skipped, "
        f"{data['failed_here']} failed"
    )
    if data["failed_here"]:
        render.note("`cairn status --failed` says why")
    if data["degraded"]:
        render.note(f"note: {data['degraded']}")


def _add_here(path: Path) -> Json:
    import threading

    from cairn.app import wire
    from cairn.core.engine import Engine

    engine = Engine.open()
    try:
        queued = engine.add(path)
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
