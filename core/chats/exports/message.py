"""A JSON object of no known format that holds a message → its parts; and who the parts stand for.

Called by the readers of `messages` and `turns`. Knows the names that programs give to author, text
and time; an object without an author and a text is no message.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from cairn.core.chats import times
from cairn.core.chats.agents.wrappers import own_words
from cairn.core.chats.exports.values import fields, first_word, listed, word
from cairn.core.extract.dates import find_time
from cairn.core.extract.source import clip
from cairn.core.records import Origin

ORIGINS: dict[str, Origin] = {
    "user": "user",
    "human": "user",
    "me": "user",
    "other": "other",
    "assistant": "assistant",
    "ai": "assistant",
    "model": "assistant",
    "tool": "tool",
    "function": "tool",
    "document": "document",
}
"""What the words for an author's part mean."""
_MORE_ORIGINS: dict[str, Origin] = {
    "you": "user", "prompter": "user", "bot": "assistant", "robot": "assistant",
    "gpt": "assistant", "chatgpt": "assistant", "claude": "assistant", "gemini": "assistant",
    "system": "context", "developer": "context", "environment": "tool", "observation": "tool",
}  # fmt: skip
_NAMES = ("sender_name", "author", "sender", "from", "speaker", "username", "user", "name")
_TEXTS = ("content", "text", "message", "body", "value")
_TIMES = (
    "timestamp", "timestamp_ms", "create_time", "created_at", "createdAt", "sent_at", "datetime",
    "time", "date", "ts",
)  # fmt: skip
_IDS = ("message_id", "id", "uuid")
_REPLIES = ("reply_to", "parent_id", "in_reply_to", "reply_to_message_id")
_OF_OTHER_THINGS = frozenset(
    ("title", "subject", "headline", "price", "rating", "stars", "sku", "isbn", "slug", "license",
     "product", "abstract", "commit", "sha", "hash", "level", "levelname", "severity", "logger",
     "action", "event", "ip", "status")
)  # fmt: skip
"""An article, a review, a commit or a line of a log has an author, a text and a date too."""
_INSTRUCTIONS = frozenset(("_system_prompt",))
_NOTE = re.compile(r"\[System note:[^\]]{0,2000}\]")
"""What Hermes puts before the words of the user."""
_THINKING = frozenset(("thinking", "think", "reasoning", "redacted_thinking"))
_COMMAND_CHARS = 500


@dataclass(frozen=True, slots=True)
class Message:
    origin: Origin
    who: str
    role: str
    text: str
    when: str
    id: str
    reply_to: str
    attachments: tuple[str, ...] = ()
    calls: tuple[tuple[str, str], ...] = ()
    """Calls of tools, with their ids."""
    beside: str = ""
    """What a program put beside the user's words."""
    thoughts: int = 0


def read_message(found: Any) -> Message | None:
    values = fields(found)
    role = first_word(values, "role") or first_word(fields(values.get("author")), "role")
    who = _name(values)
    calls = tuple(_calls(values))
    texts = [_content(values[name]) for name in _TEXTS if name in values]
    text, thoughts = next((each for each in texts if each[0]), texts[0] if texts else ("", 0))
    is_internal = role.startswith("_") and role not in _INSTRUCTIONS
    if is_internal or not (role or who) or not (texts or calls):
        return None
    origin = _origin(role, who, word(values.get("sender")))
    if origin_of(who):
        who, role = "", role or who
    text = _without_label(text, origin)
    own, beside = _parted(text) if origin == "user" else (text, "")
    return Message(
        origin,
        clip(who),
        role,
        own,
        when_of(next((values[name] for name in _TIMES if values.get(name)), "")),
        id_of(next((values[name] for name in _IDS if values.get(name)), "")),
        id_of(next((values[name] for name in _REPLIES if values.get(name)), "")),
        names_of(values.get("attachments")),
        calls,
        beside,
        thoughts,
    )


def are_messages(objects: Iterable[Any]) -> bool:
    """Are these surely messages, and not a user's other data of authors and texts?"""
    found = [each for each in objects if not word(fields(each).get("role")).startswith("_")]
    with_role = [each for each in found if _has_role(fields(each))]
    if len(with_role) >= max(1, 0.8 * len(found)):
        return True
    spoken = [each for each in found if _is_spoken(fields(each))]
    return len(spoken) >= max(2, 0.8 * len(found))


def _has_role(values: dict[str, Any]) -> bool:
    names = [word(values.get(name)) for name in ("role", "from", "author", "sender", "sender_name")]
    names.append(word(fields(values.get("author")).get("role")))
    has_text = any(isinstance(values.get(name), str | list | dict) for name in _TEXTS)
    return origin_of(*names) is not None and (has_text or bool(listed(values.get("tool_calls"))))


def _is_spoken(values: dict[str, Any]) -> bool:
    has_time = any(when_of(values.get(name)) for name in _TIMES)
    has_text = any(isinstance(values.get(name), str) for name in _TEXTS)
    return has_time and has_text and bool(_name(values)) and not _OF_OTHER_THINGS & values.keys()


def origin_of(*names: str) -> Origin | None:
    """The first of these words that says whose part it is."""
    known = (ORIGINS.get(name) or _MORE_ORIGINS.get(name) for name in map(str.lower, names))
    return next((origin for origin in known if origin), None)


def _origin(role: str, *names: str) -> Origin:
    if role in _INSTRUCTIONS:
        return "context"
    return origin_of(role, *names) or "other"


def _name(values: dict[str, Any]) -> str:
    for key in _NAMES:
        value = values.get(key)
        name = word(value) or first_word(fields(value), "name", "username", "display_name")
        if name.strip():
            return name.strip()
    return ""


def _content(value: Any) -> tuple[str, int]:
    """The text of a value that may be a list of blocks, and how many of those are thoughts."""
    if isinstance(value, str):
        return value.strip(), 0
    blocks = listed(value) or listed(fields(value).get("parts"))
    texts: list[str] = []
    thoughts = 0
    for block in blocks:
        if word(fields(block).get("type")) in _THINKING:
            thoughts += 1
        else:
            texts.append(word(block) or first_word(fields(block), "text", "content", "output"))
    return "\n".join(text for text in texts if text.strip()).strip(), thoughts


def _calls(values: dict[str, Any]) -> Iterable[tuple[str, str]]:
    for found in listed(values.get("tool_calls")):
        call = fields(found)
        function = fields(call.get("function")) or call
        given = function.get("arguments")
        shown = given if isinstance(given, str) else json.dumps(given) if given else ""
        command = clip(": ".join(filter(None, (word(function.get("name")), shown))), _COMMAND_CHARS)
        if command:
            yield id_of(call.get("id")), command


def _without_label(text: str, origin: Origin) -> str:
    """Some programs write the author before each text once more."""
    label, colon, rest = text.partition(":")
    if colon and len(label) <= 10 and " " not in label and origin_of(label) == origin:
        return rest.strip()
    return text


def _parted(text: str) -> tuple[str, str]:
    """(what the user wrote, what a program put beside it)"""
    note = _NOTE.match(text)
    own, beside = own_words(text[note.end() :].strip() if note else text)
    return own, "\n".join(filter(None, (note[0] if note else "", beside)))


def when_of(value: object) -> str:
    if isinstance(value, str):
        return times.from_any(value) or find_time(value)
    return times.from_epoch(value)


def id_of(value: object) -> str:
    return "" if isinstance(value, bool) or not isinstance(value, str | int) else str(value)


def names_of(value: object) -> tuple[str, ...]:
    """Of attachments, which may be names or objects that have one."""
    names = (word(each) or first_word(fields(each), "name", "file_name", "filename", "title")
             for each in listed(value))  # fmt: skip
    return tuple(dict.fromkeys(name for name in names if name))
