"""What stands around evidence: best first, within the budget, never more than is allowed."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cairn.core.chats.addresses import window_uri
from cairn.core.chunk import chunk_document, estimate_tokens
from cairn.core.index import Index, Replacement
from cairn.core.recall.around import Stretch, expand
from cairn.core.recall.units import units_of
from cairn.core.records import Block, Chunk, Document, Evidence, Place, content_hash
from cairn.core.sentences import quotes

CHAT = "chat:turns/camping"
TALK = [
    ("Ben", "We went to the lake and it rained."),
    ("Ana", "Where is the tent kept now?"),
    ("Ben", "Up in the attic, behind the boxes."),
    ("Ana", "Thank you, I will look there."),
    ("Ben", "See you on Sunday then."),
]
MANY = 30
NOTE = (
    "# Garden\n\n## Budget\n\nWe agreed on 400 euros. The beds cost most of it. Anna pays.\n\n"
    "## Plants\n\nFour tomatoes stand along the fence. The beans come later.\n"
)


@dataclass(frozen=True)
class Memory:
    index: Index
    passages: dict[str, list[Chunk]]

    def evidence(self, name: str, words: str, rank: int = 1) -> Evidence:
        """The first sentence with these words, as a search would have found it."""
        for passage in self.passages[name]:
            for unit in units_of(passage):
                for quote in quotes(unit):
                    if words in quote.text:
                        return Evidence(passage, rank, 1.0, 1.0, (), quote.text, quote.span)
        raise AssertionError(words)

    def around(self, *evidence: Evidence, budget: int = 1000, **more: object) -> list[str]:
        return [each.text for each in expand(evidence, self.index, budget, **more)]  # type: ignore[arg-type]


def talk(turns: list[tuple[str, str]], first: int = 1, day: str = "2026-03-01") -> Document:
    text, places, blocks = "", [], []
    for number, (who, said) in enumerate(turns, start=first):
        shown = f"{who}: {said}"
        places.append(Place(len(text), "t", number))
        blocks.append(
            Block(len(text), len(text) + len(shown), when=f"{day}T18:00:00", who=who,
                  group=(number - 1) // 2)
        )  # fmt: skip
        text += shown + "\n"
    return Document(window_uri(CHAT, first), "chat", "Camping", text[:-1], tuple(places),
                    tuple(blocks), origin="other")  # fmt: skip


def note(uri: str, text: str) -> Document:
    places, blocks, at, trail = [], [], 0, ["", ""]
    for number, line in enumerate(text.splitlines(keepends=True), start=1):
        places.append(Place(at, "L", number))
        if line.startswith("#"):
            level = line.count("#")
            trail = [*trail[: level - 1], line.strip("# \n")]
        if line.strip():
            blocks.append(Block(at, at + len(line.rstrip()), heading=tuple(filter(None, trail))))
        at += len(line)
    return Document(uri, "note", "Garden", text, tuple(places), tuple(blocks))


@pytest.fixture(scope="module")
def memory(tmp_path_factory: pytest.TempPathFactory) -> Memory:
    index = Index(str(tmp_path_factory.mktemp("index")), "chunks-3-none-1")
    long = "\n\n".join(f"Sentence number {n} tells of birds and trees." for n in range(MANY))
    documents = {
        "talk": talk(TALK),
        "later": talk([("Ben", f"Much later we said thing {n}.") for n in range(6)], first=201,
                      day="2026-06-01"),
        "garden": note("file:~/garden.md", NOTE),
        "long": note("file:~/long.md", long),
    }  # fmt: skip
    passages = {}
    for name, document in documents.items():
        chunks = chunk_document(document, budget=40)
        chunks = [replace(chunk, uri=CHAT) if chunk.kind == "chat" else chunk for chunk in chunks]
        index.replace([Replacement(document.id, tuple(chunks), (None,) * len(chunks))], {})
        passages[name] = chunks
    assert len(passages["talk"]) > 1 and len(passages["long"]) > 5
    return Memory(index, passages)


def test_a_question_stands_with_its_reply_and_turns_are_whole(memory: Memory) -> None:
    found = memory.evidence("talk", "Where is the tent")
    assert memory.around(found, steps=1) == [
        "Ben: We went to the lake and it rained.\nAna: Where is the tent kept now?\n"
        "Ben: Up in the attic, behind the boxes."
    ]


def test_where_there_is_room_for_one_more_only_the_reply_comes_first(memory: Memory) -> None:
    found = memory.evidence("talk", "Where is the tent")
    room = estimate_tokens("Ana: Where is the tent kept now?")
    room += estimate_tokens("Ben: Up in the attic, behind the boxes.")
    assert memory.around(found, budget=room) == [
        "Ana: Where is the tent kept now?\nBen: Up in the attic, behind the boxes."
    ]


def test_a_section_is_not_left(memory: Memory) -> None:
    found = memory.evidence("garden", "beds cost")
    assert memory.around(found) == [
        "## Budget\n\nWe agreed on 400 euros. The beds cost most of it. Anna pays."
    ]
    (stretch,) = expand([found], memory.index, 1000)
    assert stretch.trail == ("Garden", "Budget")


def test_neighbours_that_were_both_found_are_one_stretch(memory: Memory) -> None:
    first = memory.evidence("talk", "Where is the tent", 1)
    second = memory.evidence("talk", "See you on Sunday", 2)
    (stretch,) = expand([first, second], memory.index, 1000, steps=1)
    assert [piece.rank for piece in stretch.pieces] == [0, 1, 0, 0, 2]
    assert stretch.rank == 1


def test_what_lies_apart_stays_apart(memory: Memory) -> None:
    first = memory.evidence("talk", "We went to the lake", 2)
    second = memory.evidence("talk", "See you on Sunday", 1)
    found = expand([second, first], memory.index, 1000, steps=1)
    assert [stretch.rank for stretch in found] == [1, 2]
    assert [len(stretch.pieces) for stretch in found] == [2, 2]


def test_the_best_evidence_comes_before_what_stands_around_it(memory: Memory) -> None:
    first = memory.evidence("garden", "beds cost", 1)
    second = memory.evidence("talk", "Up in the attic", 2)
    room = estimate_tokens("The beds cost most of it.")
    room += estimate_tokens("Ben: Up in the attic, behind the boxes.")
    assert memory.around(first, second, budget=room) == [
        "The beds cost most of it.", "Ben: Up in the attic, behind the boxes.",
    ]  # fmt: skip


def test_no_sentence_is_cut_for_a_budget(memory: Memory) -> None:
    found = memory.evidence("garden", "beds cost")
    assert memory.around(found, budget=3) == []
    assert memory.around(found, budget=0) == []


def test_what_is_not_allowed_is_not_shown_nor_gone_beyond(memory: Memory) -> None:
    found = memory.evidence("talk", "Up in the attic")

    def by_ben(chunk: Chunk) -> bool:
        return chunk.who == "Ben"

    assert memory.around(found, admits=by_ben) == ["Ben: Up in the attic, behind the boxes."]
    assert memory.around(memory.evidence("talk", "Where is"), admits=by_ben) == []


def test_what_was_said_months_later_is_not_around(memory: Memory) -> None:
    found = memory.evidence("talk", "See you on Sunday")
    (text,) = memory.around(found)
    assert text.startswith("Ben: We went to the lake") and "Much later" not in text


def test_two_places_of_a_long_text_are_not_joined_over_what_was_left_out(memory: Memory) -> None:
    first = memory.evidence("long", "number 2 ", 1)
    second = memory.evidence("long", f"number {MANY - 3} ", 2)
    found = expand([first, second], memory.index, 10_000, steps=2)
    assert [len(stretch.pieces) for stretch in found] == [5, 5]


def test_a_passage_that_is_gone_still_stands_for_itself(memory: Memory) -> None:
    found = memory.evidence("garden", "beds cost")
    gone = replace(found, chunk=replace(found.chunk, id="c_gone", doc_id="d_gone", uri="file:~/x"))
    (stretch,) = expand([gone], memory.index, 1000)
    assert "The beds cost most of it." in stretch.text


def test_cairns_own_words_of_a_sitting_stand_alone(memory: Memory) -> None:
    chunk = replace(memory.passages["talk"][0], kind="episode", id="c_episode", places=((0, 1),))
    told = Evidence(chunk, 1, 1.0, 1.0, (), "", chunk.part(0, 5))
    (text,) = memory.around(told)
    assert text in chunk.text


@settings(max_examples=40, deadline=None)
@given(
    budget=st.integers(0, 300),
    steps=st.integers(0, 6),
    numbers=st.lists(st.integers(0, MANY - 1), min_size=1, max_size=6, unique=True),
)
def test_whatever_is_found_every_piece_is_exact_and_paid_once(
    memory: Memory, budget: int, steps: int, numbers: list[int]
) -> None:
    found = [
        memory.evidence("long", f"number {number} ", rank)
        for rank, number in enumerate(numbers, start=1)
    ]
    stretches = expand(found, memory.index, budget, steps=steps)
    assert stretches == expand(found, memory.index, budget, steps=steps)
    pieces = [piece for stretch in stretches for piece in stretch.pieces]
    places = [(piece.chunk.id, piece.start) for piece in pieces]
    assert len(places) == len(set(places))
    assert sum(estimate_tokens(piece.text) for piece in pieces) <= budget
    assert sum(stretch.tokens for stretch in stretches) <= budget
    for piece in pieces:
        assert piece.text == piece.chunk.text[piece.start : piece.end]
        assert piece.text.endswith(".") and piece.text.startswith("Sentence number")
        assert piece.hash == content_hash(piece.text)
        assert piece.span.end - piece.span.start == len(piece.text)
    _follow_each_other(stretches)


def _follow_each_other(stretches: tuple[Stretch, ...]) -> None:
    for stretch in stretches:
        told = [int(piece.text.split()[2]) for piece in stretch.pieces]
        assert told == list(range(told[0], told[0] + len(told)))
    ranks = [stretch.rank for stretch in stretches]
    assert ranks == sorted(ranks)
