"""New names as they are told, and what only sounds like one."""

from __future__ import annotations

import pytest

from cairn.core.tree.curate.rules.renaming import renamed


@pytest.mark.parametrize(
    ("text", "old", "new"),
    [
        ("Project Kite is renamed to Merlin.", "Kite", "Merlin"),
        ("Rosa Winter has married and is called Rosa Falk now.", "Rosa Winter", "Rosa Falk"),
        ("I'm Rosa Falk and no longer Rosa Winter.", "Rosa Winter", "Rosa Falk"),
        ("The club gets a new name, Blue Oars instead of Old Rowers.", "Old Rowers", "Blue Oars"),
        ("Rosa Falk (née Winter) joins on Monday.", "Rosa Winter", "Rosa Falk"),
        ("Rosa Falk, geb. Winter, kommt am Montag.", "Rosa Winter", "Rosa Falk"),
        ("Merlin (formerly known as Kite) ships in May.", "Kite", "Merlin"),
        ("Falk Works (formerly Falk Tools) has moved.", "Falk Tools", "Falk Works"),
        ("Our boat is now called Krabbe.", "boat", "Krabbe"),
    ],
)
def test_a_new_name(text: str, old: str, new: str) -> None:
    found = renamed(text)
    assert found and (found[0].subject, found[0].attribute, found[1]) == (old, "name", new)


@pytest.mark.parametrize(
    "text",
    [
        "Rosa Falk, formerly Hansa Bank, joined us.",
        "I'm Rosa and not Ida.",
        "I'm in Berlin and no longer in Bonn.",
        "The song is called nothing now.",
        "We use Postgres instead of Oracle.",
        "Rosa Falk (née am 3. Mai) war da.",
    ],
)
def test_no_new_name(text: str) -> None:
    assert renamed(text) is None
