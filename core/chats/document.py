"""A part of a conversation → the Document that its passages are cut from.

Runs in the extractor process, on turns that the archive keeps. What belongs together is one
passage while it fits: a request with its answer, or what people wrote without a longer pause.
Outputs of tools are passages of their own, behind the words that they stand between.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from cairn.core.authors import of_other
from cairn.core.chats.episodes import compose_episodes, pause_s
from cairn.core.chats.formats import format_of
from cairn.core.chunk import estimate_tokens
from cairn.core.records import Block, Document, Place

Row = dict[str, Any]
"""A KeptTurn as it comes over the wire."""
_LEAST_TOKENS = 40
"""What is shorter goes on with the next exchange: alone it would say nothing."""
_PAUSE_S = 30 * 60
_TOOL_CHARS = 600
"""Of a tool's output: its beginning tells what it was, and there is a lot of it."""
_REQUEST_CHARS = 90
LEFT_BRANCH = "on a branch that was left"


def compose_document(request: dict[str, Any]) -> Document:
    """The request names the part by its `uri` and says what kind of part its turns are."""
    if request["part"] == "episodes":
        return compose_episodes(request)
    rows = [row for row in request["turns"] if row["origin"] != "context"]
    return Document(
        uri=request["uri"],
        kind="chat",
        title=request["title"],
        origin="other",
        **_layout(rows, request),
    )


def _layout(rows: list[Row], request: dict[str, Any]) -> dict[str, Any]:
    text: list[str] = []
    places: list[Place] = []
    blocks: list[Block] = []
    at = 0
    heading = _heading(request)
    for group, (row, context) in _in_groups(rows, request["kind"]):
        shown = shown_text(row, request["kind"])
        places.append(Place(at, "t", row["number"]))
        blocks.append(
            Block(
                at, at + len(shown), heading, context=context, when=row["when"],
                who=speaker(row, request["kind"]), origin=row["origin"], group=group,
            )
        )  # fmt: skip
        text.append(shown)
        at += len(shown) + 1
    when = next((row["when"] for row in rows if row["when"]), "")
    return {
        "text": "\n".join(text), "places": tuple(places), "blocks": tuple(blocks), "when": when,
    }  # fmt: skip


def _heading(request: dict[str, Any]) -> tuple[str, ...]:
    """Where the conversation was held, in words that somebody may look for."""
    words = "" if request["kind"] in ("turns", "messages") else format_of(request["kind"]).words
    project = request["project"].rstrip("/").rpartition("/")[2]
    return tuple(filter(None, (words, project)))


def speaker(row: Row, kind: str) -> str:
    """Who a reader would say wrote it."""
    if row["origin"] == "user":
        return str(row["who"]) or "me"
    if row["who"] or row["origin"] != "assistant":
        return of_other(str(row["who"]))
    return format_of(kind).speaker


def shown_text(row: Row, kind: str) -> str:
    """The turn as it is indexed, cited and shown: its author and words on the same line."""
    text = row["text"]
    if row["origin"] == "tool":
        output = text if len(text) <= _TOOL_CHARS else text[:_TOOL_CHARS].rstrip() + " …"
        return "\n".join(filter(None, (f"$ {row['command']}" if row["command"] else "", output)))
    who = speaker(row, kind)
    names = f"[{', '.join(row['attachments'])}]" if row["attachments"] else ""
    said = "\n".join(filter(None, (text, names)))
    return f"{who}: {said}" if who else said


def _in_groups(rows: list[Row], kind: str) -> Iterator[tuple[int, tuple[Row, str]]]:
    """Turns with the number of the passage group that they belong to, and a context."""
    group = 0
    for exchange in _exchanges(rows, kind):
        said = [row for row in exchange if row["origin"] != "tool"]
        asked = next((row["text"] for row in said if row["origin"] == "user"), "")
        request = " ".join(asked[: 4 * _REQUEST_CHARS].split())[:_REQUEST_CHARS]
        done = [row for row in exchange if row["origin"] == "tool"]
        for part, context in ((said, ""), (done, f"for: {request}" if request else "")):
            group += 1
            for row in part:
                yield group, (row, LEFT_BRANCH if row["is_side"] else context)


def _exchanges(rows: list[Row], kind: str) -> Iterator[list[Row]]:
    is_between_people = format_of(kind).is_between_people or not any(
        row["origin"] == "assistant" for row in rows
    )
    exchange: list[Row] = []
    tokens = 0
    for row in rows:
        is_enough = tokens >= _LEAST_TOKENS or (exchange and not _is_same_day(exchange[-1], row))
        if exchange and is_enough and _begins(exchange, row, is_between_people):
            yield exchange
            exchange, tokens = [], 0
        exchange.append(row)
        if tokens < _LEAST_TOKENS and row["origin"] != "tool":
            tokens += estimate_tokens(row["text"][: 20 * _LEAST_TOKENS])
    if exchange:
        yield exchange


def _begins(exchange: list[Row], row: Row, is_between_people: bool) -> bool:
    """Can a new exchange begin here: with a request, or between people after a pause?"""
    last = exchange[-1]
    if is_between_people:
        return pause_s(last["when"], row["when"]) > _PAUSE_S
    return bool(row["origin"] == "user" and last["origin"] != "user")


def _is_same_day(before: Row, row: Row) -> bool:
    return bool(before["when"][:10] == row["when"][:10])
