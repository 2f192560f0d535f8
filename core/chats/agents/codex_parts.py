"""What Codex's items hold → texts, commands and outputs as a person would read them.

Whatever is not as expected gives "", never an error.
"""

from __future__ import annotations

import json
import re
from typing import Any

from cairn.core.chats.agents.stored import command_of, json_of, object_of, objects_of, one_line
from cairn.core.chats.agents.stored import text_of as str_of

_SHELLS = frozenset("bash sh zsh dash fish pwsh powershell bash.exe powershell.exe cmd".split())
_RUN = frozenset("-lc -c -ic -lic -Command /c".split())
_PATCHED = re.compile(r"^\*\*\* (?:Add|Update|Delete) File: (.{1,400})$", re.MULTILINE)
_OUTPUTS = dict.fromkeys(("output", "content", "aggregated_output")).keys()
_DEEPEST = 6
_TEXTS = frozenset("text input_text output_text Text refusal".split())


def texts_of(content: object) -> list[str]:
    """The texts of a message, without the marks around its images."""
    if isinstance(content, str):
        return [content]
    texts = (
        str_of(part.get("text")) or str_of(part.get("refusal"))
        for part in objects_of(content)
        if part.get("type") in _TEXTS
    )
    return [text for text in texts if not text.startswith(("<image", "</image>"))]


def images_of(content: object) -> tuple[str, ...]:
    kinds = (str_of(part.get("type")) for part in objects_of(content))
    return tuple("image" for kind in kinds if kind in ("input_image", "image", "local_image"))


def call_of(item: dict[str, Any]) -> str:
    """A call in one line: the command of a shell, else the tool and what it was given."""
    kind = str_of(item.get("type"))
    name = str_of(item.get("name")) or kind.removesuffix("_call")
    given = object_of(item.get("arguments")) or object_of(item.get("action"))
    patch = str_of(item.get("input")) or str_of(given.get("input"))
    if patched := _PATCHED.search(patch[:100_000]):
        return one_line(f"{name}: {patched[1]}")
    if patch:
        return one_line(f"{name}: {patch}")
    for field in ("command", "cmd"):
        if isinstance(given.get(field), list):
            return one_line(command_line(given[field])) or name
    return command_of(name, given)


def command_line(words: object) -> str:
    """The command of `["bash", "-lc", "ls"]` is `ls`."""
    if isinstance(words, str):
        return words
    if not isinstance(words, list):
        return ""
    given = [word for word in words if isinstance(word, str)]
    if len(given) == 3 and given[0].rpartition("/")[2] in _SHELLS and given[1] in _RUN:
        return given[2]
    return " ".join(given)


def output_of(output: object) -> str:
    """What a tool gave: a text, JSON with the text in it, or parts of a message."""
    for _ in range(_DEEPEST):
        if isinstance(output, str):
            inner = json_of(output) if output.startswith('{"') else None
            if not isinstance(inner, dict) or _OUTPUTS.isdisjoint(inner):
                return output
            output = inner
        elif isinstance(output, dict):
            output = next((output[field] for field in _OUTPUTS if output.get(field)), "")
        else:
            return "\n".join(texts_of(output))
    return ""


def item_of(item: dict[str, Any]) -> tuple[str, str]:
    """The (command, output) of an item of `codex exec --json`."""
    kind = str_of(item.get("type")) or str_of(item.get("item_type"))
    if kind == "command_execution":
        return unwrapped(str_of(item.get("command"))), str_of(item.get("aggregated_output"))
    if kind == "file_change":
        changes = objects_of(item.get("changes"))
        paths = [f"{str_of(each.get('kind'))} {str_of(each.get('path'))}" for each in changes]
        return one_line(f"file_change: {', '.join(paths)}"), "\n".join(paths)
    if kind == "mcp_tool_call":
        name = ".".join(filter(None, (str_of(item.get("server")), str_of(item.get("tool")))))
        result = object_of(item.get("result"))
        return command_of(name, object_of(item.get("arguments"))), output_of(result)
    if kind == "web_search":
        return one_line(f"web_search: {str_of(item.get('query'))}"), ""
    steps = objects_of(item.get("items"))
    return kind, "\n".join(f"- {str_of(each.get('text'))}" for each in steps)


def unwrapped(command: str) -> str:
    """`bash -lc 'ls -l'` as it was meant: `ls -l`."""
    shell, _, rest = command.partition(" ")
    flag, _, script = rest.partition(" ")
    if shell.rpartition("/")[2] not in _SHELLS or flag not in _RUN or not script:
        return one_line(command)
    if len(script) > 1 and script[0] == script[-1] and script[0] in "'\"":
        script = script[1:-1]
    return one_line(script)


def record_of(line: bytes) -> dict[str, Any]:
    try:
        found = json.loads(line)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
