"""Google Takeout's "My Activity" of the Gemini app, as JSON or HTML → turns.

The export knows prompts and answers but no conversations: those of a day make one. It begins with
the latest; a day is turned round, so that its turns stand as they were said.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from cairn.core.chats import times
from cairn.core.chats.exports.stream import items
from cairn.core.chats.exports.takeout_page import read_cells
from cairn.core.chats.exports.values import fields, first_word, listed, word
from cairn.core.chats.keys import key_of
from cairn.core.chats.source import Transcript
from cairn.core.chats.turn import About, Checkpoint, Item, Passed, State, Turn

_APP = re.compile(r"\b(?:Gemini|Bard)\b")
_RECORD = re.compile(rb'"(?:header|products)"\s{0,9}:\s{0,9}\[?\s{0,40}"[^"]{0,40}(?:Gemini|Bard)')
_CELL = re.compile(rb'mdl-typography--title">[^<]{0,40}(?:Gemini|Bard)')
_STYLES = 1 << 20
"""A page begins with its style sheet, which is long."""
_PROMPT = re.compile(
    r"(?:Prompted(?: with:)?|Asked(?: Gemini:| Bard:)?|Said|Live prompt|Branched|Answered)\s+"
)
_DEED = re.compile(
    r"(?:Used|Created|Added|Gave|Selected|Shared|Deleted|Viewed|Visited|Edited|Pinned|Renamed|"
    r"Exported|Updated|Removed|Turned|Listened)\b"
)
"""What was done in the app, and not said."""
_FILES = re.compile(r"\s*Attached \d+ files?\.?\s*$")
_MOST = 2000
"""Records of a day that are turned round together."""


@dataclass(frozen=True, slots=True)
class _Record:
    number: int
    moment: datetime
    when: str
    prompt: str
    answer: str
    files: tuple[str, ...]


def fits(source: Transcript) -> bool:
    head = source.head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if head.startswith(b"["):
        return b'"title"' in head and b'"time"' in head and _RECORD.search(head) is not None
    if not head.startswith(b"<") or b"mdl-" not in head:
        return False
    with source.open() as file:
        return _CELL.search(file.read(_STYLES)) is not None


def read(source: Transcript, state: State) -> Iterator[Item]:
    day: list[_Record] = []
    number = 0
    for number, found in enumerate(_found(source), 1):
        record = _record(number, fields(found))
        if isinstance(record, Passed):
            yield record
            continue
        if day and (_day(day[0]) != _day(record) or len(day) >= _MOST):
            yield from _read_day(day)
            yield Checkpoint(dict(state))
            day = []
        day.append(record)
    if day:
        yield from _read_day(day)
    yield Checkpoint(dict(state))


def _found(source: Transcript) -> Iterator[Any]:
    with source.text() as text:
        if source.head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"["):
            for _, record in items(text):
                yield record
        else:
            yield from read_cells(text)


def _record(number: int, activity: dict[str, Any]) -> _Record | Passed:
    labels = [activity.get("header"), *listed(activity.get("products"))]
    if not any(_APP.search(word(label)) for label in labels):
        return Passed("activity elsewhere")
    moment = _moment(activity.get("time"))
    title = word(activity.get("title")).strip()
    answer = _answer(activity)
    said = _PROMPT.match(title)
    # In other languages the word before the prompt is another; what was answered was asked.
    if not title or moment is None or (not said and (_DEED.match(title) or not answer)):
        return Passed("activity", is_known=bool(title))
    prompt = _FILES.sub("", title[said.end() :] if said else title).strip()
    files = [file for file in listed(activity.get("attachedFiles")) if word(file)]
    files += [name for name in (activity.get("imageFile"),) if word(name)]
    when = times.from_iso(moment.isoformat())
    return _Record(number, moment, when, prompt, answer, tuple(dict.fromkeys(files)))


def _moment(value: object) -> datetime | None:
    """In UTC, as the export says it, and to the second, as its HTML does: the same everywhere."""
    try:
        moment = datetime.fromisoformat(word(value))
        moment = moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None
    return moment.replace(microsecond=0)


def _answer(activity: dict[str, Any]) -> str:
    from cairn.core.extract.web.page import read_page

    pages = [word(fields(item).get("html")) for item in listed(activity.get("safeHtmlItem"))]
    texts = [read_page(page).text for page in pages if page]
    if not any(texts):
        texts = [first_word(fields(item), "name") for item in listed(activity.get("subtitles"))]
        texts = [text for text in texts if text and not _FILES.match(text)]
    return "\n".join(text.strip() for text in texts if text.strip())


def _day(record: _Record) -> str:
    return record.moment.date().isoformat()


def _read_day(day: list[_Record]) -> Iterator[Item]:
    conversation = _day(day[0])
    yield About(conversation, title=f"Gemini on {conversation}")
    same: State = {}
    day.reverse()
    day.sort(key=lambda record: record.moment)
    for record in day:
        moment = record.moment.isoformat()
        key = key_of(same, moment, record.prompt)
        if record.prompt or record.files:
            yield Turn(
                conversation, key, "user", record.prompt, when=record.when,
                attachments=record.files, line=record.number,
            )  # fmt: skip
        if record.answer:
            yield Turn(
                conversation, f"{key}:answer", "assistant", record.answer, when=record.when,
                reply_to=key if record.prompt or record.files else "", line=record.number,
            )  # fmt: skip
        if not (record.prompt or record.files or record.answer):
            yield Passed("empty activity")
