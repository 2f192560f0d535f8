"""How the tree, an entry and a question about entries are written for a person."""

from __future__ import annotations

import time
from typing import Any

import pytest

from cairn.app import tree_lines

Json = dict[str, Any]


def leaf(path: str, **more: Any) -> Json:
    return {
        "id": "e_" + path[-6:-3], "path": path, "kind": "fact", "title": path.rpartition("/")[2],
        "valid_from": "", "valid_until": "", "archived": False, "maturity": "draft", **more,
    }  # fmt: skip


def tree(*paths: str, folder: str = "") -> Json:
    return {"folder": folder, "entries": [leaf(path) for path in sorted(paths)]}


def source(**more: Any) -> Json:
    return {"address": "file:~/a.md#L3", "uri": "file:~/a.md", "path": "/a.md", "locator": "L3",
            "line": 3, "quote": "We agreed on 400.", "who": "Ana", "when": "2026-03-02T10:00",
            **more}  # fmt: skip


def entry(**more: Any) -> Json:
    return {
        "id": "e_1", "path": "garden/budget.md", "kind": "decision", "title": "Budget",
        "body": "The budget is 400.", "valid_from": "2026-03-02", "valid_until": "",
        "created": "2026-03-02", "origin": "user", "author": "rules", "archived": False,
        "sources": [source()], "relations": [], "chain": [], "reviews": [], "operations": [],
        "maturity": {"state": "draft", "confirmed": 1, "vouched": False, "uses": 0, "kept": 0},
        **more,
    }  # fmt: skip


def test_folders_come_with_what_is_in_them() -> None:
    lines = tree_lines.outline(tree("a/b/one.md", "a/two.md", "top.md"))
    assert [line.split("  e_")[0].rstrip() for line in lines] == [
        "· top.md  fact", "a/  2", "  · two.md  fact", "  b/  1", "    · one.md  fact",
    ]  # fmt: skip


def test_a_named_folder_is_the_top() -> None:
    lines = tree_lines.outline(tree("a/b/one.md", "a/two.md", folder="a"))
    assert [line.split()[:2] for line in lines] == [["·", "two.md"], ["b/", "1"], ["·", "one.md"]]


def test_a_large_tree_is_told_by_its_folders_unless_all_is_wanted() -> None:
    large = tree(*(f"work/p{number % 90:02}/e{number}.md" for number in range(900)))
    assert tree_lines.outline(large) == ["work/  900"]
    assert len(tree_lines.outline(large, whole=True)) == 991
    few = tree(*(f"work/p{number % 9}/e{number}.md" for number in range(900)))
    assert len(tree_lines.outline(few)) == 10


def test_a_pipe_gets_one_line_an_entry_whatever_its_title() -> None:
    line = tree_lines.plain_leaf(leaf("a/x.md", title="one\ttwo\nthree\x1b[31m"))
    assert line.count("\t") == 6 and line.isprintable() is False
    assert not {"\n", "\x1b"} & set(line)


def test_what_held_when_is_told_over_time() -> None:
    chain = [
        {"id": "e_0", "title": "Budget", "value": "550", "valid_from": "2026-01-01",
         "valid_until": "2026-03-02"},
        {"id": "e_1", "title": "Budget", "value": "400", "valid_from": "2026-03-02",
         "valid_until": ""},
    ]  # fmt: skip
    lines = tree_lines.entry(entry(chain=chain))
    at = lines.index("over time")
    assert lines[at + 1 : at + 3] == [
        "    until 2026-03-02: 550  e_0", "  > since 2026-03-02: 400",
    ]  # fmt: skip


def test_each_source_has_its_number_place_and_words() -> None:
    lines = tree_lines.entry(entry(sources=[source(), source(path="", uri="https://x", quote="")]))
    at = lines.index("sources")
    assert lines[at + 1 : at + 4] == [
        "  [1] /a.md:3  Ana, 2026-03-02", "      “We agreed on 400.”",
        "  [2] https://x  Ana, 2026-03-02",
    ]  # fmt: skip


def test_relations_name_the_other_end_by_its_title() -> None:
    relation = {"type": "supports", "to": "e_9", "outward": False, "title": "Lease", "path": "",
                "archived": True}  # fmt: skip
    lines = tree_lines.entry(entry(relations=[relation]))
    assert "  supported by Lease  e_9  (archived)" in lines


def test_maturity_says_what_it_rests_on() -> None:
    state = {"confirmed": 2, "vouched": True, "uses": 4, "kept": 1}
    assert tree_lines.why(state, [source()]) == (
        "said in 2 places, you wrote or accepted it, its citation was opened on 1 day"
    )
    none = {"confirmed": 0, "vouched": False, "uses": 0, "kept": 0}
    assert tree_lines.why(none, []) == "nothing speaks for it yet"


def test_places_that_count_once_are_told_as_such() -> None:
    state = {"confirmed": 1, "vouched": False, "uses": 0, "kept": 0}
    assert tree_lines.why(state, [source(), source(locator="L9")]) == "said in one place"
    assert tree_lines.why(state, [source(), source(uri="file:~/b.eml")]) == (
        "said in 2 places, which count once: the same day, or copies"
    )


def test_an_operation_is_told_in_the_time_of_the_reader(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    time.tzset()
    try:
        line = tree_lines.operation(
            {"id": 41, "at": "2026-05-03T18:20:00.000+00:00", "type": "SUPERSEDE", "author": "user",
             "reason": "the lease: 380", "undone_by": 44,
             "entries": [{"title": "Rent: 380"}, {"title": "Lease"}]}
        )  # fmt: skip
    finally:
        monkeypatch.undo()
        time.tzset()
    assert line == (
        "  41  2026-05-04 03:20  SUPERSEDE by you    "
        "Rent: 380, Lease  the lease: 380  (undone by 44)"
    )


def test_nothing_of_an_entry_reaches_the_terminal_unescaped() -> None:
    evil = "x\x1b]0;y\x07\u202e"
    hostile = entry(
        title=evil, body=f"{evil}\n{evil}", path=evil, sources=[source(quote=evil, who=evil)],
        relations=[{"type": evil, "to": evil, "outward": True, "title": "", "path": "",
                    "archived": False}],
        reviews=[{"id": 1, "kind": "merge", "reason": evil}],
        operations=[{"id": 1, "at": "2026-03-02T10:00", "type": "ADD", "author": "user",
                     "reason": evil, "undone_by": 0, "entries": [{"title": evil}]}],
    )  # fmt: skip
    text = "".join(tree_lines.entry(hostile))
    assert not {"\x1b", "\x07", "\u202e"} & set(text)


def test_a_question_shows_both_sides_and_what_a_yes_does() -> None:
    asked = {
        "id": 3, "kind": "supersede", "reason": "rent was “400”; it is “380”", "at": "2026-07-08",
        "plan": [{"do": "supersede", "entries": ["e_1", "e_2"], "payload": {}}],
        "entries": [entry(), {"id": "e_2", "gone": True}],
    }  # fmt: skip
    lines = tree_lines.question(asked)
    assert lines[0] == "Does the newer one replace the older one?"
    assert "  older  decision  since 2026-03-02  e_1" in lines
    assert "  e_2 is no longer there" in lines
    assert lines[-2:] == [
        "if you accept: the older one holds until the newer one begins",
        "if you reject: the newer one goes to the archive",
    ]
    answered = tree_lines.question({**asked, "state": "kept-both", "decided": "2026-07-09T12:00Z"})
    assert answered[-1] == "both were kept on 2026-07-09; `cairn review 3 --reopen` asks it again"
    assert tree_lines.question_line(asked).startswith("3\tsupersede\t2026-07-08\te_1,e_2\t")


def test_troubles_name_the_file_and_what_is_wrong() -> None:
    found = [{"path": "a.md", "code": "duplicate", "reason": "its id e_1 is that of b.md"}]
    assert tree_lines.troubles(found) == ["twice the same id: a.md: its id e_1 is that of b.md"]


def test_what_somebody_wrote_for_a_kind_or_a_day_is_spelled_out() -> None:
    evil = "\x1b]0;x\x07"
    parts = {"kind": evil, "valid_from": evil, "valid_until": f"{evil}y"}
    hostile = entry(**parts, sources=[source(when=evil)])
    hostile["chain"] = [{"id": "e_1", "title": "Budget", "value": "", **parts},
                        {"id": "e_2", "title": "Budget", "value": "", **parts}]  # fmt: skip
    review = {"id": 1, "kind": "supersede", "reason": "", "plan": [], "entries": [hostile, hostile]}
    rows = [
        *tree_lines.entry(hostile), tree_lines.entry_line(hostile), *tree_lines.question(review),
        *tree_lines.outline({"folder": "", "entries": [leaf("a.md", **parts)]}),
    ]  # fmt: skip
    assert not [row for row in rows if "\x1b" in row or "\x07" in row]
    assert "\\x1b]0;x\\x07" in rows[1]
