"""Codex's rollouts, of today and bare old ones, and `codex exec --json` streams → turns.

A message can stand twice, as an item and as an event: whichever comes second is passed over, so
that logs of events only keep their words. One file is one conversation, a copied past included.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from cairn.core.chats.agents.codex_items import (
    Place,
    begun,
    done,
    ended,
    item_turns,
    message,
    worked_in,
)
from cairn.core.chats.agents.codex_parts import command_line, item_of, record_of
from cairn.core.chats.agents.kept import kept
from cairn.core.chats.agents.stored import object_of, one_line, text_of
from cairn.core.chats.keys import key_of
from cairn.core.chats.source import Transcript
from cairn.core.chats.turn import About, Checkpoint, Item, Passed, Rewound, State, Version
from cairn.core.records import digest

_ENVELOPES = frozenset(
    "session_meta response_item event_msg turn_context compacted world_state".split()
)
_EVENTS = frozenset(
    "token_count agent_reasoning agent_reasoning_raw_content agent_reasoning_section_break "
    "turn_aborted task_started task_complete turn_started turn_complete turn_diff plan_update "
    "exec_command_begin exec_command_end exec_command_output_delta patch_apply_begin "
    "patch_apply_end patch_apply_updated mcp_tool_call_begin mcp_tool_call_end web_search_begin "
    "web_search_end view_image_tool_call context_compacted item_started item_completed "
    "user_message agent_message agent_message_delta thread_rolled_back thread_name_updated "
    "session_configured entered_review_mode exited_review_mode background_event error warning "
    "stream_error sub_agent_activity thread_settings_applied image_generation_end "
    "dynamic_tool_call_request dynamic_tool_call_response guardian_assessment "
    "exec_approval_request apply_patch_approval_request shutdown_complete".split()
)
_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def fits(source: Transcript) -> bool:
    if not source.name.endswith((".jsonl", ".jsonl.zst", ".json", ".ndjson")):
        return False
    lines = source.head.split(b"\n")[:10]
    if re.match(rb'\{[^{}]{0,200}"type"\s*:\s*"session_meta"', lines[0]):
        return True  # it can be longer than the beginning
    return any(_is_ours(record_of(line), source.name) for line in lines if line.startswith(b"{"))


def _is_ours(record: dict[str, Any], name: str) -> bool:
    kind = text_of(record.get("type"))
    if isinstance(record.get("payload"), dict):
        return kind in _ENVELOPES
    if kind == "thread.started":
        return "thread_id" in record
    if kind.startswith("item."):
        return isinstance(record.get("item"), dict)
    if isinstance(record.get("msg"), dict):
        return record["msg"].get("type") in _EVENTS
    return name.startswith("rollout-") and (
        {"id", "timestamp"} <= set(record) or "record_type" in record
    )


def read(source: Transcript, state: State) -> Iterator[Item]:
    for line in source.lines(state):
        yield from _items(line.json(), line.number, source, state)
        yield Checkpoint(dict(state))


def _items(fields: object, line: int, source: Transcript, state: State) -> Iterator[Item]:
    if not isinstance(fields, dict):
        yield Passed("not a record", is_known=False)
        return
    kind, payload = text_of(fields.get("type")), fields.get("payload")
    is_meta = kind == "session_meta" or (not kind and {"id", "timestamp"} <= set(fields))
    if is_meta and "session" not in state:
        yield from _began(object_of(payload) or fields, state)
    if kind == "thread.started" and text_of(fields.get("thread_id")):
        state["session"] = fields["thread_id"]
    if "session" not in state:
        found = _ID.findall(source.name)
        named = source.name.partition(".")[0]
        first = source.head.partition(b"\n")[0].decode("utf-8", "replace")
        state["session"] = found[-1] if found else f"{named}-{digest(first, size=4)}"
    msg = object_of(fields.get("msg"))
    time = text_of(fields.get("timestamp"))
    by = "event" if kind == "event_msg" or msg else "item"
    place = Place(state["session"], line, time, by, state.get("is_side") is True)
    if is_meta or kind == "turn_context":
        yield Passed(kind or "session_meta")
        yield from worked_in(place, text_of(object_of(payload).get("cwd")), state)
    elif kind == "compacted":
        yield from _context(place, text_of(object_of(payload).get("message")), state)
    elif by == "event":
        yield from _event(place, object_of(payload) or msg, state)
    elif kind == "response_item":
        yield from item_turns(place, object_of(payload), state)
    elif kind.startswith(("thread.", "turn.", "item.")):
        yield from _streamed(place, kind, object_of(fields.get("item")), state)
    elif set(fields) == {"prompt"}:
        yield from message(place, {**fields, "content": fields["prompt"]}, "user", state)
    elif "payload" not in fields and kind:
        yield from item_turns(place, fields, state)
    else:
        name = kind or ("state" if "record_type" in fields else "no type")
        yield Passed(name, name == "state" or kind in _ENVELOPES)


def _began(meta: dict[str, Any], state: State) -> Iterator[Item]:
    """A second head in a file is that of the conversation whose past was copied."""
    if not (session := text_of(meta.get("id")) or text_of(meta.get("session_id"))):
        return
    source = object_of(meta.get("source"))
    spawn = object_of(object_of(source.get("subagent")).get("thread_spawn"))
    parent = text_of(spawn.get("parent_thread_id")) or text_of(meta.get("parent_thread_id"))
    state["session"] = session
    state["is_side"] = bool(source.get("subagent") or parent)
    folder = text_of(meta.get("cwd"))
    state["folder"] = folder
    if folder or parent:
        yield About(session, project=folder, parent=parent)
    if version := text_of(meta.get("cli_version")):
        yield Version(version)


def _context(place: Place, text: str, state: State) -> Iterator[Item]:
    if text.strip():
        yield place.turn(key_of(state, place.time, "compacted", text), "context", text)
    else:
        yield Passed("compacted")


def _event(place: Place, event: dict[str, Any], state: State) -> Iterator[Item]:
    kind = text_of(event.get("type"))
    item = object_of(event.get("item"))
    call_id = text_of(event.get("call_id"))
    waiting = kept(state, "calls", call_id)
    if kind in ("user_message", "agent_message"):
        role = "user" if kind == "user_message" else "assistant"
        images = event.get("images")
        sent = [{"type": "image"} for _ in images] if isinstance(images, list) else []
        content = [{"type": "text", "text": event.get("message")}, *sent]
        yield from message(place, {"content": content}, role, state)
    elif kind == "item_completed" and item.get("type") in ("UserMessage", "AgentMessage"):
        role = "user" if item["type"] == "UserMessage" else "assistant"
        yield from message(place, {"content": item.get("content")}, role, state)
    elif kind == "thread_rolled_back":
        yield from _rolled_back(place, event.get("num_turns"), state)
    elif kind == "thread_name_updated" and text_of(event.get("thread_name")):
        yield About(place.conversation, title=event["thread_name"])
        yield Passed(kind)
    elif kind == "exec_command_begin" and call_id and waiting is None:
        command = one_line(command_line(event.get("command"))) or "shell"
        yield from begun(place, call_id, command, state, "event")
    elif (
        kind == "exec_command_end" and (kept(state, "calls", call_id) or {}).get("name") == "event"
    ):
        found = (text_of(event.get(field)) for field in ("aggregated_output", "stdout", "stderr"))
        yield from ended(place, call_id, next(filter(None, found), ""), state)
    else:
        yield Passed(kind or "no type", kind in _EVENTS)


def _rolled_back(place: Place, count: object, state: State) -> Iterator[Item]:
    yield Passed("thread_rolled_back")
    prompts = state.get("prompts", [])
    if isinstance(count, int) and count > 0 and prompts:
        yield Rewound(place.conversation, prompts[max(0, len(prompts) - count)])
        state["prompts"] = prompts[:-count]


def _streamed(place: Place, kind: str, item: dict[str, Any], state: State) -> Iterator[Item]:
    """Ids of items begin anew when a thread is resumed, so they are no keys alone."""
    told = text_of(item.get("type")) or text_of(item.get("item_type"))
    if kind != "item.completed":
        yield Passed(kind)
    elif told in ("agent_message", "assistant_message", "user_message"):
        role = "user" if told == "user_message" else "assistant"
        content = item.get("text") or item.get("content")
        yield from message(place, {"content": content}, role, state)
    elif told in ("reasoning", "error"):
        yield Passed("thinking" if told == "reasoning" else told)
    elif told in ("command_execution", "file_change", "mcp_tool_call", "web_search", "todo_list"):
        command, output = item_of(item)
        key = key_of(state, "", text_of(item.get("id")), command, output)
        yield done(place, key, command, output, state)
    else:
        yield Passed(told or "no type", is_known=False)
