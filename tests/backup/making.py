"""Backups of an engine's home, made as the command makes them."""

from __future__ import annotations

import itertools
from pathlib import Path

from cairn.core.backup.manifest import Manifest
from cairn.core.backup.snapshot import Snapshot, drop
from cairn.core.backup.store import Backups
from cairn.core.engine import Engine

_numbers = itertools.count()


def moment(number: int) -> str:
    return f"2026-03-02T18:20:{number:02}.000+00:00"


def back_up(engine: Engine, folder: Path, config: Path | None = None) -> Manifest:
    made = store(Backups(folder), engine.snapshot(), config)
    drop(engine.home)
    return made


def store(backups: Backups, snapshot: Snapshot, config: Path | None = None) -> Manifest:
    with backups.held(snapshot.home):
        at = moment(next(_numbers))
        return backups.make(snapshot, config, at, "0.1.0", lambda done, of: None)
