"""What was agreed, settled or chosen; never what is only considered."""

from __future__ import annotations

import pytest

from cairn.core.tree.curate.rules.decisions import propose
from tests.tree.curate.spoken import chat, mail, note, session, talk


def test_an_agreement_says_who_agreed_on_what() -> None:
    [found] = propose(talk("We agreed on 380 euros for the garden budget now."))
    assert found.kind == "decision"
    assert found.body == "Anna and Ben agreed on 380 euros for the garden budget now."
    assert (found.subject, found.attribute, found.value) == ("garden", "budget", "380 euros")
    assert found.sources[0].quote == "We agreed on 380 euros for the garden budget now."
    assert found.title == "Garden budget: 380 euros"
    assert found.origin == "user"


def test_a_proposal_counts_once_it_is_accepted() -> None:
    turns = chat(
        ("David", "550 is too much with the bike repair coming."),
        ("Anna", "Then let us agree on 400 for the garden budget and skip the compost bin."),
        ("David", "Deal. I will ask Jonas about the wood."),
    )
    [found] = propose(turns)
    assert found.body.startswith("Anna and David agreed on 400 for the garden budget")
    assert [source.quote for source in found.sources][1] == "Deal."
    assert found.origin == "other"
    assert (found.subject, found.attribute, found.value) == ("garden", "budget", "400")


@pytest.mark.parametrize("answer", ["No, the green ones are nicer.", "Yes but not yet", "What?"])
def test_a_proposal_that_is_not_accepted_is_none(answer: str) -> None:
    assert not propose(chat(("Anna", "Let's go with larch for the beds"), ("Ben", answer)))


def test_later_and_earlier_decisions_on_one_thing_have_one_subject() -> None:
    first = propose(talk("We decided on 400 euros for the garden budget."))
    later = propose(mail("We agreed on 380 euros for the budget of the garden."))
    assert (first[0].subject, first[0].attribute) == (later[0].subject, later[0].attribute)


@pytest.mark.parametrize(
    ("text", "subject", "attribute", "value"),
    [
        ("We decided to use Postgres for the inventory database.", "inventory database", "choice",
         "Postgres"),
        ("We agreed that the rent of the garage is 80 euros.", "garage", "rent", "80 euros"),
        ("We've decided to raise the marketing budget to 2,500 euros.", "marketing", "budget",
         "2,500 euros"),
        ("They agreed that Jonas will lead the Atlas project.", "atlas", "lead", "Jonas"),
        ("We've settled on oak for the shelves.", "shelves", "choice", "oak"),
        ("We will use PostgreSQL instead of MySQL for the inventory.", "inventory", "choice",
         "PostgreSQL"),
        ("The team voted to move the standup to 10:00.", "standup", "time", "10:00"),
        ("We chose Vela as the supplier for the coffee.", "coffee", "provider", "Vela"),
        ("We agreed to move the summer party to 4 July.", "summer party", "date", "2026-07-04"),
        ("We decided to rename the project Atlas to Meridian.", "Atlas", "name", "Meridian"),
    ],
)  # fmt: skip
def test_what_a_decision_is_about(text: str, subject: str, attribute: str, value: str) -> None:
    [found] = propose(talk(text))
    assert (found.subject, found.attribute, found.value) == (subject, attribute, value)


def test_labels_and_headings_in_notes() -> None:
    found = propose(note("Decision: we go with larch wood for the raised beds."))
    assert [each.value for each in found] == ["larch wood"]
    items = note("- Hire Kim for the front end", "- TBD whether we move", heading=("Decisions",))
    assert [each.body for each in propose(items)] == ["Hire Kim for the front end."]


@pytest.mark.parametrize(
    "text",
    [
        "Wir haben beschlossen, die Küche im Mai zu streichen.",
        "Wir haben uns auf 400 Euro für den Garten geeinigt.",
        "On a décidé de repeindre la cuisine en mai.",
        "Hemos decidido vender el coche en abril.",
    ],
)
def test_other_languages_are_kept_as_they_were_said(text: str) -> None:
    [found] = propose(note(text))
    assert found.body == text


@pytest.mark.parametrize(
    "text",
    [
        "We decided to take a walk after lunch.",
        "I decided to go to bed early.",
        "We haven't decided on the colour yet.",
        "If we decided to move, it would be expensive.",
        "We need to decide on a venue.",
        "What have we decided on?",
        "We could have agreed on something better.",
        "Let's go with that.",
        "We decided to do it.",
        'She said "we decided to sell the house" in the film.',
        "I'd never have agreed to the deal.",
        "They picked it up so fast.",
        "I went with my mom for a coffee.",
        "Let's keep making great memories together!",
        "Nous n'avons pas encore décidé.",
        "The agreed plan is nice.",
        "We will use the time to rest.",
    ],
)
def test_what_is_no_decision(text: str) -> None:
    assert not propose(talk(text))
    assert not propose(note(text))


def test_a_user_settles_something_with_an_assistant() -> None:
    found = propose(session(("assistant", "A or B?"), ("user", "Let's go with Tuesday, April 14.")))
    assert [each.body for each in found] == ["You went with 14 April 2026."]


def test_the_quote_is_the_part_that_was_kept() -> None:
    [found] = propose(talk("I am tired, and we agreed on 40 euros for the gift, but I'm not sure."))
    assert found.sources[0].quote == "we agreed on 40 euros for the gift"
    assert found.body == "Anna and Ben agreed on 40 euros for the gift."


def test_what_an_assistant_writes_is_no_decision() -> None:
    text = "We decided to use Postgres for the database."
    assert not propose(session(("user", "Write minutes"), ("assistant", text)))


def test_time_is_linear_in_hostile_text() -> None:
    assert propose(note("we agreed on " * 80_000)) == []
    assert propose(talk("Let's go with " + "a" * 500_000)) == []


@pytest.mark.parametrize(
    "text",
    [
        "Decision on the fence: hazel, not willow.",
        "Change of plan, we paint the fence in autumn.",
        "Greta and I talked it over, and we'll paint the fence in autumn.",
        "Fence: agreed on hazel and larch.",
        "We voted, and it's hazel for the fence.",
        "From now on we mow every second week.",
        "The club will paint the fence in autumn (unanimous).",
        "Greta und ich sind uns einig, wir nehmen Hasel.",
        "Neuer Plan, wir streichen den Zaun im Herbst.",
    ],
)
def test_agreement_that_is_told_in_other_words(text: str) -> None:
    [found] = propose(note(text))
    assert found.kind == "decision"


@pytest.mark.parametrize(
    "text",
    [
        "Imagine we agreed on hazel for the fence.",
        "Suppose we decided to paint the fence.",
        "In the novel they agreed on hazel for the fence.",
        "Had we agreed on hazel, the fence would stand.",
        "We could vote on the fence.",
        "Nothing is agreed so far.",
    ],
)
def test_what_is_only_thought_is_not_decided(text: str) -> None:
    assert not propose(note(text))
    assert not propose(talk(text))


@pytest.mark.parametrize(
    "text",
    [
        "We moved from gas to district heating is still not agreed.",
        "Whether we sold the old car and picked the van is unclear.",
        "It is open whether they chose the blue carpet.",
        "We agreed on the slate roof: not final yet.",
        "Decision: still to be decided by the board",
        "We went with the oak floor, not confirmed yet.",
    ],
)
def test_what_says_itself_that_it_is_open_is_no_decision(text: str) -> None:
    assert not propose(talk(text))


@pytest.mark.parametrize(
    "text",
    [
        "We agreed on the slate roof, but the colour of the gutters is not decided yet.",
        "We decided to keep the pool open.",
        "It's decided that the shop will close on Mondays.",
    ],
)
def test_what_is_open_beside_a_decision_leaves_it(text: str) -> None:
    assert [each.kind for each in propose(talk(text))] == ["decision"]


@pytest.mark.parametrize(
    ("text", "title", "day"),
    [
        ("We decided on 3 March 2026 to take the oak worktop for 1,240 euros.",
         "Take the oak worktop for 1,240 euros", "2026-03-03"),
        ("On 12 January 2026 we decided to take the granite worktop.",
         "Take the granite worktop", "2026-01-12"),
        ("We agreed yesterday that the kitchen is painted white.",
         "The kitchen is painted white", "2026-03-09"),
        ("Wir haben am 12. Januar 2026 beschlossen, die Küche weiß zu streichen.",
         "Wir haben beschlossen, die Küche weiß zu streichen", "2026-01-12"),
        ("We agreed on 4 July for the summer party.", "Summer party: 4 July 2026", "2026-03-10"),
    ],
)  # fmt: skip
def test_the_day_of_a_decision_is_no_part_of_it(text: str, title: str, day: str) -> None:
    [found] = propose(note(text))
    assert (found.title, found.valid_from) == (title, day)


def test_a_number_of_something_is_no_budget() -> None:
    [found] = propose(note("We agreed on 12 chairs for the summer party."))
    assert (found.subject, found.attribute, found.value) == ("summer party", "choice", "12 chairs")


def test_a_small_choice_stays_one_with_its_day() -> None:
    assert not propose(note("We decided yesterday to take a walk."))
    assert not propose(talk("We decided on 3 March to take a walk."))
