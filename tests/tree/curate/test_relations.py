"""What is said of people and things has one subject, attribute and value, however it is said."""

from __future__ import annotations

import pytest

from cairn.core.tree.curate.material import Proposal
from cairn.core.tree.curate.rules.attributes import propose
from tests.tree.curate.spoken import mail, note, talk


def _only(found: list[Proposal]) -> tuple[str, str, str]:
    [one] = found
    return one.subject, one.attribute, one.value


@pytest.mark.parametrize(
    ("text", "known"),
    [
        ("Nora works as a baker.", ("Nora", "job", "baker")),
        ("Nora is a baker by trade.", ("Nora", "job", "baker")),
        ("Nora now works as a baker in Leith.", ("Nora", "job", "baker")),
        ("Nora ist Bäckerin von Beruf.", ("Nora", "job", "Bäckerin")),
        ("Nora lives in Leith these days.", ("Nora", "home", "Leith")),
        ("Nora has bought a small flat in Leith.", ("Nora", "home", "Leith")),
        ("Nora wohnt jetzt in Leith.", ("Nora", "home", "Leith")),
        ("Nora moved to Leith in spring.", ("Nora", "home", "Leith in spring")),
        ("Nora grew up in Dundee.", ("Nora", "origin", "Dundee")),
        ("Nora comes from Dundee originally.", ("Nora", "origin", "Dundee")),
        ("Nora's birthday is on 9 June.", ("Nora", "birthday", "9 June")),
        ("Nora was born on June 9th.", ("Nora", "birthday", "9 June")),
        ("Nora hat am 9. Juni Geburtstag.", ("Nora", "birthday", "9 June")),
        ("Nora is terribly allergic to penicillin.", ("Nora", "allergy penicillin", "penicillin")),
        ("Nora has an allergy to penicillin.", ("Nora", "allergy penicillin", "penicillin")),
        ("Nora is vegan.", ("Nora", "diet", "vegan")),
        ("Nora speaks Gaelic.", ("Nora", "language gaelic", "Gaelic")),
        ("We'll spend Easter in Leith.", ("easter", "place", "Leith")),
        ("Ostern feiern wir doch in Bremen.", ("ostern", "place", "Bremen")),
        ("Wir feiern Ostern bei uns in Freiburg.", ("ostern", "place", "Freiburg")),
        ("Nora plays the bassoon.", ("Nora", "instrument bassoon", "bassoon")),
        ("Nora has a grey cat.", ("Nora", "pet grey cat", "grey cat")),
        ("Nora drives an old Saab.", ("Nora", "car", "old Saab")),
        ("Nora takes warfarin twice a day.", ("Nora", "medicine warfarin", "warfarin")),
        ("Nora wears size 38.", ("Nora", "size", "38")),
        ("Nora is Ian's sister.", ("Nora", "relation ian's sister", "Ian's sister")),
        ("Nora goes to the Elm Road School.", ("Nora", "school", "Elm Road School")),
        ("You can reach Nora at 0131 496 0155.", ("Nora", "phone", "0131 496 0155")),
        ("Nora's new number is 0131 496 0155.", ("Nora", "phone", "0131 496 0155")),
        ("Nora's email is nora@leith.example.", ("Nora", "email", "nora@leith.example")),
    ],
)
def test_people(text: str, known: tuple[str, str, str]) -> None:
    assert _only(propose(note(text))) == known


@pytest.mark.parametrize(
    ("text", "known"),
    [
        ("The boathouse costs 60 euros a month.", ("boathouse", "price", "60 euros a month")),
        ("We pay 60 euros a month for the boathouse.", ("boathouse", "price", "60 euros a month")),
        ("We put aside 900 euros for the roof.", ("roof", "budget", "900 euros")),
        ("The roof must not cost more than 900 euros.", ("roof", "budget", "900 euros")),
        ("The annual accounts are due on 3 May 2026.", ("annual accounts", "due", "2026-05-03")),
        (
            "The annual accounts must be submitted by 3 May 2026.",
            ("annual accounts", "due", "2026-05-03"),
        ),
        ("The workbench measures 180 by 70 cm.", ("workbench", "measure", "180 by 70 cm")),
        (
            "We keep the spare fuses behind the boiler.",
            ("spare fuses", "place", "behind the boiler"),
        ),
        (
            "You find the spare fuses behind the boiler.",
            ("spare fuses", "place", "behind the boiler"),
        ),
        ("The swimming pool is open from 7 to 21.", ("swimming pool", "hours", "from 7 to 21")),
        (
            "The orchestra rehearsal is on Wednesdays at eight.",
            ("orchestra", "day", "Wednesdays at eight"),
        ),
        ("From May the orchestra meets on Mondays.", ("orchestra", "day", "Mondays")),
        ("Ines leads the harvest project.", ("harvest", "lead", "Ines")),
        ("The harvest project is run by Ines.", ("harvest", "lead", "Ines")),
        ("There are twelve people in the orchestra.", ("orchestra", "people", "twelve")),
        ("The workshop is at Hafenstraße 12.", ("workshop", "address", "Hafenstraße 12")),
    ],
)
def test_things(text: str, known: tuple[str, str, str]) -> None:
    assert _only(propose(note(text))) == known


def test_kin_is_named_after_who_speaks() -> None:
    assert _only(propose(talk("My sister works as a roofer.")))[0] == "Anna's sister"
    assert _only(propose(talk("My sister Greta works as a roofer.")))[0] == "Greta"


def test_a_day_from_which_on_it_holds_is_kept() -> None:
    [found] = propose(mail("From 1 May 2026 the rent for the garage is 75 euros."))
    assert (found.subject, found.attribute, found.valid_from) == ("garage", "rent", "2026-05-01")


@pytest.mark.parametrize(
    "text",
    [
        "The woman in the novel works as a spy.",
        "Everybody works as a volunteer here.",
        "If Nora lives in Leith, we can stay there.",
        "Maybe Nora speaks Gaelic.",
        "Does Nora live in Leith?",
        "Nora doesn't live in Leith.",
        "Nora no longer works as a baker.",
        "Yoga is a great practice for the mind.",
        "Athens is a beautiful city with so much history.",
        "Swimming costs nothing.",
        "It is open until eight.",
        "The sun is due any minute.",
        "Nora is from another planet!",
        "Imagine Nora lives in a castle.",
        "Tuesday is a good day for it.",
        "The meeting moved to Thursday and Nora was late.",
        "Nora is happy with the flat.",
    ],
)
def test_what_is_said_of_nobody_or_not_meant(text: str) -> None:
    personal = ("job", "home", "origin", "language", "price", "hours", "birthday", "relation")
    assert not [each for each in propose(note(text)) if each.attribute.startswith(personal)]
