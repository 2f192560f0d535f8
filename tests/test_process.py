"""A child process may crash, hang or be killed: the parent gets a result or a clear error."""

from __future__ import annotations

import os
import signal
import socket
import struct
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from cairn.core.errors import Unavailable
from cairn.core.process import Child, ChildDied, TooSlow, receive_frame
from tests.conftest import wait_until


@pytest.fixture
def child(tmp_path: Path) -> Iterator[Child]:
    """A real child process that does as its requests say."""
    (tmp_path / "moody.py").write_text(
        textwrap.dedent(
            """
            import os, re, sys, time
            from pathlib import Path
            from cairn.core.process import Frame, serve

            def handle(frame):
                for word in frame.header["do"]:
                    if word == "crash":
                        os.kill(os.getpid(), 11)
                    elif word == "hang":
                        time.sleep(600)
                    elif word.startswith("crash-once:"):
                        mark = Path(word.partition(":")[2])
                        if not mark.exists():
                            mark.touch()
                            os.kill(os.getpid(), 9)
                    elif word.startswith("spin:"):
                        Path(word.partition(":")[2]).touch()
                        re.match("(a+)+$", "a" * 60 + "b")  # for years, and no thread but this
                    elif word == "keep":
                        Path(os.environ["CAIRN_SCRATCH"], "letter").write_text("Dear Ann")
                return Frame({"pid": os.getpid()}, frame.blob[::-1])

            serve(int(sys.argv[1]), handle)
            """
        )
    )
    env = {"PYTHONPATH": str(tmp_path)}
    started = Child("moody", tmp_path / "log", env=env, scratch=tmp_path / "scratch")
    yield started
    started.close()


def test_a_request_is_answered_with_its_blob(child: Child) -> None:
    reply = child.request({"op": "x", "do": []}, deadline_s=20, blob=b"abc" * 100_000)
    assert reply.blob == b"cba" * 100_000
    assert reply.header["pid"] == child.pid


def test_a_crash_costs_one_retry_and_nothing_else(child: Child, tmp_path: Path) -> None:
    reply = child.request({"op": "x", "do": [f"crash-once:{tmp_path}/mark"]}, deadline_s=20)
    assert reply.header["pid"] == child.pid
    assert child.restarts == 1


@pytest.mark.parametrize("head", [b"{", b"[1]", b"\xff", b"[" * 100_000], ids=len)
def test_what_is_no_frame_ends_the_connection(head: bytes) -> None:
    """A child that was taken over must not bring down whoever listens to it."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        sender = threading.Thread(
            target=theirs.sendall, args=(struct.pack("<II", len(head), 0) + head,)
        )
        sender.start()
        assert receive_frame(ours) is None
        sender.join()


def test_a_request_that_always_crashes_is_reported(child: Child) -> None:
    with pytest.raises(ChildDied, match="signal 11"):
        child.request({"op": "x", "do": ["crash"]}, deadline_s=20)
    wait_until(lambda: child._not_before - time.monotonic() <= 0)
    assert child.request({"op": "x", "do": []}, deadline_s=20).header["pid"] == child.pid


def test_a_series_of_crashes_is_slowed_down(child: Child) -> None:
    with pytest.raises(ChildDied):
        child.request({"op": "x", "do": ["crash"]}, deadline_s=20)
    with pytest.raises(Unavailable, match="next try in"):
        child.request({"op": "x", "do": []}, deadline_s=20)


def test_a_hanging_child_is_killed_at_the_deadline(child: Child) -> None:
    with pytest.raises(TooSlow):
        child.request({"op": "x", "do": ["hang"]}, deadline_s=1)
    wait_until(lambda: child.pid is None)
    assert child.request({"op": "x", "do": []}, deadline_s=20)


def test_a_kill_from_outside_in_mid_request_costs_one_retry(child: Child) -> None:
    first = child.request({"op": "x", "do": []}, deadline_s=20).header["pid"]
    killer = threading.Timer(0.3, os.kill, (first, signal.SIGKILL))
    killer.start()
    threading.Thread(
        target=lambda: wait_until(lambda: child.pid not in (None, first)), daemon=True
    ).start()
    with pytest.raises(TooSlow):  # the retry hangs as well: it got a process of its own
        child.request({"op": "x", "do": ["hang"]}, deadline_s=2)
    assert child.restarts == 1


def test_a_module_that_cannot_start_is_an_error_and_not_a_hang(tmp_path: Path) -> None:
    broken = Child("cairn.core.no_such_module", tmp_path / "log")
    with pytest.raises(ChildDied, match="ended"):
        broken.request({"op": "x"}, deadline_s=20)
    assert "no_such_module" in (tmp_path / "log").read_text()
    broken.close()


def test_what_a_child_keeps_on_disk_goes_with_it(child: Child, tmp_path: Path) -> None:
    scratch = child._scratch
    assert scratch is not None
    (scratch / "old").mkdir(parents=True)  # left by a parent that was killed
    child.request({"op": "x", "do": ["keep"]}, deadline_s=20)
    assert [path.name for path in scratch.iterdir()] == ["letter"]
    assert scratch.stat().st_mode & 0o777 == 0o700
    with pytest.raises(TooSlow):
        child.request({"op": "x", "do": ["hang"]}, deadline_s=0.2)
    wait_until(lambda: not scratch.exists())
    child.request({"op": "x", "do": ["keep"]}, deadline_s=20)
    assert (scratch / "letter").exists()
    child.close()
    assert not scratch.exists()


def test_a_log_without_texts_holds_kinds_and_places_only(tmp_path: Path) -> None:
    code = (
        "import os\n"
        "from cairn.core.process import log_without_texts\n"
        "log_without_texts()\n"
        "os.write(2, b'a library quotes the heron')\n"
        "raise ValueError('the heron is secret')\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr == "ValueError at <string>:5\n"


def test_no_child_outlives_its_parent(tmp_path: Path) -> None:
    """kill -9 of the parent, even while the child is busy."""
    code = textwrap.dedent(
        """
        import sys, threading, time
        from pathlib import Path
        from cairn.core.process import Child
        child = Child("cairn.core.extract.child", Path(sys.argv[1]))
        def ask():
            child.request({"op": "read", "path": b"/dev/null".hex(), "uri": "file:/x",
                           "max_bytes": 1, "entry": False}, deadline_s=20)
        ask()
        print(child.pid, flush=True)
        time.sleep(60)
        """
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, str(tmp_path / "log")], stdout=subprocess.PIPE, text=True
    ) as parent:
        assert parent.stdout is not None
        pid = int(parent.stdout.readline())
        parent.kill()
    wait_until(lambda: not is_running(pid))


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere it has to notice by itself")
@pytest.mark.parametrize("is_stopped", [True, False])
def test_nor_does_one_that_can_not_notice(child: Child, tmp_path: Path, is_stopped: bool) -> None:
    """It is stopped for good, or its interpreter is busy with one long step."""
    code = textwrap.dedent(
        """
        import sys
        from pathlib import Path
        from cairn.core.process import Child
        base = Path(sys.argv[1])
        child = Child("moody", base / "log", env={"PYTHONPATH": str(base)})
        print(child.request({"op": "x", "do": []}, deadline_s=20).header["pid"], flush=True)
        child.request({"op": "x", "do": [f"spin:{base}/spins"]}, deadline_s=200)
        """
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, str(tmp_path)], stdout=subprocess.PIPE, text=True
    ) as parent:
        assert parent.stdout is not None
        pid = int(parent.stdout.readline())
        wait_until((tmp_path / "spins").exists)
        if is_stopped:
            os.kill(pid, signal.SIGSTOP)
        parent.kill()
    try:
        wait_until(lambda: not is_running(pid))
    finally:
        if is_running(pid):
            os.kill(pid, signal.SIGKILL)


def is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


@pytest.fixture
def talker(tmp_path: Path) -> Iterator[Child]:
    """It replies in pieces, as many as it is asked for."""
    (tmp_path / "talker.py").write_text(
        textwrap.dedent(
            """
            import os, socket, sys, time
            from cairn.core.process import Frame, receive_frame, send_frame

            stream = socket.socket(fileno=int(sys.argv[1]))
            while (frame := receive_frame(stream)) is not None:
                number = frame.header["id"]
                for piece in range(frame.header.get("pieces", 0)):
                    send_frame(stream, Frame({"id": number, "more": True, "piece": piece}))
                    time.sleep(frame.header.get("pause", 0))
                if frame.header.get("dies"):
                    os._exit(9)
                send_frame(stream, Frame({"id": number, "pid": os.getpid()}))
            """
        )
    )
    started = Child("talker", tmp_path / "log", env={"PYTHONPATH": str(tmp_path)})
    yield started
    started.close()


def test_a_reply_may_come_in_pieces(talker: Child) -> None:
    heard: list[int] = []
    reply = talker.request(
        {"pieces": 3}, deadline_s=20, hear=lambda frame: heard.append(frame.header["piece"])
    )
    assert heard == [0, 1, 2]
    assert reply.header["pid"] == talker.pid
    assert talker.request({"pieces": 2}, deadline_s=20).header["pid"] == talker.pid


def test_what_was_heard_in_part_is_not_asked_for_again(talker: Child) -> None:
    heard: list[int] = []
    with pytest.raises(ChildDied):
        talker.request(
            {"pieces": 2, "dies": True}, deadline_s=20,
            hear=lambda frame: heard.append(frame.header["piece"]),
        )  # fmt: skip
    assert heard == [0, 1]
    assert talker.restarts == 1


def test_each_piece_is_a_sign_of_life(talker: Child) -> None:
    talker.request({}, deadline_s=20)
    assert talker.request({"pieces": 8, "pause": 0.2}, deadline_s=1.4)  # 1.6 s in all
    with pytest.raises(TooSlow):
        talker.request({"pieces": 1, "pause": 60}, deadline_s=0.5)


def test_who_hears_may_have_enough(talker: Child) -> None:
    def leave(frame: object) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        talker.request({"pieces": 3}, deadline_s=20, hear=leave)
    assert talker.request({}, deadline_s=20).header["pid"] == talker.pid
