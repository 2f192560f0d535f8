"""Is what answers a question found? Asked of sets of dialogues and of documents, taken in by cairn.

`python -m tests.bench.recall [--dataset NAME] [--data DIR] [--only PART] [--limit N] [--run FILE]
[--homes DIR] [--json PATH|-]`

Sets are known by what is in their files. A dialogue is a memory of its own, and so is a collection
of documents. PART is the name of a dialogue or the judgements of a collection; `cost` times
searches by the size of a memory, `same` asks the same again and again, `cpus` as other processors
would answer. `--homes` keeps memories.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from tests.bench import dialogue_sets, document_sets, recall_cost, recall_cpus, recall_same
from tests.bench.common import say, write_json
from tests.bench.recall_memories import Chats, Memory, Papers, ask_all
from tests.bench.recall_score import Figures, Ranked, summarize, tell, trec

_DOCUMENTS = ("scifact", "cacm", "beir")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--dataset", choices=(*dialogue_sets.DATASETS, *_DOCUMENTS), default="")
    parser.add_argument("--data", type=Path, default=Path("data"))
    parser.add_argument("--only", default="",
                        help="a dialogue, a table of judgements, cost, same, cpus")  # fmt: skip
    parser.add_argument("--limit", type=int, help="questions asked of each memory")
    parser.add_argument("--size", type=int, nargs="+", default=recall_cost.SIZES,
                        help="passages, for --only cost")  # fmt: skip
    parser.add_argument("--run", type=Path, help="writes the rankings in TREC format")
    parser.add_argument("--homes", type=Path, help="keeps the memories there, or uses those")
    parser.add_argument("--json")
    options = parser.parse_args()
    if options.only == "cost":
        write_json(recall_cost.measure(options.size), options.json)
        return
    memories = load(options.data, options.dataset, options.only)
    if options.only == "same":
        write_json(recall_same.measure(memories[0] if memories else None, options.homes),
                   options.json)  # fmt: skip
        return
    if not memories:
        raise SystemExit(f"there is no such set below {options.data}")
    if options.only == "cpus":
        write_json(recall_cpus.measure(memories[0], options.homes), options.json)
        return
    figures: dict[str, Figures] = {}
    run: list[str] = []
    for dataset in dict.fromkeys(memory.dataset for memory in memories):
        same = [memory for memory in memories if memory.dataset == dataset]
        figures[dataset], ranked = _measure(dataset, same, options.limit, options.homes)
        run += [line for each in ranked for line in trec(dataset, each)]
    if options.run:
        options.run.write_text("".join(run), "utf-8")
    is_one = options.dataset and len(figures) == 1
    write_json(next(iter(figures.values())) if is_one else dict(figures), options.json)


def load(data: Path, dataset: str = "", only: str = "") -> list[Memory]:
    """What there is below a folder of one set, or of all, or a part of it."""
    part = "" if only in ("same", "cpus") else only
    found: list[Memory] = []
    if dataset not in _DOCUMENTS:
        dialogues = dialogue_sets.load(data, dataset)
        found += [Chats(each) for each in dialogues if part in ("", each.name)]
    if dataset not in dialogue_sets.DATASETS:
        found += [Papers(each) for each in document_sets.load(data, dataset, part)]
    return found


def _measure(
    dataset: str, memories: Sequence[Memory], limit: int | None, homes: Path | None
) -> tuple[Figures, list[Ranked]]:
    ranked: list[Ranked] = []
    seconds, taken = 0.0, 0
    for memory in memories:
        took, found = ask_all(memory, limit, homes)
        ranked += found
        if took is not None:
            seconds, taken = seconds + took, taken + memory.size
        mean = float(np.mean([each.recall for each in found if each.question.evidence] or [0]))
        say(f"{dataset} {memory.name}: {memory.size} units in {took or 0:.0f} s, "
            f"{len(found)} questions, recall {mean:.3f}")  # fmt: skip
    asked = [each for memory in memories for each in memory.questions[:limit]]
    times = [each.ms for each in ranked] or [0.0]
    unit = "documents" if isinstance(memories[0], Papers) else "turns"
    figures = summarize(ranked) | {
        "questions_without_evidence": sum(not each.evidence for each in asked),
        "invalid_evidence_ids": sum(each.invalid for each in asked),
        unit: sum(memory.size for memory in memories),
        "search_p50_ms": round(float(np.median(times)), 1),
        "search_p95_ms": round(float(np.quantile(times, 0.95)), 1),
    }
    if seconds:
        figures[f"{unit}_per_s"] = round(taken / seconds, 1)
    if ranked:
        tell(dataset, figures)
    return figures, ranked


if __name__ == "__main__":
    main()
