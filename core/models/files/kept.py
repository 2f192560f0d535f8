"""The models that this home knows: a name for each file, kept in `models/models.json`.

Used by `Collection`, which checks what is put in. Only files that cairn itself put into the home's
folder are ever its to delete.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from cairn.core.errors import Unavailable
from cairn.core.home import write_atomic

_FILE = "models.json"
_NAME = re.compile(r"[^a-z0-9._-]+")
PART_NAME = re.compile(r"-\d{5}-of-\d{5}$")
_LONGEST = 60
NONE, SHIPPED = "none", "shipped"
_TAKEN = frozenset({NONE, SHIPPED})


@dataclass(frozen=True, slots=True)
class Kept:
    name: str
    path: str
    kind: str
    """`generator` or `embedder`: the setting of `models` that it is for."""
    size: int
    stamp: str
    """Of the file when it last ran, or did not fit to be tried; another one is tried again."""
    quantization: str = ""
    architecture: str = ""
    licence: str = ""
    about: str = ""
    url: str = ""
    """Where it came from; empty for a file of the user's own."""
    sha256: str = ""
    owned: bool = False
    """Did cairn put the file there?"""


class Shelf:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._path = folder / _FILE

    def all(self) -> list[Kept]:
        return [Kept(**row) for row in self._read()[0]]

    def sums(self) -> dict[str, str]:
        """Of what was pulled from each address, the first time; also of what has left since."""
        return self._read()[1]

    def find(self, name: str) -> Kept | None:
        return next((kept for kept in self.all() if kept.name == name), None)

    def put(self, kept: Kept) -> None:
        sums = self.sums()
        if kept.url and kept.stamp:  # one that never ran is not what later ones are held to
            sums.setdefault(kept.url, kept.sha256)
        self._write([*(each for each in self.all() if each.name != kept.name), kept], sums)

    def drop(self, name: str) -> None:
        self._write([each for each in self.all() if each.name != name], self.sums())

    def free(self, wanted: str) -> str:
        """A name like it that no other model has."""
        plain = _NAME.sub("-", PART_NAME.sub("", wanted).lower()).strip("-.")[:_LONGEST] or "model"
        taken = {kept.name for kept in self.all()} | _TAKEN
        names = (plain, *(f"{plain}-{number}" for number in range(2, len(taken) + 3)))
        return next(name for name in names if name not in taken)

    def name_for(self, path: Path) -> str:
        """The name that a file has, if it is known, or a new one."""
        known = next((kept for kept in self.all() if kept.path == str(path)), None)
        return known.name if known else self.free(path.stem)

    def _read(self) -> tuple[list[dict[str, Any]], dict[str, str]]:
        try:
            document = json.loads(self._path.read_text("utf-8"))
            rows, sums = document["models"], dict(document["sums"])
            known = {field.name for field in fields(Kept)}
            if not all(known >= set(row) for row in rows):
                raise KeyError
            return rows, sums
        except FileNotFoundError:
            return [], {}
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise Unavailable(
                f"{self._path} is damaged",
                "move it away, then `cairn model add` the files beside it again",
            ) from error

    def _write(self, models: Iterable[Kept], sums: dict[str, str]) -> None:
        rows = [asdict(kept) for kept in sorted(models, key=lambda kept: kept.name)]
        write_atomic(self._path, json.dumps({"models": rows, "sums": sums}, indent=1) + "\n")


def stamp(paths: Iterable[Path]) -> str:
    """Changes with the files."""
    stats = [path.stat() for path in paths]
    return " ".join(f"{stat.st_size}:{stat.st_mtime_ns}" for stat in stats)
