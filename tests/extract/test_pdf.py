"""PDFs: text by page, and plain reasons for those without."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from pypdf import PdfWriter
from pypdf.annotations import FreeText, Text
from pypdf.generic import (
    ArrayObject,
    DictionaryObject,
    NameObject,
    NumberObject,
    TextStringObject,
)

from cairn.core.errors import ExtractError
from cairn.core.extract.pdf.extras import pdf_date
from tests.extract.checks import check_chunks, check_document, read
from tests.pdf_maker import make_pdf


def test_pages(tmp_path: Path) -> None:
    long = "\n".join(f"Line {n} of the report ends here." for n in range(50))
    document = read(tmp_path, "report 2026-03-02.pdf", make_pdf(["Hello (there) é", "", long]))
    assert (document.kind, document.when) == ("pdf", "2026-03-02")
    assert document.title == "report 2026-03-02"
    assert [place.number for place in document.places] == [1, 2, 3]
    assert "Hello (there) é" in document.text and "Line 49" in document.text
    assert document.note == ""
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


def picture_page(text: str = "scanned words") -> bytes:
    """A PDF whose only page is a picture."""
    from PIL import Image, ImageDraw

    image = Image.new("L", (600, 200), 255)
    ImageDraw.Draw(image).text((40, 80), text, fill=0)
    out = io.BytesIO()
    image.save(out, "PDF")
    return out.getvalue()


def joined(*files: bytes) -> PdfWriter:
    writer = PdfWriter()
    for file in files:
        writer.append(io.BytesIO(file))
    return writer


def written(writer: PdfWriter) -> bytes:
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def fake_tesseract(folder: Path, monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    programs = folder / "programs"
    programs.mkdir()
    program = programs / "tesseract"
    program.write_text("#!/bin/sh\n" + script)
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{programs}:/usr/bin:/bin")


@pytest.fixture
def no_tesseract(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))


@pytest.mark.usefixtures("no_tesseract")
def test_scanned_without_tesseract(tmp_path: Path) -> None:
    error = reason(tmp_path, picture_page())
    assert (error.code, error.skipped) == ("needs-tool", True)
    assert "install `tesseract`" in error.message
    scan = picture_page()
    data = written(joined(make_pdf(["Hello there, this is the letter"]), scan, scan, scan))
    note = read(tmp_path, "a.pdf", data).note
    assert note == ("pages 2–4 are scanned pictures without text; install `tesseract` to read them")


def test_scanned_with_tesseract(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    script = """
    if [ "$1" = "--list-langs" ]; then printf 'List:\\nosd\\neng\\nfra\\n'; exit; fi
    printf 'languages %s, picture %s\\n\\f' "$6" "$(head -c 2)"
    """
    fake_tesseract(tmp_path, monkeypatch, script)
    data = written(joined(make_pdf(["Hello there, this is the letter"]), picture_page()))
    document = read(tmp_path, "a.pdf", data)
    assert "languages eng+fra, picture P5" in document.text
    assert document.note == "page 2 was read by OCR"
    assert {chunk.span.locator for chunk in check_chunks(document)} == {"p1", "p2"}


def test_a_scan_without_words_and_a_broken_tesseract(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake_tesseract(tmp_path, monkeypatch, "exit 0")
    assert "no text was found" in reason(tmp_path, picture_page()).message
    (tmp_path / "programs" / "tesseract").write_text("#!/bin/sh\nexit 3\n")
    assert reason(tmp_path, picture_page()).code == "no-text"


def test_empty_pages(tmp_path: Path) -> None:
    error = reason(tmp_path, make_pdf(["", ""]))
    assert (error.code, error.skipped) == ("no-text", True)


def test_damaged(tmp_path: Path) -> None:
    data = make_pdf(["Hello"])
    assert reason(tmp_path, data[:100]).code == "broken"
    assert reason(tmp_path, b"not a pdf at all").code == "broken"


def test_encrypted(tmp_path: Path) -> None:
    writer = joined(make_pdf(["Hello"]))
    writer.encrypt(user_password="secret", algorithm="RC4-128")
    error = reason(tmp_path, written(writer))
    assert (error.code, error.skipped) == ("encrypted", True)
    assert "password" in error.message
    writer = joined(make_pdf(["Hello"]))
    writer.encrypt(user_password="", owner_password="secret", algorithm="RC4-128")
    assert read(tmp_path, "a.pdf", written(writer)).text == "Hello"


def test_details(tmp_path: Path) -> None:
    writer = joined(make_pdf(["Hello"]))
    writer.add_metadata(
        {
            "/Title": "Microsoft Word - Lease.docx",
            "/Author": "Ana Pérez",
            "/CreationDate": "D:20260302182000+01'00'",
        }
    )
    document = read(tmp_path, "a.pdf", written(writer))
    assert (document.title, document.who) == ("Lease", "Ana Pérez")
    assert document.when == "2026-03-02T18:20:00+01:00"


@pytest.mark.parametrize(
    ("value", "when"),
    [
        ("D:20260302182000Z", "2026-03-02T18:20:00+00:00"),
        ("20260302", "2026-03-02"),
        ("D:20260302996100", "2026-03-02"),
        ("D:20261399", ""),
        ("D:2026", ""),
        ("yesterday", ""),
    ],
)
def test_dates_of_metadata(value: str, when: str) -> None:
    assert pdf_date(value) == when


def test_bookmarks_are_headings(tmp_path: Path) -> None:
    pages = [
        "Preface\nbefore all\nPart One\nabout one\nDetails\nmore",
        "still one",
        "Part Two\nend",
    ]
    writer = joined(make_pdf(pages))
    part = writer.add_outline_item(title="Part One", page_number=0)
    writer.add_outline_item(title="Details", page_number=0, parent=part)
    writer.add_outline_item(title="Part Two", page_number=2)
    document = read(tmp_path, "a.pdf", written(writer))
    found = {document.text[b.start : b.end].split("\n")[-1]: b.heading for b in document.blocks}
    assert found == {
        "before all": (),
        "about one": ("Part One",),
        "more": ("Part One", "Details"),
        "still one": ("Part One", "Details"),
        "end": ("Part Two",),
    }


def test_remarks_and_form_fields(tmp_path: Path) -> None:
    writer = joined(make_pdf(["The plan"]))
    note = Text(rect=(10, 10, 20, 20), text="Ask Ben about this")
    note[NameObject("/T")] = TextStringObject("Ana")
    note[NameObject("/M")] = TextStringObject("D:20260302")
    writer.add_annotation(0, note)
    writer.add_annotation(0, FreeText(text="typed in", rect=(10, 30, 90, 50)))
    field = DictionaryObject(
        {
            NameObject("/Subtype"): NameObject("/Widget"),
            NameObject("/FT"): NameObject("/Tx"),
            NameObject("/T"): TextStringObject("Given name"),
            NameObject("/V"): TextStringObject("Alice"),
            NameObject("/Rect"): ArrayObject([NumberObject(n) for n in (10, 60, 90, 80)]),
        }
    )
    writer.add_annotation(0, field)
    document = read(tmp_path, "a.pdf", written(writer))
    assert document.text == "The plan\n\nNote: Ask Ben about this\n\ntyped in\n\nGiven name: Alice"
    assert (document.blocks[1].who, document.blocks[1].when) == ("Ana", "2026-03-02")
    assert check_chunks(document)


def test_attachments(tmp_path: Path) -> None:
    writer = joined(make_pdf(["See the attachment"]))
    writer.add_attachment("plan.txt", b"Beans and peas")
    writer.add_attachment("a/b.txt", b"Kale")
    writer.add_attachment("Offer #2.txt", b"Leeks")
    writer.add_attachment("x.zzz", b"?")
    document = read(tmp_path, "a.pdf", written(writer))
    found = {part.uri: part.text for part in document.parts}
    assert found == {
        "file:a.pdf!/plan.txt": "Beans and peas",
        "file:a.pdf!/a_b.txt": "Kale",
        "file:a.pdf!/Offer %232.txt": "Leeks",
    }
    assert document.note == "the attachment x.zzz was not read: .zzz files are not supported"


def test_a_running_header_is_kept_once(tmp_path: Path) -> None:
    pages = [f"Annual report\nOnly on {name}\nPage {n} of 4" for n, name in enumerate("abcd", 1)]
    document = read(tmp_path, "a.pdf", make_pdf(pages))
    assert document.text.count("Annual report") == 1
    assert document.text.count("Page ") == 1
    assert all(f"Only on {name}" in document.text for name in "abcd")
    same = read(tmp_path, "a.pdf", make_pdf(["Only this row"] * 4))
    assert same.text.count("Only this row") == 4


def draw(content: bytes) -> bytes:
    """One page with its own drawing instructions."""
    old = make_pdf(["@"])
    begin, end = old.index(b"stream\n") + 7, old.index(b"\nendstream")
    length = b"/Length %d" % (end - begin)
    return (old[:begin] + content + old[end:]).replace(length, b"/Length %d" % len(content))


def test_cells_are_told_apart(tmp_path: Path) -> None:
    content = b"""BT /F1 11 Tf 56 700 Td (Beds) Tj 200 0 Td (400) Tj 40 0 Td (23) Tj
    -240 -20 Td (1.) Tj 30 0 Td (An item) Tj ET"""
    assert read(tmp_path, "a.pdf", draw(content)).text == "Beds | 400 | 23\n1. An item"


def test_what_lies_outside_the_page_is_dropped(tmp_path: Path) -> None:
    content = b"BT /F1 11 Tf 56 700 Td (Seen) Tj 2000 0 Td (Unseen) Tj ET"
    assert read(tmp_path, "a.pdf", draw(content)).text == "Seen"


def test_a_word_parted_at_a_line_end_is_joined(tmp_path: Path) -> None:
    pages = ["We defi-\nned it for the state-of-\nthe-art garden."]
    assert read(tmp_path, "a.pdf", make_pdf(pages)).text == (
        "We defined it for the state-of-the-art garden."
    )


def test_any_truncation_is_survived(tmp_path: Path) -> None:
    writer = joined(make_pdf(["Hello there", "again"]))
    writer.add_outline_item(title="Start", page_number=0)
    writer.add_attachment("plan.txt", b"Beans and peas")
    data = written(writer)
    for length in range(5, len(data), 97):
        try:
            read(tmp_path, "a.pdf", data[:length])
        except ExtractError as error:
            assert error.code in ("broken", "no-text")
