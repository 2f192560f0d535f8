"""Does the reader see that a sentence answers, beside the closest other one of its paragraph?

`python -m tests.bench.beside --data FILE [--most 160] [--json PATH|-]`. FILE is of SQuAD's form.
Says what it would do to what a model writes: how many sentences that don't answer would give way to
the one that does, and how many that do would give way to one that doesn't, at several scores.
"""

from __future__ import annotations

import argparse
import json
import random
import re
from collections.abc import Iterator
from pathlib import Path

from cairn import assets
from cairn.core.models.reader import Reader
from cairn.core.recall.words import stems
from tests.bench.common import auroc, say, write_json

_SENTENCE = re.compile(r"[^.!?]+[.!?]+(?:\s|$)")
_LIMITS = (-8, -6, -4, -2, 0)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--most", type=int, default=160)
    parser.add_argument("--json")
    options = parser.parse_args()
    asked = list(_asked(options.data))
    random.Random(1).shuffle(asked)
    reader = Reader(assets.path("reader.gguf"))
    right, other = [], []
    for question, answering, closest in asked[: options.most]:
        right.append(_score(reader, question, answering))
        other.append(_score(reader, question, closest))
    count, both = len(right), list(zip(right, other, strict=True))
    figures: dict[str, object] = {"questions": count, "auroc": round(auroc(right, other), 3)}
    for limit in _LIMITS:
        mended = sum(mine > 0 and its <= limit for mine, its in both) / count
        spoilt = sum(its > 0 and mine <= limit for mine, its in both) / count
        figures[f"at {limit}"] = {"mended": round(mended, 3), "spoilt": round(spoilt, 3)}
    for name, value in figures.items():
        say(f"{name:10} {value}")
    write_json(figures, options.json)


def _asked(path: Path) -> Iterator[tuple[str, str, str]]:
    """A question, the sentence that answers, and that of the others with most of its words."""
    articles = json.loads(path.read_text("utf-8"))["data"]
    for paragraph in (each for article in articles for each in article["paragraphs"]):
        found = list(_SENTENCE.finditer(paragraph["context"]))
        for each in paragraph["qas"]:
            if each.get("is_impossible") or not each["answers"]:
                continue
            at, text = each["answers"][0]["answer_start"], each["answers"][0]["text"]
            inside = [match for match in found if match.start() <= at < match.end()]
            others = [match[0].strip() for match in found if text not in match[0]]
            if inside and others:
                words = stems(each["question"])
                closest = max(others, key=lambda other: len(stems(other) & words))
                yield each["question"], inside[0][0].strip(), closest


def _score(reader: Reader, question: str, text: str) -> float:
    *_, found = reader.read(question, [text], 1)
    return found[0][0][2] if found and found[0] else -99.0


if __name__ == "__main__":
    main()
