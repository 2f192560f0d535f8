"""Engine records → the plain JSON that travels over the socket and that `--json` prints.

Documented in docs/json.md; fields are only ever added within one `SCHEMA_VERSION`.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from cairn.core.chats.addresses import is_chat
from cairn.core.chats.archive import Conversation
from cairn.core.chats.formats import format_of
from cairn.core.chats.status import SourceStatus
from cairn.core.errors import ConfigError
from cairn.core.journal import FileRecord
from cairn.core.locate import parse_citation
from cairn.core.progress import Progress
from cairn.core.recall.search import Results
from cairn.core.records import SHEET, UNIT_WORDS, Answer, Chunk, Citation, Evidence, Span, Timing
from cairn.core.report import FolderStatus, Status
from cairn.core.uris import INSIDE, container, uri_path

Json = dict[str, Any]


def results(found: Results) -> Json:
    return {
        "query": found.question.text,
        "total": len(found.evidence),
        "hits": [_hit(item) for item in found.evidence],
        "missing_words": list(found.missing),
        "degraded": found.degraded,
        "timings_ms": _timings(found.timings),
    }


def _hit(item: Evidence) -> Json:
    chunk = item.chunk
    return {
        "rank": item.rank,
        "address": item.address,
        **_place(chunk.uri, item.at),
        "title": chunk.title,
        "heading": list(chunk.heading),
        "context": chunk.context,
        "kind": chunk.kind,
        "origin": chunk.origin,
        "who": chunk.who,
        "when": chunk.when,
        "modified": item.modified,
        "used_with": [str(uri_path(uri)) for uri in item.used_with],
        "follows": _before(chunk),
        "snippet": item.snippet,
        "text": chunk.text,
        "score": round(item.score, 6),
        "relevance": item.relevance,
        "channels": [asdict(hit) for hit in item.hits],
    }


def _before(chunk: Chunk) -> str:
    """Of a passage of a conversation: the turn that it follows."""
    if not is_chat(chunk.uri) or chunk.span.first <= 1:
        return ""
    return f"{chunk.uri}#t{chunk.span.first - 1}"


def answer(given: Answer) -> Json:
    return {
        "question": given.question,
        "answered": not given.abstained,
        "sentences": [asdict(sentence) for sentence in given.sentences],
        "citations": [_citation(citation) for citation in given.citations],
        "reason": given.reason,
        "missing_words": list(given.missing),
        "confidence": given.confidence,
        "tier": given.tier,
        "degraded": given.degraded,
        "timings_ms": _timings(given.timings),
    }


def _citation(citation: Citation) -> Json:
    return {
        "number": citation.number,
        "address": citation.address,
        **_place(citation.uri, citation.span),
        "title": citation.title,
        "when": citation.when,
        "modified": citation.modified,
        "quote": citation.quote,
        "hash": citation.hash,
        "state": citation.state,
    }


def _place(uri: str, span: Span) -> Json:
    """Where a span lies: a path with the line, page, … that it has, or a turn of a conversation."""
    if is_chat(uri):
        return {
            "uri": uri, "path": "", "conversation": uri, "locator": span.locator,
            "turn": span.first,
        }  # fmt: skip
    number = span.first % SHEET if span.unit == "r" else span.first
    part = uri.partition(INSIDE)[2]
    return {
        "uri": uri,
        "path": str(uri_path(uri)),
        "locator": span.locator,
        **({"part": part} if part else {}),
        **({"sheet": span.first // SHEET} if span.unit == "r" else {}),
        UNIT_WORDS[span.unit]: number,
    }


def place_of(address: str) -> Json:
    """The place of an address as somebody has written it: a path or conversation, and what in it;
    only the address where it is none."""
    try:
        target = parse_citation(address)
    except ConfigError:
        return {"uri": address, "path": "", "locator": ""}
    if target.unit:
        return _place(target.uri, Span(0, 0, target.unit, target.first, target.last))
    if target.chat:
        return {"uri": target.uri, "path": "", "conversation": target.uri, "locator": ""}
    part = {"part": target.part} if target.part else {}
    return {"uri": target.uri, "path": str(uri_path(target.uri)), "locator": "", **part}


def status(state: Status) -> Json:
    return {
        **asdict(state),
        "counts": asdict(state.counts),
        "roots": [asdict(root) for root in state.roots],
    }


def folder(state: FolderStatus) -> Json:
    """What became of the files that one `add` was about."""
    return {
        "indexed_here": state.indexed,
        "skipped_here": state.skipped,
        "failed_here": state.failed,
        "named_here": state.named,
        "redacted_here": state.redacted,
        "policy_here": state.policy,
    }


def troubled(records: list[FileRecord]) -> Json:
    fields = ("uri", "state", "code", "reason", "size")
    return {
        "files": [
            {**_file(record.uri), **{name: getattr(record, name) for name in fields}}
            for record in records
        ]
    }


def _file(uri: str) -> Json:
    """The path of a file, or the address of the conversation that something is a part of."""
    if is_chat(uri):
        return {"path": "", "conversation": container(uri)}
    return {"path": str(uri_path(uri))}


def progress(now: Progress) -> Json:
    return {
        "stage": {
            "transcript": "listening",
            "glance": "listing",
            "file": "reading",
            "embed": "embedding",
            "curate": "curating",
        }[now.stage],
        "done": now.done,
        "total": now.total,
        "share": now.cost_done / now.cost_total if now.cost_total else 0.0,
        "eta_s": now.eta_s,
    }


def source(state: SourceStatus) -> Json:
    return {**asdict(state), "problems": [list(pair) for pair in state.problems]}


def chat(found: Conversation) -> Json:
    return {**asdict(found), "words": format_of(found.kind).words, "people": list(found.people)}


def _timings(timings: tuple[Timing, ...]) -> Json:
    return {timing.stage: timing.ms for timing in timings}
