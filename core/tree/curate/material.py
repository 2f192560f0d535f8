"""What curators read and what they propose: plain data.

`Utterance`s are made from turns and passages by the engine's side; both curators, the one by rules
and the one that asks a model, turn them into `Proposal`s, which become entries only after checks.
"""

from __future__ import annotations

from dataclasses import dataclass

from cairn.core.chats.addresses import is_chat
from cairn.core.records import EntryKind, Kind, Origin, Source, digest, normalize


@dataclass(frozen=True, slots=True)
class Utterance:
    """One turn of a conversation, or one paragraph, list item or row of a document."""

    uri: str
    """With its locator: `chat:whatsapp/ana-3f2a#t41`, `file:~/notes/garden.md#L12-L18`."""
    text: str
    who: str = ""
    """The name of whoever said it; `me` or empty for the user where no name is known."""
    origin: Origin = "document"
    when: str = ""
    """ISO time or day on which it was said or written; empty if unknown."""
    title: str = ""
    """Of the conversation or document."""
    heading: tuple[str, ...] = ()
    kind: Kind = "chat"
    to: tuple[str, ...] = ()
    """The others in the conversation."""
    project: str = ""
    """The folder that a conversation with a program was held in."""
    command: str = ""
    """Of a tool's turn: what was run."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a curator would keep: an entry without an id, and how sure the curator is."""

    kind: EntryKind
    title: str
    """A short name, as a person would file it; no more than 70 characters."""
    body: str
    """The claim in one or two sentences of the third person, understood without its source."""
    sources: tuple[Source, ...]
    """Each with the verbatim sentence as its quote."""
    origin: Origin
    subject: str = ""
    attribute: str = ""
    value: str = ""
    valid_from: str = ""
    valid_until: str = ""
    tags: tuple[str, ...] = ()
    mentions: tuple[str, ...] = ()
    """Names of people, projects and things that it is about."""
    certainty: float = 0.5
    """0 to 1: for choosing among many, never for ranking answers."""
    author: str = "rules"

    @property
    def key(self) -> str:
        """The same for the same words at the same place, so that nothing is proposed twice. Lines
        of a document move; a turn stays what it is, and may say again what another has said."""
        first = self.sources[0]
        place = first.uri if is_chat(first.uri) else first.uri.partition("#")[0]
        return digest(self.kind, place, normalize(first.quote).casefold())
