"""The `agent-transcripts` of Cursor, one message a line → turns. Called by `cursor`.

A line has no id and often no time; the file only grows, so a turn's key is its line. Results of
tools are not written at all. The editor keeps the same conversation in its database, under ids
that these lines lack: hence a name of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from cairn.core.chats import times
from cairn.core.chats.agents.stored import command_of, json_of, object_of, text_of
from cairn.core.chats.source import Line, Transcript
from cairn.core.chats.turn import About, Checkpoint, Item, Passed, State, Turn
from cairn.core.records import Origin

_ROLES = ("user", "assistant", "system", "tool")
_BEGINNINGS = (b'{"role":"user","message":{"content":', b'{"role": "user", "message": {"content":')
_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_TIME = re.compile(
    r"(?P<month>[A-Z][a-z]{2})[a-z]* (?P<day>\d{1,2}), (?P<year>\d{4}),? "
    r"(?P<hour>\d{1,2}):(?P<minute>\d\d) ?(?P<half>[AP]M)"
    r"(?: \(UTC(?P<sign>[+-])?(?P<zone>\d{1,2})?(?::(?P<part>\d\d))?\))?"
)


def fits(source: Transcript) -> bool:
    if not source.name.endswith(".jsonl") or source.is_sqlite:
        return False
    if source.head.startswith(_BEGINNINGS):
        return True
    first = object_of(json_of(source.head.split(b"\n", 1)[0]))
    return set(first) == {"role", "message"} and first["role"] in _ROLES


def read(source: Transcript, state: State) -> Iterator[Item]:
    name = source.name.removesuffix(".jsonl")
    conversation = f"transcript-{name}"
    for line in source.lines(state):
        if not state.get("about"):
            state["about"] = True
            yield About(conversation, parent=_parent(source))
        record = line.json()
        if not isinstance(record, dict):
            yield Passed("not JSON", is_known=False)
        elif record.get("role") in _ROLES:
            yield from _message(record, line, conversation, bool(_parent(source)), state)
        else:
            kind = text_of(record.get("type")) or "no type"
            yield Passed(kind[:60], is_known=kind == "turn_ended")
        yield Checkpoint(dict(state))


def _parent(source: Transcript) -> str:
    steps = (source.member or source.path.as_posix()).split("/")
    return f"transcript-{steps[-3]}" if len(steps) > 2 and steps[-2] == "subagents" else ""


def _message(
    record: dict[str, Any], line: Line, conversation: str, is_child: bool, state: State
) -> Iterator[Item]:
    content = object_of(record.get("message")).get("content")
    blocks = content if isinstance(content, list) else [content]
    for number, block in enumerate(blocks):
        block = {"type": "text", "text": block} if isinstance(block, str) else object_of(block)
        for item in _block(block, str(record["role"]), is_child, state):
            if isinstance(item, Passed):
                yield item
                continue
            origin, text, command = item
            key = f"{line.number}.{number}" + (":context" if origin == "context" else "")
            yield Turn(
                conversation, key, origin, text, text_of(state.get("when")),
                role=str(record["role"]), reply_to=text_of(state.get("last")),
                line=line.number, command=command,
            )  # fmt: skip
            if origin != "context":
                state["last"] = key


def _block(
    block: dict[str, Any], role: str, is_child: bool, state: State
) -> Iterator[Passed | tuple[Origin, str, str]]:
    kind, text = block.get("type"), text_of(block.get("text"))
    if kind == "text" and role == "assistant":
        # What the model thought is written as this word.
        said = text.strip().removesuffix("[REDACTED]").strip()
        yield ("assistant", said, "") if said else Passed("thinking" if text else "empty text")
    elif kind == "text":
        own, beside, when = _asked(text)
        if when:
            state["when"] = when
        if is_child or role != "user":
            own, beside = "", f"{own}\n{beside}".strip()
        if own:
            yield "user", own, ""
        if beside:
            yield "context", beside, ""
        if not own and not beside:
            yield Passed("empty text")
    elif kind == "tool_use":
        command = command_of(text_of(block.get("name")) or "tool", object_of(block.get("input")))
        yield "tool", command, command
    elif kind == "tool_result" and text_of(block.get("content")).strip():
        yield "tool", text_of(block.get("content")), ""
    else:
        yield Passed(str(kind)[:60], is_known=kind in ("tool_result", "image", "thinking"))


def _asked(text: str) -> tuple[str, str, str]:
    """What the user wrote, what Cursor put beside it, and the time that it noted."""
    from cairn.core.chats.agents.wrappers import own_words

    when, start = "", text.lstrip()
    if start.startswith("<timestamp>"):
        noted, closing, rest = start.removeprefix("<timestamp>").partition("</timestamp>")
        when, text = (_time(noted), rest) if closing else ("", text)
    own, beside = own_words(text)
    return own.strip(), beside.strip(), when


def _time(text: str) -> str:
    found = _TIME.search(text[:100])
    if not found or found["month"].lower() not in _MONTHS:
        return times.from_any(text.strip()[:40])
    month = _MONTHS.index(found["month"].lower()) + 1
    hour = int(found["hour"]) % 12 + (12 if found["half"] == "PM" else 0)
    zone = (
        f"{found['sign'] or '+'}{int(found['zone']):02}:{found['part'] or '00'}"
        if found["zone"]
        else ""
    )
    day = f"{found['year']}-{month:02}-{int(found['day']):02}"
    return times.from_iso(f"{day}T{hour:02}:{found['minute']}:00{zone}")
