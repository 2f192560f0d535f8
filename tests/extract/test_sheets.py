"""Workbooks: rows as people see them, each under the header of its own table."""

from __future__ import annotations

from pathlib import Path

import pytest

from cairn.core.errors import ExtractError
from cairn.core.extract.office import sheets
from cairn.core.records import SHEET
from tests.extract.checks import check_chunks, read
from tests.extract.office_maker import ODF_NAMES, X, links, odf, row, xlsx


def test_values_look_as_they_do_in_the_program(tmp_path: Path) -> None:
    data = row(1, "day", "paid", "share", "left") + row(
        2, 46083, 48.5, 0.125, 0.1 + 0.2, styles="1320"
    )
    document = read(tmp_path, "a.xlsx", xlsx(data))
    assert document.text == "A\n\nday | paid | share | left\n2026-03-02 | 48.50 € | 12.50% | 0.3"
    block = document.blocks[0]
    assert block.when == "2026-03-02" and block.context == "day | paid | share | left"
    assert document.kind == "table" and block.heading == ("A",)


def test_each_table_of_a_sheet_has_its_own_header(tmp_path: Path) -> None:
    data = (
        row(1, "Garden 2026")
        + row(3, "item", "qty")
        + row(4, "soil", 12)
        + row(6, "pots", 3)
        + row(8, "name", "phone", "since")
        + row(9, "Ann", 555, 1999)
    )
    document = read(tmp_path, "a.xlsx", xlsx(data, row(2, "x", "y") + row(3, 1, 2)))
    contexts = [(block.heading, block.context) for block in document.blocks]
    assert contexts == [
        (("A", "Garden 2026"), "item | qty"),
        (("A", "Garden 2026"), "item | qty"),
        (("A", "Garden 2026"), "name | phone | since"),
        (("B",), "x | y"),
    ]
    spans = [chunk.span for chunk in check_chunks(document)]
    assert spans[-1].last == 2 * SHEET + 3 and spans[-1].locator.endswith("sheet2!3")
    assert document.places[-1].number == 2 * SHEET + 3


def test_title_rows_grouped_headers_and_years(tmp_path: Path) -> None:
    grouped = (
        row(1, "Costs")
        + row(2, "", "Spring", None, "Autumn")
        + row(3, "item", "plan", "paid", "plan", "paid")
        + row(4, "soil", 1, 2, 3, 4)
    )
    document = read(tmp_path, "a.xlsx", xlsx(grouped, row(1, "land", 2023, 2024) + row(2, "x", 1)))
    assert document.blocks[0].context == (
        "Costs / | Spring | | Autumn / item | plan | paid | plan | paid"
    )
    assert document.blocks[1].context == "land | 2023 | 2024"


def test_comments_stand_with_their_row(tmp_path: Path) -> None:
    comments = (
        f'<comments xmlns="{X}"><authors><author>Bo</author></authors><commentList>'
        '<comment ref="B2" authorId="0"><text><t>Too many</t></text></comment></commentList>'
        "</comments>"
    )
    parts = {
        "xl/worksheets/_rels/s1.xml.rels": links(rId1="comments=../comments1.xml"),
        "xl/comments1.xml": comments,
    }
    data = xlsx(row(1, "item", "qty") + row(2, "soil", 12), **parts)
    assert read(tmp_path, "a.xlsx", data).text.endswith("soil | 12 [Comment by Bo: Too many]")


def test_a_sheet_spread_too_far_is_named_not_read(tmp_path: Path) -> None:
    far = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    document = read(tmp_path, "a.xlsx", xlsx(row(1, "here") + far, row(1, "kept")))
    assert document.text == "B\n\nkept" and "spread too far" in document.note
    with pytest.raises(ExtractError, match="spread too far"):
        read(tmp_path, "b.xlsx", xlsx(row(1, "here") + far))


def test_stray_formats_do_not_spread_a_sheet(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sheets, "_MOST_CELLS", 100)
    stray = '<row r="1048576"><c r="XFD1048576" s="1"/></row>'
    assert "here" in read(tmp_path, "a.xlsx", xlsx(row(1, "here") + stray)).text


def test_lists_and_pages_that_are_called_workbooks(tmp_path: Path) -> None:
    document = read(tmp_path, "a.xls", "item\tqty\nsoil\t12\n")
    assert document.blocks[0].context == "item qty" and document.kind == "table"
    assert read(tmp_path, "b.xls", "<html><table><tr><td>x</td></tr></table>").text == "x"


def test_an_open_document_sheet(tmp_path: Path) -> None:
    def line(*cells: str) -> str:
        inside = "".join(
            f'<table:table-cell office:value-type="string"><text:p>{cell}</text:p>'
            "</table:table-cell>"
            for cell in cells
        )
        return f"<table:table-row>{inside}</table:table-row>"

    rows = line("item", "place") + line("soil", "shed")
    body = (
        f'<office:body><office:spreadsheet><table:table table:name="Stock">{rows}</table:table>'
        "</office:spreadsheet></office:body>"
    )
    meta = (
        f"<office:document-meta {ODF_NAMES}><office:meta><dc:title>Stock list</dc:title>"
        "</office:meta></office:document-meta>"
    )
    document = read(tmp_path, "a.ods", odf("spreadsheet", body, meta=meta))
    assert document.text == "Stock\n\nitem | place\nsoil | shed"
    assert document.title == "Stock list"
