"""The tables of an index, by their names: which there are, and dropping one.

Called by the table and the index. A table's name says its layout and its embedder.
"""

from __future__ import annotations

from pathlib import Path

from cairn.core.index.shelf import path_of, remove
from cairn.core.index.trouble import translated


def table_names(uri: str) -> list[str]:
    import lancedb

    with translated(uri):
        return [str(name) for name in lancedb.connect(uri).list_tables(limit=10_000).tables]


def is_stillborn(uri: str, name: str) -> bool:
    """Was a process killed between making the table's folder and its first version?"""
    folder = Path(uri) / f"{name}.lance"
    return "://" not in uri and folder.is_dir() and not any(folder.glob("_versions/*"))


def drop_table(uri: str, name: str) -> None:
    import lancedb

    with translated(uri):
        lancedb.connect(uri).drop_table(name, ignore_missing=True)
        if path := path_of(uri, name):
            remove(path)
