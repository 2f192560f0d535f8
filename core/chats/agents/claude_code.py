"""Claude Code's session logs, a record a line, or one JSON file of `loglines` → turns.

A record's `uuid` is its turn's key, `parentUuid` what it follows. What a sub-agent does is a
conversation of its own, whose prompts the main agent wrote. Only what was typed is the user's.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from cairn.core.chats.agents.claude_parts import (
    answer_in,
    attachments_of,
    blocks_of,
    texts_of,
    words_in,
)
from cairn.core.chats.agents.claude_place import TITLES, Record, about, leave, placed, titled
from cairn.core.chats.agents.kept import (
    Call,
    abandon,
    begin,
    end,
    keep,
    kept,
    spoken,
)
from cairn.core.chats.agents.stored import command_of, object_of, text_of
from cairn.core.chats.keys import key_of
from cairn.core.chats.source import Transcript
from cairn.core.chats.turn import (
    Checkpoint,
    Item,
    Passed,
    Rewound,
    State,
    Turn,
    Version,
)
from cairn.core.errors import ExtractError

_OTHER = frozenset(
    "system progress file-history-snapshot queue-operation attachment agent-name agent-color "
    "agent-setting last-prompt permission-mode mode pr-link tag worktree-state "
    "content-replacement result rate_limit_event stream_event control_request "
    "control_response".split()
)
_BLOCKS = frozenset(
    "thinking redacted_thinking server_tool_use web_search_tool_result tool_reference "
    "fallback".split()
)
_WHOLE = re.compile(rb'\s*\{[^\[\]{}]{0,4000}?"loglines"\s*:\s*\[')


def fits(source: Transcript) -> bool:
    if not source.name.endswith((".jsonl", ".json", ".ndjson")):
        return False
    if _WHOLE.match(source.head):
        return True
    for line in source.head.split(b"\n")[:40]:
        try:
            record = json.loads(line)
        except (ValueError, RecursionError):
            if line.startswith(b"{") and b'"sessionId":"' in line and b'"parentUuid":' in line:
                return True  # longer than the beginning
            continue
        if isinstance(record, dict) and _is_ours(record):
            return True
    return False


def _is_ours(record: dict[str, Any]) -> bool:
    kind = record.get("type")
    if kind in ("user", "assistant"):
        message = record.get("message")
        return isinstance(message, dict) and "content" in message
    if kind == "summary":
        return "leafUuid" in record
    if kind == "file-history-snapshot":
        return "messageId" in record
    ids = {"sessionId", "session_id", "uuid"}
    return kind in TITLES or (kind in _OTHER and not ids.isdisjoint(record))


def read(source: Transcript, state: State) -> Iterator[Item]:
    if _WHOLE.match(source.head):
        yield from _read_whole(source)
        return
    for line in source.lines(state):
        yield from _items(line.json(), line.number, source, state)
        yield Checkpoint(dict(state))


def _read_whole(source: Transcript) -> Iterator[Item]:
    import ijson

    state: State = {}
    with source.open() as file:
        try:
            for number, record in enumerate(ijson.items(file, "loglines.item"), 1):
                yield from _items(record, number, source, state)
        except ijson.JSONError as error:
            raise ExtractError("broken", "it is not valid JSON") from error
    yield Checkpoint({})


def _items(fields: object, line: int, source: Transcript, state: State) -> Iterator[Item]:
    if not isinstance(fields, dict):
        yield Passed("not a record", is_known=False)
        return
    kind = text_of(fields.get("type"))
    if version := text_of(fields.get("version")):
        if version != state.get("version"):
            yield Version(version)
        state["version"] = version
    record = placed(fields, line, source, state)
    if kind in TITLES:
        yield from titled(record, kind, state)
        return
    yield from about(record, state)
    last = ""
    for item in _turns(record, kind, state):
        if isinstance(item, Turn) and item.line == line and last != record.uuid:
            last = item.key
        yield item
    leave(record, last, state)


def _turns(record: Record, kind: str, state: State) -> Iterator[Item]:
    message = object_of(record.fields.get("message"))
    attached = object_of(record.fields.get("attachment"))
    if kind == "attachment" and attached.get("type") == "queued_command":
        # Typed while the agent worked, and given to it in between.
        is_typed = text_of(attached.get("commandMode")) in ("", "prompt")
        yield from _said(record, attached.get("prompt"), attached, is_typed, state)
    elif kind not in ("user", "assistant"):
        yield Passed(kind or "no type", kind in _OTHER)
    elif "content" not in message:
        yield Passed(kind, is_known=False)
    elif kind == "user":
        yield from _user(record, message["content"], state)
    elif message.get("model") == "<synthetic>" or record.fields.get("isApiErrorMessage") is True:
        yield Passed("synthetic")
    else:
        yield from _assistant(record, message["content"], state)


def _user(record: Record, content: object, state: State) -> Iterator[Item]:
    results = [block for block in blocks_of(content) if block.get("type") == "tool_result"]
    for block in results:
        yield from _result(record, block, state)
    flags = ("isMeta", "isCompactSummary", "isVisibleInTranscriptOnly")
    is_typed = not any(record.fields.get(flag) is True for flag in flags)
    if not results or texts_of(content):
        yield from _said(record, content, record.fields, is_typed, state)


def _said(
    record: Record, content: object, under: dict[str, Any], is_typed: bool, state: State
) -> Iterator[Item]:
    """What came under the user's name."""
    texts = texts_of(content)
    author = text_of(object_of(under.get("origin")).get("kind"))
    key = record.uuid or key_of(state, record.when, "user", *texts)
    text = "\n".join(texts).strip()
    turn = replace(record.turn(key, "context", text), attachments=attachments_of(content))
    turns = [turn] if text else []
    if is_typed and author in ("", "human"):
        turns = list(spoken(turn, texts, "assistant" if record.is_side else "user"))
    if any(turn.origin == "user" for turn in turns):
        yield from abandon(state, record.conversation)
        yield from _rewound(record, key, state)
    yield from turns
    if not turns:
        yield Passed("empty")


def _rewound(record: Record, key: str, state: State) -> Iterator[Item]:
    """A second prompt after the same record takes the place of the first."""
    if record.parent:
        place = f"{record.conversation} {record.parent}"
        earlier = kept(state, "prompts", place)
        if earlier and earlier != key:
            yield Rewound(record.conversation, earlier)
        keep(state, "prompts", place, key, 256)


def _result(record: Record, block: dict[str, Any], state: State) -> Iterator[Item]:
    id = text_of(block.get("tool_use_id")) or key_of(state, record.when, "result")
    call = end(state, id) or Call(
        id, f"{id}:result", record.conversation, "", reply_to=record.reply_to
    )
    answer = answer_in(call.name, block, record.fields.get("toolUseResult"))
    if answer and not record.is_side:
        yield replace(record.turn(f"{id}:answer", "user", answer), reply_to=id)
        return
    content = block.get("content")
    text = "\n".join(texts_of(content)).strip() or call.command
    if not text:
        yield Passed("tool_result")
        return
    yield replace(
        record.turn(call.key, "tool", text),
        reply_to=call.reply_to,
        attachments=attachments_of(content),
        command=call.command,
    )


def _assistant(record: Record, content: object, state: State) -> Iterator[Item]:
    texts = [text for text in texts_of(content) if text.strip()]
    reply_to = record.reply_to
    if texts:
        text = "\n\n".join(texts)
        reply_to = record.uuid or key_of(state, record.when, "assistant", text)
        turn = record.turn(reply_to, "assistant", text.strip())
        yield replace(turn, attachments=attachments_of(content))
    for block in blocks_of(content):
        kind = text_of(block.get("type"))
        if kind == "tool_use":
            yield from _call(record, block, reply_to, state)
        elif kind not in ("text", "image", "document"):
            yield Passed(kind.removeprefix("redacted_") or "no type", kind in _BLOCKS)
    if not texts and not blocks_of(content):
        yield Passed("empty")


def _call(record: Record, block: dict[str, Any], reply_to: str, state: State) -> Iterator[Item]:
    name, given = text_of(block.get("name")), object_of(block.get("input"))
    id = text_of(block.get("id")) or key_of(state, record.when, "call")
    key = id
    if words := words_in(name, given):
        yield replace(record.turn(id, "assistant", words), reply_to=reply_to)
        key, reply_to = f"{id}:result", id
    yield from begin(
        state,
        Call(
            id=id,
            key=key,
            conversation=record.conversation,
            command=command_of(name or "tool", given),
            name=name,
            reply_to=reply_to,
            when=record.when,
            line=record.line,
        ),
    )
