"""Plain text in which each turn begins with its speaker, "User: …", "Assistant: …" → turns.

Called by `messages`. Only words that programs use for the two sides count as speakers, so that a
play or a list of terms is none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from cairn.core.chats.exports.message import origin_of
from cairn.core.chats.source import Transcript
from cairn.core.chats.turn import Item, Turn
from cairn.core.records import digest

_SPEAKERS = "user|human|me|you|assistant|ai|bot|chatgpt|claude|gemini|system|model"
_SPEAKER = re.compile(
    rf"[#>*_ \t]{{0,8}}({_SPEAKERS})[*_ ]{{0,4}}:[*_]{{0,4}}(?:\s|$)", re.IGNORECASE
)
_SUFFIXES = (".txt", ".md", ".markdown", ".log")
_LONGEST = 1 << 20
"""Characters of a line, and of a turn; what is longer goes on in another."""


def is_dialogue(source: Transcript) -> bool:
    if not source.name.lower().endswith(_SUFFIXES) or b"\0" in source.head:
        return False
    lines = source.head.decode("utf-8-sig", "replace").split("\n")
    first = next((line for line in lines if line.strip()), "")
    if not _SPEAKER.match(first):
        return False
    spoken = {origin_of(found[1]) for line in lines if (found := _SPEAKER.match(line))}
    return {"user", "assistant"} <= spoken


def read_dialogue(source: Transcript) -> Iterator[Item]:
    conversation = ""
    counts: dict[str, int] = {}
    for number, speaker, text in _turns(source):
        conversation = conversation or digest(source.name, source.folder, speaker, text, size=8)
        key = digest(speaker, text, size=10)
        counts[key] = counts.get(key, 0) + 1
        yield Turn(
            conversation,
            f"{key}.{counts[key]}",
            origin_of(speaker) or "other",
            text,
            role=speaker.lower(),
            line=number,
        )


def _turns(source: Transcript) -> Iterator[tuple[int, str, str]]:
    """(line, speaker, what they said)"""
    began, speaker, said, size = 0, "", [""], 0
    number = 1
    with source.text() as text:
        while line := text.readline(_LONGEST):
            found = _SPEAKER.match(line)
            if found or size > _LONGEST:
                if spoken := "".join(said).strip():
                    yield began, speaker, spoken
                began, size, said = number, 0, []
            number += line.endswith("\n")
            if found:
                speaker, line = found[1], line[found.end() :]
            said.append(line)
            size += len(line)
    if spoken := "".join(said).strip():
        yield began, speaker, spoken
