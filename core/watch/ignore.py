"""Which paths are never read: what tools made, what is hidden, what holds secrets, what users name.

Asked by the sweep for every entry it meets, and by the observer before it queues a file. The last
word has the `.cairnignore` file (gitignore syntax) nearest to a path; where none speaks, cairn's
own list holds. As in git, nothing below a folder that is passed over can come back.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Container
from dataclasses import dataclass
from fnmatch import translate
from pathlib import Path
from stat import S_ISREG
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

IGNORE_FILE = ".cairnignore"
_LET_IN = "a line `!NAME` in a .cairnignore file lets it in"
_LONGEST_FILE = 1_000_000
_STAR, _START, _BETWEEN = "[^/]*", "^(?:.+/)?", "(?:/.+)?"
"""What a pattern's `*`, its beginning where it may match in any folder, and its `/**` become."""

_FOLDERS = frozenset(
    """node_modules __pycache__ site-packages bower_components .git .hg .svn .bzr CVS .cache .Trash
    .Trashes lost+found $RECYCLE.BIN""".split()
)
_BUILT = frozenset("build dist target out vendor env venv Pods obj".split())
"""Passed over only beside a project file: a person may have a folder of these names."""
_PROJECT_FILES = (
    "package.json", "pyproject.toml", "setup.py", "requirements.txt", "Cargo.toml", "go.mod",
    "pom.xml", "build.gradle", "build.gradle.kts", "CMakeLists.txt", "Makefile", "composer.json",
    "Gemfile", "Podfile", ".git",
)  # fmt: skip
_SECRETS = (
    "id_rsa*", "id_dsa*", "id_ecdsa*", "id_ed25519*", "*.pem", "*.key", "*.p12", "*.pfx", "*.kdbx",
    "*.kdb", "*.ppk", "*.keystore", "*.jks", "*.gpg", "*.ovpn", "*.psafe3", "*.keychain",
    "*.keychain-db", "wallet.dat", "key[34].db", "logins.json", "cookies.sqlite", "Login Data",
    ".env", ".env.*", ".netrc", ".pgpass", ".htpasswd", ".git-credentials", "credentials",
    "credentials.json", "credentials.y*ml", "credentials.toml", "credentials.ini",
    "credentials.csv", "credentials.xml", "secrets.json", "secrets.y*ml", "secrets.toml",
    "secrets.ini", "secrets.env",
)  # fmt: skip
# What editors, offices and browsers leave beside a file while they write it.
_TEMPORARY = (
    "*~", "#*#", ".#*", "*.swp", "*.swo", "*.swx", "*.tmp", "*.temp", "*.part", "*.partial",
    "*.crdownload", "*.download", "~$*", ".~lock*#", ".~*", "4913", "*.lock", ".goutputstream-*",
    ".*.kate-swp", "._*", ".fuse_hidden*", ".nfs????????????*", "*.sb-????????-??????",
    ".DS_Store", "Thumbs.db", "desktop.ini",
)  # fmt: skip
_IS_SECRET = re.compile("|".join(map(translate, _SECRETS)), re.IGNORECASE)
_IS_TEMPORARY = re.compile("|".join(map(translate, _TEMPORARY)))


@dataclass(frozen=True, slots=True)
class Verdict:
    """Why a path is passed over."""

    reason: str
    hint: str = ""
    """What to do about it."""


@dataclass(frozen=True, slots=True)
class _Spec:
    """One `.cairnignore` file."""

    folder: Path
    stamp: tuple[int, int]
    spec: GitIgnoreSpec
    lines: tuple[int, ...]
    """The line of each pattern."""

    def says(self, path: Path, is_folder: bool) -> tuple[bool, int] | None:
        """Whether it excludes the path, and in which line; None when it does not speak of it."""
        relative = path.relative_to(self.folder).as_posix() + ("/" if is_folder else "")
        found = self.spec.check_file(relative)
        if found.include is None or found.index is None:
            return None
        return found.include, self.lines[found.index]


Chain = tuple[_Spec, ...]
"""The ignore files that hold in a folder, the nearest first."""


class Rules:
    """What is passed over below one root."""

    def __init__(
        self, root: Path, hidden: bool, is_made: Callable[[str], bool] | None = None
    ) -> None:
        """`is_made`, of a path in the root: does cairn itself write that file?"""
        self._root = root
        self._hidden = hidden
        self._is_made = is_made
        self._specs: dict[Path, _Spec] = {}

    def judge(self, path: Path, is_folder: bool) -> Verdict | None:
        """Why the path, or a folder above it, is passed over; None if it is not."""
        folder = self._root
        *above, name = path.relative_to(self._root).parts or ("",)
        if not name:
            return None
        for step in above:
            if verdict := self.judge_entry(self.chain(folder), folder / step, True):
                return verdict
            folder /= step
        return self.judge_entry(self.chain(folder), folder / name, is_folder)

    def chain(self, folder: Path) -> Chain:
        """The ignore files from this folder up to the root."""
        specs = []
        while True:
            if spec := self._load(folder):
                specs.append(spec)
            if folder == self._root or folder == folder.parent:
                return tuple(specs)
            folder = folder.parent

    def judge_entry(
        self, chain: Chain, path: Path, is_folder: bool, siblings: Container[str] | None = None
    ) -> Verdict | None:
        """One entry of a folder that is itself not passed over."""
        if self._is_made and self._is_made(path.relative_to(self._root).as_posix()):
            return Verdict("cairn makes it of entries, which are read themselves")
        for spec in chain:
            if (said := spec.says(path, is_folder)) is not None:
                excluded, line = said
                place = f"{spec.folder / IGNORE_FILE}:{line}"
                return Verdict(f"{place} says so", f"edit {place}") if excluded else None
        return self._own_list(path, is_folder, siblings)

    def _own_list(
        self, path: Path, is_folder: bool, siblings: Container[str] | None
    ) -> Verdict | None:
        name = path.name
        if is_folder:
            if name in _FOLDERS:
                return Verdict("programs keep their own files there", _LET_IN)
            if name in _BUILT and _has_project(path.parent, siblings):
                return Verdict("it is what a project's tools have made", _LET_IN)
        elif _IS_SECRET.match(name):
            return Verdict("files of this name hold keys or passwords")
        elif _IS_TEMPORARY.match(name):
            return Verdict("programs leave such files while they work", _LET_IN)
        if name.startswith(".") and (not self._hidden or name == IGNORE_FILE):
            return Verdict(
                "its name begins with a dot, so it is hidden",
                "`cairn config set watch.hidden true`, or a line `!NAME` in a .cairnignore file",
            )
        return None

    def _load(self, folder: Path) -> _Spec | None:
        path = folder / IGNORE_FILE
        try:
            status = path.stat()
            if not S_ISREG(status.st_mode):
                raise OSError  # such as a pipe, on which opening it would wait for ever
        except OSError:
            self._specs.pop(folder, None)
            return None
        stamp = (status.st_mtime_ns, status.st_size)
        known = self._specs.get(folder)
        if known is None or known.stamp != stamp:
            known = self._specs[folder] = _read(path, stamp)
        return known


def _has_project(folder: Path, siblings: Container[str] | None) -> bool:
    if siblings is None:
        return any(os.path.lexists(folder / name) for name in _PROJECT_FILES)
    return any(name in siblings for name in _PROJECT_FILES)


def _read(path: Path, stamp: tuple[int, int]) -> _Spec:
    """A line that is no pattern is passed over, as git does."""
    from pathspec import GitIgnoreSpec
    from pathspec.patterns.gitignore import GitIgnorePatternError

    try:
        with path.open(encoding="utf-8", errors="replace") as file:
            text = file.read(_LONGEST_FILE)
    except OSError:
        text = ""
    patterns, lines = [], []
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip() or line.startswith("#"):
            continue
        try:
            (pattern,) = GitIgnoreSpec.from_lines([line]).patterns
        except (GitIgnorePatternError, ValueError):
            continue
        if pattern.regex is not None:
            pattern.regex = re.compile(_swift(pattern.regex.pattern), re.DOTALL)
        patterns.append(pattern)
        lines.append(number)
    # The plain backend: others know nothing of groups that are not gone back into.
    spec = GitIgnoreSpec(patterns, backend="simple")
    return _Spec(path.parent, stamp, spec, tuple(lines))


def _swift(regex: str) -> str:
    """What matches the same paths, in time that does not grow with the power of the wildcards.

    Whoever wrote the file need not be the user. Of a wildcard that is followed by another of its
    kind, the first place that fits will do: what comes after can still be anywhere behind it.
    """
    *before, last = map(_within_names, regex.split(_BETWEEN))
    if not before:
        return last
    first, *between = before
    if first.startswith(_START):
        first = "^(?:.+?/)??" + first.removeprefix(_START)
    parts = [first, *("(?:/.+?)??" + part for part in between)]
    return "".join(f"(?>{part}(?=/))" for part in parts) + _BETWEEN + last


def _within_names(regex: str) -> str:
    """The same for the stars within each name."""
    begin, *parts = regex.split(_STAR)
    swift = [begin]
    for number, part in enumerate(parts, start=1):
        is_last = number == len(parts) or "/" in part.replace("[^/]", "")
        swift.append(_STAR + part if is_last else f"(?>{_STAR}?{part})")
    return "".join(swift)
