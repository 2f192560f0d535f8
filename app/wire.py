"""Engine records → the plain JSON that travels over the socket and that `--json` prints.

Documented in docs/json.md; fields are only ever added within one `SCHEMA_VERSION`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict
from typing import Any

from cairn.core.answer.feedback import Judged
from cairn.core.chats.addresses import is_chat
from cairn.core.chats.archive import Conversation
from cairn.core.chats.formats import format_of
from cairn.core.chats.status import SourceStatus
from cairn.core.errors import ConfigError
from cairn.core.finding import WhyNot
from cairn.core.journal import FileRecord
from cairn.core.locate import parse_citation
from cairn.core.progress import Progress
from cairn.core.recall.around import Stretch
from cairn.core.recall.reasons.findability import Documents, Probed
from cairn.core.recall.search import Results
from cairn.core.recall.sets.changed import Changes
from cairn.core.records import SHEET, UNIT_WORDS, Answer, Chunk, Citation, Evidence, Span, Timing
from cairn.core.report import FolderStatus, Status
from cairn.core.uris import INSIDE, container, uri_path

Json = dict[str, Any]


Titles = Callable[[Iterable[Evidence]], dict[str, str]]
"""Of the entries that rest on what was found, by their ids."""


def results(found: Results, titles: Titles) -> Json:
    known = titles(found.evidence)
    return {
        "query": found.question.text,
        "kind": found.question.kind,
        "total": len(found.evidence),
        "hits": [_hit(item, known) for item in found.evidence],
        "missing_words": list(found.lacking),
        "degraded": found.degraded,
        "timings_ms": _timings(found.timings),
    }


def _hit(item: Evidence, titles: Mapping[str, str]) -> Json:
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
        "entries": [{"id": id, "title": titles.get(id, "")} for id in item.entries],
        "wrong": [" ".join(said.split()) for said in item.wrong],
    }


def around(stretch: Stretch) -> list[Json]:
    """The turns, sentences or lines around a hit, and which of them it is."""
    return [
        {
            "address": piece.address, "locator": piece.span.locator, "text": piece.text,
            "cited": piece.rank > 0,
        }
        for piece in stretch.pieces
    ]  # fmt: skip


def _before(chunk: Chunk) -> str:
    """Of a passage of a conversation: the turn that it follows."""
    if not is_chat(chunk.uri) or chunk.span.first <= 1:
        return ""
    return f"{chunk.uri}#t{chunk.span.first - 1}"


def answer(given: Answer, titles: Titles) -> Json:
    known = titles(given.found)
    return {
        "question": given.question,
        "understood": given.understood,
        "steps": [asdict(step) for step in given.steps],
        "answered": not given.abstained,
        "short": given.short,
        "is_guess": given.is_guess,
        "sentences": [asdict(sentence) for sentence in given.sentences],
        "citations": [_citation(citation) for citation in given.citations],
        "reason": given.reason,
        "missing_words": list(given.missing),
        "confidence": given.confidence,
        "tier": given.tier,
        "model": given.model,
        "left_out": given.left_out,
        "degraded": given.degraded,
        "timings_ms": _timings(given.timings),
        "evidence": [
            {name: value for name, value in _hit(item, known).items() if name != "text"}
            for item in given.found
        ],
    }


def judged(given: Judged) -> Json:
    """What somebody said of an answer."""
    return {
        "verdict": given.verdict, "question": given.question, "at": given.at,
        "citations": [{"address": each.address, "entries": list(each.entries)}
                      for each in given.cites],
    }  # fmt: skip


def why_not(given: WhyNot) -> Json:
    told = asdict(given.trace) if given.trace else {}
    met = [{name: each[name] for name in ("channel", "rank", "of", "score")}
           for each in told.pop("met", [])]  # fmt: skip
    return {
        **asdict(given.explanation),
        "question": given.question,
        "search": {**told, "channels": met} if told else None,
        "degraded": given.degraded,
        "timings_ms": _timings(given.timings),
    }


def documents(found: Documents, folder: str) -> Json:
    return {"folder": folder, "documents": found.all, "aside": [list(pair) for pair in found.aside]}


def probed(one: Probed) -> Json:
    return {"conversation": "", **_file(one.uri), **asdict(one)}


def probing(whole: Json, total: int, done: int, one: Probed | None = None) -> Json:
    """How far `findability` has come, and what it has just tried."""
    return {
        **whole, "stage": "probing", "done": done, "total": total,
        "share": done / total if total else 1.0, "eta_s": None,
        "document": probed(one) if one else None,
    }  # fmt: skip


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
        "reading": "" if not now.reading or is_chat(now.reading) else str(uri_path(now.reading)),
    }


def source(state: SourceStatus) -> Json:
    return {**asdict(state), "problems": [list(pair) for pair in state.problems]}


def chat(found: Conversation) -> Json:
    return {**asdict(found), "words": format_of(found.kind).words, "people": list(found.people)}


def changes(found: Changes) -> Json:
    return {
        "since": found.since,
        "until": found.until,
        "counts": _counted(found),
        "files": [
            {**asdict(each), **_file(each.uri), "was": each.was and str(uri_path(each.was))}
            for each in found.files
        ],
        "entries": [asdict(each) for each in found.entries],
        "conversations": [asdict(each) for each in found.chats],
    }


def _counted(found: Changes) -> Json:
    deeds = Counter(f"files_{each.deed}" for each in found.files)
    deeds.update(f"entries_{each.deed}" for each in found.entries)
    return {**deeds, "turns": sum(each.turns for each in found.chats)}


def _timings(timings: tuple[Timing, ...]) -> Json:
    return {timing.stage: timing.ms for timing in timings}
