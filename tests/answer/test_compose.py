"""Answers from real evidence: quoted, cited, newest first, or honestly absent."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from cairn import assets
from cairn.core.answer.compose import spell_date
from cairn.core.config import Config
from cairn.core.engine import Engine
from cairn.core.home import open_home
from cairn.core.records import Answer
from cairn.core.uris import uri_path


@pytest.fixture(scope="module")
def life(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """The demo's sample life, indexed once."""
    engine = Engine(open_home(tmp_path_factory.mktemp("life") / "home"), Config())
    engine.add(assets.path("demo"))
    engine.work()
    yield engine
    engine.close()


def told(answer: Answer) -> str:
    return " ".join(sentence.text for sentence in answer.sentences)


@pytest.mark.parametrize(
    ("question", "says"),
    [
        ("What did the boiler service cost?", "189 euros"),
        ("When does the lease of the flat end?", "31 August 2027"),
        ("How long does the warranty of the washing machine run?", "five years"),
        ("When is the school trip?", "11 June"),
        ("When is our summer holiday?", "8 to 22 August"),
        ("Which wood do we use for the raised beds?", "Larch"),
        ("How do I reset the boiler?", "flame button"),
        ("who serviced the boiler?", "Brandl"),
    ],
)
def test_questions_are_answered(life: Engine, question: str, says: str) -> None:
    assert says in told(life.ask(question))


@pytest.mark.parametrize(
    "question",
    [
        "Which dentist did we choose for Mila?",
        "What is the capital of France?",
        "did we buy a dog?",
    ],
)
def test_what_is_not_there_is_declined_with_a_reason(life: Engine, question: str) -> None:
    answer = life.ask(question)
    assert answer.abstained
    assert answer.sentences == ()
    assert answer.reason


def test_a_later_statement_comes_first_and_the_earlier_is_called_so(life: Engine) -> None:
    answer = life.ask("What did we agree on for the garden budget?")
    assert "380" in answer.sentences[0].text
    assert answer.sentences[1].text.startswith("Earlier, 8 March 2026: ")
    days = [citation.when[:10] for citation in answer.citations]
    assert days == sorted(days, reverse=True)


def test_every_sentence_is_cited_at_a_place_that_holds_it(life: Engine) -> None:
    """Open each citation at its line and compare, where lines can be read as they are."""
    for question in ("What did the boiler service cost?", "When does the lease of the flat end?"):
        answer = life.ask(question)
        assert [s.citations for s in answer.sentences] == [
            (number,) for number in range(1, len(answer.sentences) + 1)
        ]
        for citation in answer.citations:
            if citation.uri.endswith(".eml"):
                continue  # cited by the lines of the mail as it is shown
            lines = uri_path(citation.uri).read_text("utf-8").splitlines()
            shown = " ".join(lines[citation.span.first - 1 : citation.span.last])
            assert re.sub(r"\W+", " ", citation.quote) in re.sub(r"\W+", " ", shown)


def test_a_sentence_that_leans_on_another_is_quoted_with_it(life: Engine) -> None:
    (sentence,) = life.ask("What did the boiler service cost?").sentences
    assert sentence.text.startswith("Herr Brandl serviced the boiler")


def test_the_same_question_gives_the_same_answer(life: Engine) -> None:
    first, second = (life.ask("What did we agree on for the garden budget?") for _ in range(2))
    assert (first.sentences, first.citations) == (second.sentences, second.citations)


def test_a_when_question_is_given_the_day_it_was_written(tmp_path: Path, engine: Engine) -> None:
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "2026-03-04 walk.md").write_text("Met the otter at the weir again.\n")
    engine.add(tmp_path / "notes")
    engine.work()
    assert (
        told(engine.ask("when did I meet the otter?"))
        == "4 March 2026: Met the otter at the weir again."
    )


def test_dated_lines_are_told_in_their_order(tmp_path: Path, engine: Engine) -> None:
    folder = tmp_path / "notes"
    folder.mkdir()
    (folder / "log.txt").write_text(
        "2026-01-15: We decided to drop Windows 8.\n2026-02-20: We decided to hire a designer.\n"
        "2026-03-02: The canoe is from 2019.\n"
    )
    engine.add(folder)
    engine.work()
    answer = engine.ask("What did we decide?")
    assert not answer.short  # neither of them is what was decided
    assert [sentence.text for sentence in answer.sentences] == [
        "20 February 2026: We decided to hire a designer.",
        "15 January 2026: We decided to drop Windows 8.",
    ]
    assert engine.ask("When was the canoe made?").sentences[0].text.endswith("from 2019.")
    assert "2 March" not in told(engine.ask("When was the canoe made?"))


def test_what_is_denied_is_told_but_never_in_short(tmp_path: Path, engine: Engine) -> None:
    folder = tmp_path / "notes"
    folder.mkdir()
    (folder / "health.md").write_text("# Health\n\nThe meeting is not on 5 May 2026.\n")
    engine.add(folder)
    engine.work()
    answer = engine.ask("When is the meeting?")
    assert (told(answer), answer.short) == ("The meeting is not on 5 May 2026.", "")
    assert not [filed.entry.title for filed in engine.memory.tree.catalogue.all()]


@pytest.mark.parametrize(
    ("when", "spelled"),
    [("2026-03-02T18:20:00+01:00", "2 March 2026"), ("2026-12-31", "31 December 2026"), ("x", "")],
)
def test_dates_are_spelled_out(when: str, spelled: str) -> None:
    assert spell_date(when) == spelled
