"""Transcripts made for tests, and all batches of one as they reach the engine."""

from __future__ import annotations

import json
import zipfile
from collections import Counter
from pathlib import Path
from typing import Any

from cairn.core.chats.batches import Batches
from cairn.core.chats.turn import State

TOKEN = "ghp_" + "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8"


def turn(conversation: str, text: str, **more: Any) -> str:
    record = {"conversation": conversation, "author": "Ana", "origin": "user", "text": text, **more}
    return json.dumps(record) + "\n"


def talk(conversation: str, count: int) -> str:
    """Each turn is followed by a line that is none."""
    one = (
        turn(conversation, f"What was said as {i}.", id=str(i)) + '{"x":1}\n' for i in range(count)
    )
    return "".join(one)


def packed(path: Path, members: dict[str, str]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in members.items():
            archive.writestr(name, text)
    return path


class Taken:
    """All batches from a state, or the first ones, as they reach the engine."""

    def __init__(self, path: Path, state: State | None = None, most: int = 1 << 30) -> None:
        self.items: list[dict[str, Any]] = []
        self.counts: Counter[str] = Counter()
        self.batches = 0
        self.begins_anew = False
        made = Batches(path, "", {} if state is None else state, [])
        is_last = False
        while not is_last and self.batches < most:
            batch = json.loads(json.dumps(made.next()))
            self.items += batch["items"]
            for name in ("passed", "unknown", "redacted"):
                self.counts.update(batch[name])
            self.begins_anew = self.begins_anew or batch["begins_anew"]
            self.raw = batch
            self.state, self.problems, is_last = batch["state"], batch["problems"], batch["is_last"]
            self.batches += 1
        self.is_done = is_last

    @property
    def texts(self) -> list[str]:
        return [item["text"] for item in self.items if item["is"] == "Turn"]


def damaged(path: Path, members: dict[str, str]) -> Path:
    """The first member's data are overwritten."""
    raw = bytearray(packed(path, members).read_bytes())
    start = 30 + len(next(iter(members))) + 20
    raw[start : start + 40] = b"\xff" * 40
    path.write_bytes(raw)
    return path


def encrypted(path: Path, members: dict[str, str]) -> Path:
    """The first member says that it needs a password."""
    raw = bytearray(packed(path, members).read_bytes())
    raw[6] |= 1
    raw[raw.find(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(raw)
    return path
