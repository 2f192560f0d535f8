"""The content of Claude Code's messages → texts, names of attachments, questions and answers.

Content is a text or a list of blocks; whatever is not as expected is left out, never an error.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from cairn.core.chats.agents.stored import objects_of, text_of

_REFUSED = "The user doesn't want to proceed with this tool use."
_REFUSED_RESULT = "User rejected tool use"
_REFUSED_SAID = "the user said:\n"


def blocks_of(content: object) -> list[dict[str, Any]]:
    if isinstance(content, str):
        return [{"type": "text", "text": content}]
    return objects_of(content)


def texts_of(content: object) -> list[str]:
    return [
        block["text"]
        for block in blocks_of(content)
        if block.get("type") == "text" and isinstance(block.get("text"), str)
    ]


def attachments_of(content: object) -> tuple[str, ...]:
    """Images and documents have no names of their own, so mostly what they are."""
    return tuple(
        _name(block) for block in blocks_of(content) if block.get("type") in ("image", "document")
    )


def _name(block: dict[str, Any]) -> str:
    source = block.get("source")
    media = text_of(source.get("media_type")) if isinstance(source, dict) else ""
    kind = text_of(block.get("type"))
    title = text_of(block.get("title"))
    return title or (f"{kind}.{media.rpartition('/')[2]}" if media else kind)


def words_in(tool: str, given: dict[str, Any]) -> str:
    """What the assistant tells the user by calling a tool: its questions, its plan."""
    if tool == "ExitPlanMode":
        return text_of(given.get("plan")).strip()
    if tool == "AskUserQuestion":
        return "\n\n".join(_question(each) for each in objects_of(given.get("questions")))
    return ""


def _question(question: dict[str, Any]) -> str:
    options = (text_of(each.get("label")) for each in objects_of(question.get("options")))
    lines = [text_of(question.get("question")), *(f"- {label}" for label in options if label)]
    return "\n".join(filter(None, lines))


def answer_in(tool: str, block: dict[str, Any], result: object) -> str:
    """What the user says in the result of a tool: his answers, or why he refused it."""
    if tool in ("AskUserQuestion", "") and isinstance(result, dict):
        return "\n".join(_answers(result))
    text = "".join(texts_of(block.get("content")))
    # Only what Claude Code itself puts beside it says that the words are not the tool's.
    if result == _REFUSED_RESULT and text.startswith(_REFUSED):
        return text.partition(_REFUSED_SAID)[2].strip()
    return ""


def _answers(result: dict[str, Any]) -> Iterator[str]:
    """Each with the few words that stand for its question."""
    answers = result.get("answers")
    if not isinstance(answers, dict):
        return
    heads = {
        text_of(question.get("question")): text_of(question.get("header"))
        for question in objects_of(result.get("questions"))
    }
    for question, answer in answers.items():
        said = text_of(answer).strip()
        if said and question in heads:
            yield f"{heads[question]}: {said}" if heads[question] else said
