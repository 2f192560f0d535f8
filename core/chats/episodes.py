"""A conversation → its episodes: what each sitting was about, when, and how it ended.

Runs in the extractor process; no model is asked. An episode answers "when did I last work on X
with Claude?" where no single turn does. It quotes, it names files and commands, it claims nothing.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from cairn.core.chats.formats import format_of
from cairn.core.records import Block, Document, Place

OUTLINE_CHARS = 400
"""What is needed of each turn."""
_APART_S = 4 * 3600
_LEAST_OF_PEOPLE = 6
"""Shorter talks between people are their own summary."""
_QUOTE_CHARS = 120
_REQUESTS, _FILES, _COMMANDS, _NAMES = 3, 5, 3, 5
_FILE = re.compile(r"(?<![\w/.-])(?:[\w.~-]*/)*([\w-][\w.-]*\.[A-Za-z]\w{0,5})(?![\w/])")
_TOOL = re.compile(r"[A-Z][A-Za-z]+(?:: | )|\w+: ")
_NAME = re.compile(r"(?<![.!?:“\"]\s)(?<=\s)[A-ZÀ-Þ][\w’'-]{2,}(?:\s[A-ZÀ-Þ][\w’'-]+)?")
SENTENCE_END = re.compile(r"(?<=[.!?。！？])\s+|\n+")

Row = dict[str, Any]


def compose_episodes(request: dict[str, Any]) -> Document:
    kind = request["kind"]
    text: list[str] = []
    places: list[Place] = []
    blocks: list[Block] = []
    at = 0
    for group, sitting in enumerate(_sittings(request["turns"], kind)):
        shown = _tell(sitting, request)
        first, last = sitting[0], sitting[-1]
        places += [Place(at, "t", first["number"]), Place(at + len(shown) - 1, "t", last["number"])]
        blocks.append(
            Block(at, at + len(shown), when=first["when"], who=_who(sitting, kind), group=group)
        )
        text.append(shown)
        at += len(shown) + 1
    return Document(
        uri=request["uri"], kind="episode", title=request["title"], text="\n".join(text),
        places=tuple(places), blocks=tuple(blocks), when=blocks[0].when if blocks else "",
    )  # fmt: skip


def _sittings(rows: Sequence[Row], kind: str) -> Iterator[list[Row]]:
    """Turns that follow each other without a pause of hours."""
    least = _LEAST_OF_PEOPLE if format_of(kind).is_between_people else 1
    sitting: list[Row] = []
    for row in rows:
        if row["is_side"] or row["origin"] == "context":
            continue
        if sitting and pause_s(sitting[-1]["when"], row["when"]) > _APART_S:
            if len(sitting) >= least:
                yield sitting
            sitting = []
        sitting.append(row)
    if len(sitting) >= max(1, least):
        yield sitting


def pause_s(before: str, after: str) -> float:
    """Seconds between two times; 0 when they can't be told apart."""
    try:
        return (datetime.fromisoformat(after) - datetime.fromisoformat(before)).total_seconds()
    except (ValueError, TypeError):  # one is missing, or only one has a zone
        return 0.0


def _tell(sitting: Sequence[Row], request: dict[str, Any]) -> str:
    kind = request["kind"]
    parts = [_headline(sitting, request)]
    if format_of(kind).is_between_people:
        parts += _said_by_people(sitting)
    else:
        parts += _done_with_assistant(sitting)
    if names := _names(sitting):
        parts.append(f"Named: {', '.join(names)}.")
    return "\n".join(parts)


def _headline(sitting: Sequence[Row], request: dict[str, Any]) -> str:
    """`Conversation with Claude Code in app on Monday 10 August 2026, 12:00 to 12:45: …`."""
    kind, words = request["kind"], format_of(request["kind"]).words
    if format_of(kind).is_between_people:
        people = list(dict.fromkeys(row["who"] for row in sitting if row["who"]))
        what = f"{words} conversation of {_listed(people)}" if people else f"{words} conversation"
    else:
        what = f"Conversation with {words}"
    project = request["project"].rstrip("/").rpartition("/")[2]
    where = f" in {project}" if project else ""
    return f"{what}{where}{_when(sitting)}: {request['title'].rstrip('.?!')}."


def _when(sitting: Sequence[Row]) -> str:
    times = [row["when"] for row in sitting if row["when"]]
    if not times:
        return ""
    began, ended = (datetime.fromisoformat(time) for time in (times[0], times[-1]))
    day = f" on {began:%A} {began.day} {began:%B %Y}"
    if len(times[0]) <= 10:
        return day
    hours = list(dict.fromkeys((f"{began:%H:%M}", f"{ended:%H:%M}")))
    return f"{day}, {' to '.join(hours)}"


def _done_with_assistant(sitting: Sequence[Row]) -> Iterator[str]:
    asked = [row["text"] for row in sitting if row["origin"] == "user"]
    if asked:
        yield f"Asked: {' '.join(_quote(text) for text in asked[:_REQUESTS])}"
    commands = [row["command"] for row in sitting if row["origin"] == "tool" and row["command"]]
    files = Counter(name for command in commands for name in _FILE.findall(command))
    if files:
        yield f"Files: {', '.join(name for name, _ in files.most_common(_FILES))}."
    ran = [command for command in dict.fromkeys(commands) if not _TOOL.match(command)]
    if ran:
        more = f" and {len(ran) - _COMMANDS} more" if len(ran) > _COMMANDS else ""
        yield f"Ran: {', '.join(f'`{_short(command)}`' for command in ran[:_COMMANDS])}{more}."
    answers = [row["text"] for row in sitting if row["origin"] == "assistant"]
    if answers:
        yield f"Ended with: {_quote(answers[-1])}"


def _said_by_people(sitting: Sequence[Row]) -> Iterator[str]:
    said = [row for row in sitting if row["text"]]
    if said:
        yield f"{len(sitting)} messages, the first: {_quote(said[0]['text'])}"
        yield f"The last: {_quote(said[-1]['text'])}"


def _quote(text: str) -> str:
    first = next((part for part in SENTENCE_END.split(text) if len(part) > 8), text)
    return f"“{_short(first, _QUOTE_CHARS)}”"


def _short(text: str, limit: int = 60) -> str:
    line = " ".join(text[: 4 * limit].split())
    return line if len(line) <= limit else line[:limit].rstrip() + "…"


def _names(sitting: Sequence[Row]) -> list[str]:
    """What is written with a capital inside sentences, the most frequent first."""
    spoken = (row["text"] for row in sitting if row["origin"] in ("user", "other", "assistant"))
    found = Counter(name for text in spoken for name in _NAME.findall(text[:OUTLINE_CHARS]))
    return [name for name, count in found.most_common(_NAMES) if count > 1]


def _listed(names: list[str]) -> str:
    if len(names) > _NAMES:
        return ", ".join(names[:_NAMES]) + f" and {len(names) - _NAMES} more"
    return ", ".join(names[:-1]) + " and " + names[-1] if len(names) > 1 else names[0]


def _who(sitting: Sequence[Row], kind: str) -> str:
    people = list(dict.fromkeys(row["who"] for row in sitting if row["who"]))
    return ", ".join(people[:_NAMES]) or format_of(kind).speaker
