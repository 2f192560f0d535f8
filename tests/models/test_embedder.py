"""Parts of a text: vectors of their own from the very pass that makes the text's."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from llama_cpp import llama_cpp as api

from cairn import assets
from cairn.core.models.embedder import Embedder
from cairn.core.models.states import Vectors
from cairn.core.models.weights import load

HEAD = "Chats | 2026-03-02 | Anna, Boris\n"
TURNS = [
    "Anna: The garden budget is 400 euros.\n", "Boris: And the boiler, who repairs it?\n",
    "Anna: A plumber from Bergen — he comes on Monday.",
]  # fmt: skip
HOSTILE = [
    "", "   ", "\n\n", "x" * 3_000, "漢字" * 600, "\ud800 lone", "a\x00b", "é\u0301" * 900,
    "정원 예산", " ".join(map(str, range(600))),
]  # fmt: skip


@pytest.fixture(scope="module")
def embedder() -> Embedder:
    opened = Embedder(assets.path("embedder.gguf"))
    opened.set_threads(1)
    return opened


def encode(embedder: Embedder, *texts: tuple[str, list[int]]) -> list[Vectors]:
    *_, vectors = embedder.encode([text for text, _ in texts], [starts for _, starts in texts])
    assert vectors is not None
    return vectors


def divided(*turns: str, head: str = HEAD) -> tuple[str, list[int]]:
    ends = np.cumsum([len(head), *map(len, turns)]).tolist()
    return head + "".join(turns), ends[:-1]


def pooled_by_the_library(embedder: Embedder, tokens: list[int]) -> Any:
    """One window as llama.cpp's own mean makes it."""
    parameters = api.llama_context_default_params()
    parameters.n_ctx = parameters.n_batch = parameters.n_ubatch = 512
    parameters.embeddings = True
    parameters.pooling_type = api.LLAMA_POOLING_TYPE_MEAN
    _, model = load(assets.path("embedder.gguf"), "")
    context = api.llama_init_from_model(model, parameters)
    batch = api.llama_batch_init(512, 0, 1)
    try:
        batch.n_tokens = len(tokens)
        for at, token in enumerate(tokens):
            batch.token[at], batch.pos[at], batch.logits[at] = token, at, 1
            batch.n_seq_id[at], batch.seq_id[at][0] = 1, 0
        assert api.llama_encode(context, batch) == 0
        values = np.array(api.llama_get_embeddings_seq(context, 0)[: embedder.dimensions])
        return values / np.linalg.norm(values)
    finally:
        api.llama_batch_free(batch)
        api.llama_free(context)
        api.llama_model_free(model)


@pytest.mark.parametrize("text", [divided(*TURNS)[0], "a word", "", "long " * 505])
def test_a_text_has_the_vector_that_the_librarys_own_mean_gives_it(
    embedder: Embedder, text: str
) -> None:
    expected = pooled_by_the_library(embedder, embedder.tokenize(text))
    # Rounding to 8 bits falls out differently, as it does between the library's own settings.
    assert encode(embedder, (text, []))[0][0] @ expected > 0.999


def test_the_parts_tokens_are_the_texts(embedder: Embedder) -> None:
    texts = [
        divided(*TURNS),
        divided("Zoë:\u0301 e\n", "\u0301 na\u0308ive\n", "정원\n", "\n", "end"),
    ]
    for text, starts in texts:
        pieces = [text[a:b] for a, b in pairwise([0, *starts, len(text)])]
        apart = [token for piece in pieces for token in embedder.tokenize(piece)[1:-1]]
        assert apart == embedder.tokenize(text)[1:-1]


def test_parts_leave_the_texts_own_vector_as_it_is(embedder: Embedder) -> None:
    text, starts = divided(*TURNS)
    (alone,), (whole, *parts) = encode(embedder, (text, []), (text, starts))
    assert np.array_equal(alone, whole)
    assert len(parts) == 3
    assert np.allclose(np.linalg.norm(parts, axis=1), 1, atol=1e-6)


def test_a_part_is_nearest_to_what_asks_for_it(embedder: Embedder) -> None:
    (whole, *parts), *asked = encode(
        embedder, divided(*TURNS), ("How much money for the garden?", []),
        ("Who mends the boiler?", []), ("On which day does the plumber come?", []),
    )  # fmt: skip
    for number, (question,) in enumerate(asked):
        assert int(np.argmax([part @ question for part in parts])) == number
    assert max(part @ asked[0][0] for part in parts) > whole @ asked[0][0]


def test_one_part_and_no_head_is_the_text_but_for_the_marks_around_it(embedder: Embedder) -> None:
    ((whole, part),) = encode(embedder, divided(TURNS[0] * 9, head=""))
    assert whole @ part > 0.99


def test_parts_do_not_depend_on_other_texts(embedder: Embedder) -> None:
    mine = divided(*TURNS)
    (alone,) = encode(embedder, mine)
    *_, together = encode(embedder, divided("other\n" * 40, head="x\n"), ("plain", []), mine)
    assert np.array_equal(alone, together)


def test_a_part_that_goes_over_windows_keeps_its_tail(embedder: Embedder) -> None:
    filler = "Boris: The weather was grey and nothing of note happened on the road. " * 80
    texts = [divided(TURNS[0], filler + end + "\n", TURNS[2]) for end in ("The submarine rose", "")]
    with_tail, without, (asked,) = encode(embedder, *texts, ("A submarine rose", []))
    assert len(with_tail) == 4
    assert with_tail[2] @ asked > without[2] @ asked
    assert with_tail[3] @ without[3] > 0.9  # behind several windows, and still its own


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_texts_have_vectors_like_any_other(embedder: Embedder, text: str) -> None:
    (rows,) = encode(embedder, divided("a\n", text + "\n", "\n", "b"))
    assert rows.shape == (5, embedder.dimensions)
    assert np.allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-5)


def test_hundreds_of_parts_take_one_pass(embedder: Embedder) -> None:
    (rows,) = encode(embedder, divided(*(f"{n}\n" for n in range(700))))
    assert rows.shape == (1 + 700, embedder.dimensions)
    (empty,) = encode(embedder, divided("", "", "", head=""))
    assert len(empty) == 4 and np.isfinite(empty).all() and not empty[1:].any()
