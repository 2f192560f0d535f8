"""How many files of what size → about how long reading them takes here, in words.

Said before anything is read, so it goes by what usual folders took; what the daemon says while it
reads goes by what it has read.
"""

from __future__ import annotations

from cairn.app import render

_FILE_S, _BYTES_S, _MOST_BYTES = 0.03, 1.5e6, 200_000
"""Of a large file most are pictures in it, or it is not read at all."""
_MOMENT_S, _MINUTE_S, _HOUR_S = 20, 90, 3600


def about(files: int, size: int) -> str:
    seconds = files * _FILE_S + min(size, files * _MOST_BYTES) / _BYTES_S
    if seconds < _MOMENT_S:
        return "a moment"
    if seconds < _MINUTE_S:
        return "about a minute"
    if seconds < _HOUR_S:
        return f"about {round(seconds / 60)} min"
    return f"about {seconds / 3600:.0f} h, the newest first"


def counted(files: int, size: int) -> str:
    many = f"{files:,}".replace(",", "\N{NARROW NO-BREAK SPACE}")
    return f"{many} {'file' if files == 1 else 'files'}, {render.size(size)}"
