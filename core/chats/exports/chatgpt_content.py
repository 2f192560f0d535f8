"""A message of ChatGPT's export → who says it, its text, and the names of what was sent with it.

Called by `chatgpt`. Text reads as it was shown: marks of citations go, what they stand beside
stays. Documents written on the canvas count as the assistant's words.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from typing import Any

from cairn.core.chats.exports.values import fields, listed, word
from cairn.core.extract.source import clip
from cairn.core.records import Origin

_THINKING = frozenset(("thoughts", "reasoning_recap"))
_CONTEXT = frozenset(("user_editable_context", "model_editable_context", "app_pairing_content"))
_TOOLS = frozenset(
    ("execution_output", "tether_quote", "tether_browsing_display", "tether_browsing_code",
     "system_error", "computer_output", "citable_code_output", "sonic_webpage")
)  # fmt: skip
_KNOWN = _THINKING | _CONTEXT | _TOOLS | {"text", "multimodal_text", "code", ""}
_FIELDS = (
    "title", "url", "domain", "name", "text", "result", "summary", "output_str", "content",
    "user_profile", "user_instructions", "model_set_context",
)  # fmt: skip
"""Where the content types keep their text, in the order in which it is read."""
_POINTERS = (
    "asset_pointer", "audio_asset_pointer", "video_container_asset_pointer",
    "frames_asset_pointers",
)  # fmt: skip
_COMMAND_CHARS = 500
_ROLES: dict[str, Origin] = {"user": "user", "assistant": "assistant", "tool": "tool"}
# A marker is a word and its values between U+E200 and U+E201, divided by U+E202.
_MARKER = re.compile("( ?)\ue200([^\ue200\ue201]*+)\ue201")
_SOURCE = re.compile(r" ?【[^【】†\n]{0,100}†[^【】\n]{0,300}】")
_LEFT_OVER = re.compile("[\ue200-\ue2ff]")
_SHOWN = frozenset(("url", "link_title", "entity"))


@dataclass(frozen=True, slots=True)
class Said:
    """What a message says."""

    origin: Origin
    text: str
    role: str
    kind: str
    """Its type of content, "thinking" for all of that sort."""
    is_known: bool
    who: str = ""
    attachments: tuple[str, ...] = ()
    command: str = ""
    """Of a call of a tool."""
    is_whole: bool = False
    """Does the command say all that the text does?"""

    def of(self, origin: Origin, *, command: str = "", text: str = "") -> Said:
        return replace(self, origin=origin, command=command or self.command, text=text or self.text)


def said(message: dict[str, Any]) -> Said:
    author = fields(message.get("author"))
    role, name = word(author.get("role")), word(author.get("name"))
    content = fields(message.get("content"))
    kind = word(content.get("content_type"))
    text = _text(content)
    origin: Origin = _ROLES.get(role, "context")
    command = ""
    if kind in _CONTEXT:
        origin = "context"
    elif kind in _TOOLS:
        origin = "tool"
    elif origin == "assistant" and (tool := _call_name(message)):
        if document := _canvas(tool, text):
            text = document
        else:
            origin, command = "tool", clip(_named(tool, _arguments(text)), _COMMAND_CHARS)
    return Said(
        origin=origin,
        text=(without_marks(text) if origin == "assistant" else text).strip(),
        role=role,
        kind="thinking" if kind in _THINKING else kind,
        is_known=kind in _KNOWN,
        who=name if origin in ("tool", "user") else "",
        attachments=_attachments(message, content),
        command=command,
        is_whole=command == _named(_call_name(message), text),
    )


def _named(tool: str, given: str) -> str:
    return f"{tool}: {given}" if given.strip() else tool


def _call_name(message: dict[str, Any]) -> str:
    """The tool that a message of the assistant is for, if it is for one."""
    recipient = word(message.get("recipient"))
    return "" if recipient in ("", "all", "assistant") else recipient


def without_marks(text: str) -> str:
    """The text without what ChatGPT shows as footnotes, with the words of its links."""
    if "†" in text:
        text = _SOURCE.sub("", text)
    if _LEFT_OVER.search(text):
        text = _LEFT_OVER.sub("", _MARKER.sub(_shown, text))
    return text


def _shown(found: re.Match[str]) -> str:
    word, *values = found[2].split("\ue202")
    if word not in _SHOWN or not values:
        return ""
    shown = values[0]
    if shown.startswith("["):  # an entity: its sort, its name and more
        try:
            names = json.loads(shown)
            shown = str(names[1])
        except (ValueError, IndexError, RecursionError):
            shown = ""
    return found[1] + shown


def _text(content: dict[str, Any]) -> str:
    texts = [_part_text(part) for part in listed(content.get("parts"))]
    texts += [text for name in _FIELDS if (text := word(content.get(name)))]
    return "\n".join(text for text in texts if text.strip())


def _part_text(part: Any) -> str:
    if isinstance(part, str):
        return part
    values = fields(part)
    return "\n".join(
        text for name in ("title", "url", "text", "result") if (text := word(values.get(name)))
    )


def _attachments(message: dict[str, Any], content: dict[str, Any]) -> tuple[str, ...]:
    """The names of files; of pictures and recordings without one, their id."""
    metadata = fields(message.get("metadata"))
    files = [fields(file) for file in listed(metadata.get("attachments"))]
    found = [word(file.get("name")) or word(file.get("id")) for file in files]
    named = {word(file.get("id")) for file in files}
    for part in listed(content.get("parts")):
        for pointer in map(fields(part).get, _POINTERS):
            pointer = pointer.get("asset_pointer") if isinstance(pointer, dict) else pointer
            id = word(pointer).rpartition("//")[2]
            if id and id not in named:
                found.append(id)
    return tuple(dict.fromkeys(name for name in found if name))


def _canvas(tool: str, text: str) -> str:
    """The document that a call writes on the canvas."""
    if not tool.startswith("canmore.create"):
        return ""
    written = _loaded(text)
    return "\n\n".join(filter(None, (word(written.get("name")), word(written.get("content")))))


def _arguments(text: str) -> str:
    """What a tool was given: of JSON its first text, else all of it."""
    return next((value for value in _loaded(text).values() if word(value)), "") or text


def _loaded(text: str) -> dict[str, Any]:
    if not text.lstrip().startswith("{"):
        return {}
    try:
        return fields(json.loads(text, strict=False))
    except (ValueError, RecursionError):
        return {}
