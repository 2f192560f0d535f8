"""What the system does to keep strangers out: limits on the readers of files, an encrypted disk."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from cairn.app.doctor.machine import Finding
from cairn.core.confine import offered
from cairn.core.home import home_path, open_home

_SYSTEM = Path("/sys/dev/block")
_MOUNTS = Path("/proc/self/mountinfo")
_FILE_VAULT_S = 10.0


def _readers() -> Finding:
    """Whether a process that reads a stranger's file could do anything else."""
    held = offered()
    if held.calls and held.files:
        return "ok", "confined: no network, no programs, no file but those you added", ""
    if sys.platform != "linux":
        return "ok", "processes of their own, under limits; this system has no more to offer", ""
    missing = [name for name, there in (("seccomp", held.calls), ("Landlock", held.files))
               if not there]  # fmt: skip
    return (
        "warn", f"under limits, not fully confined: this kernel has no {' and no '.join(missing)}",
        "cat /sys/kernel/security/lsm",
    )  # fmt: skip


def _disk_lock() -> Finding:
    """What somebody gets who takes the disk, as far as that can be known."""
    home = open_home(home_path()).path
    locked = _is_encrypted(home)
    if locked is None:
        return "ok", "can't be seen from here; see docs/SECURITY.md for why it matters", ""
    if locked:
        return "ok", "the home lies on an encrypted disk", ""
    return "ok", "none: whoever takes this disk can read your memory; see docs/SECURITY.md", ""


def _is_encrypted(home: Path) -> bool | None:
    """None where it can't be known: on a disk of the network, with a file system's own keys."""
    if sys.platform == "darwin":
        return _file_vault()
    number = home.stat().st_dev
    device = _SYSTEM / f"{os.major(number)}:{os.minor(number)}"
    if not os.major(number):  # some file systems have a number of their own
        found = _mounted_from(f"{os.major(number)}:{os.minor(number)}")
        if found is None:
            return None
        device = _SYSTEM / found
    return _is_locked(device) if device.exists() else None


def _mounted_from(number: str) -> str | None:
    for row in _MOUNTS.read_text("utf-8", "surrogateescape").splitlines():
        fields = row.split()
        source = Path(fields[fields.index("-") + 2])
        if fields[2] == number and source.is_block_device():
            device = source.stat().st_rdev
            return f"{os.major(device)}:{os.minor(device)}"
    return None


def _is_locked(device: Path) -> bool:
    """Is it dm-crypt, or is all that it is made of?"""
    place = device.resolve()
    uuid = place / "dm" / "uuid"
    if uuid.exists() and uuid.read_text().startswith("CRYPT-"):
        return True
    if (place / "partition").exists():
        place = place.parent
    below = place / "slaves"
    parts = list(below.iterdir()) if below.is_dir() else []
    return bool(parts) and all(map(_is_locked, parts))


def _file_vault() -> bool | None:
    try:
        done = subprocess.run(
            ["/usr/bin/fdesetup", "status"],
            capture_output=True, text=True, check=False, timeout=_FILE_VAULT_S,
        )  # fmt: skip
    except (OSError, subprocess.TimeoutExpired):
        return None
    return "FileVault is On" in done.stdout if done.returncode == 0 else None


CHECKS: dict[str, Callable[[], Finding]] = {"readers": _readers, "encryption": _disk_lock}
