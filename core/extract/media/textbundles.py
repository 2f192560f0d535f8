"""The text bundles in a ZIP, as Ulysses, Bear and others export them → a part for each note.

Called by `archives.py`, which lists all files by name, pictures of the notes included. A note is
read as the Markdown that it is, under its bundle's name; what lies in Bear's trash is left out.
"""

from __future__ import annotations

import json
import posixpath
from collections.abc import Iterator
from dataclasses import dataclass, replace

from cairn.core.errors import ExtractError
from cairn.core.extract.dates import find_time
from cairn.core.extract.media.archives import in_utf8
from cairn.core.extract.package import Package
from cairn.core.extract.source import Source, clean, join_notes
from cairn.core.records import Document
from cairn.core.uris import INSIDE, part_uri

_MOST_NOTES = 5000
_MOST_DEPTH = 3
_NAMED = 3
_INFO_BYTES = 1 << 20
_BEAR = "net.shinyfrog.bear"


@dataclass(frozen=True, slots=True)
class _Bundle:
    name: str
    """The note's name, with the suffix of its text."""
    text: str
    """The member that holds the text."""
    info: str


@dataclass(frozen=True, slots=True)
class _About:
    """What a bundle says of its note."""

    when: str = ""
    in_trash: bool = False


def read_bundles(source: Source) -> tuple[tuple[Document, ...], str]:
    """The notes, and what a user should know about those that were not read."""
    if b".textbundle/" not in source.data and source.suffix == ".zip":
        return (), ""
    bundles: list[_Bundle] = []
    try:
        package = Package(source)
        bundles += _bundles(source, package.names())
    except ExtractError as error:
        return (), f"its notes were not read: {error.message}"
    if source.uri.count(INSIDE) >= _MOST_DEPTH:
        return (), "its notes were not read: they are nested too deeply" if bundles else ""
    return _read_all(source, package, bundles)


def _read_all(
    source: Source, package: Package, bundles: list[_Bundle]
) -> tuple[tuple[Document, ...], str]:
    room = source.max_chars
    parts: list[Document] = []
    unread: list[str] = []
    names: set[str] = set()
    trash = 0
    for bundle in bundles[:_MOST_NOTES]:
        about = _about(package, bundle)
        if about.in_trash:
            trash += 1
            continue
        try:
            uri = part_uri(source.uri, _unique(bundle.name, names))
            note = _read(Source(uri, bundle.name, package.read(bundle.text), room), about)
        except ExtractError as error:
            unread.append(f"the note {bundle.name} was not read: {error.message}")
            continue
        room = max(0, room - len(note.text))
        parts.append(note)
    return tuple(parts), join_notes(
        *unread[:_NAMED],
        _counted(len(unread) - _NAMED, "not read either"),
        _counted(trash, "left out: in the trash"),
        _counted(len(bundles) - _MOST_NOTES, "left out: there are too many"),
    )


def _read(source: Source, about: _About) -> Document:
    from cairn.core.extract import read_source  # the package reads its families' names first

    if not source.data:
        raise ExtractError("empty", "it is empty", skipped=True)
    note = read_source(source)
    return replace(note, when=note.when or about.when)


def _counted(count: int, what: str) -> str:
    if count <= 0:
        return ""
    return f"{count} {'note was' if count == 1 else 'notes were'} {what}"


def _bundles(source: Source, names: list[str]) -> Iterator[_Bundle]:
    """The members `Name.textbundle/text.md`; one bundle may also be packed without its folder."""
    for name in names:
        folder, _, file = in_utf8(name).replace("\\", "/").rpartition("/")
        bundle = posixpath.basename(folder)
        stem, suffix = posixpath.splitext(file)
        if stem.lower() != "text" or not suffix or "__MACOSX" in folder.split("/"):
            continue
        title, kind = posixpath.splitext(bundle)
        if kind.lower() != ".textbundle":
            if folder or source.suffix == ".zip":
                continue
            title = source.stem
        info = posixpath.join(posixpath.dirname(name.replace("\\", "/")), "info.json")
        yield _Bundle(clean(title) + suffix.lower(), name, info)


def _unique(name: str, names: set[str]) -> str:
    stem, suffix = posixpath.splitext(name)
    free, number = name, 1
    while free in names:
        number += 1
        free = f"{stem} ({number}){suffix}"
    names.add(free)
    return free


def _about(package: Package, bundle: _Bundle) -> _About:
    try:
        info = json.loads(package.read(bundle.info)[:_INFO_BYTES] or b"{}")
    except (ExtractError, ValueError, RecursionError):
        return _About()
    bear = info.get(_BEAR) if isinstance(info, dict) else None
    if not isinstance(bear, dict):
        return _About()
    when = find_time(str(bear.get("creationDate") or ""))
    return _About(when, bool(bear.get("trashed")))
