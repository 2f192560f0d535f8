"""What a turn falls apart into, and what is marked as no claim."""

import pytest

from cairn.core.tree.curate.material import Utterance
from cairn.core.tree.curate.rules.clauses import Clause, clauses, without_call
from tests.tree.curate.spoken import talk


def said(text: str, *to: str) -> list[Clause]:
    return clauses(Utterance("chat:test/1#t1", text, who="Ana", origin="other", to=to))


def texts(text: str, *to: str) -> list[str]:
    return [clause.text for clause in said(text, *to)]


def marks(text: str, *to: str) -> list[str]:
    return [clause.mark for clause in said(text, *to)]


def test_every_clause_is_a_verbatim_slice_of_its_turn() -> None:
    text = "Yeah, I moved!  It was hard… 😀 We like it here\n- Dr. Who came at 3.5 km. ok"
    for clause in said(text, "Ben"):
        assert clause.text == text[clause.start : clause.end]


def test_sentences_end_at_stops_emoji_and_lines() -> None:
    assert texts("I moved. I like it! It is big 😀 we eat\nSee") == [
        "I moved.", "I like it!", "It is big 😀", "we eat", "See",
    ]  # fmt: skip


def test_abbreviations_and_numbers_end_nothing() -> None:
    assert texts("Dr. Smith ran 3.5 km vs. J.K. Rowling.") == [
        "Dr. Smith ran 3.5 km vs. J.K. Rowling."
    ]


@pytest.mark.parametrize(
    ("text", "claim"),
    [
        ("Yeah, I painted it!", "I painted it!"),
        ("Thanks, Ben! I painted it.", "I painted it."),
        ("Hey Benny, by the way, I painted it.", "I painted it."),
        ("Wow Ben - I painted it.", "I painted it."),
        ("Ohh, I painted it.", "I painted it."),
        ("and I painted it.", "I painted it."),
        ("So yes I painted it.", "I painted it."),
        ("So much was painted.", "So much was painted."),
        ("No day passes without it.", "No day passes without it."),
        ("Like father, like son.", "Like father, like son."),
    ],
)
def test_calls_and_answers_before_a_claim_are_left_out(text: str, claim: str) -> None:
    assert texts(text, "Benny Hill", "Ben")[-1] == claim


def test_a_stranger_s_name_is_no_call() -> None:
    assert texts("Paris, I love it.", "Ben") == ["Paris, I love it."]


def test_a_name_called_at_the_end_is_left_out() -> None:
    assert without_call("I painted it, Mel!", ("Melanie",)) == "I painted it!"
    assert without_call("I met my sister, Zoe.", ("Melanie",)) == "I met my sister, Zoe."


@pytest.mark.parametrize(
    ("text", "mark"),
    [
        ("I moved to Berlin.", ""),
        ("What made you move?", "question"),
        ("You moved, right?", "question"),
        ("Good to see you!", "greeting"),
        ("Ben!", "greeting"),
        ("Thank you so much for the help.", "greeting"),
        ("“To be or not to be.”", "quote"),
        ("x = compute(a, b);", "code"),
        ("core/tree/curate/rules/facts.py is broken", "code"),
        ("a" * 700, "code"),
    ],
)
def test_what_is_no_claim_is_marked(text: str, mark: str) -> None:
    assert marks(text, "Ben") == [mark]


def test_quoted_lines_and_fences_are_marked_whole() -> None:
    text = "On Monday Ben wrote:\n> I love it.\n```\nI = 1\n```\nI moved."
    assert marks(text) == ["quote", "quote", "code", ""]
    assert said(text)[-1].text == "I moved."


def test_what_a_program_says_of_a_photo_is_no_clause() -> None:
    assert texts("I painted it. [photo: a dog on a hill]") == ["I painted it."]


def test_links_are_left_out() -> None:
    assert texts("I read https://example.org/a.b?c=d yesterday.") == ["I read", "yesterday."]


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "...",
        "?!?!" * 1000,
        "[" * 5000,
        "😀" * 5000,
        "\n" * 5000,
        "a. " * 5000,
        "\x00\ud800",
    ],
)
def test_hostile_turns_are_read_to_the_end(text: str) -> None:
    for clause in said(text):
        assert clause.text == text[clause.start : clause.end]


def test_a_german_date_is_one_sentence() -> None:
    [clause] = clauses(talk("Greta kommt am 3. Februar zu uns.")[0])
    assert clause.text == "Greta kommt am 3. Februar zu uns."


def test_a_number_ends_a_sentence() -> None:
    assert len(clauses(talk("We are at number 3. January was cold.")[0])) == 2


def test_what_is_only_supposed_is_marked() -> None:
    [clause] = clauses(talk("Suppose we had a goat.")[0])
    assert clause.mark == "supposed"
