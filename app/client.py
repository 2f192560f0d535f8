"""A command's line to the daemon: finds it, starts it when there is none, and speaks JSON lines.

Standard library only and no dataclasses: this is on the path of every command, and start-up is
most of what a warm question costs.
"""

from __future__ import annotations

import json
import os
import socket
import time
from collections.abc import Callable
from typing import Any

from cairn.app import protocol
from cairn.core.errors import Busy, CairnError, ConfigError, Outdated, Unavailable, from_wire

Json = dict[str, Any]
_TRIES = 3
_NAMED = ("remember",)
"""What doing twice would double: the daemon knows a second try by the request's name."""
_MOMENT_S = 0.3
_DYING_S = 2.0
_START_S = 60.0
_SERVICE_S = 15.0
_SILENCE_S = 120.0
"""A daemon that is silent for so long hangs; whatever takes longer reports progress."""


class Connection:
    """One open socket to a daemon; one request at a time."""

    def __init__(self, stream: socket.socket) -> None:
        self._stream = stream
        self._file = stream.makefile("rb")

    def call(self, op: str, args: Json, on_progress: Callable[[Json], None] | None = None) -> Json:
        request = {
            "v": protocol.PROTOCOL, "version": protocol.VERSION, "op": op, "args": args,
            "settings": protocol.settings_signature(),
        }  # fmt: skip
        line = json.dumps(request).encode() + b"\n"
        if len(line) > protocol.MAX_LINE:
            raise ConfigError(
                f"that is more than {protocol.MAX_LINE >> 20} MB at once",
                "save it as a file in a watched folder instead",
            )
        try:
            self._stream.sendall(line)
            while line := self._file.readline():
                reply: Json = json.loads(line)
                if reply["type"] == "progress":
                    if on_progress:
                        on_progress(reply["data"])
                elif reply["type"] == "error":
                    raise from_wire(reply["error"], reply["message"], reply["hint"])
                else:
                    data: Json = reply["data"]
                    return data
        except TimeoutError as error:
            raise Unavailable(
                "the daemon does not answer", "run `cairn daemon restart`; nothing is lost"
            ) from error
        except (OSError, ValueError) as error:
            raise DaemonGone() from error
        raise DaemonGone()

    def close(self) -> None:
        self._file.close()
        self._stream.close()


class DaemonGone(Unavailable):
    def __init__(self) -> None:
        super().__init__(
            "the daemon went away in the middle of the request",
            "run the command again: a new daemon starts by itself and nothing is lost",
        )


def call(
    op: str, args: Json | None = None, on_progress: Callable[[Json], None] | None = None
) -> Json:
    """Ask the daemon, starting or replacing it when needed, and again if it leaves meanwhile."""
    left: Json = {}
    args = dict(args or {})
    if op in _NAMED:
        args["request"] = os.urandom(8).hex()
    for attempt in range(1, _TRIES + 1):
        connection = None
        try:
            connection = connect() or _succeeding(left)
            return connection.call(op, args, on_progress)
        except Outdated:
            _refuse_newer()
            left = leave(is_followed=True) or {}
        except DaemonGone as error:
            if connection and op == "tree_undo" and args.get("operation") is None:
                raise Unavailable(
                    "the daemon went away while it took your latest change back",
                    "`cairn tree log` shows whether it was done",
                ) from error
            if attempt == _TRIES:
                raise
            time.sleep(_MOMENT_S)  # a killed process takes a moment to let go of its socket
        finally:
            if connection:
                connection.close()
    raise DaemonGone()


def _refuse_newer() -> None:
    from cairn.core.home import home_path, open_home
    from cairn.core.migrating import refuse_newer

    refuse_newer(open_home(home_path()).journal)


def call_running(op: str, args: Json | None = None) -> Json | None:
    """Ask the daemon only if one is running."""
    connection = connect()
    if connection is None:
        return None
    try:
        return connection.call(op, args or {})
    except DaemonGone:
        return None
    finally:
        connection.close()


def connect() -> Connection | None:
    address = protocol.read_address(protocol.home_of())
    if not address:
        return None
    stream = socket.socket(socket.AF_UNIX)
    stream.settimeout(_SILENCE_S)
    try:
        _reach(stream, address)
    except OSError:
        stream.close()
        return None
    return Connection(stream)


def _reach(stream: socket.socket, address: str) -> None:
    """Many may be there before this one: then there is a daemon, whose door is not free yet."""
    deadline = time.monotonic() + _SILENCE_S
    while True:
        try:
            return stream.connect(address)
        except BlockingIOError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.02)


def _succeeding(left: Json) -> Connection:
    """The daemon after the one that has left: it stays if that one did. A service's is started by
    the system."""
    deadline = time.monotonic() + (_SERVICE_S if left.get("service") else 0)
    while time.monotonic() < deadline:
        if connection := connect():
            return connection
        time.sleep(_MOMENT_S)
    return start(keep=bool(left.get("keep")) and not left.get("service"))


def stop() -> bool:
    """Ask a running daemon to leave and wait until it has; False when there was none."""
    return leave() is not None


def leave(*, is_followed: bool = False, wait_s: float = 30.0) -> Json | None:
    """Have a running daemon leave, for good or for another one; what it said of itself."""
    connection = connect()
    if connection is None:
        return None
    said: Json = {}
    try:
        said = connection.call("stop", {"again": is_followed})
    except CairnError:
        pass  # it is leaving already
    finally:
        connection.close()
    deadline = time.monotonic() + wait_s
    while time.monotonic() < deadline:
        connection = connect()
        if connection is None and not protocol.read_address(protocol.home_of()):
            return said
        if connection is not None:
            connection.close()
        time.sleep(0.02)
    raise Unavailable(
        "the daemon does not leave", "end it by hand; `cairn daemon status` shows its pid"
    )


def start(*, keep: bool = False) -> Connection:
    """Start a daemon in the background and wait until it answers."""
    import fcntl
    import subprocess
    import sys
    import threading

    from cairn.core.home import home_path, open_home

    home = open_home(home_path())
    os.umask(0o077)  # of this command and of the daemon that it starts
    with open(home.run / "start.lock", "w") as guard:
        fcntl.flock(guard, fcntl.LOCK_EX)
        connection = connect()
        if connection is not None:
            return connection  # somebody else was faster
        with open(home.logs / "daemon.log", "ab") as log:
            process = subprocess.Popen(
                [sys.executable, "-P", "-m", "cairn.app.daemon", *(["--keep"] if keep else [])],
                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=log, cwd="/",
                start_new_session=True, env=protocol.absolute_environment(),
            )  # fmt: skip
        # The terminal UI outlives daemons, and must not keep the dead ones from going.
        threading.Thread(target=process.wait, daemon=True).start()
        try:
            _await_ready(process)
        except Busy:
            # The one that holds the home may just have made its socket anew.
            connection = connect()
            if connection is None:
                raise
            return connection
        connection = connect()
        if connection is None:
            raise Unavailable(
                "the daemon started but does not answer", f"see {home.logs}/daemon.log"
            )
        return connection


def _await_ready(process: Any) -> None:
    """The daemon's first line of output says that it is ready, or why it can't be."""
    import select

    readable, _, _ = select.select([process.stdout], [], [], _START_S)
    line = process.stdout.readline() if readable else b""
    process.stdout.close()
    if not line:
        if readable and _was_killed(process):
            raise DaemonGone()
        process.kill()
        raise Unavailable("the daemon did not start", "run `cairn doctor`, or add --no-daemon")
    fields = json.loads(line)
    if "error" in fields:
        raise from_wire(fields["error"], fields["message"], fields["hint"])


def _was_killed(process: Any) -> bool:
    """As by a system that runs out of memory. One that crashes would crash again."""
    import subprocess

    try:
        return bool(process.wait(_DYING_S) < 0)
    except subprocess.TimeoutExpired:
        return False
