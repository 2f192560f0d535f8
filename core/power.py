"""Does the machine run on its battery? Asked by the engine before it works off a backlog."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

_SUPPLIES = Path("/sys/class/power_supply")


def on_battery(supplies: Path = _SUPPLIES) -> bool:
    """False also when nothing can be found out: then nobody waits for a plug that never comes."""
    if sys.platform == "darwin":
        return _mac_on_battery()
    discharging = False
    try:
        for supply in supplies.iterdir():
            kind = _word(supply / "type")
            if kind in ("Mains", "USB") and _word(supply / "online") == "1":
                return False
            # A mouse or a phone has a battery too, whose scope is its own.
            if kind == "Battery" and _word(supply / "scope") != "Device":
                discharging |= _word(supply / "status") == "Discharging"
    except OSError:
        return False
    return discharging


def _word(path: Path) -> str:
    try:
        return path.read_text("utf-8", "replace").strip()
    except OSError:
        return ""


def _mac_on_battery() -> bool:
    try:
        done = subprocess.run(
            ["/usr/bin/pmset", "-g", "batt"],
            capture_output=True, text=True, timeout=2, check=False,
        )  # fmt: skip
    except (OSError, subprocess.SubprocessError):
        return False
    return "'Battery Power'" in done.stdout.partition("\n")[0]
