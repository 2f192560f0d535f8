"""How long until `cairn` shows its prompt, over a bare Textual app with an input, in the same run.

`python -m tests.bench.first_paint [--runs 15] [--json PATH|-]`

Both run on a terminal of their own, in turn, up to the first byte of what can be typed into. The
daemon is started by the UI after that, and stays for the later runs, as it does for users. Besides
seconds on the clock it tells those of the processor, which others on the machine disturb less.
"""

from __future__ import annotations

import argparse
import fcntl
import os
import pty
import select
import signal
import statistics
import struct
import subprocess
import sys
import tempfile
import termios
import time
from pathlib import Path

from tests.bench.common import say, write_json

BARE = """
from textual.app import App
from textual.widgets import Footer, Input, Static
class Bare(App):
    def compose(self):
        yield Static("a bare app")
        yield Input(placeholder="type here")
        yield Footer()
Bare().run()
"""
_PATIENCE_S = 30.0
Took = tuple[float, float]
"""Seconds on the clock, and of the processor."""


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--runs", type=int, default=15)
    parser.add_argument("--json")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        figures = _measure(Path(folder), options.runs)
    write_json(figures, options.json)


def _measure(base: Path, runs: int) -> dict[str, float]:
    (base / "bare.py").write_text(BARE)
    env = {
        **os.environ, "CAIRN_HOME": str(base / "home"), "CAIRN_CONFIG": str(base / "none.toml"),
        "HOME": str(base), "TERM": "xterm-256color", "COLORTERM": "truecolor",
    }  # fmt: skip
    ours = [sys.executable, "-P", "-m", "cairn.app"]
    bare = [sys.executable, str(base / "bare.py")]
    try:
        pairs = [
            (painted(ours, env, b"sk your memory"), painted(bare, env, b"ype here"))
            for _ in range(runs + 2)
        ][2:]
    finally:
        subprocess.run([*ours, "daemon", "stop"], env=env, check=False, capture_output=True)
    return {**_told("clock", pairs, 0), **_told("processor", pairs, 1)}


def _told(what: str, pairs: list[tuple[Took, Took]], which: int) -> dict[str, float]:
    both = [(mine[which], theirs[which]) for mine, theirs in pairs]
    ratios = sorted(mine / theirs for mine, theirs in both)
    mine, theirs = (statistics.median(each) for each in zip(*both, strict=True))
    say(f"first paint, {what:9} {mine * 1e3:5.0f} ms, bare app {theirs * 1e3:5.0f} ms, ratio "
        f"{statistics.median(ratios):.2f} ({ratios[0]:.2f} to {ratios[-1]:.2f})")  # fmt: skip
    return {f"{what}_ratio": statistics.median(ratios), f"{what}_s": mine, f"{what}_bare_s": theirs}


def painted(command: list[str], env: dict[str, str], mark: bytes) -> Took:
    """Seconds until the mark is on the terminal."""
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    started = time.perf_counter()
    process = subprocess.Popen(
        command, stdin=slave, stdout=slave, stderr=slave, env=env, start_new_session=True
    )
    os.close(slave)
    seen = b""
    try:
        while mark not in seen:
            if not select.select([master], [], [], _PATIENCE_S)[0]:
                raise SystemExit(f"nothing was painted by {command}: {seen[-500:]!r}")
            seen += os.read(master, 65536)
        took = time.perf_counter() - started
    finally:
        process.send_signal(signal.SIGKILL)
        _, process.returncode, used = os.wait4(process.pid, 0)
        os.close(master)
    return took, used.ru_utime + used.ru_stime


if __name__ == "__main__":
    main()
