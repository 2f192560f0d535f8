"""The home: where the folders are, who may use them, and who holds the single writer's lock.

Called first by every process that touches a home. Nothing is opened before `open_home` has
checked owner, rights and schema; a home that a newer cairn wrote is left untouched.
"""

from __future__ import annotations

import fcntl
import json
import os
import re
import secrets
import stat
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from cairn.core.errors import Busy, ConfigError, Unavailable

SCHEMA = 1
UNFINISHED = re.compile(r"\.[0-9a-f]{16}\.tmp")
"""How `write_atomic` calls what it has not finished."""
_IDENTITY = "home.json"
_FOLDERS = ("tree", "index", "models", "cache", "logs", "run")


@dataclass(frozen=True, slots=True)
class Home:
    path: Path
    id: str
    """Random, made once; a moved or copied home keeps it."""

    @property
    def tree(self) -> Path:
        return self.path / "tree"

    @property
    def journal(self) -> Path:
        return self.path / "journal.db"

    @property
    def index(self) -> Path:
        return self.path / "index"

    @property
    def models(self) -> Path:
        return self.path / "models"

    @property
    def cache(self) -> Path:
        return self.path / "cache"

    @property
    def logs(self) -> Path:
        return self.path / "logs"

    @property
    def run(self) -> Path:
        return self.path / "run"


def home_path(env: Mapping[str, str] = os.environ) -> Path:
    if explicit := env.get("CAIRN_HOME"):
        return Path(explicit).expanduser().absolute()
    base = env.get("XDG_DATA_HOME") or "~/.local/share"
    return Path(base).expanduser().absolute() / "cairn"


def open_home(path: Path) -> Home:
    """The home at `path`, made if there is none, with owner, rights and schema checked."""
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        _check_owner(path)
        if not os.access(path, os.R_OK | os.W_OK | os.X_OK):
            raise PermissionError(13, "no permission to write", str(path))
        if stat.S_IMODE(path.stat().st_mode) & 0o077:
            path.chmod(0o700)
        identity = _read_identity(path)
        for name in _FOLDERS:
            (path / name).mkdir(mode=0o700, exist_ok=True)
    except (FileExistsError, NotADirectoryError) as error:
        raise ConfigError(
            f"the home {path} is not a folder", "move that file away, or set CAIRN_HOME"
        ) from error
    except OSError as error:
        raise Unavailable(
            f"the home {path} can't be used: {error.strerror or error}",
            "make it writable for you, or set CAIRN_HOME to another folder",
        ) from error
    return Home(path, identity)


def identity(path: Path) -> str:
    """The id of the home at `path`; empty if it can't be told."""
    try:
        return str(json.loads((path / _IDENTITY).read_text("utf-8"))["id"])
    except (OSError, ValueError, KeyError, TypeError):
        return ""


def _check_owner(path: Path) -> None:
    owner = path.stat().st_uid
    if owner != os.geteuid():
        raise Unavailable(
            f"the home {path} belongs to another user (uid {owner})",
            "set CAIRN_HOME to a folder of your own",
        )


def _read_identity(path: Path) -> str:
    file = path / _IDENTITY
    try:
        fields = json.loads(file.read_text("utf-8"))
        schema, identity = int(fields["schema"]), str(fields["id"])
    except FileNotFoundError:
        identity = secrets.token_hex(8)
        write_atomic(file, json.dumps({"schema": SCHEMA, "id": identity}) + "\n")
        return identity
    except (ValueError, KeyError, TypeError) as error:
        raise Unavailable(
            f"{file} is damaged",
            "`cairn doctor --repair` makes it anew",
        ) from error
    if schema > SCHEMA:
        raise Unavailable(
            f"the home {path} was written by a newer cairn (schema {schema}, not {SCHEMA})",
            "upgrade cairn: `pip install --upgrade cairn`; nothing was changed",
        )
    return identity


def write_atomic(path: Path, text: str, mode: int = 0o600) -> None:
    """Write all of `text` or nothing: a reader or a crash never sees half of it."""
    temporary = path.with_name(f".{secrets.token_hex(8)}.tmp")
    try:
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    _sync_folder(path.parent)


def clear_unfinished(home: Home) -> None:
    """Remove what killed processes had begun to write, but in the tree, which tends its own files.

    Only for who holds the lock: of another process it may be finished any moment.
    """
    flat = (home.path, home.run, home.logs, home.models)
    begun = [*home.cache.rglob(".*.tmp"), *(path for each in flat for path in each.glob(".*.tmp"))]
    for path in begun:
        if UNFINISHED.fullmatch(path.name):
            with suppress(OSError):
                path.unlink()


def _sync_folder(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


class Lock:
    """The single writer's lock: the kernel frees it when its holder dies.

    The file also names the holder for people. A pid in it is never trusted by itself: pids are
    recycled, so a process is recognised by pid and start time together.
    """

    def __init__(self, home: Home, name: str = "lock") -> None:
        self._path = home.run / name
        self._descriptor: int | None = None

    def acquire(self) -> None:
        descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            os.ftruncate(descriptor, 0)
            os.pwrite(descriptor, json.dumps(process_identity(os.getpid())).encode(), 0)
        except BlockingIOError:
            os.close(descriptor)
            raise Busy(
                f"another cairn process is using the home {self._path.parent.parent}",
                "wait for it, or see `cairn daemon status`; leave out --no-daemon to share it",
            ) from None
        except OSError:  # such as a full disk: a lock that nobody knows of would never be let go
            os.close(descriptor)
            raise
        self._descriptor = descriptor

    def release(self) -> None:
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    @property
    def is_lost(self) -> bool:
        """Has the home been deleted since, or does another lie in its place?"""
        assert self._descriptor is not None
        try:
            return not os.path.samestat(os.stat(self._path), os.fstat(self._descriptor))
        except (FileNotFoundError, NotADirectoryError):
            return True
        except OSError:
            return False  # without rights to it nobody can tell

    def holder(self) -> int | None:
        """The pid of the live process that holds the lock, if any."""
        try:
            identity = json.loads(self._path.read_text("utf-8"))
            pid = int(identity["pid"])
            descriptor = os.open(self._path, os.O_RDONLY)
        except (OSError, ValueError, KeyError, TypeError):
            return None
        try:
            fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
            return None  # nobody holds it: the text is left over from a process that is gone
        except BlockingIOError:
            return pid if process_identity(pid) == identity else None
        finally:
            os.close(descriptor)


def process_identity(pid: int) -> dict[str, int | str]:
    """A pid with the time its process started, so that a recycled pid is not mistaken for it."""
    try:
        # Field 22, counted after the command name, which may itself hold blanks and brackets.
        started = Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()[19]
    except OSError:
        import subprocess  # only where /proc is missing

        started = subprocess.run(
            ["ps", "-o", "lstart=", "-p", str(pid)], capture_output=True, text=True, check=False
        ).stdout.strip()
    return {"pid": pid, "started": started}


def size_of(path: Path) -> int:
    """Bytes of a file, or of all files below a folder."""
    files = [Path(place, name) for place, _, names in os.walk(path) for name in names]
    total = 0
    for file in files or [path]:
        with suppress(FileNotFoundError):  # removed meanwhile
            total += file.lstat().st_size
    return total
