"""The files that a question asks for → an answer with a line for each, cited at its best passage.

Called instead of `compose` where files are the answer; no model is asked.
"""

from __future__ import annotations

from dataclasses import replace

from cairn.core.answer.compose import compose
from cairn.core.recall.search import Embed, Results
from cairn.core.records import Answer, Citation, Evidence, Sentence
from cairn.core.sentences import Quote, quotes
from cairn.core.uris import INSIDE, uri_path


def list_files(results: Results, embed: Embed, min_relevance: float) -> Answer:
    best = max((item.relevance for item in results.evidence), default=0.0)
    if best < min_relevance:
        return compose(replace(results, evidence=()), embed, min_relevance)
    citations = tuple(_cite(item, number) for number, item in enumerate(results.evidence, start=1))
    sentences = tuple(
        Sentence(f"{_name(each.uri)}: {each.quote}", (each.number,)) for each in citations
    )
    return Answer(
        results.question.text, sentences, citations, tier=2, confidence=round(best, 3),
        missing=results.missing, degraded=results.degraded, timings=results.timings,
    )  # fmt: skip


def _cite(item: Evidence, number: int) -> Citation:
    quote = _quote(item)
    chunk = item.chunk
    return Citation(
        number, chunk.uri, quote.span, chunk.title, quote.text, chunk.when, quote.hash,
        item.modified,
    )  # fmt: skip


def _quote(item: Evidence) -> Quote:
    """The sentence that says most; the title where a heading does."""
    found = quotes(item.chunk)
    return next((each for each in found if each.text == item.snippet), found[0])


def _name(uri: str) -> str:
    """Of the file, and of what is inside it."""
    part = uri.partition(INSIDE)[2]
    return f"{uri_path(uri).name} › {part}" if part else uri_path(uri).name
