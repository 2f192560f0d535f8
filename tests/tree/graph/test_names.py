from __future__ import annotations

import time

import pytest

from cairn.core.records import Entry, Kind, Origin
from cairn.core.tree.curate.material import Utterance
from cairn.core.tree.graph.names import MOST_FOUND, entry_names, find_names


def found(
    *texts: str, who: str = "", origin: Origin = "user", kind: Kind = "chat", project: str = ""
) -> dict[str, str]:
    said = [
        Utterance(f"chat:x/1#t{n}", text, who=who, origin=origin, kind=kind, project=project)
        for n, text in enumerate(texts, 1)
    ]
    return {one.spelling: one.kind for one in find_names(said)}


def test_senders_are_people_and_the_user_is_nobody_else():
    said = [
        Utterance("chat:x/1#t1", "fine", who="Xaviera Okonjo", origin="other"),
        Utterance("chat:x/1#t2", "ok", who="me", origin="user"),
    ]
    (one,) = find_names(said)
    assert (one.spelling, one.kind, one.count) == ("Xaviera Okonjo", "person", 1)
    assert one.uri == "chat:x/1#t1"


def test_cues_tell_people_places_projects_and_organisations():
    text = (
        "I work at Globex now. My sister Annelu moved to Porto. "
        "We talked about the Atlas project with Dr. Weber and Marisol University."
    )
    assert found(text) == {
        "Globex": "organisation", "Annelu": "person", "Porto": "place", "Atlas": "project",
        "Dr. Weber": "person", "Marisol University": "organisation",
    }  # fmt: skip


def test_a_name_is_found_inside_a_sentence_and_not_at_its_beginning():
    assert "Quillon Reeves" in found("I met Quillon Reeves there.")
    assert found("Painting helps me. Somebody came. Lovely House was on the table.") == {}


def test_a_given_name_counts_at_a_beginning_unless_it_is_a_word():
    assert found("Anna called me.") == {"Anna": "person"}
    assert found("Will you come? Rose is a colour that I like. May it be so.") == {}


def test_months_weekdays_markup_and_shouting_are_no_names():
    text = "We meet on Monday in March about the PDF and the README in English, THIS IS VERY LOUD"
    assert found(text, text) == {}


def test_headings_code_quotes_and_addresses_hold_no_names():
    text = (
        "# Meeting With Quillon Reeves\n"
        "> and then Quillon Reeves said\n"
        "```\nfrom Quillon Reeves import it\n```\n"
        "see `Quillon Reeves` at https://example.org/Quillon and the\n"
    )
    assert found(text) == {}


def test_an_unknown_word_must_be_named_twice_and_never_be_written_small():
    assert found("I like the Zorblax a lot.") == {}
    assert found("I like the Zorblax a lot.", "Yes, the Zorblax is good.") == {"Zorblax": "thing"}
    assert found("I like the Support.", "Yes, the Support is good.", "we need support") == {}


def test_german_nouns_are_no_names():
    text = (
        "Gestern war ich mit meiner Schwester Anna beim Zahnarzt in der Stadt, und das Wetter war "
        "nicht gut. Herr Weber hat den Vertrag an Katharina geschickt."
    )
    assert found(text) == {"Anna": "person", "Herr Weber": "person", "Katharina": "person"}
    assert found("Der Termin ist morgen.", "Die Rechnung liegt auf dem Tisch.", "Neue Reifen") == {}


def test_a_noun_after_a_german_name_is_no_surname_unless_it_comes_again():
    assert found("Ich habe mit Anna Pizza gegessen und das war gut.") == {"Anna": "person"}
    twice = "Ich habe das mit Anna Berger besprochen."
    assert found(twice, twice) == {"Anna Berger": "person"}


def test_mail_headers_name_their_people_and_no_roles():
    text = (
        "Subject: Lease\nFrom: Anna Berger <anna@example.org>\n"
        "To: Tom Reed <tom@example.org>, no-reply@example.org\n\nSee you there.\n"
    )
    names = found(text, who="Anna Berger", origin="other", kind="mail")
    assert names == {
        "Anna Berger": "person",
        "Anna Berger <anna@example.org>": "person",
        "Tom Reed <tom@example.org>": "person",
    }


def test_handles_addresses_and_files_are_found():
    names = found("ask @aberger about budget.xlsx, or write to anna.berger@example.org")
    assert names == {
        "@aberger": "person", "budget.xlsx": "thing", "anna.berger@example.org": "person",
    }  # fmt: skip


def test_decorators_packages_and_roles_are_no_people():
    text = "use @property and @types/node with @README.md, then write to info@example.org"
    assert "person" not in found(text).values()
    assert found("look at @aberger please", project="/home/u/src/atlas") == {"atlas": "project"}


def test_a_folder_that_says_nothing_is_no_project():
    assert found("hello", project="/home/u/src") == {}
    assert found("hello", project="C:\\work\\garden-planner") == {"garden-planner": "project"}


@pytest.mark.parametrize("origin", ["tool", "context"])
def test_what_programs_print_names_nobody(origin: Origin):
    assert found("I met Anna Berger in Paris.", origin=origin) == {}


def test_a_possessive_is_not_part_of_a_name():
    assert found("That was Anna's House, I think.") == {"Anna": "person"}


def test_a_short_form_of_whoever_takes_part_is_a_person():
    said = [
        Utterance("chat:x/1#t1", "hi", who="Melanie", origin="other"),
        Utterance("chat:x/1#t2", "See you, Mel!", who="Caroline", origin="other"),
    ]
    assert {one.spelling for one in find_names(said)} == {"Melanie", "Caroline", "Mel"}


def test_an_entry_names_what_its_claim_names():
    entry = Entry("e_1", "Lease", "fact", "The lease was signed by Tom Reed in Porto for Zorblax.",
                  "2026-03-02", subject="garden lease")  # fmt: skip
    assert {(one.spelling, one.uri) for one in entry_names(entry)} == {
        ("Tom Reed", "e_1"), ("Porto", "e_1"), ("Zorblax", "e_1"),
    }  # fmt: skip


def test_other_scripts_do_no_harm():
    text = "昨日アンナさんと会いました。 Анна Каренина сказала, что Вронский уехал. مرحبا يا آنا"
    assert set(found(text)) <= {"Анна Каренина", "Вронский"}


@pytest.mark.parametrize(
    "text",
    ["Aa " * 300_000, "a@" * 300_000, "@" * 500_000, "A" * 1_000_000, "a.py" * 200_000,
     "From: " + "<" * 100_000, "Dr. " * 200_000, "`" * 300_000, "A. " * 300_000, "\n" * 1_000_000,
     "www." * 200_000, "x-" * 400_000, "Anna of " * 100_000],
)  # fmt: skip
def test_hostile_text_costs_linear_time_and_bounded_memory(text: str):
    def spent(part: str) -> float:
        start = time.process_time()
        assert len(find_names([Utterance("file:~/x#L1", part, kind="mail")])) <= MOST_FOUND
        return time.process_time() - start

    assert spent(text) < 20  # a quadratic pattern would take hours
