"""The address of a conversation or a turn → why it is, or is not, in the memory.

Called for `why-not`. The order of the questions is that in which a turn passes through cairn: its
source, the archive, the indexing, its words, its meaning.
"""

from __future__ import annotations

from collections.abc import Sequence

from cairn.core.chats.addresses import window_uri
from cairn.core.chats.archive import Archive, Conversation
from cairn.core.chats.formats import OWN
from cairn.core.chats.sources import Sources
from cairn.core.journal import Journal
from cairn.core.records import Chunk
from cairn.core.report import Explanation
from cairn.core.uris import uri_path


def explain(
    uri: str,
    number: int,
    archive: Archive,
    sources: Sources,
    journal: Journal,
    passages: Sequence[Chunk],
    resting: str,
) -> Explanation:
    """`number` is the turn's, 0 for the whole conversation; `passages` are those of the address;
    `resting` says in words why nothing is being read now, if so."""
    address = f"{uri}#t{number}" if number else uri
    known = archive.conversation(uri)
    if known is None:
        reason = "there is no such conversation: it was never read, or it was taken out again"
        hint = "`cairn chats` lists those that are there, `cairn sources` where they come from"
        return Explanation(address, "not there", reason, hint)
    if known.kind == OWN.kind:
        reason = "what you asked cairn is kept, but never searched: it would answer from itself"
        return Explanation(address, "passed over", reason)
    if number > known.highest:
        return _to_come(address, known, sources, journal, resting)
    if number:
        turns = archive.turns(uri, number, number)
        if not turns:
            return Explanation(address, "not there", "this turn was taken out of the memory")
        if not turns[0].text.strip():
            return Explanation(address, "empty", "this turn has no text, or it was forgotten")
    return _indexed(address, known, number, journal, passages, resting)


def _to_come(
    address: str, known: Conversation, sources: Sources, journal: Journal, resting: str
) -> Explanation:
    sql = "SELECT transcript FROM brought WHERE conversation = ?"
    transcripts = {str(uri) for (uri,) in journal.read(sql, known.id)}
    there = f"the conversation has {known.highest} turns so far"
    if transcripts & journal.pending("transcript"):
        reason = f"{there}; what was said since waits to be read"
        return Explanation(address, "waiting", "; ".join(filter(None, (reason, resting))))
    live = [source.path for source in sources.all() if source.is_live]
    paths = [uri_path(uri) for uri in transcripts if uri.startswith("file:")]
    if any(path.is_relative_to(root) for path in paths for root in live):
        return Explanation(address, "not there", there)
    reason = f"{there}, and its source is not followed, so nothing new comes to it"
    return Explanation(address, "not there", reason, "`cairn sources add` follows a source")


def _indexed(
    address: str,
    known: Conversation,
    number: int,
    journal: Journal,
    passages: Sequence[Chunk],
    resting: str,
) -> Explanation:
    numbers = (number,) if number else range(1, known.highest + 1)
    parts = list(dict.fromkeys(window_uri(known.uri, each) for each in numbers))
    waiting = [part for part in parts if journal.job_for(part)]
    if waiting and not passages:
        reason = "it is kept, and waits to be made findable"
        return Explanation(address, "waiting", "; ".join(filter(None, (reason, resting))))
    if not passages and any(journal.is_queued(part) for part in parts):
        reason = "it is kept, but making it findable failed again and again"
        return Explanation(address, "failed", reason, "`cairn status --failed` says why")
    if not passages:
        reason = (
            "it is kept, but not searched: what programs put out, and what repeats cairn's own "
            "answers, is left out"
        )
        return Explanation(address, "left out", reason, f"`cairn show '{address}'` shows it")
    records = [record for part in parts if (record := journal.file(part))]
    said = f"it is in the memory with {len(passages)} " + (
        "passage" if len(passages) == 1 else "passages"
    )
    if any(record.vectors < record.chunks for record in records):
        reason = f"{said}, found by their words only so far: their meaning is still worked out"
        return Explanation(address, "by words", "; ".join(filter(None, (reason, resting))))
    return Explanation(address, "in memory", said)
