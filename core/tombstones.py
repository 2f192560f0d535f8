"""What is never to be known again → does a place, a turn, a claim or a sentence belong to it?

Asked wherever something comes in. Only digests are kept, made with a secret of this home: whoever
has them without `forget.key` can't try out guesses. Of a sentence those of its forms with one
letter less are kept as well, so that one edited letter brings nothing back.
"""

from __future__ import annotations

import hashlib
import os
import re
import secrets
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from cairn.core.errors import Unavailable
from cairn.core.journal import Journal
from cairn.core.runs import UNSPACED, Word, folded, runs
from cairn.core.uris import INSIDE

Row = tuple[object, ...]
Kind = Literal["place", "turn", "claim", "head", "tail", "said", "run"]
KEY = "forget.key"
RESTORED = "forget.restored"
"""Noted of a journal that took the place of another: forgettings which that one knew, as JSON, and
which it may hold what they bar of."""
_SELECT_KNOWN = "SELECT id FROM forgotten WHERE state = 'done'"
_DROP_LIFTED = (
    "DELETE FROM tombstones WHERE forgotten IN (SELECT id FROM forgotten WHERE lifted != '')"
)
_KEY_BYTES = 32
_LEAST_LETTERS, _LEAST_WORDS = 20, 4
"""One of which is enough for a sentence to be known wherever it stands; a shorter one is anybody's,
and barred only where it stood."""
_EDGE = 10
_MOST_LETTERS = 600
"""Beyond it only the very same letters count: such a line is no sentence."""
_NEAR = 5
"""Bytes of the digest of a form with one letter less."""
_AT_ONCE = 400
_PARAGRAPH = re.compile(r"[^\n]+(?:\n[^\n]+)*")
_LINE = re.compile(r"[^\n]+")
_END = re.compile(r"(?:(?<=[.!?…])[\"'”’)\]]*\s+|(?<=[。！？]))")
_SPEAKER = re.compile(r"(?:\[[^\]\n]{4,40}\]\s*|\d[\d./:, -]{6,24}\s*-\s*)?[^\s:][^:\n]{0,60}:\s+")
_NUMBERED = re.compile(r"\d{1,3}[.)]\s+")


class Piece(NamedTuple):
    """A sentence or line of a text, and where it stands there."""

    start: int
    end: int
    plain: str

    @property
    def is_telling(self) -> bool:
        """Is it long enough to be known anywhere? A date or a row of numbers says little."""
        if len(self.plain) >= _LEAST_LETTERS:
            return True
        spaced = sum(not each.isdecimal() for each in UNSPACED.sub(" ", self.plain).split())
        # Most words of Chinese and Japanese have two letters.
        return spaced + len(UNSPACED.findall(self.plain)) / 2 >= _LEAST_WORDS

    @property
    def was_telling(self) -> bool:
        """The same when it took both: a sentence barred then may be barred where it stood alone."""
        return len(self.plain) >= _LEAST_LETTERS and self.plain.count(" ") + 1 >= _LEAST_WORDS


def plain(text: str) -> str:
    """The letters and digits alone, as the same words have them in any list, quote or case."""
    return " ".join(re.findall(r"[^\W_]+", folded(text)))


def pieces(text: str) -> list[Piece]:
    """Every sentence, within its line and across lines, and each without who is said to say it."""
    spans: set[tuple[int, int]] = set()
    for pattern in (_LINE, _PARAGRAPH):
        for match in pattern.finditer(text):
            spans |= set(_sentences(text, match.start(), match.end()))
    found = (Piece(start, end, plain(text[start:end])) for start, end in sorted(spans))
    return [piece for piece in found if piece.plain]


def _sentences(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    at = start
    for match in (*_END.finditer(text, start, end), None):
        stop = match.start() if match else end
        if text[at:stop].strip():
            yield at, stop
            for lead in (_SPEAKER, _NUMBERED):
                if (found := lead.match(text, at, stop)) and text[found.end() : stop].strip():
                    yield found.end(), stop
        at = match.end() if match else end


@dataclass(frozen=True, slots=True)
class Barring:
    """What one forgetting keeps out, in plain words: never stored like this."""

    places: Sequence[str] = ()
    """Addresses of files, folders and conversations."""
    turns: Sequence[tuple[str, str]] = ()
    """Conversation and key of each."""
    claims: Sequence[str] = ()
    """Keys of proposals and claims of entries."""
    said: Sequence[tuple[str, str]] = ()
    """Sentences, each with the place where it stood."""
    runs: Sequence[str] = ()
    """Of the words of long ones, which may come back in part."""


@dataclass(slots=True)
class Tombstones:
    journal: Journal
    of: tuple[str, ...] = ()
    """Only those of these forgettings; of all if there are none."""
    _secret: bytes = b""
    _seen: int = -1
    _kinds: frozenset[str] = field(default_factory=frozenset)

    # -- asked wherever something comes in

    def has_place(self, uri: str) -> bool:
        """Was this, the file that it lies in or a folder above it forgotten?"""
        if not self._has("place"):
            return False
        place = uri.partition("#")[0]
        return self._any("place", map(self._digest, _above(place)))

    def has_turn(self, conversation: str, key: str) -> bool:
        return self._has("turn") and self._any("turn", [self._digest(conversation, key)])

    def has_claim(self, *keys: str) -> bool:
        return self._has("claim") and self._any("claim", map(self._digest, keys))

    def spans(self, text: str, place: str) -> list[tuple[int, int]]:
        """Where in a text of this place something stands that was forgotten."""
        if not self._has("head", "said", "run"):
            return []
        found = pieces(text)
        telling = [piece for piece in found if piece.is_telling]
        places = list(_above(place))
        short = {
            self._digest(each, piece.plain): piece
            for piece in found
            if not piece.was_telling
            for each in places
        }
        known = self._known("said", short)
        hit = [piece for key, piece in short.items() if key in known]
        near = self._near(telling)
        hit += [piece for piece in telling if self._is_near(piece.plain, near)]
        spans = [(each.start, each.end) for each in hit]
        if self._has("run"):
            spans += [(each.start, each.end) for each in self._runs(text)]
        return joined(spans)

    def _runs(self, text: str) -> list[Word]:
        found = [(self._digest("run", each.plain), each) for each in runs(text)]
        known = self._known("run", {key for key, _ in found})
        return [each for key, each in found if key in known]

    def without(self, text: str, place: str) -> str:
        for start, end in reversed(self.spans(text, place)):
            text = text[:start] + text[end:]
        return text

    def blanked(self, text: str, place: str) -> str:
        """As long as before, for texts of which places are known."""
        for start, end in self.spans(text, place):
            text = text[:start] + re.sub(r"\S", " ", text[start:end]) + text[end:]
        return text

    # -- made and lifted

    def bury(self, db: sqlite3.Connection, id: str, what: Barring) -> None:
        """Inside a transaction; the same again changes nothing."""
        rows: list[tuple[str, str, str, bytes]] = []
        rows += [("place", self._digest(uri), id, b"") for uri in what.places]
        rows += [("turn", self._digest(*turn), id, b"") for turn in what.turns]
        rows += [("claim", self._digest(key), id, b"") for key in what.claims]
        for place, text in what.said:
            for piece in pieces(text):
                if piece.is_telling:
                    near = b"".join(self._forms(piece.plain))
                    rows += [("head", self._digest("head", piece.plain[:_EDGE]), id, near)]
                    rows += [("tail", self._digest("tail", piece.plain[-_EDGE:]), id, near)]
                else:
                    rows += [("said", self._digest(place, piece.plain), id, b"")]
        rows += [("run", self._digest("run", run), id, b"") for run in what.runs]
        for kind, key, id, near in rows:
            # Several sentences can begin alike.
            db.execute(
                "INSERT INTO tombstones VALUES (?, ?, ?, ?) ON CONFLICT(kind, key, forgotten) "
                "DO UPDATE SET near = CASE WHEN instr(near, excluded.near) THEN near "
                "ELSE CAST(near || excluded.near AS BLOB) END",
                (kind, key, id, near),
            )

    def lift(self, db: sqlite3.Connection, id: str) -> int:
        return db.execute("DELETE FROM tombstones WHERE forgotten = ?", (id,)).rowcount

    def take(self, barred: Sequence[Row], told: Sequence[Row]) -> list[str]:
        """Bar what another journal of this home bars, that of before something was restored, and
        which forgettings are news here. What was lifted in either is so in both."""
        known = {str(id) for (id,) in self.journal.read(_SELECT_KNOWN)}
        lifted = self.journal.read("SELECT lifted, id FROM forgotten WHERE lifted != ''")
        with self.journal.write() as db:
            db.executemany("INSERT OR REPLACE INTO tombstones VALUES (?, ?, ?, ?)", barred)
            sql = "INSERT OR REPLACE INTO forgotten VALUES (?, ?, ?, ?, ?, ?, ?)"
            db.executemany(sql, told)
            db.executemany("UPDATE forgotten SET lifted = ? WHERE id = ?", lifted)
            db.execute(_DROP_LIFTED)
        return [str(id) for id, *_, is_lifted in told if not is_lifted and id not in known]

    def of_place(self, uri: str) -> list[str]:
        """Which forgettings bar this very place."""
        sql = "SELECT forgotten FROM tombstones WHERE kind = 'place' AND key = ?"
        return [str(id) for (id,) in self.journal.read(sql, self._digest(uri))]

    # -- digests

    def _has(self, *kinds: Kind) -> bool:
        if self._seen != self.journal.changes:
            self._seen = self.journal.changes
            rows = self.journal.read("SELECT DISTINCT kind FROM tombstones")
            self._kinds = frozenset(str(kind) for (kind,) in rows)
        return not self._kinds.isdisjoint(kinds)

    def _any(self, kind: Kind, keys: Iterable[str]) -> bool:
        return bool(self._known(kind, keys))

    def _known(self, kind: Kind, keys: Iterable[str]) -> set[str]:
        wanted, found = list(keys), set[str]()
        for start in range(0, len(wanted), _AT_ONCE):
            found |= {str(key) for key, _ in self._of(kind, wanted[start : start + _AT_ONCE])}
        return found

    def _near(self, telling: Sequence[Piece]) -> dict[str, list[bytes]]:
        """What may be any of these sentences: by the digest of how they begin, and of how they
        end, one of which a single edited letter leaves as it was."""
        ends: dict[Kind, set[str]] = {
            "head": {self._digest("head", each.plain[:_EDGE]) for each in telling},
            "tail": {self._digest("tail", each.plain[-_EDGE:]) for each in telling},
        }
        found: dict[str, list[bytes]] = {}
        for kind, keys in ends.items():
            wanted = sorted(keys)
            for start in range(0, len(wanted), _AT_ONCE):
                for key, near in self._of(kind, wanted[start : start + _AT_ONCE]):
                    assert isinstance(near, bytes)
                    found.setdefault(str(key), []).append(near)
        return found

    def _of(self, kind: Kind, keys: Sequence[str]) -> list[tuple[object, ...]]:
        marks = ", ".join("?" * len(keys))
        sql = f"SELECT key, near FROM tombstones WHERE kind = ? AND key IN ({marks})"
        if self.of:
            sql += f" AND forgotten IN ({', '.join('?' * len(self.of))})"
        return self.journal.read(sql, kind, *keys, *self.of)

    def _is_near(self, text: str, near: dict[str, list[bytes]]) -> bool:
        ends = (self._digest("head", text[:_EDGE]), self._digest("tail", text[-_EDGE:]))
        rows = [row for key in ends for row in near.get(key, ())]
        if not rows:
            return False
        known = {row[at : at + _NEAR] for row in rows for at in range(0, len(row), _NEAR)}
        return not known.isdisjoint(self._forms(text))

    def _forms(self, text: str) -> Iterator[bytes]:
        """Digests of the text and of all it becomes without one letter."""
        forms = [text]
        if len(text) <= _MOST_LETTERS:
            forms += [text[:at] + text[at + 1 :] for at in range(len(text))]
        for form in dict.fromkeys(forms):
            yield hashlib.blake2b(form.encode(), key=self._key(), digest_size=_NEAR).digest()

    def _digest(self, *parts: str) -> str:
        text = "\x1f".join(parts).encode("utf-8", "surrogatepass")
        return hashlib.blake2b(text, key=self._key(), digest_size=16).hexdigest()

    def _key(self) -> bytes:
        if not self._secret:
            self._secret = self._read_key()
        return self._secret

    def _read_key(self) -> bytes:
        path = self.journal.folder / KEY
        try:
            key = bytes.fromhex(path.read_text("ascii").strip())
            if len(key) == _KEY_BYTES:
                return key
        except FileNotFoundError:
            if not self.journal.read("SELECT 1 FROM tombstones LIMIT 1"):
                return _make_key(path)
        except (OSError, ValueError):
            pass
        raise Unavailable(
            f"{path}, by which cairn knows what you had forgotten, is lost or damaged",
            "put it back from a backup; until then nothing new is taken in",
        )


def _make_key(path: os.PathLike[str]) -> bytes:
    key = secrets.token_bytes(_KEY_BYTES)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(key.hex() + "\n")
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise Unavailable(
            f"{os.fspath(path)} can't be written: {error.strerror}", "free some space, try again"
        ) from error
    return key


def _above(place: str) -> Iterator[str]:
    """A place, what it lies in, and the folders above that."""
    yield place
    outer = place.partition(INSIDE)[0]
    if outer != place:
        yield outer
    while outer.startswith("file:") and "/" in outer:
        outer = outer.rpartition("/")[0]
        yield outer


def joined(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """In order, those that overlap made one."""
    found: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return found
