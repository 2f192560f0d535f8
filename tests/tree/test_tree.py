"""Operations on the tree: whole or not at all, taken back one by one, and the user wins."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from cairn.core.errors import CairnError, ConfigError
from cairn.core.journal import Journal
from cairn.core.records import Entry, Source
from cairn.core.tree.ledger import Edit, Plan
from cairn.core.tree.markdown import render, revise
from cairn.core.tree.noticing import notice
from cairn.core.tree.tree import Changed, Tree
from cairn.core.tree.undoing import restore_plan, undo_plan

START = datetime(2026, 3, 2, 18, 0, tzinfo=UTC)


class Clock:
    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        self.now += timedelta(minutes=1)
        return self.now


@pytest.fixture
def tree(tmp_path: Path) -> Iterator[Tree]:
    (tmp_path / "tree").mkdir()
    journal = Journal(tmp_path / "journal.db")
    yield Tree(tmp_path / "tree", journal, Clock())
    journal.close()


def entry(id: str, title: str = "Garden budget", body: str = "We agreed on 400.") -> Entry:
    return Entry(id, title, "decision", body, "2026-03-02", author="rules")


def add(tree: Tree, made: Entry, path: str = "") -> int:
    path = path or f"home/{made.id}.md"
    plan = Plan("ADD", (Edit(made.id, "", "", path, render(made)),), "said so", "rules")
    return tree.commit([plan])[0].id


def change(tree: Tree, id: str, path: str = "", **values: object) -> int:
    filed = tree.catalogue.get(id)
    assert filed
    text = tree.text(filed)
    revised = revise(text, filed.entry, replace(filed.entry, **values))  # type: ignore[arg-type]
    edit = Edit(id, filed.path, text, path or filed.path, revised)
    return tree.commit([Plan("UPDATE", (edit,), "because")])[0].id


def on_disk(tree: Tree) -> dict[str, str]:
    return {path: tree.files.read(path) or "" for path, _ in tree.files.walk()}


def test_an_entry_is_a_file_a_row_and_an_operation(tree: Tree) -> None:
    number = add(tree, entry("e_1"))
    filed = tree.catalogue.get("e_1")
    assert filed and filed.path == "home/e_1.md" and filed.entry == entry("e_1")
    assert tree.files.read("home/e_1.md") == render(entry("e_1"))
    operation = tree.ledger.operation(number)
    assert (operation.type, operation.author, operation.reason) == ("ADD", "rules", "said so")
    assert notice(tree) == []


def test_each_operation_is_undone_on_its_own(tree: Tree) -> None:
    add(tree, entry("e_1"))
    valid = change(tree, "e_1", valid_until="2026-05-01")
    tagged = change(tree, "e_1", tags=("garden",))
    tree.commit([undo_plan(tree, valid)])
    now = tree.catalogue.get("e_1")
    assert now and (now.entry.valid_until, now.entry.tags) == ("", ("garden",))
    undo = tree.ledger.log("e_1", 1)[0].id
    assert tree.ledger.operation(valid).undone_by == undo
    tree.commit([undo_plan(tree, undo)])
    now = tree.catalogue.get("e_1")
    assert now and now.entry.valid_until == "2026-05-01"
    assert tree.ledger.operation(valid).undone_by == 0
    tree.commit([undo_plan(tree, tagged)])
    now = tree.catalogue.get("e_1")
    assert now and (now.entry.valid_until, now.entry.tags) == ("2026-05-01", ())


def test_what_changed_the_same_since_is_undone_first(tree: Tree) -> None:
    first = add(tree, entry("e_1"))
    second = change(tree, "e_1", body="We agreed on 380.")
    with pytest.raises(ConfigError, match=f"before operation {second}"):
        tree.commit([undo_plan(tree, first)])
    tree.commit([undo_plan(tree, second)])
    tree.commit([undo_plan(tree, first)])
    assert on_disk(tree) == {} and tree.catalogue.get("e_1") is None
    assert not (tree.files.root / "home").exists()


def test_an_undone_operation_is_not_undone_twice(tree: Tree) -> None:
    first = add(tree, entry("e_1"))
    tree.commit([undo_plan(tree, first)])
    with pytest.raises(ConfigError, match="undone already"):
        undo_plan(tree, first)


def test_moving_and_undoing_it(tree: Tree) -> None:
    add(tree, entry("e_1"))
    moved = change(tree, "e_1", path="work/e_1.md")
    change(tree, "e_1", body="We agreed on 380.")
    tree.commit([undo_plan(tree, moved)])
    assert list(on_disk(tree)) == ["home/e_1.md"]
    assert "380" in on_disk(tree)["home/e_1.md"]


def test_two_entries_change_places(tree: Tree) -> None:
    add(tree, entry("e_1"), "a.md")
    add(tree, entry("e_2"), "b.md")
    one, two = render(entry("e_1")), render(entry("e_2"))
    edits = (
        Edit("e_1", "a.md", one, "c.md", one),
        Edit("e_2", "b.md", two, "a.md", two),
        Edit("e_1", "c.md", one, "b.md", one),
    )
    number = tree.commit([Plan("MOVE", edits, "swap")])[0].id
    assert on_disk(tree) == {"a.md": two, "b.md": one}
    assert notice(tree) == []
    assert tree.ledger.operation(number).entries == ("e_1", "e_2")


@pytest.mark.parametrize("path", ["home/E_1.md", "HOME/e_1.md", "home/e_1.md"])
def test_a_name_that_differs_by_case_only_is_taken(tree: Tree, path: str) -> None:
    add(tree, entry("e_1"))
    with pytest.raises(Changed, match="there is a file"):
        add(tree, entry("e_2"), path)
    assert len(on_disk(tree)) == 1 and tree.ledger.log() and len(tree.ledger.log()) == 1


@pytest.mark.parametrize("path", ["../x.md", "/etc/x.md", "a/../../x.md", "a\0.md"])
def test_nothing_leaves_the_tree(tree: Tree, path: str) -> None:
    with pytest.raises(CairnError):
        add(tree, entry("e_1"), path)


def test_a_users_edit_wins_over_an_operation_planned_before_it(tree: Tree) -> None:
    add(tree, entry("e_1"))
    filed = tree.catalogue.get("e_1")
    assert filed
    text = tree.text(filed)
    mine = text.replace("400", "420")
    tree.files.path(filed.path).write_text(mine)
    plan = Plan("UPDATE", (Edit("e_1", filed.path, text, filed.path, text + "x"),), "r", "rules")
    with pytest.raises(Changed, match="changed on disk"):
        tree.commit([plan])
    assert notice(tree) == ["e_1"]
    assert on_disk(tree)[filed.path] == mine
    edited = tree.ledger.log("e_1", 1)[0]
    assert (edited.type, edited.author) == ("EDIT", "user")
    tree.commit([undo_plan(tree, edited.id)])
    assert on_disk(tree)[filed.path] == text


def test_a_deleted_file_comes_back_by_undo(tree: Tree) -> None:
    add(tree, entry("e_1"))
    before = on_disk(tree)
    tree.files.path("home/e_1.md").unlink()
    assert notice(tree, [tree.files.path("home/e_1.md")]) == ["e_1"]
    deleted = tree.ledger.log(limit=1)[0]
    assert deleted.type == "DELETE" and tree.catalogue.get("e_1") is None
    tree.commit([undo_plan(tree, deleted.id)])
    assert on_disk(tree) == before


def test_a_file_moved_on_disk_keeps_its_id_and_history(tree: Tree) -> None:
    add(tree, entry("e_1"))
    (tree.files.root / "work").mkdir()
    tree.files.path("home/e_1.md").rename(tree.files.path("work/plan.md"))
    assert notice(tree) == ["e_1"]
    filed = tree.catalogue.get("e_1")
    assert filed and filed.path == "work/plan.md"
    assert [operation.type for operation in tree.ledger.log("e_1")] == ["MOVE", "ADD"]


def test_a_copy_with_the_same_id_is_named_and_left_alone(tree: Tree) -> None:
    add(tree, entry("e_1"))
    copy = tree.files.path("home/e_1 (conflicted copy).md")
    copy.write_text(render(entry("e_1", body="We agreed on 500.")))
    notice(tree)
    assert [(each.path, each.code) for each in tree.catalogue.troubles()] == [
        ("home/e_1 (conflicted copy).md", "duplicate")
    ]
    filed = tree.catalogue.get("e_1")
    assert filed and filed.path == "home/e_1.md" and "400" in filed.entry.body
    copy.unlink()
    notice(tree)
    assert tree.catalogue.troubles() == []


@pytest.mark.parametrize(
    ("head", "reason"),
    [("title: [oops", "not valid YAML"), ("id: e_1\ntags: [a]\ntags: [b]", "names `tags` twice")],
)
def test_broken_front_matter_is_named_and_never_written_over(
    tree: Tree, head: str, reason: str
) -> None:
    add(tree, entry("e_1"))
    path = tree.files.path("home/e_1.md")
    path.write_text(f"---\n{head}\n---\nmine\n")
    notice(tree)
    (trouble,) = tree.catalogue.troubles()
    assert trouble.code == "broken" and reason in trouble.reason
    with pytest.raises(Changed):
        change(tree, "e_1", body="x")
    assert path.read_text().endswith("mine\n")
    path.write_text(render(entry("e_1", body="We agreed on 410.")))
    notice(tree, [path])
    filed = tree.catalogue.get("e_1")
    assert tree.catalogue.troubles() == [] and filed and "410" in filed.entry.body


def test_the_tree_as_of_a_moment(tree: Tree) -> None:
    add(tree, entry("e_1"))
    early = on_disk(tree)
    moment = tree.now()
    change(tree, "e_1", body="We agreed on 380.")
    add(tree, entry("e_2"))
    late = on_disk(tree)
    operation = tree.commit([restore_plan(tree, moment)])[0]
    assert on_disk(tree) == early
    tree.commit([undo_plan(tree, operation.id)])
    assert on_disk(tree) == late


def test_secrets_that_a_user_typed_stay_in_the_file_and_nowhere_else(tree: Tree) -> None:
    secret = "password: hunter2-Xy7!kQ9z"
    add(tree, entry("e_1"))
    path = tree.files.path("home/e_1.md")
    path.write_text(render(entry("e_1", body=f"The router has {secret}")))
    notice(tree)
    change(tree, "e_1", tags=("home",))
    change(tree, "e_1", path="work/e_1.md")
    assert secret in on_disk(tree)["work/e_1.md"]
    stored = repr(tree.journal.read("SELECT * FROM changes"))
    stored += repr(tree.journal.read("SELECT * FROM entries"))
    assert "hunter2" not in stored


@pytest.mark.parametrize("at", range(6))
def test_what_a_crash_interrupts_is_completed(
    tree: Tree, monkeypatch: pytest.MonkeyPatch, at: int
) -> None:
    """Stopped before its n-th step on disk, for every n."""
    for number in (1, 2, 3):
        add(tree, entry(f"e_{number}"))
    texts = {n: render(entry(f"e_{n}")) for n in (1, 2, 3)}
    plan = Plan(
        "MERGE",
        (
            Edit("e_1", "home/e_1.md", texts[1], "home/e_1.md", texts[1] + "more\n"),
            Edit("e_2", "home/e_2.md", texts[2], "archive/e_2.md", texts[2]),
            Edit("e_3", "home/e_3.md", texts[3], "work/e_3.md", texts[3] + "end\n"),
            Edit("e_4", "", "", "home/e_4.md", render(entry("e_4"))),
        ),
        "they say the same",
    )
    steps = iter(range(100))

    def stop(*arguments: object) -> None:
        if next(steps) == at:
            raise KeyboardInterrupt

    for name in ("write", "rename", "remove"):
        real = getattr(type(tree.files), name)

        def wrapped(self: object, *arguments: object, real: object = real) -> object:
            stop()
            return real(self, *arguments)  # type: ignore[operator]

        monkeypatch.setattr(type(tree.files), name, wrapped)
    if at < 5:
        with pytest.raises(KeyboardInterrupt):
            tree.commit([plan])
    else:
        tree.commit([plan])
    monkeypatch.undo()
    again = Tree(tree.files.root, tree.journal, Clock())
    assert again.recover() == (1 if at < 5 else 0)
    assert on_disk(again) == {
        "archive/e_2.md": texts[2],
        "home/e_1.md": texts[1] + "more\n",
        "home/e_4.md": render(entry("e_4")),
        "work/e_3.md": texts[3] + "end\n",
    }
    assert notice(again) == []
    again.commit([undo_plan(again, again.ledger.log(limit=1)[0].id)])
    assert on_disk(again) == {f"home/e_{n}.md": texts[n] for n in (1, 2, 3)}


def test_entries_are_found_by_what_they_rest_on(tree: Tree) -> None:
    source = Source("chat:claude/9f2#t41", "we said 400", "me", "2026-03-02")
    add(tree, replace(entry("e_1"), sources=(source,), subject="Garden", attribute="budget"))
    add(tree, replace(entry("e_2"), subject="garden", attribute="Budget", valid_from="2026-01-01"))
    assert [f.entry.id for f in tree.catalogue.from_source("chat:claude/9f2!/0#t3")] == ["e_1"]
    assert [f.entry.id for f in tree.catalogue.about("GARDEN", "budget")] == ["e_1", "e_2"]
    assert [f.entry.id for f in tree.catalogue.named("garden BUDGET")] == ["e_1", "e_2"]
    assert tree.catalogue.count() == (2, 0)


def test_the_log_of_one_entry_is_not_that_of_all_that_came_with_it(tree: Tree) -> None:
    made = [entry(f"e_{number:03}") for number in range(60)]
    edits = tuple(Edit(each.id, "", "", f"home/{each.id}.md", render(each)) for each in made)
    number = tree.commit([Plan("EDIT", edits, "brought along")])[0].id
    (told,) = tree.ledger.log("e_055")
    assert told.id == number and len(told.edits) == 21
    assert told.edits[-1].entry == "e_055" and told.edits[-1].after == render(made[55])
    assert len(tree.ledger.operation(number).edits) == 60 == len(tree.ledger.log()[0].edits)
