"""What Slack keeps of a message → its words as the people saw them.

Called by `slack`. References to people and channels become their names, entities their characters;
a message without text is read from its blocks or, for programs, from its attachments.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

_MARKED = re.compile(r"<([^<>]+)>")
"""Slack writes `<` and `>` of the text itself as entities, so these are always its own."""
_DEEPEST = 8


@dataclass(frozen=True, slots=True)
class Names:
    """Of people and channels, by their ids."""

    people: Mapping[str, str] = field(default_factory=dict)
    channels: Mapping[str, str] = field(default_factory=dict)

    def person(self, id: str) -> str:
        return self.people.get(id, id)


def words(message: Mapping[str, Any], names: Names) -> str:
    """All that a message says."""
    text = readable(word(message, "text"), names).strip()
    if not text:
        text = _joined(_block(each, names, 0) for each in objects(message.get("blocks")))
    if not text:
        text = _joined(_attached(each, names) for each in objects(message.get("attachments")))
    return text


def readable(text: str, names: Names) -> str:
    text = _MARKED.sub(lambda found: _reference(found[1], names), text)
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def _reference(marked: str, names: Names) -> str:
    target, _, label = marked.partition("|")
    if target.startswith(("@U", "@W", "@B")):
        return "@" + (names.people.get(target[1:]) or label or target[1:])
    if target.startswith("#"):
        return "#" + (label or names.channels.get(target[1:]) or target[1:])
    if target.startswith("!"):
        if label:  # a group of people, or a date as it was shown
            return label
        return "@" + target[1:].partition("^")[0]
    address = target.removeprefix("mailto:")
    bare = address.rpartition("://")[2].strip("/")
    if label and label.strip("/") not in (address, bare):
        return f"{label} ({address})"
    return label or address


def word(fields: Mapping[str, Any], key: str) -> str:
    value = fields.get(key)
    return value if isinstance(value, str) else ""


def objects(value: object) -> list[dict[str, Any]]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def _joined(parts: Iterator[str], by: str = "\n") -> str:
    return by.join(part for part in parts if part.strip()).strip()


def _block(block: Mapping[str, Any], names: Names, depth: int) -> str:
    """Rich text as the editor of Slack makes it, and the simpler blocks that programs send."""
    if depth > _DEEPEST:
        return ""
    kind = word(block, "type")
    inner = objects(block.get("elements"))
    if kind in ("rich_text", "context"):
        return _joined(_block(each, names, depth + 1) for each in inner)
    if kind == "rich_text_list":
        return _joined(f"- {_block(each, names, depth + 1)}" for each in inner)
    if kind in ("rich_text_section", "rich_text_quote", "rich_text_preformatted"):
        return "".join(_inline(each, names) for each in inner)
    if kind in ("mrkdwn", "plain_text"):
        return readable(word(block, "text"), names)
    if kind == "image":
        return word(block, "alt_text")
    texts = [block.get("text"), *objects(block.get("fields"))]
    return _joined(_block(each, names, depth + 1) for each in texts if isinstance(each, dict))


def _inline(element: Mapping[str, Any], names: Names) -> str:
    match word(element, "type"):
        case "text":
            return word(element, "text")
        case "link":
            url, text = word(element, "url"), word(element, "text")
            return f"{text} ({url})" if text and text not in url else url
        case "user":
            return "@" + names.person(word(element, "user_id"))
        case "channel":
            id = word(element, "channel_id")
            return "#" + names.channels.get(id, id)
        case "emoji":
            return f":{word(element, 'name')}:"
        case "broadcast":
            return "@" + word(element, "range")
        case "date":
            return word(element, "fallback")
        case _:
            return ""


def _attached(attachment: Mapping[str, Any], names: Names) -> str:
    parts = (readable(word(attachment, key), names) for key in ("pretext", "title", "text"))
    return _joined(parts) or readable(word(attachment, "fallback"), names)
