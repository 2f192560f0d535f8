"""Forgetting as a person types it: let in again, and finished when there is room again."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest

from tests.conftest import Cairn, Ran, wait_until

pytestmark = pytest.mark.timeout(1500)
_LONGEST_S = 300
_SHED = "The zqlantern hangs in the shed behind the house.\n"
_BOAT = "The zqboat lies in the third dock of the harbour.\n"


def _ran(cairn: Cairn, *arguments: str) -> Ran:
    return cairn(*arguments, timeout=_LONGEST_S)


def _finds(cairn: Cairn, word: str) -> bool:
    return word in _ran(cairn, "search", word).out


def _written(life: Path) -> tuple[Path, Path]:
    shed, boat = life / "shed.md", life / "boat.md"
    shed.write_text(_SHED)
    boat.write_text(_BOAT)
    return shed, boat


def _forgotten(cairn: Cairn, path: Path) -> str:
    ran = _ran(cairn, "forget", "--yes", "--json", str(path))
    assert ran.code == 0, ran.err
    return str(json.loads(ran.out)["data"]["id"])


@pytest.mark.parametrize("by", ["path", "receipt"])
def test_what_is_lifted_comes_back_and_nothing_else(cairn: Cairn, life: Path, by: str) -> None:
    shed, boat = _written(life)
    assert _ran(cairn, "add", str(life)).code == 0
    receipt = _forgotten(cairn, shed)
    _forgotten(cairn, boat)
    assert _ran(cairn, "add", str(life)).code == 0
    assert not _finds(cairn, "zqlantern") and not _finds(cairn, "zqboat")
    ran = _ran(cairn, "forget", "--lift", str(shed) if by == "path" else receipt)
    assert ran.code == 0, ran.err
    assert receipt in ran.err
    wait_until(lambda: _finds(cairn, "zqlantern"), _LONGEST_S)
    assert _ran(cairn, "add", str(life)).code == 0
    assert not _finds(cairn, "zqboat")
    listed = _ran(cairn, "forget", "--receipts").out.splitlines()
    assert ["let in again" in line for line in listed] == [receipt in line for line in listed]
    ran = _ran(cairn, "forget", "--lift", "f_0000000000")
    assert ran.code != 0 and "`cairn forget --receipts`" in ran.err


def test_a_full_disk_leaves_it_barred_and_it_is_finished_with_room(
    cairn: Cairn, life: Path, tmp_path: Path
) -> None:
    small = tmp_path / "small"
    small.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=16m", "tmpfs", str(small)]
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("no right to mount a file system here")
    cairn.env["CAIRN_HOME"] = str(small / "home")
    try:
        shed, _ = _written(life)
        assert _ran(cairn, "add", str(life)).code == 0
        ballast = small / "ballast"
        room = os.statvfs(small)
        ballast.write_bytes(b"x" * (room.f_bavail * room.f_frsize - 200_000))
        ran = _ran(cairn, "forget", "--yes", str(shed))
        assert ran.code == 3, (ran.code, ran.err)
        assert "interrupted" in ran.err and "`cairn forget --resume`" in ran.err
        assert "Traceback" not in ran.err
        assert "not finished" in _ran(cairn, "forget", "--receipts").out
        ballast.unlink()
        ran = _ran(cairn, "forget", "--resume")
        assert ran.code == 0, ran.err
        assert "nothing is left" in ran.out
        assert _ran(cairn, "add", str(life)).code == 0
        assert not _finds(cairn, "zqlantern")
        assert _finds(cairn, "zqboat")
        assert _ran(cairn, "daemon", "stop").code == 0
        held = [path for path in (small / "home").rglob("*") if path.is_file()]
        assert held and not [path for path in held if b"zqlantern" in path.read_bytes().lower()]
    finally:
        _ran(cairn, "daemon", "stop")
        subprocess.run(["umount", "-l", str(small)], check=True)
