"""What may be found is narrowed inside each channel: the best of what is allowed is found."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from cairn.core.config import Config
from cairn.core.engine import Engine
from cairn.core.errors import ConfigError, NotFound
from cairn.core.home import open_home
from cairn.core.index import Index, Replacement
from cairn.core.index.hot import HotTier
from cairn.core.recall.narrow.allowed import is_by
from cairn.core.recall.narrow.filters import EVERYTHING, Filters, read_filters
from cairn.core.records import Chunk, Span, content_hash
from tests.told import chat, note

WORDS = [f"w{number}" for number in range(60)]


def unit(vector: np.ndarray) -> np.ndarray:
    return (vector / np.linalg.norm(vector)).astype(np.float32)


# -- vectors


@pytest.mark.parametrize("share", [0.0, 0.003, 0.05, 0.5, 0.97, 1.0])
def test_the_hot_tier_finds_the_best_of_what_is_allowed(share: float) -> None:
    rng, chance = np.random.default_rng(7), random.Random(3)
    hot = HotTier(384)
    ids = [f"c_{number:04}" for number in range(700)]
    vectors = np.stack([unit(rng.standard_normal(384)) for _ in ids])
    vectors[100:130] = vectors[99]  # equal scores, also at the cut
    hot.put(ids, vectors)
    hot.remove(ids[40:60])
    allowed = frozenset(id for id in ids if chance.random() < share) | {"c_gone"}
    for query in (unit(rng.standard_normal(384)), vectors[99]):
        whole = hot.search(query, len(ids))
        for limit in (1, 10, 50):
            expected = [pair for pair in whole if pair[0] in allowed][:limit]
            assert hot.search(query, limit, allowed) == expected


def test_what_is_allowed_is_looked_up_anew_after_a_change() -> None:
    rng = np.random.default_rng(1)
    hot, allowed = HotTier(384), frozenset("ab")
    vector = unit(rng.standard_normal(384))
    hot.put(["c", "a"], np.stack([vector, vector]))
    assert [id for id, _ in hot.search(vector, 5, allowed)] == ["a"]
    hot.put(["b"], vector[None, :])
    assert [id for id, _ in hot.search(vector, 5, allowed)] == ["a", "b"]
    hot.remove(["c"])  # another row takes its place
    assert [id for id, _ in hot.search(vector, 5, allowed)] == ["a", "b"]


# -- words


def made(number: int, text: str) -> Chunk:
    return Chunk(
        f"c_{number:05}", f"d_{number:05}", f"file:/{number % 7}/{number}", 0,
        ("note", "pdf", "mail")[number % 3], "", (), "", text, Span(0, len(text), "L", 1, 1),
        ((0, 1),), "", "", "document", content_hash(text),
    )  # fmt: skip


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Index:
    chance = random.Random(5)
    chunks = [made(n, " ".join(chance.choices(WORDS, k=12))) for n in range(600)]
    index = Index(str(tmp_path_factory.mktemp("index")), "chunks-3-none-1")
    index.replace([Replacement(each.doc_id, (each,), (None,)) for each in chunks], {})
    index.table.compact()
    return index


@pytest.mark.parametrize(
    "where", ["starts_with(uri, 'file:/3/')", "kind IN ('pdf')", "kind != 'note'", "id = 'c_00011'"]
)
def test_words_find_the_best_of_what_is_allowed(index: Index, where: str) -> None:
    allowed = set(index.table.matching(where))
    for words in ("w1", "w3 w14 w15", "w59 w58 w57 w56 w2"):
        whole = index.table.search_words(words, 600)
        for limit in (3, 50):
            expected = [pair for pair in whole if pair[0] in allowed][:limit]
            found = index.table.search_words(words, limit, where=where)
            assert [id for id, _ in found] == [id for id, _ in expected]
            assert [s for _, s in found] == pytest.approx([s for _, s in expected])


# -- through the engine

TALK = (
    ("2026-03-02T18:00:00+01:00", "user", "Shall we take the boat to the island in summer?"),
    ("2026-03-02T18:01:00+01:00", "other", "The boat needs new paint before the summer."),
    ("2026-05-09T09:00:00+02:00", "other", "The boat is painted, the paint was 40 euros."),
    ("2026-05-09T09:02:00+02:00", "user", "Great, then the boat can go into the water."),
)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Engine, Path]]:
    folder = tmp_path_factory.mktemp("life")
    engine = Engine(open_home(folder / "home"), Config())
    note(
        engine,
        folder / "notes" / "boat.md",
        "# Boat\n\nThe boat lies in the harbour.\n",
        "2026-01-05",
    )
    note(
        engine,
        folder / "notes" / "car.md",
        "# Car\n\nThe car is blue, the boat is not.\n",
        "2026-04-05",
    )
    note(engine, folder / "100%_old" / "boat.txt", "The old boat was sold.\n", "2026-02-05")
    (folder / "notes" / "boats.csv").write_text("boat,price\nNixe,900\n")
    letter = (
        "From: Carla Díaz <c@x.org>\nTo: ana@x.org\nSubject: Boat\n"
        "Date: Mon, 6 Apr 2026 10:00:00 +0000\n\nThe boat insurance costs 80 euros.\n"
    )
    (folder / "notes" / "insurance.eml").write_text(letter)
    engine.sweep()
    engine.work()
    chat(engine, folder / "in", *TALK, name="harbour")
    yield engine, folder
    engine.close()


def found(engine: Engine, **filters: str) -> set[str]:
    results = engine.asking.search("boat", 50, filters=read_filters(**filters))
    return {
        f"t{item.at.first}" if item.chunk.kind == "chat" else item.chunk.uri.rpartition("/")[2]
        for item in results.evidence
        if item.chunk.kind not in ("entry", "episode")
    }


FILES = {"boat.md", "car.md", "boats.csv", "insurance.eml"}


def test_empty_filters_leave_everything_in(home: tuple[Engine, Path]) -> None:
    assert found(home[0]) == FILES | {"boat.txt", "t1", "t2", "t3", "t4"}
    assert read_filters() == EVERYTHING


def test_in_takes_a_path_a_name_a_file_and_a_conversation(home: tuple[Engine, Path]) -> None:
    engine, folder = home
    assert found(engine, folder=str(folder / "notes")) == FILES
    assert found(engine, folder="Notes") == FILES
    assert found(engine, folder=str(folder / "notes" / "car.md")) == {"car.md"}
    assert found(engine, folder="100%_old") == {"boat.txt"}
    assert found(engine, folder=str(folder)) >= FILES | {"boat.txt"}
    assert found(engine, folder="harbour") == {"t1", "t2", "t3", "t4"}
    (chat_uri,) = (each.uri for each in engine.conversations.latest())
    assert found(engine, folder=chat_uri) == {"t1", "t2", "t3", "t4"}


def test_kinds_have_many_names(home: tuple[Engine, Path]) -> None:
    engine, _ = home
    assert found(engine, kind="mail") == found(engine, kind="Emails") == {"insurance.eml"}
    assert found(engine, kind="note,spreadsheets") == FILES - {"insurance.eml"} | {"boat.txt"}
    assert found(engine, kind="chat") == {"t1", "t2", "t3", "t4"}


def test_from_tells_the_turns_of_one_conversation_apart(home: tuple[Engine, Path]) -> None:
    engine, _ = home
    assert found(engine, person="ben") == {"t2", "t3"}
    assert found(engine, person="Ana") == found(engine, person="me") == {"t1", "t4"}
    assert found(engine, person="carla diaz") == {"insurance.eml"}


def test_origin_tells_the_turns_apart_too(home: tuple[Engine, Path]) -> None:
    engine, _ = home
    assert found(engine, origin="user") == {"t1", "t4"}
    assert found(engine, origin="other", kind="chat") == {"t2", "t3"}
    assert found(engine, origin="document") >= {"boat.md", "car.md", "boats.csv", "boat.txt"}


def test_days_are_those_of_the_text_or_else_of_its_file(home: tuple[Engine, Path]) -> None:
    engine, _ = home
    assert found(engine, since="2026-04-06", until="2026-05-08") == {"insurance.eml"}
    assert found(engine, until="2026-03-01") == {"boat.md", "boat.txt"}
    assert found(engine, since="2026-05-09", kind="chat") == {"t3", "t4"}
    assert found(engine, since="2026-04-05", until="2026-04-05") == {"car.md"}


def test_an_answer_rests_on_nothing_else(home: tuple[Engine, Path]) -> None:
    engine, _ = home
    asked = "what does the boat need before the summer?"
    said = engine.asking.ask(asked, filters=read_filters(person="Ben"))
    assert said.citations and all("#t2" in c.address or "#t3" in c.address for c in said.citations)
    mine = engine.asking.ask(asked, filters=read_filters(person="Ana"))
    assert not [s for s in mine.sentences if "paint" in s.text]


@pytest.mark.parametrize(
    ("filters", "words"),
    [
        (
            {"folder": "/no/such/place"},
            "there is no file or folder /no/such/place in the memory",
        ),
        ({"folder": "nowhere"}, "there is no folder and no conversation nowhere in the memory"),
        ({"folder": "chat:whatsapp/none"}, "there is no conversation chat:whatsapp/none"),
        ({"person": "Zoe"}, "nobody called Zoe has said or written anything in the memory"),
        ({"since": "2031-01-01"}, "nothing in the memory is from 2031-01-01 on"),
        ({"kind": "pdf", "folder": "notes"}, "nothing in the memory is of the kind pdf, in notes"),
    ],
)
def test_what_nothing_can_match_is_said(
    home: tuple[Engine, Path], filters: dict[str, str], words: str
) -> None:
    with pytest.raises(NotFound) as error:
        found(home[0], **filters)
    assert error.value.message == words
    assert error.value.hint


@pytest.mark.parametrize(
    "filters",
    [{"kind": "smell"}, {"origin": "nobody"}, {"since": "2026-02-01", "until": "2026-01-01"},
     {"person": "me", "origin": "tool"}],
)  # fmt: skip
def test_nonsense_is_refused(filters: dict[str, str]) -> None:
    with pytest.raises(ConfigError) as error:
        read_filters(**filters)
    assert error.value.hint


def test_quotes_in_a_name_do_no_harm(home: tuple[Engine, Path]) -> None:
    for filters in ({"folder": "o'clock') OR ('a'='a"}, {"person": "x' OR 'a'='a"}):
        with pytest.raises(NotFound):
            found(home[0], **filters)


def test_a_name_is_made_of_whole_words() -> None:
    assert is_by("ana", "Ben, Ana López") and is_by("lopez", "López, Ana")
    assert not is_by("ana", "Diana") and not is_by("ana", "quoted by Ana") and not is_by("", "Ana")


def test_filters_are_plain_data() -> None:
    assert read_filters(kind="pdf, mails", origin="User") == Filters(
        kinds=("pdf", "mail"), origins=("user",)
    )
