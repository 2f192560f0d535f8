"""Archives and documents whose members are called like the user's files: none is written there."""

from __future__ import annotations

import io
import tarfile
import zipfile
from collections.abc import Callable, Iterator
from email.message import EmailMessage
from pathlib import Path

import pytest

from cairn.core.config import Limits
from cairn.core.extract.reading import Reading
from cairn.core.home import open_home
from cairn.core.uris import file_uri, uri_path
from tests.extract.office_maker import ODF_NAMES, docx, package, paragraph

TEXT = "The heron stands in the bath."
NAMES = (
    "../../out.md", "/tmp/../out.md", "..\\..\\out.md", "a/../../../out.md", "out.md\0.txt",
    "~/out.md", "C:\\out.md", "-rf", "x" * 5000, "\x1b]0;owned\x07.md", "\u202egpj.md",
)  # fmt: skip


def a_zip() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name in NAMES:
            archive.writestr(zipfile.ZipInfo(name.replace("\0", "")), TEXT)
    return packed.getvalue()


def a_tar() -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as archive:
        for name in NAMES:
            info = tarfile.TarInfo(name)
            info.size = len(TEXT)
            archive.addfile(info, io.BytesIO(TEXT.encode()))
        for kind in (tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.FIFOTYPE):
            info = tarfile.TarInfo("../out.md")
            info.type, info.linkname = kind, "/etc/passwd"
            archive.addfile(info)
    return packed.getvalue()


def bundles() -> bytes:
    parts: dict[str, str | bytes] = {f"{name}.textbundle/text.md": TEXT for name in NAMES[:5]}
    return package(parts)


def a_document() -> bytes:
    return docx(paragraph(TEXT), **{"../../out": "<x/>", "/etc/passwd": "<x/>"})


def a_book() -> bytes:
    opf = (
        '<package xmlns="http://www.idpf.org/2007/opf"><metadata/><manifest>'
        '<item id="a" href="a.xhtml" media-type="application/xhtml+xml"/>'
        '<item id="b" href="../../../../etc/passwd" media-type="application/xhtml+xml"/>'
        '<item id="c" href="file:///etc/passwd" media-type="application/xhtml+xml"/>'
        '</manifest><spine><itemref idref="a"/><itemref idref="b"/><itemref idref="c"/></spine>'
        "</package>"
    )
    box = (
        '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
        '<rootfile full-path="x/content.opf"/></rootfiles></container>'
    )
    page = f"<html><body><p>{TEXT}</p></body></html>"
    return package({
        "mimetype": "application/epub+zip", "META-INF/container.xml": box, "x/content.opf": opf,
        "x/a.xhtml": page,
    })  # fmt: skip


def an_open_document() -> bytes:
    content = (
        f"<office:document-content {ODF_NAMES}><office:body><office:text><text:p>{TEXT}</text:p>"
        '<draw:frame><draw:object href="../../out.md"/></draw:frame></office:text></office:body>'
        "</office:document-content>"
    )
    return package({
        "mimetype": "application/vnd.oasis.opendocument.text", "content.xml": content,
        "../../out.md": TEXT, "/etc/passwd": TEXT,
    })  # fmt: skip


def a_mail() -> bytes:
    message = EmailMessage()
    message["From"], message["Subject"] = "Eve <eve@evil.example>", "Heron"
    message["Date"] = "Fri, 1 May 2026 10:00:00 +0000"
    message.set_content("See below.\n")
    for name in NAMES[:4]:
        message.add_attachment(TEXT.encode() + name.encode(), "text", "plain", filename=name)
    return message.as_bytes()


@pytest.fixture
def reading(tmp_path: Path) -> Iterator[Reading]:
    made = Reading(Limits(), open_home(tmp_path / "home"), roots=lambda: (tmp_path / "life",))
    yield made
    made.close()


@pytest.mark.parametrize(
    ("name", "make"),
    [("a.zip", a_zip), ("a.tar.gz", a_tar), ("a.textpack", bundles), ("a.docx", a_document),
     ("a.epub", a_book), ("a.odt", an_open_document), ("a.eml", a_mail)],
)  # fmt: skip
def test_no_member_is_written_anywhere_or_read_from_elsewhere(
    reading: Reading, tmp_path: Path, name: str, make: Callable[[], bytes]
) -> None:
    life = tmp_path / "life"
    life.mkdir()
    path = life / name
    path.write_bytes(make())
    before = sorted(path for path in tmp_path.rglob("*") if "home" not in path.parts)
    read = reading.read(path, file_uri(path))
    assert sorted(path for path in tmp_path.rglob("*") if "home" not in path.parts) == before
    assert not list((tmp_path / "home").rglob("*out.md*"))
    assert read.chunks
    text = "\n".join(chunk.text for chunk in read.chunks)
    assert "root:" not in text
    assert "heron" in text or "out.md" in text
    for chunk in read.chunks:  # whatever a part is called, it lies in its file
        assert uri_path(chunk.uri) == path
        assert not any(ord(char) < 32 for char in chunk.uri)
