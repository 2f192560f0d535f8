"""Others on this machine get nothing: neither by a file, nor by the socket, nor by the network."""

from __future__ import annotations

import json
import os
import shutil
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from cairn.app import protocol
from tests.conftest import Cairn

NOBODY = 65534
_PATIENT_S = 300
pytestmark = pytest.mark.timeout(500)


@pytest.fixture
def runtime(cairn: Cairn) -> Iterator[Path]:
    """A folder for sockets that everybody may enter."""
    folder = Path(tempfile.mkdtemp(prefix="cairn-test-", dir="/tmp"))
    folder.chmod(0o755)
    cairn.env["XDG_RUNTIME_DIR"] = str(folder)
    yield folder
    cairn("daemon", "stop")
    shutil.rmtree(folder)


def test_whatever_a_life_leaves_on_the_disk_is_for_its_owner_alone(
    cairn: Cairn, life: Path, runtime: Path, tmp_path: Path
) -> None:
    before = os.umask(0o022)
    try:
        for arguments in (
            ("config", "set", "watch.quiet_s", "7"), ("add", str(life)), ("remember", "a thought"),
            ("ask", "what did the boiler service cost?"), ("search", "tomatoes"), ("good",),
            ("tree",), ("tree", "undo"), ("rebuild",), ("export", str(tmp_path / "out")),
        ):  # fmt: skip
            cairn(*arguments, timeout=_PATIENT_S)
    finally:
        os.umask(before)
    written = [tmp_path / "config.toml", tmp_path / "out"]
    for folder in (tmp_path / "home", tmp_path / "out", *runtime.iterdir()):
        written += [folder, *folder.rglob("*")]
    assert len(written) > 30
    modes = {path: stat.S_IMODE(path.lstat().st_mode) for path in written if not path.is_symlink()}
    assert {path: oct(mode) for path, mode in modes.items() if mode & 0o077} == {}


@pytest.mark.skipif(sys.platform != "linux", reason="looks at /proc")
def test_no_process_of_it_listens_on_the_network_or_speaks_to_it(cairn: Cairn, life: Path) -> None:
    cairn("add", str(life), timeout=_PATIENT_S)
    cairn("ask", "what did the boiler service cost?", timeout=_PATIENT_S)
    daemon = json.loads(cairn("status", "--json").out)["data"]["daemon"]["pid"]
    family = [daemon, *_below(daemon)]
    assert len(family) > 1
    assert {pid: _network_sockets(pid) for pid in family if _network_sockets(pid)} == {}
    assert _network_sockets(os.getpid(), also=True)  # the check itself can tell


def _below(pid: int) -> list[int]:
    children = []
    for task in Path(f"/proc/{pid}/task").iterdir():
        children += [int(each) for each in (task / "children").read_text().split()]
    return [*children, *(each for child in children for each in _below(child))]


def _network_sockets(pid: int, *, also: bool = False) -> set[str]:
    import socket

    with socket.socket(socket.AF_INET) as one:
        if also:
            one.bind(("127.0.0.1", 0))
            one.listen()
        rows = [
            row.split()
            for name in ("tcp", "tcp6", "udp", "udp6", "raw")
            if (table := Path(f"/proc/{pid}/net/{name}")).exists()
            for row in table.read_text().splitlines()[1:]
        ]
        known = {f"socket:[{row[9]}]" for row in rows}
        held = set()
        for file in Path(f"/proc/{pid}/fd").iterdir():
            try:
                held.add(os.readlink(file))
            except FileNotFoundError:  # closed since it was listed
                continue
    return known & held


_ASK = """
import json, socket, sys
stream = socket.socket(socket.AF_UNIX)
stream.settimeout(60)
stream.connect(sys.argv[1])
try:
    stream.sendall(json.dumps({"v": 1, "op": "status", "args": {}}).encode() + b"\\n")
    print(stream.makefile().readline(), end="")
except (BrokenPipeError, ConnectionResetError):
    pass
"""


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")
def test_another_user_who_reaches_the_socket_is_not_answered(
    cairn: Cairn, runtime: Path, tmp_path: Path
) -> None:
    cairn("daemon", "start")
    address = Path(protocol.read_address(str(tmp_path / "home")))
    assert address.parent == runtime
    address.chmod(0o666)
    command = ["/usr/bin/env", "python3", "-I", "-c", _ASK, str(address)]
    theirs, ours = (
        subprocess.run(
            command, user=user, group=user, extra_groups=[], cwd="/", capture_output=True,
            text=True, timeout=100, env={"PATH": os.defpath}, check=True,
        ).stdout
        for user in (NOBODY, 0)
    )  # fmt: skip
    assert theirs == ""
    assert json.loads(ours)["type"] in ("result", "error")
