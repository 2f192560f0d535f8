"""The nouns that pass between stages: plain frozen data, no behaviour beyond naming themselves.

Every stage takes and returns these; no dict crosses a module border. Times are ISO 8601 strings
(a bare date when only the day is known), offsets count characters of `Document.text`.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from dataclasses import dataclass, replace
from typing import Literal, get_args

Origin = Literal["user", "other", "assistant", "tool", "context", "document"]
"""Who wrote it; `context` is what a program put into a conversation beside the user's words."""
ORIGINS: tuple[Origin, ...] = get_args(Origin)
Kind = Literal[
    "note", "code", "table", "data", "web", "mail", "pdf", "chat", "entry",
    "text", "slides", "book", "event", "contact", "image", "media", "archive", "file", "episode",
]  # fmt: skip
"""`text` is a word processor's document, `file` one that is known by its name only, `episode` what
cairn itself says of a sitting of a conversation."""
Unit = Literal["L", "p", "t", "s", "r", "n", "m", "c"]
"""Line, page, turn, slide, row of a sheet, paragraph, mail of a mailbox, cell of a notebook."""
UNIT_WORDS: dict[Unit, str] = {
    "L": "line", "p": "page", "t": "turn", "s": "slide", "r": "row", "n": "paragraph",
    "m": "mail", "c": "cell",
}  # fmt: skip
SHEET = 1 << 21
"""A row of a workbook is numbered `sheet * SHEET + row`, both counted from 1."""
CitationState = Literal["ok", "changed", "gone", "away"]
"""`away`: its folder can't be reached now, so nothing is known of it."""


def digest(*parts: str, size: int = 16) -> str:
    """A stable hex digest of text parts; the separator keeps ("ab", "c") apart from ("a", "bc")."""
    hasher = hashlib.blake2b(digest_size=size)
    for part in parts:
        hasher.update(part.encode("utf-8", "surrogatepass"))
        hasher.update(b"\x1f")
    return hasher.hexdigest()


def normalize(text: str) -> str:
    """Text as it is hashed: NFC, white space folded, so a re-wrapped line is not a change."""
    return re.sub(r"\s+", " ", unicodedata.normalize("NFC", text)).strip()


def content_hash(text: str) -> str:
    return "blake2b:" + digest(normalize(text))


@dataclass(frozen=True, slots=True)
class Event:
    """Something happened to a watched file."""

    kind: Literal["added", "changed", "moved", "deleted", "withdrawn"]
    """`withdrawn`: it is still there, and to be known no longer."""
    uri: str
    at: str
    was: str = ""
    """Where a moved file lay before."""
    size: int = 0
    delta: int = 0
    """Bytes more or less than before."""


@dataclass(frozen=True, slots=True)
class Place:
    """`Document.text[start:]` up to the next place comes from unit `number` of the source."""

    start: int
    unit: Unit
    number: int
    """Counted from 1."""


@dataclass(frozen=True, slots=True)
class Block:
    """A structural piece that chunks do not cut: a paragraph, list item, row, function, turn."""

    start: int
    end: int
    heading: tuple[str, ...] = ()
    """Titles from the outermost to the innermost section."""
    context: str = ""
    """What a reader needs beside the text, such as a table's header row."""
    when: str = ""
    who: str = ""
    origin: Origin | None = None
    """Overrides the document's origin, for turns of a conversation."""
    group: int = 0
    """Blocks of different groups share no passage: a conversation's exchanges."""


@dataclass(frozen=True, slots=True)
class Span:
    """A run of a document's text, and what to call it in a citation."""

    start: int
    end: int
    unit: Unit
    first: int
    last: int

    @property
    def locator(self) -> str:
        """`L12-L18`, `p3`, `t41`, `sheet2!7`: the fragment of a citation's address."""
        head = _locator(self.unit, self.first)
        return head if self.last == self.first else f"{head}-{_locator(self.unit, self.last)}"


def _locator(unit: Unit, number: int) -> str:
    return f"sheet{number // SHEET}!{number % SHEET}" if unit == "r" else f"{unit}{number}"


@dataclass(frozen=True, slots=True)
class Document:
    """The text of one file or conversation, with its structure and where each part came from."""

    uri: str
    kind: Kind
    title: str
    text: str
    places: tuple[Place, ...]
    blocks: tuple[Block, ...]
    when: str = ""
    who: str = ""
    origin: Origin = "document"
    note: str = ""
    """What a user should know about how it was read, such as a guessed encoding."""
    parts: tuple[Document, ...] = ()
    """Documents inside it, such as a mail's attachments, addressed `file:~/trip.eml!/plan.docx`."""

    @property
    def id(self) -> str:
        return document_id(self.uri)


def document_id(uri: str) -> str:
    return "d_" + digest(uri, size=8)


@dataclass(frozen=True, slots=True)
class Chunk:
    """A passage of a document: what is searched, embedded and cited."""

    id: str
    doc_id: str
    uri: str
    ordinal: int
    kind: Kind
    title: str
    heading: tuple[str, ...]
    context: str
    text: str
    span: Span
    places: tuple[tuple[int, int], ...]
    """Where in `text` which line, page or turn begins, as (offset, number), the first at 0."""
    when: str
    who: str
    origin: Origin
    hash: str
    name: str = ""
    """Words about the file itself, its name and folder; on its first passage only."""
    before: str = ""
    """What was said last before a passage of a conversation: a reply may have none of its words."""

    @property
    def address(self) -> str:
        """The citation address: `file:~/notes/garden.md#L12-L18`."""
        return f"{self.uri}#{self.span.locator}"

    def part(self, start: int, end: int) -> Span:
        """The span of `text[start:end]`, exact to the line, page or turn."""
        first = last = self.span.first
        for offset, number in self.places:
            if offset <= start:
                first = number
            if offset < end:
                last = number
        begin = self.span.start
        return Span(begin + start, begin + end, self.span.unit, first, max(first, last))

    @property
    def embedding_text(self) -> str:
        """The passage with the context that makes it findable: title, headings, day, speaker."""
        trail = " > ".join(dict.fromkeys((self.title, *self.heading)))
        head = " | ".join(part for part in (trail, self.when[:10], self.who, self.context) if part)
        return f"{head}\n{self.text}" if head else self.text

    @property
    def search_text(self) -> str:
        """What words are looked for in. Not all is embedded: a file that is renamed keeps its
        vectors."""
        return "\n".join(filter(None, (self.name, self.before, self.embedding_text)))


EntryKind = Literal[
    "fact", "preference", "decision", "event", "procedure", "promise", "question",
    "person", "project", "summary",
]  # fmt: skip
ENTRY_KINDS: tuple[EntryKind, ...] = get_args(EntryKind)
RelationType = Literal["supports", "supersedes", "contradicts", "part_of", "mentions", "follows"]
RELATION_TYPES: tuple[RelationType, ...] = get_args(RelationType)


@dataclass(frozen=True, slots=True)
class Relation:
    """A typed edge between entries, documents, people and topics."""

    type: str
    """One of RELATION_TYPES, or what a user wrote there."""
    to: str


@dataclass(frozen=True, slots=True)
class Source:
    """Where an entry comes from: the place, and the very words that stood there."""

    uri: str
    """With its locator: `file:~/notes/garden.md#L12-L18`, `chat:claude/9f2…#t41`."""
    quote: str = ""
    who: str = ""
    when: str = ""
    hash: str = ""
    """`content_hash` of the quote."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One curated memory in the tree: a Markdown file with front matter."""

    id: str
    title: str
    kind: str
    """One of ENTRY_KINDS, or what a user wrote there."""
    body: str
    created: str
    """When it was first said or written, not when a curator came by."""
    tags: tuple[str, ...] = ()
    valid_from: str = ""
    """When it became true."""
    valid_until: str = ""
    """When it ceased to be true; empty while it holds."""
    relations: tuple[Relation, ...] = ()
    sources: tuple[Source, ...] = ()
    origin: Origin = "user"
    """Whose words it rests on: the least trusted of its sources."""
    author: str = "user"
    """Who wrote the entry: `user`, `rules`, or `model:` and the model's fingerprint."""
    subject: str = ""
    """Whom or what it is about, such as `garden budget`: with `attribute` what it can supersede."""
    attribute: str = ""
    value: str = ""
    aliases: tuple[str, ...] = ()
    """Other spellings of a person's or project's name."""
    links: tuple[str, ...] = ()
    """What the body links to as `[[…]]`."""


@dataclass(frozen=True, slots=True)
class Hit:
    """One channel's opinion of one passage, or a part of its score."""

    channel: str
    rank: int
    """Among what the channel found, from 1; 0 for a part of the score."""
    score: float
    """The channel's own."""
    worth: float = 0.0
    """The most that this part can add to a score."""
    adds: float = 0.0
    """What it adds to this one."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """A chunk retrieved for a question, and why."""

    chunk: Chunk
    """The passage; `at` says which turn of it is meant."""
    rank: int
    score: float
    """For ordering only."""
    relevance: float
    """Raw, 0 to 1, comparable between questions: what abstention is decided on."""
    hits: tuple[Hit, ...]
    snippet: str
    """The sentence of the chunk that says most about the question, and where it is."""
    at: Span
    modified: str = ""
    """When the file was last changed: shown where the text has no date, never taken for one."""
    used_with: tuple[str, ...] = ()
    """Addresses of files that the user works on together with this one."""
    entries: tuple[str, ...] = ()
    """Ids of entries of the tree that rest on this passage."""
    wrong: tuple[str, ...] = ()
    """Sentences of the passage that the user has called wrong, as they stand there."""

    @property
    def address(self) -> str:
        if self.chunk.kind == "file":
            return self.chunk.uri  # the file as such, not a place in its text
        return f"{self.chunk.uri}#{self.at.locator}"


@dataclass(frozen=True, slots=True)
class Citation:
    """A numbered pointer from an answer's sentence to the source it can be opened at."""

    number: int
    uri: str
    span: Span
    title: str
    quote: str
    when: str
    hash: str
    modified: str = ""
    state: CitationState = "ok"
    entries: tuple[str, ...] = ()
    """Ids of the tree's entries that rest on the same words."""

    @property
    def address(self) -> str:
        return f"{self.uri}#{self.span.locator}"


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of an answer with the numbers of the citations that support it."""

    text: str
    citations: tuple[int, ...]
    inferred: bool = False
    """It follows from what is cited, which doesn't say it itself."""


@dataclass(frozen=True, slots=True)
class Timing:
    """How long one stage of a request took."""

    stage: str
    ms: float


@dataclass(frozen=True, slots=True)
class Step:
    """A question that was asked on the way to an answer."""

    text: str
    found: bool = False
    lacking: str = ""
    """What was not found, in words."""


@dataclass(frozen=True, slots=True)
class Answer:
    """Cited sentences, or the reason why there are none."""

    question: str
    sentences: tuple[Sentence, ...]
    citations: tuple[Citation, ...]
    tier: int
    confidence: float
    abstained: bool = False
    reason: str = ""
    """Why it abstained, in words for the user."""
    missing: tuple[str, ...] = ()
    """Words of the question that occur nowhere in the memory."""
    degraded: str = ""
    """What could not be used, such as the vector search, and what to do."""
    timings: tuple[Timing, ...] = ()
    found: tuple[Evidence, ...] = ()
    """What it was made of, and what else was found."""
    short: str = ""
    """The answer in a few words, where it can be told so: a day, a name, a list."""
    is_guess: bool = False
    """Is that only what is nearest, and perhaps no answer?"""
    model: str = ""
    """Which model wrote the sentences; empty for what is quoted."""
    left_out: int = 0
    """Of its sentences those that no source says."""
    understood: str = ""
    """The question that was meant, where it leaned on what was asked before."""
    steps: tuple[Step, ...] = ()
    """What was asked on the way, where it took more than one question."""

    def with_citations(
        self, citations: tuple[Citation, ...], timings: tuple[Timing, ...]
    ) -> Answer:
        return replace(self, citations=citations, timings=timings)
