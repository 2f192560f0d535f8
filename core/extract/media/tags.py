"""Music, recordings and films → their tags as lines of text: title, artist, album, lyrics, length.

Called by `extract`. tinytag reads the tags alone, never the sound; a file without any says nothing
that its name doesn't.
"""

from __future__ import annotations

import io
import re
import warnings

from cairn.core.errors import ExtractError
from cairn.core.extract.dates import find_date, find_time
from cairn.core.extract.pieces import Pieces, Properties
from cairn.core.extract.source import Source, clean, clip
from cairn.core.records import Document

_FIELDS = (
    ("title", "Title"), ("artist", "Artist"), ("album", "Album"), ("albumartist", "Album artist"),
    ("composer", "Composer"), ("lyricist", "Lyricist"), ("conductor", "Conductor"),
    ("director", "Director"), ("genre", "Genre"), ("year", "Year"), ("publisher", "Publisher"),
    ("copyright", "Copyright"), ("language", "Language"), ("url", "Address"),
)  # fmt: skip
_LONG = (("comment", "Comment"), ("description", "Description"), ("lyrics", "Lyrics"))
_FILMS = (".mp4", ".m4v", ".mov")
_MOST_CHARS = 200_000  # of one field
_TIMED = re.compile(r"^\[\d{1,3}:\d\d(?:[.:]\d{1,3})?\]\s?", re.MULTILINE)


def read_media(source: Source) -> Document:
    fields, seconds = _tags(source.data)
    if not any(name in fields for name, _ in (*_FIELDS, *_LONG)):
        raise ExtractError("no-text", "it holds no details besides its name", skipped=True)
    pieces = Pieces("n", source.max_chars)
    for name, label in _FIELDS:
        if name in fields:
            pieces.paragraph(f"{label}: {clip(fields[name], 500)}", gap="\n")
    if length := in_words(seconds):
        what = "Film" if source.suffix in _FILMS else "Recording"
        pieces.paragraph(f"{what} of {length}", gap="\n")
    for name, label in _LONG:
        if name in fields:
            pieces.paragraph(f"{label}: {fields[name]}")
    title, artist = clip(fields.get("title", "")), clip(fields.get("artist", ""))
    when = _day(fields.get("year", "")) or find_date(source.name)
    return pieces.document(source, "media", Properties(title, artist, when))


def _tags(data: bytes) -> tuple[dict[str, str], float]:
    """Each tag's values as one text, and how long it plays."""
    from tinytag import TinyTag, TinyTagException

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tag = TinyTag.get(file_obj=io.BytesIO(data))
            values = tag.as_dict()
    except TinyTagException:
        raise ExtractError("broken", "its tags can't be read: it is damaged") from None
    fields: dict[str, str] = {}
    for name, value in values.items():
        shown = [str(part) for part in value] if isinstance(value, list) else [str(value or "")]
        text = clean("; ".join(dict.fromkeys(filter(None, map(str.strip, shown)))))[:_MOST_CHARS]
        if name == "lyrics":
            text = _TIMED.sub("", text)
        if text:
            fields[name] = text
    return fields, tag.duration or 0.0


def in_words(seconds: float) -> str:
    """Such as `3 minutes 12 seconds`; "" when nobody knows."""
    if not 0.5 <= seconds < 10_000_000:
        return ""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    parts = ((hours, "hour"), (minutes, "minute"), (0 if hours else rest, "second"))
    return " ".join(f"{n} {unit}{'s' * (n != 1)}" for n, unit in parts if n)


def _day(value: str) -> str:
    """A year alone is no day."""
    return find_time(value) if len(value) > 4 else ""
