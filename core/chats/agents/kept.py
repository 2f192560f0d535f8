"""What the readers of agents' logs keep between two lines, in their `State`; all of it bounded.

A checkpoint copies the state one level deep, so what is in it is replaced and never changed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from typing import Any

from cairn.core.chats.agents.wrappers import own_words
from cairn.core.chats.turn import State, Turn
from cairn.core.records import Origin

_MOST = 128
_MOST_CALLS = 32


@dataclass(frozen=True, slots=True)
class Call:
    """A tool's call that has no result yet."""

    id: str
    key: str
    conversation: str
    command: str
    name: str = ""
    reply_to: str = ""
    when: str = ""
    line: int = 0

    def turn(self, text: str = "") -> Turn:
        return Turn(
            conversation=self.conversation,
            key=self.key,
            origin="tool",
            text=text.strip() or self.command or "tool",
            when=self.when,
            reply_to=self.reply_to,
            line=self.line,
            command=self.command,
        )


def keep(state: State, name: str, key: str, value: Any, most: int = _MOST) -> list[Any]:
    """Remember it as the newest of its kind; returns what was forgotten for it."""
    kept = {**state.get(name, {})}
    kept.pop(key, None)
    kept[key] = value
    forgotten = [kept.pop(next(iter(kept))) for _ in range(len(kept) - most)]
    state[name] = kept
    return forgotten


def kept(state: State, name: str, key: str) -> Any:
    return state.get(name, {}).get(key)


def take(state: State, name: str, key: str) -> Any:
    """What was kept, which is forgotten now; None for what was not."""
    left = state.get(name, {})
    if key not in left:
        return None
    state[name] = {each: value for each, value in left.items() if each != key}
    return left[key]


def begin(state: State, call: Call) -> Iterator[Turn]:
    """A call waits for its result; yields those that waited too long."""
    for old in keep(state, "calls", call.id, asdict(call), _MOST_CALLS):
        yield Call(**old).turn()


def end(state: State, id: str) -> Call | None:
    found = take(state, "calls", id)
    return Call(**found) if found else None


def abandon(state: State, conversation: str) -> Iterator[Turn]:
    """The calls of a conversation that went on without their results."""
    for id, found in state.get("calls", {}).items():
        if found["conversation"] == conversation:
            take(state, "calls", id)
            yield Call(**found).turn()


def spoken(turn: Turn, texts: Iterable[str], origin: Origin) -> Iterator[Turn]:
    """What was said under role=user, as up to two turns: what was typed, what was put beside."""
    split = [own_words(text) for text in texts]
    own, beside = ("\n".join(filter(None, part)) for part in zip(("", ""), *split, strict=True))
    if own:
        yield replace(turn, text=own, origin=origin)
    if beside:
        yield replace(
            turn,
            key=f"{turn.key}:context",
            text=beside,
            origin="context",
            reply_to=turn.reply_to,
            attachments=() if own else turn.attachments,
        )
