"""The formats of transcripts: one line for each, in the order in which they are tried.

A format's module has `fits(source) -> bool`, which looks at names and beginnings only, and
`read(source, state) -> Iterator[Item]`. Both run in the extractor process.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from types import ModuleType

from cairn.core.chats.source import Transcript
from cairn.core.chats.turn import Item, State
from cairn.core.errors import ExtractError


@dataclass(frozen=True, slots=True)
class Format:
    kind: str
    """Part of the address of its conversations: `chat:KIND/…`."""
    words: str
    """What a user calls it."""
    module: str
    """Below `cairn.core.chats`."""
    is_bundle: bool = False
    """Is one transcript a folder, or ZIP, of several files?"""
    is_between_people: bool = False
    """Then the user is known by name only: see `chats.me`."""
    is_unique: bool = False
    """Are its turns' ids unique over all its conversations? A replayed session repeats them."""
    speaker: str = "assistant"
    """What its assistant is called where the turn does not say."""

    def _load(self) -> ModuleType:
        return import_module(f"cairn.core.chats.{self.module}")

    def fits(self, source: Transcript) -> bool:
        return bool(self._load().fits(source))

    def read(self, source: Transcript, state: State) -> Iterator[Item]:
        items: Iterator[Item] = self._load().read(source, state)
        return items


FORMATS = (
    Format("slack", "Slack", "messengers.slack", is_bundle=True, is_between_people=True),
    Format("discord", "Discord", "messengers.discord", is_between_people=True),
    Format("claude-code", "Claude Code", "agents.claude_code", is_unique=True, speaker="Claude"),
    Format("codex", "Codex CLI", "agents.codex", speaker="Codex"),
    Format("gemini", "Gemini CLI", "agents.gemini", speaker="Gemini"),
    Format("copilot", "Copilot Chat", "agents.copilot", speaker="Copilot"),
    Format("copilot-cli", "Copilot CLI", "agents.copilot_cli", speaker="Copilot"),
    Format("cursor", "Cursor", "agents.cursor", speaker="Cursor"),
    Format("opencode", "OpenCode", "agents.opencode", speaker="OpenCode"),
    Format("aider", "aider", "agents.aider", speaker="aider"),
    Format("llm", "llm", "agents.llm"),
    Format("chatgpt", "ChatGPT", "exports.chatgpt", speaker="ChatGPT"),
    Format("claude", "Claude.ai", "exports.claude_ai", speaker="Claude"),
    Format("gemini-app", "Gemini app", "exports.takeout", speaker="Gemini"),
    Format("telegram", "Telegram", "messengers.telegram", is_between_people=True),
    Format("whatsapp", "WhatsApp", "messengers.whatsapp", is_between_people=True),
    Format("signal", "Signal", "messengers.signal", is_between_people=True),
    Format("instagram", "Instagram", "messengers.instagram", is_between_people=True),
    Format("mail", "mail", "messengers.mail", is_between_people=True),
    Format("irc", "IRC", "logs.irc", is_between_people=True),
    Format("shell", "shell history", "logs.shell"),
    Format("turns", "turns.jsonl", "exports.turns"),
    Format("messages", "messages", "exports.messages"),
)
OWN = Format("cairn", "cairn", "own", speaker="cairn")
"""What was asked of cairn itself; never read from a file."""
_BY_KIND = {format.kind: format for format in (*FORMATS, OWN)}


def format_of(kind: str) -> Format:
    return _BY_KIND[kind]


def kinds() -> tuple[str, ...]:
    return tuple(format.kind for format in FORMATS)


def recognise(source: Transcript) -> Format | None:
    """The format that a file's, or folder's, content has."""
    has_parts = source.path.is_dir() or (not source.member and bool(source.names))
    for format in FORMATS:
        if format.is_bundle == has_parts:
            try:
                if format.fits(source):
                    return format
            except (OSError, EOFError, ValueError, KeyError, ExtractError):
                continue
    return None
