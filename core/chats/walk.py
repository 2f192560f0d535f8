"""A folder → the plain files below it, folder by folder, within bounds. Called by `chats.stores`.

Links inside are not followed, so that a walk neither leaves the store nor goes in circles. What
can't be listed is passed over and said in `problem`. Nothing is opened, and nothing raises.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_DEEPEST = 24
_MOST = 1_000_000


@dataclass(slots=True)
class Walk:
    left: int = _MOST
    """So many more names are looked at."""
    problem: str = ""

    def files(self, root: Path, depth: int = _DEEPEST) -> Iterator[tuple[Path, list[str]]]:
        """Each folder at and below `root` with its files' names. `depth` 0: `root` only."""
        waiting = [(root, depth)]
        while waiting:
            folder, deeper = waiting.pop()
            names, folders = self._list(folder)
            if names:
                yield folder, names
            if deeper:
                waiting += [(folder / name, deeper - 1) for name in reversed(folders)]

    def folders(self, root: Path) -> list[Path]:
        """The folders right in `root`."""
        return [root / name for name in self._list(root)[1]]

    def _list(self, folder: Path) -> tuple[list[str], list[str]]:
        files: list[str] = []
        folders: list[str] = []
        try:
            with os.scandir(folder) as entries:
                for entry in entries:
                    if not self.left:
                        self.problem = "it is so large that only a part was counted"
                        break
                    self.left -= 1
                    if entry.is_dir(follow_symlinks=False):
                        folders.append(entry.name)
                    elif entry.is_file(follow_symlinks=False):
                        files.append(entry.name)
        except FileNotFoundError:
            pass
        except PermissionError:
            self.problem = self.problem or "you have no permission to look into all of it"
        except OSError:
            self.problem = self.problem or "a part of it can't be read"
        return sorted(files), sorted(folders)
