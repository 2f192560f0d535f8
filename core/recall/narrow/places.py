"""The name of a folder, file or conversation → the addresses that what lies in it begins with.

Called for `--in` and for what changed somewhere. A name alone is looked for among the folders that
are read, the kinds of conversations, and the titles of conversations, in this order.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from pathlib import Path

from cairn.core.chats.addresses import SCHEME, is_chat
from cairn.core.chats.archive import Archive
from cairn.core.chats.formats import OWN, kinds
from cairn.core.errors import NotFound
from cairn.core.journal import Journal
from cairn.core.uris import INSIDE, container, folder_uris, part_name, pasted

_MOST_CHATS = 200
_FILE = "file:"


def holds(places: Iterable[str], uri: str) -> bool:
    """Is it one of these, or does it lie in one?"""
    return any(uri == each or uri.startswith(_within(each)) for each in places)


def clause(places: Iterable[str], column: str = "uri") -> str:
    """The same as a condition for the index."""
    parts = []
    for each in places:
        parts.append(f"{column} = {quoted(each)}")
        parts += [f"starts_with({column}, {quoted(lead)})" for lead in _within(each)]
    return " OR ".join(parts)


def quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _within(place: str) -> tuple[str, str]:
    return place.rstrip("/") + "/", place + INSIDE


def places_of(name: str, journal: Journal) -> tuple[str, ...]:
    """Raises NotFound for what is not in the memory."""
    if is_chat(name):
        return _conversations(name, journal)
    if name.startswith(_FILE):
        found = [name.partition("#")[0]]
    elif os.path.isabs(os.path.expanduser(name)):
        path = Path(os.path.normpath(os.path.expanduser(name)))
        real = Path(os.path.realpath(path))
        found = [*folder_uris(path), *folder_uris(real)]
    else:
        return _named(name, journal)
    known = tuple(dict.fromkeys(each for each in found if _is_known(each, journal)))
    if not known:
        # The same words whether it is on the disk or not: an assistant may ask, too.
        raise NotFound(
            f"there is no file or folder {name} in the memory",
            "`cairn status` lists the folders, "
            f"`cairn why-not {pasted(name)}` says why a file is missing",
        )
    return known


def _conversations(address: str, journal: Journal) -> tuple[str, ...]:
    place = container(address.partition("#")[0]).rstrip("/")
    sql = "SELECT 1 FROM conversations WHERE uri = ? OR (uri >= ? AND uri < ?) LIMIT 1"
    if not journal.read(sql, place, place + "/", place + "0"):
        raise NotFound(f"there is no conversation {address}", "`cairn chats` lists them")
    return (place,)


def _is_known(place: str, journal: Journal) -> bool:
    """Was anything at or below it ever read? What lies inside a file goes with the file."""
    uri = container(place)
    lead = uri.rstrip("/") + "/"
    sql = "SELECT 1 FROM files WHERE uri = ? OR (uri >= ? AND uri < ?) LIMIT 1"
    return bool(journal.read(sql, uri, lead, lead + "\U0010ffff")) or uri in journal.roots()


def _named(name: str, journal: Journal) -> tuple[str, ...]:
    wanted = name.strip().strip("/")
    if folders := _folders(wanted, journal):
        return folders
    if wanted.casefold() in (*kinds(), OWN.kind):
        return _conversations(SCHEME + wanted.casefold(), journal)
    told = "(title || ' ' || opening || ' ' || people)"
    archive = Archive(journal)
    words = [f"%{_like(word)}%" for word in wanted.split()]
    where = " AND ".join(["turns > 0", *[f"{told} LIKE ? ESCAPE '\\'"] * len(words)])
    chats = list(archive.conversations(where, words, _MOST_CHATS)) if words else []
    exact = [each.uri for each in chats if each.title.casefold() == wanted.casefold()]
    if chats:
        return tuple(exact or (each.uri for each in chats))
    raise NotFound(
        f"there is no folder and no conversation {name} in the memory",
        "`cairn status` lists the folders, `cairn chats` the conversations",
    )


def _folders(name: str, journal: Journal) -> tuple[str, ...]:
    """Folders of that name that hold something, and files of it; the outer ones only. Those of the
    tree are meant where there are no others."""
    tail = "/" + part_name(name.replace("/", "\0")).replace("%00", "/")
    like = "%" + _like(tail)
    sql = "SELECT uri FROM files WHERE uri LIKE ? ESCAPE '\\' OR uri LIKE ? ESCAPE '\\'"
    found = {uri for uri in journal.roots() if uri.casefold().endswith(tail.casefold())}
    for (uri,) in journal.read(sql, like, like + "/%"):
        at = (str(uri) + "/").casefold().find(tail.casefold() + "/")
        if at >= 0:
            found.add(str(uri)[: at + len(tail)])
    found = {uri for uri in found if not uri.startswith(journal.tree)} or found
    return tuple(each for each in sorted(found) if not holds(found - {each}, each))


def _like(text: str) -> str:
    return re.sub(r"([%_\\])", r"\\\1", text)
