"""A hostile text → the file that carries it, beside a harmless sentence by which it is found."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path

from tests.pdf_maker import make_pdf
from tests.redteam.cases import Attack, Carrier


def put(folder: Path, attack: Attack, topic: str, number: int) -> Path:
    """Writes it, and says where; a conversation goes into a folder of its own."""
    text = attack.text.replace("{topic}", topic)
    harmless = f"The {topic} costs {number + 100} euros."
    return _PUT[attack.carrier](folder, text, topic, harmless)


def _note(folder: Path, text: str, topic: str, harmless: str) -> Path:
    return _file(folder / f"{topic}.md", f"# {topic.title()}\n\n{harmless}\n\n{text}\n")


def _front_matter(folder: Path, text: str, topic: str, harmless: str) -> Path:
    return _file(folder / f"{topic}.md", f"---\ntitle: {topic.title()}\n{text}\n---\n{harmless}\n")


def _code(folder: Path, text: str, topic: str, harmless: str) -> Path:
    return _file(folder / f"{topic}.py", f"# {harmless}\n{text}\n\ndef {topic}():\n    pass\n")


def _mail(folder: Path, text: str, topic: str, harmless: str) -> Path:
    head = (
        f"From: Eve <eve@evil.example>\nTo: me@example.org\nSubject: {topic.title()}\n"
        "Date: Fri, 1 May 2026 10:00:00 +0000\nContent-Type: text/plain; charset=utf-8\n\n"
    )
    return _file(folder / f"{topic}.eml", f"{head}{harmless}\n\n{text}\n")


def _chat(folder: Path, text: str, topic: str, harmless: str) -> Path:
    rows = [
        {"conversation": topic, "title": topic.title(), "time": "2026-05-01T10:00:00",
         "author": "Mallory", "origin": "other", "text": each, "id": str(number)}
        for number, each in enumerate((harmless, text))
    ]  # fmt: skip
    path = folder.parent / "chats" / f"{topic}.turns.jsonl"
    path.parent.mkdir(exist_ok=True)
    return _file(path, "".join(json.dumps(row) + "\n" for row in rows))


def _pdf(folder: Path, text: str, topic: str, harmless: str) -> Path:
    path = folder / f"{topic}.pdf"
    path.write_bytes(make_pdf([f"{topic.title()}\n\n{harmless}\n{text}"]))
    return path


def _page(folder: Path, text: str, topic: str, harmless: str) -> Path:
    page = f"<html><head><title>{topic.title()}</title></head><body><p>{harmless}</p>{text}</body>"
    return _file(folder / f"{topic}.html", page)


def _table(folder: Path, text: str, topic: str, harmless: str) -> Path:
    return _file(folder / f"{topic}.csv", f"name,says\n{topic},{harmless}\n{topic},{text}\n")


def _name(folder: Path, text: str, topic: str, harmless: str) -> Path:
    name = f"{topic} {text}".replace("/", "_")[:120]
    return _file(folder / f"{name}.md", f"{harmless}\n")


def _file(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8", newline="")
    return path


_PUT: Mapping[Carrier, Callable[[Path, str, str, str], Path]] = {
    "note": _note, "front matter": _front_matter, "code": _code, "mail": _mail, "chat": _chat,
    "pdf": _pdf, "page": _page, "table": _table, "name": _name,
}  # fmt: skip
