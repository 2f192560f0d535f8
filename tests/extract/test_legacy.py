"""Old formats: what is read here, what a program reads, and what is said when there is none."""

from __future__ import annotations

import struct
import subprocess
import sys
import zlib
from pathlib import Path

import pytest

from cairn.core.errors import ExtractError
from cairn.core.extract import tools
from cairn.core.extract.office.hangul import write_hangul
from cairn.core.extract.office.old_slides import write_old_slides
from cairn.core.extract.office.old_word import write_old_word
from cairn.core.extract.office.ole import Container
from cairn.core.extract.pieces import Pieces
from cairn.core.extract.source import Source
from cairn.core.records import Document
from tests.conftest import wait_until
from tests.extract.checks import check_document, read
from tests.test_process import is_running

PERFECT = b"\xffWPC" + bytes(60)


class Streams(Container):
    """A container without its outer layer."""

    def __init__(self, **streams: bytes) -> None:
        self._streams = streams

    def read(self, name: str) -> bytes:
        return self._streams.get(name.replace(" ", "_"), b"")

    def names(self) -> list[str]:
        return list(self._streams)


def finish(pieces: Pieces) -> Document:
    document = pieces.document(Source("file:a", "a.doc", b"", 1000), "text")
    check_document(document)
    return document


def old_word(text: str, notes: str = "") -> Streams:
    """The second half as bytes of one each, as Word stores it."""
    half = len(text) // 2
    wide, narrow = text[:half].encode("utf-16-le"), (text[half:] + notes).encode("cp1252")
    head = bytearray(b"\xec\xa5\xc1\x00".ljust(0x200, b"\0"))
    head[11] = 2
    table = struct.pack("<III", 0, half, len(text + notes))
    for where in (0x200, (0x200 + len(wide)) * 2 | 0x40000000):
        table += struct.pack("<HIH", 0, where, 0)
    clx = b"\x02" + struct.pack("<I", len(table)) + table
    struct.pack_into("<II", head, 0x1A2, 0, len(clx))
    struct.pack_into("<6i", head, 0x4C, len(text), len(notes), 0, 0, 0, 0)
    return Streams(WordDocument=bytes(head) + wide + narrow, **{"1Table": clx})


def test_old_word_files(tmp_path: Path) -> None:
    pieces = Pieces("n", 10_000)
    text = (
        "Costs\r\x13 LINK x \x14shown\x15 4\x0b5\rItem\x07Qty\x07\x07soil\x0712\x07\x07Café “ok”\r"
    )
    write_old_word(pieces, old_word(text, "A note\r"))
    document = finish(pieces)
    assert document.text == "Costs\n\nshown 4\n5\n\nItem | Qty\nsoil | 12\n\nCafé “ok”\n\nA note"


def test_damaged_old_word_files(tmp_path: Path) -> None:
    whole = old_word("Some text\r")
    for cut in (0, 10, 0x1A8, 0x201):
        data = whole.read("WordDocument")[:cut]
        with pytest.raises(ExtractError):
            write_old_word(Pieces("n", 100), Streams(WordDocument=data))
    huge = struct.pack("<III", 0, 0x7FFFFFFF, 0xFFFFFFFF) + bytes(16)
    clx = b"\x02" + struct.pack("<I", len(huge)) + huge
    endless = Streams(WordDocument=whole.read("WordDocument"), **{"1Table": clx})
    write_old_word(Pieces("n", 10_000), endless)


def record(kind: int, content: bytes, container: bool = False) -> bytes:
    return struct.pack("<HHI", 15 if container else 0, kind, len(content)) + content


def test_old_slides_in_order(tmp_path: Path) -> None:
    def text(kind: int, words: str) -> bytes:
        return record(3999, struct.pack("<I", kind)) + record(4000, words.encode("utf-16-le"))

    first = record(1006, record(4008, b"box one"), container=True)
    second = record(1006, text(4, "box two"), container=True)
    outline = record(
        4080,
        record(1011, struct.pack("<I", 8)) + text(0, "Hello") + text(1, "a\rb")
        + record(1011, struct.pack("<I", 7)) + text(0, "Soil"),
        container=True,
    )  # fmt: skip
    where = struct.pack("<III", 7 | 2 << 20, 0, len(first))
    pieces = Pieces("s", 10_000)
    data = first + second + outline + record(6002, where)
    write_old_slides(pieces, Streams(PowerPoint_Document=data))
    assert finish(pieces).text == "Hello\n\na\n\nb\n\nbox two\n\nSoil\n\nbox one"
    for cut in range(0, len(data), 7):
        write_old_slides(Pieces("s", 10_000), Streams(PowerPoint_Document=data[:cut]))


def test_hangul_paragraphs(tmp_path: Path) -> None:
    words = "정원".encode("utf-16-le") + struct.pack("<8H", 11, 0, 0, 0, 0, 0, 0, 11)
    long = ("흙 " * 3000).encode("utf-16-le")
    data = struct.pack("<I", 67 | len(words) << 20) + words + struct.pack("<I", 50 | 4 << 20)
    data += b"none" + struct.pack("<II", 67 | 0xFFF << 20, len(long)) + long
    deflated = zlib.compressobj(wbits=-15)
    section = deflated.compress(data) + deflated.flush()
    head = bytes(36) + struct.pack("<I", 1)
    streams = Streams(FileHeader=head, **{"BodyText/Section0": section})
    pieces = Pieces("n", 10_000)
    write_hangul(pieces, streams)
    assert finish(pieces).text.startswith("정원\n\n흙 흙")
    with pytest.raises(ExtractError, match="password"):
        write_hangul(pieces, Streams(FileHeader=bytes(36) + struct.pack("<I", 2)))


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that is all there is of programs, besides the shell's."""
    folder = tmp_path / "programs"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    return folder


def install(folder: Path, name: str, script: str) -> None:
    (folder / name).write_text(f"#!/bin/sh\n{script}\n")
    (folder / name).chmod(0o755)


@pytest.mark.parametrize(
    ("name", "data"), [("a.wpd", PERFECT), ("a.pages", b"PK\x03\x04"), ("a.hwp", b"HWP")]
)
def test_a_missing_program_is_named(tmp_path: Path, programs: Path, name: str, data: bytes) -> None:
    with pytest.raises(ExtractError, match=r"needs .*LibreOffice; install") as caught:
        read(tmp_path, name, data)
    assert caught.value.code == "needs-tool" and caught.value.skipped


def test_a_programs_text_is_taken(tmp_path: Path, programs: Path) -> None:
    install(programs, "wpd2text", 'read head < "$1"; echo "Dear Ann,"; echo "|soil|12|"; pwd >&2')
    document = read(tmp_path, "a.wpd", PERFECT + b"\n")
    assert document.text == "Dear Ann,\n\nsoil | 12"
    assert not list(tmp_path.glob("cairn-*"))


@pytest.mark.parametrize(
    ("script", "words"),
    [
        ("exit 3", "could not read it"),
        ("while :; do :; done", "took too long"),
        ("while :; do echo xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx; done", "more text than"),
    ],
)
def test_programs_that_fail_hang_or_never_stop(
    tmp_path: Path, programs: Path, monkeypatch: pytest.MonkeyPatch, script: str, words: str
) -> None:
    monkeypatch.setattr(tools, "_MOST_BYTES", 10_000)
    install(programs, "tool", script)
    seconds = 0.3 if "long" in words else 30.0
    with pytest.raises(ExtractError, match=words):
        tools.run_tool((str(programs / "tool"),), tmp_path, seconds)


def test_libreoffice_gets_a_profile_of_its_own(tmp_path: Path, programs: Path) -> None:
    script = (
        'case "$1" in *profile) ;; *) exit 1;; esac\nwhile [ "$1" != --outdir ]; do shift; done\n'
        '/bin/mkdir "$2"; printf %s "{\\\\rtf1 from an office}" > "$2/document.docx"'
    )
    install(programs, "soffice", script)
    assert read(tmp_path, "a.hwp", b"HWP").text == "from an office"


def test_what_a_program_is_given_and_told(tmp_path: Path, programs: Path) -> None:
    install(programs, "tool", 'read line; echo "$line $OMP_THREAD_LIMIT $HOME"; exit "$1"')
    command = (str(programs / "tool"), "0")
    assert tools.run_tool(command, tmp_path, given=b"words\n") == f"words 1 {tmp_path}\n".encode()
    assert tools.run_tool(command, tmp_path) == f" 1 {tmp_path}\n".encode()
    with pytest.raises(ExtractError, match="could not be started"):
        tools.run_tool((str(programs / "none"),), tmp_path)


def test_a_program_ends_with_its_reader_and_all_it_started(tmp_path: Path, programs: Path) -> None:
    """kill -9 of the reader."""
    script = "/bin/sleep 600 &\necho $! $$ > pids.new\n/bin/mv pids.new pids\nwait"
    install(programs, "tool", script)
    code = (
        "import sys\n"
        "from pathlib import Path\n"
        "from cairn.core.extract.tools import run_tool\n"
        "run_tool((sys.argv[1],), Path(sys.argv[2]))\n"
    )
    command = [sys.executable, "-c", code, str(programs / "tool"), str(tmp_path)]
    with subprocess.Popen(command) as reader:
        wait_until((tmp_path / "pids").exists)
        pids = [int(word) for word in (tmp_path / "pids").read_text().split()]
        assert all(map(is_running, pids))
        reader.kill()
    wait_until(lambda: not any(map(is_running, pids)))


def test_copies_lie_where_the_parent_can_remove_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setenv("CAIRN_SCRATCH", str(scratch))
    with tools.private_copy(b"x", ".wpd") as path:
        assert path.parent.parent == scratch and path.parent.stat().st_mode & 0o777 == 0o700
    assert not list(scratch.iterdir())


def test_a_key_that_is_no_presentation(tmp_path: Path, programs: Path) -> None:
    with pytest.raises(ExtractError) as caught:
        read(tmp_path, "server.key", "-----BEGIN PRIVATE KEY-----\nMIIE\n")
    assert caught.value.code == "unknown-type"
