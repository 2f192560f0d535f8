"""Sentences of articles, and sentences made here -> dated turns of two speakers, and questions.

Used by reader_mix.py. A turn reads as the product shows it: "8 May 2023, Caroline: I …". What one
of them said is asked of the other for a near miss; when something happened is answered by the words
for it in the turn, or else by the turn's date.
"""

from __future__ import annotations

import random
import re
from dataclasses import dataclass
from datetime import date, timedelta

from reader_data import Article, Example, Paragraph, Question, locate, sentence_at, sentences
from reader_negatives import things

_NAMES = """
Alice Amir Andrea Anna Audrey Ben Calvin Caroline Chen Clara Daniel Dave Deborah Elif Emma Erik Eva
Evan Farid Gina Grace Hanna Hugo Ines Ivan James Jana Joanna John Jolene Jon Julia Karim Kate Lena
Leo Lina Lucas Maria Marta Max Melanie Mia Nate Nina Noah Olga Omar Paul Petra Priya Rosa Sam Sara
Sofia Tim Tom Vera Wei Yuki Zoe
""".split()
_SAID = (
    "What did {name} say about {topic}?|According to {name}, {asked}|{asked}|{asked}|"
    "{name} was asked: {asked}"
).split("|")
_FIRST_PERSON = [
    (r"{x} is\b", "I am"), (r"{x} was\b", "I was"), (r"{x} has\b", "I have"),
    (r"{x}['’]s\b", "my"), (r"by {x}\b", "by me"), (r"(?<=\w ){x}\b", "me"), (r"{x}\b", "I"),
]  # fmt: skip
_AGO = """
yesterday|last night|last week|last month|last year|last Friday|last Tuesday|last Saturday|
two days ago|three weeks ago|a few years ago|this morning|on Sunday|last summer|two weekends ago|
the week before last|in March|on the 3rd of June|in 2019|over the weekend|a month ago|last spring|
the day before yesterday|five years ago|when I was twelve|last Thursday|on Monday evening
""".replace("\n", "").split("|")
_SOON = """
tomorrow|next week|next month|next Friday|in two weeks|this weekend|next summer|in July|
the day after tomorrow|on Wednesday|next year|in the autumn|tonight|in three days|on 14 August
""".replace("\n", "").split("|")
# What was done: past, plain form, and a slot filled from its list, asked for with a word.
_DEEDS = (
    """
went to|go to|where|the museum;the lake;a pottery class;the dentist;a concert;the mountains;
  Lisbon;the farmers' market;a yoga retreat;Kyoto;the beach;the animal shelter
bought|buy|what|a new bike;a red lamp;running shoes;a used piano;a camera;a tent;
  a leather jacket;a coffee machine;two tickets;a sewing machine
started|start|what|a painting course;a new job;guitar lessons;a garden;a podcast;therapy;
  a book club;a small bakery;piano lessons
adopted|adopt|what|a puppy;a grey cat;two kittens;an old greyhound;a rabbit;a parrot
finished|finish|what|the novel;my thesis;the marathon;the kitchen shelf;the puzzle;the report;
  my first screenplay
cooked|cook|what|lasagna;a Thai curry;mushroom risotto;lentil soup;dumplings;paella;an apple cake
watched|watch|what|a documentary about whales;an old western;the football final;a play;
  the eclipse;a comedy show
met|meet|who|my cousin;an old school friend;the new neighbour;my former boss;a famous author;
  my sister's fiancé
moved to|move to|where|a bigger flat;Berlin;the countryside;Toronto;a house by the river;Porto
painted|paint|what|a sunset;the fence;a portrait of my mother;the bedroom;a vase of flowers
lost|lose|what|my keys;my passport;a wallet;an earring;the match;my phone
visited|visit|who|my grandparents;my aunt;a friend in hospital;my brother;my godmother
repaired|repair|what|the boiler;my bike;the roof;an old radio;the fence;the car
read|read|what|a book about bees;a thriller;a biography of Marie Curie;some poems;a fantasy novel
planted|plant|what|tomatoes;an apple tree;sunflowers;some herbs;roses;strawberries
won|win|what|a chess tournament;a baking contest;the raffle;second prize;a scholarship
""".strip()
    .replace("\n  ", "")
    .split("\n")
)
_TRAITS = (
    """
{my} favourite colour is {x}|What is {name}'s favourite colour?|green;purple;navy blue;orange;
  turquoise;yellow
{i} work as a {x}|What is {name}'s job?|nurse;carpenter;translator;teacher;data analyst;baker;
  gardener;tax adviser
{my} sister is called {x}|What is the name of {name}'s sister?|Ruth;Dana;Monika;Thea;Aisha;Bea
{i} have {x} children|How many children does {name} have?|two;three;four;five
{i} am allergic to {x}|What is {name} allergic to?|peanuts;cats;pollen;shellfish;penicillin;dust
{my} dog is called {x}|What is {name}'s dog called?|Biscuit;Rolo;Pepper;Otis;Luna;Ziggy
{i} grew up in {x}|Where did {name} grow up?|Norway;a small village;Chicago;Ghana;Naples;Quebec
{my} birthday is on {x}|When is {name}'s birthday?|4 March;12 July;the first of May;23 November;
  30 January
{i} play the {x}|Which instrument does {name} play?|violin;drums;clarinet;cello;harp;ukulele
{i} run every {x}|When does {name} go running?|morning;Sunday;other day;evening;
  Tuesday and Friday
{i} paid {x} for the car|How much did {name} pay for the car?|900 euros;$4,500;12,000 dollars;
  £3,200
{i} drink {x} in the morning|What does {name} drink in the morning?|black tea;two espressos;
  oat milk;orange juice;green tea
{my} flight lands at {x}|At what time does {name}'s flight land?|7:40;half past nine;18:05;noon;
  11:15 pm
{i} speak {x} at home|Which language does {name} speak at home?|Polish;Tamil;Portuguese;Welsh;
  Farsi
{my} new address is {x}|What is {name}'s new address?|14 Mill Lane;Hauptstraße 9;220 Oak Avenue;
  7 Harbour Road
""".strip()
    .replace("\n  ", "")
    .split("\n")
)
_SMALL_TALK = """
That sounds wonderful, tell me more!|Thanks, that means a lot to me.|How have you been?|
Wow, I had no idea.|I know what you mean.|Good to hear from you!|It has been a busy week here.|
Have you been there before?|That is so kind of you.|I'm so glad it worked out.|
We should do that together some time.|Really? What was it like?|Same here, work never stops.|
I needed the rest, to be honest.|You always know how to cheer me up.|Let me know how it goes.|
The weather has been awful lately.|I can't wait!|My week was quiet, nothing special.
""".replace("\n", "").split("|")
_DATES = ("{d} {month} {y}", "{d} {month} {y}", "{month} {d}, {y}", "{y}-{m:02}-{d:02}")


@dataclass(frozen=True, slots=True)
class _Turn:
    name: str
    said: str


def _date(day: date, style: str) -> str:
    return style.format(d=day.day, m=day.month, y=day.year, month=day.strftime("%B"))


def _written(turns: list[_Turn], chance: random.Random) -> tuple[str, list[tuple[int, int]]]:
    """The turns as one text, and where the date of each stands."""
    day = date(chance.randint(2019, 2026), 1, 1) + timedelta(days=chance.randint(0, 364))
    style, text, dates = chance.choice(_DATES), "", []
    one_day = chance.random() < 0.5
    for turn in turns:
        head = _date(day, style)
        dates.append((len(text), len(text) + len(head)))
        text += f"{head}, {turn.name}: {turn.said}\n"
        day += timedelta(days=0 if one_day else chance.randint(0, 9))
    return text.rstrip("\n"), dates


def _mixed_in(wanted: list[_Turn], pair: list[str], chance: random.Random) -> list[_Turn]:
    others = [
        _Turn(chance.choice(pair), " ".join(chance.sample(_SMALL_TALK, chance.randint(1, 2))))
        for _ in range(chance.randint(0, 4))
    ]
    turns = [*wanted, *others]
    chance.shuffle(turns)
    return turns


def told(
    article: Article, paragraph: Paragraph, question: Question, chance: random.Random
) -> Example | None:
    """Sentences of a paragraph as turns; a name both sides hold becomes the speaker's own."""
    del article
    answer = question.answers[0]
    place = locate(question.text, paragraph.text, answer)
    if place < 0:
        return None
    parts = sentences(paragraph.text)
    number = sentence_at(parts, place)
    low, high = (
        max(0, number - chance.randint(0, 2)),
        min(len(parts), number + chance.randint(1, 3)),
    )
    pair = chance.sample(_NAMES, 2)
    miss = chance.random() < 0.4
    texts = [paragraph.text[a:b].strip() for a, b in parts[low:high]]
    asked, own = _asked_of(question.text, texts[number - low], answer, pair[0], chance)
    if not own and miss:
        return None
    texts[number - low] = own or texts[number - low]
    teller = pair[1] if miss else pair[0]
    turns = [
        _Turn(teller if i == number - low else chance.choice(pair), each)
        for i, each in enumerate(texts)
    ]
    text, dates = _written(
        _mixed_in(turns, pair, chance) if chance.random() < 0.4 else turns, chance
    )
    if miss:
        return Example(asked, text, kind="told_by_another")
    inside = text.find(texts[number - low])
    start = text.find(answer, inside)
    if start < 0 or any(a <= start < b for a, b in dates):
        return None
    return Example(asked, text, start, start + len(answer), "told")


def _asked_of(
    question: str, said: str, answer: str, name: str, chance: random.Random
) -> tuple[str, str]:
    """The question about the speaker, and the sentence in the first person; else "" for it."""
    for thing in things(question):
        found = re.search(rf"(?<!\w){re.escape(thing.text)}(?!\w)", said)
        # Only who the sentence is about can tell it.
        is_subject = found and found.start() == 0 and len(thing.text) > 3
        if not thing.shape.startswith("name") or not is_subject or thing.text in answer:
            continue
        own, escaped = said, re.escape(thing.text)
        for pattern, first in _FIRST_PERSON:
            own = re.sub(pattern.replace("{x}", escaped), first, own)
        if answer in own and own != said:
            return question.replace(thing.text, name), own[0].upper() + own[1:]
    lowered = question[0].lower() + question[1:]
    attributed = chance.choice(
        (f"According to {name}, {lowered}", f"{question[:-1]}, as {name} said?")
    )
    return (attributed, said) if chance.random() < 0.5 else (question, "")


def made(
    article: Article, paragraph: Paragraph, question: Question, chance: random.Random
) -> Example | None:
    """Turns and a question from the lists above; about one in three has no answer."""
    del article, paragraph, question
    pair = chance.sample(_NAMES, 2)
    return _trait(pair, chance) if chance.random() < 0.4 else _deed(pair, chance)


def _trait(pair: list[str], chance: random.Random) -> Example:
    chosen = chance.sample(_TRAITS, chance.randint(2, 3))
    turns, answer, asked = [], "", ""
    lead = chance.choice(("", "By the way, ", "You know, ", "Did I tell you? ", "Yes! "))
    fate = chance.random()
    for i, trait in enumerate(chosen):
        pattern, query, values = trait.split("|")
        value = chance.choice(values.split(";"))
        said = pattern.format(my="my", i="I", x=value)
        said = (lead + said if lead else said[0].upper() + said[1:]) + "."
        if i == 0:
            asked, answer = query.format(name=pair[0]), value
            if fate < 0.25:  # only the other one told of it
                turns.append(_Turn(pair[1], said))
                continue
            if fate < 0.35:  # nobody did
                continue
        turns.append(_Turn(pair[0] if i == 0 else chance.choice(pair), said))
        if i == 0 and chance.random() < 0.5:  # the other one's is another
            other = chance.choice([each for each in values.split(";") if each != value])
            turns.append(_Turn(pair[1], pattern.format(my="my", i="I", x=other).capitalize() + "."))
    text, _ = _written(_mixed_in(turns, pair, chance), chance)
    if fate < 0.35:
        return Example(asked, text, kind="made_miss")
    start = re.search(rf"{pair[0]}: [^\n]*?(?<!\w)({re.escape(answer)})(?!\w)", text)
    assert start, (asked, text)
    return Example(asked, text, start.start(1), start.end(1), "made")


def _deed(pair: list[str], chance: random.Random) -> Example:
    rows = [deed.split("|") for deed in chance.sample(_DEEDS, chance.randint(2, 3))]
    asked_row, value = rows[0], chance.choice(rows[0][3].split(";"))
    past, plain, word = asked_row[:3]
    future = chance.random() < 0.25
    phrase = chance.choice(_SOON if future else _AGO) if future or chance.random() < 0.65 else ""
    said = f"I'm going to {plain} {value}" if future else f"I {past} {value}"
    said = f"{phrase[0].upper()}{phrase[1:]} {said}" if phrase and chance.random() < 0.3 else (
        f"{said} {phrase}".rstrip()
    )  # fmt: skip
    said += chance.choice((".", "!", ", and it was about time.", ", finally."))
    own = value.replace("my ", "the ")
    name, when = pair[0], chance.random() < 0.6
    if when:
        asked = f"When {'will' if future else 'did'} {name} {plain} {own}?"
        answer = phrase
    else:
        preposition = " to" if plain.endswith(" to") and word == "where" else ""
        verb = plain.removesuffix(" to") if preposition else plain
        tail = f" {phrase}" if phrase and chance.random() < 0.5 else ""
        asked = f"{word.capitalize()} {'will' if future else 'did'} {name} {verb}{tail}?"
        answer = value
    fate = chance.random()
    teller = pair[1] if fate < 0.25 else name
    turns = [_Turn(teller, said)]
    if 0.25 <= fate < 0.35:  # something else of the kind: "a lake" is no answer about "a museum"
        other = chance.choice([each for each in asked_row[3].split(";") if each != value])
        turns = [_Turn(name, said.replace(value, other))] if when else []
    for row in rows[1:]:
        other_phrase = chance.choice(_AGO) if chance.random() < 0.5 else ""
        told_of = f"I {row[0]} {chance.choice(row[3].split(';'))} {other_phrase}".rstrip() + "."
        turns.append(_Turn(chance.choice(pair), told_of))
    text, dates = _written(turns := _mixed_in(turns, pair, chance), chance)
    if fate < 0.35:
        return Example(asked, text, kind="made_miss")
    inside = text.index(said)
    if not answer:  # the date of the turn
        start, end = max(each for each in dates if each[0] < inside)
        return Example(asked, text, start, end, "made_date")
    start = text.lower().index(answer.lower(), inside)
    return Example(asked, text, start, start + len(answer), "made")
