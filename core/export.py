"""The memory ⇄ a folder that can be read without cairn: Markdown and lines of JSON.

The engine's door to moving a memory. What an import makes has the same ids, history, conversations
and answers; the index is derived and made anew. An import goes into an empty memory only, and what
it reads is data: unknown tables, columns and places are refused before anything is stored.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from stat import S_ISREG
from typing import Any

from cairn.core.chats.addresses import parts_of
from cairn.core.config import config_path
from cairn.core.destination import check_destination
from cairn.core.errors import ConfigError, Unavailable
from cairn.core.home import identity
from cairn.core.journal import Journal, now, queue, take_number
from cairn.core.tree.noticing import notice
from cairn.core.tree.tree import Tree
from cairn.core.uris import container, file_uri, from_tree_uri, tree_uri, uri_path

NAME, SETTINGS = "memory.jsonl", "config.toml"
_TREE = "tree"
_FORMAT = 1
_README = "README.txt"
_WHAT_IT_IS = """\
What cairn, a personal memory, held on the day this was written.

tree/          What it kept, one Markdown file for each entry. The lines between --- at the top say
               what kind of entry it is, when it became true and ceased to be, how it relates to
               others (by their id), and where it comes from, with the words of the source.
               `_context.md` and `profile.md` are made from the others.
memory.jsonl   All else. Each line is a JSON object; "table" says what it is about:
               roots: folders that were read. files: what was in them, and when it had changed.
               events: when which file came, changed and went.
               conversations, turns: what was said, by whom ("who", "origin"), when ("at"); a
               turn's "conversation" is the "id" of one, its "number" the place in it.
               sources, transcripts, brought, copies: where conversations were read from.
               operations, changes: what was done to the entries, by whom and why; the file before
               and after. reviews, proposals: questions about entries, and what was decided.
               signals: how often an entry was used. things, thing_spellings, mentions: people and
               things by name, and where they were named. feedback, self_tests: what you said of
               answers, and how well they did.
               An address "tree:…" is a file in tree/; "file:~/…" one of yours; "chat:…" a
               conversation.
config.toml    The settings, if there were any.

What was forgotten is not in it, and nor is what keeps it out (`forget.key`, and digests): another
home that reads the same files or conversations again knows it again. A backup has both.

`cairn restore FOLDER` makes a memory of it again.
"""
_TABLES = (
    "roots", "sources", "transcripts", "conversations", "turns", "brought", "copies", "quoted",
    "operations", "changes", "signals", "proposals", "reviews", "events", "things",
    "thing_spellings", "mentions", "files", "meta", "feedback", "self_tests",
)  # fmt: skip
"""What can't be derived from anything else, the names that people and things were given with what
they were found in, and when files had last changed; all else is derived."""
_SEEN = ("life.seen", "life.quiet-since")
_ANYWHERE = '"tree:'
_MOMENT = re.compile(r"[0-9TZ:.+-]{1,40}")
_ONLY = {"files": "uri LIKE 'file:%'", "meta": f"key IN {_SEEN}"}
"""Of these tables: how files and entries were last seen, so that none is news or has faded."""
_NOT_READ_YET = """
    UPDATE files SET state = 'named', code = 'waiting', reason = '', chunks = 0, vectors = 0,
    language = '', redacted = '', size = CAST(size AS INTEGER),
    mtime_ns = CAST(mtime_ns AS INTEGER) WHERE uri LIKE 'file:%'"""
_ADDRESSES = {"events": ("uri", "was"), "files": ("uri",)}
"""Columns that may name what lies in the tree, which is another place in another home."""
_QUOTED = {"feedback": ("cites",)}
"""Columns of JSON in which such a name may stand."""
_EMPTY = ("conversations", "operations", "entries")


@dataclass(frozen=True, slots=True)
class Moved:
    """What an export or import came to."""

    folder: str
    entries: int
    turns: int
    operations: int


class Export:
    def __init__(self, journal: Journal, tree: Tree) -> None:
        self._journal = journal
        self._tree = tree
        self.brought: tuple[Callable[[], None], ...] = ()
        """They keep what stood in the journal before, and have to look again."""

    def write(self, folder: Path) -> Moved:
        """Into a new or empty folder; half of one is never left looking whole."""
        check_destination(folder, self._tree.files.root.parent, self._journal.roots())
        if folder.exists() and any(folder.iterdir()):
            raise ConfigError(f"{folder} is not empty", "name a new folder")
        try:
            with self._tree.lock:
                self._tree.recover()
                notice(self._tree)
                for path in _files(self._tree.files.root):
                    _copy(path, folder / _TREE / path.relative_to(self._tree.files.root))
                folder.mkdir(parents=True, exist_ok=True)
                (folder / _README).write_text(_WHAT_IT_IS, "utf-8")
                if (settings := config_path()).is_file():
                    _copy(settings, folder / SETTINGS)
                partial = folder / f"{NAME}.part"
                with partial.open("w", encoding="utf-8") as file:
                    for line in self._lines():
                        file.write(json.dumps(line, ensure_ascii=False) + "\n")
                partial.replace(folder / NAME)
        except OSError as error:
            raise Unavailable(
                f"{folder} can't be written: {error.strerror}", "free some space, or name another"
            ) from error
        return self._moved(folder)

    def _lines(self) -> Iterator[dict[str, Any]]:
        home = identity(self._tree.files.root.parent)
        ((forgotten,),) = self._journal.read("SELECT count(*) FROM forgotten WHERE lifted = ''")
        yield {"cairn": "memory", "format": _FORMAT, "home": home, "forgotten": forgotten}
        for table in _TABLES:
            columns, where = self._columns(table), _ONLY.get(table, "1")
            sql = f"SELECT {', '.join(columns)} FROM {table} WHERE {where}"
            for values in self._journal.read(sql):
                row: dict[str, Any] = dict(zip(columns, values, strict=True))
                for column in _ADDRESSES.get(table, ()):
                    row[column] = tree_uri(row[column], self._tree.files.root)
                for column in _QUOTED.get(table, ()):
                    row[column] = row[column].replace(self._lead, _ANYWHERE)
                yield {"table": table, **row}

    def read(self, folder: Path) -> Moved:
        """Into this memory, which must be empty; all of it, or nothing."""
        for table in _EMPTY:
            if self._journal.read(f"SELECT 1 FROM {table} LIMIT 1"):
                raise ConfigError(
                    "this memory is not empty, and two can't be made one",
                    "set CAIRN_HOME to a new folder and import there",
                )
        try:
            lines = (folder / NAME).read_text("utf-8").split("\n")
        except (OSError, UnicodeDecodeError) as error:
            raise ConfigError(
                f"{folder} is not an export of cairn's: {NAME} can't be read", "name another"
            ) from error
        if (folder / _TREE).is_symlink():
            raise ConfigError(f"{folder / _TREE} is a link, which no export has", "name another")
        rows = list(self._rows(lines))
        with self._tree.lock:
            try:  # the files come first: history without them would tell of deletions
                for path in _files(folder / _TREE):
                    _copy(path, self._tree.files.root / path.relative_to(folder / _TREE))
            except OSError as error:
                raise Unavailable(
                    f"{folder} can't be copied: {error.strerror}", "free some space, and try again"
                ) from error
            with self._journal.write() as db:
                for table, row in rows:
                    _insert(db, table, row)
                db.execute("UPDATE operations SET state = 'applied'")  # nothing is done for others
                _queue_conversations(db)
                db.execute(_NOT_READ_YET)
            for look_again in self.brought:
                look_again()  # before a file is queued: in no watched folder, it would leave
            self._give_times()
            notice(self._tree)
            with self._journal.write() as db:
                _queue_files(db)
        return self._moved(folder)

    def _rows(self, lines: list[str]) -> Iterator[tuple[str, dict[str, Any]]]:
        head = _object(lines[0], 1) if lines else {}
        if head.get("cairn") != "memory" or head.get("format") != _FORMAT:
            raise ConfigError(
                "this export is of a kind that this cairn does not know", "upgrade cairn"
            )
        for number, line in enumerate(lines[1:], start=2):
            if not line and number == len(lines):
                break
            row = _object(line, number)
            table = str(row.pop("table", ""))
            for column in _ADDRESSES.get(table, ()):
                row[column] = from_tree_uri(str(row.get(column, "")), self._tree.files.root)
            for column in _QUOTED.get(table, ()):
                row[column] = str(row.get(column, "")).replace(_ANYWHERE, self._lead)
            if table not in _TABLES or set(row) - set(self._columns(table)) or _is_odd(table, row):
                raise ConfigError(f"line {number} of {NAME} is nothing that cairn has written", "")
            yield table, row

    def _give_times(self) -> None:
        """A copied entry has changed when the one that was exported had."""
        lead = file_uri(self._tree.files.root) + "/"
        sql = "SELECT uri, size, mtime_ns FROM files WHERE substr(uri, 1, ?) = ?"
        for uri, size, changed in self._journal.read(sql, len(lead), lead):
            path, at = uri_path(str(uri)), int(str(changed))
            with contextlib.suppress(OSError, OverflowError):
                if path.lstat().st_size == size:
                    os.utime(path, ns=(at, at), follow_symlinks=False)

    @property
    def _lead(self) -> str:
        """What the address of an entry begins with in a column of JSON."""
        return json.dumps(f"{file_uri(self._tree.files.root)}/")[:-1]

    def _columns(self, table: str) -> list[str]:
        return [str(row[1]) for row in self._journal.read(f"PRAGMA table_info({table})")]

    def _moved(self, folder: Path) -> Moved:
        counts = [
            int(str(self._journal.read(f"SELECT count(*) FROM {table}")[0][0]))
            for table in ("entries", "turns", "operations")
        ]
        return Moved(str(folder), *counts)


def origin(folder: Path) -> tuple[str, bool]:
    """The id of the home that an export was made of, if it says so; and had that one forgotten
    something, which an export does not say: who has it could try out guesses with the secret."""
    with (folder / NAME).open(encoding="utf-8") as file:
        head = _object(file.readline(), 1)
    return str(head.get("home", "")), bool(head.get("forgotten"))


def _files(root: Path) -> Iterator[Path]:
    """All but links and what is hidden, such as other programs' settings."""
    for folder, names, files in os.walk(root):
        names[:] = sorted(name for name in names if not name.startswith("."))
        for name in sorted(files):
            path = Path(folder, name)
            if not name.startswith(".") and S_ISREG(path.lstat().st_mode):
                yield path


def _copy(path: Path, target: Path) -> None:
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    shutil.copyfile(path, target)
    target.chmod(0o600)


def _object(line: str, number: int) -> dict[str, Any]:
    try:
        found = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise ConfigError(f"line {number} of {NAME} is damaged", "") from error
    if not isinstance(found, dict) or not all(
        value is None or isinstance(value, str | int | float) for value in found.values()
    ):
        raise ConfigError(f"line {number} of {NAME} is damaged", "")
    return found


def _is_odd(table: str, row: dict[str, Any]) -> bool:
    """Would it lead elsewhere, or change what is nobody's but this home's?"""
    if table == "files":
        return not _is_file(str(row["uri"]))
    value = str(row.get("value", ""))
    return table == "meta" and (row.get("key") not in _SEEN or not _MOMENT.fullmatch(value))


def _is_file(uri: str) -> bool:
    if not uri.startswith(("file:/", "file:~/")) or "#" in uri or container(uri) != uri:
        return False
    try:
        path = uri_path(uri)
    except UnicodeEncodeError:
        return False
    return ".." not in path.parts and "\0" not in str(path)


def _insert(db: sqlite3.Connection, table: str, row: dict[str, Any]) -> None:
    marks = ", ".join("?" * len(row))
    try:
        db.execute(
            f"INSERT OR REPLACE INTO {table}({', '.join(row)}) VALUES ({marks})",
            tuple(row.values()),
        )
    except (sqlite3.Error, UnicodeEncodeError, OverflowError) as error:
        raise ConfigError(f"a line about {table} is damaged: {error}", "") from error


def _queue_conversations(db: sqlite3.Connection) -> None:
    event = take_number(db)
    for uri, highest in db.execute("SELECT uri, highest FROM conversations").fetchall():
        for part in parts_of(str(uri), range(1, int(highest) + 1)):
            queue(db, "file", part, event)


def _queue_files(db: sqlite3.Connection) -> None:
    """Read them all, the newest first. None is news: what waits to be read is passed over when the
    folders are compared, unless it has changed since."""
    sql = "SELECT uri, size FROM files WHERE uri LIKE 'file:%' ORDER BY mtime_ns DESC, uri"
    for uri, size in db.execute(sql).fetchall():
        sql = "INSERT INTO events(at, kind, uri, size) VALUES (?, '', '', ?)"
        queue(db, "file", str(uri), db.execute(sql, (now(), size)).lastrowid or 0)
