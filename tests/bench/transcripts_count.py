"""The real samples → which of them are transcripts, and what is said in each.

`samples(data)` names every file below agents/, assistants/ and chats/ once: with a count of its
own, or with the reason why there is nothing to count in it.
"""

from __future__ import annotations

import json
import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from typing import Any

from tests.bench.transcripts_agents import (
    chatgpt,
    claude_ai,
    claude_code,
    codex,
    gemini,
    roles,
    speakers,
)
from tests.bench.transcripts_said import Count, Json

_WHATSAPP = re.compile(r"^\[?[\d-]+,? [\d:]+(?:\]| -) ([^:]+): (.*)$")
_SIGNAL = re.compile(r"^\[([\d-]+), ([\d:]+)\] ([^:]+): (.*)$")
_NAMED = re.compile(r"<@([A-Z0-9]+)>")
_LINK = re.compile(r"<(?:https?://|[#!])[^>]*>")


@dataclass(frozen=True, slots=True)
class Sample:
    path: Path
    count: Count | None
    reason: str = ""
    """Why it holds no conversation."""


def samples(data: Path, part: str = "") -> Iterator[Sample]:
    for folder in ("agents", "assistants", "chats"):
        for path in sorted((data / folder).rglob("*")):
            name = path.relative_to(data).as_posix()
            if path.is_file() and part in name:
                yield _sample(path, name)


def _sample(path: Path, name: str) -> Sample:
    for pattern, reason in _NOTHING:
        if re.search(pattern, name):
            return Sample(path, None, reason)
    for pattern, read in _READ:
        if re.search(pattern, name):
            count = read(path)
            if not count.conversations:
                return Sample(path, None, "only records that are no turns")
            return Sample(path, count)
    return Sample(path, None, "the bench does not know it")


def _telegram(path: Path) -> Count:
    count = Count("telegram")
    loaded = json.loads(path.read_text("utf-8"))
    for number, chat in enumerate(loaded.get("chats", {}).get("list", [loaded])):
        for said in chat["messages"]:
            if said["type"] != "message":
                count.pass_over(said.get("action", said["type"]))
                continue
            parts = said["text"] if isinstance(said["text"], list) else [said["text"]]
            text = "".join(part if isinstance(part, str) else part["text"] for part in parts)
            if not text and not said.get("file_name"):
                count.pass_over("media")
                continue
            # Without the seconds the date is in an unknown zone.
            count.say(f"{number}", "person", text, said.get("date_unixtime"))
    return count


def _whatsapp(path: Path) -> Count:
    count = Count("whatsapp")
    for line in path.read_text("utf-8").splitlines():
        if found := _WHATSAPP.match(line):
            count.say("", "person", found[2])
        else:
            count.pass_over(line)
    return count


def _signal(path: Path) -> Count:
    count = Count("signal")
    text = ""
    for line in [*path.read_text("utf-8").splitlines(), "[2000-01-01, 00:00] nobody: "]:
        if not (found := _SIGNAL.match(line)):
            text += "\n" + line
            continue
        if text:
            count.say("", "person", text)
        text = found[4]
    return count


def _slack(path: Path) -> Count:
    count = Count("slack")

    def add(name: str, messages: list[Json]) -> None:
        for said in messages:
            if said.get("subtype") in ("channel_join", "tombstone"):
                count.pass_over(said["subtype"])
            else:
                text = unescape(_LINK.sub(" ", _NAMED.sub(r"\1", said.get("text") or "")))
                count.say(name, "person", text, float(said["ts"]))
            add(name, said.get("slackdump_thread_replies") or [])

    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            add(name, json.loads(archive.read(name))["messages"])
    return count


def _authors(path: Path) -> Count:
    count = Count("messages")
    for said in json.loads(path.read_text("utf-8")):
        count.say("", "person", said["message"])
    return count


def _instagram(path: Path) -> Count:
    count = Count("instagram")
    for said in reversed(json.loads(path.read_text("utf-8"))["messages"]):
        count.say("", "person", said["content"], said["timestamp_ms"] / 1000)
    return count


def _evermemos(path: Path) -> Count:
    count = Count("messages")
    loaded: dict[str, Any] = json.loads(path.read_text("utf-8"))
    for said in loaded["conversation_list"]:
        origin = "person" if said["sender_name"] == "user" else "assistant"
        count.say("", origin, said["content"], said["create_time"])
    return count


_READ: tuple[tuple[str, Callable[[Path], Count]], ...] = (
    (r"/claude/.*\.jsonl$|claude-code-log/|simonw-|agentsview/claude", claude_code),
    (r"/codex/", codex),
    (r"/gemini/", gemini),
    (r"session-2/context\.jsonl$", roles),
    (r"hindsight-hermes/", speakers),
    (r"chatgpt.*\.json$", chatgpt),
    (r"claude-ai.*\.json$", claude_ai),
    (r"/whatstk/", _whatsapp),
    (r"/chat-miner/.*target\.json$", _authors),
    (r"/chat-miner/signal/", _signal),
    (r"/chat-miner/instagram/", _instagram),
    (r"/telegram/", _telegram),
    (r"/evermemos-demo/", _evermemos),
    (r"source_dump\.zip$", _slack),
)
_NOTHING = (
    (r"SOURCE\.txt$", "says where the samples are from"),
    (r"corpus-manifest\.json$", "a list of what the samples are"),
    (r"session-2/(wire\.jsonl|state\.json)$", "marks of turns without their words"),
    (r"slackdump/export/", "an export's lists of channels and people, without its messages"),
    (r"messages/bot_message\.json$", "one message cut out of its export, without its channel"),
)
