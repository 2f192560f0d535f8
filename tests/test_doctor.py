"""`cairn doctor`: what each finding says, and that it leads on."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from cairn.app import client, doctor
from cairn.app.doctor import machine, memory
from cairn.core.errors import Unavailable
from cairn.core.home import home_path, open_home

Json = dict[str, Any]
SOUND: Json = {
    "status": {
        "counts": {"indexed": 8, "skipped": 1, "failed": 0, "named": 0},
        "watch_problems": {},
        "daemon": {"pid": os.getpid()},
    },
    "check": {
        "journal": "ok", "rows": 9, "chunks": 9, "vectors": 9, "hot": 9, "way": "all codes",
        "room": {"taken": 10_000_000, "used": 8_000_000, "versions": 3},
    },
}  # fmt: skip


def found(name: str, **changes: Json) -> tuple[str, str, str]:
    said = {op: {**SOUND[op], **changes.get(op, {})} for op in SOUND}
    return memory.CHECKS[name](lambda op, args=None: said[op])


def test_what_is_well_says_how_much_there_is() -> None:
    assert found("coverage")[:2] == ("ok", "8 of 9 files are searchable; 1 passed over")
    assert found("index")[0] == "ok" and "8.0 MB of it in use" in found("index")[1]
    assert found("watching")[0] == "ok"


def test_files_that_could_not_be_read_are_counted_and_listed_by_the_next_command() -> None:
    counts = {"indexed": 8, "skipped": 0, "failed": 2, "named": 0}
    state, message, command = found("coverage", status={"counts": counts})
    assert (state, command) == ("warn", "cairn status --failed")
    assert "8 of 10 files" in message and "2 files could not be read" in message


def test_room_that_only_old_versions_take_is_noticed() -> None:
    room = {"taken": 900_000_000, "used": 50_000_000, "versions": 400}
    state, message, command = found("index", check={"room": room})
    assert (state, command) == ("warn", "cairn rebuild")
    assert "900.0 MB" in message


def test_a_used_up_number_of_watches_names_the_sysctl() -> None:
    reason = "the system's number of watches is used up; raise fs.inotify.max_user_watches"
    state, _, command = found("watching", status={"watch_problems": {"/home/ana": reason}})
    assert state == "warn" and command.startswith("sudo sysctl fs.inotify.max_user_watches=")
    reason = "the system's number of watchers is used up; raise fs.inotify.max_user_instances"
    _, _, command = found("watching", status={"watch_problems": {"/home/ana": reason}})
    assert command.startswith("sudo sysctl fs.inotify.max_user_instances=")


def test_a_home_that_others_might_look_into_is_closed_by_looking() -> None:
    home = open_home(home_path()).path
    home.chmod(0o755)
    assert machine.CHECKS["home"]()[0] == "ok"
    assert home.stat().st_mode & 0o077 == 0


def test_a_tree_that_lies_elsewhere_is_looked_at_there(tmp_path: Path) -> None:
    home, elsewhere = open_home(home_path()), tmp_path / "synced"
    elsewhere.mkdir()
    elsewhere.chmod(0o755)
    home.tree.rmdir()
    home.tree.symlink_to(elsewhere)
    state, message, _ = machine.CHECKS["home"]()
    assert state == "warn" and str(elsewhere) in message


def test_a_daemon_that_can_not_be_had_is_asked_and_told_of_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[str] = []

    def call(op: str, args: Json) -> Json:
        asked.append(op)
        raise Unavailable("the daemon did not start", "run `cairn doctor`")

    monkeypatch.setattr(client, "call", call)
    checks = doctor.examine()["checks"]
    assert len(asked) == 1
    told = [each for each in checks if "did not start" in each["message"]]
    assert [(each["name"], each["state"]) for each in told] == [("memory", "fail")]
    assert told[0]["next"] == "run `cairn doctor`"
    assert {"settings", "daemon"} <= {each["name"] for each in checks if each["state"] == "ok"}
