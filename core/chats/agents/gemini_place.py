"""The project that a session of Gemini CLI belongs to, which it names by a hash only.

Newer releases note the folder beside the session, or in `projects.json` at the top of their own;
else a path that a tool was given shows it.
"""

from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path, PurePosixPath, PureWindowsPath

from cairn.core.chats.source import Transcript

_MOST_BYTES = 1 << 20
_HIGHEST = 5
"""So many folders above a session are looked at."""
_PATH_CHARS, _STEPS = 4_096, 30


def project_of(source: Transcript, hash: str) -> str:
    """The folder with that hash, if its program has noted it."""
    if source.member:
        return ""
    folders = list(source.path.absolute().parents)[:_HIGHEST]
    for folder in folders:
        if root := _read(folder / ".project_root").strip():
            return root
    for folder in folders:
        if noted := _read(folder / "projects.json"):
            return _noted(noted, hash, {above.name for above in folders})
    return ""


def project_by_hash(path: str, hash: str) -> str:
    """The folder above this path, or the path itself, that has that hash."""
    if len(path) > _PATH_CHARS or not hash:
        return ""
    kind = PurePosixPath if path.startswith("/") else PureWindowsPath
    whole = kind(path)
    if not whole.is_absolute():
        return ""
    for folder in [whole, *whole.parents][:_STEPS]:
        if sha256(str(folder).encode("utf-8", "surrogatepass")).hexdigest() == hash:
            return str(folder)
    return ""


def _noted(text: str, hash: str, names: set[str]) -> str:
    try:
        noted = json.loads(text)
    except (ValueError, RecursionError):
        return ""
    projects = noted.get("projects") if isinstance(noted, dict) else None
    for path, name in projects.items() if isinstance(projects, dict) else ():
        if isinstance(name, str) and (name in names or project_by_hash(path, hash) == path):
            return str(path)
    return ""


def _read(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return file.read(_MOST_BYTES).decode("utf-8", "replace")
    except OSError:
        return ""
