"""Pools of content and frames → lines to plant, each frame and each thing in turn, by chance.

Used by `build.py`. A line's dates fit the day on which it is said; nobody speaks of themselves in
the third person.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, timedelta

from cairn.core.records import EntryKind
from tests.bench.life import cast, facts, filler, frames
from tests.bench.life.dates import by_when, on_when
from tests.bench.life.gold import Line
from tests.bench.life.sessions import TOLD

Say = Callable[[date, str], Line]
_NAMES = cast.FAMILY + cast.FRIENDS + cast.COLLEAGUES


class Deck:
    """Draws lines until nothing is left."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        self._frames: dict[Sequence[str], Iterator[str]] = {}
        self._said: list[tuple[date, Say]] = []
        self._dates: dict[str, date] = {}
        self._repeating = False
        self.noting = False
        """Is it for a note, in which nobody is talked to?"""
        self._left: dict[str, list[Say]] = {
            "decision": [
                self._decide(c, n) for n, c in enumerate(cast.CHOICES) if not (c.de and n % 2)
            ],
            "preference": [
                *(self._like(like, n) for n, like in enumerate(cast.LIKES)),
                *(self._dislike(thing, n) for n, thing in enumerate(cast.DISLIKES)),
            ],
            "fact": [self._fact(f, n) for n, f in enumerate(facts.FACTS) if not _is_german(f)],
            "event": [
                *(self._ahead(h, n) for n, h in enumerate(cast.HAPPENINGS) if not (h[2] and n % 2)),
                *(self._behind(item, n) for n, item in enumerate(cast.DONE)),
            ],
            "promise": [self._promise(task, n) for n, task in enumerate(cast.TASKS * 2)],
            "question": [self._question(item, n) for n, item in enumerate(cast.UNKNOWNS)],
            "procedure": [self._told(item) for item in TOLD],
            "German": [
                *(self._fact(f, n) for n, f in enumerate(facts.FACTS) if _is_german(f)),
                *(self._like_de(pair) for pair in frames.LIKED_DE),
                *(self._question_de(item) for item in frames.QUESTIONS_DE),
                *(self._decide_de(c, n) for n, c in enumerate(cast.CHOICES) if c.de and n % 2),
                *(self._ahead_de(h, n) for n, h in enumerate(cast.HAPPENINGS) if h[2] and n % 2),
                *(self._promise_de(t, n) for n, t in enumerate(cast.TASKS) if t[2] and n % 2),
            ],
        }
        for pool in self._left.values():
            chance.shuffle(pool)

    def left(self) -> int:
        return sum(map(len, self._left.values()))

    def draw(self, day: date, who: str, kinds: Iterable[str] = (), to: str = "") -> Line | None:
        """The next line that this person can say, of the kind of which most is left."""
        allowed = kinds or [kind for kind in self._left if kind != "German"]
        for kind in sorted(allowed, key=lambda kind: -len(self._left[kind])):
            pool = self._left[kind]
            for index, say in enumerate(pool):
                line = say(day, who)
                if _can_say(who, line) and not (to and to in line.text):
                    del pool[index]
                    if kind in ("fact", "event", "decision") and line.thing[-1] in "05":
                        self._said.append((day, say))
                    return line
        return None

    def again(self, day: date, who: str) -> Line | None:
        """What somebody said before, in other words."""
        self._repeating = True
        for index, (said, say) in enumerate(self._said):
            line = say(day, who)
            if timedelta(1) <= day - said <= timedelta(90) and _can_say(who, line):
                del self._said[index]
                break
        else:
            line = None
        self._repeating = False
        return line

    def trap(self, german: bool = False) -> Line:
        traps = filler.TRAPS_DE if german else filler.TRAPS
        sort = self._chance.choice(sorted(traps))
        return Line(self._chance.choice(traps[sort]), trap=sort)

    def _frame(self, of: Sequence[str]) -> str:
        """All of them once before any comes again."""
        if of not in self._frames:
            self._frames[of] = self._cycle(of)
        return next(self._frames[of])

    def _cycle(self, of: Sequence[str]) -> Iterator[str]:
        while True:
            yield from self._chance.sample(of, len(of))

    def _other(self, *apart: str) -> str:
        return self._chance.choice([name for name in _NAMES if name not in apart])

    def _line(self, kind: EntryKind, thing: str, frame: str, subject: str, **given: str) -> Line:
        slots = {key: text for key, text in given.items() if key not in ("attribute", "date")}
        slots |= {_upper(key): _capital(text) for key, text in slots.items()}
        text = frame.format(**slots, about_=_capital(slots.get("about", "")))
        return Line(
            _capital(text), kind, thing, subject, given.get("attribute", ""),
            given.get("value", ""), given.get("date", ""),
        )  # fmt: skip

    def _decide(self, choice: cast.Choice, number: int) -> Say:
        def say(day: date, who: str) -> Line:
            pool = frames.MINUTED_DECISIONS if who == "minutes" else frames.DECISIONS
            frame = self._frame(pool)
            while "{against}" in frame and not choice.against:
                frame = self._frame(pool)
            return self._line(
                "decision", f"decision {number}", frame, choice.about, do=choice.do,
                noun=choice.noun, about=choice.about, against=choice.against,
                value=choice.noun, p=self._other(who), attribute="choice",
            )  # fmt: skip

        return say

    def _decide_de(self, choice: cast.Choice, number: int) -> Say:
        def say(day: date, who: str) -> Line:
            return self._line(
                "decision", f"decision {number}", self._frame(frames.DECISIONS_DE), choice.about,
                de=choice.de, p=self._other(who, "Lena"), value=choice.noun, attribute="choice",
            )  # fmt: skip

        return say

    def _like(self, like: tuple[str, str, str, str], number: int) -> Say:
        def say(day: date, who: str) -> Line:
            a, b, klass, do = like
            return self._line(
                "preference", f"liked {number}", self._frame(frames.LIKES), who, a=a, b=b,
                klass=klass, do=do, value=a, attribute=klass,
            )  # fmt: skip

        return say

    def _dislike(self, thing: str, number: int) -> Say:
        def say(day: date, who: str) -> Line:
            frame = self._frame(frames.DISLIKES)
            return self._line("preference", f"disliked {number}", frame, who, x=thing, value=thing)

        return say

    def _like_de(self, pair: tuple[str, str]) -> Say:
        def say(day: date, who: str) -> Line:
            a, b = pair
            frame = self._frame(frames.LIKES_DE)
            return self._line("preference", f"lieber {a}", frame, who, a=a, b=b, value=a)

        return say

    def _fact(self, fact: facts.Fact, number: int) -> Say:
        def say(day: date, who: str) -> Line:
            return self._line(
                "fact", f"fact {number}", self._frame(facts.PHRASINGS[fact.attribute]),
                fact.subject, s=fact.subject, v=fact.value, value=fact.value,
                attribute=fact.attribute,
            )  # fmt: skip

        return say

    def _ahead(self, item: tuple[str, str, str], number: int) -> Say:
        days = self._chance.randrange(1, 45)

        def say(day: date, who: str) -> Line:
            target = self._day(f"ahead {number}", day + timedelta(days))
            if target <= day:
                return Line("", subject=who)
            return self._line(
                "event", f"event {number}", self._frame(frames.AHEAD), item[0], who=item[0],
                what=item[1], on=on_when(day, target, self._chance), time=_time(self._chance),
                value=item[1], date=target.isoformat(),
            )  # fmt: skip

        return say

    def _day(self, key: str, day: date) -> date:
        """When something is, which stays the same when it is told again."""
        if not self._repeating or key not in self._dates:
            self._dates[key] = day
        return self._dates[key]

    def _ahead_de(self, item: tuple[str, str, str], number: int) -> Say:
        def say(day: date, who: str) -> Line:
            target = self._day(f"ahead {number}", day + timedelta(9))
            if target <= day:
                return Line("", subject=who)
            return self._line(
                "event", f"event {number}", self._frame(frames.AHEAD_DE), item[0], who=item[0],
                de=item[2], on=on_when(day, target, self._chance, german=True),
                time=f"{self._chance.randrange(8, 18)} Uhr", value=item[1], date=target.isoformat(),
            )  # fmt: skip

        return say

    def _behind(self, item: tuple[str, str], number: int) -> Say:
        days = self._chance.randrange(0, 10)

        def say(day: date, who: str) -> Line:
            target = self._day(f"behind {number}", day - timedelta(days))
            return self._line(
                "event", f"past {number}", self._frame(frames.BEHIND), item[1], clause=item[0],
                on=on_when(day, target, self._chance), date=target.isoformat(), value=item[0],
            )  # fmt: skip

        return say

    def _promise(self, task: tuple[str, str, str], number: int) -> Say:
        days = self._chance.randrange(1, 25)

        def say(day: date, who: str) -> Line:
            due = day + timedelta(days)
            named = self._other() if who == "minutes" else who
            pool: Sequence[str] = frames.PROMISES
            if self.noting or who == "minutes":
                pool = frames.NOTED_PROMISES if self.noting else frames.MINUTED_PROMISES
            return self._line(
                "promise", f"promise {number}", self._frame(pool), named, do=task[0],
                noun=task[1], by=by_when(day, due, self._chance), value=task[0],
                p=self._other(who) if self.noting else named, date=due.isoformat(),
            )  # fmt: skip

        return say

    def _promise_de(self, task: tuple[str, str, str], number: int) -> Say:
        def say(day: date, who: str) -> Line:
            due = day + timedelta(self._chance.randrange(1, 12))
            return self._line(
                "promise", f"Zusage {number}", self._frame(frames.PROMISES_DE), who, de=task[2],
                by=by_when(day, due, self._chance, german=True), value=task[0],
                date=due.isoformat(),
            )  # fmt: skip

        return say

    def _question(self, item: tuple[str, str], number: int) -> Say:
        def say(day: date, who: str) -> Line:
            frame = self._frame(frames.QUESTIONS)
            return self._line("question", f"question {number}", frame, item[1], wh=item[0])

        return say

    def _question_de(self, item: tuple[str, str]) -> Say:
        return lambda day, who: Line(item[0], "question", f"Frage {item[1]}", item[1])

    def _told(self, item: tuple[str, str]) -> Say:
        return lambda day, who: Line(item[1], "procedure", f"told {item[0]}", item[0])


def _can_say(who: str, line: Line) -> bool:
    """No name of the speaker in it; what 'I' and 'we' did is the user's to tell."""
    if not line.text or (who != "minutes" and who.split()[0] in line.text):
        return False
    told = line.thing.startswith(("past", "told"))
    ours = any(word in f" {line.text.lower()} " for word in (" i ", " we ", " our "))
    return who == "Ines" or not (told and (ours or who == "minutes"))


def _is_german(fact: facts.Fact) -> bool:
    return fact.attribute in ("Beruf", "Geburtstag", "Wohnort")


def _upper(key: str) -> str:
    return key[0].upper() + key[1:]


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _time(chance: random.Random) -> str:
    return chance.choice(("9:00", "10:30", "half past two", "4 pm", "18:15", "noon", "8 am"))
