"""Dated events of others, in notes, letters and conversations."""

from __future__ import annotations

import pytest

from cairn.core.tree.curate.rules.happenings import propose
from tests.tree.curate.spoken import mail, note, session, talk


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Greta has her driving test on 20 March.", "2026-03-20"),
        ("On 20 March at 9:30 Greta has a hearing at the court.", "2026-03-20"),
        ("My brother has his knee operation on Thursday.", "2026-03-12"),
        ("Greta broke her collarbone on Sunday.", "2026-03-08"),
        ("The plumber repaired the boiler yesterday.", "2026-03-09"),
        ("Our neighbours sold their house on 2 March 2026.", "2026-03-02"),
        ("Greta and Paul got married on Saturday.", "2026-03-07"),
        ("Big news: the council approved our shed yesterday!", "2026-03-09"),
        ("Greta hat am 20. März ihre Prüfung.", "2026-03-20"),
    ],
)
def test_what_happened_and_what_is_ahead(text: str, day: str) -> None:
    for said in (talk(text), note(text), mail(text)):
        [found] = propose(said)
        assert (found.kind, found.valid_from) == ("event", day)


def test_what_people_do_themselves_counts_in_notes_only() -> None:
    assert propose(note("I signed the lease on 6 March 2026."))
    assert not propose(talk("I signed the lease on Friday."))


@pytest.mark.parametrize(
    "text",
    [
        "Greta slept late yesterday.",
        "Greta said yesterday that it rains.",
        "It rained on Sunday.",
        "They sold it yesterday.",
        "Somebody sold the house yesterday.",
        "Greta may have her test on 20 March.",
        "If Greta has her test on 20 March, we stay.",
        "Does Greta have her test on 20 March?",
        "Greta has a day off on Thursday.",
        "Greta has no time on Thursday.",
        "Greta has a headache today.",
        "Greta had a really long day yesterday.",
        "Greta got a bad flu yesterday.",
        "Greta sold the van.",
        "Greta sells a van every Friday.",
        "I've been a bit tired since Monday.",
        "Life's been hard on Monday.",
        "The weather was nice on Sunday.",
    ],
)
def test_what_is_no_event(text: str) -> None:
    assert not propose(talk(text))
    assert not propose(note(text))


def test_nothing_is_taken_from_work_with_a_program() -> None:
    asked = ("user", "The server crashed on Sunday.")
    assert not propose(session(asked, ("assistant", "I see.")))
