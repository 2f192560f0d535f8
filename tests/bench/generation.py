"""What does a kept prefix save until the first token, and what do guesses save of the rest?

`python -m tests.bench.generation [--ballast N] [--rounds N] [--json PATH|-]`: a real model that
answers by copying, made as heavy as wanted; kept and not, guessed and not, in turn.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from pathlib import Path

from cairn.core.answer.context import SYSTEM
from cairn.core.models.plan import plan_file
from cairn.core.models.writing.generator import Generator, Wanted
from tests.bench.common import say, write_json
from tests.models.copying import TEMPLATE, make_copying

_WITH_SYSTEM = "{{ messages[0].content }}\n" + TEMPLATE


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--ballast", type=int, default=50_000_000, help="weights of each layer")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--evidence", type=int, default=6)
    parser.add_argument("--json")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        model = make_copying(
            Path(folder) / "m.gguf", ballast=options.ballast, template=_WITH_SYSTEM
        )
        figures = _measure(model, Path(folder) / "kept", options.rounds, options.evidence)
    for name, value in figures.items():
        say(f"{name:28} {value}")
    write_json(figures, options.json)


def _measure(model: Path, kept: Path, rounds: int, evidence: int) -> dict[str, float]:
    plain, keeping = Generator(model, plan_file(model)), Generator(model, plan_file(model), kept)
    plain._prefixes.restore = lambda tokens: False  # type: ignore[method-assign]
    messages = _messages(evidence)
    _first(keeping, messages)
    first: dict[str, list[float]] = {"bare": [], "kept": [], "disk": []}
    rest: dict[str, list[float]] = {"alone": [], "guessed": [], "chosen": []}
    texts = set()
    for _ in range(rounds):
        first["bare"].append(_first(plain, messages))
        first["kept"].append(_first(keeping, messages))
        fresh = Generator(model, plan_file(model), kept)
        _first(fresh, _messages(1))  # the weights are in memory, the prefix on disk
        fresh._prefixes._kept.clear()
        first["disk"].append(_first(fresh, messages))
        for name, guess in (("alone", False), ("guessed", True), ("chosen", None)):
            seconds, text = _whole(keeping, messages, guess)
            rest[name].append(seconds)
            texts.add(text)
    assert len(texts) == 1, "guesses have changed the text"
    tokens = len(keeping.chat.prompt(messages)[0])
    medians = {name: statistics.median(times) for name, times in (first | rest).items()}
    return {
        "prompt_tokens": tokens,
        "prefix_tokens": keeping.chat.head(messages, keeping.chat.prompt(messages)[0]),
        "first_token_ms_bare": round(1000 * medians["bare"], 1),
        "first_token_kept_ratio": round(medians["kept"] / medians["bare"], 3),
        "first_token_disk_ratio": round(medians["disk"] / medians["bare"], 3),
        "rest_ms_alone": round(1000 * medians["alone"], 1),
        "guessed_ratio": round(medians["guessed"] / medians["alone"], 3),
        "chosen_ratio": round(medians["chosen"] / medians["alone"], 3),
        "guesses_right": round(keeping.right / max(1, keeping.guessed), 3),
    }


def _messages(evidence: int) -> list[dict[str, str]]:
    shown = "\n\n".join(
        f"[{n}] Garden{n} · {n} May 2026\n| We agreed on {n}00 euros for the garden budget of Ana "
        f"and paid the boiler service at house {n} with it."
        for n in range(1, evidence + 1)
    )
    asked = f"Evidence:\n\n{shown}\n\nQuestion: What did we agree on for the Garden2?"
    return [{"role": "system", "content": SYSTEM}, {"role": "user", "content": asked}]


def _first(generator: Generator, messages: list[dict[str, str]]) -> float:
    started = time.perf_counter()
    steps = generator.generate(Wanted(messages, 1))
    next(step for step in steps if not step.read)
    return time.perf_counter() - started


def _whole(
    generator: Generator, messages: list[dict[str, str]], guess: bool | None
) -> tuple[float, str]:
    """How long it writes, once it has read."""
    started, whole = 0.0, ""
    for step in generator.generate(Wanted(messages, 120, guess=guess)):
        if not step.read and not started:
            started = time.perf_counter()
        whole = step.whole or whole
    return time.perf_counter() - started, whole


if __name__ == "__main__":
    main()
