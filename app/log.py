"""Lines for the daemon's log: where something broke, never what it was about."""

from __future__ import annotations

import sys
import time
import traceback
from pathlib import Path


def log_bug(error: BaseException) -> None:
    """File and line of each frame, without values: an error's text may be somebody's note."""
    frames = traceback.extract_tb(error.__traceback__)
    where = " < ".join(f"{Path(frame.filename).name}:{frame.lineno}" for frame in reversed(frames))
    print(
        f"{time.strftime('%F %T')} {type(error).__name__} at {where}", file=sys.stderr, flush=True
    )
