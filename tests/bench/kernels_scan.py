"""The vector scan against FAISS, the plain INT8 scan and LanceDB, on vectors of real sentences.

Called by tests.bench.kernels. The sentences are those of the texts under CAIRN_BENCH_TEXTS,
embedded once and kept in the cache as `sentences.npy`, with questions as `questions.npy`. One
thread is timed by its own clock, which others on the machine don't disturb, several by the wall's.
"""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cairn import native
from cairn.core.index.hot import HotTier
from cairn.native import scan
from tests.bench.common import say
from tests.bench.kernels import Row, compare

Vectors = NDArray[np.float32]
_SETTINGS = [(48, (20, 40, 80)), (96, (4, 6, 8, 12, 16, 32)), (192, (2, 3, 4, 6, 8))]
_LARGE = 500_000
"""From so many on, the smallest codes are left out: they never found enough in time."""
_ENOUGH, _K, _QUESTIONS = 0.99, 10, 100


def rows(cache: Path) -> Iterator[Row]:
    sentences, questions = _load(cache)
    some, note = _filled(sentences, 100_000)
    yield from _against_faiss(some, questions, 1, 1.0, note)
    yield from _through_the_hot_tier(some, questions, note)


def million_rows(cache: Path) -> Iterator[Row]:
    sentences, questions = _load(cache)
    many, note = _filled(sentences, 1_000_000)
    yield from _against_faiss(many, questions, 2, 1.0, note)


def _load(cache: Path) -> tuple[Vectors, Vectors]:
    sentences, questions = cache / "sentences.npy", cache / "questions.npy"
    if not sentences.exists() or not questions.exists():
        from tests.bench.kernels_texts import embed_once

        embed_once(Path(os.environ.get("CAIRN_BENCH_TEXTS", ".")), sentences, questions)
    return np.load(sentences), np.load(questions)[:_QUESTIONS]


def _filled(sentences: Vectors, count: int) -> tuple[Vectors, str]:
    """So many; where there are too few, others like them: each between two neighbours in topic."""
    random = np.random.default_rng(0)
    real = sentences[random.permutation(len(sentences))[:count]]
    if len(real) == count:
        return np.ascontiguousarray(real), f"{count:,} sentences"
    made = [real]
    for start in range(len(real), count, 100_000):
        size = min(100_000, count - start)
        noise = random.standard_normal((size, real.shape[1]), dtype=np.float32)
        mixed = real[random.integers(0, len(real), size)]
        mixed = mixed + noise * np.float32(0.6 / real.shape[1] ** 0.5)
        made.append(mixed / np.linalg.norm(mixed, axis=1, keepdims=True))
    return np.concatenate(made), f"{len(real):,} sentences, the rest such with noise (cosine .86)"


def _against_faiss(
    vectors: Vectors, questions: Vectors, threads: int, must: float, note: str
) -> Iterator[Row]:
    codes, scales = native.quantize(vectors)
    tier = scan.Rows(vectors.shape[1], threads=threads)
    start = time.perf_counter()
    tier.append(codes, scales)
    took = time.perf_counter() - start
    truth = [set(np.argpartition(-(vectors @ q), _K)[:_K].tolist()) for q in questions]
    exact = [set(tier.search(q, _K, way="exact")[0].tolist()) for q in questions]
    sieved = [set(tier.search(q, _K)[0].tolist()) for q in questions]
    recall = f"recall {_recall(sieved, truth):.4f}, of the INT8 order {_recall(sieved, exact):.4f}"
    what = f"top {_K} of {len(vectors) // 1000:,} k, {threads} thread{'s' * (threads > 1)}"
    turn = _Turns(questions)
    ours = lambda: tier.search(turn.next(), _K)  # noqa: E731
    whole = lambda: tier.search(turn.next(), _K, way="exact")  # noqa: E731
    asked = 0.3 if threads > 1 else 0.0
    clock = time.thread_time_ns if threads == 1 else time.perf_counter_ns
    mine = f"{note}; {recall}; made in {took:.1f} s"
    yield compare(f"{what}, against the INT8 scan", ours, whole, 60, asked, mine, clock)
    for rival, setting in _fastest_faiss(vectors, questions, truth, threads):
        theirs = lambda rival=rival: rival.search(turn.next()[None, :], _K)  # noqa: E731
        yield compare(f"{what}, against FAISS", ours, theirs, 120, must, setting, clock)


def _fastest_faiss(
    vectors: Vectors, questions: Vectors, truth: list[set[int]], threads: int
) -> Iterator[tuple[Any, str]]:
    """The fastest setting that finds enough; nothing where FAISS isn't installed."""
    try:
        import faiss
    except ImportError:
        say("FAISS is not here: pip install faiss-cpu")
        return
    best: tuple[float, Any, str, int] | None = None
    clock = time.thread_time_ns if threads == 1 else time.perf_counter_ns
    for parts, widths in _SETTINGS[len(vectors) >= _LARGE :]:
        faiss.omp_set_num_threads(os.cpu_count() or 1)
        index = faiss.index_factory(
            vectors.shape[1], f"PQ{parts}x4fs,RFlat", faiss.METRIC_INNER_PRODUCT
        )
        index.train(vectors[:20_000])
        index.add(vectors)
        faiss.omp_set_num_threads(threads)
        for width in widths:
            index.k_factor = width
            found, times = [], []
            for question in questions:
                start = clock()
                found.append(set(index.search(question[None, :], _K)[1][0].tolist()))
                times.append(clock() - start)
            recall, median = _recall(found, truth), float(np.median(times))
            setting = f"PQ{parts}x4fs, k_factor {width}, recall {recall:.3f}"
            if recall >= _ENOUGH:
                if best is None or median < best[0]:
                    best = (median, index, setting, width)
                break
    if best is None:
        say("no setting of FAISS finds enough")
        return
    _, index, setting, width = best
    index.k_factor = width
    yield index, setting


def _through_the_hot_tier(vectors: Vectors, questions: Vectors, note: str) -> Iterator[Row]:
    """As recall asks: fifty ids with their scores, and the cosines of fifty others."""
    import lancedb
    import pyarrow as pa

    ids = [f"c_{number:016x}" for number in range(len(vectors))]
    hot = HotTier(vectors.shape[1])
    hot.put(ids, vectors)
    turn = _Turns(questions)
    with tempfile.TemporaryDirectory() as folder:
        flat = pa.FixedSizeListArray.from_arrays(pa.array(vectors.reshape(-1)), vectors.shape[1])
        table = lancedb.connect(folder).create_table("t", pa.table({"id": ids, "vector": flat}))
        table.create_index(metric="dot", vector_column_name="vector", index_type="IVF_PQ")

        def theirs() -> object:
            query = table.search(turn.next()).metric("dot").limit(_K).nprobes(20)
            found = query.refine_factor(10).select(["id", "_distance"]).to_arrow()
            return found["id"].to_pylist(), found["_distance"].to_pylist()

        yield compare(
            f"ids and scores of the best {_K} of {len(vectors) // 1000} k, against IVF_PQ refined",
            lambda: hot.search(turn.next(), _K), theirs, 40, 1 / 8, note,
        )  # fmt: skip
    others = [ids[at] for at in np.random.default_rng(1).integers(0, len(ids), 50)]

    def stage() -> object:
        query = turn.next()
        return hot.cosines(query, others) | dict(hot.search(query, 50))

    yield compare(
        "recall's vector stage, against 1 ms", stage, lambda: time.sleep(0.001), 60, 1.0, hot.way
    )


class _Turns:
    """One question after the other, so that none is in the caches yet."""

    def __init__(self, questions: Vectors) -> None:
        self._questions = questions
        self._at = 0

    def next(self) -> Vectors:
        self._at = (self._at + 1) % len(self._questions)
        return self._questions[self._at]


def _recall(found: list[set[int]], truth: list[set[int]]) -> float:
    hits = sum(len(mine & best) for mine, best in zip(found, truth, strict=True))
    return hits / sum(len(best) for best in truth)
