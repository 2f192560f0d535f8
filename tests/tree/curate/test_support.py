"""What a quote says and what it doesn't: true claims pass, everything else is refused."""

from __future__ import annotations

import time

import pytest

from cairn.core.records import Source
from cairn.core.tree.curate.support import unsupported

SAID = "2023-05-08T10:00:00"


def ask(claim: str, *said: tuple[str, str], listener: str = "") -> str:
    sources = [Source("chat:x/y#t1", text, who, SAID) for who, text in said]
    return unsupported(claim, sources, listener=listener)


@pytest.mark.parametrize(
    ("said", "claim"),
    [
        ("I love my dog", "Ana loves Ana's dog."),
        ("I love my dog", "Ana loves her dog."),
        ("I sent the invoice yesterday", "Ana sent the invoice on 7 May 2023."),
        ("Yesterday I sent the invoice", "Ana sent the invoice on 7 May 2023."),
        ("I sent the invoice yesterday", "Ana sent the invoice in May 2023."),
        ("I joined a gym last week!", "Ana joined a gym in the week of 1 May 2023."),
        ("Ben paid me", "Ben paid Ana."),
        ("I don't like tea", "Ana doesn't like tea."),
        ("I didn't buy a car", "Ana did not buy a car."),
        ("My sister lives in Oslo", "Ana's sister lives in Oslo."),
        ("My sister Mia lives in Oslo", "Ana's sister is Mia."),
        ("I moved from Oslo to Bergen", "Ana moved from Oslo to Bergen."),
        ("I paid €20 for the lamp", "Ana paid 20 euros for the lamp."),
        ("I have three cats", "Ana has 3 cats."),
        ("I'm allergic to nuts, sadly", "Ana is allergic to nuts."),
        ("Well, I work at Shell", "Ana works at Shell."),
        ("Ben came and I bought a lamp", "Ana bought a lamp."),
        ("I moved to Oslo and I work at Shell", "Ana moved to Oslo and works at Shell."),
        ("Bought a lamp yesterday", "Ana bought a lamp on 7 May 2023."),
        ("Can't wait to swim", "Ana can't wait to swim."),
        ("I'll send the invoice by Friday", "Ana promised to send the invoice by 12 May 2023."),
        ("I sold the car, not the bike", "Ana sold the car."),
        ("I really like tea", "Ana likes tea."),
        ("We moved to Oslo", "Ana and others moved to Oslo."),
        ("I'm gonna visit Rome", "Ana is going to visit Rome."),
        ("I swim every Friday", "Ana swims every Friday."),
        ("If it rains, I stay home", "If it rains, Ana stays home."),
        ("I was hired by Ben", "Ana was hired by Ben."),
        ("I agreed with Ben on 400 for the beds", "Ana agreed with Ben on 400 for the beds."),
        ("I moved to Oslo", "Ana said that she moved to Oslo."),
        ("Let's use Postgres", "Ana and others decided to use Postgres."),
    ],
)  # fmt: skip
def test_what_was_said_passes_in_the_third_person(said: str, claim: str) -> None:
    assert ask(claim, ("Ana", said)) == ""


@pytest.mark.parametrize(
    ("said", "claim"),
    [
        ("Ben paid me", "Ana paid Ben."),  # swapped
        ("Ben was hired by me", "Ben hired Ana."),
        ("I hired Ben", "Ana was hired."),
        ("I sold my car to Ben", "Ana sold Ben's car."),
        ("I asked Ben to pay", "Ana paid Ben."),
        ("I don't like tea", "Ana likes tea."),  # denied
        ("I like tea", "Ana doesn't like tea."),
        ("I never smoked", "Ana smoked."),
        ("I have no kids", "Ana has kids."),
        ("I can't swim", "Ana can swim."),
        ("I don't eat nuts in the evening", "Ana doesn't eat nuts."),
        ("I didn't go to work yesterday", "Ana didn't go to work in May 2023."),
        ("I might move to Berlin", "Ana moves to Berlin."),  # not for certain
        ("I'd move to Berlin", "Ana moves to Berlin."),
        ("I want to move to Berlin", "Ana moved to Berlin."),
        ("If it rains, I stay home", "Ana stays home."),
        ("I'll come unless Ben does", "Ana will come."),
        ("I think I'll buy a car", "Ana will buy a car."),
        ("I dreamt I bought a car", "Ana bought a car."),
        ("Ben said Mia is ill", "Mia is ill."),
        ("Maybe I sold the car", "Ana sold the car."),
        ("I like tea. Just kidding!", "Ana likes tea."),
        ("Do I like tea?", "Ana likes tea."),
        ("Buy milk", "Ana buys milk."),
        ("I paid 20 euros", "Ana paid 30 euros."),  # other numbers, units, days
        ("I paid 20 euros", "Ana paid 20 dollars."),
        ("It was -5 degrees in Oslo", "It was 5 degrees in Oslo."),
        ("I have three cats", "Ana has four cats."),
        ("I sent the invoice yesterday", "Ana sent the invoice on 8 May 2023."),
        ("I sent the invoice in May 2023", "Ana sent the invoice on 8 May 2023."),
        ("I sent the invoice", "Ana sent the invoice on 8 May 2023."),
        ("I lived in Oslo until 2020", "Ana lived in Oslo since 2020."),
        ("I sent the invoice yesterday", "Ana sent the invoice yesterday."),
        ("Yesterday I moved to Oslo and I sold the car", "Ana sold the car on 7 May 2023."),
        ("I was a nurse", "Ana is a nurse."),  # then and now
        ("I lived in Oslo", "Ana lives in Oslo."),
        ("I live in Oslo", "Ana lived in Oslo."),
        ("My sister lives in Oslo", "Ana lives in Oslo."),  # left out
        ("Ben's sister lives in Oslo", "Ben lives in Oslo."),
        ("I like chocolate cake", "Ana likes chocolate."),
        ("I like tea or coffee", "Ana likes tea."),
        ("I lost the game", "Ana lost."),
        ("I gave up smoking", "Ana gave smoking."),
        ("I broke up with Ben", "Ana broke with Ben."),
        ("I bought a red car and a bike", "Ana bought a bike."),
        ("My brother and Ben came", "Ana's brother is Ben."),
        ("I moved from Oslo to Bergen", "Ana moved to Oslo."),
        ("I love Oslo", "Ana hates Oslo."),  # not said at all
        ("I love Oslo", "Ben loves Oslo."),
        ("I went to the university", "Ana went to the universe."),
        ("Had I moved to Oslo, I'd be happy", "Ana moved to Oslo."),  # not of oneself, or not true
        ('"I sold the car", said Ben', "Ana sold the car."),
        ("In the book, I am a spy", "Ana is a spy."),
        ("I sold the car to no one", "Ana sold the car."),
        ("I work in Oslo, not", "Ana works in Oslo."),
        ("I owe Ben 20 euros", "Ben owes Ana 20 euros."),
        ("Unlike me, Ben likes tea", "Ana likes tea."),
        ("Neither Ben nor I like tea", "Ben likes tea."),
        ("I paid Ben 20 and Mia 30", "Ana paid Ben 30."),
        ("I used to smoke", "Ana smoked."),
        ("Ben is taller than me", "Ana is taller than Ben."),
        ("I saw Ben steal a car", "Ana stole a car."),
        ("I had my car repaired", "Ana repaired a car."),
        ("I love Oslo", ""),
        ("I love Oslo", "Ana."),
    ],
)  # fmt: skip
def test_whatever_was_not_said_is_refused_with_a_reason(said: str, claim: str) -> None:
    assert ask(claim, ("Ana", said))


def test_an_answer_is_understood_by_its_question() -> None:
    where = ("Ben", "Where do you live?"), ("Ana", "In Oslo")
    assert ask("Ana lives in Oslo.", *where) == ""
    assert ask("Ben lives in Oslo.", *where)
    assert ask("Ana likes tea.", ("Ben", "Do you like tea?"), ("Ana", "Yes, a lot!")) == ""
    assert ask("Ana likes tea.", ("Ben", "Do you like tea?"), ("Ana", "No."))
    assert ask("Ana doesn't like tea.", ("Ben", "Do you like tea?"), ("Ana", "No.")) == ""
    assert ask("Ana likes tea.", ("Ben", "Do you like tea?"))


def test_what_two_sentences_say_is_not_mixed() -> None:
    ill = ("Ana", "Ben is ill"), ("Ana", "Bought a lamp")
    assert ask("Ben bought a lamp.", *ill)
    assert ask(
        "Ana sold the car on 7 May 2023.", ("Ana", "I moved yesterday"), ("Ana", "I sold the car")
    )
    both = ("Ana", "I live in Oslo"), ("Ana", "I sold a car")
    assert ask("Ana lives in Oslo and sold a car.", *both) == ""
    assert ask("Ana lives in Oslo and sold a car.", both[0], ("Ana", "Ben sold a car"))


@pytest.mark.parametrize("name", ["", "me"])
def test_the_user_is_spoken_to(name: str) -> None:
    assert ask("Your sister lives in Oslo.", (name, "My sister lives in Oslo")) == ""
    assert ask("You moved to Berlin.", (name, "I moved to Berlin")) == ""
    assert ask("You moved to Berlin.", ("Ben", "I moved to Berlin"))


def test_people_go_by_their_first_name_or_in_full() -> None:
    for name in ("Ana", "Ana Lopez"):
        assert ask(f"{name} moved to Berlin.", ("Ana Lopez", "I moved to Berlin")) == ""
    assert ask("Ben met Ana.", ("Ana", "I met you"), listener="Ben")
    assert ask("Ana met Ben.", ("Ana", "I met you"), listener="Ben") == ""


def test_reasons_name_the_word() -> None:
    assert "“blue”" in ask("Ana bought a blue lamp.", ("Ana", "I bought a lamp"))
    assert "“9 May 2023”" in ask("Ana left on 9 May 2023.", ("Ana", "I left yesterday")).replace(
        "on 9", "9"
    )
    assert ask("Ana left.") == "it cites no words"


def test_hostile_text_costs_little() -> None:
    started = time.process_time()
    for text in ("I " * 500_000, "not and " * 1900, "a" * 100_000, "Ana's " * 600, "-1" * 1900):
        ask("Ana likes tea and Ana likes tea and Ana likes tea.", ("Ana", text))
        ask(text, ("Ana", "I like tea"))
    assert time.process_time() - started < 20
