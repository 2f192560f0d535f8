"""A folder of backups: each a list of files, over blocks that they share.

    cairn-backups.json   whose they are
    lists/WHEN.json      one for each backup, written last
    blocks/ab/abcdef…    the contents, each stored once

Whatever stops the making of one, earlier ones are whole: nothing that they need is ever touched.
Only its owner can look into it. One process at a time writes to it.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import json
import os
import shutil
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from cairn.core.backup import manifest as lists
from cairn.core.backup.blocks import (
    SIZE,
    Blocks,
    Damaged,
    read_itself,
    sync_folder,
    write_whole,
)
from cairn.core.backup.manifest import CONFIG, HOME, Held, LeftOut, Manifest, Stored
from cairn.core.backup.snapshot import Snapshot, files_of, models_of
from cairn.core.errors import Busy, ConfigError, NotFound, Unavailable
from cairn.core.uris import pasted

MARK = "cairn-backups.json"
_FULL = (errno.ENOSPC, errno.EDQUOT)
_LONGEST_LIST = 256 << 20
Tell = Callable[[int, int], None]
"""Bytes done, and of how many."""


@dataclass(frozen=True, slots=True)
class Checked:
    made: tuple[Manifest, ...]
    """Every backup whose list can be read, the oldest first."""
    bytes_read: int
    faults: tuple[tuple[str, str], ...]
    """Which backup, and what is wrong with it."""
    unneeded: int
    """Bytes that no backup needs."""


class Backups:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._lists = folder / "lists"
        self._blocks = Blocks(folder / "blocks")

    # -- what is there

    @property
    def is_there(self) -> bool:
        return (self.folder / MARK).is_file()

    def made(self) -> list[str]:
        """The files of all lists, the oldest first."""
        return sorted(path.name for path in self._lists.glob("*.json"))

    def read(self, name: str) -> Manifest:
        path = self._lists / name
        try:
            return lists.read(read_itself(path, _LONGEST_LIST), str(path))
        except OSError as error:
            raise Damaged(f"{path} can't be read: {error.strerror}", "") from error

    def at(self, moment: str = "") -> Manifest:
        """The latest one, or the latest that was made up to a moment (ISO, in UTC)."""
        if not self.is_there:
            raise NotFound(
                f"{self.folder} holds no backups", "name the folder that `cairn backup` was given"
            )
        last = lists.file_name(moment) if moment else "~"
        names = [name for name in self.made() if name <= last]
        if not names:
            raise NotFound(
                f"{self.folder} holds no backup that is as old",
                f"`cairn backup --check {pasted(str(self.folder))}` lists what there is",
            )
        return self.read(names[-1])

    def check(self, tell: Tell = lambda done, of: None) -> Checked:
        """Read every byte of every backup back and compare it with its hash."""
        if not self.is_there:
            raise NotFound(f"{self.folder} holds no backups", "`cairn backup FOLDER` makes one")
        faults, found = [], []
        for name in self.made():
            try:
                found.append(self.read(name))
            except Unavailable as error:
                faults.append((name, error.message))
        sizes = {block: 0 for each in found for block in each.blocks}
        broken = {}
        for number, block in enumerate(sorted(sizes)):
            tell(number, len(sizes))
            try:
                sizes[block] = len(self._blocks.get(block))
            except Damaged as error:
                broken[block] = error.message
        for each in found:
            for file in each.files:
                if bad := [block for block in file.blocks if block in broken]:
                    faults.append((each.made, f"{_shown(file.path)}: {broken[bad[0]]}"))
                elif sum(sizes[block] for block in file.blocks) != file.size:
                    faults.append((each.made, f"{_shown(file.path)} has another size than it had"))
        total = sum(sizes.values())
        unneeded = 0 if faults else self._blocks.size() - total
        return Checked(tuple(found), total, tuple(faults), unneeded)

    def copy_out(self, manifest: Manifest, target: Path, tell: Tell) -> None:
        """Write its files below a folder, each checked against its hashes on the way."""
        target.mkdir(mode=0o700, parents=True, exist_ok=True)
        if manifest.size > (free := shutil.disk_usage(target).free):
            raise OSError(errno.ENOSPC, f"it takes {manifest.size} bytes, and {free} are free")
        done = 0
        for file in manifest.files:
            path = target / file.path
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
                for block in file.blocks:
                    data = self._blocks.get(block)
                    out.write(data)
                    done += len(data)
                    tell(done, manifest.size)
                out.flush()
                os.fsync(out.fileno())
            if path.stat().st_size != file.size:
                raise Damaged(f"{_shown(file.path)} has another size than it had", "")
            os.utime(path, ns=(file.mtime_ns, file.mtime_ns))

    # -- making one

    def make(
        self, snapshot: Snapshot, config: Path | None, made: str, version: str, tell: Tell
    ) -> Manifest:
        """A new backup of what a snapshot holds, and of the settings."""
        root = Path(snapshot.folder)
        sources = [(f"{HOME}/{path.relative_to(root)}", path) for path in files_of(root)]
        if config is not None and config.is_file():
            sources.append((f"{CONFIG}/config.toml", config))
        total = sum(path.stat().st_size for _, path in sources)
        done = 0

        def stored(name: str, path: Path) -> Stored:
            nonlocal done
            blocks, size = [], 0
            with path.open("rb") as file:
                while data := file.read(SIZE):
                    blocks.append(self._blocks.put(data))
                    size += len(data)
                    done += len(data)
                    tell(done, total)
            return Stored(name, size, path.stat().st_mtime_ns, tuple(blocks))

        try:
            files = tuple(stored(name, path) for name, path in sources)
            self._blocks.settle()
            manifest = Manifest(
                made, version, snapshot.home, snapshot.index,
                Held(snapshot.entries, snapshot.turns, snapshot.files, snapshot.passages),
                tuple(LeftOut(str(each["name"]), int(each["size"]), str(each["sha256"]),
                              str(each["url"])) for each in models_of(root)),
                files,
            )  # fmt: skip
            write_whole(self._lists / lists.file_name(made), lists.written(manifest))
            sync_folder(self._lists)
        except OSError as error:
            self.tidy()  # make room again
            raise _unwritable(self.folder, error) from error
        with contextlib.suppress(OSError):  # it is whole; the next one tries again
            self.tidy()  # what one that was killed has left may have been forgotten since
        return manifest

    @contextmanager
    def held(self, home: str) -> Iterator[None]:
        """Begin the folder where there is none; nobody else writes to it meanwhile."""
        try:
            self._begin(home)
            flags = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW
            descriptor = os.open(self.folder / ".lock", flags, 0o600)
        except OSError as error:
            raise _unwritable(self.folder, error) from error
        try:
            _lock(descriptor, self.folder)
            yield
        finally:
            os.close(descriptor)

    @property
    def written(self) -> int:
        """Bytes that were not there before."""
        return self._blocks.written

    def size(self) -> int:
        """Bytes of all blocks, needed or not."""
        return self._blocks.size()

    @property
    def is_open(self) -> bool:
        return bool(stat.S_IMODE(self.folder.stat().st_mode) & 0o077)

    def _begin(self, home: str) -> None:
        if self.is_there:
            self._check_owner(home)
        elif self.folder.is_dir() and any(self.folder.iterdir()):
            raise ConfigError(
                f"{self.folder} holds other things", "name a new folder, such as one inside it"
            )
        for folder in (self.folder, self._lists, self.folder / "blocks"):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if self.is_open:
            with contextlib.suppress(OSError):  # such as on a disk that knows no owners
                self.folder.chmod(0o700)
        if not self.is_there:
            text = json.dumps({"cairn": "backups", "format": lists.FORMAT, "home": home})
            write_whole(self.folder / MARK, text.encode() + b"\n")

    def _check_owner(self, home: str) -> None:
        mark = self.folder / MARK
        try:
            owner = str(json.loads(mark.read_text("utf-8"))["home"])
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise Damaged(f"{mark} is damaged", "back up to a new folder") from error
        if owner != home:
            raise ConfigError(
                f"{self.folder} holds backups of another memory", "name another folder"
            )

    # -- fewer of them

    def prune(self, keep: int) -> tuple[str, ...]:
        """Delete all but the latest so many, and what only they needed; which ones."""
        gone = self.made()[:-keep]
        for name in gone:
            (self._lists / name).unlink()
        sync_folder(self._lists)
        self.tidy()
        return tuple(gone)

    def tidy(self) -> None:
        """Delete what no backup needs; nothing as long as one of the lists can't be read."""
        try:
            needed = {block for name in self.made() for block in self.read(name).blocks}
        except Unavailable:
            return
        self._blocks.drop_others(needed)
        for path in self._lists.glob(".*.part"):
            path.unlink(missing_ok=True)


def _lock(descriptor: int, folder: Path) -> None:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise Busy(f"another backup to {folder} is under way", "wait for it") from None


def _shown(path: str) -> str:
    return path.partition("/")[2]


def _unwritable(folder: Path, error: OSError) -> Unavailable:
    if error.errno in _FULL:
        return Unavailable(
            f"the disk of {folder} is full; the backups that were there are whole",
            "free some space there, or keep fewer of them with `--keep`",
        )
    return Unavailable(
        f"{error.filename or folder} can't be used: {error.strerror}",
        "check that the disk is there and that you may write to it",
    )
