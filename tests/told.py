"""Notes and conversations that are read by a real engine, and what it makes of them."""

from __future__ import annotations

import json
import os
from datetime import datetime
from pathlib import Path

from cairn.core.engine import Engine
from cairn.core.tree.catalogue import Filed

Turn = tuple[str, str, str]
"""When, whose (`user`, `other`, `assistant`) and what."""
NAMES = {"user": "Ana", "other": "Ben", "assistant": ""}


def chat(engine: Engine, folder: Path, *turns: Turn, name: str = "family") -> None:
    """The whole conversation as it is now, brought in."""
    folder.mkdir(exist_ok=True)
    path = folder / f"{name}.turns.jsonl"
    path.write_text(lines(*turns, name=name))
    engine.conversations.take_in(path)
    engine.work()


def lines(*turns: Turn, name: str = "family") -> str:
    rows = [
        {"conversation": name, "title": name.title(), "time": at, "author": NAMES[origin],
         "origin": origin, "text": text, "id": str(number)}
        for number, (at, origin, text) in enumerate(turns)
    ]  # fmt: skip
    return "".join(json.dumps(row) + "\n" for row in rows)


def note(engine: Engine, path: Path, text: str, day: str = "2026-03-08") -> None:
    """A file as it was last written on a day."""
    path.parent.mkdir(exist_ok=True)
    path.write_text(text)
    moment = datetime.fromisoformat(f"{day}T12:00:00+00:00").timestamp()
    os.utime(path, (moment, moment))
    if path.parent in engine.folders.roots:
        engine.sweep([path.parent])
    else:
        engine.add(path.parent)
    engine.work()


def entries(engine: Engine, word: str = "") -> list[Filed]:
    """Those with a word in their claim, by the day since which they hold."""
    found = [filed for filed in engine.tree.catalogue.all() if word in filed.entry.body]
    return sorted(found, key=lambda each: (each.entry.valid_from, each.entry.id))


def values(engine: Engine, word: str = "") -> list[tuple[str, str, str]]:
    return [
        (each.entry.value, each.entry.valid_from, each.entry.valid_until)
        for each in entries(engine, word)
    ]


def files(engine: Engine) -> dict[str, str]:
    return {path: engine.tree.files.read(path) or "" for path, _ in engine.tree.files.walk()}


def told(engine: Engine, question: str, **when: str) -> str:
    return " ".join(sentence.text for sentence in engine.ask(question, **when).sentences)


def accept_all(engine: Engine) -> None:
    for review in reversed(engine.curation.reviews.open()):
        engine.memory.review(review.id, "accept")
    engine.sweep()
    engine.work()
