"""Old and foreign office formats → text, by a program of the system that knows them.

Called by `extract` for .doc, .ppt, .wpd, .pages and the like. Word 97 and PowerPoint 97 are read
without a program, and so is whatever is something newer behind an old name. Without the program it
needs a file is skipped, and says so.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from pathlib import Path

from cairn.core.errors import ExtractError
from cairn.core.extract.families import for_suffix
from cairn.core.extract.office.disguise import read_disguised
from cairn.core.extract.office.hangul import write_hangul
from cairn.core.extract.office.old_slides import write_old_slides
from cairn.core.extract.office.old_word import write_old_word
from cairn.core.extract.office.ole import Container
from cairn.core.extract.package import is_locked, locked
from cairn.core.extract.pieces import NOTHING, Pieces, Properties
from cairn.core.extract.sniff import OLE, content_suffix
from cairn.core.extract.source import Source, clean
from cairn.core.extract.tools import find_tool, private_copy, run_tool
from cairn.core.records import Document

_TEXT_SECONDS = 8.0  # such programs are done at once, or never
_OFFICE = ("soffice", "libreoffice")
_CONVERTED = {  # to what LibreOffice turns which
    ".doc": "docx", ".dot": "docx", ".ppt": "pptx", ".pps": "pptx", ".pot": "pptx", ".wpd": "docx",
    ".wps": "docx", ".pages": "docx", ".numbers": "xlsx", ".key": "pptx", ".hwp": "docx",
    ".hwpx": "docx", ".sxw": "docx", ".sxi": "pptx", ".sxc": "xlsx",
}  # fmt: skip
_MAGIC = {".pages": b"PK", ".numbers": b"PK", ".key": b"PK", ".wpd": b"\xffWPC"}
_ROW = re.compile(r"\|(.*)\|")


@dataclass(frozen=True, slots=True)
class _Tool:
    """A program that writes the text of a file to its standard output."""

    name: str
    arguments: tuple[str, ...]


_WORD = (
    _Tool("antiword", ("-m", "UTF-8.txt", "-w", "0")),
    _Tool("catdoc", ("-d", "utf-8", "-w")),
)
_PERFECT = (_Tool("wpd2text", ()),)


def read_old_word(source: Source) -> Document:
    if (other := _disguised(source, "doc")) is not None:
        return other
    if _is_locked_word(source.data):
        raise locked()
    container = Container(source.data)
    pieces = Pieces("n", source.max_chars)
    try:
        write_old_word(pieces, container)
    except ExtractError as error:
        if error.code != "needs-tool":
            raise
        return _convert(source, _WORD, "such old Word files", ".doc")
    return pieces.document(source, "text", container.properties())


def read_old_slides(source: Source) -> Document:
    if (other := _disguised(source, "ppt")) is not None:
        return other
    if "EncryptedSummary".encode("utf-16-le") in source.data:
        raise locked()
    container = Container(source.data)
    pieces = Pieces("s", source.max_chars)
    write_old_slides(pieces, container)
    return pieces.document(source, "slides", container.properties())


def read_foreign(source: Source) -> Document:
    suffix = source.suffix
    if not source.data.startswith(_MAGIC.get(suffix, b"")):
        if suffix == ".key":
            raise ExtractError("unknown-type", f"{suffix} files are not supported", skipped=True)
        return read_disguised(source, "wpd")
    if content_suffix(source.data) == "hwp":
        container, pieces = Container(source.data), Pieces("n", source.max_chars)
        write_hangul(pieces, container)
        return pieces.document(source, "text", container.properties())
    tools = _PERFECT if suffix == ".wpd" else ()
    return _convert(source, tools, f"{suffix} files", suffix)


def _disguised(source: Source, own: str) -> Document | None:
    """What the file turns out to be, unless it is what its name says."""
    if is_locked(source.data):
        raise locked()
    found = for_suffix(content_suffix(source.data))
    if found is for_suffix(own) or (found is None and source.data.startswith(OLE)):
        return None
    return read_disguised(source, own)


def _is_locked_word(data: bytes) -> bool:
    try:
        head = Container(data).read("WordDocument")[:12]
    except ExtractError:
        return False
    return len(head) == 12 and bool(head[11] & 1)


def _convert(
    source: Source,
    tools: tuple[_Tool, ...],
    what: str,
    suffix: str,
) -> Document:
    """By the first program that is there and manages it; small ones before LibreOffice."""
    failure: ExtractError | None = None
    office = find_tool(_OFFICE)
    with private_copy(source.data, suffix) as path:
        for tool in tools:
            if not (program := find_tool((tool.name,))):
                continue
            try:
                output = run_tool((program, *tool.arguments, path.name), path.parent, _TEXT_SECONDS)
            except ExtractError as error:
                failure = failure or error
                continue
            if output.strip():
                return _document(source, output)
        if office:
            return _by_office(source, office, path, suffix)
    if failure:
        raise failure
    raise _needs(what, tools)


def _needs(what: str, tools: tuple[_Tool, ...]) -> ExtractError:
    names = [f"`{tool.name}`" for tool in tools]
    one_of = f"{', '.join(names)} or LibreOffice" if names else "LibreOffice"
    choice = "one" if names else "it"
    message = f"reading {what} needs {one_of}; install {choice} and run `cairn add` again"
    return ExtractError("needs-tool", message, skipped=True)


def _document(source: Source, output: bytes) -> Document:
    pieces = Pieces("n", source.max_chars)
    _write_lines(pieces, clean(output.decode("utf-8", "replace")).replace("\r\n", "\n"))
    return pieces.document(source, "text", _properties(source.data))


def _by_office(source: Source, program: str, path: Path, suffix: str) -> Document:
    target = _CONVERTED.get(suffix, "docx")
    profile = f"-env:UserInstallation=file://{path.parent}/profile"
    folder = path.parent / "out"
    options = ("--headless", "--norestore", "--convert-to", target, "--outdir", str(folder))
    run_tool((program, profile, *options, str(path)), path.parent)
    made = folder / f"{path.stem}.{target}"
    family = for_suffix(target)
    if family is None or not made.is_file() or made.is_symlink():
        raise ExtractError("tool-failed", "LibreOffice could not read it")
    document = family.read(replace(source, data=made.read_bytes()))
    about = _properties(source.data)
    title = about.title or document.title
    return replace(
        document, title=title, when=document.when or about.when, who=document.who or about.who
    )


def _properties(data: bytes) -> Properties:
    try:
        return Container(data).properties() if data.startswith(OLE) else NOTHING
    except ExtractError:
        return NOTHING


def _write_lines(pieces: Pieces, text: str) -> None:
    """A line is a paragraph; `|a|b|` is how antiword shows a row."""
    for line in text.split("\n"):
        if found := _ROW.fullmatch(line.strip()):
            pieces.row(" | ".join(" ".join(cell.split()) for cell in found[1].split("|")))
        else:
            pieces.paragraph(line)
