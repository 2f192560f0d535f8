"""What a year of use does to an index: files left open, and word indices that are not whole."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from cairn.core.errors import Unavailable
from cairn.core.index import Index
from cairn.core.index.table import Table
from tests.index.test_index import document


@pytest.mark.parametrize("part", ["tokens.lance", "invert.lance", "docs.lance"])
def test_a_word_index_that_is_not_whole_is_made_anew(tmp_path: Path, part: str) -> None:
    index = Index(str(tmp_path), "chunks-4-none-1")
    index.replace([document(f"{name}.md", f"the {name} boiler") for name in "abc"], {})
    index.compact()
    cut = [path for path in tmp_path.rglob("*.lance") if path.name.endswith(part)]
    for path in cut:
        path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    again = Index(str(tmp_path), "chunks-4-none-1")
    assert cut
    assert len(again.table.search_words("boiler", 10)) == 3
    again.compact()
    assert len(again.table.search_words("boiler", 10)) == 3


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="needs a system that lists them")
def test_a_year_of_tidying_leaves_no_file_open(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A daemon may have a thousand files open, and tidies up whenever files have changed."""
    monkeypatch.setattr("cairn.core.index.table._AFRESH", 3)
    index, counts = Index(str(tmp_path), "chunks-4-none-1"), []
    index.replace([document("long.md", *(f"boiler word{number}" for number in range(150)))], {})
    for number in range(12):
        index.replace([document(f"n{number}.md", f"boiler {number}")], {})
        index.compact()
        assert index.table.search_words("boiler", 10)
        counts.append(sum(str(path).startswith(str(tmp_path)) for path in opened()))
    assert max(counts[6:]) <= max(counts[:6])


def opened() -> Iterator[Path]:
    for path in Path("/proc/self/fd").iterdir():
        with suppress(FileNotFoundError):
            yield path.readlink()


def test_a_word_index_that_there_is_no_room_for_keeps_nobody_from_the_rest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    index = Index(str(tmp_path), "chunks-4-none-1")
    index.replace([document("a.md", "the boiler")], {})
    index.compact()
    for path in [each for each in tmp_path.rglob("*.lance") if each.name.endswith("tokens.lance")]:
        path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])

    def full(table: Table) -> None:
        raise Unavailable("the disk of the index is full", "")

    with monkeypatch.context() as patch:
        patch.setattr(Table, "ensure_indices", full)
        again = Index(str(tmp_path), "chunks-4-none-1")
        assert again.table.count() == 1
        assert again.table.search_words("boiler", 10) == []
    again.compact()
    assert len(again.table.search_words("boiler", 10)) == 1
