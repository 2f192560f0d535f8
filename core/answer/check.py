"""Does a citation still open at the text it quotes? Asked for every citation of every answer.

A file that nothing has touched since its last reading, as the system tells, is taken at its word;
any other is read again and the quoted sentence is looked for by its hash.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise, starmap
from pathlib import Path

from cairn.core.chats.addresses import episodes_uri, window_uri
from cairn.core.chats.parts import Parts
from cairn.core.errors import CairnError
from cairn.core.extract.reading import Reading
from cairn.core.journal import FileRecord, Journal
from cairn.core.records import Citation, CitationState
from cairn.core.sentences import Quote, join, quotes
from cairn.core.uris import container, uri_path


def check_citation(
    citation: Citation,
    journal: Journal,
    reading: Reading,
    is_reachable: Callable[[Path], bool],
) -> Citation:
    record = journal.file(container(citation.uri))
    modified = record.modified if record else ""
    state = _state(citation, record, reading)
    if state == "gone" and not is_reachable(uri_path(citation.uri)):
        state = "away"
    return replace(citation, modified=modified, state=state)


def check_turns(citation: Citation, journal: Journal, parts: Parts, reading: Reading) -> Citation:
    """Of a conversation: it is there unless the turns were changed, or have left, since."""
    number = citation.span.first
    uris = (window_uri(citation.uri, number), episodes_uri(citation.uri, number))
    if not any(map(journal.is_queued, uris)):
        return citation  # the index is in step with the journal
    try:
        read = [parts.read(uri, reading)[1].chunks for uri in uris]
    except CairnError:
        return replace(citation, state="changed")
    if any(citation.hash in _hashes(quotes(chunk)) for chunks in read for chunk in chunks):
        return citation
    return replace(citation, state="changed" if read[0] else "gone")


def _state(citation: Citation, record: FileRecord | None, reading: Reading) -> CitationState:
    path = uri_path(citation.uri)
    try:
        status = path.stat()
    except OSError:
        return "gone"
    if record and record.is_of(status):
        return "ok"
    try:
        chunks = reading.read(path, container(citation.uri)).chunks
    except CairnError:
        return "changed"
    found = any(citation.hash in _hashes(quotes(chunk)) for chunk in chunks)
    return "ok" if found else "changed"


def _hashes(sentences: list[Quote]) -> set[str]:
    """Of each sentence, and of each with its neighbour: what an answer may have quoted."""
    return {quote.hash for quote in (*sentences, *starmap(join, pairwise(sentences)))}
