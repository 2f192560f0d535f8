"""A seed → the invented life: 300 documents over two years in a folder, and what is planted there.

Called by `tests.bench.tree_life` and the tests. The same seed makes the same bytes.
"""

from __future__ import annotations

import os
import random
import re
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from cairn.core.records import ENTRY_KINDS
from tests.bench.life import cast, filler, noise, papers, sessions, stories
from tests.bench.life.deck import Deck
from tests.bench.life.gold import Life, Line, Planted
from tests.bench.life.papers import Turn

BEGIN, DAYS = date(2024, 9, 1), 730
DOCUMENTS = 300
_PEOPLE = {
    "Ines": cast.USER, "Priya": "Priya Nair", "Marek": "Marek Dudek", "Sofia": "Sofia Lind",
    "Kathrin": "Kathrin Weiss", "Dana": "Dana Okoye", "Helga": "Helga Marquardt",
    "team": "Team", "Jakob": "Jakob Marquardt", "Tom": "Tom Reuter", "Rashid": "Rashid Amiri",
}  # fmt: skip
_GROUPS = {
    "family": ("Ines", "Tom", "Helga", "Jakob"),
    "friends": ("Ines", "Sofia", "Yusuf", "Marek"),
    "choir": ("Ines", "Priya", "Marek"),
    "work": ("Ines", "Dana", "Rashid", "Lena", "Bruno"),
    "german": ("Ines", "Helga", "Jakob"),
}
_PENFRIENDS = (
    ("Ines", "Sofia"), ("Priya", "me"), ("Dana", "me"), ("Sofia", "me"), ("Ines", "Jakob"),
    ("Jakob", "me"),
)  # fmt: skip
_FOLDERS = ("journal", "home", "work", "allotment", "family")
_TITLES = (
    "Evening notes", "Odds and ends", "Before I forget", "This week", "House", "Allotment",
    "Loose ends", "Kitchen table", "Between meetings", "Sunday", "Train thoughts", "Calls",
    "Notes to self",
)  # fmt: skip
_THINGS = (
    "apples", "oats", "two lemons", "sunscreen", "Middlemarch", "towels", "rice", "batteries",
    "The Leopard", "tape",
)  # fmt: skip
_TRADES = (
    ("Olga Behrens", "0421 555 0301", "electrician"), ("Pieter Hahn", "0421 555 0302", "roofer"),
    ("Mirela Stan", "0421 555 0303", "cleaner, comes on Wednesdays"),
    ("Cornelis Vos", "0421 555 0304", "piano tuner"), ("Aino Salo", "0421 555 0305", "babysitter"),
    ("Hauke Lührs", "0421 555 0306", "plumber"), ("Nadia Brook", "0421 555 0307", "cello teacher"),
    ("Katrin Weiß", "0421 555 0308", "boss at Tideline, private number"),
)  # fmt: skip


class _Builder:
    def __init__(self, folder: Path, seed: int) -> None:
        self.folder = folder
        self.chance = random.Random(seed)
        self.deck = Deck(self.chance)
        self.documents: list[str] = []
        self.planted: list[Planted] = []
        self.traps: list[Planted] = []
        self.noise: dict[str, str] = {}
        self.spoken: list[tuple[str, str, date, str]] = []
        """What was written to the user before, for mails that quote."""

    def store(self, path: str, text: str, day: date, said: Iterable[tuple[Line, str]] = ()) -> None:
        file = self.folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
        at = datetime(day.year, day.month, day.day, 12, tzinfo=UTC).timestamp()
        os.utime(file, (at, at))
        self.documents.append(path)
        for line, who in said:
            found = Planted(line, path, who, day.isoformat())
            if line.kind:
                self.planted.append(found)
            elif line.trap:
                self.traps.append(found)

    def name(self, folder: str, title: str, day: date, ending: str) -> str:
        slug = re.sub(r"[^\w]+", "-", title.lower()).strip("-")
        path, number = f"{folder}/{day}-{slug}{ending}", 1
        while path in self.documents:
            number += 1
            path = f"{folder}/{day}-{slug}-{number}{ending}"
        return path

    def chat_name(self, title: str, day: date) -> str:
        """Of the conversation, which its file has as well."""
        return Path(self.name("chats", title, day, ".turns.jsonl")).name.removesuffix(
            ".turns.jsonl"
        )

    def lines(
        self, first: Line | None, who: Sequence[str], day: date, more: int,
        kinds: Sequence[str] = (), german: bool = False, to: str = "",
    ) -> list[tuple[Line, str]]:  # fmt: skip
        """The first one, what the deck has to say, now and then a repetition or a trap."""
        said = [(first, who[0])] if first else []
        for _ in range(more):
            speaker = self.chance.choice(who)
            line = None if german or to else self.deck.again(day, speaker)
            allowed = kinds or (("German",) if german else ())
            line = line or self.deck.draw(day, speaker, allowed, to)
            if line:
                said.append((line, speaker))
        if self.chance.random() < 0.45 and who[0] != "minutes":
            said.append((self.deck.trap(german), self.chance.choice(who)))
        rest = said[1:] if first else said
        self.chance.shuffle(rest)
        return [*said[:1], *rest] if first else rest

    def note(self, day: date, first: Line | None = None, more: int = 2) -> None:
        ending = self.chance.choice((".md", ".md", ".txt", ".org"))
        title = self.chance.choice(_TITLES)
        self.deck.noting = True
        said = self.lines(first, ("Ines",), day, more)
        self.deck.noting = False
        text = papers.note(title, day, [line.text for line, _ in said], ending, self.chance)
        folder = f"notes/{self.chance.choice(_FOLDERS)}"
        self.store(self.name(folder, title, day, ending), text, day, said)

    def minutes(self, day: date, first: Line | None = None) -> None:
        said = self.lines(None, ("minutes",), day, 3, ("decision", "promise", "question", "fact"))
        said = [(first, "minutes"), *said] if first else said
        text = papers.minutes(day, cast.COLLEAGUES, [line.text for line, _ in said])
        self.store(self.name("work/minutes", "minutes", day, ".md"), text, day, said)

    def mail(self, day: date, who: str, to: str, first: Line | None = None, more: int = 1) -> None:
        said = self.lines(first, (who,), day, more, to=to)
        whom = "Ines" if to == "me" else to
        before = [text for by, to, at, text in self.spoken if (by, to) == (whom, who) and at < day]
        quoted = self.chance.choice(before) if before and self.chance.random() < 0.9 else ""
        path = self.name("mail", f"{who} to {whom}", day, ".eml")
        subject = self.chance.choice(
            ("Hello", "Re: plans", "Quick note", "This and that", "Re: news")
        )
        text = papers.mail(
            _PEOPLE.get(who, who), _PEOPLE.get(whom, whom), subject, day,
            [line.text for line, _ in said], self.chance, quoted, path,
        )  # fmt: skip
        self.store(path, text, day, said)
        self.spoken += [(who, whom, day, line.text) for line, _ in said if line.kind]

    def chat(self, day: date, group: str, first: Line | None = None, by: str = "",
             more: int = 3) -> None:  # fmt: skip
        german = group == "german"
        people = _GROUPS[group]
        said = self.lines(None, people, day, more, german=german)
        if first:
            said.insert(self.chance.randrange(len(said) + 1), (first, by))
        small = filler.CHAT_DE if german else filler.CHAT
        turns: list[Turn] = []
        for line, who in said:
            turns += self.small_talk(people, small, self.chance.randrange(1, 4))
            text = line.text
            if self.chance.random() < 0.3:
                text = f"{text} {self.chance.choice(small)}"
            turns.append(_turn(who, text))
        turns += self.small_talk(people, small, 2)
        name = self.chat_name(group, day)
        title = f"{group.title()} chat"
        text = papers.conversation(name, title, day, turns, self.chance)
        self.store(f"chats/{name}.turns.jsonl", text, day, said)

    def small_talk(self, people: Sequence[str], small: Sequence[str], count: int) -> list[Turn]:
        turns = [_turn(self.chance.choice(people), self.chance.choice(small)) for _ in range(count)]
        if self.chance.random() < 0.15 and small is filler.CHAT:
            asked, answered = self.chance.choice(filler.ANSWERED)
            turns += [_turn(people[0], asked), _turn(people[1], answered)]
        return turns

    def assistant(self, day: date, first: Line | None, agent: bool = False, more: int = 1) -> None:
        """The user tells something in passing; what the assistant says is advice."""
        kinds = ("preference", "fact", "decision")
        said = self.lines(first, ("Ines",), day, more, kinds)
        turns = []
        for line, _ in said:
            asked, answer = self.chance.choice(noise.ADVICE)
            order = (f"{line.text} {asked}", f"{asked} {line.text}", line.text)
            turns += [
                _turn("Ines", self.chance.choice(order)),
                Turn("Assistant", answer, "assistant"),
            ]
        name = self.chat_name("agent" if agent else "assistant", day)
        text = papers.conversation(name, "Chat with an assistant", day, turns, self.chance,
                                   "portal" if agent else "")  # fmt: skip
        self.store(f"chats/{name}.turns.jsonl", text, day, said)

    def session(self, day: date, session: sessions.Session) -> None:
        turns = [_turn("Ines", session.asked)]
        for command, output in (*session.failed, *session.worked):
            turns.append(Turn("shell", output or "(no output)", "tool", command))
        turns += [Turn("Agent", session.ended, "assistant"), _turn("Ines", session.thanks)]
        name = self.chat_name(f"agent {session.project}", day)
        text = papers.conversation(name, session.asked[:40], day, turns, self.chance,
                                   f"~/code/{session.project}")  # fmt: skip
        ran = tuple(part for pair in session.worked for part in pair if part)
        line = Line(session.asked, "procedure", f"session {session.asked[:30]}", session.project,
                    also=(*ran, session.ended))  # fmt: skip
        self.store(f"chats/{name}.turns.jsonl", text, day, [(line, "Ines")] if ran else ())
        if not ran:
            self.noise[f"chats/{name}.turns.jsonl"] = "nothing worked"

    def how_to(self, day: date, how: sessions.HowTo) -> None:
        line = Line(how.steps[0], "procedure", f"how to {how.title}", how.title,
                    also=(*how.steps[1:], how.lead, how.title))  # fmt: skip
        text = papers.steps(how.title, day, how.lead, how.steps)
        self.store(self.name("notes/howto", how.title, day, ".md"), text, day, [(line, "Ines")])

    def contacts(self, day: date) -> None:
        cards = "".join(papers.card(*each) for each in _TRADES[:4])
        rows = "".join(f"| {name} | {phone} | {what} |\n" for name, phone, what in _TRADES[4:])
        table = f"# People for the house\n\n| name | phone | what |\n|---|---|---|\n{rows}"
        lines = [
            Line(phone, "person", f"contact {name}", name, "phone", phone, also=(name, what))
            for name, phone, what in _TRADES
        ]
        self.store("contacts/trades.vcf", cards, day, [(line, "Ines") for line in lines[:4]])
        self.store("contacts/house.md", table, day, [(line, "Ines") for line in lines[4:]])

    def noises(self) -> None:
        for sort, (make, count, folder) in noise.NOISE.items():
            for number in range(count):
                ending, text = make(number, self.chance)
                day = self.day()
                path = f"{folder}/{sort.replace(' ', '-')}-{number + 1:02}{ending}"
                self.store(path, text, day)
                self.noise[path] = sort
        for _ in range(8):
            day, what = self.day(), self.chance.choice(("Shopping", "Packing", "To read", "Films"))
            rows = self.chance.sample(_THINGS, 6)
            path = self.name("lists", what, day, ".md")
            self.store(path, f"# {what}\n\n" + "".join(f"- {row}\n" for row in rows), day)
            self.noise[path] = "list"
        for sort, count in (("small talk", 10), ("advice", 8), ("traps", 5)):
            for _ in range(count):
                self.idle_chat(sort)

    def idle_chat(self, sort: str) -> None:
        day, said, turns = self.day(), [], []
        if sort == "advice":
            for asked, answer in self.chance.sample(noise.ADVICE, 3):
                turns += [_turn("Ines", asked), Turn("Assistant", answer, "assistant")]
        elif sort == "small talk":
            turns = self.small_talk(_GROUPS["friends"], filler.CHAT, 9)
        else:
            said = [(self.deck.trap(), "Sofia") for _ in range(6)]
            for line, who in said:
                turns += [_turn(who, line.text), _turn("Ines", self.chance.choice(filler.CHAT))]
        name = self.chat_name(sort, day)
        text = papers.conversation(name, "Chat", day, turns, self.chance)
        self.store(f"chats/{name}.turns.jsonl", text, day, said)
        self.noise[f"chats/{name}.turns.jsonl"] = sort

    def story(self, row: str) -> None:
        said, medium, who, kind, thing, value, due, text = row.split("|", 7)
        day = date.fromisoformat(said)
        subject, attribute = thing.rstrip("0123456789 "), "value"
        assert kind in ENTRY_KINDS
        line = Line(text, kind, thing, subject, attribute, value, due)
        place, _, whom = medium.partition(":")
        if place == "chat":
            self.chat(day, whom, line, who, self.chance.randrange(3))
        elif place == "mail":
            self.mail(day, who, whom, line, self.chance.randrange(2))
        elif place == "minutes":
            self.minutes(day, line)
        elif place == "note":
            self.note(day, line, self.chance.randrange(2))
        else:
            self.assistant(day, line, place == "agent", self.chance.randrange(2))

    def day(self) -> date:
        return BEGIN + timedelta(self.chance.randrange(DAYS))

    def rest(self) -> None:
        """What fills the two years, in order of time."""
        count = DOCUMENTS - len(self.documents)
        days = sorted(self.day() for _ in range(count))
        for number, day in enumerate(days):
            left = self.deck.left() / (count - number)
            more = max(1, min(5, round(left * 1.05)))
            match number % 10:
                case 0 | 3 | 6 | 8:
                    self.note(day, more=more)
                case 1 | 5:
                    group = self.chance.choice(("family", "friends", "work", "choir"))
                    self.chat(day, group, more=more + 1)
                case 2:
                    self.chat(day, "german", more=more)
                case 4:
                    self.minutes(day)
                case 7:
                    self.mail(day, *self.chance.choice(_PENFRIENDS), more=more)
                case _:
                    self.assistant(day, None, more=more)


def build(folder: Path, seed: int = 1) -> Life:
    """Write the documents below `folder`, which is made."""
    builder = _Builder(folder, seed)
    for row in stories.ROWS:
        builder.story(row)
    for session in (*sessions.SESSIONS, *sessions.NEVER_WORKED):
        builder.session(builder.day(), session)
    for how in sessions.HOW_TOS:
        builder.how_to(builder.day(), how)
    builder.contacts(date(2025, 3, 1))
    builder.noises()
    builder.rest()
    return Life(
        tuple(builder.documents), tuple(builder.planted), tuple(builder.traps), builder.noise,
        stories.UPDATES, stories.NAMES, stories.APART,
    )  # fmt: skip


def _turn(who: str, text: str) -> Turn:
    return Turn(who, text, "user" if who == "Ines" else "other")
