from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cairn.core.tree.place.choose import Draft, Known, choose
from tests.tree.place.drafts import HOSTILE, Filing, assert_safe

GARDEN = "file:~/notes/garden/beds.md"
CHAT = "chat:chatgpt/68ab"


def fact(container: str = "", **more: object) -> Draft:
    return Draft("fact", "A title", container=container, **more)  # type: ignore[arg-type]


def test_a_thought_of_the_user_goes_to_the_inbox() -> None:
    assert choose(fact(), Known()) == "inbox"
    assert choose(fact("file:~/.local/share/cairn/tree/inbox/a.md"), Known()) == "inbox"


def test_nothing_else_goes_to_the_inbox() -> None:
    assert choose(fact("file:~/inbox/letter.md"), Known()) != "inbox"
    assert choose(fact(CHAT, subject="inbox"), Known()) == "knowledge/inbox"


def test_the_first_of_a_place_goes_to_its_own_folder() -> None:
    assert choose(fact(GARDEN), Known()) == "notes/garden"
    assert choose(fact("file:~/journal/2024-05-01.md"), Known()) == "journal/general"


def test_a_conversation_about_a_project_joins_its_files() -> None:
    tree = Filing()
    assert tree.put(fact("file:~/garden/plan.md")) == "garden/plan"
    assert tree.put(fact("chat:codex/1", project="~/garden")) == "garden/general"


def test_what_has_no_place_goes_to_the_nearest_topic() -> None:
    tree = Filing()
    for number in range(3):
        tree.put(fact(f"file:~/notes/garden/{number}.md", subject="roses", tags=("pruning",)))
    assert choose(fact(CHAT, subject="Roses"), tree.known) == "notes/garden"
    assert choose(fact(CHAT, subject="Garden"), tree.known) == "notes/garden"
    assert choose(fact(CHAT, tags=("pruning",)), tree.known) == "notes/garden"
    assert choose(fact(CHAT, tags=("tax",)), tree.known) == "knowledge/tax"


def test_a_tag_of_many_topics_draws_nothing() -> None:
    tree = Filing()
    for number in range(40):
        for part in "xy":
            tree.put(fact(f"file:~/notes/topic-{number}q/{part}.md", tags=("todo", "idea")))
    assert choose(fact(CHAT, tags=("idea",)), tree.known) == "knowledge/idea"


def test_meaning_decides_where_words_do_not() -> None:
    rng, tree = np.random.default_rng(1), Filing()
    garden, tax = rng.normal(size=(2, 64))
    for number in range(6):
        near = garden + rng.normal(size=64) * 0.4
        tree.put(fact(f"file:~/notes/garden/{number}.md", vector=near))
        tree.put(fact(f"file:~/work/tax/{number}.md", vector=tax + rng.normal(size=64) * 0.4))
    assert choose(fact(CHAT, vector=garden + rng.normal(size=64) * 0.4), tree.known) == (
        "notes/garden"
    )
    assert choose(fact(CHAT, vector=rng.normal(size=64)), tree.known) == "knowledge/general"
    for useless in (np.zeros(64), np.full(64, np.nan), np.ones(32), np.full(64, 1e300)):
        assert choose(fact(CHAT, vector=useless), tree.known) == "knowledge/general"


@pytest.mark.parametrize(
    ("draft", "expected"),
    [
        (Draft("preference", "x", "coffee", container=CHAT), "preferences/coffee"),
        (Draft("preference", "x", "user", container=CHAT), "me/preferences"),
        (Draft("procedure", "x", "", ("git", "rebase"), container=CHAT), "how-to/git"),
        (Draft("decision", "x", "", ("decision",), (), CHAT, "Sourdough"), "decisions/sourdough"),
        (Draft("person", "Ana Silva"), "people/ana-silva"),
        (Draft("project", "x", "Orchard"), "projects/orchard"),
        (Draft("recipe", "x", "", container=CHAT), "knowledge/general"),
    ],
)
def test_else_the_kind_decides(draft: Draft, expected: str) -> None:
    assert choose(draft, Known()) == expected


def test_a_folder_by_kind_draws_no_other_kind() -> None:
    tree = Filing()
    tree.put(Draft("preference", "x", "coffee", container=CHAT))
    assert choose(Draft("question", "x", "coffee", container=CHAT), tree.known) == (
        "questions/coffee"
    )


def test_a_container_keeps_its_folder() -> None:
    tree = Filing()
    for number in range(3):
        tree.put(fact(f"file:~/notes/garden/{number}.md", subject="roses"))
    assert tree.put(fact(CHAT, subject="roses")) == "notes/garden"
    assert tree.put(fact(CHAT + "#t41", subject="slugs")) == "notes/garden"


def test_the_users_own_choice_is_followed() -> None:
    tree = Filing()
    tree.put(fact(GARDEN, subject="garden budget"))
    tree.put(fact(GARDEN, subject="roses"))
    tree.move(0, "Money/Garden")
    assert tree.put(fact(GARDEN, subject="Garden  budget")) == "Money/Garden"
    assert tree.put(fact("chat:whatsapp/ana", subject="garden budget")) == "Money/Garden"
    assert tree.put(fact(GARDEN, subject="roses")) == "notes/garden"


def test_a_whole_folder_that_was_moved_is_followed_by_new_files_of_it() -> None:
    tree = Filing()
    for number in range(3):
        tree.put(fact(f"file:~/notes/garden/{number}.md", subject=f"s{number}"))
    for number in range(3):
        tree.move(number, "outdoors/garden")
    assert tree.put(fact("file:~/notes/garden/new.md")) == "outdoors/garden"


def test_a_deep_or_unsafe_choice_is_followed_as_far_as_it_goes() -> None:
    known = Known()
    known.note("a/b/c/d/e", fact(subject="deep"), by_hand=True)
    known.note("../../etc", fact(subject="out"), by_hand=True)
    assert choose(fact(GARDEN, subject="deep"), known) == "a/b/c"
    assert choose(fact(GARDEN, subject="out"), known) == "notes/garden"


def test_new_folders_take_the_spelling_of_those_that_are_there() -> None:
    known = Known()
    known.note("Notes/Gardens", fact("file:~/elsewhere/deep/x.md"), by_hand=True)
    assert choose(fact(GARDEN), known) == "Notes/Gardens"
    known = Known()
    known.note("notes/Café", fact(), by_hand=True)
    assert choose(fact("file:~/notes/cafe\u0301/x.md"), known) == "notes/Café"


def test_people_of_almost_one_name_are_two() -> None:
    tree = Filing()
    assert tree.put(Draft("person", "Johannes")) == "people/johannes"
    assert tree.put(Draft("person", "Johanne")) == "people/johanne"


def test_channels_stay_apart_where_the_catalogue_has_no_titles() -> None:
    known, club = Known(), "Garden Club"
    known.note("garden-club/beds", fact("chat:slack/C1", project=club))
    other = fact("chat:slack/C2", container_title="#general", project=club)
    assert choose(other, known) == "garden-club/general"


def test_a_person_without_a_source_stays_where_the_first_mention_put_it() -> None:
    tree, ana = Filing(), Draft("person", "Ana", mentions=("roses",), tags=("pruning",))
    assert tree.put(ana) == "people/ana"
    for number in range(3):
        tree.put(fact(f"file:~/notes/garden/{number}.md", subject="roses", tags=("pruning",)))
    assert tree.put(ana) == "people/ana"


def test_after_a_split_a_container_finds_its_subtopic_by_subject() -> None:
    tree = Filing()
    for number in range(4):
        tree.put(fact(GARDEN, subject="roses" if number < 2 else f"other {number}"))
    tree.move(0, "notes/garden/roses")
    tree.known.forget("notes/garden/roses", tree.filed[0][1], by_hand=True)
    tree.known.note("notes/garden/roses", tree.filed[0][1])  # a split is nobody's hand
    tree.known.forget("notes/garden", tree.filed[1][1])
    tree.known.note("notes/garden/roses", tree.filed[1][1])
    assert tree.put(fact(GARDEN, subject="roses")) == "notes/garden/roses"
    assert tree.put(fact(GARDEN, subject="hedges")) == "notes/garden"


def test_a_crowded_domain_gets_no_more_topics() -> None:
    tree = Filing()
    folders = {tree.put(fact(f"file:~/notes/zettel {n}q.md")) for n in range(300)}
    assert "notes/general" in folders and len(folders) <= 50
    assert tree.put(fact("file:~/notes/zettel 3q.md")) == "notes/zettel-3q"


def test_what_was_noted_can_be_forgotten_without_a_trace() -> None:
    known, draft = Known(), fact(GARDEN, subject="roses", vector=np.ones(8))
    known.note("Elsewhere/Trip", draft, by_hand=True)
    known.forget("Elsewhere/Trip", draft, by_hand=True)
    known.forget("Elsewhere/Trip", draft, by_hand=True)
    assert choose(draft, known) == "notes/garden"
    assert choose(fact("file:~/elsewhere/trip/y.md"), known) == "elsewhere/trip"


@pytest.mark.parametrize("text", HOSTILE, ids=ascii)
def test_hostile_text_stays_within_the_tree(text: str) -> None:
    for kind in ("fact", "person", "preference", text):
        drafts = (
            Draft(kind, text, text, (text,), (text,)),
            Draft(kind, text, text, (text,), (text,), f"file:~/{text}/{text}/x.md", text, text),
            Draft(kind, text, text, (text,), (text,), f"chat:slack/{text}", text, text),
            Draft(kind, text, text, (text,) * 99, (), f"chat:chatgpt/{text}", text, text),
            Draft(kind, text, "", (), (), f"chat:{text}", text, f"/x/{text}"),
            Draft(kind, text, "", (), (), text, text, ""),
        )
        tree = Filing()
        for draft in drafts:
            assert_safe(tree.put(draft))


words = st.sampled_from(("", "roses", "Roses", "garden", "tax", "me", "coffee", "ana", "budget"))
places = st.sampled_from(
    ("", GARDEN, "file:~/notes/a.md", "file:~/garden/a.md", "file:~/Downloads/x.pdf", CHAT,
     "chat:chatgpt/2", "chat:whatsapp/ana-3f2a1b7c", "chat:turns/1", "chat:codex/1", "chat:mail/1")
)  # fmt: skip
drafts = st.builds(
    Draft,
    kind=st.sampled_from(("fact", "preference", "decision", "person", "procedure")),
    title=words,
    subject=words,
    tags=st.lists(words, max_size=2).map(tuple),
    mentions=st.lists(words, max_size=2).map(tuple),
    container=places,
    container_title=words,
    project=st.sampled_from(("", "", "~/garden", "~/src/cairn", "Garden")),
    vector=st.none() | st.lists(st.integers(-3, 3), min_size=4, max_size=4).map(np.array),
)


@settings(deadline=None, max_examples=150)
@given(st.lists(drafts, max_size=30))
def test_later_entries_never_change_the_folder_of_earlier_ones(sample: list[Draft]) -> None:
    tree = Filing()
    for draft in sample:
        assert_safe(tree.put(draft))
    for folder, draft in tree.filed:
        assert choose(draft, tree.known) == folder  # it would go there again


@settings(deadline=None, max_examples=60)
@given(st.lists(drafts, max_size=20), st.randoms())
def test_what_is_filed_decides_and_not_in_what_order_it_is_told(
    sample: list[Draft], random: object
) -> None:
    first, second = Filing(), Filing()
    assert [first.put(draft) for draft in sample] == [second.put(draft) for draft in sample]
    again, shuffled = Known(), list(first.filed)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    for folder, draft in shuffled:
        again.note(folder, draft)
    for draft in sample:
        assert choose(draft, again) == choose(draft, first.known)


def test_the_order_of_arrival_does_not_matter_to_places_of_their_own() -> None:
    sample = [fact(GARDEN), fact("file:~/work/tax/x.md"), fact("chat:signal/ana"), fact()]
    results = []
    for order in permutations(range(4)):
        tree = Filing()
        found = {number: tree.put(sample[number]) for number in order}
        results.append(sorted(found.items()))
    assert all(result == results[0] for result in results)
