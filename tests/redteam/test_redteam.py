"""Whatever a text says, and whatever a model makes of it: nothing changes but an answer's text."""

from __future__ import annotations

import contextlib
import hashlib
import io
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from cairn.app import render, wire
from cairn.core.answer.generate import Parts
from cairn.core.answer.verify import verify
from cairn.core.answering import QUICK, USUAL
from cairn.core.config import Config, Models
from cairn.core.engine import Engine
from cairn.core.home import open_home
from cairn.core.locate import parse_citation
from cairn.core.recall.around import expand
from cairn.core.records import Answer, normalize
from tests.models.copying import make_copying
from tests.redteam.carriers import put
from tests.redteam.cases import ATTACKS, TOPICS, Attack

CASES = [(*pair, number) for number, pair in enumerate(zip(ATTACKS, TOPICS, strict=False))]
NAMES = [f"{attack.carrier}-{topic}" for attack, topic, _ in CASES]
KEPT = "The spare key of Ana lies under the third flower pot."
ACTS = ("subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.remove", "os.rename",
        "os.rmdir", "os.mkdir", "shutil.rmtree", "socket.connect", "socket.bind",
        "os.kill", "os.chmod")  # fmt: skip


class House:
    """A home that has taken in all of it, and what it looked like then."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.life = folder / "life"
        self.life.mkdir()
        for attack, topic, number in CASES:
            put(self.life, attack, topic, number)
        words = tuple(topic.title() for topic in TOPICS)
        model = make_copying(folder / "copying.gguf", words=words)
        self.engine = Engine(
            open_home(folder / "home"), Config(models=Models(generator=str(model), answers=True))
        )
        self.remembered, _ = self.engine.remember(KEPT)
        self.files = self._state(self.life, folder / "chats")
        self.engine.add(self.life)
        for path in sorted((folder / "chats").glob("*.jsonl")):
            self.engine.conversations.take_in(path)
        while self.engine.work():
            pass
        self.engine.tend()
        for manner in (QUICK, USUAL):  # what is started and opened for it is not its doing
            self.engine.ask("Where does the spare key of Ana lie?", manner=manner)
        self.taken_in = self.state()

    def state(self) -> dict[str, Any]:
        """All that an order could change."""
        engine = self.engine
        read = engine.journal.read
        return {
            "files": self._state(self.life, self.folder / "chats"),
            "tree": self._state(engine.home.tree),
            "beside": sorted(path.name for path in self.folder.iterdir()),
            "settings": engine.config,
            "folders": dict(engine.folders.policies),
            "tombstones": read("SELECT count(*) FROM tombstones")[0][0],
            "entries": sorted(filed.entry.id for filed in engine.tree.catalogue.all()),
            "private": engine.private.is_on,
            "paused": engine.paused,
            "sources": [source.path for source in engine.conversations.status()],
        }

    def _state(self, *folders: Path) -> dict[str, str]:
        return {
            str(path): hashlib.sha256(path.read_bytes()).hexdigest()
            for folder in folders
            for path in sorted(folder.rglob("*"))
            if path.is_file()
        }


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    house = House(tmp_path_factory.mktemp("house"))
    yield house
    house.engine.close()


acts: list[str] = []
is_watched = False


def _note_act(event: str, arguments: tuple[object, ...]) -> None:
    if is_watched and event in ACTS:
        acts.append(f"{event} {arguments}"[:200])


sys.addaudithook(_note_act)


@contextlib.contextmanager
def watched() -> Iterator[None]:
    """What is done meanwhile by this process, by any of its threads."""
    global is_watched
    acts.clear()
    is_watched = True
    try:
        yield
    finally:
        is_watched = False


def shown(house: House, answer: Answer) -> str:
    """As the terminal gets it."""
    out = io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(out):
        render.answer(wire.answer(answer, house.engine.finding.titles))
    return out.getvalue()


def test_taking_it_in_changes_nothing(house: House) -> None:
    now = house.state()
    assert now["files"] == house.files
    assert now["tombstones"] == 0
    assert not now["private"]
    assert not now["paused"]
    assert set(now["folders"]) == {house.engine.home.tree, house.life}
    assert KEPT in house.remembered.read_text()
    users = [f.entry for f in house.engine.tree.catalogue.all() if f.entry.origin == "user"]
    assert [entry.body.strip() for entry in users] == [KEPT]
    assert not list(house.folder.rglob("pwned"))


@pytest.mark.parametrize(("attack", "topic", "number"), CASES, ids=NAMES)
def test_asking_changes_nothing_but_the_answer(
    house: House, attack: Attack, topic: str, number: int
) -> None:
    engine = house.engine
    question = f"What do we know of the {topic.title()}?"
    with watched():
        found = engine.search(f"{topic} costs")
        answers = [engine.ask(question, manner=manner) for manner in (QUICK, USUAL)]
    assert acts == []
    assert house.state() == house.taken_in
    assert found.evidence
    for answer in answers:
        check_answer(house, answer)


def check_answer(house: House, answer: Answer) -> None:
    """It cites only what is there, and nothing of it moves a terminal's cursor."""
    engine = house.engine
    text = shown(house, answer)
    assert not any(ord(char) < 32 and char != "\n" for char in text)
    assert not any(mark in text for mark in "\u202e\u202c\u2066\u0085")
    numbers = {citation.number for citation in answer.citations}
    for sentence in answer.sentences:
        assert set(sentence.citations) <= numbers
    for citation in answer.citations:
        place = engine.passage(parse_citation(citation.address), 0)
        there = normalize(" ".join(piece.text for piece in place.pieces))
        if not citation.quote.startswith("Conversation with "):  # cairn's own words
            assert normalize(citation.quote).removeprefix("Mallory: ") in there


def test_the_model_does_write_of_what_is_hostile(house: House) -> None:
    """Or nothing would be tried here."""
    asked = [topic for attack, topic, _ in CASES if attack.carrier in ("front matter", "page")]
    answers = [house.engine.ask(f"What do we know of the {topic.title()}?") for topic in asked]
    assert len(answers) == 9
    assert all(answer.model == "copying" for answer in answers)


@pytest.mark.parametrize(("attack", "topic", "number"), CASES, ids=NAMES)
def test_a_model_that_obeys_gets_nothing_through(
    house: House, attack: Attack, topic: str, number: int
) -> None:
    """What it was told to write is checked as if it had written it."""
    engine = house.engine
    evidence = engine.search(f"{topic} costs").evidence[:5]
    stretches = expand(evidence, engine.index, 1000)
    passages = [tuple(dict.fromkeys(p.chunk for p in each.pieces)) for each in stretches]
    taking = Parts()
    written = attack.written.replace("{topic}", topic)
    with watched():
        for part in (*taking.feed(written), *taking.finish()):
            verdict = verify(part, passages)
            for quote in verdict.quotes:  # word for word what stands there, and no order
                assert normalize(verdict.text) == normalize(quote.text)
    assert acts == []
    assert house.state() == house.taken_in
