"""PDFs: text by page, and plain reasons for those without."""

from __future__ import annotations

from pathlib import Path

import pytest

from cairn.core.errors import ExtractError
from tests.extract.checks import check_chunks, check_document, read
from tests.pdf_maker import make_pdf


def test_pages(tmp_path: Path) -> None:
    long = "\n".join(f"Line {n} of the report ends here." for n in range(50))
    document = read(tmp_path, "report 2026-03-02.pdf", make_pdf(["Hello (there) é", "", long]))
    assert (document.kind, document.when) == ("pdf", "2026-03-02")
    assert document.title == "report 2026-03-02"
    assert [place.number for place in document.places] == [1, 2, 3]
    assert "Hello (there) é" in document.text and "Line 49" in document.text
    assert "1 of 3 pages have no text" in document.note
    assert all(block.end - block.start <= 600 for block in document.blocks)
    assert {chunk.span.locator for chunk in check_chunks(document)} == {"p1", "p3"}


def test_one_endless_line(tmp_path: Path) -> None:
    document = read(tmp_path, "a.pdf", make_pdf(["word " * 1000 + "\nnext\nlines"]))
    check_document(document)
    assert document.text.endswith("lines")


def reason(folder: Path, data: bytes) -> ExtractError:
    path = folder / "a.pdf"
    with pytest.raises(ExtractError) as caught:
        read(folder, path.name, data)
    return caught.value


def test_scanned(tmp_path: Path) -> None:
    error = reason(tmp_path, make_pdf(["", ""]))
    assert (error.code, error.skipped) == ("no-text", True)
    assert "scanned" in error.message and "OCR" in error.message


def test_damaged(tmp_path: Path) -> None:
    data = make_pdf(["Hello"])
    assert reason(tmp_path, data[:100]).code == "broken"
    assert reason(tmp_path, b"not a pdf at all").code == "broken"


def test_encrypted(tmp_path: Path) -> None:
    from pypdf import PdfWriter

    (tmp_path / "plain.pdf").write_bytes(make_pdf(["Hello"]))
    writer = PdfWriter(clone_from=tmp_path / "plain.pdf")
    writer.encrypt(user_password="secret", algorithm="RC4-128")
    writer.write(tmp_path / "locked.pdf")
    error = reason(tmp_path, (tmp_path / "locked.pdf").read_bytes())
    assert (error.code, error.skipped) == ("encrypted", False)
    assert "password" in error.message
