"""What is left of how things were: copies within the home, which go, and what is out of reach.

Called for the preview and while forgetting. What is out of reach, a git history or a backup, is
named; nothing is run here, the user is told the command.
"""

from __future__ import annotations

import json
import shlex
import shutil
from collections.abc import Sequence
from pathlib import Path

from cairn.core.backup.snapshot import FOLDER, QUARANTINE
from cairn.core.home import Home
from cairn.core.journal import Journal
from cairn.core.migrating import copies

_BACKUPS = "backups"


def git_of(tree: Path, paths: Sequence[str]) -> str:
    """The commands that take these paths out of the history of the repository that a tree is in.

    Told that there are no files beside its history, git leaves them as they are: entries that stay
    go from the history too, which has what they lose.
    """
    root = next((each for each in (tree, *tree.parents) if (each / ".git").exists()), None)
    if root is None or not paths:
        return ""
    repository = f"git -C {shlex.quote(str(root))}"
    place = shlex.quote(tree.relative_to(root).as_posix())
    named = [shlex.quote((tree / path).relative_to(root).as_posix()) for path in paths]
    return (
        f'{repository} add -A -- {place} && git -C "$({repository} rev-parse --absolute-git-dir)" '
        f"-c core.bare=true filter-repo --force --invert-paths --path {' --path '.join(named)}"
    )


def backups(journal: Journal) -> list[str]:
    """Where each lies, and when it was made, as whoever makes them has noted."""
    noted = json.loads(journal.get_meta(_BACKUPS, "[]"))
    return [f"the backup {each['path']} of {str(each['at'])[:10]}" for each in noted]


def earlier_homes(home: Home) -> list[str]:
    """Those that a restored one took the place of."""
    found = sorted(home.path.parent.glob(f"{home.path.name}.before-*"))
    return [f"the home before you restored another, {path}" for path in found]


def within(home: Home) -> list[Path]:
    """Whole copies in the home: for a backup, of an older version, of what was damaged."""
    folders = (home.path / FOLDER, home.path / QUARANTINE)
    return [path for path in (*folders, *copies(home.journal)) if path.exists()]


def drop_within(home: Home) -> None:
    for path in within(home):
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink()
