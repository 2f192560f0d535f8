"""Name of a shipped file -> its path on disk.

Called by whatever loads a model or a sample (`assets.path("embedder.gguf")`), and by tests.
Invariant: the files lie beside this module, are never written to, and a name that is missing
fails here with FileNotFoundError rather than later inside a native loader.
"""

from __future__ import annotations

from pathlib import Path

_HERE = Path(__file__).resolve().parent


def path(name: str) -> Path:
    """The file (or folder) called `name` beside this module."""
    found = _HERE / name
    if not found.exists():
        raise FileNotFoundError(f"{name} is not among the files shipped in {_HERE}")
    return found
