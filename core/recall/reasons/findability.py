"""A document → whether a sentence of its own finds it, and if not, why.

Called for `findability`, document by document, so that it can be shown as it goes and stopped at
any time. What can't be read, or is known by name only because somebody said so, is told apart.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from cairn.core.chats.addresses import is_chat, turns_of
from cairn.core.recall.certain.probes import Probe, Rarity, rare_sentence
from cairn.core.recall.reasons.lost import Trace, Wanted, trace
from cairn.core.recall.search import Results
from cairn.core.records import Chunk
from cairn.core.rows import FileRecord

_NO_DOCUMENTS = {
    "names-only": "as you said of their folder",
    "unknown-type": "of a kind that is not read",
    "binary": "no text",
    "empty": "empty",
    "conversations": "read as conversations",
}


@dataclass(frozen=True, slots=True)
class Documents:
    tried: tuple[FileRecord, ...]
    """The newest first."""
    all: int
    aside: tuple[tuple[str, int], ...]
    """Files that are no documents to cairn, with how many there are: by name they are found."""


@dataclass(frozen=True, slots=True)
class Probed:
    uri: str
    found: bool
    sentence: str = ""
    """What it was tried with."""
    reason: str = ""
    """Why it is not found."""


def chosen(records: Iterable[FileRecord], tree: str, limit: int) -> Documents:
    """Entries, which lie below `tree`, lead to their sources and are no documents themselves."""
    known = {record.uri: record for record in records if not record.uri.startswith(tree)}
    mine = [each for each in known.values() if not _is_told(each.uri)]
    aside = Counter(_NO_DOCUMENTS[each.code] for each in mine if each.code in _NO_DOCUMENTS)
    documents = [each for each in mine if each.code not in _NO_DOCUMENTS]
    documents.sort(key=lambda each: (-each.mtime_ns, each.uri))
    tried = documents[:limit] if limit else documents
    return Documents(tuple(tried), len(documents), tuple(aside.most_common()))


def _is_told(uri: str) -> bool:
    """What cairn itself says of a conversation's sittings."""
    return is_chat(uri) and turns_of(uri)[2]


def probe(
    record: FileRecord,
    passages: Sequence[Chunk],
    rarity: Rarity,
    look: Callable[[str], Results],
) -> Probed:
    if record.state != "indexed":
        return Probed(record.uri, False, "", record.reason or "it is not read yet")
    asked = rare_sentence(passages, rarity)
    if asked is None:
        return Probed(record.uri, False, "", _nothing(record, passages))
    wanted = Wanted({each.id: each for each in passages})
    results = look(asked.text)
    if any(wanted.is_at(item) for item in results.evidence):
        return Probed(record.uri, True, asked.text)
    told = trace(wanted, results, rarity)
    return Probed(record.uri, False, asked.text, _reason(asked, told))


def _reason(asked: Probe, told: Trace) -> str:
    if not asked.words:
        return f"it holds only numbers; {told.reason}"
    if asked.is_short:
        return f"its text is too short to tell it from others; {told.reason}"
    return told.reason


def _nothing(record: FileRecord, passages: Sequence[Chunk]) -> str:
    if passages:
        return "there are no words in it"
    if record.chunks:
        return "it was read, but the index has lost it; `cairn rebuild` makes it anew"
    return "it holds no text"
