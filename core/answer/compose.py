"""Evidence → a short answer made of quoted sentences, each cited, or "not in your memory".

No model is asked: the sentences that cover the question best are shown, the newest first when
they were written at different times. Later answerers (reader, generator) take the same evidence.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from cairn.core.answer.brief import Brief, brief
from cairn.core.answer.days import when_told
from cairn.core.answer.saying import is_of_other, is_opposed, is_step, tells, with_list
from cairn.core.answer.spans import ReadSpans
from cairn.core.chats.document import LEFT_BRANCH
from cairn.core.errors import Unavailable
from cairn.core.recall.certain.relevance import coverage
from cairn.core.recall.question.analyze import Question
from cairn.core.recall.search import Embed, Results
from cairn.core.recall.words import stems
from cairn.core.records import Answer, Citation, Evidence, Sentence
from cairn.core.sentences import Quote, join, quotes

STRONG = 0.7
"""Evidence of this share of the relevance that is asked for may say more of what the best says."""
_WITHOUT = ("compare", "absence", "files", "changes", "other")
"""Kinds of question that no few words answer."""
_YES_NO = re.compile(
    r"\W*(?:is|are|am|was|were|do|does|did|has|have|had|can|could|will|would|should)\b(?!.*\bor\b)",
    re.IGNORECASE | re.DOTALL,
)
"""Begins what is asked for a yes or a no: the sentence says that best."""
_PLACE_IN_TEXT = re.compile(
    r"\W*(?:where (?:does (?:it|this) say|(?:is it|was it) (?:written|noted|mentioned)"
    r"|did (?:i|we) (?:write|note)|do (?:i|we) mention)|wo (?:steht|habe ich \S+ geschrieben))\b",
    re.IGNORECASE,
)
"""Asks for the passage itself."""
_READ = 8
"""Passages that are taken apart into sentences."""
_SHOWN = 3
_CLOSE = 0.8
"""A further sentence must score this share of the best one."""
_SAME_TOPIC = 0.6
"""And hold this share of the question's words that the best one holds."""
_OWN_WORDS_ENOUGH = 0.5
"""Below this the words alone do not tell which sentence answers, and vectors are asked."""
_MONTHS = (
    "January February March April May June July August September October November December"
).split()
_ELSEWHERE = (
    "Januar Jänner Februar März Mai Juni Juli Oktober Dezember janvier février mars avril juin"
    " juillet août septembre octobre novembre décembre enero febrero marzo abril mayo junio julio"
    " agosto septiembre octubre noviembre diciembre"
).split()
_DATE = re.compile(
    rf"\b\d{{4}}-\d\d-\d\d\b|(?:{'|'.join(_MONTHS)}) \d|"
    rf"\b\d{{1,2}}(?:\.|er)? (?:de )?(?:{'|'.join((*_MONTHS, *_ELSEWHERE))})|"
    r"\b(?:mon|tues|wednes|thurs|fri|satur|sun)day\b|\b\d{1,2}[./]\d{1,2}[./]\d{2,4}\b",
    re.IGNORECASE,
)
_TIME = re.compile(rf"{_DATE.pattern}|\b(?:19|20)\d\d\b", re.IGNORECASE)
_OWN_DAY = re.compile(r"\d{4}-\d\d-\d\d[:,]? (?=\S)")
_FITS = 0.2
_CHOICE = re.compile(
    r"\W*(?:is|are|was|were|do|does|did|has|have|had)\b.*\bor\b", re.IGNORECASE | re.DOTALL
)
_CLOCK_ASKED = re.compile(r"\b(?:what time|at what hour|wie ?viel uhr)\b", re.IGNORECASE)
_CLOCK = re.compile(r"\d:\d\d")
_LEANS = re.compile(r"(?:It|They|He|She|This|That|These|Those|Then|There|So|But)\b")
_LONGEST_LEAD = 200
_AMOUNT = re.compile(r"\b(?!(?:19|20)\d\d\b)\d")
_NAME = re.compile(r"(?<!^)(?<![.!?] )\b[A-ZÀ-Þ][a-zà-ÿ]+")


@dataclass(frozen=True, slots=True)
class Candidate:
    quote: Quote
    score: float
    own: float
    """Coverage by the sentence's own words, apart from title and headings."""
    fits: bool
    """Whether it holds the kind of thing that is asked for: a date, an amount, a name."""


def compose(
    results: Results, embed: Embed, min_relevance: float, read: ReadSpans | None = None
) -> Answer:
    """`read` is the reader, which finds the words that answer; without it sentences must do."""
    question = results.question
    results = replace(results, evidence=_of_asked(question, results.evidence))
    best = max((item.relevance for item in results.evidence), default=0.0)
    if best < min_relevance * STRONG:
        return _abstain(results, best)
    strong = [item for item in results.evidence if item.relevance >= min_relevance * STRONG]
    brief, trouble = _brief(question, strong, read)
    sure = _sure(best, brief)
    chosen = _choose(question, results, embed, min_relevance) if sure >= min_relevance else []
    if not chosen:
        return _abstain(results, sure)
    if brief and _is_open(question, chosen):
        brief = replace(brief, text="", quotes=())
    # What bears no date is not taken for new: the time of a file says when it was copied.
    chosen.sort(key=lambda item: item.quote.chunk.when[:10], reverse=True)
    if brief and brief.text:
        own = [Candidate(quote, 1.0, 1.0, True) for quote in brief.quotes]
        chosen = [*map(_understandable, own), *chosen]
    chosen = _without_repeats(question, chosen)[: max(_SHOWN, len(brief.quotes) if brief else 0)]
    citations = _cite(chosen)
    newest = max(item.quote.chunk.when[:10] for item in chosen)
    oldest = min(item.quote.chunk.when[:10] or newest for item in chosen)
    sentences = tuple(
        Sentence(_word(question, item.quote, newest, several=oldest != newest), (number,))
        for number, item in enumerate(chosen, start=1)
    )
    short = brief.text if brief else ""
    if brief and any(is_step(question, each) for each in brief.quotes):
        short = ""  # one of several
    is_read = brief is not None and brief.is_read and bool(short)
    return Answer(
        question.text, sentences, citations, tier=3 if is_read else 2,
        confidence=round(sure, 3), missing=results.missing,
        degraded=results.degraded or trouble, timings=results.timings,
        short=short, is_guess=brief is not None and brief.is_guess and bool(short),
    )  # fmt: skip


def _brief(
    question: Question, evidence: Sequence[Evidence], read: ReadSpans | None
) -> tuple[Brief | None, str]:
    """And what kept the reader from it."""
    if question.is_of_sittings or question.kind in _WITHOUT or _YES_NO.match(question.text):
        return None, ""
    if _PLACE_IN_TEXT.match(question.text):
        return None, ""
    told = when_told(question, evidence) if question.kind == "when" else None
    if told and not (_CLOCK_ASKED.search(question.text) and not _CLOCK.search(told.text)):
        return Brief(told.text, (told.quote,), is_read=False), ""
    try:
        found = brief(question, evidence, read) if read else None
        return (_chosen(question, found) if found else None), ""
    except Unavailable as error:
        return None, f"{error.message}; {error.hint}"


def _chosen(question: Question, found: Brief) -> Brief:
    """Of what somebody may choose from, as in "is it the tent or the kayak?"; nothing else."""
    is_choice = _CHOICE.match(question.text) is not None
    if not is_choice or stems(found.text) & {*question.stems}:
        return found
    return replace(found, text="", quotes=())


def _is_open(question: Question, chosen: Sequence[Candidate]) -> bool:
    """Do several sentences say the only word of a question, as in "what did we decide"? Then no few
    words of one of them are the answer."""
    is_wide = question.kind in ("fact", "other") and len({*question.stems}) == 1
    return is_wide and not question.names and sum(each.own >= 1.0 for each in chosen) > 1


def _of_asked(question: Question, evidence: Sequence[Evidence]) -> tuple[Evidence, ...]:
    """Without passages that note something of others only, such as a list of their birthdays."""
    return tuple(
        item
        for item in evidence
        if not (told := [each for each in quotes(item.chunk) if not each.is_heading])
        or not all(is_of_other(question, each) for each in told)
    )


def _sure(best: float, brief: Brief | None) -> float:
    """How likely it is that the evidence answers, by its relevance and by who has read it."""
    if not brief or not brief.speaks or not 0 < best < 1:
        return best
    return round(1 / (1 + (1 - best) / best * math.exp(-brief.speaks)), 4)


def _abstain(results: Results, best: float) -> Answer:
    if results.missing:
        words = ", ".join(f"“{word}”" for word in results.missing[:3])
        reason = f"your memory has nothing on {words}"
    elif not results.evidence:
        reason = "nothing in your memory matches these words"
    else:
        reason = "the passages found do not answer it"
    return Answer(
        results.question.text, (), (), tier=2, confidence=round(best, 3), abstained=True,
        reason=reason, missing=results.missing, degraded=results.degraded, timings=results.timings,
    )  # fmt: skip


def _choose(
    question: Question, results: Results, embed: Embed, min_relevance: float
) -> list[Candidate]:
    weights = dict.fromkeys(question.stems, 1.0)
    for word, stem in zip(question.words, question.stems, strict=True):
        if word in results.missing:
            weights[stem] = 0.3  # no sentence can hold it: let the others decide
    passages = {item.chunk.id: item for item in reversed(results.evidence)}
    read = sorted(passages.values(), key=lambda item: item.rank)[:_READ]
    strong = [item for item in read if item.relevance >= min_relevance * STRONG]
    sittings = [item for item in strong if item.chunk.kind == "episode"]
    if question.is_of_sittings and (latest := _latest(question, strong, weights)):
        return [latest]
    strong = [item for item in strong if item.chunk.kind != "episode"] or sittings
    candidates = [
        _score(question, quote, evidence, weights)
        for evidence in strong
        for quote in quotes(evidence.chunk)
        if not quote.is_heading and quote.text != quote.chunk.context
        if not is_of_other(question, quote)
    ]
    candidates = [item for item in candidates if tells(item.quote)] or candidates
    candidates.sort(key=_order)
    if candidates and max(item.own for item in candidates) < _OWN_WORDS_ENOUGH:
        candidates = _rescore(question, candidates[:16], embed)
    return [_understandable(item) for item in _distinct(candidates)]


def _latest(
    question: Question, found: list[Evidence], weights: dict[str, float]
) -> Candidate | None:
    """Of the sittings that fit about equally well, the latest: when it was, and with whom.

    None when something outside of conversations fits better.
    """
    fit = {item.rank: coverage(stems(item.chunk.search_text), weights) for item in found}
    sittings = [item for item in found if item.chunk.kind == "episode"]
    best = max((fit[item.rank] for item in sittings), default=0.0)
    others = (item for item in found if item.chunk.kind not in ("episode", "chat"))
    if not sittings or any(fit[item.rank] > best for item in others):
        return None
    close = [item for item in sittings if fit[item.rank] >= best * _CLOSE]
    latest = max(close, key=lambda item: (item.chunk.when, -item.rank))
    return _score(question, quotes(latest.chunk)[0], latest, weights)


def _understandable(item: Candidate) -> Candidate:
    """A sentence that leans on the one before it ("It cost 189 euros") is quoted with it."""
    quote = item.quote
    told = quotes(quote.chunk)
    if quote.is_heading:
        behind = next((other for other in told if other.start >= quote.end and tells(other)), None)
        return replace(item, quote=join(quote, behind)) if behind else item
    if not _LEANS.match(quote.text):
        return item
    before = [other for other in told if other.end <= quote.start]
    if not before or before[-1].is_heading or len(before[-1].text) > _LONGEST_LEAD:
        return item
    return replace(item, quote=join(before[-1], quote))


def _without_repeats(question: Question, chosen: list[Candidate]) -> list[Candidate]:
    """Lists whole where they are asked for, and nothing that another one says as well."""
    wide = [replace(item, quote=with_list(question, item.quote)) for item in chosen]
    kept: list[Candidate] = []
    for item in wide:
        text = item.quote.text
        at = next((n for n, other in enumerate(kept) if _overlaps(item.quote, other.quote)), None)
        if at is not None and len(text) > len(kept[at].quote.text):
            kept[at] = item
        elif at is None and not any(text in each.quote.text or each.quote.text in text
                                    for each in kept):  # fmt: skip
            kept.append(item)
    return kept


def _overlaps(one: Quote, other: Quote) -> bool:
    is_same = one.chunk.uri == other.chunk.uri
    return is_same and one.span.start < other.span.end and other.span.start < one.span.end


def _score(
    question: Question, quote: Quote, evidence: Evidence, weights: dict[str, float]
) -> Candidate:
    own_stems = stems(quote.text)
    fits = _is_fitting(question, quote)
    own = coverage(own_stems, weights)
    chunk = quote.chunk
    around = stems(" ".join((chunk.title, *chunk.heading, chunk.who, chunk.context)))
    total = coverage(own_stems | around, weights)
    score = own + 0.6 * (total - own) + 0.3 * evidence.relevance + _FITS * fits
    if len(quote.text) < 15 or quote.text.endswith(("?", ":")):
        score -= 0.3  # a label or a question is no answer
    if is_opposed(question, quote):
        score -= 0.3
    if chunk.context == LEFT_BRANCH:
        score -= 0.5  # somebody took it back
    elif chunk.origin == "tool":
        score -= 0.2  # nobody said it
    return Candidate(quote, score, own, fits)


def _is_fitting(question: Question, quote: Quote) -> bool:
    wanted = {"when": _DATE, "amount": _AMOUNT, "who": _NAME, "where": _NAME}.get(question.kind)
    return wanted is not None and wanted.search(quote.text) is not None


def _rescore(question: Question, candidates: Sequence[Candidate], embed: Embed) -> list[Candidate]:
    """Add how close each sentence is in meaning; costs a few milliseconds a sentence."""
    try:
        vectors = embed([question.text, *(item.quote.text for item in candidates)])
    except Unavailable:
        return list(candidates)  # the search has said already that words must do
    closeness = vectors[1:] @ vectors[0]
    scored = [
        replace(item, score=item.score + float(close))
        for item, close in zip(candidates, closeness, strict=True)
    ]
    return sorted(scored, key=_order)


def _order(item: Candidate) -> tuple[float, str, int]:
    return (-round(item.score, 6), item.quote.chunk.id, item.quote.start)


def _distinct(candidates: Sequence[Candidate]) -> list[Candidate]:
    chosen: list[Candidate] = []
    for item in candidates:
        if len(chosen) == _SHOWN or (chosen and item.score < chosen[0].score * _CLOSE):
            break
        if chosen and (item.own < chosen[0].own * _SAME_TOPIC or item.fits < chosen[0].fits):
            continue
        words = stems(item.quote.text)
        if all(_overlap(words, stems(other.quote.text)) < 0.7 for other in chosen):
            chosen.append(item)
    return chosen


def _overlap(a: frozenset[str], b: frozenset[str]) -> float:
    return len(a & b) / (min(len(a), len(b)) or 1)


def _cite(chosen: Sequence[Candidate]) -> tuple[Citation, ...]:
    return tuple(
        Citation(
            number, item.quote.chunk.uri, item.quote.span, item.quote.chunk.title,
            item.quote.text, item.quote.chunk.when, item.quote.hash,
        )
        for number, item in enumerate(chosen, start=1)
    )  # fmt: skip


def _word(question: Question, quote: Quote, newest: str, *, several: bool) -> str:
    """The sentence as written, with the date in front where the order in time matters."""
    day = spell_date(quote.chunk.when)
    if several and day:
        earlier = quote.chunk.when[:10] < newest
        said = without_day(quote.text)
        return f"Earlier, {day}: {said}" if earlier else f"{day}: {said}"
    if question.kind == "when" and day and not _TIME.search(quote.text):
        return f"{day}: {quote.text}"
    return quote.text


def without_day(line: str) -> str:
    """Of notes whose lines begin with their day, which is told anyway."""
    return line[own.end() :] if (own := _OWN_DAY.match(line)) else line


def spell_date(when: str) -> str:
    """`2026-03-02T18:20` → `2 March 2026`."""
    match = re.match(r"(\d{4})-(\d\d)-(\d\d)", when)
    if not match or not 1 <= int(match[2]) <= 12:
        return ""
    return f"{int(match[3])} {_MONTHS[int(match[2]) - 1]} {match[1]}"
