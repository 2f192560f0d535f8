"""What a search costs by the size of a memory: whole searches by stage, memory, and LanceDB alone.

Called by `recall --only cost`. The memory is invented and written straight to the table: words by
Zipf's law, half of the passages of conversations, vectors around those of real sentences so that a
question is near to many. Questions go the whole way inside one engine, each for the first time.
"""

from __future__ import annotations

import itertools
import multiprocessing
import os
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cairn import native
from cairn.app.memory import leave_be
from cairn.core.config import Config
from cairn.core.engine import Engine
from cairn.core.index.meaning import DIMENSIONS, Meaning, part_starts
from cairn.core.index.table import Replacement
from cairn.core.records import Chunk, Span, content_hash, document_id
from tests.bench.common import say
from tests.bench.recall_score import Figures

SIZES = [1_000, 10_000, 100_000]
_AT_ONCE = 10_000
_VOCABULARY, _COMMON = 50_000, 200
_WORDS, _TURNS, _IN_DOCUMENT = 108, 6, 8
_TOPICS, _CLOSE = 256, 0.6
_QUESTIONS, _WARM = 100, 10
_PEOPLE = ("Ann", "Bo")
_SYLLABLES = [a + b for a in "bdfgklmnprstvz" for b in ("a", "e", "i", "o", "u", "ar", "en", "il")]


def measure(sizes: Sequence[int]) -> Figures:
    rows = {}
    for size in sizes:
        with tempfile.TemporaryDirectory() as folder:
            filled = _apart(_fill, Path(folder), size)
            rows[str(size)] = filled | _apart(_ask, Path(folder), size)
        _tell(size, rows[str(size)])
    return {"by_size": rows, "n": _QUESTIONS}


def _apart(work: Callable[[Path, int], Figures], folder: Path, size: int) -> Figures:
    """In a process of its own, so that its memory tells what only this takes."""
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:
        return pool.submit(work, folder, size).result()


def _fill(folder: Path, size: int) -> Figures:
    engine = Engine.open(folder / "home", Config())
    try:
        started = time.perf_counter()
        invented = _Invented(engine)
        table = engine.index.table
        chunks = invented.chunks(size)
        while part := list(itertools.islice(chunks, _AT_ONCE)):
            table.replace([Replacement("", tuple(part), invented.meanings(part))])
        table.compact()
        return {"fill_s": round(time.perf_counter() - started, 1), "disk_mb": _disk(folder)}
    finally:
        engine.close()


def _ask(folder: Path, size: int) -> Figures:
    engine = Engine.open(folder / "home", Config())
    try:
        before = _rss()
        started = time.perf_counter()
        engine.warm_up()
        opened = time.perf_counter() - started
        asked = _Invented(engine).questions(_WARM + _QUESTIONS)
        for question in asked[:_WARM]:
            engine.search(question)
        leave_be()  # as the daemon does
        times, again, flat, words = [], [], [], []
        stages: dict[str, list[float]] = {}
        found = 0
        for question in asked[_WARM:]:
            search = partial(engine.search, question)
            ms, results = _clock(search)
            times.append(ms)
            found += len(results.evidence)
            for timing in results.timings:
                stages.setdefault(timing.stage, []).append(timing.ms)
            again.append(_clock(search)[0])
        held = _rss()  # before LanceDB alone reads all there is
        for question in asked[_WARM:]:
            vector = engine.embedding.embed([question], urgent=True)[0]
            lance = engine.index.table._table
            flat.append(_clock(partial(_flat, lance, vector))[0])
            words.append(_clock(partial(_words, lance, question))[0])
        middle = float(np.median(times))
        return {
            "search_p50_ms": round(middle, 2),
            "search_p95_ms": round(float(np.quantile(times, 0.95)), 2),
            "again_p50_ms": round(float(np.median(again)), 3),
            "stages_p50_ms": {name: round(float(np.median(ms)), 2) for name, ms in stages.items()},
            "lancedb_flat_p50_ms": round(float(np.median(flat)), 2),
            "lancedb_words_p50_ms": round(float(np.median(words)), 2),
            "ratio_to_flat": round(middle / float(np.median(flat)), 3),
            "ratio_to_words": round(middle / float(np.median(words)), 3),
            "rss_mb": held, "rss_before_mb": before, "open_s": round(opened, 2),
            "found": round(found / _QUESTIONS, 1),
        }  # fmt: skip
    finally:
        engine.close()


def _flat(lance: Any, vector: NDArray[np.float32]) -> Any:
    query = lance.search(vector).distance_type("cosine").select(["id", "_distance"])
    return query.limit(10).to_arrow()


def _words(lance: Any, text: str) -> Any:
    query = lance.search(text, query_type="fts", fts_columns="search").select(["id", "_score"])
    return query.limit(10).to_arrow()


class _Invented:
    """A life in words that nobody has ever used; the same for everybody who asks."""

    def __init__(self, engine: Engine) -> None:
        self._chance = np.random.default_rng(7)
        names = (a + b + c for a, b, c in itertools.product(_SYLLABLES, repeat=3))
        mixed = np.array(list(itertools.islice(names, 4 * _VOCABULARY)))
        self._words = self._chance.permutation(mixed)[:_VOCABULARY]
        self._often = np.cumsum(1 / np.arange(1, _VOCABULARY + 1))
        self._often /= self._often[-1]
        topics = [f"What about {word}?" for word in self._words[_COMMON : _COMMON + _TOPICS]]
        self._topics = engine.embedding.embed(topics, urgent=True)

    def _draw(self, count: int) -> list[str]:
        found = self._words[np.searchsorted(self._often, self._chance.random(count))]
        return [str(word) for word in found]

    def chunks(self, size: int) -> Iterator[Chunk]:
        for number in range(size):
            yield self._chunk(number, self._draw(_WORDS))

    def _chunk(self, number: int, words: list[str]) -> Chunk:
        document, ordinal = divmod(number, _IN_DOCUMENT)
        is_chat = bool(document % 2)
        uri = f"chat:invented/{document}" if is_chat else f"file:///invented/{document}.md"
        share = len(words) // _TURNS
        parts = [" ".join(words[n * share : (n + 1) * share]) for n in range(_TURNS)]
        if is_chat:
            parts = [f"{_PEOPLE[n % 2]}: {part}" for n, part in enumerate(parts)]
        text = "\n".join(parts)
        starts = itertools.accumulate((len(part) + 1 for part in parts[:-1]), initial=0)
        first = ordinal * _TURNS + 1
        day = (date(2010, 1, 1) + timedelta(document % 5000)).isoformat()
        return Chunk(
            id=f"c_{number:014x}", doc_id=document_id(uri), uri=uri, ordinal=ordinal,
            kind="chat" if is_chat else "note", title=" ".join(words[:3]), heading=(), context="",
            text=text, span=Span(0, len(text), "t" if is_chat else "L", first, first + _TURNS - 1),
            places=tuple(zip(starts, range(first, first + _TURNS), strict=True)), when=day,
            who=", ".join(_PEOPLE) if is_chat else "", origin="other" if is_chat else "document",
            hash=content_hash(text),
        )  # fmt: skip

    def meanings(self, chunks: Sequence[Chunk]) -> tuple[Meaning, ...]:
        """A turn means what its passage does."""
        vectors = self._vectors(len(chunks))
        codes, _ = native.quantize(vectors)
        return tuple(
            Meaning(vector, code.tobytes() * len(part_starts(chunk)))
            for vector, code, chunk in zip(vectors, codes, chunks, strict=True)
        )

    def _vectors(self, count: int) -> NDArray[np.float32]:
        topic = self._topics[self._chance.integers(_TOPICS, size=count)]
        noise = self._chance.standard_normal((count, DIMENSIONS)).astype(np.float32)
        noise /= np.linalg.norm(noise, axis=1, keepdims=True)
        mixed = _CLOSE * topic + (1 - _CLOSE) * noise
        unit: NDArray[np.float32] = mixed / np.linalg.norm(mixed, axis=1, keepdims=True)
        return unit

    def questions(self, count: int) -> list[str]:
        """About something rare and something usual each."""
        rare = self._chance.integers(_COMMON, _VOCABULARY // 10, size=count)
        usual = self._chance.integers(0, _COMMON, size=(count, 2))
        words = [(self._words[n], *self._words[pair]) for n, pair in zip(rare, usual, strict=True)]
        return [f"When did Ann tell me about {one} {two} and {rare}?" for rare, one, two in words]


def _clock(work: Callable[[], Any]) -> tuple[float, Any]:
    started = time.perf_counter()
    result = work()
    return (time.perf_counter() - started) * 1000, result


def _rss() -> int:
    """Megabytes that this process holds now; 0 where the system does not tell."""
    try:
        pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    except OSError:
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE") >> 20


def _disk(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file()) >> 20


def _tell(size: int, row: Figures) -> None:
    stages = "  ".join(f"{name} {ms:.1f}" for name, ms in row["stages_p50_ms"].items())
    say(
        f"{size:>9} passages: p50 {row['search_p50_ms']:.1f} ms  p95 {row['search_p95_ms']:.1f} ms"
        f"  again {row['again_p50_ms']:.2f} ms  {row['rss_mb']} MB  disk {row['disk_mb']} MB"
    )
    say(f"          {stages}")
    say(f"          LanceDB flat {row['lancedb_flat_p50_ms']:.1f} ms, words "
        f"{row['lancedb_words_p50_ms']:.1f} ms; ratios {row['ratio_to_flat']:.2f}, "
        f"{row['ratio_to_words']:.2f}")  # fmt: skip
