"""A calendar file → its events, tasks and journal entries in plain words, each with its own day.

Called by `extract` for iCalendar and the older vCalendar. A citation names the line where the entry
begins. Alarms, time zone rules and busy times are not shown.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from cairn.core.errors import ExtractError
from cairn.core.extract.dates import find_date
from cairn.core.extract.mail.calendar_words import (
    Stamp,
    period,
    read_duration,
    read_stamp,
    recurrence,
)
from cairn.core.extract.mail.content_lines import (
    Component,
    Property,
    decode_lines,
    read_components,
    read_properties,
)
from cairn.core.extract.source import Lines, Source, clean, clip, is_visible
from cairn.core.extract.text.plain import groups
from cairn.core.extract.web.page import read_page
from cairn.core.records import Block, Document, Place

_KINDS = {
    "VEVENT": "event",
    "VTODO": "task",
    "VJOURNAL": "journal entry",
    "AVAILABLE": "available time",
}
_WANTED = frozenset(_KINDS)
_MARKUP = re.compile(r"</?(?:html|body|p|br|div|span|a|ul|li|b|i|u)\b[^<>]{0,500}>", re.IGNORECASE)
_MOST_PEOPLE = 200
_MOST_DATES = 30
_MOST_HEAD_ROWS = 200
_ANSWERS = {"ACCEPTED": "accepted", "DECLINED": "declined", "TENTATIVE": "tentative"}


@dataclass(frozen=True, slots=True)
class _Entry:
    line: int
    summary: str
    when: str
    text: str


def read_calendar(source: Source) -> Document:
    text, note = decode_lines(source)
    name, cancelled = _about(text)
    entries = [
        entry
        for component in read_components(text, _WANTED)
        if (entry := _read_entry(component, cancelled))
    ]
    if not entries:
        raise ExtractError("no-text", "it holds no events or tasks with any text", skipped=True)
    pieces: list[str] = []
    places: list[Place] = []
    blocks: list[Block] = []
    size = 0
    for entry in entries:
        places.append(Place(size, "L", entry.line))
        blocks += _blocks(entry, size)
        pieces.append(entry.text)
        size += len(entry.text) + 2
    only = entries[0] if len(entries) == 1 else None
    return Document(
        uri=source.uri,
        kind="event",
        title=clip(name) or (only.summary if only else "") or source.stem,
        text="\n\n".join(pieces),
        places=tuple(places),
        blocks=tuple(blocks),
        when=only.when if only else find_date(source.name),
        note=note,
    )


def _about(text: str) -> tuple[str, bool]:
    """The calendar's name, and whether all of it is a message that cancels."""
    name, cancelled = "", False
    for number, found in enumerate(read_properties(text)):
        if number == _MOST_HEAD_ROWS or (found.name == "BEGIN" and found.raw.strip() in _WANTED):
            break
        if found.name in ("X-WR-CALNAME", "NAME"):
            name = name or found.text
        cancelled = cancelled or (found.name == "METHOD" and found.text.upper() == "CANCEL")
    return name, cancelled


def _blocks(entry: _Entry, offset: int) -> Iterator[Block]:
    lines = Lines.of(entry.text)
    heading = (entry.summary,) if entry.summary else ()
    for first, last in groups(lines.rows, 0, len(lines.rows)):
        block = lines.block(first, last)
        yield Block(block.start + offset, block.end + offset, heading, when=entry.when)


def _read_entry(component: Component, cancelled: bool) -> _Entry | None:
    start = _stamp(component.first("DTSTART"))
    begin = start or _stamp(component.first("DUE"))
    summary = clip(component.text("SUMMARY"))
    facts = [row for row in _facts(component, start, cancelled) if row]
    description = _description(component)
    named = component.name != "VEVENT"  # its kind is one of the facts
    if not (summary or description or component.first("DTSTART") or len(facts) > named):
        return None
    title = summary or f"({_KINDS[component.name]} without a title)"
    head = "\n".join((title, *facts))
    text = clean(f"{head}\n\n{description}" if description else head)
    return _Entry(component.line, summary, begin.iso if begin else "", text)


def _facts(component: Component, start: Stamp | None, cancelled: bool) -> Iterator[str]:
    if component.name != "VEVENT":
        yield f"Kind: {_KINDS[component.name]}"
    if cancelled or component.text("STATUS").upper() == "CANCELLED":
        yield "Status: cancelled"
    yield _when(component, start)
    for found in component.all("RRULE"):
        if words := recurrence(found.raw, start):
            yield f"Repeats: {words}"
    yield _dates(component, "EXDATE", "Except on")
    yield _dates(component, "RDATE", "Also on")
    if replaced := _stamp(component.first("RECURRENCE-ID")):
        yield f"Instead of: {replaced.day_words} ({replaced.iso})"
    yield from _task_facts(component)
    yield _line("Where", component.text("LOCATION"))
    if organizer := component.first("ORGANIZER"):
        yield _line("Organizer", _person(organizer))
    people = [person for found in component.all("ATTENDEE") if (person := _attendee(found))]
    more = f" and {len(people) - _MOST_PEOPLE} more" if len(people) > _MOST_PEOPLE else ""
    yield _line("With", ", ".join(people[:_MOST_PEOPLE]) + more)
    yield _line("Categories", ", ".join(found.text for found in component.all("CATEGORIES")))
    yield _line("Link", component.text("URL"))


def _when(component: Component, start: Stamp | None) -> str:
    given = component.first("DTSTART")
    if start is None:
        return _line("When", given.text if given else "")
    end = _stamp(component.first("DTEND"))
    length = read_duration(component.text("DURATION"))
    if end is None and length:
        end = start.plus(length)
    if component.name == "VTODO":
        return _line("Start", period(start, None))
    return _line("When", period(start, end))


def _task_facts(component: Component) -> Iterator[str]:
    if component.name != "VTODO":
        return
    if due := _stamp(component.first("DUE")):
        yield _line("Due", period(due, None))
    done = _stamp(component.first("COMPLETED"))
    if done:
        yield f"Done: {done.day_words} ({done.iso})"
    elif component.text("STATUS").upper() == "COMPLETED":
        yield "Done: yes"
    if (percent := component.text("PERCENT-COMPLETE")) and not done:
        yield _line("Progress", f"{clip(percent, 9)} %")


def _dates(component: Component, name: str, label: str) -> str:
    days = [
        stamp.iso[:10]
        for found in component.all(name)
        for value in found.raw.split(",")
        if (stamp := read_stamp(value.partition("/")[0], found.parameter("TZID")))
    ]
    more = f" and {len(days) - _MOST_DATES} more" if len(days) > _MOST_DATES else ""
    return _line(label, ", ".join(days[:_MOST_DATES]) + more)


def _stamp(found: Property | None) -> Stamp | None:
    return read_stamp(found.raw, found.parameter("TZID")) if found else None


def _person(found: Property) -> str:
    value = found.text
    address = value[7:] if value[:7].lower() == "mailto:" else value
    name = found.parameter("CN")
    address = "" if address.lower().startswith(("urn:", "invalid:")) else address
    return f"{name} <{address}>" if name and address and name != address else name or address


def _attendee(found: Property) -> str:
    answer = _ANSWERS.get(found.parameter("PARTSTAT").upper(), "")
    person = clip(_person(found))
    return f"{person} ({answer})" if answer and person else person


def _description(component: Component) -> str:
    """All texts; a journal entry may have several. Some programs write HTML into them."""
    texts = [found.text for found in component.all("DESCRIPTION", "COMMENT")]
    texts = [read_page(text).text if _MARKUP.search(text) else text for text in texts]
    return "\n\n".join(text.strip() for text in texts if is_visible(text))


def _line(label: str, value: str) -> str:
    value = " ".join(value.split())
    return f"{label}: {value}" if value else ""
