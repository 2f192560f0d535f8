"""Are the files that a question asks for the files that it gets?

`python -m tests.bench.files [--files N] [--fit] [--json PATH|-]` writes a folder of notes whose
topics are known, asks "which files mention …" and "what documents do I have about …", and compares
the set of files with those in which the word stands, or whose topic it is. `--fit` tries settings
of core/recall/sets/filelist.py on every other topic and shows what they come to on the rest.
"""

from __future__ import annotations

import argparse
import itertools
import random
import re
import statistics
import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from cairn.core.config import Config
from cairn.core.engine import Engine
from cairn.core.home import open_home
from cairn.core.recall.search import Results
from cairn.core.recall.sets import filelist
from cairn.core.recall.sets.filelist import LOOKED_AT, topic_of
from tests.bench.common import say, write_json

TOPICS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "boiler": (("The boiler was serviced in the cellar.", "We may need a new boiler next year."),
               ("Hot water took ages again, the heating man came by.",
                "The radiators stay cold on the upper floor.")),
    "garden fence": (("The garden fence leans to the road.", "Paint for the garden fence cost 60."),
                     ("Two posts are rotten and a plank fell off beside the roses.",
                      "The neighbour would pay half of the new palings.")),
    "violin": (("Mia has her violin lesson on Thursdays.", "The violin needs new strings."),
               ("The bow was rehaired before the school concert.",
                "She practises scales for half an hour.")),
    "passport": (("The passport runs out in June.", "Take the passport to the town hall."),
                 ("The travel document takes six weeks to be issued.",
                  "Biometric photos have been taken.")),
    "tax return": (("The tax return is due in July.", "Receipts for the tax return are here."),
                   ("The revenue office wants proof of the donations.",
                    "We got a refund of 312 euros last time.")),
    "allergy": (("The allergy is worst in May.", "The doctor tested the allergy with birch."),
                ("Sneezing and red eyes all morning, pollen everywhere.",
                 "The antihistamine makes me sleepy.")),
    "mortgage": (("The mortgage has a fixed rate until 2031.", "The bank reviewed our mortgage."),
                 ("Interest on the home loan fell by a quarter.",
                  "The monthly instalment to the lender stays the same.")),
    "bicycle": (("My bicycle has a flat tyre.", "The bicycle was stolen at the station."),
                ("The chain slips and the brakes squeal on the way to work.",
                 "Pedals and a saddle were ordered.")),
    "sourdough": (("Feed the sourdough twice a day.", "The sourdough smells like apples."),
                  ("The loaf rose well and the crust cracked nicely.",
                   "More rye flour and a longer proof next time.")),
    "insurance claim": (("The insurance claim was filed online.", "They paid the insurance claim."),
                        ("The adjuster photographed the damage to the ceiling.",
                         "The policy covers water but not frost.")),
    "telescope": (("The telescope stands on the balcony.", "A filter for the telescope arrived."),
                  ("Saturn's rings were sharp at high magnification.",
                   "The tripod shakes when the wind blows.")),
    "kindergarten": (("The kindergarten closes for three weeks.", "The kindergarten costs more."),
                     ("The little ones bring slippers and a snack box.",
                      "Settling in with the new teacher went well.")),
    "vaccination": (("The vaccination is on Friday.", "He had fever after the vaccination."),
                    ("The nurse gave the shot in the left arm.",
                     "A booster follows in ten years.")),
    "greenhouse": (("The greenhouse got a new pane.", "Tomatoes in the greenhouse are ripe."),
                   ("Seedlings stand warm under glass, the vents open by themselves.",
                    "Cucumbers climb up the strings.")),
    "sailing course": (("The sailing course starts in Kiel.", "I passed the sailing course."),
                       ("We learned knots, tacking and how to right a capsized dinghy.",
                        "The instructor checked our life jackets.")),
    "dishwasher": (("The dishwasher leaks.", "A part for the dishwasher costs 35 euros."),
                   ("Plates come out greasy and the pump hums.",
                    "The repairman cleaned the spray arms.")),
    "inheritance": (("The inheritance was split in three.", "We discussed the inheritance."),
                    ("Grandmother's will leaves the house to the cousins.",
                     "The estate is settled at the probate court.")),
    "marathon": (("The marathon is in October.", "My marathon plan has four runs a week."),
                 ("The long run was thirty kilometres at an easy pace.",
                  "Gels and water every five kilometres.")),
    "piano tuner": (("The piano tuner comes in March.", "The piano tuner charges 110 euros."),
                    ("The upright sounds flat in the upper octaves.",
                     "Humidity made two keys stick.")),
    "beehive": (("The beehive was fed with syrup.", "Mites were found in the beehive."),
                ("The colony swarmed into the apple tree.",
                 "We spun twenty jars of honey.")),
    "scholarship": (("The scholarship covers two terms.", "Lea applied for a scholarship."),
                    ("The foundation funds her tuition and rent.",
                     "Two professors wrote letters of recommendation.")),
    "wedding": (("The wedding is on 6 June.", "Sixty guests come to the wedding."),
                ("The bride chose peonies and a string quartet.",
                 "They exchange rings in the old chapel.")),
    "solar panels": (("The solar panels made 31 kWh today.", "An offer for solar panels came."),
                     ("The inverter reports less yield from the roof.",
                      "We feed the surplus into the grid.")),
    "chess club": (("The chess club meets on Mondays.", "The chess club lost its room."),
                   ("He opened with the Queen's Gambit and won a pawn.",
                    "The tournament used five-minute clocks.")),
}  # fmt: skip
"""Of each topic sentences with its name and sentences that speak of it otherwise."""
FILLER = (
    "It rained most of the day.", "Call Tom back before the weekend.", "Bought milk and lemons.",
    "Nothing else happened.", "The meeting was moved to ten.", "Read forty pages in the evening.",
    "A parcel came for the neighbours.", "The train was late as usual.", "We had soup for dinner.",
    "The list hangs on the door.", "Everything was done by noon.", "To be continued next week.",
)  # fmt: skip
MENTION = (
    "which files mention the {}?", "in which files is the {} mentioned?",
    "list all files about the {}",
)  # fmt: skip
ABOUT = ("what documents do I have about the {}?", "which notes are about the {}?")


Ask = Callable[[str], Results]


@dataclass(frozen=True, slots=True)
class Note:
    name: str
    text: str
    topic: str


@dataclass(frozen=True, slots=True)
class Score:
    precision: float
    recall: float

    @property
    def f1(self) -> float:
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


def notes(count: int, seed: int = 1) -> list[Note]:
    """Each has a topic, which it may speak of without its name, and may mention others."""
    chance = random.Random(seed)
    return [_note(number, chance) for number in range(count)]


def _note(number: int, chance: random.Random) -> Note:
    topic = list(TOPICS)[number % len(TOPICS)]
    named, told = TOPICS[topic]
    lines = [
        *chance.sample(told, chance.randint(1, 2)),
        *chance.sample(FILLER, chance.randint(2, 6)),
    ]
    if chance.random() < 0.8:
        lines += chance.sample(named, chance.randint(1, 2))
    for other in chance.sample([name for name in TOPICS if name != topic], chance.randint(0, 2)):
        lines.append(chance.choice(TOPICS[other][0]))
    chance.shuffle(lines)
    middle = len(lines) // 2
    text = f"# {2020 + number % 6}, note {number}\n\n{' '.join(lines[:middle])}\n\n## Later\n\n"
    return Note(f"note-{number:03}.md", text + " ".join(lines[middle:]) + "\n", topic)


def mentioning(notes: Iterable[Note], topic: str) -> set[str]:
    pattern = re.compile(rf"\b{topic}s?\b", re.IGNORECASE)
    return {note.name for note in notes if pattern.search(note.text)}


def about(notes: Iterable[Note], topic: str) -> set[str]:
    return {note.name for note in notes if note.topic == topic}


def compared(found: set[str], wanted: set[str]) -> Score:
    hits = len(found & wanted)
    return Score(hits / len(found) if found else 0.0, hits / len(wanted) if wanted else 1.0)


def names(results: Results) -> set[str]:
    return {item.chunk.uri.rpartition("/")[2] for item in results.evidence}


def cases(made: list[Note], topics: Iterable[str]) -> Iterator[tuple[str, str, set[str]]]:
    """The kind of question, the question, and the files that it asks for."""
    for topic in topics:
        for form in MENTION:
            yield "mention", form.format(topic), mentioning(made, topic)
        for form in ABOUT:
            yield "about", form.format(topic), about(made, topic) | mentioning(made, topic)
            yield "about, strictly", form.format(topic), about(made, topic)


def measure(ask: Ask, made: list[Note], topics: Iterable[str]) -> dict[str, Score]:
    scores: dict[str, list[Score]] = {}
    for kind, question, wanted in cases(made, topics):
        scores.setdefault(kind, []).append(compared(names(ask(question)), wanted))
    return {
        kind: Score(
            statistics.mean(each.precision for each in found),
            statistics.mean(each.recall for each in found),
        )
        for kind, found in scores.items()
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--files", type=int, default=200)
    parser.add_argument("--fit", action="store_true")
    parser.add_argument("--json")
    options = parser.parse_args()
    made = notes(options.files)
    with tempfile.TemporaryDirectory() as folder:
        engine = Engine(open_home(Path(folder) / "home"), Config())
        try:
            fill(engine, Path(folder) / "notes", made)
            if options.fit:
                _fit(engine, made)
            scores = measure(engine.asking.search, made, TOPICS)
        finally:
            engine.close()
    say(f"{'asked for files that …':24} precision  recall     F1")
    for kind, score in scores.items():
        say(f"{kind:24} {score.precision:9.3f} {score.recall:7.3f} {score.f1:6.3f}")
    write_json(
        {kind: {"precision": s.precision, "recall": s.recall, "f1": s.f1}
         for kind, s in scores.items()},
        options.json,
    )  # fmt: skip


def fill(engine: Engine, folder: Path, made: Iterable[Note]) -> None:
    folder.mkdir()
    for note in made:
        (folder / note.name).write_text(note.text, "utf-8")
    engine.add(folder)
    while engine.waiting:
        engine.work()
    engine.compact()


def _fit(engine: Engine, made: list[Note]) -> None:
    """The best by F1 of both kinds of questions on one half, and its figures on the other."""
    topics = list(TOPICS)
    tried = []
    look = lru_cache(None)(lambda text: engine.asking.look(topic_of(text), LOOKED_AT))

    def ask(text: str) -> Results:
        return filelist.files_of(look(text), filelist.MOST)

    for near, least in itertools.product(
        (0.4, 0.5, 0.6, 0.7, 0.8, 0.9), (0.2, 0.3, 0.4, 0.5, 0.6, 0.7)
    ):
        filelist._NEAR, filelist._LEAST = near, least
        here = measure(ask, made, topics[::2])
        there = measure(ask, made, topics[1::2])
        tried.append((_mean(here), _mean(there), near, least))
    for mine, other, near, least in sorted(tried, reverse=True)[:8]:
        say(f"near {near} least {least}: F1 {mine:.3f} on the half it was fitted on, {other:.3f}")
    filelist._NEAR, filelist._LEAST = max(tried)[2:]


def _mean(scores: dict[str, Score]) -> float:
    return statistics.mean(scores[kind].f1 for kind in ("mention", "about"))


if __name__ == "__main__":
    main()
