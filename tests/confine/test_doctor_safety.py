"""What `cairn doctor` says of confinement and of the disk's encryption."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from cairn.app.doctor import safety
from cairn.core.confine import Held


@pytest.mark.parametrize(
    ("held", "state", "words"),
    [
        (Held(calls=True, files=True), "ok", "no network"),
        (Held(calls=True, files=False), "warn", "no Landlock"),
        (Held(calls=False, files=False), "warn", "no seccomp and no Landlock"),
    ],
)
def test_readers(monkeypatch: pytest.MonkeyPatch, held: Held, state: str, words: str) -> None:
    monkeypatch.setattr(safety, "offered", lambda: held)
    monkeypatch.setattr("sys.platform", "linux")
    found = safety._readers()
    assert found[0] == state and words in found[1]


def block_device(folder: Path, name: str, uuid: str = "", parts: tuple[str, ...] = ()) -> Path:
    """As the kernel shows it below /sys."""
    place = folder / "devices" / name
    (place / "slaves").mkdir(parents=True)
    if uuid:
        (place / "dm").mkdir()
        (place / "dm" / "uuid").write_text(uuid + "\n")
    for part in parts:
        (place / "slaves" / part).symlink_to(folder / "devices" / part)
    return place


@pytest.mark.parametrize(
    ("disks", "volume", "is_encrypted"),
    [
        ({"sda": ""}, None, False),
        ({"dm-0": "CRYPT-LUKS2-0123"}, None, True),
        ({"dm-0": "CRYPT-LUKS2-0123", "dm-1": "CRYPT-LUKS2-45"}, "LVM-xyz", True),
        ({"dm-0": "CRYPT-LUKS2-0123", "sda": ""}, "LVM-xyz", False),
    ],
)
def test_a_disk_is_encrypted_when_all_that_it_is_made_of_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, disks: dict[str, str], volume: str | None,
    is_encrypted: bool,
) -> None:  # fmt: skip
    for name, uuid in disks.items():
        top = block_device(tmp_path, name, uuid)
    if volume is not None:
        top = block_device(tmp_path, "dm-9", volume, tuple(disks))
    number = tmp_path.stat().st_dev
    (tmp_path / f"{os.major(number)}:{os.minor(number)}").symlink_to(top)
    monkeypatch.setattr(safety, "_SYSTEM", tmp_path)
    monkeypatch.setattr(safety, "_mounted_from", lambda number: number)
    monkeypatch.setattr("sys.platform", "linux")
    assert safety._is_encrypted(tmp_path) is is_encrypted


def test_what_no_disk_of_this_machine_holds_is_unknown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(safety, "_SYSTEM", tmp_path)
    monkeypatch.setattr("sys.platform", "linux")
    assert safety._is_encrypted(tmp_path) is None
