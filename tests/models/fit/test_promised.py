"""What models that run were promised: seen while they live, taken off as they take it, in turn."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from cairn.core.config import Models
from cairn.core.errors import Unavailable
from cairn.core.models import plan as module
from cairn.core.models.fit.machine import Machine
from cairn.core.models.fit.promised import Promised
from cairn.core.models.plan import Plan, load_as_planned, plan_file
from cairn.core.models.writing.generating import Generating
from tests.models.tiny import make_model

GB = 1 << 30
HOLDS = """
import sys
from pathlib import Path
from cairn.core.models.fit.promised import Promised
promised = Promised(Path(sys.argv[1]))
with promised.turn():
    promised.note(int(sys.argv[2]))
print("noted", flush=True)
taken = b"x" * int(sys.argv[3])
print("taken", flush=True)
sys.stdin.read()
"""


@contextmanager
def another(folder: Path, own: int, taken: int = 0) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDS, str(folder), str(own), str(taken)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        assert process.stdout
        assert [process.stdout.readline() for _ in range(2)] == ["noted\n", "taken\n"]
        yield process
    finally:
        process.kill()
        process.communicate()


def untaken(folder: Path | None) -> int:
    with Promised(folder).turn() as others:
        return others


def test_nothing_is_known_of_others_without_a_folder(tmp_path: Path) -> None:
    assert untaken(None) == 0
    assert untaken(tmp_path / "new") == 0
    (tmp_path / "file").touch()
    assert untaken(tmp_path / "file") == 0
    Promised(tmp_path / "file").note(5)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="looks into /proc")
def test_what_others_have_not_taken_yet_is_theirs(tmp_path: Path) -> None:
    with another(tmp_path, 2 * GB), another(tmp_path, GB):
        both = untaken(tmp_path)
        assert 2.5 * GB < both < 3 * GB  # less what their programs take
    with another(tmp_path, GB, GB // 2):
        assert GB // 4 < untaken(tmp_path) < GB // 2
    with another(tmp_path, GB // 8, GB // 4):
        assert untaken(tmp_path) == 0


def test_who_was_killed_is_promised_nothing(tmp_path: Path) -> None:
    with another(tmp_path, 8 * GB) as process:
        process.kill()
        process.wait()
        assert untaken(tmp_path) == 0
    assert not list(tmp_path.glob("*.bytes"))
    (tmp_path / "1.bytes").write_text("damaged")
    assert untaken(tmp_path) == 0


def test_only_one_plans_at_a_time(tmp_path: Path) -> None:
    seen: list[str] = []

    def second() -> None:
        with Promised(tmp_path).turn():
            seen.append("second")

    with Promised(tmp_path).turn():
        thread = threading.Thread(target=second)
        thread.start()
        thread.join(0.2)
        seen.append("first")
    thread.join(20)
    assert seen == ["first", "second"]


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="looks into /proc")
def test_a_plan_leaves_others_what_they_were_promised(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = make_model(tmp_path / "tiny.gguf")
    free = plan_file(path).need + 2 * GB
    monkeypatch.setattr(module, "look", lambda: Machine(16 * GB, free, 2))
    alone: Plan = load_as_planned(path, Promised(None), lambda chosen: chosen)
    with another(tmp_path, 4 * GB), pytest.raises(Unavailable, match="can be used now"):
        load_as_planned(path, Promised(tmp_path), lambda chosen: chosen)
    assert load_as_planned(path, Promised(tmp_path), lambda chosen: chosen) == alone
    (noted,) = tmp_path.glob("*.bytes")
    assert noted.name == f"{os.getpid()}.bytes"
    assert int(noted.read_text()) < alone.need


def test_a_model_that_runs_says_what_it_may_take(tmp_path: Path) -> None:
    path = make_model(tmp_path / "tiny.gguf")
    folder = tmp_path / "promised"
    one, other = (
        Generating(Models(generator=str(path)), tmp_path, promised=folder) for _ in range(2)
    )
    for each in (one, other):
        each.count(["tea"])
    assert {f"{one.pid}.bytes", f"{other.pid}.bytes"} == {p.name for p in folder.glob("*.bytes")}
    one.close()
    other.close()
    assert untaken(folder) == 0
