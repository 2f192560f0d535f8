"""Questions for files are answered with the set of them: all that fit, and no others."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from cairn.core.config import Config
from cairn.core.engine import Engine
from cairn.core.home import open_home
from cairn.core.recall.narrow.filters import read_filters
from cairn.core.recall.question.analyze import analyze
from cairn.core.recall.sets.filelist import asks_for_files, topic_of
from tests.bench.files import TOPICS, Note, compared, fill, mentioning, names, notes


@pytest.mark.parametrize(
    ("question", "topic"),
    [
        ("which files mention the boiler", "boiler"),
        ("Which of my files mention the mail server?", "mail server"),
        ("in which documents is the garden budget mentioned?", "garden budget"),
        ("what documents do I have about the roof repair?", "roof repair"),
        ("show me all notes about Lisbon and Porto", "Lisbon and Porto"),
        ("list the PDFs on insurance", "insurance"),
        ("find my tax documents", "tax"),
        ("in welchen Dateien kommt der Kessel vor?", "Kessel"),
        ("In welchen Dokumenten steht etwas über die Heizung?", "Heizung"),
        ("quels fichiers parlent de la chaudière ?", "chaudière"),
        ("¿qué archivos mencionan la caldera?", "caldera"),
    ],
)
def test_a_question_for_files_is_about_its_topic(question: str, topic: str) -> None:
    assert asks_for_files(analyze(question))
    assert topic_of(question) == topic


@pytest.mark.parametrize(
    "question",
    ["what did the boiler cost", "which files?", "my boiler",
     "what documents do I need for the visa?", "which documents do I have to bring?",
     "welche Dokumente brauche ich für das Visum?", "which emails did Ana send?"],
)  # fmt: skip
def test_other_questions_are_not_for_files(question: str) -> None:
    assert not asks_for_files(analyze(question))


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Engine, list[Note]]]:
    folder = tmp_path_factory.mktemp("files")
    made = notes(48, seed=4)
    engine = Engine(open_home(folder / "home"), Config())
    fill(engine, folder / "notes", made)
    yield engine, made
    engine.close()


@pytest.mark.parametrize("topic", sorted(TOPICS)[::4])
def test_all_files_that_mention_something_are_listed_and_no_others(
    filled: tuple[Engine, list[Note]], topic: str
) -> None:
    engine, made = filled
    found = engine.asking.search(f"which files mention the {topic}?")
    assert compared(names(found), mentioning(made, topic)).f1 == 1.0
    assert len({item.chunk.uri for item in found.evidence}) == len(found.evidence)
    assert [item.rank for item in found.evidence] == [*range(1, len(found.evidence) + 1)]


def test_an_answer_cites_each_file(filled: tuple[Engine, list[Note]]) -> None:
    engine, made = filled
    answer = engine.ask("In welchen Dateien kommt der boiler vor?")
    assert {each.uri.rpartition("/")[2] for each in answer.citations} == mentioning(made, "boiler")
    assert all(each.state == "ok" for each in answer.citations)
    assert all("boiler" in sentence.text.casefold() for sentence in answer.sentences)


def test_nothing_is_listed_for_what_no_file_is_about(filled: tuple[Engine, list[Note]]) -> None:
    answer = filled[0].ask("which files mention the zeppelin?")
    assert answer.abstained and "zeppelin" in answer.reason


def test_filters_and_a_limit_hold_for_files_too(filled: tuple[Engine, list[Note]]) -> None:
    engine, _ = filled
    asked = "which files mention the boiler?"
    few = engine.asking.search(asked, 2)
    assert len(few.evidence) == 2
    named = engine.asking.search("which files in the notes folder mention the boiler?")
    assert names(named) == names(engine.asking.search(asked))
    assert not named.missing
    place = str(few.evidence[1].chunk.uri)
    only = engine.asking.search(asked, filters=read_filters(folder=place))
    assert [item.chunk.uri for item in only.evidence] == [place]
