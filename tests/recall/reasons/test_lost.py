"""Where a search loses what should have been found, and the words in which that is said."""

from __future__ import annotations

import numpy as np
import pytest

from cairn.core.chunk import chunk_document
from cairn.core.errors import Unavailable
from cairn.core.index import Index, Replacement
from cairn.core.recall.certain.probes import rarity_in
from cairn.core.recall.reasons import plainly
from cairn.core.recall.reasons.lost import Trace, Wanted, trace
from cairn.core.recall.scoring import Worth
from cairn.core.recall.search import search
from cairn.core.records import Block, Document, Place, document_id

LONG = "The harbour was full of boats. " * 12
NOTES = {
    "plan.md": "The garden budget is 400 euros.",
    "copy.md": "The garden budget is 400 euros.",
    "other.md": "Petunias grow along the fence.",
    "late.md": f"{LONG}A garden was there too.",
    **{f"garden-{number:02}.md": f"The garden of house {number}." for number in range(60)},
}


def no_embedder(texts: list[str]) -> np.ndarray:
    raise Unavailable("there is no embedder", "words must do")


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Index:
    index = Index(str(tmp_path_factory.mktemp("index")), "chunks-3-none-1")
    written = []
    for name, text in NOTES.items():
        places = (Place(0, "L", 1),)
        document = Document(f"file:/{name}", "note", "Note", text, places, (Block(0, len(text)),))
        chunks = tuple(chunk_document(document))
        written.append(Replacement(document.id, chunks, (None,) * len(chunks)))
    index.replace(written, {})
    return index


def lose(index: Index, name: str, question: str, limit: int = 10) -> Trace:
    passages = index.table.passages([document_id(f"file:/{name}")])
    wanted = Wanted({each.id: each for found in passages.values() for each in found})
    return trace(wanted, search(index, no_embedder, question, limit), rarity_in(index))


def test_what_is_found_is_told_with_its_rank_and_its_parts(index: Index) -> None:
    told = lose(index, "plan.md", "garden budget")
    assert (told.step, told.lacking) == ("found", ())
    assert told.rank in (1, 2) and told.place == told.rank
    assert [each.rank for each in told.met] == [told.rank]
    assert sum(each.adds for each in told.parts) == pytest.approx(told.score, abs=1e-3)


def test_of_two_that_say_the_same_the_other_is_named(index: Index) -> None:
    first = search(index, no_embedder, "garden budget", 1).evidence[0].chunk.uri
    lost, shown = ("copy.md", "plan.md") if first.endswith("plan.md") else ("plan.md", "copy.md")
    told = lose(index, lost, "garden budget", 1)
    assert told.step == "same text"
    assert told.reason == f"the same stands in file:/{shown}#L1, which is result 1"


def test_what_holds_none_of_the_words_is_told_with_words_of_its_own(index: Index) -> None:
    told = lose(index, "other.md", "garden budget")
    assert told.step == "not matched"
    assert told.reason == "none of the question's words is in it"
    assert set(told.lacking) == {"garden", "budget"}
    assert "Petunias" in told.telling
    assert lose(index, "other.md", " ".join(told.telling)).rank == 1


def test_a_rank_is_told_beyond_all_that_was_looked_at(index: Index) -> None:
    told = lose(index, "late.md", "garden")
    assert told.step == "too far down"
    (met,) = told.met
    assert met.rank == met.of == sum("garden" in text for text in NOTES.values())
    assert met.rank > told.taken
    assert f"{plainly.ordinal(met.rank)} by its words" in told.reason
    assert told.place == 0


def test_what_is_weighed_and_not_shown_is_beyond_the_limit(index: Index) -> None:
    shown = {item.chunk.uri for item in search(index, no_embedder, "garden house", 30).evidence}
    before = {item.chunk.uri for item in search(index, no_embedder, "garden house", 3).evidence}
    name = min(shown - before).removeprefix("file:/")
    told = lose(index, name, "garden house", 3)
    assert told.step == "beyond the limit"
    assert told.reason == f"it is {plainly.ordinal(told.place)} of all, and 3 are shown"
    assert told.place > 3


def test_a_place_is_lost_although_its_document_is_there(index: Index) -> None:
    passages = index.table.passages([document_id("file:/plan.md")])
    by_id = {each.id: each for found in passages.values() for each in found}
    nowhere = Wanted(by_id, "L", 7, 7)
    results = search(index, no_embedder, "garden budget", 10)
    assert trace(nowhere, results, rarity_in(index)).step == "nothing"


def test_the_same_question_is_told_the_same(index: Index) -> None:
    assert lose(index, "late.md", "garden") == lose(index, "late.md", "garden")


def test_every_part_that_counts_has_a_name_in_plain_words() -> None:
    for name in Worth().beside:
        assert plainly.part(name) != name


@pytest.mark.parametrize(
    ("number", "said"),
    [(1, "1st"), (2, "2nd"), (3, "3rd"), (11, "11th"), (22, "22nd"), (112, "112th"),
     (1_230, "1,230th")],
)  # fmt: skip
def test_a_rank_in_words(number: int, said: str) -> None:
    assert plainly.ordinal(number) == said
