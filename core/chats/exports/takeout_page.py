"""`MyActivity.html` of Google Takeout → records like those of `MyActivity.json`.

Called by `takeout`. The page is one line of many megabytes: it is cut at the cells of its records,
each of which holds the service, what was done, when, and the answer.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from html import unescape
from typing import IO, Any

_CELL = "outer-cell mdl-cell"
_CHUNK = 1 << 20
_LARGEST = 16 << 20
_HEADER = re.compile(r"mdl-typography--title\">([^<]{1,200})<")
_BODY = re.compile(r"mdl-typography--body-1\">")
_NEXT_CELL = re.compile(r"<div class=\"content-cell ")
_DATE = re.compile(
    r"<br\s?/?>\s*(?:(?P<month>[A-Z][a-z]{2,8}) (?P<day>\d\d?), (?P<year>\d{4})"
    r"|(?P<day2>\d\d?) (?P<month2>[A-Z][a-z]{2,8})\.? (?P<year2>\d{4})), "
    r"(?P<hour>\d\d?):(?P<minute>\d\d):(?P<second>\d\d)"
    r"(?:\s?(?P<half>[AP]M))?\s(?P<zone>[A-Z]{2,5}|GMT[+-]\d\d?(?::\d\d)?)\s*(?:<br\s?/?>|$)"
)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_ZONES = {
    "UTC": 0, "GMT": 0, "WET": 0, "BST": 1, "CET": 1, "CEST": 2, "EET": 2, "EEST": 3, "MSK": 3,
    "EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7,
    "JST": 9, "KST": 9,
}  # fmt: skip
"""Hours before UTC of the zones that Takeout names."""


def read_cells(text: IO[str]) -> Iterator[dict[str, Any]]:
    for cell in _cells(text):
        yield _record(cell)


def _cells(text: IO[str]) -> Iterator[str]:
    rest = ""
    is_inside = False
    while part := text.read(_CHUNK):
        *whole, rest = (rest + part).split(_CELL)
        for cell in whole:
            if is_inside:
                yield cell
            is_inside = True
        if len(rest) > _LARGEST:  # no record is that long
            rest = rest[-len(_CELL) :]
    if is_inside:
        yield rest


def _record(cell: str) -> dict[str, Any]:
    header = _HEADER.search(cell)
    body = _BODY.search(cell)
    if not header or not body:
        return {}
    end = _NEXT_CELL.search(cell, body.end())
    shown = cell[body.end() : end.start() if end else len(cell)].removesuffix("</div>")
    # The prompt may name a date too: the record's own is the first that stands alone on a line.
    date = _DATE.search(shown)
    if not date:
        return {"header": unescape(header[1]).strip()}
    return {
        "header": unescape(header[1]).strip(),
        "title": _plain(shown[: date.start()]),
        "time": _moment(date),
        "safeHtmlItem": [{"html": shown[date.end() :]}],
    }


def _plain(html: str) -> str:
    lines = re.sub(r"<br\s?/?>|</p>", "\n", html)
    return unescape(re.sub(r"<[^<>]{0,2000}>", "", lines)).replace("\xa0", " ").strip()


def _moment(date: re.Match[str]) -> str:
    named = date.groupdict()
    month = (named["month"] or named["month2"]).lower()[:3]
    hour = int(named["hour"])
    if named["half"]:
        hour = hour % 12 + (12 if named["half"] == "PM" else 0)
    try:
        moment = datetime(
            int(named["year"] or named["year2"]), _MONTHS.index(month) + 1,
            int(named["day"] or named["day2"]), hour, int(named["minute"]), int(named["second"]),
            tzinfo=_zone(named["zone"]),
        )  # fmt: skip
    except ValueError:
        return ""
    return moment.isoformat()


def _zone(name: str) -> timezone:
    found = re.fullmatch(r"GMT([+-]\d\d?)(?::(\d\d))?", name)
    if not found:
        return timezone(timedelta(hours=_ZONES.get(name, 0)))
    minutes = int(found[2] or 0) * (-1 if found[1].startswith("-") else 1)
    return timezone(timedelta(hours=int(found[1]), minutes=minutes))
