"""Outlines of sessions → habits in plain words, each with its figure, evidence and examples.

Shown by `cairn habits`. A habit is stated only with enough sessions on enough days that bear on
it; nothing is guessed from less, and no model is asked.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from statistics import median

from cairn.core.traces.outline import Outline
from cairn.core.traces.telling import PARTS, count, part_of_day, tell_minutes, tell_size

MIN_SESSIONS = 5
MIN_DAYS = 3
"""The evidence that a habit needs: so many sessions, on so many days."""
_MIN_TIMES = 3
"""What is said to be done is seen so often at least."""
_MOSTLY = 0.5
_EXAMPLES = 3
_SMALL_STEP, _LARGE_STEP = 200, 2000


@dataclass(frozen=True, slots=True)
class Example:
    """Where a habit shows: the beginning of a session, in UTC, and a file if it is about one."""

    at: str
    uri: str = ""


@dataclass(frozen=True, slots=True)
class Habit:
    name: str
    statement: str
    value: float
    """The figure behind the statement; the function of each habit says which."""
    sessions: int
    days: int
    since: str
    """The day of the first session that it rests on."""
    examples: tuple[Example, ...]


Found = tuple[str, float, Sequence[Outline], Iterable[tuple[Outline, str]]]
"""Statement, value, the sessions that bear on it, and examples with their files."""


def find_habits(sessions: Sequence[Outline]) -> tuple[Habit, ...]:
    """Everything that can be said with enough evidence, in a fixed order."""
    found = ((name, find(sessions)) for name, find in _HABITS.items() if is_enough(sessions))
    return tuple(_state(name, *parts) for name, parts in found if parts and is_enough(parts[2]))


def is_enough(sessions: Sequence[Outline]) -> bool:
    return len(sessions) >= MIN_SESSIONS and len({item.day for item in sessions}) >= MIN_DAYS


def _state(
    name: str,
    statement: str,
    value: float,
    evidence: Sequence[Outline],
    shown: Iterable[tuple[Outline, str]],
) -> Habit:
    newest = list(shown)[-_EXAMPLES:][::-1]
    return Habit(
        name, statement, round(value, 3), len(evidence), len({item.day for item in evidence}),
        min(item.day for item in evidence).isoformat(),
        tuple(Example(item.start.isoformat(timespec="milliseconds"), uri) for item, uri in newest),
    )  # fmt: skip


def _time_of_day(sessions: Sequence[Outline]) -> Found:
    """Value: the share of sessions that begin in the most frequent part of the day."""
    shares = Counter(part_of_day(item.hour) for item in sessions)
    ranked = sorted(PARTS, key=lambda part: -shares[part])
    best, value = ranked[0], shares[ranked[0]] / len(sessions)
    details = ", ".join(
        f"{part} {round(100 * shares[part] / len(sessions))}%" for part in PARTS if shares[part]
    )
    lead = _at(best) if value >= _MOSTLY else "at no fixed time of day"
    shown = [(item, "") for item in sessions if part_of_day(item.hour) == best]
    return f"you work {lead} ({details})", value, sessions, shown


def _at(part: str) -> str:
    return "mostly at night" if part == "night" else f"mostly in the {part}"


def _week(sessions: Sequence[Outline]) -> Found:
    """Value: the share of sessions on Saturdays and Sundays."""
    weekend = [item for item in sessions if item.day.weekday() >= 5]
    value = len(weekend) / len(sessions)
    lead = "mostly on weekdays" if value <= 0.15 else "on weekdays and at weekends"
    lead = "mostly at weekends" if value > 0.6 else lead
    shown = weekend if value > 0.6 else [item for item in sessions if item.day.weekday() < 5]
    words = f"you work {lead} ({_of(len(weekend), sessions)} at a weekend)"
    return words, value, sessions, [(item, "") for item in shown]


def _length(sessions: Sequence[Outline]) -> Found | None:
    """Value: the median length in minutes, of sessions with more than one event."""
    timed = [item for item in sessions if item.events > 1]
    if not timed:
        return None
    value = median(item.minutes for item in timed)
    near = [item for item in timed if value / 2 <= item.minutes <= value * 2]
    words = f"a session of yours typically lasts {tell_minutes(value)}"
    return words, value, timed, [(item, "") for item in near]


def _saving(sessions: Sequence[Outline]) -> Found | None:
    """Value: the median number of saves for each edited file of a session."""
    edited = [item for item in sessions if item.edited]
    if not edited:
        return None
    value = median(item.saves / item.edited for item in edited)
    total = median(item.saves for item in edited)
    lead = "often" if value >= 4 else "rarely" if value <= 1.5 else "now and then"
    words = f"you save {lead}: typically {_number(value)} times a file, {_number(total)} a session"
    near = [item for item in edited if value / 2 <= item.saves / item.edited <= value * 2]
    return words, value, edited, [(item, "") for item in near]


def _steps(sessions: Sequence[Outline]) -> Found | None:
    """Value: the median number of bytes by which a save changes a file's size."""
    edited = [item for item in sessions if item.steps]
    if not edited:
        return None
    value = median(step for item in edited for step in item.steps)
    lead = "small" if value < _SMALL_STEP else "large" if value > _LARGE_STEP else "medium"
    words = f"you edit in {lead} steps: a save typically changes {tell_size(value)}"
    return words, value, edited, [(item, "") for item in edited]


def _focus(sessions: Sequence[Outline]) -> Found | None:
    """Value: the median share of turns from file to file that lead into another folder."""
    several = [item for item in sessions if item.switches is not None]
    if not several:
        return None
    value = median(item.switches for item in several if item.switches is not None)
    lead = (
        "you stay in one folder for long" if value <= 0.25 else "you switch between folders often"
    )
    lead = "you change the folder now and then" if 0.25 < value < 0.6 else lead
    words = f"{lead} ({round(100 * value)}% of the turns from file to file lead to another folder)"
    return words, value, several, [(item, "") for item in several]


def _revisiting(sessions: Sequence[Outline]) -> Found | None:
    """Value: the share of sessions with several files in which one is taken up again."""
    several = [item for item in sessions if item.files > 1]
    again = [item for item in several if item.revisits]
    if not several:
        return None
    value = len(again) / len(several)
    lead = "rarely" if value < 0.25 else "often" if value >= _MOSTLY else "at times"
    words = (
        f"you {lead} come back to a file after working on another "
        f"({_of(len(again), several)} with more than one file)"
    )
    return words, value, several, _with_files(again, lambda item: item.revisits)


def _returning(sessions: Sequence[Outline]) -> Found:
    """Value: the share of sessions in which a file of an earlier day is taken up."""
    later = [item for item in sessions if item.day > sessions[0].day]
    again = [item for item in later if item.returns]
    value = len(again) / max(1, len(later))
    lead = (
        "mostly go on with files of earlier days" if value >= _MOSTLY else "mostly begin new files"
    )
    lead = "work on files of earlier days as well as new ones" if 0.3 < value < 0.7 else lead
    words = f"you {lead} (earlier ones in {_of(len(again), later)})"
    return words, value, later, _with_files(again, lambda item: item.returns)


def _versions(sessions: Sequence[Outline]) -> Found | None:
    """Value: the share of created files that are named as a version of another."""
    made = [item for item in sessions if item.created]
    named = [item for item in sessions if item.versions]
    times = sum(len(item.versions) for item in named)
    if times < _MIN_TIMES or len({item.day for item in named}) < MIN_DAYS:
        return None
    total = max(times, sum(len(item.created) for item in made))
    words = (
        "you keep versions as copies with names such as “v2” or “final” "
        f"({times} of {count(total, 'new file')})"
    )
    return words, times / total, made, _with_files(named, lambda item: item.versions)


def _inbox(sessions: Sequence[Outline]) -> Found | None:
    """Value: the share of files received in a folder such as Downloads that were cleared away."""
    bearing = [item for item in sessions if item.received or item.cleared]
    received = sum(len(item.received) for item in bearing)
    cleared = sum(len(item.cleared) for item in bearing)
    if received < MIN_SESSIONS:
        return None
    value = min(1.0, cleared / received)
    lead = "you clear your inbox folders in part"
    lead = "you keep your inbox folders tidy" if value >= 0.7 else lead
    lead = "you leave files where they come in" if value < 0.3 else lead
    words = f"{lead} ({cleared} of {count(received, 'file')} moved on or deleted)"
    kept = _with_files(bearing, lambda item: item.cleared or item.received)
    return words, value, bearing, kept


def _moving(sessions: Sequence[Outline]) -> Found:
    """Value: the share of sessions in which a file is moved or renamed."""
    return _doing(sessions, "move or rename files", lambda item: item.moved)


def _deleting(sessions: Sequence[Outline]) -> Found:
    """Value: the share of sessions in which a file is deleted."""
    return _doing(sessions, "delete files", lambda item: item.deleted)


def _doing(
    sessions: Sequence[Outline], what: str, files: Callable[[Outline], tuple[str, ...]]
) -> Found:
    doing = [item for item in sessions if files(item)]
    value = len(doing) / len(sessions)
    lead = "often" if value >= 0.4 else "rarely" if value <= 0.1 else "now and then"
    lead = lead if doing else "never"
    total = sum(len(files(item)) for item in doing)
    details = f"{count(total, 'file')} in {_of(len(doing), sessions)}" if doing else (
        f"none in {count(len(sessions), 'session')}"
    )  # fmt: skip
    return f"you {lead} {what} ({details})", value, sessions, _with_files(doing, files)


def _with_files(
    sessions: Iterable[Outline], files: Callable[[Outline], tuple[str, ...]]
) -> list[tuple[Outline, str]]:
    return [(item, files(item)[0]) for item in sessions]


def _of(part: int, whole: Sequence[Outline]) -> str:
    return f"{part} of {count(len(whole), 'session')}"


def _number(value: float) -> str:
    return f"{value:.0f}" if value >= 10 else f"{value:.1f}".removesuffix(".0")


_HABITS: dict[str, Callable[[Sequence[Outline]], Found | None]] = {
    "time of day": _time_of_day,
    "week": _week,
    "session length": _length,
    "saving": _saving,
    "steps": _steps,
    "focus": _focus,
    "revisiting": _revisiting,
    "returning": _returning,
    "versions": _versions,
    "inbox": _inbox,
    "moving": _moving,
    "deleting": _deleting,
}
