"""A process that reads a stranger's file can do nothing but read it, and say what it read."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from cairn.core.config import Limits
from cairn.core.confine import landlock, offered
from cairn.core.errors import ExtractError
from cairn.core.extract.reading import Reading
from cairn.core.home import open_home

pytestmark = pytest.mark.timeout(400)
linux = pytest.mark.skipif(not offered().calls, reason="this kernel has no seccomp")
LIMITS = Limits(extract_s=300)
"""A reader stands back for all others, so on a busy machine it takes its time."""
_KEPT_OUT = {
    "internet", "local socket", "shell", "become a shell", "fork", "signal to the parent", "trace",
    "rights of what is watched", "slow the parent", "move the parent",
}  # fmt: skip
_BY_SIGNALS = {
    "signals of a pipe to the parent", "the same as a group", "another signal of a pipe",
    "signals of a socket", "the same by its other name",
}  # fmt: skip
"""The kernel sends them where a process may not."""
_HIDDEN = {
    "the key", "write to the home", "write to what is watched", "rename what is watched",
    "look into the parent",
}  # fmt: skip


def attempts(kind: str, folder: Path) -> dict[str, str]:
    for name in ("watched", "scratch", "user/.ssh"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    (folder / "watched" / "note.md").write_text("Four tomatoes.\n")
    (folder / "user" / ".ssh" / "id_ed25519").write_text("-----BEGIN")
    (folder / "m.gguf").write_bytes(b"GGUF")
    command = [sys.executable, "-m", "tests.confine.attempts", kind, str(folder)]
    root = Path(__file__).parent.parent.parent
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, cwd=root)
    assert done.returncode == 0, done.stderr
    return dict(json.loads(done.stdout))


@linux
@pytest.mark.parametrize("kind", ["parsers", "models"])
def test_whoever_takes_over_a_reader_gets_nowhere(tmp_path: Path, kind: str) -> None:
    came = attempts(kind, tmp_path)
    assert {came[name] for name in _KEPT_OUT | _BY_SIGNALS} == {"PermissionError"}, came
    assert came["io_uring"] == "NotThere"
    assert came["a thread"] == came["write to scratch"] == "done"
    may = {"parsers": "read what is watched", "models": "read the model"}[kind]
    assert came[may] == "done"
    if offered().files:
        assert {came[name] for name in _HIDDEN} <= {"PermissionError", "OSError"}, came
        other = {"parsers": "read the model", "models": "read what is watched"}[kind]
        assert came[other] == "PermissionError"


@linux
def test_a_program_of_the_system_sees_none_of_the_users_files(tmp_path: Path) -> None:
    came = attempts("programs", tmp_path)
    assert came["shell"] == came["fork"] == came["write to scratch"] == "done"
    assert came["internet"] == came["trace"] == came["rights of what is watched"]
    assert {came[name] for name in {"internet"} | _BY_SIGNALS} == {"PermissionError"}, came
    if offered().files:
        hidden = {*_HIDDEN, "read what is watched", "read the model"}
        assert {came[name] for name in hidden} <= {"PermissionError", "OSError"}, came


@pytest.fixture
def reading(tmp_path: Path) -> Iterator[Reading]:
    roots = [tmp_path / "a"]
    started = Reading(LIMITS, open_home(tmp_path / "home"), roots=lambda: roots)
    yield started
    started.close()


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(exist_ok=True)
    path.write_text(text)
    return path


def test_the_same_process_reads_all_below_a_root(reading: Reading, tmp_path: Path) -> None:
    paths = [write(tmp_path / "a" / f"{number}.md", f"Tomato {number}.") for number in range(3)]
    assert [reading.read(p, "file:x").chunks[0].text for p in paths][2] == "Tomato 2."
    first = reading.pid
    reading.read(paths[0], "file:x")
    assert reading.pid == first


def test_what_is_asked_for_elsewhere_is_read_too(reading: Reading, tmp_path: Path) -> None:
    write(tmp_path / "a" / "x.md", "One.")
    other = write(tmp_path / "b" / "y.md", "Two.")
    assert reading.read(other, "file:y").chunks[0].text == "Two."


def test_a_folder_made_anew_in_the_same_place_is_read(reading: Reading, tmp_path: Path) -> None:
    path = write(tmp_path / "a" / "x.md", "One.")
    reading.read(path, "file:x")
    (tmp_path / "a").rename(tmp_path / "old")
    write(path, "Two.")
    assert reading.read(path, "file:x").chunks[0].text == "Two."


def test_any_number_of_folders_may_be_watched(tmp_path: Path) -> None:
    """More than can be told a process at once."""
    roots = [tmp_path / f"{number:0200}" for number in range(400)]
    for root in roots:
        root.mkdir()
    reading = Reading(LIMITS, open_home(tmp_path / "home"), roots=lambda: roots)
    try:
        for root in (roots[0], roots[-1]):
            path = write(root / "x.md", "Tomato.")
            assert reading.read(path, "file:x").chunks[0].text == "Tomato."
    finally:
        reading.close()


@pytest.mark.skipif(not landlock.version(), reason="this kernel has no Landlock")
def test_a_link_leads_nowhere(reading: Reading, tmp_path: Path) -> None:
    """Neither the last part of a path nor a folder on the way."""
    write(tmp_path / "b" / "secret.md", "A secret.")
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "in").symlink_to(tmp_path / "b")
    with pytest.raises(ExtractError, match="not permitted"):
        reading.read(tmp_path / "a" / "in" / "secret.md", "file:x")


@linux
def test_a_program_is_run_for_the_confined_reader(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    programs = tmp_path / "programs"
    programs.mkdir()
    script = programs / "wpd2text"
    outside = write(tmp_path / "b" / "secret.md", "A secret.")
    script.write_text(
        f'#!/bin/sh\nread head < "$1"; echo "Dear Ann,"; cat "{outside}" 2>&1; exit 0\n'
    )
    script.chmod(0o755)
    monkeypatch.setenv("PATH", f"{programs}{os.pathsep}{os.environ['PATH']}")
    path = write(tmp_path / "a" / "letter.wpd", "")
    path.write_bytes(b"\xffWPC" + bytes(40))
    reading = Reading(LIMITS, open_home(tmp_path / "home"), roots=lambda: [tmp_path / "a"])
    try:
        text = reading.read(path, "file:x").chunks[0].text
    finally:
        reading.close()
    assert text.startswith("Dear Ann,")
    if offered().files:
        assert "A secret." not in text
