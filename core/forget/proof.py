"""Is anything left? Every byte of the home, looked through for the words that went.

What is compressed or cut into pages hides bytes, so the rows of SQLite's files and of the index,
in every version that it has, are read as well. The models are left out: nothing of the user's is
in them. Nothing is told of what was looked for.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cairn.core.errors import Unavailable
from cairn.core.forget.scope import Scope
from cairn.core.index.tables import table_names
from cairn.core.index.trouble import translated
from cairn.core.schema import MIGRATIONS

_AT_ONCE = 4 << 20
_MOST = 64
_LEAST_SAID, _LEAST_WORD = 12, 8
_SQLITE = b"SQLite format 3\0"
_MODELS, _TREE = "models", "tree"
"""A database in the tree is none that cairn writes; its bytes are looked through all the same."""


@dataclass(frozen=True, slots=True)
class Proof:
    files: int
    size: int
    """Bytes that were looked through."""
    rows: int
    """Of the journal, of what stands beside the index, and of the index."""
    looked_for: int
    """How many strings."""
    hits: tuple[str, ...]
    """Files and tables that still have one."""
    unproved: tuple[str, ...] = ()
    """What could not be looked through."""


def needles(scope: Scope) -> list[str]:
    """What only the forgotten says: its longest sentences, each in one line, and its rarest
    words; none that cairn itself uses."""
    lines = {text.strip() for _, text in scope.said if "\n" not in text}
    said = sorted((line for line in lines if len(line) >= _LEAST_SAID), key=_longest)
    own = "\n".join(MIGRATIONS).casefold()
    words = sorted(
        (word for word in scope.rare if len(word) >= _LEAST_WORD and word not in own), key=_longest
    )
    return [*said[:_MOST], *words[:_MOST]]


def _longest(text: str) -> tuple[int, str]:
    return -len(text), text


def prove(home: Path, index: str, scope: Scope, besides: Iterable[Path]) -> Proof:
    """`besides` are files that are about to go: they say what to look for."""
    wanted = needles(scope)
    forms = [form for text in wanted for form in _forms(text)]
    left_out = set(besides)
    files = [path for path in _files(home) if path not in left_out]
    size, hits = 0, list[str]()
    for path in files:
        read, is_hit = _holds(path, forms)
        size += read
        if is_hit or any(text.casefold() in path.name.casefold() for text in wanted):
            hits.append(path.relative_to(home).as_posix())
    rows = 0
    databases = [path for path in files if path.relative_to(home).parts[0] != _TREE]
    for name, texts in _rows(databases, index):
        count, is_hit = _says(texts, wanted)
        rows += count
        hits += [name] if is_hit else []
    unproved = (f"the index lies at {index}, on another machine",) if "://" in index else ()
    return Proof(len(files), size, rows, len(wanted), tuple(sorted(dict.fromkeys(hits))), unproved)


def _files(home: Path) -> Iterator[Path]:
    for path in sorted(home.rglob("*")):
        is_model = path.relative_to(home).parts[0] == _MODELS
        if path.is_file() and not path.is_symlink() and not is_model:
            yield path


def _forms(text: str) -> Iterator[bytes]:
    """As files may have it; bytes are compared in small ASCII letters."""
    escaped = json.dumps(text)[1:-1]
    yield from dict.fromkeys(
        form.lower()
        for form in (text.encode("utf-8", "replace"), escaped.encode(), text.encode("utf-16-le"))
    )


def holding(paths: Iterable[Path], scope: Scope) -> list[Path]:
    """Those of which the bytes say anything of it."""
    forms = [form for text in needles(scope) for form in _forms(text)]
    return [path for path in paths if path.is_file() and _holds(path, forms)[1]]


def _holds(path: Path, forms: Sequence[bytes]) -> tuple[int, bool]:
    lap = max(map(len, forms), default=1) - 1
    size, before = 0, b""
    try:
        with path.open("rb") as file:
            while part := file.read(_AT_ONCE):
                size += len(part)
                text = (before + part).lower()
                if any(form in text for form in forms):
                    return size, True
                before = part[-lap:] if lap else b""
    except FileNotFoundError:  # a process has just removed what was its own
        return size, False
    return size, False


def _says(texts: Iterable[str], wanted: Sequence[str]) -> tuple[int, bool]:
    folded, count = [each.casefold() for each in wanted], 0
    is_hit = False
    for text in texts:
        count += 1
        low = text.casefold()
        is_hit = is_hit or any(each in low for each in folded)
    return count, is_hit


def _rows(files: Iterable[Path], index: str) -> Iterator[tuple[str, Iterator[str]]]:
    for path in files:
        if path.suffix in ("", ".db", ".shelf") and _starts(path, _SQLITE):
            yield f"rows of {path.name}", _of_sqlite(path)
    for name in table_names(index):
        for version, texts in _of_table(index, name):
            yield f"version {version} of {name}", texts


def _starts(path: Path, with_: bytes) -> bool:
    try:
        with path.open("rb") as file:
            return file.read(len(with_)) == with_
    except FileNotFoundError:
        return False


def _of_sqlite(path: Path) -> Iterator[str]:
    try:
        yield from _texts_of(path)
    except sqlite3.Error as error:
        raise _unknown(f"{path.name} can't be read: {error}") from error


def _texts_of(path: Path) -> Iterator[str]:
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as db:
        for (table,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'"):
            for row in db.execute(f'SELECT * FROM "{table}"'):
                yield "\n".join(each for each in row if isinstance(each, str))


def _of_table(index: str, name: str) -> Iterator[tuple[int, Iterator[str]]]:
    import lancedb

    with _readable(name):
        table = lancedb.connect(index).open_table(name)
        for version in sorted(int(each["version"]) for each in table.list_versions()):
            table.checkout(version)
            yield version, _texts(name, table)


def _texts(name: str, table: Any) -> Iterator[str]:
    with _readable(name):
        query = table.search().select(["uri", "search", "grams", "fields"]).limit(None)
        for rows in query.to_batches(batch_size=4096):
            for row in rows.to_pylist():
                yield "\n".join(str(each) for each in row.values() if each)


@contextmanager
def _readable(name: str) -> Iterator[None]:
    try:
        with translated(name):
            yield
    except Unavailable as error:
        raise _unknown(error.message) from error


def _unknown(reason: str) -> Unavailable:
    """What can't be read proves nothing."""
    return Unavailable(f"{reason}, so whether all of it is gone can't be told", "")
