"""A time as people write it → ISO: `2026-03-01`, `2026-03`, `2026-03-01T18:00`, "last March".

Called for `--as-of` and the like. A month or a year means its last day, and a day its end, so that
what was done or said within it counts.
"""

from __future__ import annotations

import calendar
import re
from datetime import date, datetime, time

from cairn.core.errors import ConfigError

_MONTH = re.compile(r"(\d{4})(?:-(\d\d))?")


def parse_day(text: str, today: date) -> str:
    """An ISO day, or a moment with its zone where a time of day is said."""
    given = " ".join(text.split())
    if exact := _moment(given):
        return exact.isoformat()
    return _days(given, text, today)[1].isoformat()


def first_day(text: str) -> str:
    """The ISO day with which what somebody gave begins, if anything: of a month its first."""
    if exact := _moment(" ".join(text.split())):
        return exact.date().isoformat()
    return _days(" ".join(text.split()), text, date.today())[0].isoformat() if text else ""


def _days(given: str, text: str, today: date) -> tuple[date, date]:
    """The first and the last day."""
    if found := _iso_days(given) or _in_words(given, today):
        return found
    raise ConfigError(
        f"`{text}` is not a time that cairn understands",
        "write it as `2026-03-01`, `2026-03`, `2026-03-01T18:00` or `last March`",
    )


def on_day(text: str) -> str:
    """An ISO day of what somebody gave, if anything."""
    return parse_day(text, date.today())[:10] if text else ""


def parse_moment(text: str, now: datetime) -> datetime:
    """The very moment; of a day its end, or now where that is still to come."""
    said = parse_day(text, now.date())
    if "T" in said:
        return datetime.fromisoformat(said)
    end = datetime.combine(date.fromisoformat(said), time(23, 59, 59, 999_000)).astimezone()
    return now if end.date() == now.date() else end


def _moment(text: str) -> datetime | None:
    if not re.match(r"\d{4}-\d\d-\d\d[T ]\d", text):
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo else found.astimezone()


def _iso_days(text: str) -> tuple[date, date] | None:
    try:
        if found := _MONTH.fullmatch(text):
            year, month = int(found[1]), int(found[2] or 12)
            last = date(year, month, calendar.monthrange(year, month)[1])
            return date(year, int(found[2] or 1), 1), last
        day = date.fromisoformat(text) if re.fullmatch(r"\d{4}-\d\d-\d\d", text) else None
        return (day, day) if day else None
    except ValueError:
        return None


def _in_words(text: str, today: date) -> tuple[date, date] | None:
    """Only where the whole text is one such phrase, which is then no later than today if it can
    be: what is not understood must not be passed over."""
    from cairn.core.times.phrases import find

    days: list[tuple[date, date]] = []
    for written in (text, f"in {text}", f"on {text}", f"last {text}"):
        found = find(written, today)
        if len(found) == 1 and found[0].text == written and not found[0].repeats:
            days.append((found[0].first, found[0].last))
    return next((each for each in days if each[1] <= today), days[0] if days else None)
