"""Sentences of evidence with claims that follow from them, and with claims that don't.

Made of templates whose meaning is known: each claim that is false differs from what was said in one
thing, such as a number, a day, a name, a "not", who did it to whom, or a condition.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass

NAMES = "Ana Ben Mia Tom Lea Max Ida Jon Eva Nora Finn Greta Hugo Ella Oskar Yusuf Chiara".split()
THINGS = "boiler roof fence piano stove printer camera violin ladder sofa tent oven".split()
PLACES = "Berlin Rome Graz Lyon Porto Kiel Basel Turin Leeds Cork".split()
MONTHS = (
    "January February March April May June July August September October November December"
).split()
UNITS = "euros dollars metres days hours kilos".split()


@dataclass(frozen=True, slots=True)
class Case:
    sort: str
    """What was changed; empty for what follows."""
    claim: str
    text: str
    speaker: str = ""
    when: str = "2026-03-02T10:00:00"
    title: str = ""


def cases(seed: int, rounds: int) -> Iterator[Case]:
    chance = random.Random(seed)
    for _ in range(rounds):
        for make in (_cost, _paid, _dated, _moved, _decided, _chat, _conditional, _limits, _owned):
            yield from make(chance)


def _number(chance: random.Random, *but: int) -> int:
    while (number := chance.choice((chance.randint(2, 20), chance.randint(21, 4000)))) in but:
        pass
    return number


def _day(chance: random.Random, *but: str) -> str:
    while (
        day := f"{chance.randint(1, 28)} {chance.choice(MONTHS)} {chance.randint(2021, 2027)}"
    ) in but:
        pass
    return day


def _cost(chance: random.Random) -> Iterator[Case]:
    thing, other = chance.sample(THINGS, 2)
    price, wrong = _number(chance), 0
    wrong = _number(chance, price)
    unit, odd = chance.sample(UNITS[:2], 2)
    day = _day(chance)
    text = f"The service of the {thing} cost {price} {unit} on {day}."
    yield Case("", text, text)
    yield Case("", f"The service of the {thing} cost {price} {unit}.", text)
    yield Case("", f"On {day} the service of the {thing} cost {price} {unit}.", text)
    yield Case("", f"The cost of the {thing} service was {price} {unit}.", text)
    yield Case("number", f"The service of the {thing} cost {wrong} {unit} on {day}.", text)
    yield Case("number", f"The service of the {thing} cost {price}0 {unit}.", text)
    yield Case("unit", f"The service of the {thing} cost {price} {odd}.", text)
    yield Case(
        "date", f"The service of the {thing} cost {price} {unit} on {_day(chance, day)}.", text
    )
    yield Case("name", f"The service of the {other} cost {price} {unit}.", text)
    yield Case("negation", f"The service of the {thing} did not cost {price} {unit}.", text)
    yield Case("negation", f"The service of the {thing} never cost {price} {unit}.", text)
    yield Case("condition", f"The service of the {thing} would cost {price} {unit}.", text)
    yield Case("addition", f"The service of the {thing} cost only {price} {unit}.", text)
    yield Case("addition", f"The service of the {thing} cost {price} {unit} and was bad.", text)


def _paid(chance: random.Random) -> Iterator[Case]:
    one, two, three = chance.sample(NAMES, 3)
    sum1, sum2 = chance.sample(range(21, 900), 2)
    text = f"{one} paid {two} {sum1} euros, and {three} paid {sum2} euros."
    yield Case("", text, text)
    yield Case("", f"{one} paid {two} {sum1} euros.", text)
    yield Case("", f"{three} paid {sum2} euros.", text)
    yield Case("number", f"{one} paid {two} {sum2} euros.", text)
    yield Case("number", f"{three} paid {sum1} euros.", text)
    yield Case("role", f"{two} paid {one} {sum1} euros.", text)
    yield Case("role", f"{two} paid {sum1} euros.", text)
    yield Case("role", f"{one} paid {three} {sum2} euros.", text)
    yield Case("name", f"{three} paid {two} {sum1} euros.", text)
    yield Case("name", f"{chance.choice([n for n in NAMES if n not in (one, two, three)])} paid "
                       f"{sum2} euros.", text)  # fmt: skip
    yield Case("negation", f"{one} did not pay {two} {sum1} euros.", text)
    yield Case("negation", f"{three} paid no {sum2} euros.", text)
    yield Case("number", f"{one} paid {two} {sum1 + sum2} euros.", text)
    yield Case("role", f"{one} and {three} paid {two} {sum1} euros.", text)


def _dated(chance: random.Random) -> Iterator[Case]:
    thing, place = chance.choice(THINGS), chance.choice(PLACES)
    begin, end = _day(chance), _day(chance)
    while begin == end:
        end = _day(chance)
    text = f"The course in {place} begins on {begin} and ends on {end}."
    yield Case("", text, text)
    yield Case("", f"The course in {place} begins on {begin}.", text)
    yield Case("date", f"The course in {place} begins on {end}.", text)
    yield Case("date", f"The course in {place} ends on {begin}.", text)
    yield Case("date", f"The course in {place} begins on {_day(chance, begin, end)}.", text)
    yield Case("date", f"The course in {place} begins before {begin}.", text)
    yield Case("date", f"The course in {place} begins after {begin}.", text)
    yield Case("negation", f"The course in {place} does not begin on {begin}.", text)
    other = chance.choice([p for p in PLACES if p != place])
    yield Case("name", f"The course in {other} begins on {begin}.", text)
    text = f"The {thing} has to be returned before {begin}."
    yield Case("", text, text)
    yield Case("date", f"The {thing} has to be returned after {begin}.", text)
    yield Case("date", f"The {thing} has to be returned on {begin}.", text)
    yield Case("date", f"The {thing} has to be returned by {end}.", text)


def _moved(chance: random.Random) -> Iterator[Case]:
    who, other = chance.sample(NAMES, 2)
    here, there, third = chance.sample(PLACES, 3)
    text = f"{who} moved from {here} to {there}. {other} stayed in {third}."
    first, second = text.split(". ")
    yield Case("", f"{first}.", text)
    yield Case("", second, text)
    yield Case("role", f"{who} moved from {there} to {here}.", text)
    yield Case("name", f"{who} moved to {third}.", text)
    yield Case("name", f"{other} moved from {here} to {there}.", text)
    yield Case("name", f"{other} stayed in {there}.", text)
    yield Case("name", f"{who} stayed in {third}.", text)
    yield Case("negation", f"{other} did not stay in {third}.", text)
    yield Case("negation", f"{who} never moved from {here} to {there}.", text)
    yield Case("role", f"{who} and {other} moved to {there}.", text)


def _decided(chance: random.Random) -> Iterator[Case]:
    thing, other = chance.sample(THINGS, 2)
    amount = _number(chance)
    wrong = _number(chance, amount)
    text = f"We agreed on {amount} euros for the {thing}."
    title = f"{thing.title()} and {other}"
    yield Case("", text, text, "me", title=title)
    yield Case("", f"You agreed on {amount} euros for the {thing}.", text, "me", title=title)
    yield Case("", f"The {thing} is {amount} euros.", text, "me", title=title)
    yield Case("", f"{amount} euros is for the {thing}.", text, "", title=title)
    yield Case("number", f"The {thing} is {wrong} euros.", text, "me", title=title)
    yield Case("name", f"We agreed on {amount} euros for the {other}.", text, "me", title=title)
    yield Case("negation", f"We agreed on no {amount} euros for the {thing}.", text, "me")
    yield Case("negation", f"We did not agree on {amount} euros for the {thing}.", text, "me")
    yield Case("negation", f"The {thing} is not {amount} euros.", text, "me", title=title)
    yield Case("condition", f"We might agree on {amount} euros for the {thing}.", text, "me")
    text = f"We did not agree on {amount} euros for the {thing}."
    yield Case("negation", f"We agreed on {amount} euros for the {thing}.", text, "me")
    yield Case("negation", f"The {thing} is {amount} euros.", text, "me", title=title)


def _chat(chance: random.Random) -> Iterator[Case]:
    who, other, third = chance.sample(NAMES, 3)
    thing, amount = chance.choice(THINGS), _number(chance)
    text = f"I sold my {thing} to {other} for {amount} euros yesterday."
    yield Case("", text, text, who)
    yield Case("", f"{who} sold the {thing} to {other} for {amount} euros on 1 March 2026.",
               text.replace("my", "the"), who)  # fmt: skip
    yield Case("", f"{who} said that they sold their {thing} to {other} for {amount} euros "
                   "on 1 March 2026.", text, who)  # fmt: skip
    yield Case("role", f"{other} sold the {thing} to {who} for {amount} euros.", text, who)
    yield Case("role", f"{other} sold their {thing} for {amount} euros.", text, who)
    yield Case("name", f"{third} sold their {thing} to {other} for {amount} euros.", text, who)
    yield Case("name", f"{who} sold their {thing} to {third} for {amount} euros.", text, who)
    yield Case("name", f"{third} said that they sold their {thing} to {other}.", text, who)
    yield Case("date", f"{who} sold their {thing} to {other} on 2 March 2026.", text, who)
    yield Case("date", f"{who} sold their {thing} to {other} yesterday.", text, who)
    yield Case("negation", f"{who} did not sell their {thing} to {other}.", text, who)
    yield Case("name", f"She sold the {thing} in {amount} days.",
               f"He sold the {thing} in {amount} days.")  # fmt: skip
    yield Case("number", f"{who} sold their {thing} to {other} for {amount + 1} euros.", text, who)
    text = f"Did {other} buy the {thing} for {amount} euros?"
    yield Case("question", f"{other} bought the {thing} for {amount} euros.", text, who)
    yield Case("question", f"The {thing} is {amount} euros.", text, who)
    text = f"I bought the {thing} for {amount} euros. Just kidding."
    yield Case("taken back", f"{who} bought the {thing} for {amount} euros.", text, who)


def _conditional(chance: random.Random) -> Iterator[Case]:
    who, other = chance.sample(NAMES, 2)
    thing, place = chance.choice(THINGS), chance.choice(PLACES)
    days = _number(chance)
    text = f"{who} might move to {place} if {other} sells the {thing} within {days} days."
    yield Case("", text, text)
    yield Case("condition", f"{who} moves to {place}.", text)
    yield Case("condition", f"{who} will move to {place}.", text)
    yield Case("condition", f"{who} might move to {place}.", text)
    yield Case("condition", f"{other} sells the {thing} within {days} days.", text)
    yield Case("negation", f"{who} might not move to {place} if {other} sells the {thing} within "
                           f"{days} days.", text)  # fmt: skip
    text = f"{other} thinks that {who} moved to {place}."
    yield Case("", text, text)
    yield Case("condition", f"{who} moved to {place}.", text)
    text = f"{who} forgot to bring the {thing} to {place}."
    yield Case("", text, text)
    yield Case("condition", f"{who} brought the {thing} to {place}.", text)
    text = f"{who} will sell the {thing} in {place}."
    yield Case("condition", f"{who} sold the {thing} in {place}.", text)
    yield Case("condition", f"{who} sells the {thing} in {place}.", text)


def _limits(chance: random.Random) -> Iterator[Case]:
    place, days = chance.choice(PLACES), _number(chance)
    wrong = _number(chance, days)
    text = f"Almost all guests in {place} stayed for at least {days} days."
    yield Case("", text, text)
    yield Case("condition", f"All guests in {place} stayed for {days} days.", text)
    yield Case("condition", f"All guests in {place} stayed for at least {days} days.", text)
    yield Case("condition", f"Almost all guests in {place} stayed for at most {days} days.", text)
    yield Case("number", f"Almost all guests in {place} stayed for at least {wrong} days.", text)
    yield Case("unit", f"Almost all guests in {place} stayed for at least {days} hours.", text)
    text = f"Nobody in {place} stayed for {days} days."
    yield Case("", text, text)
    yield Case("negation", f"Everybody in {place} stayed for {days} days.", text)
    yield Case("negation", f"Guests in {place} stayed for {days} days.", text)
    yield Case("negation", f"Somebody in {place} stayed for {days} days.", text)


def _owned(chance: random.Random) -> Iterator[Case]:
    who, other = chance.sample(NAMES, 2)
    thing, place = chance.choice(THINGS), chance.choice(PLACES)
    text = f"{who}'s sister keeps the {thing} without its key in {place}."
    yield Case("", text, text)
    yield Case("role", f"{who} keeps the {thing} in {place}.", text)
    yield Case("name", f"{other}'s sister keeps the {thing} without its key in {place}.", text)
    yield Case("negation", f"{who}'s sister keeps the {thing} with its key in {place}.", text)
    text = f"The dog of {who} bit the cat of {other} in {place}."
    yield Case("", text, text)
    yield Case("role", f"The cat of {other} bit the dog of {who} in {place}.", text)
    yield Case("role", f"The dog of {other} bit the cat of {who} in {place}.", text)
    yield Case("role", f"The dog of {who} bit {other} in {place}.", text)
    text = f"The bank owes the firm {_number(chance)} euros."
    yield Case("", text, text)
    yield Case("role", text.replace("bank", "X").replace("firm", "bank").replace("X", "firm"), text)
    yield Case("role", text.replace("The bank owes the firm", "The bank is owed"), text)
