"""Entries survive the way into a file and back, and files survive cairn."""

from __future__ import annotations

from dataclasses import replace

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from cairn.core.records import ENTRY_KINDS, ORIGINS, Entry, Relation, Source
from cairn.core.tree.markdown import Broken, links, parse, render, revise

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=80)
WORDS = TEXT.map(lambda text: " ".join(text.split()))
LINE = WORDS.filter(lambda text: text not in ("~", "null"))
SOME = LINE.filter(bool)


def made(title: str = "Garden budget", **rest: object) -> Entry:
    values = {"id": "e_7k2m9q", "kind": "decision", "body": "We agreed on 400.",
              "created": "2026-03-02T18:20:00+00:00"}  # fmt: skip
    return Entry(title=title, **{**values, **rest})  # type: ignore[arg-type]


ENTRIES = st.builds(
    Entry,
    id=st.from_regex(r"e_[a-z2-9]{7}", fullmatch=True),
    title=SOME,
    kind=st.sampled_from(ENTRY_KINDS),
    body=TEXT.map(str.strip).filter(lambda text: "\r" not in text),
    created=st.just("2026-03-02T18:20:00+00:00"),
    tags=st.lists(SOME, max_size=3).map(tuple),
    valid_from=st.sampled_from(["", "2026-03-02", "2026-03", "2026"]),
    valid_until=st.sampled_from(["", "2027-01-01"]),
    relations=st.lists(st.builds(Relation, st.just("mentions"), SOME), max_size=2).map(tuple),
    sources=st.lists(st.builds(Source, uri=SOME, quote=TEXT, who=LINE, hash=LINE), max_size=3).map(
        tuple
    ),
    origin=st.sampled_from(ORIGINS),
    author=st.sampled_from(["user", "rules", "model:abc"]),
    subject=LINE,
    attribute=LINE,
    value=LINE,
    aliases=st.lists(SOME, max_size=2).map(tuple),
)


@settings(max_examples=150, deadline=None)
@given(ENTRIES)
def test_an_entry_comes_back_as_it_was(entry: Entry) -> None:
    again = parse(render(entry), "other", "other")
    assert replace(again, links=()) == entry


@settings(max_examples=100, deadline=None)
@given(ENTRIES, ENTRIES, st.booleans())
def test_a_revised_file_says_what_the_revised_entry_says(
    was: Entry, entry: Entry, windows: bool
) -> None:
    text = render(was)
    if windows:
        text = text.replace("\n", "\r\n")
    was = parse(text, "", "")
    revised = revise(text, was, entry)
    again = parse(revised, "", "")
    assert replace(again, links=(), body="") == replace(entry, body="")
    assert again.body.replace("\r\n", "\n") == entry.body
    assert revise(revised, again, again) == revised


USERS = """---
# my own remark
title: 'Garden, all of it'   # and another
cssclasses:
  - wide
id: e_1234567
nested: {a: [1, 2], b: "x"}

relations:
    - type: supersedes
      to: e_4hd81x
      why: it was too much
tags:
- garden
- money
due: 2026-04-01
---

# Garden

We said 400. See [[beds|the beds]] and [[2026/costs#may]].
```
not [[a link]]
```
"""


def test_what_a_user_wrote_stays_byte_for_byte() -> None:
    entry = parse(USERS, "", "")
    assert (entry.id, entry.title, entry.tags) == (
        "e_1234567",
        "Garden, all of it",
        ("garden", "money"),
    )
    assert entry.links == ("beds", "2026/costs")
    assert entry.relations == (Relation("supersedes", "e_4hd81x"),)
    assert revise(USERS, entry, entry) == USERS
    later = revise(USERS, entry, replace(entry, valid_until="2026-06-01"))
    assert later == USERS.replace("due: 2026-04-01\n", "due: 2026-04-01\nvalid_until: 2026-06-01\n")
    linked = replace(entry, relations=(*entry.relations, Relation("mentions", "e_9")))
    grown = revise(USERS, entry, linked)
    assert "why: it was too much" in grown and parse(grown, "", "").relations[1].to == "e_9"


def test_a_list_written_over_lines_grows_below() -> None:
    text = "---\nid: e_1\nsources:\n# mine\n- {uri: a, note: keep me}\n---\nx\n"
    entry = parse(text, "", "")
    grown = revise(text, entry, replace(entry, sources=(*entry.sources, Source("b"))))
    assert "note: keep me" in grown and [s.uri for s in parse(grown, "", "").sources] == ["a", "b"]


def test_a_file_without_front_matter_is_an_entry_by_its_heading() -> None:
    entry = parse("# Plans\n\nfor May\n", "n_1", "file name")
    assert (entry.id, entry.title, entry.kind, entry.author) == ("n_1", "Plans", "fact", "user")
    assert parse("just words", "n_1", "file name").title == "file name"
    text = revise("just words", parse("just words", "n_1", "f"), replace(entry, body="just words"))
    assert parse(text, "", "").id == "n_1" and text.endswith("just words")


@pytest.mark.parametrize(
    ("head", "reason"),
    [
        ("title: [a", "not valid YAML"),
        ("title: a\n  b: c", "not valid YAML"),
        ("- a\n- b", "not a list of"),
        ("title: {a: b}", "not a plain text"),
        ("tags: {a: b}", "is not a list"),
        ("id: ../../etc", "letters that an id must not have"),
        ('kind: "fact\\e]0;owned\\a"', "`kind` .* that can't be seen"),
        ('kind: "fact\\n[2] forged"', "`kind` .* that can't be seen"),
        ('valid_from: "\\u202e2026"', "`valid_from` .* that can't be seen"),
        ("a: &x [1]\nb: *x", "anchors"),
        ("a: " + "[" * 2000, "nested too deeply"),
        ("- " * 4000 + "a", "nested too deeply"),
        ("a: " + "x" * 300_000, "longer than"),
    ],
)
def test_what_cannot_be_understood_is_refused_in_words(head: str, reason: str) -> None:
    with pytest.raises(Broken, match=reason):
        parse(f"---\n{head}\n---\nbody", "", "")


def test_a_kind_and_a_day_of_ones_own_are_kept() -> None:
    entry = parse("---\nkind: Rezept für zwei\nvalid_from: spring 2026\n---\nx", "n_1", "")
    assert (entry.kind, entry.valid_from) == ("Rezept für zwei", "spring 2026")
    assert parse("---\nvalid_from: >\n  2026-03-02\n---\nx", "n_1", "").valid_from == "2026-03-02"


def test_an_open_front_matter_is_refused() -> None:
    with pytest.raises(Broken, match="no closing line"):
        parse("---\ntitle: a\n", "", "")


def test_a_key_that_is_named_twice_is_refused() -> None:
    text = "---\nid: e_1\ntitle: a\n'title': b\n---\nx"
    with pytest.raises(Broken, match="`title` twice"):
        parse(text, "", "")
    was = parse("---\nid: e_1\ntitle: b\n---\nx", "", "")
    with pytest.raises(Broken, match="`title` twice"):
        revise(text, was, replace(was, title="c"))


@pytest.mark.parametrize("word", ["yes", "No", "null", "~", "0x1f", "1e3", "a: b", "#x", "- x", ""])
def test_other_readers_of_yaml_see_text(word: str) -> None:
    head = render(made(word or "x", subject=word)).split("---\n")[1]
    values = yaml.safe_load(head)
    assert values["title"] == (word or "x")
    assert values.get("subject", "") == word


def test_titles_that_yaml_would_take_for_nothing_are_kept() -> None:
    assert parse(render(made("~")), "", "other").title == "other"


def test_links_leave_code_alone() -> None:
    assert links("`[[a]]` [[b]] [[ c | d ]] [[b]] ![[e.png]]") == ("b", "c", "e.png")


def test_hostile_front_matter_takes_no_time() -> None:
    text = "---\n" + "a: " + '"' + "\\" * 100_000 + "\n---\n"
    with pytest.raises(Broken):
        parse(text, "", "")
    parse("[[" * 200_000, "n_1", "")
    parse("```\n" * 100_000 + "[[x]]", "n_1", "")
