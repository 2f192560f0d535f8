"""The first person told in the third."""

import pytest

from cairn.core.tree.curate.rules.voice import speaks_of_self, third_person


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("I'm planning to move to Berlin with my sister",
         "Ana is planning to move to Berlin with Ana's sister"),
        ("I love my dog", "Ana loves Ana's dog"),
        ("I have two kids and I do yoga", "Ana has two kids and Ana does yoga"),
        ("I don't smoke", "Ana doesn't smoke"),
        ("I've got a cat", "Ana has got a cat"),
        ("I'll send it", "Ana will send it"),
        ("I'd love to go", "Ana would love to go"),
        ("I'd been there", "Ana had been there"),
        ("I went home and was tired", "Ana went home and was tired"),
        ("I really enjoy it and go every week", "Ana really enjoys it and goes every week"),
        ("I want to go and see it", "Ana wants to go and see it"),
        ("I need a break", "Ana needs a break"),
        ("I apply for jobs", "Ana applies for jobs"),
        ("I rarely watch TV", "Ana rarely watches TV"),
        ("My sister and I love it", "Ana's sister and Ana love it"),
        ("it was late and I went home", "It was late and Ana went home"),
        ("we made pizza for our kids", "Ana and others made pizza for Ana's kids"),
        ("it means a lot to me", "It means a lot to Ana"),
        ("I hurt myself", "Ana hurt themselves"),
        ("im happy", "Ana is happy"),
        ("i moved here", "Ana moved here"),
        ("Been reading a lot", "Ana has been reading a lot"),
        ("Gonna continue my education", "Ana is going to continue Ana's education"),
        ("Went to Paris last week", "Ana went to Paris last week"),
        ("Working on a project", "Ana is working on a project"),
        ("Haven't seen it", "Ana hasn't seen it"),
        ("So excited about the trip", "Ana is so excited about the trip"),
        ("I’m here", "Ana is here"),
        ('My mom said "I love my job" to me', 'Ana\'s mom said "I love my job" to Ana'),
    ],
)  # fmt: skip
def test_the_speaker_is_named(text: str, told: str) -> None:
    assert third_person(text, "Ana") == told


@pytest.mark.parametrize(
    "text",
    [
        "Painting is a great way to relax",
        "Love is magical",
        "Working on a team is fun",
        "Based on a true story",
        "Everything on the list was nice",
        "Going to be a great night",
        "The US won",
    ],
)
def test_nothing_is_put_where_nobody_speaks_of_himself(text: str) -> None:
    assert third_person(text, "Ana") == text
    assert not speaks_of_self(text)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("I moved to Berlin in May 2023", "You moved to Berlin in May 2023"),
        ("I was tired and I'm going home", "You were tired and you are going home"),
        ("I love my dog", "You love your dog"),
        ("I don't hurt myself", "You don't hurt yourself"),
        ("my sister called me", "Your sister called you"),
    ],
)
@pytest.mark.parametrize("who", ["", "me"])
def test_the_user_without_a_name_is_you(text: str, told: str, who: str) -> None:
    assert third_person(text, who) == told


@pytest.mark.parametrize(
    ("text", "listener", "told"),
    [
        ("I'll send you the invoice", "Ben", "Ana will send Ben the invoice"),
        ("I love how you use it to help you relax", "Ben",
         "Ana loves how Ben uses it to help Ben relax"),
        ("since you were away I took your car", "Ben", "Since Ben was away Ana took Ben's car"),
        ("if you're late I go", "Ben", "If Ben is late Ana goes"),
        ("I'll send you the invoice", "me", "Ana will send you the invoice"),
        ("since you were away I waited", "me", "Since you were away Ana waited"),
        ("I'll send you the invoice", "", None),
    ],
)  # fmt: skip
def test_the_listener_is_named_or_nothing_is_told(
    text: str, listener: str, told: str | None
) -> None:
    assert third_person(text, "Ana", listener) == told


@pytest.mark.parametrize("text", ["Let's go", "let me know", "I gotta " + "run " * 200])
def test_what_would_be_no_good_sentence_is_not_told(text: str) -> None:
    assert third_person(text, "Ana", "Ben") is None


def test_a_name_that_ends_in_s_keeps_its_spelling() -> None:
    assert third_person("I love my dog", "James") == "James loves James's dog"
