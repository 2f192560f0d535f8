"""A request of Copilot Chat and the parts of its response → plain text, tools, what is passed.

A response is a list of parts: pieces of Markdown, files that are named in the middle of a sentence,
calls of tools, and much that only the editor shows. Called by the reader of the sessions.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote, urlsplit

from cairn.core.chats.agents.large import one_line
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
        id = call.partition("__vscode")[0] if isinstance(call, str) else ""
        special = part.get("toolSpecificData")
        special = special if isinstance(special, dict) else {}
        done = text_of(part.get("pastTenseMessage")) or text_of(part.get("invocationMessage"))
        tool = part.get("toolId") if isinstance(part.get("toolId"), str) else "tool"
        command = _shell(special) or f"{tool}: {done or given.get(id, '')}"
        output = text_of(special.get("terminalCommandOutput"))
        told = output or _details(part.get("resultDetails")) or results.get(id, "")
        key = call if isinstance(call, str) and call else str(number)
        yield key, one_line(command).removesuffix(":"), _ANSI.sub("", told).strip()


def passed_of(request: dict[str, Any]) -> Iterator[Passed]:
    for _, kind in _parts(request):
        if kind not in (*_MARKDOWN, "inlineReference", _TOOL):
            yield Passed(one_line(kind, 60), is_known=kind in _KNOWN)
    state = request.get("modelState")
    stopped = state.get("value") if isinstance(state, dict) else state
    if request.get("isCanceled") or stopped == _CANCELED:
        yield Passed("canceled")


def attachments_of(request: dict[str, Any]) -> tuple[str, ...]:
    data = request.get("variableData")
    variables = data.get("variables") if isinstance(data, dict) else None
    return tuple(
        name
        for variable in (variables if isinstance(variables, list) else ())
        if isinstance(variable, dict) and variable.get("kind") not in _NO_FILES
        if isinstance(name := variable.get("name"), str) and name
    )[:_MOST_NAMES]


def path_of(uri: str) -> str:
    """The path of a `file:` address; others as they are, to be read by a person."""
    try:
        parts = urlsplit(uri)
    except ValueError:
        return uri
    path = unquote(parts.path)
    if parts.scheme != "file":
        return unquote(uri)
    return path[1:] if re.match(r"/[A-Za-z]:", path) else path


def _parts(request: dict[str, Any]) -> Iterator[tuple[dict[str, Any], str]]:
    response = request.get("response")
    for part in response if isinstance(response, list) else ():
        if isinstance(part, str):
            yield {"value": part}, ""
        elif isinstance(part, dict):
            kind = part.get("kind", "")
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
    result = request.get("result")
    metadata = result.get("metadata") if isinstance(result, dict) else None
    metadata = metadata if isinstance(metadata, dict) else {}
    given: dict[str, str] = {}
    rounds, told = metadata.get("toolCallRounds"), metadata.get("toolCallResults")
    for round in rounds if isinstance(rounds, list) else ():
        calls = round.get("toolCalls") if isinstance(round, dict) else None
        for call in calls if isinstance(calls, list) else ():
            if isinstance(call, dict) and isinstance(id := call.get("id"), str):
                given[id.partition("__vscode")[0]] = _first(call.get("arguments"))
    results = {
        id.partition("__vscode")[0]: "\n".join(_texts(value))
        for id, value in (told.items() if isinstance(told, dict) else ())
    }
    return given, results


def _texts(value: Any) -> Iterator[str]:
    parts = value.get("content") if isinstance(value, dict) else value
    for part in parts if isinstance(parts, list) else ():
        if text := text_of(part):
            yield text


def _first(arguments: Any) -> str:
    """The first text that a tool was given."""
    try:
        given = json.loads(arguments) if isinstance(arguments, str) else arguments
    except (ValueError, RecursionError):
        return ""
    values = given.values() if isinstance(given, dict) else ()
    return next((value for value in values if isinstance(value, str) and value), "")
