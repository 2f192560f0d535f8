"""Programs of the system that can read what cairn can't: run within limits, in their own folder.

Called by `legacy.py` and `ocr.py`, in the extractor by way of `runner.py`. No shell, little
environment; a program that takes too long or says too much is ended with all that it started, and
so is one whose reader has been killed.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from cairn.core.errors import ExtractError
from cairn.core.extract import guard
from cairn.core.process import SCRATCH

_SECONDS = 40.0
_MOST_BYTES = 64 << 20
_NOWHERE = "http://127.0.0.1:9"
_KEPT = ("PATH", "TESSDATA_PREFIX")
runner: Callable[[list[str], Path, float, bytes], bytes] | None = None
"""Set in a process that may not start programs itself: asks one that may."""


def find_tool(names: Sequence[str]) -> str:
    """The path of the first of these programs that is installed, else ""."""
    return next(filter(None, map(shutil.which, names)), "")


@contextlib.contextmanager
def private_folder() -> Iterator[Path]:
    """A new folder that only this user can enter, gone afterwards.

    Where this process is killed, its parent removes the folder around it.
    """
    around = os.environ.get(SCRATCH)
    with tempfile.TemporaryDirectory("", "cairn-", around, ignore_cleanup_errors=True) as folder:
        yield Path(folder)


@contextlib.contextmanager
def private_copy(data: bytes, suffix: str) -> Iterator[Path]:
    """The file in a private folder."""
    with private_folder() as folder:
        path = folder / f"document{suffix}"
        path.write_bytes(data)
        yield path


def run_tool(
    command: Sequence[str], folder: Path, seconds: float = _SECONDS, given: bytes = b""
) -> bytes:
    """What the program writes. Raises ExtractError when it fails, hangs or never stops."""
    if runner is not None:
        return runner(list(command), folder, seconds, given)
    return run_here(command, folder, seconds, given)


def run_here(command: Sequence[str], folder: Path, seconds: float, given: bytes) -> bytes:
    """The same as a child of this process."""
    name = os.path.basename(command[0])
    late = threading.Event()
    watched, held = os.pipe()
    try:
        process = _start(command, folder, seconds, given, watched)

        def end_late() -> None:
            late.set()
            _end(process)

        timer = threading.Timer(seconds, end_late)
        timer.start()
        try:
            with process:
                assert process.stdout is not None
                output = process.stdout.read(_MOST_BYTES + 1)
                if len(output) > _MOST_BYTES:
                    _end(process)
        finally:
            timer.cancel()
            _end(process)
    finally:
        os.close(watched)
        os.close(held)
    if late.is_set():
        raise ExtractError("tool-failed", f"`{name}` took too long to read it")
    if len(output) > _MOST_BYTES:
        raise ExtractError("too-large", f"`{name}` gives more text than can be read", skipped=True)
    if process.returncode == guard.NOT_STARTED:
        raise ExtractError("tool-failed", f"`{name}` could not be started")
    if process.returncode:
        raise ExtractError("tool-failed", f"`{name}` could not read it")
    return output


def _start(
    command: Sequence[str], folder: Path, seconds: float, given: bytes, watched: int
) -> subprocess.Popen[bytes]:
    """The program in a group of its own; `given` is its input, from a file without a name."""
    options = (str(watched), str(int(seconds) + 1))
    with tempfile.TemporaryFile(dir=folder) as file:
        file.write(given)
        file.seek(0)
        return subprocess.Popen(
            [sys.executable, "-I", "-S", guard.__file__, *options, *command],
            stdin=file,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=folder,
            env=_environment(folder),
            pass_fds=(watched,),
            start_new_session=True,
        )


def _environment(folder: Path) -> dict[str, str]:
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    return {
        **kept,
        "HOME": str(folder),
        "TMPDIR": str(folder),
        "LC_ALL": "C.UTF-8",
        "OMP_THREAD_LIMIT": "1",
        "http_proxy": _NOWHERE,  # a document may name pictures elsewhere
        "https_proxy": _NOWHERE,
    }


def _end(process: subprocess.Popen[bytes]) -> None:
    """The program's whole group; it was made for it alone."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
