"""A question and its paragraph -> a near miss: much the same words, and no answer among them.

Used by reader_mix.py. Names, numbers and dates are exchanged for others of the same shape from the
same article, on the question's side or on the text's, words for their opposites, roles for each
other. `renamed` exchanges both sides alike and keeps the answer: an odd name is no sign of a miss.
"""

from __future__ import annotations

import random
import re
from dataclasses import dataclass
from functools import lru_cache

from reader_data import Article, Example, Paragraph, Question, locate, sentences, words

_NAME = re.compile(r"(?:[A-Z][\w’'.-]*[\w])(?:\s+(?:of|the|de|von|van|al)?\s*[A-Z][\w’'-]*\w)*")
_YEAR = re.compile(r"\b1[0-9]{3}\b|\b20[0-9]{2}\b")
_NUMBER = re.compile(r"\b\d[\d,.]*\d\b|\b\d\b")
_MONTHS = (
    "January February March April May June July August September October November December".split()
)
_DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
_COUNTS = "two three four five six seven eight nine ten twelve twenty fifty hundred".split()
_ORDINALS = "first second third fourth fifth sixth seventh tenth 19th 18th 20th 17th 16th".split()
_SETS = [
    _MONTHS, _DAYS, _COUNTS, _ORDINALS,
    "north south east west".split(), "northern southern eastern western".split(),
    "red blue green yellow black white brown purple".split(),
    "spring summer autumn winter".split(), "morning evening afternoon night".split(),
    "father mother brother sister son daughter wife husband uncle aunt".split(),
    "English French German Spanish Italian Dutch Russian Chinese Japanese Greek Roman".split(),
    "day week month year decade century".split(), "gold silver bronze copper iron".split(),
    "king queen emperor president governor mayor minister senator bishop".split(),
    "army navy government church parliament court university company".split(),
    "book film song album novel poem painting play".split(),
]  # fmt: skip
_PAIRS = """
after before|afterwards beforehand|always never|ancient modern|began ended|begin end
started stopped|start stop|best worst|better worse|big small|bigger smaller|biggest smallest
bought sold|buy sell|built destroyed|caused prevented|cause prevent|causes prevents|cold hot
common rare|created destroyed|decrease increase|decreased increased|defeated supported
defeat support|died lived|die live|difficult easy|early late|earlier later|earliest latest
enter leave|entered left|even odd|fail succeed|failed succeeded|fast slow|female male|few many
fewer more|fewest most|forbidden allowed|found lost|friend enemy|gained lost|gain lose|good bad
greatest least|heavy light|high low|higher lower|highest lowest|import export|include exclude
included excluded|inner outer|inside outside|join leave|joined left|known unknown|large small
larger smaller|largest smallest|left right|legal illegal|less more|least most|like dislike
long short|longer shorter|longest shortest|major minor|majority minority|male female
maximum minimum|men women|man woman|most least|natural artificial|new old|newer older
newest oldest|night day|offensive defensive|open close|opened closed|oppose support
opposed supported|outer inner|over under|poor rich|positive negative|possible impossible
private public|rejected accepted|refused agreed|rise fall|rose fell|rural urban|same different
similar different|strong weak|stronger weaker|strongest weakest|success failure
successful unsuccessful|taught learned|top bottom|upper lower|used avoided|victory defeat
war peace|warm cold|wealthy poor|wide narrow|win lose|won lost|with without|worked rested
young old|youngest oldest|younger older|above below|against for|appear disappear|arrive depart
arrived departed|approve ban|approved banned|attack defend|attacked defended|attract repel
beautiful ugly|benefit harm|birth death|born buried|complex simple|dense sparse
encourage discourage|encouraged discouraged|expand shrink|expanded shrank|famous obscure
friendly hostile|frequent rare|full empty|give take|gave took|given taken|guilty innocent
happy sad|help hinder|helped hindered|internal external|primary secondary|remember forget
required forbidden|require forbid|safe dangerous|sent received|send receive|single married
thick thin|total partial|true false|united divided|useful useless|visible hidden|voluntary forced
dominant recessive
"""
_OPPOSITES: dict[str, str] = {}
for _pair in _PAIRS.replace("\n", "|").split("|"):
    if _pair:
        _one, _two = _pair.split()
        _OPPOSITES.setdefault(_one, _two)
        _OPPOSITES.setdefault(_two, _one)
for _group in _SETS:
    for _member in _group:
        _OPPOSITES.setdefault(_member.lower(), "")
_ASKING = frozenset(
    "what who whom whose which when where why how in on at by for from with during after before to "
    "the a an is was were are did does do has have according if name of about".split()
)
_NEGATED = re.compile(r"\b(is|was|were|are|does|did|do|can|could|would|will|has|have|had|should)\b")


@dataclass(frozen=True, slots=True)
class Thing:
    text: str
    shape: str


def things(text: str, *, first: bool = True) -> list[Thing]:
    """Names, years and numbers; `first` allows the first word of all, a name or not."""
    found = {}
    for match in _NAME.finditer(text):
        name = match[0].removesuffix("'s").removesuffix("’s").rstrip(".")
        head, _, rest = name.partition(" ")
        if head.lower() in _ASKING:
            name = rest.strip()
        sentence_start = match.start() == 0 or text[: match.start()].rstrip()[-1:] in ".!?"
        if len(name) > 2 and (first or not sentence_start) and name[0].isupper():
            count = name.count(" ")
            found[name] = Thing(name, "name" if count == 0 else f"name{min(count, 2)}")
    for match in _YEAR.finditer(text):
        found[match[0]] = Thing(match[0], "year")
    for match in _NUMBER.finditer(text):
        if match[0] not in found:
            found[match[0]] = Thing(match[0], "number")
    return list(found.values())


@lru_cache(maxsize=512)
def _known(article: Article) -> dict[str, list[str]]:
    """The article's things by shape; a word that only ever begins sentences is no name."""
    by_shape: dict[str, dict[str, None]] = {}
    for paragraph in article.paragraphs:
        for thing in things(paragraph.text, first=False):
            by_shape.setdefault(thing.shape, {})[thing.text] = None
    return {shape: list(found) for shape, found in by_shape.items()}


def _other(thing: Thing, article: Article, near: str, avoid: str, chance: random.Random) -> str:
    """Another thing of its shape, rather from the text nearby; nothing in `avoid`."""
    if thing.text in _MONTHS:
        return chance.choice([month for month in _MONTHS if month != thing.text])
    shape = "name" if thing.shape.startswith("name") else thing.shape
    close = [each.text for each in things(near, first=False) if each.shape.startswith(shape)]
    pool = close if chance.random() < 0.5 else []
    if not pool:
        pool = _known(article).get(thing.shape, [])
    own = words(thing.text)
    fitting = [each for each in pool if each not in avoid and not own & words(each)]
    if fitting:
        return chance.choice(fitting)
    if thing.shape == "year":
        return str(int(thing.text) + chance.choice((-20, -7, -3, -2, -1, 1, 2, 4, 10, 30)))
    return str(chance.randint(2, 900)) if thing.shape == "number" else ""


def _put(text: str, old: str, new: str) -> str:
    return re.sub(rf"(?<!\w){re.escape(old)}(?!\w)", lambda _: new, text)


def _shared(question: str, text: str) -> list[Thing]:
    return [
        each
        for each in things(question)
        if re.search(rf"(?<!\w){re.escape(each.text)}(?!\w)", text)
    ]


def asked_of_another(
    article: Article, paragraph: Paragraph, question: Question, chance: random.Random
) -> Example | None:
    """A name, year or number of the question exchanged."""
    found = [each for each in things(question.text) if len(each.text) > 1]
    if not found:
        return None
    thing = chance.choice(found)
    avoid = question.text + " " + " ".join(question.answers)
    other = _other(thing, article, paragraph.text, avoid, chance)
    if not other:
        return None
    return Example(_put(question.text, thing.text, other), paragraph.text, kind="asked_of_another")


def told_of_another(
    article: Article, paragraph: Paragraph, question: Question, chance: random.Random
) -> Example | None:
    """The same on the text's side: the question reads as people wrote it."""
    found = _shared(question.text, paragraph.text)
    if not found:
        return None
    thing = chance.choice(found)
    avoid = question.text + " " + " ".join(question.answers)
    other = _other(thing, article, paragraph.text if chance.random() < 0.3 else "", avoid, chance)
    if not other or (other in paragraph.text and chance.random() < 0.5):
        return None
    return Example(question.text, _told(paragraph.text, thing.text, other), kind="told_of_another")


def _told(text: str, old: str, new: str) -> str:
    """Parts of the name go with it, or the text would still name the old one."""
    text = _put(text, old, new)
    last = old.split()[-1]
    return _put(text, last, new.split()[-1]) if " " in old and last[0].isupper() else text


def renamed(
    article: Article, paragraph: Paragraph, question: Question, chance: random.Random
) -> Example | None:
    """Both sides exchanged alike: as odd as a near miss, and answered."""
    found = [
        each
        for each in _shared(question.text, paragraph.text)
        if not any(each.text in answer or answer in each.text for answer in question.answers)
    ]
    if not found:
        return None
    thing, answer = chance.choice(found), question.answers[0]
    avoid = paragraph.text + question.text + answer
    other = _other(thing, article, "", avoid, chance)
    if not other:
        return None
    asked = _told(question.text, thing.text, other)
    text = _told(paragraph.text, thing.text, other)
    start = locate(asked, text, answer)
    return Example(asked, text, start, start + len(answer), "renamed") if start >= 0 else None


def opposed(
    article: Article, paragraph: Paragraph, question: Question, chance: random.Random
) -> Example | None:
    """A word of the question made its opposite, another of its set, or the question negated."""
    del article
    tokens = question.text.split(" ")
    places = [i for i, token in enumerate(tokens) if token.strip(",.?\"'").lower() in _OPPOSITES]
    if places and chance.random() < 0.85:
        place = chance.choice(places)
        word = tokens[place].strip(",.?\"'")
        other = _opposite(word, chance)
        if not other or other in question.answers:
            return None
        if word in paragraph.text or other not in paragraph.text:
            tokens[place] = tokens[place].replace(word, other)
            return Example(" ".join(tokens), paragraph.text, kind="opposed")
        return None
    match = _NEGATED.search(question.text)
    if not match or " not " in question.text or "n't" in question.text:
        return None
    put = chance.choice([match[0] + " not", match[0] + "n't", match[0] + " never"])
    put = put.replace("cann't", "can't").replace("willn't", "won't")
    asked = question.text[: match.start()] + put + question.text[match.end() :]
    return Example(asked, paragraph.text, kind="opposed")


def _opposite(word: str, chance: random.Random) -> str:
    other = _OPPOSITES[word.lower()]
    if not other:
        group = next(g for g in _SETS if word.lower() in (each.lower() for each in g))
        other = chance.choice([each for each in group if each.lower() != word.lower()])
    return other.capitalize() if word[0].isupper() else other


def exchanged(
    article: Article, paragraph: Paragraph, question: Question, chance: random.Random
) -> Example | None:
    """Two names of the question in each other's place, or a plain word for one of the text."""
    del article
    names = [each.text for each in things(question.text) if each.shape.startswith("name")]
    if len(names) >= 2 and chance.random() < 0.6:
        one, two = chance.sample(names, 2)
        if one not in two and two not in one:
            swapped = _put(_put(_put(question.text, one, "\0"), two, one), "\0", two)
            return Example(swapped, paragraph.text, kind="exchanged")
    return _reworded(paragraph, question, chance)


def _reworded(paragraph: Paragraph, question: Question, chance: random.Random) -> Example | None:
    """A telling word of the question for one of another sentence, with the same ending."""
    place = locate(question.text, paragraph.text, question.answers[0])
    if place < 0:
        return None
    own = next((paragraph.text[a:b] for a, b in sentences(paragraph.text) if a <= place < b), "")
    known = words(own)
    tokens = [t.strip("?,.\"'") for t in question.text.split(" ")]
    fitting = [t for t in tokens if t.islower() and len(t) > 4 and words(t) and words(t) <= known]
    if not fitting:
        return None
    word = chance.choice(fitting)
    others = [
        each
        for each in re.findall(r"\b[a-z]{5,}\b", paragraph.text)
        if each[-2:] == word[-2:] and not words(each) & (known | words(question.text))
    ]
    if not others:
        return None
    asked = _put(question.text, word, chance.choice(others))
    return Example(asked, paragraph.text, kind="reworded")
