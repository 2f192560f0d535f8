"""The daemon: started on demand and once, watching, private, killed and replaced without loss."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import sqlite3
import stat
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from cairn.app import client, protocol
from cairn.app.client import Connection, Json
from cairn.app.daemon import _bind, _unbind
from cairn.core.errors import ConfigError, Unavailable
from tests.bench.kills import run_kills
from tests.conftest import Cairn, wait_until
from tests.test_process import is_running


def daemon_pid(cairn: Cairn) -> int:
    return int(json.loads(cairn("daemon", "status", "--json").out)["data"]["daemon"]["pid"])


def worker_pid(cairn: Cairn) -> int | None:
    pid = json.loads(cairn("daemon", "status", "--json").out)["data"]["worker_pid"]
    return int(pid) if pid else None


def test_commands_at_once_start_one_daemon(cairn: Cairn, tmp_path: Path) -> None:
    running = [cairn.start("status", "--json") for _ in range(6)]
    pids = set()
    for command in running:
        out, err = command.communicate(timeout=60)
        assert command.returncode == 0, err
        pids.add(json.loads(out)["data"]["daemon"]["pid"])
    assert len(pids) == 1


def test_status_of_the_daemon_does_not_start_one(cairn: Cairn) -> None:
    assert cairn("daemon", "status").code == 3
    assert cairn("daemon", "status").out == "not running\n"


def test_it_leaves_when_idle_and_takes_its_children_along(cairn: Cairn, life: Path) -> None:
    cairn.env["CAIRN_DAEMON_IDLE_EXIT_S"] = "5"
    cairn("add", str(life))
    daemon, worker = daemon_pid(cairn), worker_pid(cairn)
    assert worker
    with socket.socket(socket.AF_UNIX) as silent:
        silent.connect(protocol.read_address(os.environ["CAIRN_HOME"]))
        wait_until(lambda: not is_running(daemon))
    wait_until(lambda: not is_running(worker))
    assert not Path(protocol.address_file(os.environ["CAIRN_HOME"])).exists()


def test_many_at_once_are_all_answered(cairn: Cairn) -> None:
    """More than the system keeps waiting at a socket."""
    cairn("status")
    with ThreadPoolExecutor(300) as pool:
        told = list(pool.map(lambda _: client.call_running("status"), range(300)))
    assert all(told)


def test_more_than_one_line_holds_is_refused(cairn: Cairn, monkeypatch: pytest.MonkeyPatch) -> None:
    cairn("status")
    address = protocol.read_address(os.environ["CAIRN_HOME"])
    with socket.socket(socket.AF_UNIX) as stream:
        stream.connect(address)
        stream.sendall(b'{"op":"stop"')
        stream.shutdown(socket.SHUT_WR)
        assert stream.recv(100) == b""
    assert cairn("daemon", "status").code == 0
    monkeypatch.setattr(protocol, "MAX_LINE", 1 << 20)
    with pytest.raises(ConfigError, match="more than 1 MB at once"):
        client.call_running("remember", {"text": "x" * (1 << 20)})


def test_one_that_was_started_by_hand_stays(cairn: Cairn) -> None:
    cairn.env["CAIRN_DAEMON_IDLE_EXIT_S"] = "1"
    cairn("daemon", "start")
    time.sleep(3)
    assert cairn("daemon", "status").code == 0
    assert cairn("daemon", "stop").code == 0
    assert cairn("daemon", "status").code == 3


def test_the_socket_and_the_home_are_private(cairn: Cairn, tmp_path: Path) -> None:
    cairn("remember", "a thought")
    address = Path(protocol.read_address(str(tmp_path / "home")))
    assert stat.S_IMODE(address.stat().st_mode) == 0o600
    for path in (tmp_path / "home").rglob("*"):
        inside_index = (tmp_path / "home" / "index") in path.parents
        if not inside_index:  # the folder around it is closed, whatever the library does inside
            assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, path


def test_a_killed_daemon_is_replaced_by_the_next_command(cairn: Cairn, life: Path) -> None:
    cairn("add", str(life))
    os.kill(daemon_pid(cairn), signal.SIGKILL)
    ran = cairn("ask", "what did the boiler service cost?")
    assert ran.code == 0
    assert "189 euros" in ran.out


def test_what_was_done_and_not_answered_is_not_done_twice(
    cairn: Cairn, monkeypatch: pytest.MonkeyPatch
) -> None:
    cairn("daemon", "start")
    client.call("remember", {"text": "The key of the shed is with Ana."})
    really, lost = Connection.call, []

    def call(self: Connection, op: str, args: Json, hear: Any = None) -> Json:
        data = really(self, op, args, hear)
        if op in ("remember", "tree_undo") and op not in lost:
            lost.append(op)
            raise client.DaemonGone()
        return data

    monkeypatch.setattr(Connection, "call", call)
    kept = Path(client.call("remember", {"text": "The number of locker 3 is 1003."})["path"])
    assert len(list(kept.parent.glob("*locker*"))) == 1 and "1003" in kept.read_text()
    with pytest.raises(Unavailable, match="took your latest change back"):
        client.call("tree_undo", {"operation": None})
    assert not kept.exists() and len(list(kept.parent.glob("*shed*"))) == 1


def test_a_copied_home_does_not_talk_to_the_daemon_of_the_original(
    cairn: Cairn, tmp_path: Path
) -> None:
    cairn("remember", "for the original")
    shutil.copytree(tmp_path / "home", tmp_path / "copy")
    copy = Cairn({"CAIRN_HOME": str(tmp_path / "copy")})
    assert copy("remember", "for the copy").code == 0
    assert cairn("remember", "more for the original").code == 0
    assert len(list((tmp_path / "copy" / "tree" / "inbox").glob("[!_]*.md"))) == 2
    assert len(list((tmp_path / "home" / "tree" / "inbox").glob("[!_]*.md"))) == 2
    copy("daemon", "stop")
    assert cairn("daemon", "status").code == 0


def test_a_socket_that_was_swept_away_is_made_again(cairn: Cairn) -> None:
    cairn("status")
    before = daemon_pid(cairn)
    Path(protocol.read_address(os.environ["CAIRN_HOME"])).unlink()
    time.sleep(1.5)
    assert daemon_pid(cairn) == before


def test_a_folder_that_was_made_for_one_socket_goes_with_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "taken").touch()
    monkeypatch.setattr("cairn.app.daemon._shared_folder", lambda: tmp_path / "taken")
    listener, address = _bind(tmp_path / "home")
    listener.close()
    folder = Path(address).parent
    assert folder.parent == Path("/tmp") and folder.is_dir()
    _unbind(address)
    assert not folder.exists()
    monkeypatch.setattr("cairn.app.daemon._shared_folder", lambda: tmp_path / "free")
    listener, address = _bind(tmp_path / "home")
    listener.close()
    _unbind(address)
    assert list((tmp_path / "free").iterdir()) == []


def test_a_command_while_the_daemon_leaves_gets_the_next_one(cairn: Cairn) -> None:
    for pause in (0.0, 0.1, 0.3):
        cairn("status")
        stopping = cairn.start("daemon", "stop")
        time.sleep(pause)
        assert cairn("status").code == 0
        stopping.communicate(timeout=60)


def test_a_killed_worker_is_replaced_within_the_question(cairn: Cairn, life: Path) -> None:
    cairn("add", str(life))
    worker = worker_pid(cairn)
    assert worker
    os.kill(worker, signal.SIGKILL)
    ran = cairn("search", "heating costs")
    assert ran.code == 0
    assert "note:" not in ran.err
    assert worker_pid(cairn) not in (None, worker)


def test_a_worker_that_cannot_start_leaves_word_search_and_says_so(
    cairn: Cairn, life: Path, tmp_path: Path
) -> None:
    (tmp_path / "broken.gguf").write_bytes(b"GGUF\x03\0\0\0 and then nothing")
    cairn.env["CAIRN_MODELS_EMBEDDER"] = str(tmp_path / "broken.gguf")
    assert cairn("add", str(life)).code == 0
    ran = cairn("search", "boiler service")
    assert ran.code == 0
    assert "boiler.txt" in ran.out
    (note,) = ran.err.splitlines()
    assert "cairn doctor" in note


def test_watch_follows_changes_in_seconds(cairn: Cairn, life: Path) -> None:
    cairn.env["CAIRN_WATCH_QUIET_S"] = "0.3"
    cairn("add", str(life))
    watching = cairn.start("watch")
    assert watching.stderr is not None
    assert "watching" in watching.stderr.readline()

    def finds(words: str) -> bool:
        return cairn("search", words, "-n", "1").out.split("\t")[-1].count(words) > 0

    time.sleep(1.5)  # until the folders are watched; earlier changes are for the sweep
    (life / "new.md").write_text("The okapi arrived.\n")
    wait_until(lambda: finds("okapi"))
    temporary = life / ".new.md.swp"
    temporary.write_text("The okapi left for Kinshasa.\n")
    temporary.rename(life / "new.md")  # the way editors save
    wait_until(lambda: finds("Kinshasa"))
    (life / "new.md").rename(life / "moved.md")
    wait_until(lambda: "moved.md" in cairn("search", "okapi").out)
    (life / "moved.md").unlink()
    wait_until(lambda: not finds("okapi"))
    assert cairn("watch").code == 3  # one is enough
    watching.send_signal(signal.SIGINT)
    _, err = watching.communicate(timeout=30)
    assert watching.returncode == 130
    assert "Traceback" not in err


def test_changes_while_it_was_off_are_found_by_the_next_one(cairn: Cairn, life: Path) -> None:
    cairn("add", str(life))
    cairn("daemon", "stop")
    (life / "later.txt").write_text("The axolotl came while nobody watched.\n")
    (life / "boiler.txt").unlink()
    cairn("status")
    wait_until(lambda: "later.txt" in cairn("search", "axolotl").out)
    wait_until(lambda: "boiler.txt" not in cairn("search", "boiler").out)


def test_pause_keeps_the_queue_until_resume(cairn: Cairn, life: Path) -> None:
    assert cairn("daemon", "pause").code == 0
    ran = cairn("add", str(life))
    assert "paused, so 2 files wait" in ran.err
    assert "2 files to read, 0 to embed, paused" in cairn("status").out
    cairn("daemon", "resume")
    wait_until(lambda: "2 indexed" in cairn("status").out)


def test_one_folder_is_paused_until_it_goes_on(cairn: Cairn, life: Path) -> None:
    cairn("add", str(life))
    assert "stays searchable" in cairn("daemon", "pause", str(life)).err
    assert f"{life}  2 of 2 files  paused" in cairn("status").out
    (life / "new.md").write_text("The harbour is deep.\n")
    cairn("daemon", "restart")
    assert "2 indexed" in cairn("status").out and "garden.md" in cairn("search", "tomatoes").out
    assert cairn("daemon", "pause", str(life / "nowhere")).code == 1
    cairn("daemon", "resume", str(life))
    wait_until(lambda: "3 indexed" in cairn("status").out)
    assert "files  paused" not in cairn("status").out


def test_a_daemon_of_another_version_is_replaced(
    cairn: Cairn,
) -> None:
    cairn("status")
    before = daemon_pid(cairn)
    with socket.socket(socket.AF_UNIX) as stream:
        stream.connect(protocol.read_address(os.environ["CAIRN_HOME"]))
        stream.sendall(json.dumps({"v": 999, "op": "status", "args": {}}).encode() + b"\n")
        reply = json.loads(stream.makefile().readline())
    assert reply["error"] == "Outdated"
    cairn.env["CAIRN_RECALL_MIN_RELEVANCE"] = "0.9"  # other settings are handled the same way
    cairn("search", "anything")
    assert daemon_pid(cairn) != before


def test_a_daemon_of_a_newer_version_is_left_alone(cairn: Cairn) -> None:
    cairn("status")
    before = daemon_pid(cairn)
    with closing(sqlite3.connect(Path(os.environ["CAIRN_HOME"], "journal.db"))) as journal:
        journal.execute("PRAGMA user_version = 999")
    cairn.env["CAIRN_RECALL_MIN_RELEVANCE"] = "0.9"
    ran = cairn("search", "anything")
    assert ran.code == 3
    assert "newer cairn" in ran.err
    assert is_running(before)


@pytest.mark.parametrize(
    "line",
    [
        b"\n",
        b"nonsense\n",
        b"[]\n",
        b'{"op": "eval"}\n',
        b'{"v": 1, "op": "search", "args": {}}\n',
        b'{"v": 1, "op": "ask", "args": {"question": 5}}\n',
        b"\xff\xfe\n",
    ],
)
def test_a_malformed_request_gets_an_error_and_harms_nobody(cairn: Cairn, line: bytes) -> None:
    cairn("status")
    before = daemon_pid(cairn)
    with socket.socket(socket.AF_UNIX) as stream:
        stream.connect(protocol.read_address(os.environ["CAIRN_HOME"]))
        stream.sendall(line)
        assert json.loads(stream.makefile().readline())["type"] == "error"
    assert daemon_pid(cairn) == before


def test_a_home_that_cannot_be_used_is_said_by_the_command(cairn: Cairn, tmp_path: Path) -> None:
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "home.json").write_text('{"schema": 99, "id": "x"}')
    ran = cairn("ask", "anything")
    assert ran.code == 3
    assert "newer cairn" in ran.err
    assert sorted(path.name for path in (tmp_path / "home").iterdir()) == ["home.json"]


def test_a_daemon_that_the_system_refuses_something_says_what(cairn: Cairn) -> None:
    cairn.env["XDG_RUNTIME_DIR"] = "/proc"  # where nobody can make a socket
    ran = cairn("ask", "anything")
    assert ran.code == Unavailable.exit_code
    assert "the daemon can't start" in ran.err and "cairn doctor" in ran.err


def test_a_full_disk_stops_the_work_and_loses_nothing(
    cairn: Cairn, life: Path, tmp_path: Path
) -> None:
    """A real small file system, where the machine lets us mount one."""
    small = tmp_path / "small"
    small.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=6m", "tmpfs", str(small)]
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("no right to mount a file system here")
    cairn.env["CAIRN_HOME"] = str(small / "home")
    try:
        ballast = small / "ballast"
        ballast.write_bytes(b"x" * 4_600_000)
        for number in range(40):
            (life / f"n{number}.txt").write_text(f"Note {number} about the garden. " * 200)
        ran = cairn("add", str(life))
        assert "full" in ran.err, (ran.code, ran.err)
        assert "Traceback" not in ran.err
        ballast.unlink()
        wait_until(lambda: cairn("add", str(life)).err.count("42 indexed") == 1, 60)
        assert "full" not in cairn("search", "garden").err
    finally:
        cairn("daemon", "stop")
        subprocess.run(["umount", "-l", str(small)], check=True)


def test_kills_lose_nothing_and_double_nothing(tmp_path: Path) -> None:
    """The short form of `python -m tests.bench.kills`."""
    figures = run_kills(tmp_path / "k", kills=8, files=60, seed=3)
    wrong = ("files_lost", "rows_doubled", "rows_off", "vectors_off", "queue_left", "dead_letters")
    assert {name: figures[name] for name in wrong} == dict.fromkeys(wrong, 0)
    assert figures["journal"] == "ok"
    assert figures["last_add_exit"] == 0


def test_an_interrupted_command_leaves_the_work_to_the_daemon(cairn: Cairn, life: Path) -> None:
    for number in range(100):
        (life / f"n{number}.txt").write_text(f"Note {number} about the garden. " * 40)
    adding = subprocess.Popen(
        [sys.executable, "-P", "-m", "cairn.app", "add", str(life)],
        stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    wait_until(lambda: "queue     empty" not in cairn("status").out)
    adding.send_signal(signal.SIGINT)
    _, err = adding.communicate(timeout=30)
    assert adding.returncode == 130
    assert "Traceback" not in err
    wait_until(lambda: "queue     empty" in cairn("status").out, 90)
    assert "102 indexed" in cairn("status").out
