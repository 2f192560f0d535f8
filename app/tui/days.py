"""What happened from one day to another, as the engine tells it → the rows of Today.

Pure: the place asks, and shows what comes of it. A row leads to a file, a turn or an entry.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import groupby

from textual.content import Content

from cairn.app import render
from cairn.app.tui import text
from cairn.app.tui.shell import Json
from cairn.app.tui.widgets.rows import Row

SECTIONS = ("due", "events", "work", "said and decided", "conversations", "your memory", "files")
_DEEDS = {
    "added": "$success", "changed": "$secondary", "deleted": "$error", "moved": "$secondary",
    "superseded": "$secondary", "archived": text.FAINT,
}  # fmt: skip
_STATES = {"overdue": "$error", "due": "$warning", "open": text.QUIET}


@dataclass(frozen=True, slots=True)
class Lead:
    """Where a row leads: an entry by its id, or else a text by its address."""

    entry: str = ""
    address: str = ""
    words: str = ""
    """Why there is nothing to be shown, or what is to be copied."""


@dataclass(frozen=True, slots=True)
class Item:
    day: date
    section: str
    at: str
    """The time of the day, where it has one."""
    words: Content
    right: str
    lead: Lead
    below: tuple[str, ...] = field(default=())


def days_of(day: date, *, week: bool) -> tuple[date, date]:
    """The first one, and the day after the last one."""
    if not week:
        return day, day + timedelta(1)
    monday = day - timedelta(day.weekday())
    return monday, monday + timedelta(7)


def items(told: Mapping[str, Json], start: date, end: date, today: date) -> list[Item]:
    """`told` has what `agenda`, `day` and `changes` say, those that could be asked."""
    found = [
        *_agenda(told.get("agenda"), start, today), *_work(told.get("day"), start),
        *_changes(told.get("changes")),
    ]  # fmt: skip
    kept = [each for each in found if start <= each.day < end]
    return sorted(kept, key=lambda each: (each.day, SECTIONS.index(each.section), each.at))


def _agenda(data: Json | None, start: date, today: date) -> Iterator[Item]:
    if not data:
        return
    for each in data["due"]:
        day = _date(each["day"]) or start
        state = Content.assemble((f"{_when_due(each):<16}", _STATES[each["state"]]))
        whose = "" if each["mine"] else "somebody else’s"
        # What is overdue stands on the page of today.
        shown = today if each["state"] != "open" and day != today and start <= today else day
        yield Item(shown, "due", "", state + Content(text.line(each["title"])), whose,
                   Lead(entry=each["id"]))  # fmt: skip
    for each in data["events"]:
        first, _, last = each["day"].partition("/")
        day = max(start, _date(first) or start)
        until = f"until {last[:10]}" if last else ""
        yield Item(day, "events", "", Content(text.line(each["title"])), until,
                   Lead(entry=each["id"]))  # fmt: skip
    for each in data["said"]:
        moment = _moment(each["at"])
        day = moment.date() if moment else start
        time = _time(moment) if moment and len(each["at"]) > len("2026-05-03") else ""
        style = "bold" if each["kind"] == "decision" else ""
        yield Item(day, "said and decided", time,
                   Content.styled(text.line(each["title"]), style), each["kind"],
                   Lead(entry=each["id"]))  # fmt: skip


def _when_due(each: Json) -> str:
    days = each["days"]
    if days == 0:
        return "today"
    many = f"{abs(days)} day{'s' * (abs(days) != 1)}"
    return f"in {many}" if days > 0 else f"{many} overdue"


def _work(data: Json | None, start: date) -> Iterator[Item]:
    for line in data["lines"] if data else ():
        moment = _moment(line["start"])
        day = max(start, moment.date()) if moment else start
        address = line["sources"][0]["uri"] if line["sources"] else ""
        words = text.line(line["text"])
        style = "" if line["kind"] == "work" else text.QUIET
        odd = tuple(f"unusual for you: {text.line(each)}" for each in line["unusual"])
        lead = Lead(address=address, words=words)
        yield Item(day, "work", _time(moment), Content.styled(words, style), "", lead, odd)


def _changes(data: Json | None) -> Iterator[Item]:
    if not data:
        return
    for each in data["conversations"]:
        turns = render.count(each["turns"], "turn")
        yield _changed(each, "conversations", Content(text.line(each["title"])), turns,
                       Lead(address=f"{each['uri']}#t{each['first']}"))  # fmt: skip
    for each in data["entries"]:
        who = "by you" if each["author"] == "user" else ""
        lead = Lead(entry=each["id"]) if each["deed"] != "deleted" else Lead(words="it was deleted")
        yield _changed(each, "your memory", _deed(each, text.line(each["title"])), who, lead)
    for each in data["files"]:
        lead = Lead(address=each["uri"]) if each["deed"] != "deleted" else Lead(
            words="the file was deleted; what was read of it is no longer there")  # fmt: skip
        folder, _, name = render.home_path(each["path"]).rpartition("/")
        was = f"  was {render.home_path(each['was'])}" if each["was"] else ""
        times = f"{each['times']} times" if each["times"] > 1 else ""
        words = _deed(each, name, f"  {folder or '/'}{was}")
        yield _changed(each, "files", words, times, lead)


def _changed(each: Json, section: str, words: Content, right: str, lead: Lead) -> Item:
    moment = _moment(each["at"])
    return Item(moment.date() if moment else date.min, section, _time(moment), words, right, lead)


def _deed(each: Json, name: str, more: str = "") -> Content:
    return Content.assemble(
        (f"{each['deed']:<10} ", _DEEDS.get(each["deed"], "")), name, (more, text.FAINT)
    )


# -- rows


def rows(found: list[Item], *, week: bool) -> tuple[list[Row], dict[str, Lead]]:
    """Under the names of sections, in a week under those of days."""
    listed: list[Row] = []
    leads: dict[str, Lead] = {}

    def by(item: Item) -> str:
        return f"{item.day:%A} {item.day.day} {item.day:%B}" if week else item.section

    for title, group in groupby(found, by):
        some = list(group)
        if listed:
            listed.append(Row("", Content(""), is_heading=True))
        many = Content.styled(f"{len(some)} ", text.FAINT)
        listed.append(Row("", Content.styled(title, "bold $primary"), many, is_heading=True))
        for item in some:
            row = _row(item)
            leads[row.id] = item.lead
            listed.append(row)
            listed += [Row("", Content.styled(f"         {words}", text.QUIET), is_heading=True)
                       for words in item.below]  # fmt: skip
    return listed, leads


def _row(item: Item) -> Row:
    time = Content.styled(f" {item.at:<5}  " if item.at else " " * 8, text.FAINT)
    lead = item.lead
    id = f"{item.section}|{item.day}|{item.at}|{lead.entry or lead.address}|{item.words.plain}"
    return Row(id, time + item.words, Content.styled(f"{item.right} ", text.FAINT))


def _moment(written: str) -> datetime | None:
    try:
        return datetime.fromisoformat(written).astimezone()
    except (ValueError, OverflowError):
        return None


def _time(moment: datetime | None) -> str:
    return f"{moment:%H:%M}" if moment else ""


def _date(written: str) -> date | None:
    try:
        return date.fromisoformat(written[:10])
    except ValueError:
        return None
