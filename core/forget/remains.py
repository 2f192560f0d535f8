"""What forgetting can't reach, named: the tree's git history, and backups made before.

Called for the preview and the receipt. Nothing is run here; the user is told the command.
"""

from __future__ import annotations

import json
import shlex
from collections.abc import Sequence
from pathlib import Path

from cairn.core.journal import Journal

_BACKUPS = "backups"
_MOST = 20


def git_of(tree: Path, paths: Sequence[str]) -> str:
    """The command that takes these paths out of the history of the repository that a tree is in."""
    root = next((each for each in (tree, *tree.parents) if (each / ".git").exists()), None)
    if root is None or not paths:
        return ""
    named = [(tree / path).relative_to(root).as_posix() for path in paths[:_MOST]]
    given = " ".join(f"--path {shlex.quote(name)}" for name in named)
    return f"git -C {shlex.quote(str(root))} filter-repo --force --invert-paths {given}"


def backups(journal: Journal) -> list[str]:
    """Where each lies, and when it was made, as whoever makes them has noted."""
    noted = json.loads(journal.get_meta(_BACKUPS, "[]"))
    return [f"{each['path']} of {str(each['at'])[:10]}" for each in noted]
