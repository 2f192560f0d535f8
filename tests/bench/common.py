"""What the benchmarks share: conversations of a data set as turns.jsonl, AUROC, JSON output."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np


@dataclass(frozen=True)
class Asked:
    text: str
    category: int


@dataclass(frozen=True)
class Conversation:
    """One data set's conversation with its questions."""

    name: str
    speakers: tuple[str, str]
    turns: tuple[dict[str, str], ...]
    questions: tuple[Asked, ...]

    def write(self, folder: Path) -> Path:
        """As the product's own chat format, the way a user's chat would come in."""
        folder.mkdir(parents=True, exist_ok=True)
        file = folder / f"{self.name}.turns.jsonl"
        file.write_text("".join(json.dumps(turn) + "\n" for turn in self.turns), "utf-8")
        return file


def load_locomo(data: Path) -> list[Conversation]:
    """Any LoCoMo-shaped file below `data`; recognised by content, the first one that fits."""
    for file in sorted(data.rglob("*.json")):
        loaded = json.loads(file.read_text("utf-8"))
        if isinstance(loaded, list) and loaded and {"qa", "conversation"} <= set(loaded[0]):
            return [_conversation(number, item) for number, item in enumerate(loaded)]
    raise SystemExit(f"no LoCoMo-shaped file below {data}")


def _conversation(number: int, item: dict[str, Any]) -> Conversation:
    said = item["conversation"]
    name = str(item.get("sample_id", number))
    questions = tuple(Asked(str(q["question"]), int(q["category"])) for q in item["qa"])
    speakers = (said["speaker_a"], said["speaker_b"])
    return Conversation(name, speakers, tuple(_turns(name, said)), questions)


def _turns(name: str, said: dict[str, Any]) -> Iterator[dict[str, str]]:
    number = 1
    while (session := said.get(f"session_{number}")) is not None:
        moment = datetime.strptime(said[f"session_{number}_date_time"], "%I:%M %p on %d %B, %Y")
        for turn in session:
            caption = turn.get("blip_caption", "")
            yield {
                "conversation": name,
                "title": f"Session {number}",
                "time": moment.replace(tzinfo=UTC).isoformat(),
                "author": turn["speaker"],
                "origin": "other",
                "id": turn["dia_id"],
                "text": turn["text"] + (f" [photo: {caption}]" if caption else ""),
            }
        number += 1


def auroc(positive: Iterable[float], negative: Iterable[float]) -> float:
    """The chance that a positive scores above a negative; ties count half."""
    p, n = np.asarray(list(positive)), np.asarray(list(negative))
    above = (p[:, None] > n[None, :]).mean()
    return float(above + 0.5 * (p[:, None] == n[None, :]).mean())


def write_json(figures: dict[str, Any], target: str | None) -> None:
    if target == "-":
        print(json.dumps(figures))
    elif target:
        Path(target).write_text(json.dumps(figures, indent=1) + "\n", "utf-8")


def say(text: str) -> None:
    print(text, file=sys.stderr)
