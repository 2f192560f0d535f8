"""Programs of the system that can read what cairn can't: run within limits, in their own folder.

Called by `legacy.py`. No shell, no input, little environment; a program that takes too long or says
too much is ended with all that it started.
"""

from __future__ import annotations

import contextlib
import os
import resource
import shutil
import signal
import subprocess
import tempfile
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path

from cairn.core.errors import ExtractError

_SECONDS = 40.0
_MOST_BYTES = 64 << 20
_NOWHERE = "http://127.0.0.1:9"


def find_tool(names: Sequence[str]) -> str:
    """The path of the first of these programs that is installed, else ""."""
    return next(filter(None, map(shutil.which, names)), "")


@contextlib.contextmanager
def private_copy(data: bytes, suffix: str) -> Iterator[Path]:
    """The file in a new folder that only this user can enter, gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="cairn-", ignore_cleanup_errors=True) as folder:
        path = Path(folder) / f"document{suffix}"
        path.write_bytes(data)
        yield path


def run_tool(command: Sequence[str], folder: Path, seconds: float = _SECONDS) -> bytes:
    """What the program writes. Raises ExtractError when it fails, hangs or never stops."""
    name = os.path.basename(command[0])
    try:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=folder,
            env=_environment(folder),
            start_new_session=True,
        )
    except OSError:
        raise ExtractError("tool-failed", f"`{name}` could not be started") from None
    if hasattr(resource, "prlimit"):  # also when nobody is left to end it
        with contextlib.suppress(OSError, ValueError):
            limit = int(seconds) + 1
            resource.prlimit(process.pid, resource.RLIMIT_CPU, (limit, limit + 5))
    late = threading.Event()

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
    if late.is_set():
        raise ExtractError("tool-failed", f"`{name}` took too long to read it")
    if len(output) > _MOST_BYTES:
        raise ExtractError("too-large", f"`{name}` gives more text than can be read", skipped=True)
    if process.returncode:
        raise ExtractError("tool-failed", f"`{name}` could not read it")
    return output


def _environment(folder: Path) -> dict[str, str]:
    return {
        "PATH": os.environ.get("PATH", os.defpath),
        "HOME": str(folder),
        "TMPDIR": str(folder),
        "LC_ALL": "C.UTF-8",
        "http_proxy": _NOWHERE,  # a document may name pictures elsewhere
        "https_proxy": _NOWHERE,
    }


def _end(process: subprocess.Popen[bytes]) -> None:
    """The program's whole group; it was made for it alone."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
