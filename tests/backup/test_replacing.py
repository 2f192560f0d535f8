"""The home that is replaced is never lost: not by haste, not by a kill, not by what lies in it."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from cairn.core import replacing
from cairn.core.engine import Engine
from cairn.core.errors import Unavailable
from cairn.core.restoring import Restored, restore
from tests.backup.making import back_up

_KILLED = """
import os, sys
from pathlib import Path
from cairn.core import replacing
from cairn.core.restoring import restore
exchange = replacing._exchange
def kill(*names):
    assert exchange(*names)
    os.kill(os.getpid(), 9)
replacing._exchange = kill
place = Path(sys.argv[1])
restore(place / "bk", place / "home", place / "config.toml", replace=True)
"""


@pytest.fixture
def place(engine: Engine, tmp_path: Path) -> Path:
    """With a backup of a small home."""
    engine.remember("The spare key is with Jonas.")
    back_up(engine, tmp_path / "bk")
    engine.close()
    return tmp_path


def again(place: Path) -> Restored:
    return restore(place / "bk", place / "home", place / "config.toml", replace=True)


def write(place: Path, name: str) -> None:
    """Something that is in this home alone."""
    (place / "home" / "tree" / name).write_text("mine")


def kept(place: Path) -> list[str]:
    """What is only in homes that were put aside."""
    return sorted(path.name for path in place.glob("home.before-*/tree/mine-*"))


def test_restores_in_quick_succession_each_keep_the_home_before(place: Path) -> None:
    for number in range(3):
        write(place, f"mine-{number}")
        again(place)
    assert kept(place) == ["mine-0", "mine-1", "mine-2"]
    assert not list(place.glob(".home.*"))


def test_a_kill_right_after_the_change_loses_nothing(place: Path) -> None:
    write(place, "mine-0")
    ran = subprocess.run([sys.executable, "-c", _KILLED, str(place)], check=False)
    assert ran.returncode == -signal.SIGKILL
    assert not list((place / "home" / "tree").glob("mine-*"))  # they had changed places
    again(place)  # and it sweeps
    assert kept(place) == ["mine-0"]


@pytest.mark.parametrize("fails", [False, True])
def test_where_two_names_can_not_change_at_once(
    place: Path, monkeypatch: pytest.MonkeyPatch, fails: bool
) -> None:
    monkeypatch.setattr(replacing, "_exchange", lambda one, other: False)
    write(place, "mine-0")
    if not fails:
        assert Path(again(place).put_aside, "tree", "mine-0").is_file()
        return
    rename = Path.rename

    def refuse(path: Path, target: Path) -> Path:
        if target.name == "home" and ".restoring-" in str(path):
            raise PermissionError(13, "Permission denied", str(path))
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", refuse)
    with pytest.raises(Unavailable, match="nothing was changed"):
        again(place)
    assert (place / "home" / "tree" / "mine-0").is_file() and kept(place) == []


def test_models_that_lie_elsewhere_are_used_from_there(place: Path) -> None:
    models, disk = place / "home" / "models", place / "disk"
    models.rename(disk)
    models.symlink_to(disk)
    (disk / "mine.gguf").write_bytes(b"GGUF")
    done = again(place)
    assert models.readlink() == disk and (models / "mine.gguf").is_file()
    assert Path(done.put_aside).is_dir() and done.models_left == ()


def test_models_that_can_not_be_taken_along_are_told(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (place / "home" / "models" / "mine.gguf").write_bytes(b"GGUF")
    rename = Path.rename

    def refuse(path: Path, target: Path) -> Path:
        if path.suffix == ".gguf":
            raise OSError(18, "Invalid cross-device link", str(path))
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", refuse)
    done = again(place)
    assert done.models_left == ("mine.gguf",)
    assert Path(done.put_aside, "models", "mine.gguf").is_file()
