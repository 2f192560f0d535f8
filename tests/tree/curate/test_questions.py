"""What is open: marked so, said to be undecided, or asked and not answered."""

from __future__ import annotations

import pytest

from cairn.core.tree.curate.rules.questions import propose
from tests.tree.curate.spoken import chat, note, session, talk


@pytest.mark.parametrize(
    ("text", "body"),
    [
        ("TODO: ask the landlord about the cellar key", "Ask the landlord about the cellar key."),
        ("Open question: who pays for the fence?", "Who pays for the fence?"),
        ("We still need to decide on the tiles.", "We still need to decide on the tiles."),
        ("The door's colour is still undecided.", "The door's colour is still undecided."),
        ("Still no idea who will water the plants.", "Still no idea who will water the plants."),
        ("It is unclear whether the permit covers the shed.",
         "It is unclear whether the permit covers the shed."),
        ("Offene Frage: Wer zahlt den Zaun?", "Wer zahlt den Zaun?"),
        ("Wir müssen noch das Datum klären.", "Wir müssen noch das Datum klären."),
    ],
)  # fmt: skip
def test_marked_in_notes(text: str, body: str) -> None:
    [found] = propose(note(text, title="House"))
    assert (found.kind, found.body, found.subject) == ("question", body, "house")


def test_under_a_heading() -> None:
    found = propose(note("Who will host the summer party?", heading=("Open questions",)))
    assert [each.title for each in found] == ["Who will host the summer party?"]


def test_said_in_a_conversation() -> None:
    [found] = propose(talk("We still need to decide who picks up the keys."))
    assert found.body == "Anna and Ben still need to decide who picks up the keys."


def test_asked_and_not_answered() -> None:
    [last] = propose(chat(("Anna", "Hi"), ("Ben", "Do we need to book the ferry in advance?")))
    assert last.body == "Ben asked: Do we need to book the ferry in advance?"
    turns = chat(("Ben", "When do we have to hand back the keys?"), ("Anna", "No idea, I'll ask."))
    assert len(propose(turns)) == 1
    later = ("Anna", "Petra says we hand the keys back on Friday.")
    answered = chat(("Ben", "When do we have to hand back the keys?"),
                    ("Anna", "No idea, I'll ask."), later)  # fmt: skip
    assert not propose(answered)


@pytest.mark.parametrize(
    "text",
    [
        "How are you doing these days?",
        "Who will bring the tent on Saturday?",
        "Can you believe we did it?",
        "What do you think about the tiles?",
        "Do you like the new office?",
        "Isn't it nice there?",
        "Who cares about our garden?",
        "We don't need to decide anything.",
    ],
)
def test_small_talk_and_what_was_answered(text: str) -> None:
    assert not propose(chat(("Anna", text), ("Ben", "I will, all is well")))


@pytest.mark.parametrize("text", ["How are you doing these days?", "You know what we need?", "Ok?"])
def test_small_talk_that_nobody_answered(text: str) -> None:
    assert not propose(chat(("Ben", "Hi"), ("Anna", text)))


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("TODO", "House"),
        ("- [x] pay the deposit now", "House"),
        ("TODO: call Ben (done)", "House"),
        ("- [ ] renew the passport before June", "House"),
        ("What a day that was!", "House"),
        ("If it is still unclear who pays, ask.", "House"),
        ("The todo list is long.", "House"),
    ],
)
def test_what_is_not_open(text: str, title: str) -> None:
    assert not propose(note(text, title=title))


def test_programs_always_answer() -> None:
    turns = session(("user", "When do we have to renew the certificate?"), ("assistant", "Soon."),
                    ("user", "Do we need to restart the server?"))  # fmt: skip
    assert not propose(turns)


def test_time_is_linear_in_hostile_text() -> None:
    propose(note("TODO: " * 100_000))
    propose(talk("we still need to " * 50_000, "?" * 300_000))


@pytest.mark.parametrize(
    "text",
    [
        "We still don't know who pays for the gravel.",
        "Nobody could say when the road is repaired.",
        "Somebody has to find out whether the pump is insured.",
        "Unclear who pays for the gravel.",
        "No idea yet how the pump gets into the cellar.",
        "I asked twice when the road is repaired, no answer so far.",
        "Wir wissen noch nicht, wer den Kies bezahlt.",
    ],
)
def test_what_nobody_knows_yet(text: str) -> None:
    [found] = propose(note(text))
    assert found.kind == "question"


@pytest.mark.parametrize(
    "text",
    ["You know who you are.", "I know who pays for the gravel.", "I wonder why.",
     "I don't know why I laughed so much.", "Find out more in our shop."],
)  # fmt: skip
def test_what_is_no_open_question(text: str) -> None:
    assert not propose(note(text))
