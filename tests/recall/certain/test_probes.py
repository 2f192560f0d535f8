"""The sentence that only one document says so."""

from __future__ import annotations

from cairn.core.chunk import chunk_document
from cairn.core.recall.certain.probes import rare_sentence, rarity
from cairn.core.records import Block, Chunk, Document, Place

OTHERS = ["We met in the town and had a coffee.", "The weather in the town was good."]


def passages(text: str) -> list[Chunk]:
    places = (Place(0, "L", 1),)
    return list(
        chunk_document(Document("file:/a", "note", "A", text, places, (Block(0, len(text)),)))
    )


def test_the_sentence_with_the_rarest_words_is_taken() -> None:
    text = "We met in the town and had a coffee. The theodolite stood on a rusty tripod."
    probe = rare_sentence(passages(text), rarity([*OTHERS, text]))
    assert probe and probe.text == "The theodolite stood on a rusty tripod."
    assert not probe.is_short


def test_a_few_words_are_taken_only_where_there_are_no_more() -> None:
    text = "Theodolite. We met in the town and had a coffee."
    probe = rare_sentence(passages(text), rarity([*OTHERS, text]))
    assert probe and probe.text.startswith("We met")
    alone = rare_sentence(passages("Theodolite."), rarity(OTHERS))
    assert alone and alone.is_short


def test_numbers_are_no_words() -> None:
    probe = rare_sentence(passages("12 13 14\n15 16 17"), rarity(OTHERS))
    assert probe and probe.words == 0


def test_where_there_is_nothing_to_say_there_is_no_sentence() -> None:
    assert rare_sentence([], rarity(OTHERS)) is None
    assert rare_sentence(passages("--- *** ---"), rarity(OTHERS)) is None


def test_a_sentence_without_end_is_cut_between_words() -> None:
    text = "theodolite " * 5000
    probe = rare_sentence(passages(text), rarity(OTHERS))
    assert probe and len(probe.text) <= 240
    assert set(probe.text.split()) == {"theodolite"}


def test_it_is_always_the_same_sentence() -> None:
    text = "Red apples fall early here. Green apples fall later there. " * 40
    found = {rare_sentence(passages(text), rarity(OTHERS)).text for _ in range(3)}  # type: ignore[union-attr]
    assert len(found) == 1
