"""LoCoMo, REALTALK and BEAM → dialogues of turns and questions, and a dialogue as `turns.jsonl`.

Called by the benchmarks. Files are known by what is in them, never by their names; each sitting is
a conversation with a dated title, as it would be in the export of a chat. Answers and evidence stay
beside the turns and are never written with them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

DATASETS = ("locomo", "realtalk", "beam")
_MARKS = (b'"dia_id"', b'"turns"')
"""One of them is in every file that may be a set; anything else is not parsed at all."""
_LOCOMO = {1: "multi-hop", 2: "temporal", 3: "open-domain", 4: "single-hop", 5: "adversarial"}
_REALTALK = {1: "multi-hop", 2: "temporal", 3: "commonsense"}
_BETWEEN_IDS = re.compile(r"[\s,;]+")
_TAIL = re.compile(r"\s*->->[^\n]*\Z")


@dataclass(frozen=True, slots=True)
class Turn:
    id: str
    """The data set's own."""
    sitting: int
    title: str
    when: datetime
    author: str
    origin: str
    text: str


@dataclass(frozen=True, slots=True)
class Question:
    id: str
    text: str
    category: str
    evidence: tuple[str, ...]
    """Ids of turns; those that no turn has are left out."""
    invalid: int
    """How many were left out."""
    answer: str


@dataclass(frozen=True, slots=True)
class Dialogue:
    dataset: str
    name: str
    turns: tuple[Turn, ...]
    questions: tuple[Question, ...]

    def write(self, folder: Path) -> Path:
        """As `turns.jsonl`, a turn a line, so that line n is `turns[n - 1]`."""
        folder.mkdir(parents=True, exist_ok=True)
        file = folder / "turns.jsonl"
        lines = (json.dumps(self._line(turn), ensure_ascii=False) + "\n" for turn in self.turns)
        file.write_text("".join(lines), "utf-8")
        return file

    def _line(self, turn: Turn) -> dict[str, str]:
        return {
            "conversation": f"{self.name} {turn.sitting}", "title": turn.title,
            "time": turn.when.isoformat(), "author": turn.author, "origin": turn.origin,
            "id": turn.id, "text": turn.text,
        }  # fmt: skip


def load(data: Path, dataset: str = "") -> list[Dialogue]:
    """Those of one set, or of all, below a folder or in a file; of equal names the first."""
    found: dict[tuple[str, str], Dialogue] = {}
    for file in [data] if data.is_file() else sorted(data.rglob("*.json")):
        for dialogue in _read(file):
            if dataset in ("", dialogue.dataset):
                found.setdefault((dialogue.dataset, dialogue.name), dialogue)
    return list(found.values())


def _read(file: Path) -> Iterator[Dialogue]:
    values = _parse(file, _MARKS)
    first = values[0] if isinstance(values, list) and values else values
    if not isinstance(first, dict):
        return
    if isinstance(values, dict):
        if {"name", "qa", "session_1"} <= values.keys():
            yield _realtalk("-".join(file.stem.split()), values)
    elif {"qa", "conversation"} <= first.keys():
        yield from (_locomo(number, item) for number, item in enumerate(values))
    elif {"batch_number", "turns"} <= first.keys():
        yield _beam(file.parent, values)


def _parse(file: Path, marks: tuple[bytes, ...]) -> Any:
    try:
        raw = file.read_bytes()
        return json.loads(raw) if any(mark in raw for mark in marks) else None
    except (OSError, ValueError, RecursionError):
        return None


def _locomo(number: int, item: dict[str, Any]) -> Dialogue:
    said = item["conversation"]
    turns: list[Turn] = []
    for sitting, spoken in _sittings(said):
        began = datetime.strptime(said[f"session_{sitting}_date_time"], "%I:%M %p on %d %B, %Y")
        for minute, turn in enumerate(spoken):
            when = began + timedelta(minutes=minute)
            turns.append(_between_people(turn, sitting, began, when, turn["text"]))
    name = str(item.get("sample_id", number))
    return Dialogue("locomo", name, tuple(turns), _asked(item["qa"], turns, _LOCOMO))


def _realtalk(name: str, chat: dict[str, Any]) -> Dialogue:
    turns: list[Turn] = []
    when = datetime.min
    for sitting, spoken in _sittings(chat):
        began = _moment(chat[f"session_{sitting}_date_time"])
        for turn in spoken:
            when = max(when, _moment(turn["date_time"]) if turn["date_time"] else began)
            turns.append(_between_people(turn, sitting, began, when, turn["clean_text"]))
    return Dialogue("realtalk", name, tuple(turns), _asked(chat["qa"], turns, _REALTALK))


def _moment(text: str) -> datetime:
    return datetime.strptime(text, "%d.%m.%Y, %H:%M:%S")


def _sittings(said: dict[str, Any]) -> Iterator[tuple[int, list[dict[str, Any]]]]:
    number = 1
    while (spoken := said.get(f"session_{number}")) is not None:
        yield number, spoken
        number += 1


def _between_people(
    turn: dict[str, Any], sitting: int, began: datetime, when: datetime, text: str
) -> Turn:
    caption = turn.get("blip_caption")
    shown = f"{text.strip()} [photo: {caption}]".strip() if caption else text.strip()
    title = _title(sitting, began)
    return Turn(turn["dia_id"], sitting, title, when, turn["speaker"], "other", shown)


def _title(sitting: int, day: datetime) -> str:
    return f"Session {sitting}, {day.day} {day:%B %Y}"


def _asked(
    asked: list[dict[str, Any]], turns: list[Turn], categories: dict[int, str]
) -> tuple[Question, ...]:
    known = {turn.id for turn in turns}
    return tuple(
        _question(
            str(number), each, categories.get(each["category"], str(each["category"])),
            [id for given in each["evidence"] for id in _BETWEEN_IDS.split(given)], known,
        )
        for number, each in enumerate(asked, 1)
    )  # fmt: skip


def _question(
    id: str, asked: dict[str, Any], category: str, evidence: list[str], known: set[str]
) -> Question:
    valid = dict.fromkeys(each for each in evidence if each in known)
    answers = (asked.get(key) for key in ("answer", "ideal_answer", "ideal_response"))
    answer = next((str(each) for each in answers if each is not None), "")
    invalid = sum(each not in known for each in evidence)
    return Question(id, asked["question"], category, tuple(valid), invalid, answer)


def _beam(folder: Path, batches: list[dict[str, Any]]) -> Dialogue:
    turns: list[Turn] = []
    for sitting, batch in enumerate(batches, 1):
        messages = [message for group in batch["turns"] for message in group]
        anchor = next((m["time_anchor"] for m in messages if m.get("time_anchor")), None)
        began = turns[-1].when if turns else datetime.min
        if anchor:
            began = max(began, datetime.strptime(anchor, "%B-%d-%Y").replace(hour=9))
        for minute, message in enumerate(messages, 1):
            turns.append(
                Turn(
                    str(message["id"]), sitting, _title(sitting, began),
                    began + timedelta(minutes=minute), "", message["role"],
                    _TAIL.sub("", message["content"]).strip(),
                )
            )  # fmt: skip
    return Dialogue("beam", folder.name, tuple(turns), tuple(_probes(folder, turns)))


def _probes(folder: Path, turns: list[Turn]) -> Iterator[Question]:
    known = {turn.id for turn in turns}
    for file in sorted(folder.rglob("*.json")):
        values = _parse(file, (b'"rubric"',))
        if isinstance(values, dict):
            for ability, asked in values.items():
                for number, each in enumerate(asked, 1):
                    evidence = list(_flat(each.get("source_chat_ids")))
                    yield _question(f"{ability}-{number}", each, ability, evidence, known)


def _flat(ids: Any) -> Iterator[str]:
    """BEAM nests its ids in lists, and in objects of lists."""
    if isinstance(ids, dict | list):
        for each in ids.values() if isinstance(ids, dict) else ids:
            yield from _flat(each)
    elif ids is not None:
        yield str(ids)
