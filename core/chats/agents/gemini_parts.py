"""The parts of a message of Gemini CLI, and its calls of tools → plain text.

Shared by the readers of its sessions and of its older lists. Parts are texts, objects with a text,
or lists of both; everything else in them is passed over.
"""

from __future__ import annotations

import json
from typing import Any

from cairn.core.chats.agents import stored


def command_of(call: dict[str, Any]) -> str:
    """The shell command of a call, or its tool and what matters most of what it was given."""
    return stored.command_of(stored.text_of(call.get("name")), stored.object_of(call.get("args")))


def result_of(call: dict[str, Any]) -> str:
    result, shown = call.get("result"), call.get("resultDisplay")
    told = []
    for part in result if isinstance(result, list) else [result]:
        answer = part.get("functionResponse") if isinstance(part, dict) else None
        response = answer.get("response") if isinstance(answer, dict) else None
        if isinstance(response, dict):
            told += [_plain(response[key]) for key in ("output", "error") if key in response]
        else:
            told.append(text_of([part]))
    text = "\n".join(part for part in told if part).strip()
    return text or (shown.strip() if isinstance(shown, str) else "")


def text_of(content: Any) -> str:
    """The text of parts as this program and its interface know them."""
    parts = content if isinstance(content, list) else [content]
    texts = []
    for part in parts:
        text = part.get("text") if isinstance(part, dict) and not part.get("thought") else part
        if isinstance(text, str):
            texts.append(text)
    return "".join(texts)


def names_of(content: Any) -> tuple[str, ...]:
    """What was sent along: files by their names, what was pasted by its kind."""
    found = []
    for part in content if isinstance(content, list) else ():
        if not isinstance(part, dict):
            continue
        file, pasted = part.get("fileData"), part.get("inlineData")
        if isinstance(file, dict) and isinstance(uri := file.get("fileUri"), str):
            found.append(uri.replace("\\", "/").rpartition("/")[2])
        elif isinstance(pasted, dict) and isinstance(kind := pasted.get("mimeType"), str):
            found.append(kind)
    return tuple(found[:50])


def _plain(value: Any) -> str:
    try:
        return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    except (RecursionError, ValueError):
        return ""
