"""Chunking: everything once, within the budget, at exact spans, in linear time."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cairn.core.chunk import PREFIX_BUDGET, chunk_document, estimate_tokens
from cairn.core.records import Block, Chunk, Document, Kind, Origin, Place
from tests.extract.checks import check_chunks, read

WORDS = st.sampled_from(
    "a garden 2026 Überraschung. 中文。 don't! \n\n \n - x; 0xdeadbeef ".split(" ")
)


def note(text: str, blocks: tuple[Block, ...] = (), kind: Kind = "note") -> Document:
    starts = [0, *(at + 1 for at, ch in enumerate(text) if ch == "\n")]
    places = tuple(Place(start, "L", n) for n, start in enumerate(starts, 1))
    blocks = blocks or (Block(0, len(text)),)
    return Document("file:note", kind, "Title", text, places, blocks, when="2026-01-01")


def lines(text: str, **fields: str) -> list[Block]:
    """A block per line."""
    blocks: list[Block] = []
    at = 0
    for row in text.split("\n"):
        if row.strip():
            blocks.append(Block(at, at + len(row), **fields))  # type: ignore[arg-type]
        at += len(row) + 1
    return blocks


@settings(max_examples=150, deadline=None)
@given(
    rows=st.lists(st.lists(WORDS, max_size=40).map(" ".join), min_size=1, max_size=8),
    budget=st.integers(16, 60),
    kind=st.sampled_from(["note", "code", "chat"]),
)
def test_every_character_once_and_within_the_budget(
    rows: list[str], budget: int, kind: Kind
) -> None:
    text = "\n".join(rows)
    document = note(text, tuple(lines(text)), kind)
    for chunk in check_chunks(document, budget):
        assert estimate_tokens(chunk.text) <= budget


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=300), st.integers(1, 40))
def test_a_callers_counter_is_obeyed(text: str, budget: int) -> None:
    def count(part: str) -> int:  # dearer than the estimate: every character is a token
        return sum(not ch.isspace() for ch in part)

    document = note(text)
    chunks = chunk_document(document, count, budget)
    assert "".join("".join(c.text.split()) for c in chunks) == "".join(text.split())
    assert all(count(chunk.text) <= max(budget, 24) for chunk in chunks)


def test_blocks_stay_whole_and_together_while_they_fit() -> None:
    text = "one two\n\nthree four\n\nfive six"
    (chunk,) = chunk_document(note(text, tuple(lines(text))))
    assert (chunk.text, chunk.span.locator) == (text, "L1-L5")
    cut = chunk_document(note(text, tuple(lines(text))), lambda part: len(part.split()), budget=4)
    assert [c.text for c in cut] == ["one two\n\nthree four", "five six"]


@pytest.mark.parametrize("field", ["heading", "context", "when", "who"])
def test_what_separates_chunks(field: str) -> None:
    values = {"heading": ("A",), "context": "a | b", "when": "2026-03-02", "who": "Anna"}
    blocks = (Block(0, 1), Block(2, 3, **{field: values[field]}))  # type: ignore[arg-type]
    first, second = chunk_document(note("a\nb", blocks))
    assert getattr(second, field) == values[field]
    assert first.when == "2026-01-01"


def test_a_chat_packs_speakers_but_not_days() -> None:
    text = "Anna: hi\nBob: hello\nAnna: bye\nBob: back"
    blocks = [
        Block(0, 8, when="2026-03-02T10:00", who="Anna", origin="user"),
        Block(9, 19, when="2026-03-02T10:01", who="Bob", origin="other"),
        Block(20, 29, when="2026-03-02T10:02", who="Anna", origin="user"),
        Block(30, 39, when="2026-03-03T09:00", who="Bob", origin="other"),
    ]
    first, second = chunk_document(note(text, tuple(blocks), "chat"))
    assert (first.who, first.origin, first.when) == ("Anna, Bob", "other", "2026-03-02T10:00")
    assert (second.who, second.origin) == ("Bob", "other")


def asked_and_answered(origin: Origin, day: str = "2026-03-02") -> list[Chunk]:
    text = "Anna: so\nAnna: which boiler?\nBob: the old one"
    spans = ((0, 8), (9, 28), (29, 45))
    days = ("2026-03-02", "2026-03-02", day)
    blocks = [
        Block(start, end, when=f"{when}T10:00", who=text[start:end].partition(":")[0],
              origin=origin if start > 20 else "user", group=group)
        for group, ((start, end), when) in enumerate(zip(spans, days, strict=True))
    ]  # fmt: skip
    return chunk_document(note(text, tuple(blocks), "chat"))


def test_a_reply_is_found_by_what_was_said_before_it() -> None:
    first, second, third = asked_and_answered("other")
    assert (first.before, second.before, third.before) == ("", "Anna: so", "Anna: which boiler?")
    assert third.text == "Bob: the old one"
    assert "boiler" in third.search_text
    assert "boiler" not in third.embedding_text


def test_neither_another_day_nor_a_request_to_a_program_stands_before_a_passage() -> None:
    assert asked_and_answered("other", day="2026-03-03")[2].before == ""
    assert asked_and_answered("assistant")[2].before == ""
    assert chunk_document(note("a\nb", (Block(0, 1), Block(2, 3, who="Bob"))))[1].before == ""


def test_long_blocks_end_with_sentences_then_words() -> None:
    text = "The bed is dug. " * 30
    chunks = chunk_document(note(text.strip()), budget=40)
    assert all(chunk.text.endswith("dug.") for chunk in chunks)
    words = chunk_document(note("garden " * 300), budget=40)
    assert all(set(chunk.text.split()) == {"garden"} for chunk in words)
    code = chunk_document(note("call(x)\n" * 100, kind="code"), budget=40)
    assert all(chunk.text.endswith(")") for chunk in code)


def test_the_prefix_is_kept_short() -> None:
    context = " | ".join(f"column number {n}" for n in range(100))
    (chunk,) = chunk_document(note("1 | 2", (Block(0, 5, context=context),)))
    assert chunk.context.endswith("…") and context.startswith(chunk.context[:-1])
    prefix = chunk.embedding_text.split("\n")[0]
    assert estimate_tokens(prefix) <= PREFIX_BUDGET
    heading = tuple(f"A section with a rather long title {n}" for n in range(4))
    text = "word " * 400
    long = chunk_document(note(text, (Block(0, len(text), heading, context=context),)))
    assert all(estimate_tokens(c.embedding_text) <= 200 + PREFIX_BUDGET for c in long)
    assert {c.context for c in long} == {""}


@given(
    title=st.text(alphabet="ab1 |中", max_size=120),
    context=st.text(alphabet="ab1 |中", max_size=400),
)
def test_any_prefix_ends_within_its_budget(title: str, context: str) -> None:
    document = replace(note("1 | 2", (Block(0, 5, context=context),)), title=title or "x")
    (chunk,) = chunk_document(document)
    prefix = chunk.embedding_text.removesuffix(chunk.text)
    assert estimate_tokens(prefix) <= PREFIX_BUDGET or not chunk.context


def test_ids_depend_on_content_and_place_only(tmp_path: Path) -> None:
    def ids(text: str) -> list[str]:
        return [chunk.id for chunk in chunk_document(read(tmp_path, "a.md", text), budget=16)]

    text = "".join(f"Paragraph number {n} of the note.\n\n" for n in range(6))
    assert ids(text) == ids(text)
    assert [a == b for a, b in zip(ids(text), ids(text.replace("3", "9")), strict=True)].count(
        False
    ) == 1


@pytest.mark.parametrize("unit", ["word ", "x", "中", "a\n", "Sentence. ", "é", "1", " "])
def test_time_is_linear(unit: str) -> None:
    text = unit * (2_000_000 // len(unit))
    began = time.monotonic()
    chunks = chunk_document(note(text.strip() or "x"))
    assert time.monotonic() - began < 20
    assert sum(len("".join(chunk.text.split())) for chunk in chunks) == len(
        "".join(text.split()) or "x"
    )


def test_many_lines() -> None:
    text = "a line of a log\n" * 100_000
    began = time.monotonic()
    chunks = chunk_document(note(text, tuple(lines(text))))
    assert time.monotonic() - began < 20
    assert chunks[-1].span.last == 100_000


def test_the_parts_of_a_document_follow_it_under_its_id() -> None:
    def part(uri: str, text: str, *parts: Document) -> Document:
        return replace(note(text), uri=uri, title=uri[-1], parts=parts)

    inner = part("file:m!/z!/c", "the same words")
    twin = part("file:m!/a", "the same words")
    mail = part("file:m", "the mail", twin, part("file:m!/z", "zipped", inner), twin)
    chunks = chunk_document(mail)
    assert [chunk.uri for chunk in chunks] == [
        "file:m", "file:m!/a", "file:m!/z", "file:m!/z!/c", "file:m!/a",
    ]  # fmt: skip
    assert [chunk.title for chunk in chunks] == ["m", "a", "z", "c", "a"]
    assert {chunk.doc_id for chunk in chunks} == {mail.id}
    assert [chunk.ordinal for chunk in chunks] == [0, 1, 2, 3, 4]
    assert len({chunk.id for chunk in chunks}) == 5
    assert chunks[0].id == chunk_document(replace(mail, parts=()))[0].id


def test_parts_may_be_nested_deeply() -> None:
    document = note("innermost")
    for number in range(3000):
        document = replace(note(f"level {number}"), parts=(document,))
    assert len(chunk_document(document)) == 3001
