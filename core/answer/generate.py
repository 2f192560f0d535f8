"""Evidence → sentences that a model writes, each checked as soon as it is whole.

Called by answering.py. Only what the evidence says becomes an answer, with the span that says it;
what is still being written is told as a draft. Nothing but text comes of what a model writes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from cairn.core.answer.context import MOST, NOTHING, Context
from cairn.core.answer.verify import Verdict, Written, verify
from cairn.core.models.writing.generating import Generating, Piece, Stopped
from cairn.core.records import Answer, Citation, Sentence, normalize
from cairn.core.sentences import Quote

_MOST_SENTENCES = 6
_DRAFT = 300
_CITED = re.compile(
    r"\s*[\[【](?:evidence|source|see)?\s*#?(\d{1,3}(?:\s*(?:,|;|and|–|-)\s*#?\d{1,3})*)[\]】]",
    re.IGNORECASE,
)
_END = re.compile(
    r"(?<=[.!?…])[\"'”’)»*]*(?:[ \t]?\[[^\[\]\n]{1,24}\])*(?P<gap>[ \t]+)(?=[^\s\[a-zß-öø-ÿ])"
    r"|(?<=[。！？])[」』）]*(?:\s?[\[【][^\[\]【】\n]{1,24}[\]】])*(?P<wide>\s*)(?=[^\s\[【」』）])"
    r"|(?P<line>\n)"
)
_COUNTED = re.compile(r"\s*\d{1,2}\.")
_ABBREVIATION = re.compile(
    r"\b(?:Mr|Mrs|Ms|Dr|Prof|St|No|vs|etc|e\.g|i\.e|approx|Nr|bzw|z\.B|[A-Z])\.$"
)
_OPENING = re.compile(r"^(?:answer\s*:|[-*•>#]+\s|\d{1,2}[.)]\s)\s*", re.IGNORECASE)
_MARKUP = re.compile(r"\*\*|__|`")


@dataclass(frozen=True, slots=True)
class Sign:
    """How far the writing has come: so much is read, this is being written, that was checked."""

    read: int = 0
    of: int = 0
    thinks: bool = False
    draft: str = ""
    """The sentence in the making; it may come to nothing."""
    kept: Verdict | None = None


@dataclass(frozen=True, slots=True)
class Drafted:
    kept: tuple[Verdict, ...]
    left_out: tuple[Verdict, ...]
    declined: bool
    """The model found no answer."""


def write(
    generating: Generating,
    context: Context,
    tell: Callable[[Sign], None],
    stop: Callable[[], bool],
    *,
    think: bool = False,
) -> Drafted:
    """Raises `Stopped` when told to, `Unavailable` when the model is or becomes so."""
    work = _Work(context, tell)

    def hear(piece: Piece) -> None:
        work.hear(piece)

    try:
        text = generating.generate(
            context.messages, None, MOST, stop=lambda: work.is_enough or stop(), hear=hear,
            think=think,
        )  # fmt: skip
        work.finish(text)
    except Stopped:
        if not work.is_enough:
            raise
    return work.drafted


class _Work:
    def __init__(self, context: Context, tell: Callable[[Sign], None]) -> None:
        self._context, self._tell = context, tell
        self._parts = Parts()
        self._kept: list[Verdict] = []
        self._left_out: list[Verdict] = []
        self._seen: set[str] = set()
        self._heard = ""
        self._declined = False
        self.is_enough = False

    def hear(self, piece: Piece) -> None:
        self._heard += piece.text
        for part in self._parts.feed(piece.text):
            self._check(part)
        self._tell(Sign(piece.read, piece.of, piece.thinks, _bare(self._parts.rest[-_DRAFT:])))

    def finish(self, text: str) -> None:
        """With the whole text, of which the last words were not heard."""
        begin = text.find(self._heard.strip()) + len(self._heard.strip())
        for part in (*self._parts.feed(text[begin:]), *self._parts.finish()):
            self._check(part)

    def _check(self, part: Written) -> None:
        if self.is_enough:
            return
        if not self._seen and NOTHING.match(part.text):
            self._declined = self.is_enough = True
            return
        name = normalize(part.text).casefold()
        if name in self._seen:
            self.is_enough = True  # it goes round in circles
            return
        self._seen.add(name)
        verdict = verify(part, self._context.passages)
        if verdict.quotes:
            self._kept.append(verdict)
            self._tell(Sign(kept=verdict))
        else:
            self._left_out.append(verdict)
        self.is_enough = len(self._seen) >= _MOST_SENTENCES

    @property
    def drafted(self) -> Drafted:
        return Drafted(tuple(self._kept), tuple(self._left_out), self._declined)


class Parts:
    """Text as it comes → its sentences, each once it is whole, with the numbers that it cites."""

    def __init__(self) -> None:
        self.rest = ""

    def feed(self, text: str) -> list[Written]:
        self.rest += text
        found = []
        begin = 0
        for match in _END.finditer(self.rest):
            said = self.rest[begin : match.start()]
            if match["gap"] and (_ABBREVIATION.search(said[-12:]) or _COUNTED.fullmatch(said[:9])):
                continue
            end = match.start(str(match.lastgroup))
            found.append(self.rest[begin:end])
            begin = match.end()
        self.rest = self.rest[begin:]
        return [part for text in found if (part := _written(text)).text]

    def finish(self) -> list[Written]:
        part, self.rest = _written(self.rest), ""
        return [part] if part.text else []


def _written(text: str) -> Written:
    numbers = [
        number for found in _CITED.finditer(text) for number in _numbers(found[1])
    ]  # fmt: skip
    return Written(_bare(text), tuple(dict.fromkeys(numbers)))


def _numbers(text: str) -> Iterator[int]:
    known = [int(number) for number in re.findall(r"\d+", text)]
    if re.fullmatch(r"\d+\s*[–-]\s*\d+", text) and known[1] - known[0] < 10:
        yield from range(known[0], known[1] + 1)
    else:
        yield from known


def _bare(text: str) -> str:
    """The sentence alone, without numbers and marks of Markdown."""
    plain = _MARKUP.sub("", _CITED.sub("", text)).strip()
    while (shorter := _OPENING.sub("", plain)) != plain:
        plain = shorter
    return re.sub(r"\s+([.,!?;:])", r"\1", " ".join(plain.split()))


def compose(quoted: Answer, kept: Sequence[Verdict], left_out: int, model: str) -> Answer:
    """The answer in the model's words, instead of the one that is only quoted."""
    citations: list[Citation] = []
    sentences = []
    for verdict in kept:
        numbers = tuple(_number(citations, quote) for quote in verdict.quotes)
        sentences.append(Sentence(verdict.text, numbers, inferred=verdict.inferred))
    is_told = any(quoted.short in sentence.text for sentence in sentences)
    return replace(
        quoted, sentences=tuple(sentences), citations=tuple(citations), tier=4, model=model,
        left_out=left_out, short=quoted.short if is_told else "", is_guess=False,
    )  # fmt: skip


def _number(citations: list[Citation], quote: Quote) -> int:
    for known in citations:
        if (known.uri, known.hash) == (quote.chunk.uri, quote.hash):
            return known.number
    chunk = quote.chunk
    citations.append(
        Citation(
            len(citations) + 1, chunk.uri, quote.span, chunk.title, quote.text, chunk.when,
            quote.hash,
        )
    )  # fmt: skip
    return len(citations)
