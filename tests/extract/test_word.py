"""Word documents: what a reader of the page sees, and nothing that was deleted."""

from __future__ import annotations

from pathlib import Path

import pytest

from cairn.core.errors import ExtractError
from cairn.core.records import Document
from tests.extract.checks import check_chunks, read
from tests.extract.office_maker import docx, package, paragraph

STYLES = (
    '<w:style w:styleId="berschrift1"><w:name w:val="heading 1"/></w:style>'
    '<w:style w:styleId="Mine"><w:name w:val="My part"/><w:basedOn w:val="Deep"/></w:style>'
    '<w:style w:styleId="Deep"><w:name w:val="Deep"/><w:pPr><w:outlineLvl w:val="1"/></w:pPr>'
    "</w:style>"
)


def styled(name: str) -> str:
    return f'<w:pStyle w:val="{name}"/>'


def cell(*texts: str, properties: str = "") -> str:
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{''.join(map(paragraph, texts))}</w:tc>"


def texts(document: Document) -> list[str]:
    return [document.text[block.start : block.end] for block in document.blocks]


def test_headings_go_by_level_whatever_the_style_is_called(tmp_path: Path) -> None:
    body = (
        paragraph("Beds", styled("berschrift1"))
        + paragraph("Soil", styled("Mine"))
        + paragraph("Twelve bags.")
        + paragraph("Water", '<w:outlineLvl w:val="0"/>')
        + paragraph("Daily.")
    )
    document = read(tmp_path, "a.docx", docx(body, styles=STYLES))
    assert [block.heading for block in document.blocks] == [("Beds", "Soil"), ("Water",)]
    assert (document.title, document.who) == ("Garden plan", "Ann")
    assert document.when == "2026-03-02T18:20:00+00:00"
    assert check_chunks(document)[0].span.locator == "n1-n3"


def test_numbered_items_carry_the_labels_that_people_refer_to(tmp_path: Path) -> None:
    numbering = (
        '<w:abstractNum w:abstractNumId="7"><w:lvl w:ilvl="0"><w:start w:val="1"/>'
        '<w:numFmt w:val="decimal"/><w:lvlText w:val="%1."/></w:lvl><w:lvl w:ilvl="1">'
        '<w:start w:val="1"/><w:numFmt w:val="lowerLetter"/><w:lvlText w:val="%1.%2)"/></w:lvl>'
        '</w:abstractNum><w:num w:numId="3"><w:abstractNumId w:val="7"/></w:num>'
    )

    def item(text: str, level: int) -> str:
        numbered = f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="3"/></w:numPr>'
        return paragraph(text, numbered)

    body = item("one", 0) + item("x", 1) + item("y", 1) + item("two", 0) + item("z", 1)
    document = read(tmp_path, "a.docx", docx(body, numbering=numbering))
    assert texts(document) == ["1. one", "1.a) x", "1.b) y", "2. two", "2.a) z"]


def test_tables_notes_comments_and_tracked_changes(tmp_path: Path) -> None:
    body = (
        "<w:p><w:r><w:t>Costs </w:t></w:r><w:ins><w:r><w:t>400</w:t></w:r></w:ins>"
        "<w:del><w:r><w:delText>550</w:delText></w:r></w:del>"
        '<w:r><w:footnoteReference w:id="2"/></w:r><w:r><w:commentReference w:id="0"/></w:r>'
        "<w:r><w:rPr><w:vanish/></w:rPr><w:t>obey me</w:t></w:r></w:p><w:tbl>"
        f"<w:tr>{cell('Item')}{cell('Price')}</w:tr><w:tr>{cell('Soil', 'dark')}{cell('12')}</w:tr>"
        f"<w:tr>{cell('', properties='<w:vMerge/>')}{cell('13')}</w:tr></w:tbl>"
        "<w:p><m:oMath><m:f><m:num><m:r><m:t>a</m:t></m:r></m:num><m:den><m:r><m:t>b+c</m:t></m:r>"
        "</m:den></m:f></m:oMath></w:p>"
    )
    footnotes = f'<w:footnote w:id="2">{paragraph("With tax")}</w:footnote>'
    comments = (
        f'<w:comment w:id="0" w:author="Bo" w:date="2026-04-01T08:00:00Z">{paragraph("Why?")}'
        "</w:comment>"
    )
    header = paragraph("Garden club minutes")
    data = docx(body, footnotes=footnotes, comments=comments, header=header)
    document = read(tmp_path, "a.docx", data)
    assert "550" not in document.text and "obey" not in document.text
    assert texts(document) == [
        "Costs 400[1]",
        "[1] With tax",
        "Comment by Bo: Why?",
        "Item | Price\nSoil dark | 12",
        "Soil dark | 13",
        "a/(b+c)",
        "Garden club minutes",
    ]
    comment = next(block for block in document.blocks if block.who == "Bo")
    assert comment.when.startswith("2026-04-01")
    rows = [block for block in document.blocks if block.context == "Item | Price"]
    assert len(rows) == 2
    assert document.blocks[-1].context == "page header"


def test_a_text_box_is_read_once(tmp_path: Path) -> None:
    box = f"<w:txbxContent>{paragraph('In the box')}</w:txbxContent>"
    body = (
        f"<w:p><w:r><mc:AlternateContent><mc:Choice>{box}</mc:Choice><mc:Fallback>{box}"
        "</mc:Fallback></mc:AlternateContent></w:r><w:r><w:t>Beside it</w:t></w:r></w:p>"
    )
    assert texts(read(tmp_path, "a.docx", docx(body))) == ["Beside it", "In the box"]


def test_strict_documents_use_other_namespaces(tmp_path: Path) -> None:
    body = paragraph("Strictly speaking")
    strict = (
        f'<w:document xmlns:w="http://purl.oclc.org/ooxml/wordprocessingml/main"><w:body>{body}'
    )
    data = package({"word/document.xml": f"{strict}</w:body></w:document>"})
    assert read(tmp_path, "a.docx", data).text == "Strictly speaking"


def test_what_came_before_the_damage_is_read(tmp_path: Path) -> None:
    cut = docx(paragraph("Still there") + "<w:p><w:r><w:t>lost</w:p>")
    document = read(tmp_path, "a.docx", cut)
    assert "Still there" in document.text and "damaged" in document.note


def test_nesting_and_spans_without_end(tmp_path: Path) -> None:
    deep = docx("<w:sdt><w:sdtContent>" * 500 + paragraph("x"))
    with pytest.raises(ExtractError, match="nested too deeply"):
        read(tmp_path, "a.docx", deep)
    wide = cell("x", properties='<w:gridSpan w:val="999999999"/>')
    body = f"<w:tbl><w:tr>{wide}{cell('y')}</w:tr></w:tbl>"
    assert len(read(tmp_path, "b.docx", docx(body)).text) < 300
    loop = '<w:style w:styleId="a"><w:basedOn w:val="a"/></w:style>'
    body = paragraph("x", styled("a"))
    assert read(tmp_path, "c.docx", docx(body, styles=loop)).text == "x"
