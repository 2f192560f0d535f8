"""`cairn` alone: the terminal UI on a terminal, the help everywhere else."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import struct
import subprocess
import sys
import termios
import time

from tests.conftest import Cairn


class Terminal:
    """A command on a terminal of its own, 80 columns by 24 rows."""

    def __init__(self, **env: str) -> None:
        self._leader, follower = pty.openpty()
        fcntl.ioctl(follower, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
        self.process = subprocess.Popen(
            [sys.executable, "-P", "-m", "cairn.app"], stdin=follower, stdout=follower,
            stderr=follower, env={**os.environ, "TERM": "xterm-256color", **env},
            start_new_session=True,
        )  # fmt: skip
        os.close(follower)
        self.seen = b""

    def read(self, until: bytes = b"", seconds: float = 90) -> bytes:
        """What came since the last time, up to these words or the end."""
        seen, deadline = b"", time.monotonic() + seconds
        while (not until or until not in seen) and time.monotonic() < deadline:
            if select.select([self._leader], [], [], 0.5)[0]:
                try:
                    piece = os.read(self._leader, 65536)
                except OSError:  # the other side is gone
                    break
                if not piece:
                    break
                seen += piece
        assert not until or until in seen, seen[-2000:]
        return seen

    def type(self, keys: bytes) -> None:
        os.write(self._leader, keys)

    def close(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        os.close(self._leader)


def test_alone_on_a_terminal_it_opens_asks_and_quits(cairn: Cairn) -> None:
    terminal = Terminal()
    try:
        terminal.read(b"sk your memory")
        terminal.read(b"hich folders shall it know")  # the daemon was started by it
        for step in (b"hich conversations may it read", b"hall a model write", b"othing is in the"):
            terminal.type(b"\x1b")
            terminal.read(step)
        terminal.type(b"\x11")
        assert b"\x1b[?1049l" in terminal.read()  # the screen that was there is back
        assert terminal.process.wait(20) == 0
    finally:
        terminal.close()


def test_settings_that_are_wrong_are_told_before_anything_is_drawn(cairn: Cairn) -> None:
    terminal = Terminal(CAIRN_TUI_KEYS="app.halp=f8")
    try:
        seen = terminal.read()
        assert b"there is no key `app.halp`" in seen and b"app.help" in seen
        assert b"\x1b[?1049h" not in seen
        assert terminal.process.wait(20) == 2
    finally:
        terminal.close()


def test_a_terminal_that_cannot_be_drawn_on_gets_the_help(cairn: Cairn) -> None:
    terminal = Terminal(TERM="dumb")
    try:
        assert b"Usage" in terminal.read()
        assert terminal.process.wait(20) == 2
    finally:
        terminal.close()


def test_alone_in_a_pipe_it_prints_the_help(cairn: Cairn) -> None:
    ran = cairn()
    assert ran.code == 2
    assert "Usage" in ran.out
