from __future__ import annotations

import time

from cairn.app.tui import markdown
from cairn.app.tui.outline import Outline


def leaf(path: str, title: str = "", **more: object) -> dict[str, object]:
    return {
        "id": f"e_{path}", "path": path, "title": title or path, "kind": "fact",
        "maturity": "draft", "valid_from": "", "valid_until": "",
        "archived": path.startswith("archive/"), **more,
    }  # fmt: skip


def shown(outline: Outline, words: str = "") -> list[str]:
    return [row.left.plain for row in outline.rows(words)]


def test_a_small_tree_is_open_and_its_archive_is_not() -> None:
    outline = Outline()
    outline.give([leaf("a/b/one.md", "One"), leaf("two.md", "Two")], [leaf("archive/a/old.md")])
    assert shown(outline) == ["▾ a", "  ▾ b", "    · One", "▸ archive", "· Two"]


def test_what_is_open_stays_so_when_the_tree_is_given_anew() -> None:
    outline = Outline()
    outline.give([leaf("a/one.md", "One")], [])
    outline.turn("a", opened=False)
    outline.give([leaf("a/one.md", "One"), leaf("a/two.md", "Two")], [])
    assert shown(outline) == ["▸ a"]
    outline.reveal("e_a/two.md")
    assert shown(outline) == ["▾ a", "  · One", "  · Two"]


def test_all_of_the_words_must_stand_in_title_path_or_kind() -> None:
    outline = Outline()
    outline.give([leaf("garden/one.md", "Budget"), leaf("house/two.md", "Budget")], [])
    assert shown(outline, "budget GARDEN") == ["· Budget"]
    assert shown(outline, "budget nothing") == []


def test_twenty_thousand_entries_cost_what_is_looked_at() -> None:
    outline = Outline()
    leaves = [leaf(f"f{n % 100:02}/g{n % 7}/{n}.md", f"Entry {n}") for n in range(20_000)]
    outline.give(leaves, [])
    began = time.process_time()
    for _ in range(50):
        assert len(outline.rows()) == 100
    assert time.process_time() - began < 2.0
    assert len(outline.rows("entry 1999")) == 12


# -- the text of an entry


def test_markdown_is_read_as_people_do() -> None:
    text = markdown.read("## Plan\n\n- **one** [[x|two]]\n1. `three`\n- [x] done\n> said\n***")
    assert text.plain == "Plan\n\n• one two\n1. three\n☑ done\n> said\n* * *"


def test_code_is_left_as_it_is() -> None:
    assert markdown.read("```\n# *no* heading\n```").plain == "  # *no* heading"


def test_what_is_not_closed_stays_as_it_was_written() -> None:
    for text in ("**open", "`open", "[a](b", "snake_case_name", "2 * 3 * 4", "[[", "~~"):
        assert markdown.read(text).plain == text


def test_hostile_text_takes_time_in_proportion_to_its_length() -> None:
    began = time.process_time()
    for part in ("[", "*", "_a ", "`", "[a](", "# ", "- ", "> ", "~~", "[[a", "* a*"):
        markdown.read(part * 6_000)
        markdown.read((part + "\n") * 6_000)
    assert time.process_time() - began < 20.0
