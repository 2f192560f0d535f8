"""A request of Copilot Chat and the parts of its response → plain text, tools, what is passed.

A response is a list of parts: pieces of Markdown, files that are named in the middle of a sentence,
calls of tools, and much that only the editor shows. Called by the reader of the sessions.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from cairn.core.chats.agents.stored import object_of, objects_of, one_line
from cairn.core.chats.turn import Passed
from cairn.core.records import digest

_TOOL = "toolInvocationSerialized"
_MARKDOWN = ("", "markdownContent", "markdownVuln")
_KNOWN = frozenset(
    {
        "thinking", "textEditGroup", "notebookEditGroup", "codeblockUri", "progressMessage",
        "progressTaskSerialized", "progressTask", "prepareToolInvocation", "undoStop", "warning",
        "confirmation", "command", "extensions", "hook", "pullRequest", "questionCarousel",
        "treeData", "multiDiffData", "workspaceEdit", "mcpServersStarting", "elicitation",
        "elicitationSerialized", "clearToPreviousToolInvocation", "disabledClaudeHooks",
    }
)  # fmt: skip
_NO_FILES = ("tool", "toolset")
_CANCELED = 2
_ANSI = re.compile(r"\x1b\[[0-9;?]{0,20}[A-Za-z]")
_MOST_NAMES = 50


def id_of(request: Any) -> str:
    if not isinstance(request, dict):
        return ""
    id = request.get("requestId")
    if isinstance(id, str) and id:
        return id
    return digest(str(request.get("timestamp")), text_of(request.get("message")), size=8)


def text_of(value: Any) -> str:
    """A text that may stand for itself, or in `text`, `value` or `content`."""
    for _ in range(4):
        if not isinstance(value, dict):
            break
        value = next((value[name] for name in ("text", "value", "content") if name in value), "")
    return value if isinstance(value, str) else ""


def answer_of(request: dict[str, Any]) -> str:
    """What was answered, with a paragraph's distance where a tool was at work in between."""
    pieces: list[str] = []
    distance = ""
    for part, kind in _parts(request):
        if kind in _MARKDOWN:
            piece = text_of(part)
        elif kind == "inlineReference":
            piece = _referred(part)
        else:
            distance = "\n\n" if kind == _TOOL and pieces else distance
            continue
        if piece:
            pieces += [distance, piece]
            distance = ""
    return "".join(pieces).strip()


def tools_of(request: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    """Of each call its id, the command or the tool and what it did, and what came of it."""
    given, results = _rounds(request)
    number = 0
    for part, kind in _parts(request):
        if kind != _TOOL:
            continue
        number += 1
        call = part.get("toolCallId")
        id, special = _call_id(call), object_of(part.get("toolSpecificData"))
        done = text_of(part.get("pastTenseMessage")) or text_of(part.get("invocationMessage"))
        tool = text_of(part.get("toolId")) or "tool"
        what = done or given.get(id, "")
        command = _shell(special) or (f"{tool}: {what}" if what else tool)
        output = text_of(special.get("terminalCommandOutput"))
        told = output or _details(part.get("resultDetails")) or results.get(id, "")
        key = call if isinstance(call, str) and call else str(number)
        yield key, one_line(command), _ANSI.sub("", told).strip()


def passed_of(request: dict[str, Any]) -> Iterator[Passed]:
    for _, kind in _parts(request):
        if kind not in (*_MARKDOWN, "inlineReference", _TOOL):
            yield Passed(one_line(kind), is_known=kind in _KNOWN)
    state = request.get("modelState")
    stopped = state.get("value") if isinstance(state, dict) else state
    if request.get("isCanceled") or stopped == _CANCELED:
        yield Passed("canceled")


def attachments_of(request: dict[str, Any]) -> tuple[str, ...]:
    variables = object_of(request.get("variableData")).get("variables")
    return tuple(
        name
        for variable in objects_of(variables)
        if variable.get("kind") not in _NO_FILES
        if isinstance(name := variable.get("name"), str) and name
    )[:_MOST_NAMES]


def _parts(request: dict[str, Any]) -> Iterator[tuple[dict[str, Any], str]]:
    response = request.get("response")
    for part in response if isinstance(response, list) else ():
        if isinstance(part, str):
            yield {"value": part}, ""
        elif isinstance(part, dict):
            kind = part.get("kind") or ""
            yield part, kind if isinstance(kind, str) else "part"
        else:
            yield {}, "part"


def _referred(part: dict[str, Any]) -> str:
    name, to = part.get("name"), part.get("inlineReference")
    if isinstance(name, str) and name:
        return f"`{name}`"
    for _ in range(3):
        if isinstance(to, dict) and isinstance(path := to.get("path"), str):
            return f"`{path.rpartition('/')[2]}`"
        to = (to.get("uri") or to.get("location")) if isinstance(to, dict) else None
    return ""


def _shell(special: dict[str, Any]) -> str:
    line = special.get("commandLine")
    if isinstance(line, dict):
        named = (line.get(name) for name in ("userEdited", "toolEdited", "original"))
        return next((text for text in named if isinstance(text, str) and text), "")
    return text_of(special.get("command")) if special.get("kind") == "terminal" else ""


def _details(details: Any) -> str:
    """What a tool gave back: a list of texts, or an object that has it as its output."""
    output = details.get("output") if isinstance(details, dict) else None
    if isinstance(output, str):
        return output
    return "\n".join(text_of(part) for part in output) if isinstance(output, list) else ""


def _rounds(request: dict[str, Any]) -> tuple[dict[str, str], dict[str, str]]:
    """By the ids of calls: what the tool was given, and what it gave back."""
    metadata = object_of(object_of(request.get("result")).get("metadata"))
    given: dict[str, str] = {}
    for round in objects_of(metadata.get("toolCallRounds")):
        for call in objects_of(round.get("toolCalls")):
            if isinstance(id := call.get("id"), str):
                given[_call_id(id)] = _first(call.get("arguments"))
    told = object_of(metadata.get("toolCallResults"))
    return given, {_call_id(id): "\n".join(_texts(value)) for id, value in told.items()}


def _call_id(id: object) -> str:
    """The editor may add an end of its own to the model's id."""
    return id.partition("__vscode")[0] if isinstance(id, str) else ""


def _texts(value: Any) -> Iterator[str]:
    parts = value.get("content") if isinstance(value, dict) else value
    for part in parts if isinstance(parts, list) else ():
        if text := text_of(part):
            yield text


def _first(arguments: Any) -> str:
    """The first text that a tool was given."""
    given = object_of(arguments)
    return next((value for value in given.values() if isinstance(value, str) and value), "")
