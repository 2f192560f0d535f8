"""A tree and a journal of a stranger: whatever paths they name, nothing outside is touched."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from cairn.core.errors import CairnError, ConfigError
from cairn.core.journal import Journal, now
from cairn.core.tree.ledger import Edit, Plan, accept
from cairn.core.tree.markdown import render
from cairn.core.tree.tree import Tree
from tests.tree.test_tree import Clock, add, entry

LEAVING = ("../out.md", "a/../../out.md", "/out.md", "a\0.md", "..")
MINE = render(entry("e_mine"))


@pytest.fixture
def outside(tmp_path: Path) -> Iterator[Path]:
    """The user's own files, which are as they were in the end."""
    folder = tmp_path / "outside"
    folder.mkdir()
    (folder / "mine.md").write_text(MINE)
    (folder / "diary.txt").write_text("Nobody's business.\n")
    before = {path: path.read_bytes() for path in folder.rglob("*")}
    yield folder
    assert {path: path.read_bytes() for path in folder.rglob("*")} == before


@pytest.fixture
def tree(tmp_path: Path, outside: Path) -> Iterator[Tree]:
    (tmp_path / "tree").mkdir()
    (tmp_path / "tree" / "linked").symlink_to(outside)
    (tmp_path / "tree" / "there.md").write_text("text\n")
    journal = Journal(tmp_path / "journal.db")
    yield Tree(tmp_path / "tree", journal, Clock())
    journal.close()


UNFINISHED = {
    "write": Edit("e_x", "", "", "linked/x.desktop", "[Desktop Entry]\n"),
    "write deeper": Edit("e_x", "", "", "linked/new/x.md", "text\n"),
    "change": Edit("e_mine", "linked/mine.md", MINE, "linked/mine.md", MINE + "more\n"),
    "remove": Edit("e_mine", "linked/mine.md", MINE, "", ""),
    "take away": Edit("e_mine", "linked/mine.md", MINE, "mine.md", MINE),
    "put there": Edit("e_x", "there.md", "text\n", "linked/new.md", "text\n"),
    "put over": Edit("e_x", "there.md", "text\n", "linked/mine.md", "text\n"),
    "respell": Edit("e_mine", "linked/mine.md", MINE, "linked/MINE.md", MINE),
}


@pytest.mark.parametrize("deed", UNFINISHED)
def test_what_a_journal_says_is_unfinished_is_not_done_behind_a_link(tree: Tree, deed: str) -> None:
    with tree.journal.write() as db:
        accept(db, Plan("UPDATE", (UNFINISHED[deed],), "evil", "rules"), now())
    assert tree.recover() == 1
    assert tree.recover() == 0
    assert [path.name for path in tree.files.root.glob("*.md")] == ["there.md"]


@pytest.mark.parametrize("path", LEAVING)
def test_what_a_journal_says_is_unfinished_is_not_done_outside(tree: Tree, path: str) -> None:
    with tree.journal.write() as db:
        edit = Edit("e_x", "there.md", "text\n", path, "text\n")
        accept(db, Plan("UPDATE", (edit,), "evil", "rules"), now())
    with contextlib.suppress(CairnError):
        tree.recover()
    assert sorted(path.name for path in tree.files.root.iterdir()) == ["linked", "there.md"]
    assert not (tree.files.root.parent / "out.md").exists()


@pytest.mark.parametrize("path", [*LEAVING, "linked/x.md", "linked/new/x.md", "x" * 300 + ".md"])
def test_no_entry_is_filed_or_moved_out_of_the_tree(tree: Tree, path: str) -> None:
    add(tree, entry("e_1"))
    text = render(entry("e_1"))
    with pytest.raises(CairnError):
        tree.commit([Plan("MOVE", (Edit("e_1", "home/e_1.md", text, path, text),), "evil")])
    with pytest.raises(CairnError):
        add(tree, entry("e_2"), path)
    assert [filed.path for filed in tree.catalogue.all()] == ["home/e_1.md"]


@pytest.mark.parametrize("path", ["linked/mine.md", "linked/diary.txt", "../outside/diary.txt"])
def test_nothing_outside_is_read_as_an_entry(tree: Tree, path: str) -> None:
    with contextlib.suppress(ConfigError):
        assert tree.files.read(path) is None
    assert [name for name, _ in tree.files.walk()] == ["there.md"]
