"""Lines → the text of a note, a mail, minutes, a conversation: how it would lie on somebody's disk.

Used by `build.py`. A planted sentence stays verbatim, though mails and some notes wrap it.
"""

from __future__ import annotations

import json
import random
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from email.message import EmailMessage
from email.utils import format_datetime

from tests.bench.life import filler


@dataclass(frozen=True, slots=True)
class Turn:
    who: str
    text: str
    origin: str = "other"
    command: str = ""


def note(title: str, day: date, texts: Sequence[str], ending: str, chance: random.Random) -> str:
    """Paragraphs and lists with ordinary sentences between them."""
    parts: list[str] = []
    listed = len(texts) > 2 and chance.random() < 0.5
    bullet = {".md": "- ", ".org": "- ", ".txt": "* "}[ending]
    for text in texts:
        if listed:
            parts.append(bullet + text)
            continue
        around = [chance.choice(filler.PROSE), text, chance.choice(filler.PROSE)]
        part = " ".join(around[chance.randrange(2) : 2 + chance.randrange(2)])
        parts.append(textwrap.fill(part, 88, break_on_hyphens=False) if len(part) > 140 else part)
    body = ("\n" if listed else "\n\n").join(parts)
    if ending == ".org":
        return f"#+TITLE: {title}\n#+DATE: {day}\n\n* {title}\n\n{body}\n"
    if ending == ".txt":
        return f"{title}\n{day.day:02}.{day.month:02}.{day.year}\n\n{body}\n"
    if chance.random() < 0.5:
        return f"---\ntitle: {title}\ndate: {day}\n---\n\n# {title}\n\n{body}\n"
    return f"# {day} {title}\n\n{body}\n"


def minutes(day: date, present: Sequence[str], texts: Sequence[str]) -> str:
    points = "\n".join(f"- {text}" for text in texts)
    return (
        f"# Minutes {day}\n\nPresent: {', '.join(present)}\n\n## Points\n\n{points}\n\n"
        "## Any other business\n\nNone.\n"
    )


def steps(title: str, day: date, lead: str, lines: Sequence[str]) -> str:
    listed = "\n".join(f"{number}. {line}" for number, line in enumerate(lines, 1))
    return f"---\ntitle: {title}\ndate: {day}\n---\n\n# {title}\n\n{lead}\n\n{listed}\n"


def mail(
    sender: str, to: str, subject: str, day: date, texts: Sequence[str], chance: random.Random,
    quoted: str = "", key: str = "",
) -> str:  # fmt: skip
    parts = [f"Dear {to.split()[0]},", chance.choice(filler.MAIL_OPEN), *texts]
    parts += [chance.choice(filler.MAIL_CLOSE), sender.split()[0]]
    body = "\n\n".join(textwrap.fill(part, 72, break_on_hyphens=False) for part in parts)
    if quoted:
        lines = textwrap.wrap(quoted, 68, break_on_hyphens=False)
        body += f"\n\nOn {day - timedelta(2)} {to} wrote:\n" + "\n".join(f"> {x}" for x in lines)
    message = EmailMessage()
    message["From"], message["To"] = _address(sender), _address(to)
    message["Subject"] = subject
    message["Date"] = format_datetime(_moment(day, chance))
    message["Message-ID"] = f"<{key}@life.example>"
    message.set_content(body + "\n", cte="quoted-printable")
    return message.as_string()


def conversation(
    name: str,
    title: str,
    day: date,
    turns: Sequence[Turn],
    chance: random.Random,
    project: str = "",
) -> str:
    moment = _moment(day, chance)
    rows = []
    for number, turn in enumerate(turns, 1):
        moment += timedelta(seconds=chance.randrange(20, 400))
        row = {
            "conversation": name, "title": title, "id": str(number), "time": moment.isoformat(),
            "author": turn.who, "origin": turn.origin, "text": turn.text,
        }  # fmt: skip
        if turn.command:
            row["command"] = turn.command
        if project:
            row["project"] = project
        rows.append(json.dumps(row, ensure_ascii=False))
    return "\n".join(rows) + "\n"


def card(name: str, phone: str, note: str) -> str:
    last, first = name.split()[-1], name.split()[0]
    return (
        f"BEGIN:VCARD\nVERSION:3.0\nN:{last};{first};;;\nFN:{name}\nTEL;TYPE=CELL:{phone}\n"
        f"NOTE:{note}\nEND:VCARD\n"
    )


def _moment(day: date, chance: random.Random) -> datetime:
    """Never so late that the conversation runs into the next day."""
    return datetime.combine(day, time(chance.randrange(7, 20), chance.randrange(60)), UTC)


def _address(name: str) -> str:
    mailbox = ".".join(name.lower().replace("dr. ", "").split()).encode("ascii", "ignore").decode()
    return f'"{name}" <{mailbox}@life.example>'
