"""What is worth keeping weighs more than what is not."""

import pytest

from cairn.core.tree.curate.material import Utterance
from cairn.core.tree.curate.rules.clauses import clauses
from cairn.core.tree.curate.rules.salience import ENOUGH, is_personal, weigh
from cairn.core.tree.curate.rules.topics import is_english, names, topic_words


def weight(text: str) -> float:
    return max(weigh(clause) for clause in clauses(Utterance("c#t1", text, "Ana", "other")))


@pytest.mark.parametrize(
    "text",
    [
        "I adopted a puppy from the shelter in Leeds last Friday.",
        "My sister is getting married in Rome next summer.",
        "I've been working as a nurse at a children's hospital for six years.",
        "I'm allergic to peanuts and cats, so I carry an inhaler everywhere.",
        "We moved to a bigger apartment near my parents in March.",
        "I usually go running along the river with my brother every morning.",
        "My favorite book as a kid was “The Hobbit”, my dad read it to us.",
        "Just finished my master's degree in biology at the University of Porto!",
    ],
)
def test_what_people_write_down_is_enough(text: str) -> None:
    assert weight(text) >= ENOUGH


@pytest.mark.parametrize(
    "text",
    [
        "That's awesome!",
        "You're doing an amazing job, keep it up!",
        "Thanks, that means a lot to me.",
        "I totally agree with you on that.",
        "Life is full of surprises, isn't it?",
        "Let me know if you need anything.",
        "Good luck with the exam!",
        "It's so nice outside today.",
        "If I were rich I would buy a castle in Scotland and live there with my dogs.",
        "Sounds like a great plan!",
        "lol same",
        "I'm going to bed now, talk tomorrow.",
        "Take care of yourself and your family.",
        "Haha that is so funny",
        "Ich habe gestern mit meiner Schwester einen Hund aus dem Tierheim geholt.",
        "Ayer fui con mi hermana a la playa y me gusta mucho el mar.",
        "def adopt(puppy): return puppy.home()",
    ],
)
def test_small_talk_praise_and_other_tongues_are_not(text: str) -> None:
    assert weight(text) < ENOUGH


@pytest.mark.parametrize(
    ("text", "is_so"),
    [
        ("I live in Porto with my wife and two kids.", True),
        ("I'm vegetarian and allergic to nuts.", True),
        ("I want to write a script that renames my photos.", False),
        ("My code has a class for dogs and cats.", False),
        ("Write a story on a dog that loves school.", False),
    ],
)
def test_a_task_for_a_program_is_nothing_personal(text: str, is_so: bool) -> None:
    (clause,) = clauses(Utterance("c#t1", text, "me", "user"))
    assert is_personal(clause) is is_so


def test_names_are_found_but_not_the_first_word_or_days() -> None:
    text = "Yesterday I met Zoe Miller’s dog Rex on Friday at the Museum of Art in “Old Town”."
    assert names(text) == ["Zoe Miller", "Rex", "Museum of Art", "Old Town"]


def test_two_sentences_on_one_thing_share_words() -> None:
    assert topic_words("I adopted puppies") & topic_words("my puppy was adopted")
    assert not topic_words("I really love it") & topic_words("they really love it")


def test_a_foreign_word_makes_no_foreign_sentence() -> None:
    assert is_english("I lived in La Paz and in Los Angeles with my wife.")
    assert not is_english("ich war mit der Familie in den Bergen")
