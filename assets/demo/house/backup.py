"""Copies the photo folder to the disk in the hall cupboard. Runs on Sundays by hand."""

import shutil
from pathlib import Path

PHOTOS = Path.home() / "Pictures"
DISK = Path("/media/hall-disk/photos")


def free_gigabytes(disk: Path) -> float:
    """How much room is left before the copy starts."""
    return shutil.disk_usage(disk).free / 1e9


def copy_new_photos(source: Path, target: Path) -> int:
    """Copy only what is not there yet; returns how many photos that was."""
    copied = 0
    for photo in source.rglob("*.jpg"):
        place = target / photo.relative_to(source)
        if not place.exists():
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(photo, place)
            copied += 1
    return copied
