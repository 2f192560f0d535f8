"""One value at a time of one thing: the same thing has the same name wherever it is said."""

from __future__ import annotations

import pytest

from cairn.core.tree.curate.rules.attributes import propose
from cairn.core.tree.curate.rules.naming import read_phrase
from tests.tree.curate.spoken import chat, mail, note, session, talk


@pytest.mark.parametrize(
    "phrase",
    ["the budget for the garden", "our garden budget", "the garden's budget", "Garden budget",
     "the total budget for our garden", "le budget de garden", "das Budget für garden"],
)  # fmt: skip
def test_one_thing_has_one_name(phrase: str) -> None:
    found = read_phrase(phrase)
    assert found is not None
    assert (found.subject, found.attribute) == ("garden", "budget")


@pytest.mark.parametrize(
    ("text", "subject", "attribute", "value"),
    [
        ("The budget for the garden is now 400.", "garden", "budget", "400"),
        ("Anna's phone number is 0151 2345678.", "Anna", "phone", "0151 2345678"),
        ("My phone number is 0151 2345678.", "Anna", "phone", "0151 2345678"),
        ("The team offsite was moved to 12 June.", "team offsite", "date", "2026-06-12"),
        ("Our new dentist is Dr Weber.", "dentist", "name", "Dr Weber"),
        ("The rent is 1,200 euros from July.", "rent", "amount", "1,200 euros"),
        ("Project Atlas is now led by Priya Sharma.", "atlas", "lead", "Priya Sharma"),
        ("Priya is the new lead of the Atlas project.", "atlas", "lead", "Priya"),
        ("Project Atlas is now called Meridian.", "Atlas", "name", "Meridian"),
        ("Tom took over the Halley project from Mia.", "halley", "lead", "Tom"),
        ("Mia handed the newsletter over to Tom.", "newsletter", "lead", "Tom"),
        ("Mila's shoe size is 34 now.", "mila", "size", "34"),
        ("My passport is valid until 14 February 2028.", "passport", "end", "2028-02-14"),
        ("The address of the venue is Lindenstrasse 5, Freising.", "venue", "address",
         "Lindenstrasse 5, Freising"),
        ("The deadline for the grant application is 15 May.", "grant application", "due",
         "2026-05-15"),
        ("The deadline for the tax return was pushed back from 5 May to 12 May.", "tax return",
         "due", "2026-05-12"),
        ("The car insurance costs 64 euros a year.", "car insurance", "price", "64 euros a year"),
        ("We moved the summer holiday: Bornholm from 8 to 22 August instead of July.",
         "summer holiday", "date", "2026-08-08/2026-08-22"),
        ("Das Budget für den Garten beträgt jetzt 400 Euro.", "garten", "budget", "400 Euro"),
        ("Le budget du jardin est de 400 euros.", "jardin", "budget", "400 euros"),
    ],
)  # fmt: skip
def test_statements(text: str, subject: str, attribute: str, value: str) -> None:
    [found] = propose(talk(text))
    assert (found.subject, found.attribute, found.value) == (subject, attribute, value)
    assert found.sources[0].quote == text


def test_a_lease_in_a_mail() -> None:
    found = propose(mail(
        "as discussed, the lease of your flat in Lindenstrasse ends on 31 August 2027.",
        "The rent stays at 1,140 euros until then.",
    ))  # fmt: skip
    assert [(each.subject, each.attribute, each.value) for each in found] == [
        ("lindenstrasse flat lease", "end", "2027-08-31"),
        ("rent", "amount", "1,140 euros"),
    ]


def test_a_value_that_holds_from_a_day_on() -> None:
    [found] = propose(talk("The rent is 1,200 euros from July."))
    assert found.valid_from == "2026-07-01"


def test_what_the_project_is_stands_in_the_title() -> None:
    text = "The project is now led by Priya Sharma."
    [found] = propose(note(text, title="Project Atlas"))
    assert (found.subject, found.value) == ("atlas", "Priya Sharma")
    assert not propose(talk(text))


def test_a_card_in_a_note() -> None:
    found = propose(note("Phone: 089 555 0102", "Email: info@weber.example", "Insurance: AOK",
                         title="Dentist Dr Weber"))  # fmt: skip
    assert [(each.attribute, each.value) for each in found] == [
        ("phone", "089 555 0102"), ("email", "info@weber.example"), ("insurance", "AOK"),
    ]  # fmt: skip
    assert {each.subject for each in found} == {"dentist dr weber"}
    assert found[0].body == "Dentist Dr Weber phone: 089 555 0102."


def test_rows_of_a_table_and_lines_with_a_key() -> None:
    rows = note("| Item | Value |", "| --- | --- |", "| Budget | 400 euros |", title="Garden plan")
    [found] = propose(rows)
    assert (found.subject, found.attribute, found.value) == ("garden", "budget", "400 euros")
    [later] = propose(note("Budget: 380 euros", title="Garden notes"))
    assert (later.subject, later.attribute) == (found.subject, found.attribute)


def test_a_short_name_is_told_apart_by_where_it_stands() -> None:
    [found] = propose(note("Next service is due in November 2026.", title="Boiler",
                           heading=("Boiler", "2025-11-12 Service")))  # fmt: skip
    assert (found.subject, found.value) == ("boiler service", "2026-11")
    [moved] = propose(talk("Meeting moved to Thursday."))
    assert (moved.subject, moved.value) == ("the flat meeting", "2026-03-12")


def test_one_contact_is_one_entry() -> None:
    card = note("Chidi Okafor\nPhone: 0151 555\nNote: left knee", title="contacts",
                heading=("Chidi Okafor",), kind="contact")  # fmt: skip
    [found] = propose(card)
    assert (found.kind, found.subject) == ("person", "Chidi Okafor")
    assert found.body == "Chidi Okafor: Phone: 0151 555; Note: left knee."


def test_a_firm_stands_beside_the_name_of_a_contact() -> None:
    card = "Organisation: Okafor Dental\nPhone: 0151 555\nBirthday: 2 June 1971"
    [found] = propose(note(card, title="Chidi Okafor", kind="contact"))
    assert (found.title, found.subject) == ("Chidi Okafor, Okafor Dental", "Chidi Okafor")
    assert found.body == "Chidi Okafor, Okafor Dental: Phone: 0151 555; Birthday: 2 June 1971."


def test_what_was_decided_is_left_to_decisions() -> None:
    assert not propose(talk("We agreed that the garden budget is 400 euros."))


@pytest.mark.parametrize(
    "text",
    [
        "The budget is tight.",
        "The price was ok and the food was good.",
        "The deadline is close.",
        "If the garden budget is 400 we can buy plants.",
        "The garden budget could be 400.",
        "I think the garden budget is 400.",
        "What is the garden budget? Is it 400?",
        "The cat is on the table.",
        "My rent is going up.",
        "It is on Friday.",
        "My first class is today at 5:00pm!",
        "Christmas without snow is like Halloween without orange.",
        "Man my room is freezing right now.",
        "The plan is to go to Rome on 5 May.",
        "Anna runs every Sunday.",
        "The name was changed on February 14, 1924.",
        "Our weekly sync is on Tuesday.",
        "The status of the permit is still unclear.",
        '"The garden budget is 400", he read.',
        "The budget is 400.",  # of what?
    ],
)
def test_what_states_nothing(text: str) -> None:
    assert not propose(talk(text))


@pytest.mark.parametrize(
    "line", ["Left knee: stop when it clicks", "Milk: 2 litres", "Warning: hot", "Status: TBD",
             "Budget: ?", "Monday: gym", "http://example.org: 400"],
)  # fmt: skip
def test_lines_with_a_colon_that_are_no_card(line: str) -> None:
    assert not propose(note(line, title="Garden"))


def test_nothing_of_assistants_and_tools() -> None:
    text = "The budget for the garden is now 400."
    assert not propose(session(("assistant", text), ("$ cat notes", text)))
    assert len(propose(session(("user", text)))) == 1


def test_the_same_value_is_kept_once_for_a_document() -> None:
    turns = chat(("Anna", "The garden budget is 400."), ("Ben", "ok, the garden budget is 400"))
    assert len(propose(turns)) == 1


def test_time_is_linear_in_hostile_text() -> None:
    assert propose(note("a: " * 100_000, title="Garden")) == []
    assert propose(talk("the budget of " * 50_000 + "is 5")) == []


def test_people_in_a_table_are_one_entry_each() -> None:
    table = "| name | phone | what |\n|---|---|---|\n| Ola Berg | 555 0100 | roofer |"
    [found] = propose(note(table, title="House"))
    assert (found.kind, found.title) == ("person", "Ola Berg")
    assert "555 0100" in found.body and "roofer" in found.body


def test_a_table_without_people_has_none() -> None:
    table = "| name | colour |\n|---|---|\n| Ola Berg | blue |"
    assert not [each for each in propose(note(table, title="House")) if each.kind == "person"]


def test_what_is_mine_is_the_speakers_unless_the_user_says_so() -> None:
    turns = chat(("Ben", "My dentist is Dr Weber."), ("Anna", "My dentist is Dr Kaya."))
    assert [each.subject for each in propose(turns)] == ["Ben's dentist", "dentist"]
    turns = chat(("Ben", "My rent is 500 euros."), ("Anna", "My rent is 400 euros."))
    assert [each.subject for each in propose(turns)] == ["Ben's rent", "rent"]
    [found] = propose(mail("My practice has a new number: 0421 555 0212.", who="Ms Adeyemi"))
    assert (found.subject, found.attribute) == ("Ms Adeyemi's practice", "phone")
    [ours] = propose(chat(("Ben", "Our dentist is Dr Weber.")))
    assert ours.subject == "dentist"


def test_whoever_is_named_with_a_trade_is_known_by_name() -> None:
    [found] = propose(note("Physio Ms Adeyemi, phone 0421 555 0171."))
    assert (found.subject, found.attribute) == ("Ms Adeyemi", "phone")


def test_what_has_a_name_keeps_its_spelling_when_it_gets_another() -> None:
    [found] = propose(talk("The Quayside Singers are called Harbour Voices from January."))
    assert (found.subject, found.attribute) == ("Quayside Singers", "name")
    assert found.value == "Harbour Voices"


def test_a_label_that_tells_a_change_is_read_as_a_sentence() -> None:
    [found] = propose(note("Choir: now Thursday evenings instead of Tuesdays."))
    assert (found.subject, found.attribute, found.value) == ("choir", "day", "Thursday evenings")
    assert not propose(note("Choir: Thursday"))


def test_a_heading_that_greets_is_no_subject() -> None:
    assert not propose(mail("From 1 October our address is Am Speicher 3.", title="News"))


@pytest.mark.parametrize(
    "title", ["Meeting 4 May 2026", "Meeting, May 4th, 2026", "Besprechung 4. Mai 2026", "Notes 4"]
)
def test_the_day_in_a_title_is_not_what_a_note_is_about(title: str) -> None:
    [found] = propose(note("The budget for the launch is 8,000 euros.", title=title))
    assert (found.subject, found.attribute) == ("launch", "budget")
    assert found.title == "Budget for the launch: 8,000 euros"


@pytest.mark.parametrize(
    "text",
    [
        "The meeting is not on 5 May 2026.",
        "The deadline is not 3 June 2026.",
        "Deadline: not 3 June 2026",
        "The contract no longer ends on 3 June 2026.",
        "No meeting of the board is on 3 June 2026.",
        "The room no longer costs 50 euros.",
        "Tom no longer lives in Berlin.",
        "My birthday is not 3 March.",
        "Das Treffen des Vorstands findet am 5. Mai 2026 nicht statt.",
        "Die Abgabefrist ist nicht der 3. Juni 2026.",
        "Le contrat ne se termine pas le 5 mai 2026.",
        "El contrato no termina el 5 de mayo de 2026.",
    ],
)
def test_what_is_denied_is_not_filed_as_its_opposite(text: str) -> None:
    assert propose(note(text, title="Talk")) == []


def test_what_is_denied_beside_a_value_does_not_deny_it() -> None:
    [found] = propose(note("The meeting is on 5 May 2026, not on 6 May 2026.", title="Talk"))
    assert found.value == "2026-05-05"


def test_two_dated_headings_are_two_subjects() -> None:
    first = note("The budget is 4000.", title="Projects", heading=("Project Falcon, 2026-04-01",))
    then = note("The budget is 9000.", title="Projects", heading=("Project Heron, 2026-04-20",))
    titles = [each.title for each in propose([*first, *then])]
    assert titles == ["Project Falcon budget: 4000", "Project Heron budget: 9000"]


@pytest.mark.parametrize(
    ("heading", "subject"),
    [
        ("Project Falcon, 2026-04-01", "falcon"),
        ("Kitchen (3 May 2026)", "kitchen"),
        ("Küche, 3. Mai 2026", "küche"),
        ("2025-11-12 Service", "works"),
        ("Plumber visit, 2026-04-01", "works"),
        ("Réunion avec Zoé, 3 mai 2026", "works"),
        ("2026-04-01", "works"),
    ],
)
def test_a_heading_with_its_day_behind_it_names_the_thing(heading: str, subject: str) -> None:
    said = "The budget is 4000 euros."
    [found] = propose(note(said, title="Works", heading=(heading,)))
    assert found.subject == subject
