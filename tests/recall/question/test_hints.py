"""A question's words for files and folders are hints; what only sounds like them is none."""

from __future__ import annotations

import pytest

from cairn.core.recall.question.hints import Hints, find_hints


@pytest.mark.parametrize(
    ("text", "hints"),
    [
        ("What does the pdf say about the deposit?", Hints(kinds=("pdf",))),
        ("the rent in Anna's lease pdf", Hints(kinds=("pdf",))),
        ("spreadsheet with the garden budget", Hints(kinds=("table",))),
        ("what is in my slides about gardens", Hints(kinds=("slides",))),
        ("what did the email from Anna say?", Hints(kinds=("mail",))),
        ("In welchem Absatz steht das im Quelltext?", Hints(kinds=("code",))),
        ("show me the .docx I wrote", Hints(suffixes=("docx",))),
        ("all *.XLSX about rent", Hints(suffixes=("xlsx",))),
        ("the total in budget-2024.v2.xlsx?", Hints(files=("budget-2024.v2.xlsx",))),
        ("what is in ~/notes/x?", Hints(paths=("~/notes/x",))),
        ("under /srv/data/garden, what is new", Hints(paths=("/srv/data/garden",))),
        (r"is C:\Users\me\plan it", Hints(paths=(r"C:\Users\me\plan",))),
        ("what did I note in the garden folder", Hints(folders=("garden",))),
        ("in the folder “Tax 2023”", Hints(folders=("Tax 2023",))),
        ("in a directory called old_plans", Hints(folders=("old_plans",))),
        ("was steht im Ordner Garten?", Hints(folders=("Garten",))),
    ],
)
def test_what_is_named_is_a_hint(text: str, hints: Hints) -> None:
    assert find_hints(text) == hints


@pytest.mark.parametrize(
    "text",
    [
        "how do I export a table as a PDF?",
        "the presentation about bees went well",
        "what is Anna's email?",
        "which photos did Melanie share",
        "and/or 24/7 his/her w/o",
        "see https://example.org/a/plan.html for it",
        "write to anna@example.org",
        "version 1.5 of e.g. the plan",
        "in the same folder",
        "which folder is it",
        "what did the book say",
    ],
)
def test_what_only_sounds_like_it_is_none(text: str) -> None:
    assert not find_hints(text)
