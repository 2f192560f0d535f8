"""LoCoMo, REALTALK, BEAM, LongMemEval → dialogues of turns and questions; those as `turns.jsonl`.

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

DATASETS = ("locomo", "realtalk", "longmemeval", "beam")
_MARKS = (b'"dia_id"', b'"turns"', b'"haystack_sessions"')
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
    gains: tuple[int, ...] = ()
    """What each piece of evidence is worth, side by side with it; empty where all are alike."""
    sittings: tuple[str, ...] = ()
    """Those that hold the evidence, where a set names them: its turns are `SITTING:NUMBER`."""

    @property
    def grades(self) -> dict[str, int]:
        return dict(zip(self.evidence, self.gains or (1,) * len(self.evidence), strict=True))


@dataclass(frozen=True, slots=True)
class Dialogue:
    dataset: str
    name: str
    turns: tuple[Turn, ...]
    questions: tuple[Question, ...]
    asked: datetime | None = None
    """When; otherwise it is an hour after the last turn."""

    @property
    def now(self) -> datetime:
        after = self.turns[-1].when + timedelta(hours=1)
        return max(after, self.asked or after)

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
    elif {"question", "haystack_sessions", "haystack_dates"} <= first.keys():
        yield from (each for item in values if (each := _longmemeval(item)).turns)


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


def _longmemeval(item: dict[str, Any]) -> Dialogue:
    """A question with the sittings that hide its answer, in the order of their days."""
    said = item["haystack_sessions"]
    names = item.get("haystack_session_ids") or [str(number) for number in range(1, len(said) + 1)]
    days = [datetime.strptime(_day(text), "%Y/%m/%d %H:%M") for text in item["haystack_dates"]]
    turns: list[Turn] = []
    evidence: list[str] = []
    held: set[str] = set()
    for began, name, spoken in sorted(zip(days, names, said, strict=True), key=lambda it: it[0]):
        if name in held:  # the same sitting twice would be the same turns twice
            continue
        held.add(name)
        sitting = len(held)
        for number, turn in enumerate(spoken, 1):
            id, when = f"{name}:{number}", began + timedelta(minutes=number - 1)
            text = str(turn["content"]).strip()
            turns.append(Turn(id, sitting, _title(sitting, began), when, "", turn["role"], text))
            evidence += [id] * bool(turn.get("has_answer"))
    id = str(item["question_id"])
    wanted = [str(name) for name in item.get("answer_session_ids") or ()]
    is_absent = id.endswith("_abs")  # its evidence is of something like it
    kind = "abstention" if is_absent else str(item.get("question_type", ""))
    found = () if is_absent else tuple(evidence)
    places = () if is_absent else tuple(name for name in dict.fromkeys(wanted) if name in held)
    invalid = sum(name not in held for name in wanted)
    answer = str(item.get("answer", ""))
    asked = Question(id, str(item["question"]), kind, found, invalid, answer, sittings=places)
    when = item.get("question_date")
    then = datetime.strptime(_day(when), "%Y/%m/%d %H:%M") if when else None
    return Dialogue("longmemeval", id, tuple(turns), (asked,), then)


def _day(text: str) -> str:
    """`2023/05/20 (Sat) 02:21` without the day of the week."""
    return re.sub(r"\s*\(\w+\)\s*", " ", text).strip()


def _flat(ids: Any) -> Iterator[str]:
    """BEAM nests its ids in lists, and in objects of lists."""
    if isinstance(ids, dict | list):
        for each in ids.values() if isinstance(ids, dict) else ids:
            yield from _flat(each)
    elif ids is not None:
        yield str(ids)
