"""Does relevance tell questions that the memory can answer from questions that it can't?

`python -m tests.bench.abstain --data DIR [--fit] [--json PATH|-]` on LoCoMo-shaped data: each
conversation is a memory of its own, asked its own questions (categories 1 to 4) and those of the
other conversations, with the speakers' names exchanged for its own so that a name gives nothing
away. `--fit` prints the constants of core/recall/search.py that separate them best.
"""

from __future__ import annotations

import argparse
import itertools
import tempfile
from pathlib import Path

import numpy as np

from cairn.core.config import Config
from cairn.core.engine import Engine
from cairn.core.home import open_home
from cairn.core.recall.relevance import coverage, weigh
from cairn.core.recall.words import stems
from tests.bench.common import auroc, say, write_json
from tests.bench.dialogue_sets import Dialogue, load

Features = list[tuple[float, float]]
_UNANSWERABLE = "adversarial"
_FOREIGN = 40
"""Foreign questions asked to each conversation, spread over the others."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--fit", action="store_true")
    parser.add_argument("--json")
    options = parser.parse_args()
    known: list[tuple[float, Features]] = []
    absent: list[tuple[float, Features]] = []
    conversations = load(options.data, "locomo")
    for conversation in conversations:
        others = [other for other in conversations if other is not conversation]
        with tempfile.TemporaryDirectory() as folder:
            _ask_all(conversation, others, Path(folder), known, absent)
    threshold = Config().recall.min_relevance
    figures = {
        "auroc": auroc([r for r, _ in known], [r for r, _ in absent]),
        "answers_when_it_should": float(np.mean([r >= threshold for r, _ in known])),
        "abstains_when_it_should": float(np.mean([r < threshold for r, _ in absent])),
        "n": len(known) + len(absent),
    }
    for name, value in figures.items():
        say(f"{name:24} {value:.3f}")
    if options.fit:
        _fit([f for _, f in known], [f for _, f in absent])
    write_json(figures, options.json)


def _ask_all(
    conversation: Dialogue,
    others: list[Dialogue],
    folder: Path,
    known: list[tuple[float, Features]],
    absent: list[tuple[float, Features]],
) -> None:
    path = conversation.write(folder / "chats")
    engine = Engine(open_home(folder / "home"), Config())
    try:
        engine.conversations.take_in(path)
        engine.work()
        for asked in conversation.questions:
            if asked.category != _UNANSWERABLE:
                known.append(_look(engine, asked.text))
        foreign = [
            (other, q) for other in others for q in other.questions if q.category != _UNANSWERABLE
        ]
        for other, asked in foreign[:: max(1, len(foreign) // _FOREIGN)]:
            text = asked.text
            for theirs, ours in zip(_speakers(other), _speakers(conversation), strict=True):
                text = text.replace(theirs, ours)
            absent.append(_look(engine, text))
    finally:
        engine.close()


def _speakers(conversation: Dialogue) -> list[str]:
    return list(dict.fromkeys(turn.author for turn in conversation.turns))


def _look(engine: Engine, text: str) -> tuple[float, Features]:
    results = engine.search(text, 10)
    weights, _ = weigh(results.question, [item.chunk for item in results.evidence])
    features = [
        (
            coverage(stems(item.chunk.embedding_text), weights),
            next((hit.score for hit in item.hits if hit.channel == "vector"), 0.0),
        )
        for item in results.evidence
    ]
    return max((item.relevance for item in results.evidence), default=0.0), features


def _fit(known: list[Features], absent: list[Features]) -> None:
    """Best mix of coverage and cosine by AUROC, then the scale that puts the middle at one half."""

    def score(rows: list[Features], share: float) -> np.ndarray:
        return np.array([max(share * a + (1 - share) * b for a, b in row) for row in rows])

    best = max(
        (auroc(score(known, share), score(absent, share)), share) for share in np.linspace(0, 1, 21)
    )
    share = best[1]
    p, n = score(known, share), score(absent, share)
    cuts = np.unique(np.concatenate([p, n]))
    cut = max(cuts, key=lambda c: (p >= c).mean() + (n < c).mean())
    say(f"best AUROC {best[0]:.3f} at coverage share {share:.2f}, cut {cut:.3f}")
    for steep in (6, 8, 10):
        say(f"  steep {steep}: bias {-steep * cut:.2f} coverage {steep * share:.2f} "
            f"cosine {steep * (1 - share):.2f}")  # fmt: skip
    for target in itertools.chain((0.8, 0.9, 0.95)):
        at = np.quantile(p, 1 - target)
        say(f"  answers {target:.0%}: abstains {(n < at).mean():.1%}")


if __name__ == "__main__":
    main()
