"""Child processes that may crash: framed messages over a socket pair, restart, deadline, retry.

The model worker and the extractor run behind this, so a fault in a native library or a parser
costs one retry and never the daemon. A child sees its parent's end of the socket close and exits;
one that can't is killed (`leash.py`): none outlives its parent.
A frame is two little-endian lengths, a JSON header and a blob.
"""

from __future__ import annotations

import contextlib
import ctypes
import faulthandler
import itertools
import json
import os
import platform
import queue
import shutil
import socket
import struct
import subprocess
import sys
import threading
import time
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

from cairn.core import leash
from cairn.core.errors import CairnError, Unavailable

_LENGTHS = struct.Struct("<II")
_MAX_FRAME = 1 << 30
_MAX_LOG = 1 << 20
_BACKOFF_S = 0.5
_BACKOFF_MAX_S = 30.0
_SWEEPS = 10
_SWEEP_S = 0.02
SCRATCH = "CAIRN_SCRATCH"
"""The variable that names the folder in which a child may keep files while it works."""


class ChildDied(CairnError):
    """The process behind a request went away; `request` retries once before it says so."""


class TooSlow(CairnError):
    """A request passed its deadline and its process was killed."""


@dataclass(frozen=True, slots=True)
class Frame:
    header: dict[str, Any]
    blob: bytes = b""


def send_frame(stream: socket.socket, frame: Frame) -> None:
    head = json.dumps(frame.header).encode("utf-8", "surrogatepass")
    stream.sendall(_LENGTHS.pack(len(head), len(frame.blob)) + head + frame.blob)


def receive_frame(stream: socket.socket) -> Frame | None:
    """The next frame, or None when the other side has closed, or sends what is none."""
    lengths = _receive(stream, _LENGTHS.size)
    if lengths is None:
        return None
    head_size, blob_size = _LENGTHS.unpack(lengths)
    if head_size + blob_size > _MAX_FRAME:
        return None
    head, blob = _receive(stream, head_size), _receive(stream, blob_size)
    if head is None or blob is None:
        return None
    try:
        header = json.loads(head)
    except (ValueError, RecursionError):
        return None
    return Frame(header, blob) if isinstance(header, dict) else None


def _receive(stream: socket.socket, size: int) -> bytes | None:
    data = bytearray()
    while len(data) < size:
        try:
            piece = stream.recv(min(size - len(data), 1 << 20))
        except OSError:
            return None
        if not piece:
            return None
        data += piece
    return bytes(data)


_Replies = queue.SimpleQueue[Frame | ChildDied]
MORE = "more"
"""In the header of a reply that is followed by others to the same request."""


class Child:
    """The parent's side: starts `python -m module FD` when first needed and after each crash."""

    def __init__(
        self, module: str, log: Path, *, arguments: tuple[str, ...] = (),
        env: Mapping[str, str] | None = None, scratch: Path | None = None,
    ) -> None:  # fmt: skip
        """`scratch` is a folder for this child alone, emptied whenever a process ends or starts."""
        self._module = module
        self._log = log
        self._arguments = arguments
        self._env = dict(env or {})
        self._scratch = scratch
        if scratch is not None:  # libraries that know nothing of it use it as well
            self._env |= {SCRATCH: str(scratch), "TMPDIR": str(scratch)}
        self._lock = threading.Lock()
        self._send_lock = threading.Lock()
        self._numbers = itertools.count(1)
        self._process: subprocess.Popen[bytes] | None = None
        self._leash = -1
        self._stream: socket.socket | None = None
        self._waiting: dict[int, tuple[socket.socket, _Replies]] = {}
        """Unanswered requests, each with the connection that it went out on."""
        self._crashes = 0
        self._not_before = 0.0
        self.restarts = 0

    def give(self, name: str, value: str) -> None:
        """A variable of its environment; a process that has another value is replaced."""
        if self._env.get(name) != value:
            self.close()
            self._env[name] = value

    @property
    def pid(self) -> int | None:
        process = self._process
        return process.pid if process and process.poll() is None else None

    def request(
        self,
        header: dict[str, Any],
        *,
        deadline_s: float,
        blob: bytes = b"",
        patient: bool = False,
        hear: Callable[[Frame], None] | None = None,
    ) -> Frame:
        """Ask and wait. A crash costs one retry; a second one is reported.

        After a series of crashes a new process has to wait, and so does a `patient` request;
        any other is refused meanwhile. `hear` gets what comes before the last reply; each piece
        gives the process another `deadline_s`, and after the first there is no retry.
        """
        while patient and (wait := self._not_before - time.monotonic()) > 0:
            time.sleep(wait)
        heard = False

        def listen(piece: Frame) -> None:
            nonlocal heard
            heard = True
            if hear is not None:
                hear(piece)

        try:
            return self._ask(header, blob, deadline_s, listen)
        except ChildDied:
            self.restarts += 1
            if heard:
                raise
            return self._ask(header, blob, deadline_s, listen)

    def _ask(
        self,
        header: dict[str, Any],
        blob: bytes,
        deadline_s: float,
        hear: Callable[[Frame], None],
    ) -> Frame:
        number = next(self._numbers)
        replies = _Replies()
        with self._lock:
            stream = self._started()
            self._waiting[number] = (stream, replies)
        try:
            self._send(stream, Frame({**header, "id": number}, blob))
            while (reply := _next(replies, deadline_s)).header.get(MORE):
                hear(reply)
        except queue.Empty:
            self.kill()
            raise TooSlow(f"no reply within {deadline_s:g} seconds") from None
        except ChildDied:
            raise
        except BaseException:
            # The caller was interrupted: the child need not finish for nobody.
            with contextlib.suppress(ChildDied):
                self._send(stream, Frame({"op": "cancel", "target": number}))
            raise
        finally:
            self._waiting.pop(number, None)
        self._crashes = 0
        return reply

    def _send(self, stream: socket.socket, frame: Frame) -> None:
        try:
            with self._send_lock:
                send_frame(stream, frame)
        except OSError as error:
            self._gone(stream)
            raise ChildDied(self._obituary()) from error

    def _started(self) -> socket.socket:
        """The connection to a living process; called with the lock held."""
        if self._stream is not None:
            if self.pid is not None:
                return self._stream
            self._bury(self._stream)  # it has just died, and its listener has not noticed yet
        wait = self._not_before - time.monotonic()
        if wait > 0:
            raise Unavailable(
                f"{self._obituary()}; next try in {wait:.0f} s",
                f"see {self._log} for its last words",
            )
        ours, theirs = socket.socketpair()
        log = -1
        try:
            log = self._open_log()
            self._sweep()  # a parent that was killed has left its child's files
            if self._scratch is not None:
                self._scratch.mkdir(mode=0o700, exist_ok=True)
            self._process, self._leash = leash.start(
                [sys.executable, "-P", "-m", self._module, str(theirs.fileno()), *self._arguments],
                (theirs.fileno(),),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=log,
                env={**os.environ, **self._env},
                cwd="/",
            )
        except OSError as error:
            ours.close()
            raise Unavailable(f"can't start {self._module}: {error.strerror}") from error
        finally:
            if log >= 0:
                os.close(log)
            theirs.close()
        self._stream = ours
        threading.Thread(target=self._listen, args=(ours,), daemon=True).start()
        return ours

    def _open_log(self) -> int:
        if self._log.exists() and self._log.stat().st_size > _MAX_LOG:
            self._log.replace(self._log.with_suffix(".old"))
        return os.open(self._log, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)

    def _listen(self, stream: socket.socket) -> None:
        while (frame := receive_frame(stream)) is not None:
            _, replies = self._waiting.get(frame.header.get("id", 0), (None, None))
            if replies is not None:
                replies.put(frame)
        self._gone(stream)

    def _gone(self, stream: socket.socket) -> None:
        with self._lock:
            if self._stream is stream:
                self._bury(stream)

    def _bury(self, stream: socket.socket) -> None:
        """Take note, once for each process, that it is no more; called with the lock held."""
        self._stream = None
        with contextlib.suppress(OSError):
            stream.shutdown(socket.SHUT_RDWR)  # wakes the listener, which may still be reading
        stream.close()
        waiting = [replies for of, replies in list(self._waiting.values()) if of is stream]
        code = self._end()
        if code != 0 or waiting:
            self._crashes += 1
            # The first crash is retried at once; only a series of them is slowed down.
            if self._crashes > 1:
                pause = min(_BACKOFF_S * 2 ** (self._crashes - 2), _BACKOFF_MAX_S)
                self._not_before = time.monotonic() + pause
        for replies in waiting:
            replies.put(ChildDied(self._obituary()))

    def _obituary(self) -> str:
        code = self._process.poll() if self._process else None
        how = f"signal {-code}" if code is not None and code < 0 else f"exit status {code}"
        return f"{self._module.rpartition('.')[2]} process ended ({how})"

    def kill(self) -> None:
        process = self._process
        if process is not None and process.poll() is None:
            process.kill()
            process.wait()

    def close(self) -> None:
        with self._lock:
            stream, self._stream = self._stream, None
        if stream is not None:
            with contextlib.suppress(OSError):
                stream.shutdown(socket.SHUT_RDWR)
            stream.close()
        self._end()

    def _end(self) -> int:
        """Wait for the process, which has lost its connection; its exit status."""
        if self._process is None:
            return 0
        try:
            return self._process.wait(2)
        except subprocess.TimeoutExpired:
            self.kill()
            return self._process.wait()
        finally:
            if self._leash >= 0:
                os.close(self._leash)
                self._leash = -1
            self._sweep()

    def _sweep(self) -> None:
        """Remove what the process kept on disk; its programs, just killed, may still add a file."""
        if self._scratch is None:
            return
        for _ in range(_SWEEPS):
            shutil.rmtree(self._scratch, ignore_errors=True)
            if not self._scratch.exists():
                return
            time.sleep(_SWEEP_S)


def _next(replies: _Replies, deadline_s: float) -> Frame:
    reply = replies.get(timeout=deadline_s)
    if isinstance(reply, ChildDied):
        raise reply
    return reply


def stand_back() -> None:
    """Leave processor and disk to everything else that runs on this machine."""
    os.nice(19)
    number = {"x86_64": 251, "aarch64": 30}.get(platform.machine())
    if sys.platform == "linux" and number:
        # ioprio_set(this process, idle class): no wrapper in Python or in the C library.
        ctypes.CDLL(None).syscall(number, 1, 0, 3 << 13)


def log_without_texts() -> None:
    """Keep what libraries print, which may quote a user's file, out of this process's log.

    Errors of Python are logged by their kind and place, faults of native code by their place.
    """
    log = os.fdopen(os.dup(2), "w", buffering=1, encoding="utf-8", errors="replace")
    silence = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silence, 2)
    os.close(silence)
    faulthandler.enable(log)

    def note(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        places = [f"{frame.filename}:{frame.lineno}" for frame in traceback.extract_tb(trace)]
        log.write(f"{kind.__name__} at {' < '.join(reversed(places))}\n")

    sys.excepthook = note


def serve(descriptor: int, handle: Callable[[Frame], Frame]) -> None:
    """A simple child's side: answer frames one by one, and exit when the parent is gone."""
    stream = socket.socket(fileno=descriptor)
    inbox: list[Frame] = []
    ready = threading.Condition()

    def read() -> None:
        while (frame := receive_frame(stream)) is not None:
            with ready:
                inbox.append(frame)
                ready.notify()
        os._exit(0)  # even when a parser hangs in the main thread

    threading.Thread(target=read, daemon=True).start()
    while True:
        with ready:
            ready.wait_for(lambda: inbox)
            frame = inbox.pop(0)
        if frame.header.get("op") == "cancel":
            continue
        reply = handle(frame)
        send_frame(stream, Frame({**reply.header, "id": frame.header["id"]}, reply.blob))
