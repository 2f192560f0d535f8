"""Sessions of agents and exports of assistants → what is said in them, counted plainly.

Called by `tests.bench.transcripts_count`. It shares no code with the readers of the product: this
is the second opinion that they are compared with.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.bench.transcripts_said import Count, Json

_WRAPPED = re.compile(r"<([a-z][a-z0-9_-]*)(?:\s[^>]*)?>.*?</\1>", re.DOTALL)
_NAMES = {"reasoning": "thinking"}
_MARKS = re.compile(r"\ue200[^\ue201]*\ue201|【\d+†[^】]*】")
"""Of sources, in an answer."""
_NOTE = re.compile(r"\[System note:[^\]]*\]")
_IDE_REQUEST = "## My request for Codex:"
_INTERRUPTED = re.compile(r"\[Request interrupted by user[^\]]*\]")


def json_lines(path: Path) -> Iterator[Json]:
    for line in path.read_text("utf-8").splitlines():
        if line.strip():
            yield json.loads(line)


def _is_harness(text: str) -> bool:
    """Nothing but what a program put around, or instead of, a person's words?"""
    return not _INTERRUPTED.sub("", _WRAPPED.sub("", text)).strip()


def _by_person(count: Count, name: str, text: str, when: object, hidden: bool = False) -> None:
    if not text.strip():
        return
    if "<command-name>" in text:
        count.say(name, "person", "", when)
    elif hidden or _is_harness(text):
        count.say(name, "context", text, when)
    else:
        count.say(name, "person", text, when)


def _texts(content: Any, kind: str = "text") -> str:
    if isinstance(content, str):
        return content
    parts = content if isinstance(content, list) else []
    return "\n".join(str(part[kind]) for part in parts if isinstance(part.get(kind), str))


def claude_code(path: Path) -> Count:
    count = Count("claude-code")
    loaded = json.loads(path.read_text("utf-8"))["loglines"] if path.suffix == ".json" else None
    for record in loaded or json_lines(path):
        kind, said = record.get("type"), record.get("message")
        if kind not in ("user", "assistant") or not isinstance(said, dict):
            count.pass_over(kind)
            continue
        name = str(record.get("sessionId") or path.stem)
        when, content = record.get("timestamp"), said["content"]
        blocks = content if isinstance(content, list) else [{"type": "text", "text": content}]
        text = _texts([block for block in blocks if block["type"] == "text"])
        if kind == "user":
            hidden = record.get("isMeta") or record.get("isCompactSummary")
            _by_person(count, name, text, when, hidden=bool(hidden))
        elif text.strip():
            count.say(name, "assistant", text, when)
        for block in blocks:
            if block["type"] == "tool_use":
                count.use_tool(name, block["id"], _main_input(block["input"]))
            elif block["type"] == "tool_result":
                count.use_tool(name, block["tool_use_id"], _texts(block.get("content")))
            elif block["type"] not in ("text", "image"):
                count.pass_over(block["type"])
    return count


def _main_input(given: Json) -> str:
    """The part of a tool's input by which somebody would look for it."""
    for name in ("command", "file_path", "absolute_path", "url"):
        if isinstance(given.get(name), str):
            return str(given[name])[:300]
    return ""


def codex(path: Path) -> Count:
    count, name = Count("codex"), path.stem
    for record in json_lines(path):
        kind, body, when = record["type"], record.get("payload") or {}, record.get("timestamp")
        if kind == "session_meta":
            name = body["id"]
        if kind == "thread.started":
            name = record["thread_id"]
        if kind == "item.completed":
            _codex_item(count, name, record["item"])
        elif kind != "response_item":
            told = body.get("type") or kind
            count.pass_over("mirror" if told in ("user_message", "agent_message") else told)
        elif body["type"] == "message" and body["role"] == "user":
            opened, _, asked = _texts(body["content"]).rpartition(_IDE_REQUEST)
            _by_person(count, name, opened, when, hidden=True)
            _by_person(count, name, asked, when)
        elif body["type"] == "message":
            origin = "assistant" if body["role"] == "assistant" else "context"
            count.say(name, origin, _texts(body["content"]), when)
        elif body["type"] == "function_call":
            given = json.loads(body["arguments"])
            ran = given.get("command")
            count.use_tool(name, body["call_id"], ran[-1][:300] if ran else "")
        elif body["type"] == "function_call_output":
            count.use_tool(name, body["call_id"], _codex_output(body["output"]))
        else:
            count.pass_over(_NAMES.get(body["type"], body["type"]))
    return count


def _codex_output(text: str) -> str:
    try:
        return str(json.loads(text)["output"])
    except (ValueError, KeyError, TypeError):
        return text


def _codex_item(count: Count, name: str, item: Json) -> None:
    if item["type"] == "agent_message":
        count.say(name, "assistant", item["text"])
    elif item["type"] == "command_execution":
        count.use_tool(name, item["id"], item["aggregated_output"])
    elif item["type"] == "file_change":
        count.use_tool(name, item["id"], "\n".join(change["path"] for change in item["changes"]))
    else:
        count.pass_over(_NAMES.get(item["type"], item["type"]))


def gemini(path: Path) -> Count:
    count = Count("gemini")
    loaded = json.loads(path.read_text("utf-8"))
    name = loaded.get("sessionId") or path.stem
    for record in loaded.get("messages") or [loaded]:
        when = record["timestamp"]
        origin = {"user": "person", "gemini": "assistant"}.get(record["type"])
        text = _texts(record["content"])
        if origin and text.strip():
            count.say(name, origin, text, when)
        elif not origin:
            count.pass_over(record["type"])
        for _ in record.get("thoughts") or []:
            count.pass_over("thinking")
        for call in record.get("toolCalls") or []:
            count.use_tool(name, call["id"], _main_input(call["args"]))
            for result in call.get("result") or []:
                response = result["functionResponse"]["response"]
                count.use_tool(name, call["id"], str(response.get("output", "")))
    return count


def chatgpt(path: Path) -> Count:
    """One conversation; of parts that a reader can't know only the plain texts are counted."""
    count = Count("chatgpt")
    loaded = json.loads(path.read_text("utf-8"))
    name = loaded.get("conversation_id") or loaded["id"]
    for number, node in enumerate(loaded["mapping"].values()):
        said = node["message"]
        if not said:
            count.pass_over("node without message")
            continue
        role, content = said["author"]["role"], said["content"]
        hidden = said.get("metadata", {}).get("is_visually_hidden_from_conversation")
        text = "\n".join(part for part in content.get("parts", []) if isinstance(part, str))
        text = text or content.get("text", "") or content.get("result", "")
        if content["content_type"] == "user_editable_context":
            count.say(name, "context", content.get("user_profile", ""))
        elif role == "system" or hidden or not (text.strip() or _pictures(content)):
            count.pass_over(f"empty {content['content_type']}")
        elif role == "tool" or (role == "assistant" and said.get("recipient", "all") != "all"):
            count.use_tool(name, str(number), text)
        else:
            origin = "person" if role == "user" else "assistant"
            count.say(name, origin, _MARKS.sub("", text), said.get("create_time"))
    return count


def _pictures(content: Json) -> int:
    return sum(isinstance(part, dict) for part in content.get("parts", []))


def claude_ai(path: Path) -> Count:
    count = Count("claude")
    loaded = json.loads(path.read_text("utf-8"))
    for said in loaded["chat_messages"]:
        origin = "person" if said["sender"] == "human" else "assistant"
        count.say(loaded["uuid"], origin, said["text"], said["created_at"])
    return count


def speakers(path: Path) -> Count:
    """`User: …` and `Assistant: …` by turns, or JSON lists of exchanges.

    A list repeats what was said before in its session, which its first words tell.
    """
    count, seen = Count("messages"), set[str]()
    for line in path.read_text("utf-8").splitlines():
        if not line.startswith("["):
            who, _, words = line.partition(": ")
            count.say("", {"User": "person", "Assistant": "assistant"}[who], words)
            continue
        exchanges = json.loads(line)
        session = f"{exchanges[0][0]}"
        for said in (said for exchange in exchanges for said in exchange):
            words = said["content"].split(": ", 1)[1]
            if f"{session} {said}" not in seen:
                seen.add(f"{session} {said}")
                origin = {"user": "person"}.get(said["role"], "assistant")
                note = _NOTE.match(words)
                if note:
                    count.say(session, "context", note[0], said["timestamp"])
                    words = words[note.end() :]
                if words.strip():
                    count.say(session, origin, words, said["timestamp"])
    return count


def roles(path: Path) -> Count:
    """Lines of a role and a content."""
    count = Count("messages")
    for record in json_lines(path):
        origin = {"user": "person", "assistant": "assistant"}.get(record["role"], "context")
        count.say("", origin, _texts(record["content"]))
    return count
