"""What people do to entries: nothing of their files is lost, and no place stops the tree."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from cairn.core.errors import CairnError, ConfigError
from cairn.core.journal import Journal
from cairn.core.records import Relation, Source
from cairn.core.tree import deeds, letting_go
from cairn.core.tree.ledger import Edit, Plan
from cairn.core.tree.markdown import parse, render
from cairn.core.tree.noticing import notice
from cairn.core.tree.tree import Tree
from cairn.core.tree.undoing import restore_plan, undo_plan
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


def stored(tree: Tree) -> str:
    tables = ("operations", "changes", "entries", "entry_sources", "entry_relations")
    rows = [tree.journal.read(f"SELECT * FROM {table}") for table in (*tables, "tree_troubles")]
    return repr(rows)


# -- places


@pytest.mark.parametrize(
    "to", ["x" * 300 + ".md", "e_2.md/below.md", "a/" * 3000 + "x.md",
           "link/x.md", "bad\udcff.md"],
)  # fmt: skip
def test_a_place_that_cannot_be_is_refused_and_the_tree_goes_on(tree: Tree, to: str) -> None:
    add(tree, entry("e_1"))
    put(tree, "e_2.md", render(entry("e_2")))
    notice(tree)
    outside = tree.files.root.parent / "outside"
    outside.mkdir()
    tree.files.path("link").symlink_to(outside)
    before = on_disk(tree)
    with pytest.raises(CairnError):
        tree.commit([deeds.move(tree, "e_1", to)])
    assert on_disk(tree) == before and not list(outside.iterdir())
    assert tree.ledger.unfinished() == []
    add(tree, entry("e_3"))


def test_a_file_name_as_long_as_a_system_allows_can_be_changed(tree: Tree) -> None:
    name = "x" * 252 + ".md"
    put(tree, name, render(entry("e_1")))
    notice(tree)
    change(tree, "e_1", body="We agreed on 380.")
    assert "380" in on_disk(tree)[name]


@pytest.mark.parametrize("text", ["ü" * 1_500_000, "bad \udcff", "---\nid: [\n---\n"])
def test_what_could_not_be_read_again_is_not_written(tree: Tree, text: str) -> None:
    with pytest.raises(CairnError):
        tree.commit([Plan("ADD", (Edit("e_1", "", "", "a.md", text),), "why")])
    assert tree.ledger.unfinished() == [] and on_disk(tree) == {}


def test_files_are_never_read_or_written_through_links(tree: Tree, tmp_path: Path) -> None:
    secret = tmp_path / "other.md"
    secret.write_text(render(entry("e_9")))
    tree.files.path("x.md").symlink_to(secret)
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "y.md").write_text(render(entry("e_8")))
    tree.files.path("folder").symlink_to(tmp_path / "folder")
    paths = [tree.files.path("x.md"), tree.files.path("folder/y.md"), tree.files.path("folder")]
    paths.append(tree.files.path("no such \udcff"))
    assert notice(tree, paths) == [] and notice(tree) == []


def test_a_deep_folder_is_walked(tree: Tree, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tree.files.root)
    for _ in range(1500):
        os.mkdir("a")
        os.chdir("a")
    add(tree, entry("e_1"))
    assert notice(tree) == []
    for _ in range(1500):  # too deep for what tidies up after a test
        os.chdir("..")
        os.rmdir("a")


# -- taking back


def test_restoring_puts_back_entries_that_changed_places(tree: Tree) -> None:
    for name in ("a", "b", "c"):
        add(tree, entry(f"e_{name}"), f"{name}.md")
    early, moment = on_disk(tree), tree.now()
    for id, to in (("e_a", "x"), ("e_b", "a"), ("e_c", "b"), ("e_a", "c")):
        tree.commit([deeds.move(tree, id, f"{to}.md")])
    late = on_disk(tree)
    done = tree.commit([restore_plan(tree, moment)])[0]
    assert on_disk(tree) == early and notice(tree) == []
    tree.commit([undo_plan(tree, done.id)])
    assert on_disk(tree) == late and notice(tree) == []


def test_a_place_that_is_taken_since_stops_no_undo(tree: Tree) -> None:
    add(tree, entry("e_1"), "home/a.md")
    moved = tree.commit([deeds.move(tree, "e_1", "work")])[0]
    add(tree, entry("e_2"), "home/a.md")
    tree.commit([undo_plan(tree, moved.id)])
    assert set(on_disk(tree)) == {"home/a.md", "home/a-2.md"}


def test_restoring_leaves_files_with_secrets_and_restores_the_rest(tree: Tree) -> None:
    add(tree, entry("e_1"))
    put(tree, "router.md", render(entry("e_2", body=f"The router has password: {SECRET}")))
    notice(tree)
    moment = tree.now()
    change(tree, "e_1", body="We agreed on 380.")
    put(tree, "later.md", render(entry("e_3", body=f"The mail has password: {SECRET}")))
    notice(tree)
    tree.commit([restore_plan(tree, moment)])
    texts = on_disk(tree)
    assert "400" in texts["home/e_1.md"] and SECRET in texts["router.md"]
    assert SECRET in texts["later.md"]


def test_undoing_never_writes_a_blank_where_a_secret_was(tree: Tree) -> None:
    put(tree, "r.md", render(entry("e_1", body=f"The router has password: {SECRET}")))
    notice(tree)
    put(tree, "r.md", render(entry("e_1", body="The router has no password any more.")))
    notice(tree)
    with pytest.raises(CairnError):
        tree.commit([undo_plan(tree, tree.ledger.log(limit=1)[0].id)])
    assert "no password any more" in on_disk(tree)["r.md"]


def test_undoing_never_deletes_a_file_whose_secret_nobody_else_has(tree: Tree) -> None:
    put(tree, "r.md", render(entry("e_1", body=f"The router has password: {SECRET}")))
    notice(tree)
    with pytest.raises(CairnError):
        tree.commit([undo_plan(tree, tree.ledger.log(limit=1)[0].id)])
    assert SECRET in on_disk(tree)["r.md"]


def test_an_edit_that_brought_a_secret_is_not_undone_and_says_why(tree: Tree) -> None:
    add(tree, entry("e_1"))
    number = change(tree, "e_1", body=f"The router has password: {SECRET}")
    with pytest.raises(CairnError, match="held a password or key"):
        undo_plan(tree, number)
    number = change(tree, "e_1", body=f"The router has password: {SECRET[::-1]}")
    with pytest.raises(CairnError, match="held a password or key"):  # and not nothing, as if done
        undo_plan(tree, number)
    number = change(tree, "e_1", tags=(f"password: {SECRET}", "router"))
    with pytest.raises(CairnError, match="held a password or key"):
        undo_plan(tree, number)
    assert SECRET[::-1] in on_disk(tree)["home/e_1.md"]


def test_what_was_changed_beside_a_secret_is_undone(tree: Tree) -> None:
    secret = f"password: {SECRET}"
    put(tree, "r.md", render(entry("e_1", body=f"The router has {secret}", title="Router")))
    notice(tree)
    text = on_disk(tree)["r.md"]
    tree.commit([deeds.move(tree, "e_1", "work")])
    for number in [tree.ledger.log(limit=1)[0].id, change(tree, "e_1", tags=("router",))]:
        tree.commit([undo_plan(tree, number)])
    assert on_disk(tree) == {"r.md": text}


def test_what_was_overtaken_is_no_part_of_history(tree: Tree) -> None:
    add(tree, entry("e_1"))
    one = render(entry("e_1"))
    two = render(entry("e_1", body="Never written."))
    with tree.journal.write() as db:
        from cairn.core.tree.ledger import accept

        edit = Edit("e_1", "home/e_1.md", one, "home/e_1.md", two)
        accept(db, Plan("UPDATE", (edit,), "x", "rules"), tree.now())
    put(tree, "home/e_1.md", render(entry("e_1", body="The user was here.")))
    tree.recover()
    latest = tree.ledger.latest("e_1")
    assert latest and latest.after == one
    moment = tree.now()
    notice(tree)
    assert tree.ledger.as_of(moment)["e_1"].after == one


# -- secrets and what only the file has


def test_merging_keeps_what_only_the_files_have(tree: Tree) -> None:
    mine = Source("file:/a.md#L1", f"the safe has password: {SECRET}")
    put(tree, "a.md", render(replace(entry("e_1"), sources=(mine,), tags=(f"password: {SECRET}",))))
    put(tree, "b.md", render(replace(entry("e_2"), sources=(Source("file:/b.md", "two"),))))
    notice(tree)
    tree.commit([deeds.merge(tree, ["e_1", "e_2"], "same")])
    text = on_disk(tree)["a.md"]
    assert text.count(SECRET) == 2 and "[redacted" not in text and "file:/b.md" in text
    assert SECRET not in stored(tree)


def test_no_field_takes_a_secret_into_the_journal(tree: Tree) -> None:
    word = f"password: {SECRET}"
    made = replace(
        entry("e_1", title=word, body=f"[[{word}]] {word}"), subject=word, attribute=word,
        value=word, aliases=(word,), tags=(word,), kind="person",
        relations=(Relation("mentions", word),), sources=(Source("file:/a", word, word),),
    )  # fmt: skip
    put(tree, "a.md", render(made))
    put(tree, "b.md", f"---\nid: {word!r}\n---\n")
    notice(tree)
    tree.commit([deeds.relate(tree, "e_1", "e_1", "mentions", f"because {word}")])
    assert SECRET in on_disk(tree)["a.md"] and SECRET not in stored(tree)


def test_a_file_without_an_id_keeps_its_identity_when_it_is_moved(tree: Tree) -> None:
    put(tree, "home/notes.md", "# Notes\n\nSomething of mine.\n")
    (id,) = notice(tree)
    tree.commit([deeds.archive(tree, [id], "away")])
    assert notice(tree, [tree.files.path("archive/home/notes.md")]) == []
    filed = tree.catalogue.get(id)
    assert filed and filed.is_archived
    tree.commit([deeds.bring_back(tree, id, "back")])
    assert notice(tree, [tree.files.path("home/notes.md")]) == []
    assert on_disk(tree)["home/notes.md"].endswith("# Notes\n\nSomething of mine.\n")


def test_a_file_without_an_id_keeps_its_identity_whatever_is_undone(tree: Tree) -> None:
    put(tree, "home/notes.md", "# Notes\n\nSomething of mine.\n")
    (id,) = notice(tree)
    first = tree.commit([deeds.archive(tree, [id], "away")])[0]
    second = tree.commit([deeds.bring_back(tree, id, "back")])[0]
    tree.commit([undo_plan(tree, first.id)])
    tree.commit([undo_plan(tree, second.id)])
    (path,) = on_disk(tree)
    with tree.journal.write() as db:
        db.execute("DELETE FROM entries")
    notice(tree)
    filed = tree.catalogue.at(path)
    assert filed and filed.entry.id == id and filed.is_archived


def test_what_comes_back_from_the_archive_has_its_own_name(tree: Tree) -> None:
    add(tree, entry("e_1"), "home/My Note.md")
    tree.commit([deeds.archive(tree, ["e_1"], "away")])
    add(tree, entry("e_2"), "home/My Note.md")
    tree.commit([deeds.archive(tree, ["e_2"], "away")])
    tree.commit([deeds.bring_back(tree, "e_2", "back")])
    assert "home/My Note.md" in on_disk(tree)


# -- what a user does on disk


def test_a_copy_takes_over_when_the_first_file_goes(tree: Tree) -> None:
    add(tree, entry("e_1"))
    put(tree, "copy.md", render(entry("e_1")))
    notice(tree)
    tree.files.path("home/e_1.md").unlink()
    notice(tree, [tree.files.path("home/e_1.md")])
    filed = tree.catalogue.get("e_1")
    assert filed and filed.path == "copy.md" and tree.catalogue.troubles() == []


def test_a_file_that_became_a_folder_is_gone(tree: Tree) -> None:
    add(tree, entry("e_1"), "a.md")
    path = tree.files.path("a.md")
    path.unlink()
    path.mkdir()
    assert notice(tree, [path]) == ["e_1"]
    assert tree.catalogue.get("e_1") is None


def test_a_folder_that_lost_some_files_is_looked_through(tree: Tree) -> None:
    add(tree, entry("e_1"))
    add(tree, entry("e_2"))
    tree.files.path("home/e_2.md").unlink()
    assert notice(tree, [tree.files.path("home")]) == ["e_2"]


def test_a_lost_catalogue_is_made_anew_without_a_word_in_history(tree: Tree) -> None:
    add(tree, entry("e_1"))
    put(tree, "r.md", render(entry("e_2", body=f"The router has password: {SECRET}")))
    notice(tree)
    before = [tree.catalogue.get("e_1"), tree.catalogue.get("e_2"), tree.ledger.log()]
    with tree.journal.write() as db:
        for table in ("entries", "entry_sources", "entry_relations"):
            db.execute(f"DELETE FROM {table}")
    notice(tree)
    assert [tree.catalogue.get("e_1"), tree.catalogue.get("e_2"), tree.ledger.log()] == before


def test_a_broken_file_says_why_it_cannot_be_changed(tree: Tree) -> None:
    add(tree, entry("e_1"))
    put(tree, "home/e_1.md", "---\ntitle: [oops\n---\nmine\n")
    notice(tree)
    with pytest.raises(CairnError, match="not valid YAML"):
        deeds.archive(tree, ["e_1"], "away")


def test_names_are_no_patterns(tree: Tree) -> None:
    add(tree, entry("e_1"), "home/a-b.md")
    assert tree.catalogue.named("a_b") == [] and tree.catalogue.named("%") == []


def test_what_history_says_of_an_undone_undo(tree: Tree) -> None:
    first = change(tree, (add(tree, entry("e_1")) and "e_1"), body="We agreed on 380.")
    for _ in range(3):
        last = tree.ledger.log(limit=1)[0].id
        tree.commit([undo_plan(tree, last)])
    assert "400" in on_disk(tree)["home/e_1.md"]
    assert tree.ledger.operation(first).undone_by != 0
    with pytest.raises(ConfigError, match="undone already"):
        undo_plan(tree, first)


def test_hostile_quotes_in_front_matter_take_no_time() -> None:
    parse("---\na: " + '\\"' * 120_000 + "\n---\nx", "n_1", "")
    parse("---\na: x'" + "'\\" * 120_000 + "\n---\nx", "n_1", "")


def test_one_broken_file_keeps_nothing_else_from_being_let_go(tree: Tree) -> None:
    for id in ("e_1", "e_2"):
        add(tree, replace(entry(id), sources=(Source("file:/a.md#L1", "we said 400"),)))
    put(tree, "home/e_1.md", "---\ntitle: [oops\n---\nmine\n")
    notice(tree)
    tree.commit(letting_go.plans(tree, {"file:/a.md"}, "withdrawn"))
    assert set(on_disk(tree)) == {"home/e_1.md"}
