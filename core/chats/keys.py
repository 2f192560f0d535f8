"""Ids for turns of formats that have none: the same when a longer or newer transcript is read."""

from __future__ import annotations

from cairn.core.chats.turn import State
from cairn.core.records import digest

_MOST_COUNTED = 1024
"""Equal messages of one second, or without a time, lie closer together than this."""


def key_of(state: State, when: str, *parts: str) -> str:
    """By time and content; equal ones of that second, or without a time, are counted in `state`."""
    key = digest(when, *parts, size=8)
    if when and state.get("second") != when:
        # Equal ones of another time have another digest anyway.
        state |= {"second": when, "same": {}}
    counts = dict(state.get("same", {}))  # a checkpoint may still hold the old one
    count = counts.pop(key, 0) + 1
    counts[key] = count
    if len(counts) > _MOST_COUNTED:
        del counts[next(iter(counts))]
    state["same"] = counts
    return key if count == 1 else f"{key}-{count}"
