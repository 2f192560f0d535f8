from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cairn.core.tree.place.names import domain, fold, is_folder, name, twin
from tests.tree.place.drafts import HOSTILE, assert_safe


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Garden Budget", "garden-budget"),
        ("the garden", "garden"),
        ("Ana's beds", "anas-beds"),
        ("Müller & Söhne", "müller-söhne"),
        ("Straße", "straße"),
        ("猫の写真", "猫の写真"),
        ("גינה ‏ירוקה", "גינה-ירוקה"),
        ("C++ notes", "cpp-notes"),
        ("2024-05-12 Trip to Lisbon", "trip-to-lisbon"),
        ("Lisbon 2024", "lisbon-2024"),
        ("IMG_20240131 beach", "img-beach"),
        ("conv-9f2c41d8e0", "conv"),
        ("ana-3f2a1b7c", "ana"),
        ("k8s and i18n, h264", "k8s-and-i18n-h264"),
        ("CON", "con-notes"),
        ("lpt1", "lpt1-notes"),
        ("2024", ""),
        ("12.05.2024", ""),
        ("🎉🎉", ""),
        ("9f2c41d8-77aa-4c1b-9a2d-1f2e3d4c5b6a", ""),
        ("....", ""),
        ("\u3164\u200b", ""),
    ],
)
def test_a_name_is_what_a_person_would_type(text: str, expected: str) -> None:
    assert name(text) == expected


@pytest.mark.parametrize("text", HOSTILE, ids=ascii)
def test_hostile_text_makes_a_safe_name_or_none(text: str) -> None:
    if found := name(text):
        assert_safe(f"x/{found}")


@given(st.text(max_size=300))
def test_naming_a_name_changes_nothing(text: str) -> None:
    once = name(text)
    assert name(once) == once
    if once:
        assert_safe(f"x/{once}")


def test_a_long_name_ends_with_a_whole_word() -> None:
    assert name("a quick brown fox jumps over the lazy dog in the garden") == (
        "quick-brown-fox-jumps-over-the-lazy-dog"
    )


def test_case_unicode_form_and_plural_make_no_second_folder() -> None:
    assert twin("Garden") == twin("gardens") == twin("GARDEN ")
    assert twin("Cafe\u0301") == twin("café")
    assert twin("Straße") == twin("strasse")
    assert twin("glass") != twin("glas")
    assert twin("Hanss", is_person=True) != twin("Hans", is_person=True)
    assert fold("Garden  Budget") == fold("garden budget")


def test_a_domain_is_never_one_that_has_a_meaning() -> None:
    assert domain("Inbox") == "inbox-notes"
    assert domain("archive") == "archive-notes"


def test_only_plain_relative_folders_are_followed() -> None:
    assert is_folder("My Garden/Beds & Paths")
    for path in ("", "/etc", "a//b", "../x", "a/..", ".obsidian/x", "_archived", "a\\b", "a\nb"):
        assert not is_folder(path), path
