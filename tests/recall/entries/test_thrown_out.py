"""What a person has called wrong stays where it stands, but no answer says it."""

from __future__ import annotations

from pathlib import Path

from cairn.core.engine import Engine
from cairn.core.recall.entries.thrown_out import sound, without, wrong_in
from cairn.core.records import Chunk, Evidence, Span
from cairn.core.sentences import quotes
from tests.told import chat, entries, note, told

ASKED = "How much is the garden budget?"
WRONG = "The garden budget is 550 euros."
TEXT = f"# Garden\n\n{WRONG} It was hard to agree on. The garden has seven apple trees.\n"


def chunk(text: str, *, kind: str = "note", places: tuple[tuple[int, int], ...] = ()) -> Chunk:
    span = Span(0, len(text), "t" if kind == "chat" else "L", 1, max(1, len(places)))
    return Chunk(
        "c_1", "d_1", "file:/life/garden.md", 0, kind, "Garden", (), "", text, span,  # type: ignore[arg-type]
        places or ((0, 1),), "2026-03-08", "Ana", "user", "",
    )  # fmt: skip


def found(passage: Chunk, wrong: tuple[str, ...], at: Span) -> Evidence:
    return Evidence(passage, 1, 1.0, 0.9, (), "", at, wrong=wrong)


def test_only_the_sentence_goes_and_all_else_keeps_its_place() -> None:
    passage = chunk(TEXT.strip())
    wrong = wrong_in(passage, ["The garden  budget is 550 euros"])
    assert wrong == (WRONG,)
    left = without(passage, wrong)
    assert [quote.text for quote in quotes(left) if not quote.is_heading] == [
        "It was hard to agree on.", "The garden has seven apple trees.",
    ]  # fmt: skip
    for quote in quotes(left):
        assert TEXT[quote.start : quote.end] == left.text[quote.start : quote.end]


def test_of_a_conversation_the_turn_goes_of_a_note_the_next_sentence_stands_in() -> None:
    turns = "Ana: It is 550.\nBen: Fine.\nAna: It is 550."
    said = chunk(turns, kind="chat", places=((0, 1), (16, 2), (27, 3)))
    turn = Span(0, 15, "t", 1, 1)
    assert sound([found(said, ("Ana: It is 550.",), turn)]) == ()
    (other,) = sound([found(said, ("Ana: It is 550.",), Span(16, 26, "t", 2, 2))])
    assert other.chunk.text.split() == ["Ben:", "Fine."]
    passage = chunk(TEXT.strip())
    (kept,) = sound([found(passage, (WRONG,), passage.part(10, 10 + len(WRONG)))])
    assert kept.snippet == "It was hard to agree on."
    assert sound([found(chunk(WRONG), (WRONG,), chunk(WRONG).span)]) == ()


def test_no_answer_says_it_until_it_is_brought_back(engine: Engine, tmp_path: Path) -> None:
    path = tmp_path / "life" / "garden.md"
    note(engine, path, TEXT)
    (wrong,) = entries(engine, "550")
    assert "550" in told(engine, ASKED)
    done = engine.memory.throw_out([wrong.entry.id])
    assert "550" not in told(engine, ASKED)  # and not only once the index has followed
    engine.work()
    answer = engine.ask(ASKED)
    assert answer.abstained and "called wrong" in answer.reason
    assert answer.found[0].wrong == (WRONG,) and "550" in answer.found[0].chunk.text
    assert "seven" in told(engine, "How many apple trees has the garden?")
    (hit, *_) = engine.search("garden budget").evidence
    assert WRONG in hit.chunk.text and hit.wrong == (WRONG,)
    engine.memory.undo(done.id)
    engine.work()
    assert "550" in told(engine, ASKED)


def test_what_was_edited_since_says_something_else(engine: Engine, tmp_path: Path) -> None:
    path = tmp_path / "life" / "garden.md"
    note(engine, path, TEXT)
    engine.memory.throw_out([entries(engine, "550")[0].entry.id])
    note(engine, path, f"A line above.\n\n{TEXT}", "2026-03-09")
    assert "550" not in told(engine, ASKED)
    note(engine, path, TEXT.replace("550", "380"), "2026-03-10")
    assert "380" in told(engine, ASKED)


def test_neither_a_thought_nor_a_summary_of_a_conversation_says_it(
    engine: Engine, tmp_path: Path
) -> None:
    path, _ = engine.memory.remember("The spare key is under the blue pot.")
    engine.work()
    asked = "Where is the spare key?"
    assert "blue pot" in told(engine, asked)
    engine.memory.throw_out([str(path)])
    engine.work()
    assert engine.ask(asked).abstained
    turns = [(f"2026-03-08T1{n}:00:00+01:00", "user", f"Something else, number {n}.")
             for n in range(6)]  # fmt: skip
    last = ("2026-03-08T16:05:00+01:00", "user", "My rent is 410 euros now.")
    chat(engine, tmp_path / "in", *turns, last)
    (rent,) = entries(engine, "410")
    engine.memory.throw_out([rent.entry.id])
    engine.work()
    assert "410" not in told(engine, "How much is my rent?")
    assert "410" not in told(engine, "What did we last talk about?")
