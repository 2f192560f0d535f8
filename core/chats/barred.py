"""A batch of turns → the same without what the user has had forgotten, however often it is read.

Called by the archive before anything is kept.
"""

from __future__ import annotations

from typing import Any

from cairn.core.chats.addresses import conversation_uri
from cairn.core.chats.turn import Batch, State
from cairn.core.tombstones import Tombstones

_TOLD = ("text", "title", "command")


def allowed(batch: Batch, tombstones: Tombstones) -> list[dict[str, Any]]:
    found = []
    for item in batch.items:
        uri = conversation_uri(batch.kind, item["conversation"])
        if tombstones.has_place(uri) or tombstones.has_turn(uri, item.get("key", "")):
            continue
        kept = {
            name: tombstones.without(item[name], uri).strip()
            for name in _TOLD
            if item.get(name) and tombstones.spans(item[name], uri)
        }
        if "text" not in kept or kept["text"]:
            found.append({**item, **kept})
    return found


def state_of(batch: Batch, tombstones: Tombstones) -> State | None:
    """Where readers keep titles, without those of what was forgotten."""

    def kept(value: Any) -> Any:
        if not isinstance(value, dict):
            return value
        return {
            key: kept(each)
            for key, each in value.items()
            if not tombstones.has_place(conversation_uri(batch.kind, key))
        }

    state: State | None = kept(batch.state)
    return state
