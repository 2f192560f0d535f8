"""What somebody types beside a question → what its answer may rest on.

`--in`, `--kind`, `--from`, `--origin`, `--since`, `--until`. Called by the front ends' operations;
what nobody can mean is said at once, and empty filters leave everything in.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import get_args

from cairn.core.errors import ConfigError
from cairn.core.records import ORIGINS, Kind, Origin

_WORDS: dict[str, tuple[Kind, ...]] = {
    "chat": ("chat", "episode"),
    "conversation": ("chat", "episode"),
    "message": ("chat",),
    "email": ("mail",),
    "letter": ("mail",),
    "word": ("text",),
    "docx": ("text",),
    "document": ("text", "pdf"),
    "sheet": ("table",),
    "spreadsheet": ("table",),
    "xlsx": ("table",),
    "csv": ("table",),
    "presentation": ("slides",),
    "pptx": ("slides",),
    "picture": ("image",),
    "photo": ("image",),
    "audio": ("media",),
    "video": ("media",),
    "markdown": ("note",),
    "md": ("note",),
    "html": ("web",),
    "page": ("web",),
    "calendar": ("event",),
    "ebook": ("book",),
}
"""Other words for kinds than their own."""
_HIDDEN = frozenset(("file", "episode"))
"""Kinds that nobody asks for by name."""
ME = frozenset("me i myself mich ich moi yo".split())


@dataclass(frozen=True, slots=True)
class Filters:
    folder: str = ""
    """A path, the address of a conversation, or the name of one of both."""
    kinds: tuple[Kind, ...] = ()
    origins: tuple[Origin, ...] = ()
    person: str = ""
    """Who says it, wrote it or took part."""
    since: str = ""
    """The first day; of a passage without a date that of its file counts."""
    until: str = ""
    """The last day."""

    @property
    def is_of_turns(self) -> bool:
        """Do they tell apart what stands in one passage?"""
        return bool(self.person or self.origins)


EVERYTHING = Filters()


def read_filters(
    folder: str = "",
    kind: str = "",
    origin: str = "",
    person: str = "",
    since: str = "",
    until: str = "",
) -> Filters:
    """`kind` and `origin` may hold several words with commas; days are ISO."""
    if since and until and since > until:
        raise ConfigError(
            f"the days from {since} until {until} are none", "the earlier one belongs to `--since`"
        )
    kinds = tuple(dict.fromkeys(each for word in _split(kind) for each in _kinds_of(word)))
    origins = tuple(dict.fromkeys(_origin_of(word) for word in _split(origin)))
    person = " ".join(person.split())
    if person.casefold() in ME:  # what the user wrote, under whatever name
        person = ""
        origins = ("user",) if not origins or "user" in origins else _nobody(origin)
    return Filters(folder.strip(), kinds, origins, person, since, until)


def _split(text: str) -> list[str]:
    return [word.casefold() for word in re.split(r"[,\s]+", text) if word]


def _kinds_of(word: str) -> tuple[Kind, ...]:
    for each in (word, word.removesuffix("s")):
        if each in _WORDS:
            return _WORDS[each]
        if each in get_args(Kind) and each not in _HIDDEN:
            return (each,)  # type: ignore[return-value]
    known = ", ".join(sorted(each for each in get_args(Kind) if each not in _HIDDEN))
    raise ConfigError(f"`{word}` is no kind of file that cairn knows", f"there are {known}")


def _origin_of(word: str) -> Origin:
    for each in ORIGINS:
        if each in (word, word.removesuffix("s")) and each != "context":
            return each
    raise ConfigError(
        f"`{word}` is nobody who writes",
        f"there are {_listed(o for o in ORIGINS if o != 'context')}",
    )


def _nobody(origin: str) -> tuple[Origin, ...]:
    raise ConfigError(f"you are not `{origin}`", "leave out `--from me` or `--origin`")


def _listed(words: Iterable[str]) -> str:
    return ", ".join(words)
