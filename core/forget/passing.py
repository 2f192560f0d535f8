"""All that the memory holds, passed by: each passage and turn with its sentences.

Used by gathering to tell what only the forgotten says from what others say too. Most texts have
nothing of it, which their words alone tell; only the others are taken apart. Entries and what was
said to cairn itself are left out: they are made of the rest.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from unicodedata import is_normalized

from cairn.core.chats.formats import OWN
from cairn.core.index import Index
from cairn.core.index.rows import Unread
from cairn.core.journal import Journal
from cairn.core.recall.unspaced import is_unspaced
from cairn.core.records import Chunk
from cairn.core.redact.scan import UNSEEN
from cairn.core.tombstones import Piece, pieces, plain
from cairn.core.tree.catalogue import container_of

_WORD = re.compile(r"[^\W_]+")
_APART = "".join(letter if letter.isalnum() else " " for letter in map(chr, range(128)))
_RARE_LETTERS = 5
"""Of a word that may stand nowhere else; shorter ones are anybody's."""
_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Said:
    """A piece of text and where it stands."""

    place: str
    """The address of the file, or of the conversation."""
    around: str
    """The text with its title, names and whatever else is kept with it."""
    who: str
    when: str
    turn: int = 0
    key: str = ""
    told: str = ""
    """The text of a turn."""
    row: Unread | None = None
    """Of a file."""

    @property
    def chunk(self) -> Chunk | None:
        return self.row.chunk if self.row else None

    @property
    def text(self) -> str:
        return self.row.chunk.text if self.row else self.told

    @property
    def pieces(self) -> list[Piece]:
        return pieces(self.text)

    @property
    def words(self) -> set[str]:
        return words(self.around)

    def without(self, gone: Collection[Piece]) -> str:
        """All that is kept with it, and what else it says."""
        return cut(self.around, self.text, gone) if gone else self.around


def cut(around: str, text: str, gone: Iterable[Piece]) -> str:
    """`around`, in which all of `text` stands, without these pieces of it."""
    for each in sorted(gone, key=lambda each: each.start - each.end):  # others lie in a long one
        around = around.replace(text[each.start : each.end], " ")
    return around


class Sentences:
    """Which texts may say any of these, given as their plain letters?"""

    def __init__(self, sentences: Iterable[str]) -> None:
        self._by_word: dict[str, list[set[str]]] = {}
        all_words = [set(sentence.split()) for sentence in sentences]
        often = Counter(word for said in all_words for word in said)
        for said in all_words:  # a word that few of them have, and a long one, is in few texts
            rarest = min(said, key=lambda word: (often[word], -len(word), word))
            self._by_word.setdefault(rarest, []).append(said)

    def may_be_in(self, said: Said, words_of_it: set[str]) -> bool:
        if not is_normalized("NFKC", said.around) or UNSEEN.search(said.around):
            # Sentences are compared as if it were, and as they are seen.
            words_of_it = words_of_it | set(plain(said.around).split())
        return self._may_be_among(words_of_it)

    def may_be_told(self, text: str) -> bool:
        return self._may_be_among(set(plain(text).split()))

    def _may_be_among(self, words_of_it: set[str]) -> bool:
        return any(
            sentence <= words_of_it
            for word in self._by_word.keys() & words_of_it
            for sentence in self._by_word[word]
        )


def words(text: str) -> set[str]:
    """All of them, in small letters."""
    if text.isascii():  # in a third of the time
        return set(text.lower().translate(_APART).split())
    return set(_WORD.findall(text.casefold()))


class Phrase:
    """Which texts may have these words in a row, and does a piece of one?"""

    def __init__(self, words: str) -> None:
        self._words = plain(words)
        self._named = Sentences([self._words] if self._words else ())
        self._is_unspaced = is_unspaced(self._words)

    def may_be_in(self, said: Said) -> bool:
        return self._is_unspaced or self._named.may_be_in(said, said.words)

    def may_be_told(self, text: str) -> bool:
        return self._is_unspaced or self._named.may_be_told(text)

    def is_said(self, letters: str) -> bool:
        """In plain letters; without spaces no word has an end that could be known."""
        return self._words in letters if self._is_unspaced else _among(self._words, letters)


def _among(words: str, letters: str) -> bool:
    return f" {words} " in f" {letters} "


def tokens(text: str) -> set[str]:
    """Words that may be telling."""
    return {word for word in words(text) if len(word) >= _RARE_LETTERS}


def everything(journal: Journal, index: Index, tree: str) -> Iterator[Said]:
    """`tree` is what the addresses of entries begin with."""
    for row in index.table.unread():
        if not row.uri.startswith(("chat:", tree)):
            yield _of_file(row)
    yield from _turns(journal)


def of_files(index: Index, places: Collection[str]) -> Iterator[Said]:
    if places:
        yield from (
            _of_file(row) for row in index.table.unread() if container_of(row.uri) in places
        )


def _of_file(row: Unread) -> Said:
    return Said(container_of(row.uri), row.search, row.who, row.when, row=row)


def _turns(journal: Journal) -> Iterator[Said]:
    chats = journal.read(
        "SELECT id, uri, title, project, people FROM conversations WHERE kind != ?", OWN.kind
    )
    for id, uri, title, project, people in chats:
        at = 0
        while rows := journal.read(
            "SELECT number, key, who, at, text, command, attachments FROM turns "
            "WHERE conversation = ? AND number > ? ORDER BY number LIMIT ?",
            id, at, _AT_ONCE,
        ):  # fmt: skip
            for number, key, who, when, text, *rest in rows:
                at = int(str(number))
                around = "\n".join(map(str, (text, who, title, project, people, *rest)))
                told = "\n".join(filter(None, (str(text), str(rest[0]))))
                yield Said(str(uri), around, str(who), str(when), at, str(key), told)
