"""Runs the system's programs for the extractor, which may not start any itself.

Forked by `child.py` before it opens the first file: this process may start programs, but can see
none of the user's files. A program reads what it is given, in the extractor's own folder. Only the
programs that cairn knows are started, whatever is asked for.
"""

from __future__ import annotations

import os
import socket
from pathlib import Path

from cairn.core.confine import PROGRAMS, confine
from cairn.core.errors import ExtractError
from cairn.core.extract import tools
from cairn.core.leash import tie
from cairn.core.process import SCRATCH, Frame, receive_frame, send_frame, serve

KNOWN = ("antiword", "catdoc", "wpd2text", "soffice", "libreoffice", "tesseract")


def start(channel: int) -> None:
    """From now on `tools.run_tool` asks another process. `channel` leads to this one's parent."""
    ours, theirs = socket.socketpair()
    end, leash = os.pipe()  # the leash is held for as long as this process lives
    pid = os.fork()
    if not pid:
        ours.close()
        os.close(leash)
        os.close(channel)  # or the parent would not notice that the extractor is gone
        _run(theirs.detach())
    theirs.close()
    tie(end, pid)
    os.close(end)
    tools.runner = _Asking(ours)


def _run(channel: int) -> None:
    named = (os.environ.get(SCRATCH), os.environ.get("TESSDATA_PREFIX"))
    scratch, data = (Path(each) if each else None for each in named)
    confine(PROGRAMS, [data] if data else [], [scratch] if scratch else [])
    serve(channel, _answer)


def _answer(request: Frame) -> Frame:
    asked = request.header
    name = os.path.basename(asked["command"][0])
    try:
        if name not in KNOWN or asked["command"][0] != tools.find_tool((name,)):
            raise ExtractError("tool-failed", f"`{name}` could not be started")
        folder = Path(os.fsdecode(bytes.fromhex(asked["folder"])))
        return Frame({}, tools.run_here(asked["command"], folder, asked["seconds"], request.blob))
    except ExtractError as error:
        return Frame({"code": error.code, "message": error.message, "skipped": error.skipped})


class _Asking:
    """The extractor's side."""

    def __init__(self, stream: socket.socket) -> None:
        self._stream = stream

    def __call__(self, command: list[str], folder: Path, seconds: float, given: bytes) -> bytes:
        asked = {
            "id": 0, "command": command, "folder": os.fsencode(folder).hex(), "seconds": seconds,
        }  # fmt: skip
        send_frame(self._stream, Frame(asked, given))
        reply = receive_frame(self._stream)
        if reply is None:
            raise ExtractError("tool-failed", f"`{os.path.basename(command[0])}` was stopped")
        if "code" in reply.header:
            told = reply.header
            raise ExtractError(told["code"], told["message"], skipped=told["skipped"])
        return reply.blob
