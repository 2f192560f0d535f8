"""`day` and `habits`: a day in words → a request to the daemon, the reply → lines to print.

Called by the command line. The lines name times, files and evidence; `--json` has it all.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

from cairn.app import client, render
from cairn.core.errors import ConfigError

Json = dict[str, Any]
_WEEKDAYS = "monday tuesday wednesday thursday friday saturday sunday".split()
_DAYS_AGO = re.compile(r"(\d{1,5}) days? ago")
_TOPICS = 8
_WORDS = 5
_PAIRS = 10


def day(text: str = "today", *, as_json: bool = False) -> int:
    """Exit status 0 with something to tell, 1 when nothing happened."""
    start, end = parse_day(text, date.today())
    data = client.call("day", {"start": start.isoformat(), "end": end.isoformat()})
    if as_json:
        render.envelope("day", data)
    else:
        _show(day_lines(data))
        render.private(data)
    return 0 if data["lines"] else 1


def habits(*, as_json: bool = False) -> int:
    """Exit status 0 with habits to tell, 1 when too little has been seen."""
    data = client.call("habits")
    if as_json:
        render.envelope("habits", data)
    else:
        _show(habit_lines(data))
        render.private(data)
    return 0 if data["habits"] else 1


def parse_day(text: str, today: date) -> tuple[date, date]:
    """The first day that is meant, and the day after the last one.

    A weekday's name is the latest such day, today included; "last tuesday" is before today.
    """
    words = " ".join(text.casefold().split())
    monday = today - timedelta(today.weekday())
    if words == "this week":
        return monday, monday + timedelta(7)
    if words == "last week":
        return monday - timedelta(7), monday
    start = _single_day(words, today)
    if start is None:
        raise ConfigError(
            f"`{text}` is not a day that cairn understands",
            "write it as `2026-05-03`, `yesterday`, `tuesday` or `last tuesday`",
        )
    if start > today:
        raise ConfigError(f"{start.isoformat()} is still to come", "ask for today or a day before")
    return start, start + timedelta(1)


def _single_day(words: str, today: date) -> date | None:
    if words in ("today", "yesterday", ""):
        return today - timedelta(words == "yesterday")
    if found := _DAYS_AGO.fullmatch(words):
        return _back(today, int(found[1]))
    name = words.removeprefix("last ")
    for number, weekday in enumerate(_WEEKDAYS):
        if len(name) >= 3 and weekday.startswith(name):
            since = (today.weekday() - number) % 7
            return today - timedelta(since or 7 * words.startswith("last "))
    try:
        return date.fromisoformat(words) if re.fullmatch(r"\d{4}-\d\d-\d\d", words) else None
    except ValueError:
        return None


def _back(today: date, days: int) -> date | None:
    try:
        return today - timedelta(days)
    except OverflowError:
        return None


def day_lines(data: Json) -> list[str]:
    """One line for each session, arrival and file that programs write, in order of time."""
    if not data["lines"]:
        return [f"no file was touched {_period(data)}"]
    lines = [_headline(data)]
    for line in data["lines"]:
        lines.append(f"  {line['text']}")
        lines += [f"    unusual for you: {words}" for words in line["unusual"]]
    return lines


def _headline(data: Json) -> str:
    work = [line for line in data["lines"] if line["kind"] == "work"]
    if not work:
        return f"{_dated(data)}: no work on files"
    sessions = "1 session" if len(work) == 1 else f"{len(work)} sessions"
    lasted = f", {render.duration(60 * data['minutes'])}" if data["minutes"] >= 1 else ""
    return f"{_dated(data)}: {sessions} of work{lasted}"


def _period(data: Json) -> str:
    start, last = data["start"], _last_day(data)
    return f"on {start}" if start == last else f"from {start} to {last}"


def _dated(data: Json) -> str:
    start, last = data["start"], _last_day(data)
    return str(start) if start == last else f"{start} to {last}"


def _last_day(data: Json) -> str:
    return (date.fromisoformat(data["end"]) - timedelta(1)).isoformat()


def habit_lines(data: Json) -> list[str]:
    """Habits with their evidence, then what was unusual, topics and files used together."""
    lines = [data["lacking"]] if data["lacking"] else []
    if data["habits"]:
        lines.append(f"seen in {data['sessions']} sessions on {data['days']} days "
                     f"since {data['since']}:")  # fmt: skip
    lines += [line for habit in data["habits"] for line in _habit(habit)]
    odd = [f"  {item['when']}: {item['deviation']['statement']}" for item in data["unusual"]]
    topics = [f"  {_path(topic['folder'])}: {_words(topic)}" for topic in data["topics"][:_TOPICS]]
    pairs = [
        f"  {_path(pair['a'])} and {_path(pair['b'])} ({pair['sessions']} sessions)"
        for pair in data["together"][:_PAIRS]
    ]
    for title, found in (
        ("unusual for you", odd),
        ("what your folders are about", topics),
        ("files that you use together", pairs),
    ):
        lines += [f"{title}:", *found] if found else []
    return lines


def _habit(habit: Json) -> list[str]:
    evidence = f"{habit['sessions']} sessions on {habit['days']} days, since {habit['since']}"
    shown = list(dict.fromkeys(_path(item["uri"]) for item in habit["examples"] if item["uri"]))
    such_as = f"; such as {', '.join(shown)}" if shown else ""
    return [f"  {habit['name']}: {habit['statement']}", f"    {evidence}{such_as}"]


def _words(topic: Json) -> str:
    return ", ".join(word["word"] for word in topic["words"][:_WORDS])


def _path(uri: str) -> str:
    return uri.removeprefix("file:") or "/"


def _show(lines: list[str]) -> None:
    for line in lines:
        render.out(render.clean(line))
