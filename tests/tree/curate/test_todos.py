"""Boxes that nobody has ticked yet: what the author of a note means to do."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cairn.core.tree.curate.rules.todos import propose
from tests.tree.curate.spoken import chat, note


@pytest.mark.parametrize(
    ("line", "body", "due"),
    [
        ("- [ ] ring the chimney sweep", "Ring the chimney sweep.", ""),
        ("- [ ] renew the passport before June", "Renew the passport before June 2026.",
         "2026-06-30"),
        ("- [ ] return the drill on 4 May 2026", "Return the drill on 4 May 2026.", "2026-05-04"),
    ],
)  # fmt: skip
def test_a_box_is_a_promise_that_is_due_only_on_a_named_day(line: str, body: str, due: str) -> None:
    [found] = propose(note(line, title="House"))
    assert (found.kind, found.body, found.valid_until) == ("promise", body, due)
    assert found.subject == ""


def test_the_users_own_box_is_the_users_promise() -> None:
    [line] = note("- [ ] ring the chimney sweep")
    [found] = propose([replace(line, origin="user", who="me")])
    assert found.subject == "me"


@pytest.mark.parametrize(
    ("line", "title"),
    [
        ("- [x] pay the deposit now", "House"),
        ("- [ ] milk and eggs please", "Shopping list"),
        ("- [ ] this and that", "House"),
        ("- [ ] who brings the tent?", "House"),
    ],
)
def test_no_promises(line: str, title: str) -> None:
    assert not propose(note(line, title=title))


def test_a_box_in_a_conversation_is_none() -> None:
    assert not propose(chat(("Ben", "- [ ] ring the chimney sweep")))
