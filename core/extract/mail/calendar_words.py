"""Times and rules of a calendar → ISO moments, and plain words such as "every week on Tuesday".

Called by `calendar.py`. A time in a zone that is not known keeps no offset: a wrong moment is worse
than one without a zone.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo

_DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
_DAY_CODES = dict(zip("MO TU WE TH FR SA SU".split(), _DAYS, strict=True))
_MONTHS = (
    "January February March April May June July August September October November December".split()
)
_UNITS = {
    "SECONDLY": "second", "MINUTELY": "minute", "HOURLY": "hour", "DAILY": "day",
    "WEEKLY": "week", "MONTHLY": "month", "YEARLY": "year",
}  # fmt: skip
_OLD_RULE = re.compile(r"(D|W|MD|MP|YM|YD)(\d{1,4})\b(.*)")
_OLD_UNITS = {"D": "day", "W": "week", "M": "month", "Y": "year"}
_ORDINALS = {1: "first", 2: "second", 3: "third", 4: "fourth", 5: "fifth", -1: "last"}
_STAMP = re.compile(
    r"(\d{4})-?(\d\d)-?(\d\d)(?:[T ](\d\d):?(\d\d)(?::?(\d\d))?(?:[.,]\d+)?\s?(Z)?)?",
    re.ASCII | re.IGNORECASE,
)
_DURATION = re.compile(
    r"\+?P(?:(\d{1,5})W)?(?:(\d{1,6})D)?(?:T(?:(\d{1,6})H)?(?:(\d{1,7})M)?(?:(\d{1,9})S)?)?",
    re.ASCII,
)
_MOST_LISTED = 30
# Names that Outlook writes, for zones where many people live.
_WINDOWS_ZONES = {
    "W. Europe Standard Time": "Europe/Berlin",
    "Central Europe Standard Time": "Europe/Budapest",
    "Central European Standard Time": "Europe/Warsaw",
    "Romance Standard Time": "Europe/Paris",
    "GMT Standard Time": "Europe/London",
    "E. Europe Standard Time": "Europe/Chisinau",
    "FLE Standard Time": "Europe/Kiev",
    "GTB Standard Time": "Europe/Bucharest",
    "Turkey Standard Time": "Europe/Istanbul",
    "Russian Standard Time": "Europe/Moscow",
    "Israel Standard Time": "Asia/Jerusalem",
    "Eastern Standard Time": "America/New_York",
    "Central Standard Time": "America/Chicago",
    "Mountain Standard Time": "America/Denver",
    "Pacific Standard Time": "America/Los_Angeles",
    "Atlantic Standard Time": "America/Halifax",
    "E. South America Standard Time": "America/Sao_Paulo",
    "India Standard Time": "Asia/Kolkata",
    "China Standard Time": "Asia/Shanghai",
    "Singapore Standard Time": "Asia/Singapore",
    "Tokyo Standard Time": "Asia/Tokyo",
    "Korea Standard Time": "Asia/Seoul",
    "AUS Eastern Standard Time": "Australia/Sydney",
    "New Zealand Standard Time": "Pacific/Auckland",
    "UTC": "UTC",
}


@dataclass(frozen=True, slots=True)
class Stamp:
    """A day, or a moment with the name of its zone."""

    at: date | datetime
    zone: str = ""

    @property
    def all_day(self) -> bool:
        return not isinstance(self.at, datetime)

    @property
    def iso(self) -> str:
        return self.at.isoformat()

    @property
    def day_words(self) -> str:
        return (
            f"{_DAYS[self.at.weekday()]} {self.at.day} {_MONTHS[self.at.month - 1]} {self.at.year}"
        )

    @property
    def clock(self) -> str:
        return self.at.strftime("%H:%M") if isinstance(self.at, datetime) else ""

    def plus(self, time: timedelta) -> Stamp | None:
        try:
            return Stamp(self.at + time, self.zone)
        except OverflowError:
            return None


def read_stamp(value: str, zone_name: str = "") -> Stamp | None:
    found = _STAMP.fullmatch(value.strip()[:60])
    if not found:
        return None
    year, month, day = int(found[1]), int(found[2]), int(found[3])
    try:
        if found[4] is None:
            return Stamp(date(year, month, day))
        second = min(int(found[6] or 0), 59)  # a leap second
        moment = datetime(year, month, day, int(found[4]), int(found[5]), second)
        if found[7]:
            return Stamp(moment.replace(tzinfo=UTC), "UTC")
        moment = moment.replace(tzinfo=_zone(zone_name))
        moment.isoformat()  # near the ends of the calendar the offset cannot be applied
    except (ValueError, OverflowError):
        return None
    return Stamp(moment, getattr(moment.tzinfo, "key", zone_name))


@lru_cache(maxsize=256)
def _zone(name: str) -> tzinfo | None:
    name = _WINDOWS_ZONES.get(name.strip(), name.strip())
    pieces = name.split("/")
    # Some programs put their own address in front: "/example.org/20260101/Europe/Berlin".
    for candidate in (name, "/".join(pieces[-2:]), "/".join(pieces[-3:])):
        try:
            if candidate and len(candidate) < 80:
                return ZoneInfo(candidate)
        except (ValueError, OSError, KeyError):
            continue
    return None


def read_duration(value: str) -> timedelta | None:
    found = _DURATION.fullmatch(value.strip()[:60].upper())
    if not found or not any(found.groups()):
        return None
    weeks, days, hours, minutes, seconds = (int(part or 0) for part in found.groups())
    return timedelta(weeks=weeks, days=days, hours=hours, minutes=minutes, seconds=seconds)


def period(start: Stamp, end: Stamp | None) -> str:
    """From when to when, in words and as ISO."""
    if start.all_day and end and end.all_day:
        end = end.plus(timedelta(days=-1))  # the end is the first day that is free again
    if end is None or end.iso <= start.iso:
        clock = f"{start.clock} {start.zone}".strip() or "all day"
        return f"{start.day_words}, {clock} ({start.iso})"
    iso = f"({start.iso} to {end.iso})"
    if start.all_day:
        return f"{start.day_words} to {end.day_words}, all day {iso}"
    zone = f" {start.zone}" if start.zone else ""
    if start.at.timetuple()[:3] == end.at.timetuple()[:3]:
        return f"{start.day_words}, {start.clock} to {end.clock}{zone} {iso}"
    return f"{start.day_words}, {start.clock} to {end.day_words}, {end.clock}{zone} {iso}"


def recurrence(rule: str, start: Stamp | None) -> str:
    """What an RRULE says, such as "every 2 weeks on Monday and Friday until 2026-05-01"."""
    rule = rule.strip()[:1000].upper()
    if old := _OLD_RULE.match(rule):
        return _join(_every(_OLD_UNITS[old[1][0]], old[2]), _on_days(_DAY_CODES, old[3].split()))
    fields = dict(piece.split("=", 1) for piece in rule.split(";") if "=" in piece)
    unit = _UNITS.get(fields.get("FREQ", "").strip())
    if not unit:
        return ""
    scale = fields.get("RSCALE", "GREGORIAN").strip()
    if scale != "GREGORIAN":
        return f"every {unit} of the {scale.title()[:20]} calendar"
    return _join(
        _every(unit, fields.get("INTERVAL", "")), _which(unit, fields, start), _end(fields)
    )


def _every(unit: str, interval: str) -> str:
    number = int(interval) if interval.isascii() and interval.isdigit() and len(interval) < 6 else 1
    return f"every {unit}" if number < 2 else f"every {number} {unit}s"


def _which(unit: str, fields: dict[str, str], start: Stamp | None) -> str:
    months = [
        _MONTHS[number - 1] for number in _numbers(fields.get("BYMONTH", "")) if 1 <= number <= 12
    ]
    days = _month_days(fields) or _on_days(_DAY_CODES, fields.get("BYDAY", "").split(","), fields)
    if unit == "year" and not days and not months and start:
        return f"on {start.at.day} {_MONTHS[start.at.month - 1]}"
    if unit == "year" and months and not days and start:
        days = f"on the {_nth(start.at.day)}"
    return _join(days, f"in {_and(months)}" if months else "")


def _month_days(fields: dict[str, str]) -> str:
    days = _numbers(fields.get("BYMONTHDAY", ""))
    names = [_nth(day) if day > 0 else f"{_nth(day)} day" for day in days if day]
    return "on the " + _and(names) if names else ""


def _on_days(names: dict[str, str], codes: list[str], fields: dict[str, str] | None = None) -> str:
    position = _numbers((fields or {}).get("BYSETPOS", ""))
    if position and set(codes) == set("MO TU WE TH FR".split()):
        return f"on the {_nth(position[0])} weekday"
    days = []
    for code in codes[:_MOST_LISTED]:
        found = re.fullmatch(r"([+-]?\d{1,2})?([A-Z]{2})", code.strip())
        if found and found[2] in names:
            number = int(found[1]) if found[1] else position[0] if position else 0
            days.append(f"the {_nth(number)} {names[found[2]]}" if number else names[found[2]])
    return "on " + _and(days) if days else ""


def _end(fields: dict[str, str]) -> str:
    if until := read_stamp(fields.get("UNTIL", "")):
        return f"until {until.iso[:10]}"
    count = fields.get("COUNT", "").strip()[:9]
    return f"{count} times" if count.isascii() and count.isdigit() else ""


def _nth(number: int) -> str:
    if number in _ORDINALS:
        return _ORDINALS[number]
    if number < 0:
        return f"{_nth(-number)} to last"
    ending = (
        "th" if 10 <= number % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    )
    return f"{number}{ending}"


def _numbers(text: str) -> list[int]:
    return [int(found) for found in re.findall(r"[+-]?\b\d{1,3}\b", text, re.ASCII)[:_MOST_LISTED]]


def _and(names: list[str]) -> str:
    return " and ".join((", ".join(names[:-1]), names[-1])) if len(names) > 1 else "".join(names)


def _join(*parts: str) -> str:
    return " ".join(part for part in parts if part)
