"""`cairn watch`: the daemon in the foreground, with a line on stderr for what it does."""

from __future__ import annotations

import os

from cairn.app import client, render
from cairn.app.daemon import serve
from cairn.core.errors import Busy


def watch() -> None:
    running = client.call_running("status")
    if running and running["daemon"]["keep"]:
        pid = running["daemon"]["pid"]
        raise Busy(f"the daemon (pid {pid}) is watching already", "`cairn daemon stop` ends it")
    if running:
        client.stop()  # one that a command started; this one takes over

    def ready() -> None:
        render.note("watching; Ctrl-C stops, `cairn status` elsewhere shows what it does")

    serve(keep=True, ready=ready)
    render.note("stopped")
    os._exit(130)  # native threads of the index may crash in the interpreter's teardown
