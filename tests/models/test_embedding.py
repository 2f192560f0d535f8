"""The model worker: urgent requests first, kills survived, memory given back when idle."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from cairn.core.config import Models
from cairn.core.errors import Unavailable
from cairn.core.models.embedding import Embedding
from cairn.core.models.serving import choose_threads
from tests.conftest import wait_until

LONG = [f"Sentence number {number} about the garden. " * 14 for number in range(150)]


@pytest.fixture
def embedding(tmp_path: Path) -> Iterator[Embedding]:
    opened = Embedding(Models(), tmp_path)
    yield opened
    opened.close()


def test_vectors_are_unit_length_and_do_not_depend_on_their_neighbours(
    embedding: Embedding,
) -> None:
    texts = ["one", "two words", LONG[0], ""]
    together = embedding.embed(texts)
    assert together.shape == (4, 384)
    assert np.allclose(np.linalg.norm(together, axis=1), 1, atol=1e-5)
    for text, vector in zip(texts, together, strict=True):
        assert (embedding.embed([text])[0] == vector).all()


def test_no_tail_of_a_long_text_is_dropped(embedding: Embedding) -> None:
    """2,000 words: the last sentence must still show in the vector."""
    filler = "The weather was grey and nothing of note happened on the road. " * 160
    with_tail, without = embedding.embed([filler + "The submarine surfaced near Bergen.", filler])
    (tail,) = embedding.embed(["A submarine near Bergen"])
    assert tail @ with_tail > tail @ without


def test_parts_come_with_their_texts_in_order(embedding: Embedding) -> None:
    texts = ["head\none\ntwo", "alone", "a\nb\nc"]
    divided = embedding.embed_divided(texts, [[5, 9], [], [0, 2, 4]])
    assert [rows.shape for rows in divided] == [(3, 384), (1, 384), (4, 384)]
    assert (np.stack([rows[0] for rows in divided]) == embedding.embed(texts)).all()
    assert all((embedding.embed_divided([texts[0]], [[5, 9]])[0] == divided[0]).ravel())
    assert len({row.tobytes() for rows in divided for row in rows}) == 8


def test_a_question_overtakes_indexing(embedding: Embedding) -> None:
    embedding.embed(["warm up"])
    done: dict[str, float] = {}

    def index() -> None:
        embedding.embed(LONG)
        done["index"] = time.monotonic()

    thread = threading.Thread(target=index)
    thread.start()
    time.sleep(0.3)
    embedding.embed(["a question"], urgent=True)
    done["question"] = time.monotonic()
    thread.join()
    assert done["question"] < done["index"]


def test_sigkill_in_the_middle_of_a_batch_costs_one_retry(embedding: Embedding) -> None:
    expected = embedding.embed(LONG[:2])
    pid = embedding.pid
    assert pid
    threading.Timer(0.5, os.kill, (pid, signal.SIGKILL)).start()
    vectors = embedding.embed(LONG)
    assert embedding.restarts == 1
    assert (vectors[:2] == expected).all()


def test_one_that_hangs_is_replaced_and_the_question_does_not_wait_for_it(tmp_path: Path) -> None:
    embedding = Embedding(Models(), tmp_path)
    embedding.embed(["warm up"], urgent=True)
    embedding._deadline_s = 2.0  # a question waits for half of it
    pid = embedding.pid
    assert pid and not embedding.trouble
    os.kill(pid, signal.SIGSTOP)
    with pytest.raises(Unavailable, match="no reply within 1 second"):
        embedding.embed(["a question"], urgent=True)
    assert "no reply" in embedding.trouble
    wait_until(lambda: embedding.pid is None)
    embedding._deadline_s = 240.0
    assert embedding.embed(["a question"], urgent=True).shape == (1, 384)
    assert not embedding.trouble
    embedding.close()


def test_an_interrupted_request_is_cancelled_in_the_worker(embedding: Embedding) -> None:
    """What the caller no longer wants does not hold up the next request of its own kind."""
    embedding.embed(["warm up"])
    header = {"op": "embed", "texts": LONG * 20}
    child = embedding._indexing

    class Interrupted(BaseException):
        pass

    def interrupt(*_: object) -> None:
        raise Interrupted

    before = signal.signal(signal.SIGALRM, interrupt)
    signal.setitimer(signal.ITIMER_REAL, 0.5)
    with pytest.raises(Interrupted):
        child.request(header, deadline_s=60)
    signal.signal(signal.SIGALRM, before)
    started = time.monotonic()
    embedding.embed(["next"])
    assert time.monotonic() - started < 5  # the whole of it would take a minute


def test_an_idle_worker_gives_its_memory_back_and_comes_again(tmp_path: Path) -> None:
    embedding = Embedding(Models(idle_unload_s=1), tmp_path)
    embedding.embed(["one"])
    wait_until(lambda: embedding.pid is None)
    assert embedding.embed(["two"]).shape == (1, 384)
    embedding.close()


def test_a_missing_model_is_named(tmp_path: Path) -> None:
    embedding = Embedding(Models(embedder=str(tmp_path / "none.gguf")), tmp_path)
    assert embedding.fingerprint == ""
    with pytest.raises(Unavailable, match=r"none\.gguf is missing"):
        embedding.embed(["one"])


def test_a_file_that_is_no_model_is_an_error_and_not_a_crash_of_ours(tmp_path: Path) -> None:
    (tmp_path / "bad.gguf").write_bytes(b"GGUF" + os.urandom(1000))
    embedding = Embedding(Models(embedder=str(tmp_path / "bad.gguf")), tmp_path)
    with pytest.raises(Unavailable, match="not available"):
        embedding.embed(["one"])
    assert "can't be loaded" in (tmp_path / "worker.log").read_text()


def test_threads_follow_the_load_that_others_make() -> None:
    assert choose_threads(3, 1, 9.0, 2) == 3  # the user has said it
    assert choose_threads(0, 1, 0.0, 4) == 4
    assert choose_threads(0, 4, 4.4, 4) == 4  # all of the load is our own
    assert choose_threads(0, 4, 6.5, 4) == 2
    assert choose_threads(0, 2, 40.0, 4) == 1
