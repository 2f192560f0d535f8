"""The times of transcripts → ISO 8601 with the zone of this machine, to the second.

An instant keeps its meaning in any zone; in the user's own its day is the day that they remember.
What has no zone keeps none. Nonsense gives "".
"""

from __future__ import annotations

from datetime import date, datetime

_EARLIEST, _LATEST = 0, 253_370_764_800  # 1970 to 9999
_MILLISECONDS = 100_000_000_000
"""Beyond this a number can't be seconds: it would be the year 5138."""
_MOST = 1e21
_DAY = len("2026-08-10")


def from_epoch(value: object) -> str:
    """Seconds, milli-, micro- or nanoseconds since 1970, as a number or its text."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return ""
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return ""
    if number > _MOST:
        return ""
    while number > _MILLISECONDS:
        number /= 1000
    if not _EARLIEST < number < _LATEST:
        return ""
    return datetime.fromtimestamp(int(number)).astimezone().isoformat()


def from_iso(value: object) -> str:
    """`2026-08-10T12:00:00.000Z` in this machine's zone; without a zone or hour, as it stands."""
    if not isinstance(value, str):
        return ""
    text = value.strip()
    try:
        if len(text) <= _DAY:
            return date.fromisoformat(text).isoformat()
        moment = datetime.fromisoformat(text)
        if moment.tzinfo is not None:
            moment = moment.astimezone()
    except (ValueError, OverflowError, OSError):
        return ""
    return moment.replace(microsecond=0).isoformat()


def from_any(value: object) -> str:
    """A time that may be a number or a text."""
    if isinstance(value, str) and len(value) > 8 and value.strip().isdecimal():
        return from_epoch(value)  # milliseconds can look like a date without dashes
    return from_iso(value) or from_epoch(value)
