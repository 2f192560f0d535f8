"""Notes that Evernote has exported (.enex) → each under its title, with its day, author and tags.

Called by `extract`. Notes are read one by one, so that attachments take no memory for long; those
that are documents become parts, all are named. Encrypted passages are left out and counted.
"""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from cairn.core.errors import ExtractError
from cairn.core.extract.dates import find_date, find_time
from cairn.core.extract.mail.attachments import Gathering
from cairn.core.extract.mail.letter import Attachment, Letter
from cairn.core.extract.pieces import Pieces, Properties
from cairn.core.extract.source import Source, clean, clip, join_notes
from cairn.core.extract.web.enml import Body
from cairn.core.extract.xmltree import child, children, read_each, text_of, words_of
from cairn.core.records import Document

_MOST_NOTES = 100_000
_MOMENT = re.compile(r"(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)(Z?)")
# Only named: a notebook has a great many of them, and reading text in pictures takes long.
_SHOWN_ONLY = ("image/", "audio/", "video/")


@dataclass(frozen=True, slots=True)
class _Note:
    title: str
    when: str
    who: str
    context: str
    facts: tuple[str, ...]
    """Lines above the text: where it came from, and when it was to be remembered."""
    body: str
    tasks: tuple[str, ...]
    files: tuple[Attachment, ...]
    locked: bool


def read_enex(source: Source) -> Document:
    pieces = Pieces("n", source.max_chars)
    parts = Gathering(source, 0)
    first = _NOTHING
    count = secrets = 0
    damaged = False
    for tree in read_each(source.data, "note"):
        damaged = tree.damaged
        note = _read_note(tree.root)
        if note == _NOTHING:
            continue
        if count == _MOST_NOTES:
            raise ExtractError("too-large", "it has too many notes to be read", skipped=True)
        count += 1
        first = note if count == 1 else first
        secrets += _write(pieces, note)
        files = tuple(file for file in note.files if not file.kind.startswith(_SHOWN_ONLY))
        parts.take(Letter((), "", note.who, note.when, files), note.when)
    only = first if count == 1 else _NOTHING
    title = only.title or source.stem
    properties = Properties(title, only.who, only.when or find_date(source.name))
    return pieces.document(
        source, "note", properties, note=_said(secrets, damaged, parts.note), parts=parts.documents
    )


def _said(secrets: int, damaged: bool, parts: str) -> str:
    passages = "passage was" if secrets == 1 else "passages were"
    return join_notes(
        "it is damaged; only what stands before the damage was read" if damaged else "",
        f"{secrets} encrypted {passages} left out" if secrets else "",
        parts,
    )


def _write(pieces: Pieces, note: _Note) -> int:
    """Add a note; returns how many encrypted passages it has."""
    pieces.heading(1, note.title or "Untitled", when=note.when)
    for number, fact in enumerate(note.facts):
        gap = "\n" if number else "\n\n"
        pieces.paragraph(fact, gap=gap, context=note.context, when=note.when, who=note.who)
    body = Body(note.body)
    for line in body.lines():
        if line.level:
            pieces.heading(1 + line.level, line.text, when=note.when)
        elif line.opens_table:
            pieces.hold(line.text)
        else:
            context = "; ".join(filter(None, (note.context, line.header)))
            pieces.paragraph(line.text, gap=line.gap, context=context, when=note.when, who=note.who)
    pieces.end(2)
    for number, row in enumerate((*note.tasks, _named(note.files))):
        gap = "\n" if number and row in note.tasks else "\n\n"
        pieces.paragraph(row, gap=gap, context=note.context, when=note.when, who=note.who)
    return body.secrets + note.locked


def _named(files: tuple[Attachment, ...]) -> str:
    names = [clean(file.name) or file.kind for file in files]
    return f"Attachments: {', '.join(names)}" if any(names) else ""


def _read_note(root: Element) -> _Note:
    about = child(root, "note-attributes")
    tags = ", ".join(filter(None, (clip(words_of(node)) for node in children(root, "tag"))))
    content = child(root, "content")
    locked = content is not None and bool(content.get("encoding"))
    return _Note(
        title=clip(clean(words_of(child(root, "title")))),
        when=_moment(child(root, "created")) or _moment(child(root, "updated")),
        who=clip(clean(words_of(child(about, "author")))),
        context=clean(f"tags: {tags}") if tags else "",
        facts=tuple(_facts(about)),
        body="" if locked else clean(text_of(content)),
        tasks=tuple(map(_task, children(root, "task"))),
        files=tuple(map(_file, children(root, "resource"))),
        locked=locked,
    )


def _facts(about: Element | None) -> Iterator[str]:
    for name, label in (("source-url", "Source"), ("place-name", "Place")):
        if value := words_of(child(about, name)):
            yield f"{label}: {value}"
    if day := _spoken(child(about, "reminder-time")):
        done = _spoken(child(about, "reminder-done-time"))
        yield f"Reminder: {day}" + (f" (done {done})" if done else "")


def _task(node: Element) -> str:
    box = "☑" if words_of(child(node, "taskStatus")) == "completed" else "☐"
    due = _spoken(child(node, "dueDate"))
    remind = _spoken(child(node, "reminder", "reminderDate"))
    dates = ", ".join(
        f"{label} {day}" for label, day in (("due", due), ("reminder", remind)) if day
    )
    title = words_of(child(node, "title")) or "(task without a title)"
    return f"{box} {title}" + (f" ({dates})" if dates else "")


def _file(node: Element) -> Attachment:
    name = clip(words_of(child(node, "resource-attributes", "file-name")))
    data = text_of(child(node, "data"))
    return Attachment(name, words_of(child(node, "mime")), lambda: binascii.a2b_base64(data))


def _moment(node: Element | None) -> str:
    """Such as 20240112T072747Z; reminders are written as any other moment."""
    text = words_of(node)
    found = _MOMENT.fullmatch(text)
    return find_time("{}-{}-{}T{}:{}:{}{}".format(*found.groups()) if found else text)


def _spoken(node: Element | None) -> str:
    moment = _moment(node)
    zone = " UTC" if moment.endswith("+00:00") else ""
    return moment[:16].replace("T", " ") + zone


_NOTHING = _read_note(Element("note"))
