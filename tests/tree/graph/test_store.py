from __future__ import annotations

import itertools
import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cairn.core.tree.graph.found import Found
from cairn.core.tree.graph.spelling import best_name, is_slip, parse, signatures
from tests.tree.graph.life import Life


@pytest.fixture
def life(tmp_path: Path) -> Life:
    return Life(tmp_path)


def test_one_person_in_all_spellings(life: Life):
    life.says("chat:a", "Anna Berger", "Anna", "anna.berger@example.org", "Anna B.")
    life.says("chat:b", "Berger, Anna", "ANNA BERGER", "Dr. Anna Berger")
    life.says("chat:c", "@aberger")
    (anna,) = life.things.all()
    assert anna.name == "Dr. Anna Berger" or anna.name == "Anna Berger"
    assert len(anna.spellings) == 8


def test_accents_and_case_are_no_difference(life: Life):
    life.says("chat:a", "José Núñez")
    life.says("chat:b", "jose nunez")
    assert [thing.name for thing in life.things.all()] == ["José Núñez"]


def test_two_annas_stay_two(life: Life):
    life.says("chat:a", "Anna Berger", "Anna Kovács", "Anna")
    assert life.who("chat:a") == {"Anna Berger", "Anna Kovács", "Anna"}


def test_a_bare_anna_stays_apart_where_no_other_is_named(life: Life):
    life.says("chat:a", "Anna Berger", "Anna")
    life.says("chat:b", "Anna")
    assert life.who("chat:a") == {"Anna Berger"}
    assert life.who("chat:b") == {"Anna"}


def test_a_handle_that_fits_two_people_is_nobodys(life: Life):
    life.says("chat:c", "@aberger", "Anna B.")
    life.says("chat:a", "Anna Berger")
    assert life.who("chat:c") == {"Anna Berger"}
    changed = life.says("chat:b", "Arthur Berger")
    assert changed == {"chat:b", "chat:c"}
    assert life.who("chat:c") == {"Anna Berger", "@aberger"}
    assert life.things.forget("chat:b") == {"chat:b", "chat:c"}
    assert life.who("chat:c") == {"Anna Berger"}


def test_a_mailbox_tells_whose_address_it_is(life: Life):
    life.says("file:~/a.eml", "Anna Berger <ab77@example.org>")
    life.says("file:~/b.eml", "ab77@example.org")
    assert life.who("file:~/b.eml") == {"Anna Berger"}
    life.says("file:~/c.eml", "Tom Reed <ab77@example.org>")  # a shared one is nobody's
    assert life.who("file:~/b.eml") == {"ab77@example.org"}


def test_a_title_with_a_surname_is_whoever_bears_it(life: Life):
    life.says("chat:a", "Herr Weber", "Karl Weber")
    assert life.who("chat:a") == {"Karl Weber"}
    life.says("chat:b", "Herr Weber", "Karl Weber", "Ute Weber")
    assert life.who("chat:b") == {"Karl Weber", "Ute Weber", "Herr Weber"}


def test_a_short_form_is_whoever_takes_part_but_a_name_of_its_own_is_not(life: Life):
    life.says("chat:a", "Melanie", "Mel")
    life.says("chat:b", "Samantha", "Sam")
    assert life.who("chat:a") == {"Melanie"}
    assert life.who("chat:b") == {"Samantha", "Sam"}


def test_a_slip_of_the_pen_is_forgiven_in_long_words_only(life: Life):
    life.says("chat:a", "Katharina Winterfeld")
    life.says("chat:b", "Katharina Winterfled")
    life.says("chat:c", "Jan Meier")
    life.says("chat:d", "Jan Maier")
    assert life.groups() == {
        ("Katharina Winterfeld", "Katharina Winterfled"), ("Jan Meier",), ("Jan Maier",),
    }  # fmt: skip


def test_two_who_are_named_in_one_place_are_no_slip(life: Life):
    life.says("chat:a", "Katharina Winterfeld", "Katharina Winterfled")
    assert len(life.things.all()) == 2


def test_names_that_both_exist_are_no_slip():
    assert is_slip("anna winterfeld", "anna winterfled", "person")
    assert not is_slip("fernando winter", "fernanda winter", "person")
    assert not is_slip("johannes reed", "johanna reed", "person")
    assert not is_slip("version1000", "version1001", "thing")
    assert not is_slip("gardening", "gardenings", "thing")


@given(st.text("abcd", min_size=7, max_size=10), st.data())
def test_slips_share_a_signature(word: str, data: st.DataObject):
    place = data.draw(st.integers(1, len(word) - 2))
    letter = data.draw(st.sampled_from("abcd"))
    swapped = word[:place] + word[place + 1] + word[place] + word[place + 2 :]
    for other in (word[:place] + letter + word[place + 1 :], word[:place] + letter + word[place:],
                  swapped):  # fmt: skip
        if is_slip(word, other, "thing"):
            assert signatures(word) & signatures(other)


def test_what_is_no_person_is_one_thing_however_it_is_joined(life: Life):
    life.says("chat:a", "garden-planner", kind="project")
    life.says("chat:b", "Garden Planner", kind="project")
    life.says("chat:c", "Acme GmbH", "Acme", kind="organisation")
    assert life.groups() == {("Garden Planner", "garden-planner"), ("Acme", "Acme GmbH")}


def test_an_unknown_kind_is_the_one_that_is_known(life: Life):
    life.says("chat:a", "Porto", kind="thing")
    life.says("chat:b", "Porto", kind="place")
    (porto,) = life.things.all()
    assert porto.kind == "place"
    life.says("chat:c", "Porto", kind="project")
    assert {thing.kind for thing in life.things.of("chat:a")} == {"thing"}


def test_the_users_aliases_win(life: Life):
    life.says("chat:a", "Anna Berger", "Anna")
    life.says("chat:b", "Anna Bergmann")
    life.says("chat:c", "@sunny")
    life.entry("e_anna", "Anna Berger", kind="person", aliases=["Anna Bergmann", "@sunny"])
    assert life.things.follow_entries() == {"chat:b", "chat:c"}
    assert life.who("chat:b") == life.who("chat:c") == {"Anna Berger"}
    life.entry("e_anna", "Anna Berger", kind="person")
    assert life.things.follow_entries() == {"chat:b", "chat:c"}
    assert life.who("chat:b") == {"Anna Bergmann"}


def test_entries_of_their_own_keep_two_apart(life: Life):
    life.says("chat:a", "Katharina Winterfeld")
    life.says("chat:b", "Katharina Winterfled")
    assert len(life.things.all()) == 1
    life.entry("e_1", "Katharina Winterfeld", kind="person")
    life.entry("e_2", "Katharina Winterfled", kind="person")
    life.things.follow_entries()
    assert len(life.things.all()) == 2


def test_an_alias_that_is_an_address_decides_about_that_address_only(life: Life):
    life.says("file:~/a.eml", "anna.berger@firm.example")
    life.says("file:~/b.eml", "Anna Berger")
    life.entry("e_1", "Anni vom Amt", kind="person", aliases=["anna.berger@firm.example"])
    life.things.follow_entries()
    assert life.who("file:~/a.eml") == {"Anni vom Amt"}
    assert life.who("file:~/b.eml") == {"Anna Berger"}


def test_noting_the_same_again_changes_nothing(life: Life):
    life.says("chat:a", "Anna Berger", "Anna", "Tom")
    before = life.rows()
    assert life.says("chat:a", "Tom", "Anna", "Anna Berger") == frozenset()
    assert life.rows() == before


def test_what_is_forgotten_leaves_nothing(life: Life):
    life.says("chat:a", "Anna Berger <ab@example.org>", "Anna", "@aberger")
    life.says("chat:b", "Porto", kind="place")
    life.things.forget("chat:a")
    life.things.forget("chat:b")
    assert life.rows() == ((), (), ())


_LIST = """Anna Berger, Anna, Anna B., @aberger, Arthur Berger, Anna Kovács, Herr Berger, Kathar,
Katharina, anna.berger@example.org, ab@example.org, Anna Berger <ab@example.org>, Tom Reed,
Katharina Winterfeld, Katharina Winterfled, Katharina Winterfelt, Tom <ab@example.org>"""
_NAMES = _LIST.replace("\n", " ").split(", ")
_SAID = st.frozensets(st.sampled_from(_NAMES), max_size=5)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.sampled_from("abcde"), _SAID), max_size=12), st.randoms())
def test_the_order_of_notes_makes_no_difference(
    tmp_path_factory: pytest.TempPathFactory,
    notes: list[tuple[str, frozenset[str]]],
    chance: random.Random,
):
    one, other = (Life(tmp_path_factory.mktemp("life")) for _ in range(2))
    try:
        for box, names in notes:
            one.says(f"chat:{box}", *sorted(names))
        final = list(dict(notes).items())
        chance.shuffle(final)
        for box, names in final:
            other.says(f"chat:{box}", *sorted(names))
        assert one.rows() == other.rows()
    finally:
        one.journal.close()
        other.journal.close()


def test_decisions_and_notes_come_in_any_order(tmp_path: Path):
    seen = set()
    steps = [
        lambda life: life.says("chat:a", "Anna Bergmann", "Anna"),
        lambda life: life.says("chat:b", "Anna Berger", "Anna"),
        lambda life: life.things.follow_entries(),
    ]
    for number, order in enumerate(itertools.permutations(steps)):
        folder = tmp_path / str(number)
        folder.mkdir()
        life = Life(folder)
        life.entry("e_1", "Anna Berger", kind="person", aliases=["Anna Bergmann"])
        for step in order:
            step(life)
        seen.add(life.rows())
    assert len(seen) == 1


def test_a_thing_is_found_by_any_of_its_names(life: Life):
    life.says("chat:a", "Anna Berger", "Anna", "Tom Reed")
    life.says("chat:b", "Anna Kovács")
    names = [thing.name for thing in life.things.find("anna berger")]
    assert names == ["Anna Berger"]
    assert {thing.name for thing in life.things.find("Anna")} == {"Anna Berger", "Anna Kovács"}
    assert [t.name for t in life.things.named_in("What did Tom Reed's boss say?")] == ["Tom Reed"]
    assert life.things.find("") == life.things.find("nobody") == []


def test_a_renamed_thing_keeps_its_name_and_is_found_by_it(life: Life):
    life.says("chat:a", "@sunny77")
    (thing,) = life.things.all()
    life.things.rename(thing.id, "Sunny from work")
    life.says("chat:b", "@sunny77")
    assert [one.name for one in life.things.find("sunny from work")] == ["Sunny from work"]
    life.things.rename(thing.id, "")
    assert [one.name for one in life.things.all()] == ["@sunny77"]


def test_a_thing_that_an_entry_is_about_has_the_entrys_title(life: Life):
    life.says("chat:a", "anna berger")
    life.entry("e_1", "Anna Berger", kind="person")
    life.things.follow_entries()
    (thing,) = life.things.all()
    assert not life.things.rename(thing.id, "Somebody")
    assert [one.name for one in life.things.all()] == ["Anna Berger"]


def test_the_fullest_spelling_is_shown():
    assert (
        best_name(["anna", "@ab", "BERGER, ANNA", "Anna Berger", "a@example.org"]) == "Anna Berger"
    )
    assert best_name(["Jose Nunez", "José Núñez"]) == "José Núñez"


@pytest.mark.parametrize("text", ["", " ", "@", "<>", ",", ", ,", "((((", "<@>", "\x00", "𝒜" * 200,
                                  "a" * 5000, "'; DROP TABLE things; --"])  # fmt: skip
def test_odd_spellings_do_no_harm(life: Life, text: str):
    life.things.note("chat:a", [Found(text, "person", "chat:a#t1"), Found(text, "thing", "u")])
    life.things.find(text)
    life.things.forget("chat:a")
    assert life.rows() == ((), (), ())
    assert parse(text, "person").key is not None
