"""What is known of a file without reading it through: its name, folder, type, size, first lines.

Made for every file at once, so that a large home is findable in a minute; it stays for files whose
text can't be read. The extractor process adds the first lines of plain text.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

from cairn.core.extract.dates import find_date
from cairn.core.extract.families import CODE, PLAIN, by_name
from cairn.core.extract.source import clean, clip
from cairn.core.records import Chunk, Span, content_hash, digest, document_id
from cairn.core.redact import redact
from cairn.core.uris import tree_uri

PEEK_BYTES = 4096
_PEEK_CHARS = 600
_NEAR_FOLDERS = 3
_READ_AS_THEY_ARE = frozenset(
    {PLAIN.reader, CODE.reader, "extract.text.markup:read_markup", "extract.text.tables:read_table"}
)
_SEAM = re.compile(r"(?<=[a-zà-ÿ])(?=[A-ZÀ-Þ])|(?<=[A-Za-z])(?=\d)|(?<=\d)(?=[A-Za-z])|[_\W]+")


def card(path: Path, uri: str, size: int, first_lines: str = "", tree: Path | None = None) -> Chunk:
    """`tree` is the folder of the tree, for a file in it: where the home lies says nothing."""
    name = clip(redact(clean(path.name)).text, 200)
    family = by_name(path.name)
    kind = family.words if family else _type_words(path)
    text = f"{name}\n{kind[:1].upper()}{kind[1:]}, {_size_words(size)}"
    if folder := _folder(path, tree):
        text += f", in {folder}"
    if first_lines:
        text += f"\n{first_lines}"
    doc_id = document_id(uri)
    place = document_id(tree_uri(uri, tree)) if tree else doc_id
    return Chunk(
        id="c_" + digest(place, "card", text, size=8),
        doc_id=doc_id,
        uri=uri,
        ordinal=0,
        kind="file",
        title=clip(redact(clean(path.stem)).text) or name,
        heading=(),
        context="",
        text=text,
        span=Span(0, len(text), "L", 1, 1),
        places=((0, 1),),
        when=find_date(path.name),
        who="",
        origin="document",
        hash=content_hash(text),
        name=name_words(path, tree),
    )


def name_words(path: Path, tree: Path | None = None) -> str:
    """Words that a file is found by, whatever its text says: of its name and nearest folders."""
    names = (redact(clean(path.name)).text, _folder(path, tree))
    return " ".join(dict.fromkeys(word for name in names for word in _words(name)))


def can_peek(name: str) -> bool:
    family = by_name(name)
    return family is not None and family.reader in _READ_AS_THEY_ARE


def first_lines(data: bytes) -> str:
    """The beginning of a plain text file, without secrets; nothing of one in a wide encoding."""
    if b"\0" in data:
        return ""
    text = data.decode("utf-8", "replace").replace("\ufffd", " ")
    if len(data) == PEEK_BYTES:  # what is cut in two is not recognised as a secret
        text = text[: max(text.rfind("\n"), text.rfind(" "), 0)]
    shown = " ".join(redact(text).text.split())
    return shown if len(shown) <= _PEEK_CHARS else shown[: shown.rfind(" ", 0, _PEEK_CHARS)]


def _words(name: str) -> list[str]:
    """`GardenBudget2024_v2.xlsx` is found by its parts, and by itself."""
    whole = re.split(r"[\s/]+", name)
    return [*whole, *(part for part in _SEAM.split(name) if part)]


def _folder(path: Path, tree: Path | None) -> str:
    folder = path.parent
    base = tree or Path(os.path.expanduser("~"))
    parts = folder.relative_to(base).parts if folder.is_relative_to(base) else folder.parts[1:]
    return redact(clean("/".join(parts[-_NEAR_FOLDERS:]))).text


def _type_words(path: Path) -> str:
    suffix = clean(path.suffix.lstrip(".")).lower()
    return f"{suffix} file" if suffix else "file"


def _size_words(size: int) -> str:
    for unit, factor in (("GB", 10**9), ("MB", 10**6), ("KB", 10**3)):
        if size >= factor:
            return f"{size / factor:.1f} {unit}"
    return f"{size} bytes"
