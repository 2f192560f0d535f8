"""Entries of the tree ⇄ the passages that they rest on, for one question.

A curated entry is found by its own words and leads to its source: it never stands before it, and
never in its place. What has been superseded stands behind what superseded it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from cairn.core.chats.addresses import is_chat, window_uri
from cairn.core.index import Index
from cairn.core.locate import read_locator
from cairn.core.records import Chunk, Source, document_id, normalize
from cairn.core.tree.catalogue import Catalogue, Filed
from cairn.core.uris import container, file_uri, uri_path

_ENOUGH = 60
"""Letters of a quote by which it is recognised: a long one may reach into the next passage."""


@dataclass(frozen=True, slots=True)
class When:
    """The moments that a question is asked for; empty for now."""

    as_of: str = ""
    """What was true on this day."""
    known_at: str = ""
    """As far as it had been written down by this day."""

    def allows(self, chunk: Chunk, modified: str, entries: Sequence[Filed]) -> bool:
        """May the passage speak? One without a date is as old as its file."""
        written = chunk.when or modified
        if self.known_at and (not written or written[: len(self.known_at)] > self.known_at):
            return False
        if self.as_of and chunk.when[: len(self.as_of)] > self.as_of:
            return False
        return not (self.as_of and entries and all(self._is_over(each) for each in entries))

    def _is_over(self, filed: Filed) -> bool:
        until, since = filed.entry.valid_until, filed.entry.valid_from
        if filed.entry.kind in ("event", "promise", "question"):
            return False  # dates of what they are about, not of how long they are true
        is_past = bool(until) and until[: len(self.as_of)] <= self.as_of
        return is_past or since[: len(self.as_of)] > self.as_of

    def has_begun(self, filed: Filed) -> bool:
        since = filed.entry.valid_from
        is_ahead = self.as_of and since[: len(self.as_of)] > self.as_of
        is_late = self.known_at and filed.entry.created[: len(self.known_at)] > self.known_at
        return not is_ahead and not is_late

    def holds(self, filed: Filed) -> bool:
        """Is the entry true, and written down, at these moments?"""
        is_late = self.known_at and filed.entry.created[: len(self.known_at)] > self.known_at
        return not is_late and not (self.as_of and self._is_over(filed))


class Pointers:
    def __init__(self, catalogue: Catalogue, root: Path) -> None:
        self._catalogue = catalogue
        self._root = root
        self._uri = file_uri(root) + "/"

    def curated(self, chunk: Chunk) -> Filed | None:
        """The entry that a passage is, if a curator wrote it and it rests on something."""
        if chunk.kind != "entry" or not chunk.uri.startswith(self._uri):
            return None
        filed = self._catalogue.at(uri_path(chunk.uri).relative_to(self._root).as_posix())
        is_pointer = filed and filed.entry.author != "user" and filed.entry.sources
        return filed if is_pointer else None

    def sources(self, entries: Iterable[Filed], index: Index) -> dict[str, list[Chunk]]:
        """The passages that each entry rests on, by its id, read in one go."""
        wanted: dict[str, list[Source]] = {}
        for filed in entries:
            wanted[filed.entry.id] = list(filed.entry.sources)
        documents = {_document(source) for sources in wanted.values() for source in sources}
        passages = index.table.passages(sorted(documents))
        return {
            id: [
                chunk
                for source in sources
                for chunk in passages.get(_document(source), ())
                if _rests_on(source, chunk)
            ]
            for id, sources in wanted.items()
        }

    def resting_on(self, chunks: Sequence[Chunk]) -> dict[str, list[Filed]]:
        """The curated entries that rest on each passage, by the passage's id."""
        places = {container(chunk.uri) for chunk in chunks if chunk.kind != "entry"}
        entries = [filed for place in places for filed in self._catalogue.from_source(place)]
        found: dict[str, list[Filed]] = {}
        for chunk in chunks:
            for filed in entries:
                if any(_rests_on(source, chunk) for source in filed.entry.sources):
                    found.setdefault(chunk.id, []).append(filed)
        return found

    def many(self, ids: Iterable[str]) -> list[Filed]:
        return list(self._catalogue.many(ids).values())

    def chain(self, filed: Filed, when: When) -> list[Filed]:
        """What was said of the same subject and attribute up to then, the oldest first."""
        found = self._catalogue.about(filed.entry.subject, filed.entry.attribute)
        return [each for each in found if when.has_begun(each)]

    def successors(self, entries: Iterable[Filed], when: When) -> dict[str, Filed]:
        """What superseded an entry by then, by the id of the entry."""
        ids = [filed.entry.id for filed in entries]
        return {
            old: filed
            for old, filed in self._catalogue.successors(ids).items()
            if when.holds(filed)
        }


def _document(source: Source) -> str:
    uri, _, tail = source.uri.partition("#")
    place = read_locator(tail)
    if is_chat(uri) and place:
        return document_id(window_uri(uri, place[1]))
    return document_id(container(uri))


def _rests_on(source: Source, chunk: Chunk) -> bool:
    """Is it the place, and do the words still stand there?"""
    uri, _, tail = source.uri.partition("#")
    if uri != chunk.uri:
        return False
    if place := read_locator(tail):
        unit, first, last = place
        if unit != chunk.span.unit or first > chunk.span.last or last < chunk.span.first:
            return False
    return normalize(source.quote)[:_ENOUGH] in normalize(chunk.text)
