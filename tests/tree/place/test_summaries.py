from __future__ import annotations

import re
from dataclasses import replace

import pytest
import yaml

from cairn.core.tree.place.summaries import (
    EntryFacts,
    FolderFacts,
    SubfolderFacts,
    is_stale,
    is_untouched,
    one_line,
    render,
)
from tests.tree.place.drafts import HOSTILE

BUDGET = EntryFacts(
    "e_7k2m9q", "garden-budget", "Garden budget agreed for spring", "decision",
    "We agreed on 400 for the raised beds, down from 550.", "2026-03-02", 0.9,
)  # fmt: skip
PROMISE = EntryFacts(
    "e_a", "invoice", "Send the invoice", "promise", "", "2026-04-01", 0.1, is_open=True
)
BEDS = SubfolderFacts("raised-beds", 12, "12 entries: Larch, Soil")
FACTS = FolderFacts("notes/garden", (BUDGET, PROMISE), (BEDS,))


def front(text: str) -> dict[str, object]:
    loaded = yaml.safe_load(text.split("---\n")[1])
    assert isinstance(loaded, dict)
    return loaded


def test_a_page_tells_what_is_in_the_folder() -> None:
    text = render(FACTS)
    body = text.split("---\n", 2)[2]
    assert body == (
        "# Garden\n\n"
        "2 entries: 1 decision, 1 promise; 12 entries in folders below\n\n"
        "## Folders\n\n"
        "- [[notes/garden/raised-beds/_context|Raised beds]]: 12 entries: Larch, Soil\n\n"
        "## Open\n\n"
        "- [[notes/garden/invoice|Send the invoice]] (2026-04-01)\n\n"
        "## What matters most\n\n"
        "- [[notes/garden/garden-budget|Garden budget agreed for spring]] (2026-03-02): "
        "We agreed on 400 for the raised beds, down from 550.\n"
    )
    assert front(text)["generated"] is True
    assert front(text)["title"] == "Garden"
    assert front(text)["inputs"] == list(FACTS.inputs)


def test_the_same_facts_make_the_same_bytes_in_any_order() -> None:
    facts = FolderFacts("x/y", tuple(replace(BUDGET, id=f"e_{n}") for n in range(30)))
    assert render(facts) == render(replace(facts, entries=facts.entries[::-1]))


def test_only_a_change_of_its_inputs_makes_a_page_stale() -> None:
    text = render(FACTS)
    assert is_stale(None, FACTS.inputs)
    assert not is_stale(text, FACTS.inputs)
    assert not is_stale(text, replace(FACTS, entries=FACTS.entries[::-1]).inputs)
    more_important = replace(FACTS, entries=(replace(BUDGET, importance=0.2), PROMISE))
    assert not is_stale(text, more_important.inputs)
    changes = (
        replace(FACTS, entries=(BUDGET,)),
        replace(FACTS, entries=(replace(BUDGET, title="Other"), PROMISE)),
        replace(FACTS, entries=(BUDGET, replace(PROMISE, is_open=False))),
        replace(FACTS, subfolders=(replace(BEDS, entries=13),)),
        replace(FACTS, folder="notes/yard"),
    )
    assert all(is_stale(text, changed.inputs) for changed in changes)


@pytest.mark.parametrize(
    "edit",
    [
        lambda text: text + "My own words\n",
        lambda text: text.replace("400", "500"),
        lambda text: text.replace("generated: true", "generated: false"),
        lambda text: text.replace("generated: true", "generated: true\naliases: [g]"),
        lambda text: re.sub(r"seal: .*\n", "", text),
        lambda text: re.sub(r"(seal: .*\n)", r"\1\1", text),
        lambda text: text.split("---\n", 2)[2],
        lambda text: "# Mine\n",
        lambda text: "",
        lambda text: "---\n",
        lambda text: "\ufeff" + text,
    ],
)
def test_a_page_that_a_user_edited_is_never_written_again(edit: object) -> None:
    edited = edit(render(FACTS))  # type: ignore[operator]
    assert edited != render(FACTS)
    assert not is_untouched(edited)
    assert not is_stale(edited, ("anything",))


def test_line_ends_of_another_system_are_no_edit() -> None:
    text = render(FACTS).replace("\n", "\r\n")
    assert is_untouched(text)
    assert not is_stale(text, FACTS.inputs)
    assert is_stale(text, ("other",))


def test_much_is_told_in_short() -> None:
    entries = tuple(
        replace(BUDGET, id=f"e_{n:04}", title=f"Title {n}", importance=float(n), is_open=n % 2 == 0)
        for n in range(1000)
    )
    folders = tuple(SubfolderFacts(f"f{n}", 1) for n in range(200))
    facts = FolderFacts("x", entries, folders)
    text = render(facts)
    assert len(text) < 12_000
    assert "and 490 more" in text and "and 150 more" in text
    assert "Title 999" in text and "Title 500]]" not in text
    assert not is_stale(text, facts.inputs)
    assert is_stale(text, replace(facts, entries=entries[1:]).inputs)


@pytest.mark.parametrize("text", [*HOSTILE, "![x](http://a/b.png) <script> #tag %%c%% ==h== `x`"])
def test_hostile_text_stays_text(text: str) -> None:
    entry = EntryFacts("e_1", text.replace("/", "_") or "x", text, text, text, text)
    facts = FolderFacts("notes/garden", (entry,), (SubfolderFacts("beds", 3, text),))
    page = render(facts)
    assert front(page)["inputs"] == list(facts.inputs)
    assert is_untouched(page) and not is_stale(page, facts.inputs)
    page.encode("utf-8")
    body = page.split("---\n", 2)[2]
    assert len(body.splitlines()) < 20
    assert not re.search(r"(?<!\\)<|(?<!\\)`|(?<!\\)!?\[x|\u202e|\x1b|\x00|(?<![\\#])#tag", body)
    assert len(re.findall(r"(?<!\\)\[\[", body)) <= 2


def test_the_root_has_a_page_and_folders_have_a_line() -> None:
    assert "# Memory\n" in render(FolderFacts("", (), (SubfolderFacts("notes", 3, "3 entries"),)))
    assert "[[notes/_context|Notes]]: 3 entries" in render(
        FolderFacts("", (), (SubfolderFacts("notes", 3),))
    )
    assert one_line(FACTS) == "14 entries: Garden budget agreed for spring; Send the invoice"
    assert one_line(FolderFacts("x", (), (BEDS,))) == "12 entries: Raised beds"
    assert one_line(FolderFacts("x")) == "0 entries"


def test_files_with_signs_of_links_in_their_names_can_be_reached() -> None:
    odd = replace(BUDGET, file="a #1 [x]", title="<b>Beds|")
    assert "[[x/garden-budget|‹b›Beds/]]" in render(
        FolderFacts("x", (replace(odd, file=BUDGET.file),))
    )
    assert "](notes/garden/a%20%231%20%5Bx%5D.md)" in render(FolderFacts("notes/garden", (odd,)))
