"""Lines for the daemon's log: where something broke, never what it was about."""

from __future__ import annotations

import os
import sys
import time
import traceback
from pathlib import Path
from typing import TextIO

from cairn.core.home import write_atomic

_LONGEST = 1 << 20


def shorten(path: Path, most: int = _LONGEST) -> None:
    """Keep a log's end as `NAME.1` and begin it anew; whoever appends to it goes on doing so."""
    try:
        if path.stat().st_size <= most:
            return
        with path.open("rb") as file:
            file.seek(-most, os.SEEK_END)
            kept = file.read()
        write_atomic(path.with_name(path.name + ".1"), kept.decode("utf-8", "replace"))
        os.truncate(path, 0)
    except OSError:
        return  # a full disk must not end the daemon


def log_bug(error: BaseException, stream: TextIO | None = None) -> None:
    """File and line of each frame, without values: an error's text may be somebody's note."""
    frames = traceback.extract_tb(error.__traceback__)
    where = " < ".join(f"{Path(frame.filename).name}:{frame.lineno}" for frame in reversed(frames))
    said = f"{time.strftime('%F %T')} {type(error).__name__} at {where}"
    print(said, file=stream or sys.stderr, flush=True)
