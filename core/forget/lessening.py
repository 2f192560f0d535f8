"""An entry → the same with less: without the sentences that go, and what only these said of it.

Called by gathering, to tell what stays, and while a forgetting is carried out, for the file and for
whatever history has of it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace

from cairn.core.forget.passing import tokens
from cairn.core.records import Entry, Source, content_hash
from cairn.core.tombstones import joined, pieces, plain
from cairn.core.tree.catalogue import container_of
from cairn.core.tree.entries import slug

_TITLE = 60
_NAMED = 24
"""Letters of a title that every name made of it has; some are cut shorter than others."""
Spans = Callable[[str], list[tuple[int, int]]]
"""Where something goes in a text of an entry."""


@dataclass(frozen=True, slots=True)
class Going:
    """The sentences that go, by their plain letters, each with the places where it stood."""

    said: Mapping[str, Collection[str]]

    @classmethod
    def of(cls, said: Iterable[tuple[str, str]]) -> Going:
        found: dict[str, set[str]] = {}
        for place, text in said:
            found.setdefault(plain(text), set()).add(place)
        return cls(found)

    def spans(self, text: str, places: Collection[str]) -> list[tuple[int, int]]:
        """A short sentence is anybody's, and goes only where it came from."""
        return [
            (each.start, each.end)
            for each in pieces(text)
            if (at := self.said.get(each.plain)) is not None
            and (each.is_telling or any(place in at for place in places))
        ]

    def from_entry(self, id: str, lost: Iterable[str]) -> Spans:
        """For the texts of one that loses these sources."""
        places = {id, *map(container_of, lost)}
        return lambda text: self.spans(text, places)


def texts_of(entry: Entry) -> list[str]:
    """All that it says, and what is said of it."""
    quotes = [each.quote for each in entry.sources]
    about = (entry.subject, entry.value, *entry.aliases, *entry.tags)
    return [text for text in (entry.title, entry.body, *quotes, *about) if text]


def lessened(entry: Entry, lost: Collection[str], spans: Spans) -> Entry:
    """On what is left of its sources, and in their words where its own were those that go."""
    sources = tuple(
        less for each in entry.sources if each.uri not in lost and (less := _quoted(each, spans))
    )
    quotes = [each.quote for each in sources]
    body = cut(entry.body, spans) or next(filter(None, quotes), "")
    left = "\n".join((body, *quotes))
    is_less = body != entry.body
    has_value = not is_less or plain(entry.value) in plain(left)
    value = entry.value if has_value and not spans(entry.value) else ""
    told = [entry.body, *(each.quote for each in entry.sources), *([] if value else [entry.value])]
    gone = tokens("\n".join(told)) - tokens(left)

    def stays(text: str) -> bool:
        return not spans(text) and gone.isdisjoint(tokens(text))

    title = cut(entry.title, spans)
    if not title or (is_less and (_begins(title, entry.body) or not stays(title))):
        title = body.partition("\n")[0][:_TITLE].strip() or "Untitled"
    return replace(
        entry, title=title, body=body, sources=sources, value=value,
        attribute=entry.attribute if value or not entry.value else "",
        subject=entry.subject if stays(entry.subject) else "",
        aliases=tuple(filter(stays, entry.aliases)), tags=tuple(filter(stays, entry.tags)),
    )  # fmt: skip


def loses_name(path: str, versions: Iterable[Entry], less: Callable[[Entry], Entry]) -> bool:
    """Is the file called after a title that goes, now or when it was made?"""
    return any(
        slug(each.title)[:_NAMED] in path and less(each).title != each.title for each in versions
    )


def cut(text: str, spans: Spans) -> str:
    for start, end in reversed(joined(spans(text))):
        text = text[:start] + text[end:]
    return re.sub(r"\n{3,}", "\n\n", text).strip()


def _quoted(source: Source, spans: Spans) -> Source | None:
    quote = cut(source.quote, spans)
    if quote == source.quote.strip():
        return source
    return replace(source, quote=quote, hash=content_hash(quote)) if quote else None


def _begins(title: str, body: str) -> bool:
    words = title.casefold().rstrip("….").split()[:4]
    return body.casefold().split()[: len(words)] == words
