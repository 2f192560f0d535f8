"""Our encoder against llama.cpp: passages a second, a question's wait, the reader's windows.

Run from the repository root: python -m tests.bench.encode [--squad FILE] [--json PATH|-]. The
rival is llama.cpp at the best of its settings here (repacked weights or not, how many texts a
batch, flash attention or not). Both take turns, text by text; one thread is timed by the
processor's clock. FILE, in SQuAD's format, adds how often both readers name the same span.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from cairn import assets
from cairn.core.config import Models
from cairn.core.models.embedder import Embedder
from cairn.core.models.embedding import Embedding
from cairn.core.models.reader import Reader
from cairn.core.models.states import Vectors, open_model
from cairn.native import encode
from tests.bench.common import say, write_json
from tests.bench.encode_stock import Setting, Stock, settings

QUESTION = 12
WINDOW = 384
ROOT = Path(__file__).parents[2]


def passages(count: int) -> list[list[int]]:
    """Of this repository's texts, as long as chunks are: up to 248 tokens."""
    chance = random.Random(0)
    paths = sorted([*ROOT.glob("docs/*.md"), *ROOT.glob("core/**/*.py"), ROOT / "README.md"])
    text = "\n".join(path.read_text("utf-8") for path in paths)
    embedder = Embedder(assets.path("embedder.gguf"))
    made = []
    while len(made) < count:
        start = chance.randrange(len(text) - 2000)
        tokens = embedder.tokenize(text[start : start + chance.choice((120, 400, 700, 900, 900))])
        made.append([*tokens[:247], tokens[-1]])
    return made


def cut(tokens: Sequence[Sequence[int]], size: int) -> Iterator[list[int]]:
    """Windows of that many tokens out of many texts."""
    inner = [token for each in tokens for token in each[1:-1]]
    for start in range(0, len(inner) - size, size):
        yield [tokens[0][0], *inner[start : start + size - 2], tokens[0][-1]]


def time_of(work: Callable[[], object], threads: int) -> float:
    clock = time.thread_time if threads == 1 else time.perf_counter
    started = clock()
    work()
    return clock() - started


def spread(values: Sequence[float]) -> dict[str, float]:
    ordered = sorted(values)
    return {
        "median": round(statistics.median(ordered), 3),
        "least": round(ordered[0], 3),
        "most": round(ordered[-1], 3),
    }


def best_setting(path: Path, batches: Sequence[list[int]], threads: int) -> tuple[Setting, Stock]:
    rivals = [(setting, Stock(path, setting)) for setting in settings()]
    spent = {setting: float("inf") for setting, _ in rivals}
    for _ in range(2 if threads == 1 else 1):
        for setting, rival in rivals:
            rival.set_threads(threads)
            once = time_of(lambda rival=rival: rival.of(batches), threads)  # type: ignore[misc]
            spent[setting] = min(spent[setting], once)
    for setting, seconds in spent.items():
        say(f"  {setting}: {sum(map(len, batches)) / seconds:,.0f} tokens a second")
    winner = min(spent, key=lambda setting: spent[setting])
    for setting, rival in rivals:
        if setting is not winner:
            rival.close()
    return winner, next(rival for setting, rival in rivals if setting is winner)


def rate(
    path: Path, batches: Sequence[list[int]], at_once: int, threads: int, rounds: int
) -> dict[str, Any]:
    """Sequences a second of both, in turns, and the ratio of each turn."""
    own = open_model(path, "", 512, "embedder")[2]
    own.set_threads(threads)
    setting, rival = best_setting(path, batches[:at_once], threads)
    ours, theirs = [], []
    for turn in range(rounds):
        part = [batches[(turn * at_once + i) % len(batches)] for i in range(at_once)]
        theirs.append(time_of(lambda part=part: rival.of(part), threads))  # type: ignore[misc]
        ours.append(time_of(lambda part=part: own.of(part), threads))  # type: ignore[misc]
    rival.close()
    figures = {
        "threads": threads,
        "rival": str(setting),
        "ours_a_second": round(at_once / min(ours), 1),
        "theirs_a_second": round(at_once / min(theirs), 1),
        "ours_ms_median": round(statistics.median(ours) / at_once * 1e3, 3),
        "theirs_ms_median": round(statistics.median(theirs) / at_once * 1e3, 3),
        "ratio": spread([b / a for a, b in zip(ours, theirs, strict=True)]),
    }
    return figures


def mean(states: Vectors) -> Vectors:
    middle = states.mean(axis=0)
    return np.asarray(middle / np.linalg.norm(middle), np.float32)


def agreement(path: Path, tokens: Sequence[list[int]]) -> dict[str, Any]:
    """Cosines of texts' vectors: ours with llama.cpp's, and two settings of its own."""
    own = open_model(path, "", 512, "embedder")[2]
    plain, flash = Stock(path, Setting(1, False, False)), Stock(path, Setting(1, False, True))
    found: dict[str, list[float]] = {
        "ours and flash": [],
        "ours and plain": [],
        "flash and plain": [],
    }
    for each in tokens:
        one, two, three = (mean(kind.of([each])[0]) for kind in (own, flash, plain))
        for name, cosine in zip(found, (one @ two, one @ three, two @ three), strict=True):
            found[name].append(float(cosine))
    return {
        name: {"least": round(min(values), 6), "median": round(statistics.median(values), 6)}
        for name, values in found.items()
    }


def same_spans(path: Path, most: int) -> dict[str, Any]:
    """Over questions that SQuAD has an answer to: do both readers say the same?"""
    data = json.loads(path.read_text("utf-8"))["data"]
    asked = [
        (question["question"], paragraph["context"])
        for article in data for paragraph in article["paragraphs"]
        for question in paragraph["qas"] if question["answers"]
    ]  # fmt: skip
    random.Random(0).shuffle(asked)
    ours = Reader(assets.path("reader.gguf"))
    theirs, plain = Reader(assets.path("reader.gguf")), Reader(assets.path("reader.gguf"))
    theirs._states = Stock(assets.path("reader.gguf"), Setting(1, False, True))
    plain._states = Stock(assets.path("reader.gguf"), Setting(1, False, False))
    same, steady, count = 0, 0, 0
    for question, text in asked[:most]:
        spans = []
        for reader in (ours, theirs, plain):
            *_, found = reader.read(question, [text], 1)
            assert found is not None
            spans.append(found[0][0][:2])
        same += spans[0] == spans[1]
        steady += spans[2] == spans[1]
        count += 1
    return {"questions": count, "ours and flash": same / count, "flash and plain": steady / count}


def round_trip() -> dict[str, float]:
    """A question through the worker process, in milliseconds."""
    with tempfile.TemporaryDirectory() as logs:
        embedding = Embedding(Models(), Path(logs))
        try:
            embedding.embed(["warm up"], urgent=True)
            spent = []
            for number in range(100):
                started = time.perf_counter()
                embedding.embed([f"What did Anna say about garden {number}?"], urgent=True)
                spent.append((time.perf_counter() - started) * 1e3)
                time.sleep(0.01)
        finally:
            embedding.close()
    return spread(spent)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--squad", type=Path)
    parser.add_argument("--questions", type=int, default=300, help="of SQuAD's")
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--json", metavar="PATH", help="also write JSON there; - for stdout")
    options = parser.parse_args()
    if not encode.level():
        raise SystemExit("no encoder of our own runs here")
    embedder, reader = assets.path("embedder.gguf"), assets.path("reader.gguf")
    texts = passages(80)
    short, wide = list(cut(texts, QUESTION)), list(cut(texts, WINDOW))
    figures: dict[str, Any] = {"level": encode.level()}
    for threads in (1, 2):
        for name, path, batches, at_once, rounds in (
            ("passages", embedder, texts, 16, options.rounds),
            ("questions", embedder, short, 1, 10 * options.rounds),
            ("windows", reader, wide, 2, options.rounds),
        ):
            key = f"{name}, {threads} threads"
            say(key)
            figures[key] = rate(path, batches, at_once, threads, rounds)
            say(f"  {figures[key]}")
    figures["round trip, ms"] = round_trip()
    figures["cosines"] = agreement(embedder, texts)
    if options.squad:
        figures["same spans"] = same_spans(options.squad, options.questions)
    for key in ("round trip, ms", "cosines", "same spans"):
        say(f"{key}: {figures.get(key)}")
    write_json(figures, options.json)


if __name__ == "__main__":
    main()
