"""What was asked lately and answered → what a later question leans on, and what can be judged.

Held by asking; `conversing` notes every answer in it. In memory always; past a restart only as far
as the conversation with cairn is kept, to which the sources of each answer are noted without text;
and what was asked in private mode no longer than that lasts.
"""

from __future__ import annotations

import json
import threading
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from cairn.core.answer.following.exchange import Exchange
from cairn.core.answer.following.resolve import follow
from cairn.core.answer.kinds import stands_alone
from cairn.core.journal import Journal
from cairn.core.private import PrivateMode
from cairn.core.records import Answer, digest
from cairn.core.redact import redact

PAUSE = timedelta(minutes=30)
"""After which another conversation begins."""
MOST = 50
_LOOKED_AT = 6
_AT_ONCE = timedelta(seconds=10)
Words = tuple[tuple[str, str], ...]
"""What was typed beside a question: filters and moments, by their names."""


@dataclass(frozen=True, slots=True)
class Cite:
    """A source that an answer cited, without its text."""

    address: str
    hash: str
    entries: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Given:
    """An answer that was given."""

    exchange: Exchange
    cites: tuple[Cite, ...] = ()
    beside: Words = ()
    is_known: bool = True
    """Are its sources and what was beside the question known?"""
    is_private: bool = False
    """Was it asked in private mode?"""


@dataclass(frozen=True, slots=True)
class Meant:
    question: str
    beside: Words
    changed: bool


class Session:
    def __init__(
        self,
        journal: Journal,
        kept: Callable[[int], list[Exchange]],
        keeps: Callable[[], bool],
        private: PrivateMode,
        now: Callable[[], str],
    ) -> None:
        self._journal = journal
        self._kept = kept
        self._keeps = keeps
        self._private = private
        self.now = now
        self._lock = threading.Lock()
        self._ring: deque[Given] = deque(maxlen=MOST)

    @property
    def is_private(self) -> bool:
        return self._private.is_on

    def note(self, answer: Answer, beside: Words = (), *, is_private: bool = False) -> None:
        """`beside` is what was typed with the question, in private mode or not."""
        at = self.now()
        exchange = exchange_of(answer, at)
        cites = tuple(Cite(each.address, each.hash, each.entries) for each in answer.citations)
        with self._lock:
            self._ring.append(Given(exchange, cites, beside, is_private=is_private))
        if self._keeps() and not is_private:
            self._store(answer.question, at, cites, beside)

    def latest(self, most: int = MOST) -> list[Given]:
        """The last one last."""
        is_private = self.is_private
        with self._lock:
            if not is_private:  # a follow-up that is kept would say again what was asked then
                mine = [each for each in self._ring if not each.is_private]
                self._ring = deque(mine, MOST)
            mine = list(self._ring)
        kept = self._kept(most) if len(mine) < most else []
        before = [each for each in kept if not any(_is_same(each, one.exchange) for one in mine)]
        return [*map(self._with_sources, before), *mine][-most:]

    def meant(self, text: str, beside: Words, *, is_continued: bool) -> Meant:
        """`is_continued`: somebody says that it follows, however long ago the last one was."""
        if stands_alone(text):
            return Meant(text, beside, False)
        now = _moment(self.now())
        found = self.latest(_LOOKED_AT)
        if not is_continued:
            found = [each for each in found if abs(now - _moment(each.exchange.at)) <= PAUSE]
        found = _standing(found)
        meant = follow(text, [each.exchange for each in found], now.date())
        if meant == text or not found:
            return Meant(text, beside, False)
        return Meant(meant, _joined(found[-1].beside, beside), True)

    def earlier(self, most: int = 12) -> tuple[Exchange, ...]:
        """The conversation up to now, for whoever writes the next answer."""
        found = self.latest(most)
        kept: list[Exchange] = []
        last = _moment(self.now())
        for each in reversed(found):
            at = _moment(each.exchange.at)
            if abs(last - at) > PAUSE:
                break
            kept.append(each.exchange)
            last = at
        return tuple(reversed(kept))

    def clear(self) -> None:
        """Something is to be forgotten that may have been said here."""
        with self._lock:
            self._ring.clear()

    def _store(self, question: str, at: str, cites: Sequence[Cite], beside: Words) -> None:
        row = (_key(question), at, to_json(cites), json.dumps(dict(beside)))
        sql = "SELECT at FROM answered ORDER BY at DESC LIMIT 1 OFFSET ?"
        with self._journal.write() as db:
            db.execute("INSERT OR REPLACE INTO answered VALUES (?, ?, ?, ?)", row)
            db.execute(f"DELETE FROM answered WHERE at < ({sql})", (MOST,))

    def _with_sources(self, exchange: Exchange) -> Given:
        sql = "SELECT cites, beside FROM answered WHERE question = ?"
        rows = self._journal.read(sql, _key(exchange.question))
        if not rows:
            return Given(exchange, is_known=False)
        cites, beside = map(str, rows[0])
        return Given(exchange, from_json(cites), tuple(json.loads(beside).items()))


def exchange_of(answer: Answer, at: str) -> Exchange:
    said = next((each.when for each in answer.citations if each.when), "")
    text = " ".join(each.text for each in answer.sentences)
    return Exchange(answer.question, text, "" if answer.is_guess else answer.short, said, at)


def to_json(cites: Sequence[Cite]) -> str:
    return json.dumps([[each.address, each.hash, list(each.entries)] for each in cites])


def from_json(text: str) -> tuple[Cite, ...]:
    return tuple(Cite(address, hash, tuple(ids)) for address, hash, ids in json.loads(text))


def _key(question: str) -> str:
    """As it stands in the kept conversation, where secrets are left out."""
    return digest(redact(question).text)


def _standing(given: Sequence[Given]) -> list[Given]:
    """Without questions that leaned on others and were asked as they were typed."""
    found: list[Given] = []
    for each in given:
        before = [one.exchange for one in found]
        if follow(each.exchange.question, before) == each.exchange.question:
            found.append(each)
    return found


def _is_same(kept: Exchange, mine: Exchange) -> bool:
    """It is kept a moment before it is noted, and to the second."""
    apart = abs(_moment(kept.at) - _moment(mine.at))
    return apart <= _AT_ONCE and _key(kept.question) == _key(mine.question)


def _joined(before: Words, now: Words) -> Words:
    """What was said last holds on, but for what is said anew."""
    return tuple({**dict(before), **dict(now)}.items())


def _moment(at: str) -> datetime:
    """Long ago where it isn't known."""
    try:
        return datetime.fromisoformat(at).astimezone()
    except ValueError:
        return datetime.fromtimestamp(0).astimezone()
