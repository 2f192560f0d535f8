"""The downloads folder → what in it looks like somebody's exported conversations.

Called by `chats.detect`. By the names of files, and by the names that a ZIP lists at its end: no
member is opened, and of that list no more than a bounded part is read.
"""

from __future__ import annotations

import os
import re
import struct
from collections.abc import Iterator, Mapping
from itertools import islice
from pathlib import Path

from cairn.core.chats.places import config_folder, path_of

_LOOKED_AT = 5_000
_ZIPS = 500
_LIST = 4 << 20
_END = (1 << 16) + 22
_FULL = 0xFFFFFFFF
"""What an older field says when the true number is in the newer record before it."""
_NEWER = 56 + 20


def exports(env: Mapping[str, str], home: Path) -> Iterator[tuple[str, Path]]:
    """The kind of each export and where it is."""
    folder = downloads_folder(env, home)
    zips = 0
    for path in _listed(folder):
        name = path.name.lower()
        if name.endswith(".zip"):
            zips += 1
            if zips <= _ZIPS:
                yield from ((kind, path) for kind in _kinds_of(name, names_in(path)))
        elif name.endswith(".txt") and "whatsapp" in name and os.path.isfile(path):
            yield "whatsapp", path
        elif os.path.isdir(path):
            yield from _unpacked(path)


def downloads_folder(env: Mapping[str, str], home: Path) -> Path:
    """It has another name in most languages, which the desktop keeps in a file."""
    value = env.get("XDG_DOWNLOAD_DIR", "")
    if not value:
        text = _beginning(config_folder(env, home) / "user-dirs.dirs")
        line = re.search(r'^XDG_DOWNLOAD_DIR="([^"\n]*)"', text, re.MULTILINE)
        value = line[1] if line else ""
    value = re.sub(r"^\$HOME(?=/|$)", "~", value)
    found = path_of(value, home)
    return found if found and found != home else home / "Downloads"


def _beginning(path: Path) -> str:
    try:
        if os.path.isfile(path):
            with path.open("rb") as file:
                return file.read(1 << 16).decode("utf-8", "replace")
    except OSError:
        pass
    return ""


def _listed(folder: Path) -> list[Path]:
    try:
        with os.scandir(folder) as entries:
            names = [entry.name for entry in islice(entries, _LOOKED_AT) if not entry.is_symlink()]
    except OSError:
        return []
    return [folder / name for name in sorted(names)]


def _unpacked(folder: Path) -> Iterator[tuple[str, Path]]:
    if folder.name.startswith(("ChatExport_", "DataExport_")):
        if os.path.isfile(folder / "result.json"):
            yield "telegram", folder / "result.json"
        return
    conversations = folder / "conversations.json"
    if os.path.isfile(conversations):
        for beside, kind in (("user.json", "chatgpt"), ("users.json", "claude")):
            if os.path.isfile(folder / beside):
                yield kind, conversations


def _kinds_of(name: str, members: list[str]) -> Iterator[str]:
    """The kinds of what a ZIP holds. The languages of WhatsApp differ in all but one word."""
    last = {member.rpartition("/")[2] for member in members}
    if any(re.fullmatch(r"conversations(-\d+)?\.json", member) for member in last):
        if "user.json" in last:
            yield "chatgpt"
        elif "users.json" in last:
            yield "claude"
    has_text = any(member.endswith(".txt") for member in last)
    if name.startswith("whatsapp chat") or "_chat.txt" in last or ("whatsapp" in name and has_text):
        yield "whatsapp"
    if "takeout" in name:
        if not members or any("gemini" in member.lower() for member in members):
            yield "gemini-app"
        if any(member.endswith(".mbox") for member in last):
            yield "mail"


def names_in(path: Path) -> list[str]:
    """What a ZIP says that it holds; nothing for a broken one, or for none."""
    try:
        if not os.path.isfile(path):
            return []
        with path.open("rb") as file:
            size = file.seek(0, os.SEEK_END)
            file.seek(max(0, size - _END))
            tail = file.read(_END)
            at = tail.rfind(b"PK\x05\x06")
            if at < 0 or len(tail) < at + 22:
                return []
            length, offset = struct.unpack_from("<LL", tail, at + 12)
            end = size - len(tail) + at
            if _FULL in (length, offset):
                length, offset = _newer(tail, at)
            for start in (offset, end - length):  # the second for a ZIP with something before it
                if 0 <= start < size:
                    file.seek(start)
                    if names := _names(file.read(min(length, _LIST))):
                        return names
    except (OSError, struct.error, OverflowError):
        pass
    return []


def _newer(tail: bytes, at: int) -> tuple[int, int]:
    """Length and offset of the list in a large ZIP."""
    record = tail[max(0, at - _NEWER) : at]
    if not record.startswith(b"PK\x06\x06"):
        return 0, 0
    length, offset = struct.unpack_from("<QQ", record, 40)
    return length, offset


def _names(listing: bytes) -> list[str]:
    names = []
    at = 0
    while listing.startswith(b"PK\x01\x02", at) and len(listing) >= at + 46:
        name, extra, comment = struct.unpack_from("<HHH", listing, at + 28)
        names.append(listing[at + 46 : at + 46 + name].decode("utf-8", "replace"))
        at += 46 + name + extra + comment
    return names
