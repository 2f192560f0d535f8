"""Asked when, cairn says the day, counted from when it was said."""

from __future__ import annotations

import pytest

from cairn.core.answer.days import when_told
from cairn.core.recall.question.analyze import analyze
from cairn.core.records import Chunk, Evidence, Span

MONDAY = "2023-05-08T13:56:00"


def evidence(text: str, when: str = MONDAY, rank: int = 1, score: float = 1.0) -> Evidence:
    chunk = Chunk(
        id=f"c{rank}", doc_id="d", uri="file:///notes/a.md", ordinal=0, kind="note", title="",
        heading=(), context="", text=text, span=Span(0, len(text), "L", 1, 1),
        places=((0, 1),), when=when, who="", origin="user", hash="", name="a.md",
    )  # fmt: skip
    return Evidence(chunk, rank, score, 0.9, (), text, chunk.span)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("We went to the group last Tuesday.", "2 May 2023"),
        ("We went to the group yesterday.", "7 May 2023"),
        ("We went to the group on 3 May.", "3 May 2023"),
        ("We went to the group last week.", "the week before 8 May 2023"),
        ("We went to the group last weekend.", "the weekend of 6 May 2023"),
        ("We went to the group in March.", "March 2023"),
        ("We went to the group two years ago.", "2021"),
        ("We went to the group, at last!", "8 May 2023"),
        ("We go to the group every Friday. We met there yesterday.", "7 May 2023"),
    ],
)
def test_a_day_is_counted_from_when_it_was_said(text: str, day: str) -> None:
    told = when_told(analyze("When did we go to the group?"), [evidence(text)])
    assert told and told.text == day


def test_a_text_without_a_date_gives_no_day() -> None:
    question = analyze("When did we go to the group?")
    assert when_told(question, [evidence("We went there yesterday.", when="")]) is None
    told = when_told(question, [evidence("We went there on 3 May 2021.", when="")])
    assert told and told.text == "3 May 2021"


def test_the_best_passage_tells_it_unless_only_the_next_names_a_day() -> None:
    question = analyze("When did we go to the group?")
    far = evidence("Our group met on 1 April.", rank=2, score=0.5)
    assert (
        when_told(question, [evidence("Our group met today.", score=1.0), far]).text == "8 May 2023"
    )  # type: ignore[union-attr]
    near = evidence("Our group met on 1 April.", rank=2, score=0.9)
    assert when_told(question, [evidence("Our group!", score=1.0), near]).text == "1 April 2023"  # type: ignore[union-attr]


def test_a_time_that_the_question_gives_is_not_its_answer() -> None:
    question = analyze("When did we go camping in June 2023?")
    text = "In June 2023 we went camping, on the 24th of June."
    told = when_told(question, [evidence(text, when="2023-07-01")])
    assert told and told.text == "24 June 2023"


def test_a_sure_day_goes_before_a_vague_one() -> None:
    text = "Life has been hard lately, my son was hurt last Saturday."
    told = when_told(analyze("When was the son hurt?"), [evidence(text, when="2023-08-15")])
    assert told and told.text == "12 August 2023"


def test_what_happened_at_another_time_than_the_one_asked_about_is_not_told() -> None:
    question = analyze("When did we go camping in July 2023?")
    far = evidence("We went camping last year.", when="2023-07-20")
    near = evidence("We went camping yesterday.", when="2023-07-10", rank=2, score=0.9)
    told = when_told(question, [far, near])
    assert told and told.text == "9 July 2023"


def test_what_is_told_of_somebody_must_be_what_is_asked_about() -> None:
    question = analyze("When is Carla's birthday?")
    kayak = evidence("On 3 May 2026 Carla paddled to the island.")
    assert when_told(question, [kayak]) is None
    text = "Carla's birthday came up. She was born on 22 October 2015."
    told = when_told(question, [kayak, evidence(text, rank=2, score=0.5)])
    assert told and told.text == "22 October 2015"


def test_the_day_of_another_one_is_not_told() -> None:
    question = analyze("When is Carla's birthday?")
    both = "Anna: born on 3 March 1988, birthday cake\n\nCarla: birthday on 22 October 2015"
    told = when_told(question, [evidence(both)])
    assert told and told.text == "22 October 2015"
    assert when_told(question, [evidence("Anna: birthday on 3 March 1988")]) is None
    told = when_told(question, [evidence("Deadline: Carla's birthday on 3 March 1988")])
    assert told and told.text == "3 March 1988"


def test_a_greeting_tells_no_day_where_something_else_does() -> None:
    question = analyze("When did we go to the group?")
    told = when_told(question, [evidence("Hi Ben!"), evidence("The group met.", "2023-05-02", 2)])
    assert told and told.text == "2 May 2023"


def test_a_copied_message_tells_the_day_it_names_before_that_on_which_it_was_sent() -> None:
    party = evidence("[02.06.25, 18:11:12] Anna: The party is on 21 June", "")
    named = when_told(analyze("when is the party?"), [party])
    assert named and named.text == "21 June 2025"
    gone = evidence("[14.05.25, 19:02:10] Anna: The kayak is gone", "")
    sent = when_told(analyze("when was the kayak gone?"), [gone])
    assert sent and sent.text.startswith("14 May 2025")


def test_a_day_in_another_language_is_read_as_that_has_it() -> None:
    letter = "Liebe Eltern, der Elternabend der Klasse findet am 19. Mai 2026 um 19 Uhr statt."
    told = when_told(analyze("Wann ist der Elternabend?"), [evidence(letter, when="2026-04-28")])
    assert told and told.text.startswith("19 May 2026")


def test_what_comes_every_week_is_told_so() -> None:
    note = evidence("Leo has swimming on Tuesdays at 16:30 with Jan.", when="")
    other = evidence("Ben: We swam in the lake on 1 May 2026.", when="", rank=2, score=0.9)
    told = when_told(analyze("When does Leo have swimming?"), [note, other])
    assert told and told.text == "on Tuesdays at 16:30"
    told = when_told(analyze("When did Ben go swimming?"), [note, other])
    assert told and told.text == "1 May 2026"


def test_the_day_of_something_else_in_a_note_is_not_told() -> None:
    text = "The move is on 14 August 2026.\n\n- Handing over the keys on 15 August at 10\n"
    assert when_told(analyze("When is the handing over?"), [evidence(text, when="")]) is None
    assert when_told(analyze("When is the move?"), [evidence(text, when="")])


def test_a_day_that_is_denied_is_not_the_day() -> None:
    question = analyze("When does the group meet?")
    assert when_told(question, [evidence("The group does not meet on 3 May.")]) is None
    both = evidence("The group meets not on 3 May but on 4 May.")
    told = when_told(question, [both])
    assert told and told.text == "4 May 2023"
    for beside in ("The rent is 900 euros.", "The party is on 6 May."):
        for text in (f"{beside} The group does not meet on 3 May.",
                     f"The group does not meet on 3 May. {beside}"):  # fmt: skip
            assert when_told(question, [evidence(text)]) is None
    stamped = evidence("[2023-05-08, 10:00] Ana: The group does not meet on 3 May.")
    assert when_told(question, [stamped]) is None
