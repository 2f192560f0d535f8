"""The background process that owns a home: `python -m cairn.app.daemon [--keep]`.

Binds its socket first and opens the engine behind it, so that a command that started it can
connect at once. Requests run in threads; one pump thread does all indexing. It leaves after an
idle time unless `--keep`, and never leaves children behind.
"""

from __future__ import annotations

import contextlib
import errno
import json
import os
import signal
import socket
import stat
import struct
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from cairn.app import operations, piped, protocol
from cairn.app.log import log_bug, shorten
from cairn.app.memory import share_pools
from cairn.app.pump import Pump
from cairn.app.service import AGAIN, FLAG
from cairn.app.underway import Underway
from cairn.core.engine import Engine
from cairn.core.errors import Busy, CairnError, Outdated, Unavailable
from cairn.core.home import home_path
from cairn.core.records import digest

Json = dict[str, Any]
_LONGEST_ADDRESS = 100
_ALONE = "cairn-for-one-"
_TICK_S = 0.5
_HANDOVER_S = 20.0
_LOOK_S = 60.0
_SOL_LOCAL, _LOCAL_PEERCRED = 0, 1


class _Gone(Exception):
    """The command that asked has closed its end."""


class Daemon:
    def __init__(self, engine: Engine, *, keep: bool, is_service: bool = False) -> None:
        self.engine = engine
        self.keep = keep
        self.is_service = is_service
        self.starts_again = False
        """Whoever runs it as a service shall start it anew."""
        self.pump = Pump(engine)
        self.underway = Underway()
        self.started = time.time()
        self._settings = protocol.settings_signature()
        self._log = engine.home.logs / "daemon.log"
        self._looked = time.monotonic()
        self._address_file = Path(protocol.address_file(str(engine.home.path)))
        self._socket, self._address = _bind(engine.home.path)
        self._stopping = threading.Event()
        self._open_requests = 0
        self._last_request = time.monotonic()
        self._count_lock = threading.Lock()

    def run(self, ready: Callable[[], None]) -> None:
        self._publish()
        self.pump.start()
        ready()
        try:
            while not self._stopping.is_set() and not self._is_idle():
                try:
                    stream, _ = self._socket.accept()
                except TimeoutError:
                    self._stay_reachable()
                    self._look_around()
                    continue
                threading.Thread(target=self._serve, args=(stream,), daemon=True).start()
        finally:
            self._socket.close()
            self.pump.stop()
            is_lost = self.engine.is_lost
            self.engine.close()
            with contextlib.suppress(OSError):  # it may have no rights to the home any more
                if not is_lost:  # else these may be another daemon's
                    _unbind(self._address)
                    self._address_file.unlink(missing_ok=True)

    def _publish(self) -> None:
        self._socket.settimeout(_TICK_S)
        owner = os.path.realpath(self.engine.home.path)
        text = f"{self._address}\n{owner}\n"
        self._address_file.write_text(text, "utf-8", errors="surrogateescape")
        self._address_file.chmod(0o600)

    def _stay_reachable(self) -> None:
        """Cleaners of /tmp remove what looks old; make a new socket then. A home that was deleted
        has no use for a daemon, and one that was made in its place gets another."""
        with contextlib.suppress(OSError):  # the rights to the home may come back
            if self.engine.is_lost:
                self.stop()
            elif not Path(self._address).exists() or not self._address_file.exists():
                made = _bind(self.engine.home.path)
                self._socket.close()
                self._socket, self._address = made
                self._publish()

    def _look_around(self) -> None:
        """Now and then: is the log too long, is there a newer version of cairn to leave for?"""
        if time.monotonic() - self._looked < _LOOK_S:
            return
        self._looked = time.monotonic()
        shorten(self._log)
        if self.is_service and protocol.is_replaced() and not self._open_requests:
            self.starts_again = True
            self.stop()

    def stop(self) -> None:
        self._stopping.set()

    def is_stopping(self) -> bool:
        return self._stopping.is_set()

    def _is_idle(self) -> bool:
        idle_s = self.engine.config.daemon.idle_exit_s
        quiet = time.monotonic() - self._last_request > idle_s
        return quiet and not self.keep and not self._open_requests and not self.pump.busy

    def _serve(self, stream: socket.socket) -> None:
        stream.settimeout(None)
        # A command that is gone has what it asked for in the journal.
        with contextlib.suppress(OSError, _Gone), stream, stream.makefile("rb") as lines:
            if _user_behind(stream) != os.geteuid():
                return  # the socket's rights should have kept them out
            # A line without an end is a part of one, and what follows would be no request.
            while (line := lines.readline(protocol.MAX_LINE)).endswith(b"\n"):
                with self._counted():
                    goes_on = self._answer(stream, line)
                if not goes_on:
                    return

    @contextlib.contextmanager
    def _counted(self) -> Iterator[None]:
        """A request; a connection in which nothing is asked keeps no daemon."""
        with self._count_lock:
            self._open_requests += 1
        try:
            yield
        finally:
            with self._count_lock:
                self._open_requests -= 1
            self._last_request = time.monotonic()

    def _answer(self, stream: socket.socket, line: bytes) -> bool:
        """One request; False closes the connection."""

        def send(kind: str, fields: Json) -> None:
            try:
                stream.sendall(json.dumps({"type": kind, **fields}).encode() + b"\n")
            except OSError as error:
                raise _Gone from error

        try:
            request = json.loads(line)
            op = str(request["op"])
            if op == "stop":
                said = {"pid": os.getpid(), "keep": self.keep, "service": self.is_service}
                self.starts_again = self.is_service and bool(request.get("args", {}).get("again"))
                self.stop()
                send("result", {"data": said})
                return False
            self._check(request)
            data = self._run(op, request, lambda now: send("progress", {"data": now}))
            send("result", {"data": data})
        except CairnError as error:
            name, hint = _name_of(error), error.hint
            send("error", {"error": name, "message": error.message, "hint": hint})
            return not isinstance(error, Outdated)
        except _Gone:
            raise
        except Exception as error:
            log_bug(error)
            message = f"something broke inside cairn ({type(error).__name__})"
            hint = f"see {self.engine.home.logs}/daemon.log, and run `cairn doctor`"
            send("error", {"error": "CairnError", "message": message, "hint": hint})
        return True

    def _run(self, op: str, request: Json, send: Callable[[Json], None]) -> Json:
        try:
            return operations.run(self, op, request.get("args", {}), send)
        except _Gone:
            raise
        except UnicodeEncodeError as error:  # a path may have what a text may not
            if piped.is_text(request):
                raise
            raise piped.no_text() from error
        except OSError as error:
            if error.errno in (errno.ENOSPC, errno.EDQUOT):
                raise Unavailable(
                    "the disk is full", "free some space, then run the command again"
                ) from error
            what = f" {error.filename}" if error.filename else ""
            if error.errno == errno.EROFS and self.is_service:
                raise Unavailable(
                    f"the service may only write to cairn's own folders, not to{what}",
                    "`cairn daemon stop`, run it again, then `cairn daemon restart`",
                ) from error
            raise Unavailable(
                f"{error.strerror or error}{what}", "check the path and your rights to it"
            ) from error

    def _check(self, request: Json) -> None:
        same_version = request.get("version", protocol.VERSION) == protocol.VERSION
        if request.get("v") != protocol.PROTOCOL or not same_version:
            raise Outdated("the running daemon is of another version", "run `cairn daemon restart`")
        looks_only = request.get("op") in ("status", "failed", "check", "keep")
        same = request.get("settings", self._settings) == self._settings
        if not same and not self.keep and not looks_only:
            raise Outdated("the running daemon has other settings", "run `cairn daemon restart`")


def _bind(home: Path) -> tuple[socket.socket, str]:
    """A socket that only this user can reach, at a path short enough for the system."""
    # By the home's place: a copy of a home has the same identity and a daemon of its own.
    name = f"cairn-{digest(os.path.realpath(home), size=8)}.sock"
    runtime = os.environ.get("XDG_RUNTIME_DIR", "")
    address = str(Path(runtime) / name)
    if not runtime or not Path(runtime).is_dir() or len(os.fsencode(address)) > _LONGEST_ADDRESS:
        address = str(_private_folder() / name)
    Path(address).unlink(missing_ok=True)  # the lock is ours: nobody listens there any more
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(address)
    Path(address).chmod(0o600)
    listener.listen(64)
    return listener, address


def _unbind(address: str) -> None:
    """The socket goes, and a folder that was made for it alone."""
    path = Path(address)
    path.unlink(missing_ok=True)
    if path.parent.name.startswith(_ALONE):
        with contextlib.suppress(OSError):
            path.parent.rmdir()


def _user_behind(stream: socket.socket) -> int:
    """The user of the process at the other end, as the kernel says."""
    if hasattr(socket, "SO_PEERCRED"):  # Linux
        credentials = stream.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12)
        return int(struct.unpack("3i", credentials)[1])
    # struct xucred of the BSDs: its version, then the user.
    return int(struct.unpack_from("2I", stream.getsockopt(_SOL_LOCAL, _LOCAL_PEERCRED, 76))[1])


def _shared_folder() -> Path:
    return Path("/tmp") / f"cairn-{os.geteuid()}"


def _private_folder() -> Path:
    """One folder for all homes of this user, or a new one if somebody else took the name."""
    folder = _shared_folder()
    with contextlib.suppress(FileExistsError):
        folder.mkdir(mode=0o700)
    status = folder.lstat()
    if (
        stat.S_ISDIR(status.st_mode)
        and status.st_uid == os.geteuid()
        and not status.st_mode & 0o077
    ):
        return folder
    return Path(tempfile.mkdtemp(prefix=_ALONE, dir="/tmp"))


def serve(
    *, keep: bool, ready: Callable[[], None], home: Path | None = None, is_service: bool = False
) -> bool:
    """Run a daemon in this process until it is told to stop or has nothing to do; whether it shall
    be started again."""
    share_pools()
    threading.excepthook = lambda args: log_bug(args.exc_value or SystemError())
    daemon = Daemon(_open_engine(home), keep=keep or is_service, is_service=is_service)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: daemon.stop())
    daemon.run(ready)
    return daemon.starts_again


def _open_engine(home: Path | None) -> Engine:
    """The engine, once a daemon that is just leaving has given up the lock."""
    deadline = time.monotonic() + _HANDOVER_S
    while True:
        try:
            return Engine.open(home)
        except Busy:
            if time.monotonic() > deadline or _answers(home or home_path()):
                raise
            time.sleep(0.1)


def _answers(home: Path) -> bool:
    """Is there a daemon of this home that can be reached, and so is not leaving?"""
    address = protocol.read_address(str(home))
    with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX) as stream:
        stream.connect(address)
        return True
    return False


def _name_of(error: CairnError) -> str:
    """Of the kinds in errors.py, which the other side knows; a narrower one is told as that."""
    return next(
        kind.__name__ for kind in type(error).__mro__ if kind.__module__ == CairnError.__module__
    )


def main() -> None:
    def say(fields: Json) -> None:
        with contextlib.suppress(BrokenPipeError):  # the command that started it was stopped
            print(json.dumps(fields), flush=True)
        # The reader closes its end; nothing may write there any more.
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)

    try:
        again = serve(
            keep="--keep" in sys.argv,
            ready=lambda: say({"ready": True}),
            is_service=FLAG in sys.argv,
        )
    except CairnError as error:
        say({"error": _name_of(error), "message": error.message, "hint": error.hint})
        sys.exit(error.exit_code)
    except OSError as error:
        log_bug(error)
        what = f" {error.filename}" if error.filename else ""
        message = f"the daemon can't start: {error.strerror or error}{what}"
        hint = "`cairn doctor` looks for the reason; with --no-daemon a command works without one"
        say({"error": Unavailable.__name__, "message": message, "hint": hint})
        sys.exit(Unavailable.exit_code)
    # Native threads of the index may outlive the interpreter's teardown and crash in it.
    os._exit(AGAIN if again else 0)


if __name__ == "__main__":
    main()
