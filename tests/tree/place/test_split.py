from __future__ import annotations

import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cairn.core.tree.place.clusters import groups
from cairn.core.tree.place.split import Member, Plan, plan
from tests.tree.place.drafts import HOSTILE, assert_safe

TOPIC = "notes/garden"


def some(subject: str, count: int, **more: object) -> list[Member]:
    return [
        Member(f"e_{subject}_{n:03}", f"Title {n}", "fact", subject, **more)  # type: ignore[arg-type]
        for n in range(count)
    ]


def sizes(found: Plan) -> dict[str, int]:
    folders = [folder for _, folder in found]
    return {folder: folders.count(folder) for folder in sorted(set(folders))}


def test_a_topic_splits_by_subject() -> None:
    members = some("Roses", 20) + some("Compost heap", 15) + some("", 10)
    assert sizes(plan(TOPIC, members)) == {
        "notes/garden/compost-heap": 15,
        "notes/garden/roses": 20,
    }


def test_what_has_no_subject_goes_by_its_tag_or_mention() -> None:
    members = (
        some("roses", 16) + some("", 12, tags=("compost",)) + some("me", 13, mentions=("Ana",))
    )
    assert sizes(plan(TOPIC, members)) == {
        "notes/garden/ana": 13,
        "notes/garden/compost": 12,
        "notes/garden/roses": 16,
    }


def test_spellings_of_one_subject_are_one_part() -> None:
    members = some("Roses", 10) + some("rose", 9) + some("compost", 22)
    assert sizes(plan(TOPIC, members)) == {"notes/garden/compost": 22, "notes/garden/roses": 19}


@pytest.mark.parametrize(
    "members",
    [
        some("roses", 20) + some("compost", 20),
        some("roses", 5) + some("compost", 5) + some("", 50),
        some("roses", 20) + some("compost", 12) + some("", 17),
        some("roses", 60),
        some("roses", 60) + some("compost", 6),
        some("garden", 30) + some("notes", 30),
        [member for n in range(60) for member in some(f"alone {n}q", 1)],
        [],
    ],
    ids=[
        "not too many", "parts too small", "too much left over", "one part", "almost one part",
        "named like the topic", "nothing in common", "empty",
    ],
)  # fmt: skip
def test_a_topic_whose_parts_mean_little_stays_whole(members: list[Member]) -> None:
    assert plan(TOPIC, members) == []


def test_what_a_user_has_placed_stays() -> None:
    members = some("roses", 30, by_hand=True) + some("compost", 20) + some("slugs", 20)
    assert sizes(plan(TOPIC, members)) == {"notes/garden/compost": 20, "notes/garden/slugs": 20}


def test_a_split_that_was_undone_is_not_made_again() -> None:
    members = some("roses", 30) + some("compost", 30)
    assert plan(TOPIC, members)
    assert plan(TOPIC, members, undone=(TOPIC,)) == []


@pytest.mark.parametrize("folder", ["inbox", "notes", "notes/garden/beds", "../x", "inbox/x", ""])
def test_only_a_topic_splits(folder: str) -> None:
    assert plan(folder, some("roses", 30) + some("compost", 30)) == []


def test_folders_that_are_there_are_used_as_they_are_spelled() -> None:
    found = plan(TOPIC, some("roses", 30) + some("compost", 30), below=("Rose", "Other"))
    assert sizes(found) == {"notes/garden/Rose": 30, "notes/garden/compost": 30}


def scattered(seed: int, *parts: tuple[str, int]) -> list[Member]:
    rng = np.random.default_rng(seed)
    return [
        Member(f"e_{word}{n:03}", f"{word.title()} number {n}", "fact",
               vector=centre + rng.normal(size=32) * 0.5)
        for word, count in parts
        for centre in (rng.normal(size=32),)
        for n in range(count)
    ]  # fmt: skip


def test_meaning_parts_what_words_do_not() -> None:
    members = scattered(1, ("roses", 20), ("compost", 18), ("slugs", 16))
    assert sizes(plan(TOPIC, members)) == {
        "notes/garden/compost": 18, "notes/garden/roses": 20, "notes/garden/slugs": 16,
    }  # fmt: skip


def test_clusters_without_a_name_are_no_parts() -> None:
    members = [Member(m.id, "", vector=m.vector) for m in scattered(1, ("a", 30), ("b", 30))]
    assert plan(TOPIC, members) == []


def test_vectors_that_say_nothing_do_no_harm() -> None:
    useless = (None, np.zeros(32), np.full(32, np.nan), np.ones(3), np.array([]))
    members = [Member(f"e_{n}", f"Roses {n}", vector=useless[n % 5]) for n in range(60)]
    assert plan(TOPIC, members) == []
    same = [Member(f"e_{n}", "Roses" if n % 2 else "Compost", vector=np.ones(8)) for n in range(60)]
    assert plan(TOPIC, same) == []
    good = scattered(2, ("roses", 30), ("compost", 30)) + members[:5]
    assert len(plan(TOPIC, good)) >= 60


def test_a_very_large_topic_is_no_trouble() -> None:
    members = scattered(3, ("roses", 4000), ("compost", 3000))
    assert sizes(plan(TOPIC, members)) == {"notes/garden/compost": 3000, "notes/garden/roses": 4000}


def test_clusters_are_the_same_each_time() -> None:
    rows = np.random.default_rng(0).normal(size=(300, 16))
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    assert groups(rows, 5) == groups(rows.copy(), 5)
    assert len(set(groups(rows, 5))) == 5


words = st.sampled_from(("", "roses", "Rose", "compost", "Ana", "me", "garden", *HOSTILE))
members = st.lists(
    st.builds(
        Member,
        id=st.uuids().map(str),
        title=words,
        subject=words,
        tags=st.lists(words, max_size=2).map(tuple),
        by_hand=st.booleans(),
    ),
    min_size=12,
    max_size=20,
    unique_by=lambda member: member.id,
)


@settings(deadline=None, max_examples=60)
@given(members, st.integers(0, 9))
def test_every_plan_keeps_the_rules(sample: list[Member], seed: int) -> None:
    many = [
        Member(f"{m.id}{n}", m.title, m.kind, m.subject, m.tags, m.mentions, None, m.by_hand)
        for m in sample
        for n in range(5)
    ]
    found = plan(TOPIC, many)
    shuffled = list(many)
    random.Random(seed).shuffle(shuffled)
    assert plan(TOPIC, shuffled) == found
    movable = {member.id for member in many if not member.by_hand}
    assert {id for id, _ in found} <= movable and len(dict(found)) == len(found)
    if found:
        assert len(found) >= len(movable) * 2 / 3
        assert min(sizes(found).values()) >= 6 and len(sizes(found)) >= 2
    for _, folder in found:
        assert_safe(folder)
        assert folder.startswith(f"{TOPIC}/") and folder.count("/") == 2
