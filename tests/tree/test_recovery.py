"""Names that some systems take for one, crashes and full disks: nothing is lost by any."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from cairn.core.errors import CairnError
from cairn.core.journal import Journal
from cairn.core.tree import deeds
from cairn.core.tree.ledger import Edit, Plan
from cairn.core.tree.markdown import render
from cairn.core.tree.noticing import notice
from cairn.core.tree.tree import Tree
from cairn.core.tree.undoing import undo_plan
from tests.tree.test_deeds import stored
from tests.tree.test_tree import Clock, add, change, entry, on_disk

SECRET = "hunter2-Xy7!kQ9z"


@pytest.fixture
def tree(tmp_path: Path) -> Iterator[Tree]:
    (tmp_path / "tree").mkdir()
    journal = Journal(tmp_path / "journal.db")
    yield Tree(tmp_path / "tree", journal, Clock())
    journal.close()


def put(tree: Tree, path: str, text: str) -> None:
    tree.files.path(path).parent.mkdir(parents=True, exist_ok=True)
    tree.files.path(path).write_text(text)


# -- names that some systems take for one


@pytest.fixture
def folding(tree: Tree, monkeypatch: pytest.MonkeyPatch) -> Tree:
    """As on a system where `A.md` and `a.md` are one file."""
    real = type(tree.files).path

    def path(self: object, relative: str) -> Path:
        found = real(self, relative)  # type: ignore[arg-type]
        here = tree.files.root
        for part in found.relative_to(here).parts:
            names = {n.name.casefold(): n.name for n in here.iterdir()} if here.is_dir() else {}
            here = here / names.get(part.casefold(), part)
        return here

    monkeypatch.setattr(type(tree.files), "path", path)
    return tree


def test_an_entry_renamed_by_case_alone_is_not_lost(folding: Tree) -> None:
    add(folding, entry("e_1"))
    change(folding, "e_1", path="home/E_1.md")
    assert "400" in "".join(on_disk(folding).values())
    change(folding, "e_1", path="home/e_1.md", body="We agreed on 380.")
    assert "380" in "".join(on_disk(folding).values())


def test_a_crash_while_a_name_changes_by_case_loses_nothing(
    folding: Tree, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(folding, entry("e_1"))
    monkeypatch.setattr(folding, "_close", lambda operations: (_ for _ in ()).throw(SystemExit))
    with pytest.raises(SystemExit):
        change(folding, "e_1", path="home/E_1.md")
    Tree(folding.files.root, folding.journal, Clock()).recover()
    assert "400" in "".join(on_disk(folding).values())


def test_two_files_whose_names_differ_by_case_are_told_apart(tree: Tree) -> None:
    add(tree, entry("e_1"))
    put(tree, "home/E_1.md", render(entry("e_2")))
    notice(tree)
    assert [each.path for each in tree.catalogue.troubles()] == ["home/E_1.md"]
    put(tree, "new/x.md", render(entry("e_3")))
    put(tree, "new/X.md", render(entry("e_4")))
    notice(tree)
    assert len(tree.catalogue.troubles()) == 2 and tree.catalogue.count() == (2, 0)


# -- crashes and full disks


def test_operations_on_one_entry_in_one_commit_survive_a_crash(
    tree: Tree, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, two = render(entry("e_1")), render(entry("e_1", body="We agreed on 380."))
    plans = [
        Plan("ADD", (Edit("e_1", "", "", "a.md", one),), "first"),
        Plan("UPDATE", (Edit("e_1", "a.md", one, "a.md", two),), "second"),
        Plan("MOVE", (Edit("e_1", "a.md", two, "b/c.md", two),), "third"),
    ]
    monkeypatch.setattr(tree, "_close", lambda operations: (_ for _ in ()).throw(SystemExit))
    with pytest.raises(SystemExit):
        tree.commit(plans)
    again = Tree(tree.files.root, tree.journal, Clock())
    again.recover()
    assert on_disk(again) == {"b/c.md": two}
    for operation in again.ledger.log():
        assert not any(edit.overtaken for edit in operation.edits)
        again.commit([undo_plan(again, operation.id)])
    assert on_disk(again) == {}


@pytest.mark.parametrize("secrets", [("e_1",), ("e_2",), ("e_1", "e_2"), ()])
def test_an_operation_on_files_with_secrets_is_done_whole_or_not_at_all(
    tree: Tree, monkeypatch: pytest.MonkeyPatch, secrets: tuple[str, ...]
) -> None:
    for id in ("e_1", "e_2"):
        said = f"password: {SECRET}" if id in secrets else "no password"
        made = entry(id, body=f"The router has {said}")
        put(tree, f"home/{id}.md", render(replace(made, tags=(f"of-{id}",))))
    notice(tree)
    before = on_disk(tree)
    for steps in range(12):
        again = Tree(tree.files.root, tree.journal, Clock())
        with monkeypatch.context() as patch:
            stop_after(steps, patch)
            with contextlib.suppress(SystemExit):
                again.commit([deeds.merge(again, ["e_1", "e_2"], "same")])
        again = Tree(tree.files.root, tree.journal, Clock())
        again.recover()
        assert list(tree.files.root.rglob(".*")) == [] and SECRET not in stored(tree)
        shown = on_disk(again)
        if shown != before:
            break
    assert "of-e_2" in shown["home/e_1.md"] and "part_of" in shown["archive/home/e_2.md"]
    assert [each.path for each in again.catalogue.all()] == sorted(shown)
    assert notice(again) == []


def stop_after(steps: int, patch: pytest.MonkeyPatch) -> None:
    """Let a process end after it has put a file into its place, or away, so many times."""
    left = iter(range(steps))

    def step(real: Callable[..., object]) -> Callable[..., object]:
        def act(*arguments: object, **named: object) -> object:
            if next(left, None) is None:
                raise SystemExit
            return real(*arguments, **named)

        return act

    for name in ("replace", "unlink", "rename"):
        patch.setattr(Path, name, step(getattr(Path, name)))


def test_a_full_disk_holds_back_what_was_accepted_and_no_more(
    tree: Tree, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(tree, entry("e_1"))

    def full(*arguments: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("cairn.core.tree.files.write_atomic", full)
        with pytest.raises(CairnError, match="No space"):
            change(tree, "e_1", body="We agreed on 380.")
    assert len(tree.ledger.unfinished()) == 1
    put(tree, "home/e_1.md", render(entry("e_1", body="The user was here.")))
    notice(tree)
    assert "user was here" in on_disk(tree)["home/e_1.md"]
    latest = tree.ledger.latest("e_1")
    assert latest and "user was here" in latest.after and "400" in latest.before


def test_a_folder_that_must_not_be_written_stops_nothing_else(
    tree: Tree, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(tree, entry("e_1"))

    def refused(*arguments: object) -> None:
        raise OSError(13, "Permission denied")

    with monkeypatch.context() as patch:
        patch.setattr("cairn.core.tree.files.write_atomic", refused)
        with pytest.raises(CairnError, match="Permission denied"):
            change(tree, "e_1", body="We agreed on 380.")
        assert notice(tree) == []
    assert "400" in on_disk(tree)["home/e_1.md"]
    filed = tree.catalogue.get("e_1")
    assert filed and "400" in filed.entry.body


def test_an_edit_between_the_check_and_the_write_is_the_users(
    tree: Tree, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(tree, entry("e_1"))
    real = tree.journal.write
    mine = render(entry("e_1", body="The user was here."))

    def write() -> object:
        put(tree, "home/e_1.md", mine)
        return real()

    filed = tree.catalogue.get("e_1")
    assert filed
    edit = Edit("e_1", filed.path, tree.text(filed), filed.path, render(entry("e_1", body="x")))
    monkeypatch.setattr(tree.journal, "write", write)
    with pytest.raises(CairnError, match="changed on disk"):
        tree.commit([Plan("UPDATE", (edit,), "because")])
    monkeypatch.undo()
    notice(tree)
    assert on_disk(tree) == {"home/e_1.md": mine}


def test_an_edit_right_after_the_write_is_noticed(
    tree: Tree, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(tree, entry("e_1"))
    real = tree.files.write
    mine = render(entry("e_1", body="The user was here."))

    def write(path: str, text: str) -> None:
        real(path, text)
        put(tree, "home/e_1.md", mine)

    with monkeypatch.context() as patch:
        patch.setattr(tree.files, "write", write)
        change(tree, "e_1", body="We agreed on 380.")
    assert notice(tree) == ["e_1"]
    filed = tree.catalogue.get("e_1")
    assert filed and filed.entry.body == "The user was here."


def test_what_a_killed_process_left_half_written_is_cleared_away(
    tree: Tree, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(tree, entry("e_1"))

    def killed(path: Path, text: str) -> None:
        path.with_name(".0123456789abcdef.tmp").write_text(text[:20])
        raise SystemExit

    with monkeypatch.context() as patch:
        patch.setattr("cairn.core.tree.files.write_atomic", killed)
        with pytest.raises(SystemExit):
            change(tree, "e_1", body="We agreed on 380.")
    put(tree, "home/.mine.tmp", "the user's own")
    tree.recover()
    assert sorted(os.listdir(tree.files.path("home"))) == [".mine.tmp", "e_1.md"]
    assert "380" in on_disk(tree)["home/e_1.md"]


def test_what_a_killed_process_had_begun_to_write_goes_with_the_next_look(tree: Tree) -> None:
    """It holds the text of an entry, which nobody could forget any more."""
    put(tree, "home/.0123456789abcdef.tmp", "half of an entry")
    put(tree, "home/.mine.tmp", "of another program")
    notice(tree)
    left = [path.name for path in (tree.files.root / "home").iterdir()]
    assert left == [".mine.tmp"]
