"""Entries of the tree ⇄ the passages that they rest on, for one question.

A curated entry is found by its own words and leads to its source: it never stands before it, and
never in its place. What has been superseded stands behind what superseded it.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

from cairn.core.chats.addresses import WINDOW, is_chat, window_uri
from cairn.core.index import Index
from cairn.core.locate import read_locator
from cairn.core.recall.entries.thrown_out import wrong_in
from cairn.core.recall.units import Units, all_units, units_of
from cairn.core.records import Chunk, Relation, Source, document_id, normalize
from cairn.core.tree.catalogue import Catalogue, Filed, container_of
from cairn.core.tree.curate.likeness import same_value
from cairn.core.tree.files import ARCHIVE
from cairn.core.tree.ledger import Ledger
from cairn.core.uris import container, file_uri, uri_path

_DAY = len("2026-03-08")
_ENOUGH = 60
"""Letters of a quote by which it is recognised: a long one may reach into the next passage."""


_LONGEST_CHAIN = 50
_SURE = 24
"""Letters by which a quote is recognised on other lines than it stood on at first."""
_OF_CAIRN = frozenset(("entry", "episode", "file"))
_NOTHING: frozenset[int] = frozenset()
_DATED = frozenset(("event", "promise", "question"))
"""Their days are those of what they are about, not of how long they are true."""


@dataclass(frozen=True, slots=True)
class When:
    """The moments that a question is asked for; empty for now."""

    as_of: str = ""
    """What was true at this moment: a day or a time."""
    known_at: str = ""
    """As far as it had been written down by this moment."""

    def allows(self, chunk: Chunk, modified: str, entries: Sequence[Filed]) -> bool:
        """May the passage speak? One without a date is as old as its file."""
        written = chunk.when or modified
        if self.known_at and (not written or is_after(written, self.known_at)):
            return False
        if not self.as_of:
            return True
        if is_after(chunk.when, self.as_of):  # told later: only if all of it was true then
            return bool(entries) and all(self._was_before(each) for each in entries)
        return not entries or not all(self._is_over(each) for each in entries)

    def _was_before(self, filed: Filed) -> bool:
        """Is it told of a day before, and not only since it was said?"""
        entry = filed.entry
        is_told = entry.valid_from and entry.valid_from not in {s.when[:10] for s in entry.sources}
        return bool(is_told) and self.has_begun(filed) and not self._is_over(filed)

    def _is_over(self, filed: Filed) -> bool:
        if filed.entry.kind in _DATED:
            return False
        return is_until(filed.entry.valid_until, self.as_of) or is_after(
            filed.entry.valid_from, self.as_of
        )

    def has_begun(self, filed: Filed) -> bool:
        is_ahead = is_after(filed.entry.valid_from, self.as_of)
        return not is_ahead and not is_after(filed.entry.created, self.known_at)

    def holds(self, filed: Filed) -> bool:
        """Is the entry true, and written down, at these moments?"""
        is_late = is_after(filed.entry.created, self.known_at)
        return not is_late and not (self.as_of and self._is_over(filed))

    def knows(self, day: str) -> bool:
        """May the end of something be told, or was it still ahead?"""
        moments = filter(None, (self.as_of, self.known_at))
        return all(day < each[:_DAY] or (day == each and len(each) == _DAY) for each in moments)


NOW = When()


def is_after(when: str, moment: str) -> bool:
    """Is it later than a moment, or than the end of a day? What is not known is not."""
    if len(when) > _DAY and len(moment) > _DAY:
        with contextlib.suppress(ValueError, TypeError):
            return datetime.fromisoformat(when) > datetime.fromisoformat(moment)
    size = min(len(when), len(moment), _DAY)
    return when[:size] > moment[:size]


def is_until(until: str, moment: str) -> bool:
    """Had it ended by then? A month or year ends with its last day."""
    if not until or not moment:
        return False
    if len(until) >= _DAY:
        return not is_after(until, moment)
    return until < moment[: len(until)]


class Pointers:
    def __init__(self, catalogue: Catalogue, ledger: Ledger, root: Path) -> None:
        self._catalogue = catalogue
        self._ledger = ledger
        self._root = root
        self._uri = file_uri(root) + "/"

    def curated(self, chunk: Chunk) -> Filed | None:
        """The entry that a passage is, if it rests on something and its user has not changed it."""
        if not self._is_entry(chunk):
            return None
        filed = self._catalogue.at(self._path(chunk))
        if filed is None or filed.entry.author == "user" or not filed.entry.sources:
            return None
        return None if self._ledger.is_users(filed.entry.id) else filed

    def sources(
        self, entries: Iterable[Filed], index: Index, known: Sequence[Chunk] = ()
    ) -> dict[str, list[Chunk]]:
        """The passages that each entry rests on, by its id; those that are not known already are
        read in one go."""
        wanted = {filed.entry.id: filed.entry.sources for filed in entries}
        at_hand: dict[str, list[Chunk]] = {}
        documents = {_document(source) for sources in wanted.values() for source in sources}
        for chunk in Units.of(known).of_documents(documents):
            at_hand.setdefault(chunk.doc_id, []).append(chunk)
        places = {
            source: _place(source, at_hand.get(_document(source), ()))
            for sources in wanted.values()
            for source in sources
        }
        missing = [source for source, found in places.items() if not found]
        passages = index.passages(sorted({_document(source) for source in missing}))
        places |= {
            each: _place(each, all_units(passages.get(_document(each), ()))) for each in missing
        }
        return {
            id: list({chunk.id: chunk for each in sources for chunk in places[each]}.values())
            for id, sources in wanted.items()
        }

    def told(self, entries: Sequence[Filed], index: Index) -> dict[str, list[Chunk]]:
        """The passages of `sources`; of a source that is gone, what the entry says itself."""
        found = self.sources(entries, index)
        alone = {self.uri(each): each.entry.id for each in entries if not found[each.entry.id]}
        own = index.passages([document_id(uri) for uri in alone])
        for uri, id in alone.items():
            found[id] = own.get(document_id(uri), [])
        return found

    def uri(self, filed: Filed) -> str:
        return file_uri(self._root / filed.path)

    def resting_on(self, chunks: Sequence[Chunk]) -> dict[str, list[Filed]]:
        """The curated entries that rest on each passage, by the passage's id."""
        said = [chunk for chunk in chunks if chunk.kind != "entry"]
        found: dict[str, list[Filed]] = {}
        entries = self._catalogue.resting_at(_places(said))
        for chunk in said:
            for filed in entries.get(container(chunk.uri), ()):
                if any(_rests_on(source, chunk) for source in filed.entry.sources):
                    found.setdefault(chunk.id, []).append(filed)
        return found

    def wrong(self, chunks: Sequence[Chunk]) -> dict[str, tuple[str, ...]]:
        """The sentences of each passage that a person has called wrong, by the passage's id."""
        uris = {container(chunk.uri) for chunk in chunks}
        entries = self._catalogue.thrown_out(uris)
        sources = [source for filed in entries for source in filed.entry.sources if source.quote]
        found = {
            chunk.id: tuple(dict.fromkeys(
                sentence
                for unit in units_of(chunk)
                for sentence in wrong_in(unit, [s.quote for s in sources if _is_told(s, unit)])
            ))
            for chunk in (chunks if sources else ())
        }  # fmt: skip
        away = {chunk.id: chunk for chunk in chunks if self._is_away(chunk)}
        found |= {id: wrong_in(chunk, [chunk.text]) for id, chunk in away.items()}
        return {id: wrong for id, wrong in found.items() if wrong}

    def are_wrong(self, ids: Iterable[str]) -> bool:
        """Has a person called any of these entries wrong?"""
        return bool(self._catalogue.rejected(ids))

    def _is_away(self, chunk: Chunk) -> bool:
        """Is it of an entry that was thrown out itself? The index follows a moment later."""
        if not self._is_entry(chunk):
            return False
        path = self._path(chunk)
        filed = self._catalogue.at(path) or self._catalogue.at(f"{ARCHIVE}/{path}")
        return filed is not None and filed.is_archived and self.are_wrong([filed.entry.id])

    def at_hand(
        self, entries: Sequence[Chunk], units: Sequence[Chunk]
    ) -> Iterator[tuple[int, int]]:
        """Which entry rests on which unit, by their places; nothing is read from the index."""
        paths = {self._path(entry): at for at, entry in enumerate(entries) if self._is_entry(entry)}
        if not paths:
            return
        units = Units.of(units)
        said: dict[str, list[int]] = {}
        for at, (whole, (first, _)) in enumerate(zip(units.wholes, units.numbers, strict=True)):
            if whole.kind != "entry":
                said.setdefault(_spot(whole.uri, first), []).append(at)
        for path, sources in self._catalogue.curated_sources(paths).items():
            for source in sources:
                uri, _, tail = source.uri.partition("#")
                place = read_locator(tail)
                for at in said.get(_spot(uri, place[1] if place else 0), ()):
                    if _rests_on(source, units[at]):
                        yield paths[path], at

    def are_kept(self, units: Sequence[Chunk]) -> list[bool]:
        """Does any entry rest on it? By its place alone, and never on what cairn says itself."""
        units = Units.of(units)
        passages = {id(whole): whole for whole in units.wholes if whole.kind not in _OF_CAIRN}
        uris = {at: _written_in(whole) for at, whole in passages.items()}
        kept: dict[str, set[int]] = {}
        for address in self._catalogue.rested_on(set(map(container, uris.values()))):
            uri, _, tail = address.partition("#")
            if place := read_locator(tail):
                _, first, last = place
                kept.setdefault(uri, set()).update(range(first, min(last, first + WINDOW) + 1))
        if not kept:
            return [False] * len(units)
        return [
            not kept.get(uris.get(id(whole), ""), _NOTHING).isdisjoint(range(first, last + 1))
            for whole, (first, last) in zip(units.wholes, units.numbers, strict=True)
        ]

    def _is_entry(self, chunk: Chunk) -> bool:
        return chunk.kind == "entry" and chunk.uri.startswith(self._uri)

    def _path(self, chunk: Chunk) -> str:
        return _path_below(self._root, chunk.uri)

    def of_kind(self, kind: str) -> list[Filed]:
        """All that is kept now."""
        return list(self._catalogue.all(kind=kind, archived=False))

    def many(self, ids: Iterable[str]) -> list[Filed]:
        return list(self._catalogue.many(ids).values())

    def chain(self, filed: Filed, when: When) -> list[Filed]:
        """What was said of the same subject and attribute up to then, the oldest first. Nothing
        where two contradict each other on the same day and nobody has said which holds."""
        found = [
            each
            for each in self._catalogue.about(filed.entry.subject, filed.entry.attribute)
            if when.has_begun(each)
        ]
        older = {r.to for each in found for r in each.entry.relations if r.type == "supersedes"}
        found.sort(key=lambda each: (_since(each), each.entry.id not in older, each.entry.id))
        is_clear = all(
            _since(one) != _since(other)
            or same_value(one.entry.value, other.entry.value)
            or Relation("supersedes", one.entry.id) in other.entry.relations
            for one, other in pairwise(found)
        )
        return found if is_clear else []

    def successors(self, entries: Iterable[Filed], when: When) -> dict[str, Filed]:
        """What superseded an entry by then, by the id of the entry, and what superseded that."""
        found: dict[str, Filed] = {}
        ids = {filed.entry.id for filed in entries}
        for _ in range(_LONGEST_CHAIN):
            newer = {
                old: filed
                for old, filed in self._catalogue.successors(sorted(ids)).items()
                if old not in found and when.has_begun(filed)
            }
            if not newer:
                break
            found |= newer
            ids = {filed.entry.id for filed in newer.values()}
        return found


def _since(filed: Filed) -> str:
    return (filed.entry.valid_from or filed.entry.created)[:_DAY]


def _places(chunks: Iterable[Chunk]) -> dict[str, list[str] | None]:
    """Of each document or conversation the addresses that entries may rest on: the turns of a
    passage; of a document all."""
    found: dict[str, list[str] | None] = {}
    for chunk in chunks:
        uri = container(chunk.uri)
        if not is_chat(uri):
            found[uri] = None
        elif (turns := found.setdefault(uri, [])) is not None:
            span = range(chunk.span.first, chunk.span.last + 1)
            turns += [f"{chunk.uri}#t{number}" for number in span[:WINDOW]]
    return found


def _spot(uri: str, number: int) -> str:
    """What a unit and its sources have in common: a turn, or else a whole document."""
    return f"{uri}#{number}" if is_chat(uri) else container(uri)


def _written_in(unit: Chunk) -> str:
    """The address that a source in it begins with."""
    return container(unit.uri) if is_chat(unit.uri) else unit.uri


def _place(source: Source, passages: Iterable[Chunk]) -> list[Chunk]:
    """Where it was, or where its words stand now: lines move when others are written above."""
    there = [each for each in passages if _is_there(source, each) and _says(source, each)]
    if there or is_chat(source.uri):
        return there
    return [each for each in passages if _says(source, each)][:1]


@lru_cache(maxsize=4096)
def _path_below(root: Path, uri: str) -> str:
    return uri_path(uri).relative_to(root).as_posix()


@lru_cache(maxsize=4096)
def _plain(text: str) -> str:
    return normalize(text)


def _document(source: Source) -> str:
    uri, _, tail = source.uri.partition("#")
    place = read_locator(tail)
    if is_chat(uri) and place:
        return document_id(window_uri(uri, place[1]))
    return document_id(container(uri))


def _is_told(source: Source, unit: Chunk) -> bool:
    """Are these its words, or does cairn itself quote them from there?"""
    if unit.kind == "episode":
        return container_of(source.uri) == container(unit.uri)
    return _rests_on(source, unit)


def _rests_on(source: Source, chunk: Chunk) -> bool:
    is_sure = not is_chat(source.uri) and len(source.quote) >= _SURE
    return (is_sure or _is_there(source, chunk)) and _says(source, chunk)


def _says(source: Source, chunk: Chunk) -> bool:
    """Do the words stand in the passage?"""
    uri = source.uri.partition("#")[0]
    return uri == chunk.uri and _plain(source.quote)[:_ENOUGH] in _plain(chunk.text)


def _is_there(source: Source, chunk: Chunk) -> bool:
    """Is it the place at which they stood?"""
    if place := read_locator(source.uri.partition("#")[2]):
        unit, first, last = place
        return unit == chunk.span.unit and first <= chunk.span.last and last >= chunk.span.first
    return True
